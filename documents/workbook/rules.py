"""«Правила»: the edition's numbers as cells with names, which every formula of the workbook goes back to."""

from collections.abc import Iterable
from fractions import Fraction

from flask_babel import gettext as _
from xlsxwriter.format import Format

import nok
from documents.workbook.places import PLACES, RULES, cap, points, weight
from documents.workbook.sheets import Formula, Paper, Sheet
from surveys.display import sector as sector_title

WIDTHS = (12, 58, 12, 16, 12, 46)


class Rules:
    """The sheet under way: a line after a line."""

    def __init__(self, paper: Paper, edition: nok.Edition, practice: nok.Practice, sector: str) -> None:
        self.paper, self.edition, self.practice, self.sector = paper, edition, practice, sector
        self.sheet: Sheet = paper.sheet(RULES, WIDTHS)
        self.at = 0

    def write(self, others: Iterable[str]) -> None:
        """All of it; `others`: spheres in the campaign that are not its own."""
        self._line(_("Правила расчёта"), look=self.paper.title)
        self._line(f"{self.edition.title}. {self.edition.act}.")
        self._line(_("Жёлтые ячейки — числа порядка. Измените любую — пересчитаются все листы."))
        self.at += 1
        self._indicators()
        for sector in others:
            self._weights(sector)
        self._rounding()
        self._waiting()
        self._practice()

    def _line(self, *texts: str, look: Format | None = None) -> None:
        for column, text in enumerate(texts):
            self.sheet.put(self.at, column, text, look)
        self.at += 1

    def _named(self, column: int, value: float | None, name: str) -> None:
        """A number of the rules in the line that is being written; «—» where there is none."""
        if value is None:
            self.sheet.put(self.at, column, "—", self.paper.text)
            return
        self.sheet.put(self.at, column, value, self.paper.given)
        self.paper.book.define_name(name, f"={RULES}!${'ABCDEF'[column]}${self.at + 1}")

    def _indicators(self) -> None:
        heads = (
            _("Показатель"),
            _("Что это"),
            _("Вес в критерии"),
            _("Баллов за один пункт"),
            _("Не больше"),
            _("Формула порядка"),
        )
        self.sheet.row(self.at, heads, self.paper.head)
        self.at += 1
        weights = self.edition.weights(self.sector)
        for number, rule in self.edition.indicators.items():
            items = rule.measure == "items"
            self.sheet.put(self.at, 0, number, self.paper.text)
            self.sheet.put(self.at, 1, rule.title, self.paper.lines)
            self._named(2, _float(weights.get(number)), weight(number))
            self._named(3, float(rule.points_per_item) if items else None, points(number))
            self._named(4, float(rule.at_most) if items else None, cap(number))
            self.sheet.put(self.at, 5, self._formula(number), self.paper.lines)
            self.at += 1
        self._line(_("Критерий — сумма показателей, умноженных на вес; итог — среднее пяти критериев."))
        self.at += 1

    def _formula(self, number: str) -> str:
        taken = self.edition.sphere(self.sector).taken_as.get(number)
        if taken is None:
            return self.edition.indicators[number].formula
        return str(_("в этой сфере — среднее %(which)s", which=_(" и ").join(taken)))

    def _weights(self, sector: str) -> None:
        self._line(_("Веса в сфере «%(name)s»", name=sector_title(sector)))
        for number, value in self.edition.weights(sector).items():
            self.sheet.put(self.at, 0, number, self.paper.text)
            self.sheet.put(self.at, 1, self.edition.indicators[number].title, self.paper.text)
            self._named(2, _float(value), weight(number, sector))
            self.at += 1
        self.at += 1

    def _rounding(self) -> None:
        self.sheet.put(self.at, 1, _("Знаков после запятой"), self.paper.text)
        self._named(2, self.practice.places, PLACES)
        self.at += 2

    def _waiting(self) -> None:
        """The scale of Сожид, and a place to try it: the counts hold ready points."""
        scale = self.edition.waiting
        self._line(
            _("Шкала Сожид"), _("В «Исходных» баллы Сожид готовые: их поставил оператор по этой шкале.")
        )
        cells = {}
        lines = [
            ("exceeds", _("ожидание дольше срока"), scale.exceeds),
            ("under", _("короче срока меньше чем на единицу"), scale.under_one_step),
            ("equals", _("равно сроку"), scale.equals),
            *(
                (f"{by}", _("короче срока: на сколько (дней, часов) — %(by)s", by=by), p)
                for by, p in scale.bands
            ),
            ("half", _("короче срока вдвое и больше"), scale.half_or_less),
        ]
        for key, words, value in lines:
            self.sheet.put(self.at, 1, words, self.paper.text)
            self.sheet.put(self.at, 2, float(value), self.paper.given)
            cells[key] = f"C{self.at + 1}"
            self.at += 1
        term, wait = f"C{self.at + 1}", f"C{self.at + 2}"
        for words, time in ((_("Попробуйте: срок"), 14), (_("среднее ожидание"), 12)):
            self.sheet.put(self.at, 1, words, self.paper.text)
            self.sheet.put(self.at, 2, time, self.paper.given)
            self.at += 1
        told = cells["under"]
        for by, _value in scale.bands:
            told = f"IF({term}-{wait}>={by},{cells[str(by)]},{told})"
        told = f"IF({wait}={term},{cells['equals']},{told})"
        told = f"=IF({wait}>{term},{cells['exceeds']},IF(2*{wait}<={term},{cells['half']},{told}))"
        found = nok.waiting_points(12, 14, scale.units[0], self.edition)
        self.sheet.put(self.at, 1, _("баллы Сожид"), self.paper.text)
        self.sheet.put(self.at, 2, Formula(told), self.paper.number, float(found))
        self.at += 2

    def _practice(self) -> None:
        self._line(_("Где порядок молчит, принято так (это записано в самих формулах):"))
        for sentence in self.practice.sentences():
            self._line("", sentence)
        unverified = dict.fromkeys(self.edition.sphere(self.sector).unverified)
        if unverified:
            self.at += 1
            self._line(_("Не сверено с официальным текстом:"))
        for sentence in unverified:
            self._line("", sentence)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
