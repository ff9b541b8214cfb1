"""The workbook of a campaign: counts, rules, and figures as formulas that keep what the calculator found."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from flask_babel import gettext as _

import nok
from documents.drawing import made
from documents.exports import figures_of
from documents.presentation import CAPTIONS, called
from documents.workbook import counts, formulas
from documents.workbook.checking import checking, municipalities
from documents.workbook.counts import NO, YES
from documents.workbook.formulas import Row
from documents.workbook.places import (
    COUNTS,
    CRITERIA,
    FIRST,
    INDICATORS,
    MEANS,
    NONE,
    RATING,
    SEEN,
    Columns,
    column,
    count,
    counts_column,
)
from documents.workbook.rules import Rules
from documents.workbook.sheets import Formula, Paper
from surveys.results import CampaignResults, Standing

DASH = "—"
WIDE, NARROW = 44, 9.5


def campaign_xlsx(results: CampaignResults, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The whole workbook: time and memory linear in organisations, the latter small."""
    book = _Book(results)
    for at, standing in enumerate(results.standings):
        book.organization(FIRST + at, standing)
        if progress and not at % 100:
            progress(at, len(results.standings))
    return book.done()


class _Book:
    def __init__(self, results: CampaignResults) -> None:
        self.results, facts = results, results.facts
        self.standings = results.standings
        self.edition = facts.norm
        self.practice, self.size = facts.practice, len(self.standings)
        self.columns = Columns(self.edition)
        self.shared = formulas.Sheet(self.edition, self.practice, facts.sector, self.columns)
        self.criteria = [*self.edition.criteria, "total"]
        self.paper = Paper(
            {
                "title": facts.title,
                "subject": str(_("Независимая оценка качества условий оказания услуг")),
                "author": facts.operator,
                "created": made().replace(tzinfo=None),
            },
            self.practice.places,
        )
        self.seen = self.paper.sheet(
            SEEN, (12, WIDE, 13, 22, 14, 10, 11, 9, 9, *[NARROW] * (len(COUNTS) - 9))
        )
        others = dict.fromkeys(s.sector for s in self.standings if s.sector != facts.sector)
        Rules(self.paper, self.edition, self.practice, facts.sector).write(others)
        fifteen = len(self.edition.indicators)
        self.figures = self.paper.sheet(INDICATORS, (12, WIDE, *[NARROW] * fifteen, 9, *[11] * fifteen))
        self.sums = self.paper.sheet(CRITERIA, (12, WIDE, *[17] * 6, *[12] * 6))
        self.rating = self.paper.sheet(RATING, (8, 12, WIDE, 22, *[9] * 6, 9, 9, 13, 11, 9, 12, 12, 11))
        self.firsts: set[str] = set()
        self._heads()
        self._means()

    def _heads(self) -> None:
        numbers, exact = list(self.edition.indicators), _("Точно: с этими числами считаются критерии")
        self.seen.entitle(
            _("Исходные: всё, что вошло в расчёт"), self.about, counts.groups(), counts.heads(), 2
        )
        captions = [f"{key} {CAPTIONS.get(key, '')}" for key in numbers]
        own = [_("Код"), _("Организация")]
        self.figures.entitle(
            _("Показатели: формулы по листам «Исходные» и «Правила»"),
            self.about,
            {2: _("Как в документе"), 2 + len(numbers): exact},
            [*own, *captions, _("Считается"), *numbers],
            2,
        )
        captions = [f"{key} {CAPTIONS.get(key, '')}" for key in self.edition.criteria]
        self.sums.entitle(
            _("Критерии и итог: формулы по листу «Показатели»"),
            self.about,
            {2: _("Как в документе"), 2 + len(self.criteria): _("Точно")},
            [*own, *captions, _("Итог"), *self.edition.criteria, _("Итог")],
            2,
        )
        self.rating.entitle(
            _("Рейтинг: формулы по листу «Критерии»"),
            self.about,
            {13: _("Для мест"), 15: _("Посчитано программой")},
            [
                *(_("Место"), _("Код"), _("Организация"), _("Муниципалитет"), *self.edition.criteria),
                *(_("Итог"), _("Анкет"), _("Норма анкет"), _("Выборка")),
                *(_("Итог, если проверена"), _("Такой итог впервые"), _("Итог"), _("Место"), _("Сходится?")),
            ],
            3,
        )

    @property
    def about(self) -> str:
        facts = self.results.facts
        state = "" if facts.stage == "published" else _("Предварительные результаты: не утверждены советом. ")
        demo = _("Демонстрационные данные. ") if facts.demo else ""
        return f"{demo}{state}{facts.title} · {facts.region} · {facts.year}"

    def _means(self) -> None:
        """The row above all others: plain means of what is known of those inspected."""
        for sheet, exact, printed, look in (
            (self.figures, self.columns.exact, self.columns.printed, self.paper.figure),
            (self.sums, self.columns.criteria_exact, self.columns.criteria_printed, self.paper.strong),
        ):
            sheet.row(MEANS, ("", _("Среднее"), *[""] * len(printed)), self.paper.text)
            for key, at in printed.items():
                found = self.results.means.get(key)
                cell = f"{exact[key]}{MEANS + 1}"
                self._figure(sheet, MEANS, at, formulas.printed(cell), found, look)
            for key, at in exact.items():
                found = self.results.means.get(key)
                told = formulas.mean(column(at, self.size), counts_column("inspected", self.size), YES)
                self._exact(sheet, MEANS, at, told, found)
        self.rating.row(MEANS, ("", "", _("Среднее"), ""), self.paper.text)
        for place, key in enumerate(self.criteria):
            told = f"={CRITERIA}!{self.columns.criteria_printed[key]}{MEANS + 1}"
            self._figure(self.rating, MEANS, 4 + place, told, self.results.means.get(key), self.paper.strong)
        responses = Formula(f"=SUM({counts_column('respondents', self.size)})")
        self.rating.put(MEANS, 10, responses, self.paper.number, sum(s.responses for s in self.standings))

    def organization(self, row: int, standing: Standing) -> None:
        """One organisation in every sheet."""
        told = Row(self.shared, row, standing.sector, standing.kind)
        figures = figures_of(standing.result)
        self._counts(row, standing)
        self.figures.row(row, (standing.code, called(standing)), self.paper.text)
        for key, at in self.columns.printed.items():
            cell = f"{self.columns.exact[key]}{row + 1}"
            self._figure(self.figures, row, at, formulas.printed(cell), figures[key], self.paper.figure)
        refused = any(warning.rule == "refused" for warning in standing.result.warnings)
        self.figures.put(
            row,
            _number(self.columns.counted),
            YES if told.counted is None else Formula(told.counted),
            self.paper.text,
            NO if refused else YES,
        )
        for key, at in self.columns.exact.items():
            self._exact(self.figures, row, at, told.indicator(key), figures[key])
        self._criteria(row, standing, told, figures)
        self._place(row, standing, figures)

    def _counts(self, row: int, standing: Standing) -> None:
        told = counts.counted(standing)
        for at, key in enumerate(COUNTS):
            value = told[key]
            look = self.paper.text if isinstance(value, str) else self.paper.number
            if isinstance(value, Fraction):
                whole = value.denominator == 1
                given: object = (
                    value.numerator if whole else Formula(f"={value.numerator}/{value.denominator}")
                )
                self.seen.put(row, at, given, look, float(value))
            else:
                self.seen.put(row, at, value, look)

    def _criteria(
        self, row: int, standing: Standing, told: Row, figures: Mapping[str, nok.Figure | None]
    ) -> None:
        self.sums.row(row, (standing.code, called(standing)), self.paper.text)
        for key, at in self.columns.criteria_printed.items():
            cell = f"{self.columns.criteria_exact[key]}{row + 1}"
            look = self.paper.strong if key == "total" else self.paper.figure
            self._figure(self.sums, row, at, formulas.printed(cell), figures[key], look)
        for key, at in self.columns.criteria_exact.items():
            formula = told.total() if key == "total" else told.criterion(key)
            self._exact(self.sums, row, at, formula, figures[key])

    def _place(self, row: int, standing: Standing, figures: Mapping[str, nok.Figure | None]) -> None:
        line, total = row + 1, figures["total"]
        put, text = self.rating.put, self.paper.text
        rated, firsts = column("N", self.size), column("O", self.size)
        place = formulas.place(f"N{line}", _fixed(rated), _fixed(firsts), self.practice.ties)
        put(row, 0, Formula(place), text, standing.place or DASH)
        self.rating.row(row, (standing.code, called(standing), counts.municipality(standing)), text, 1)
        for at, key in enumerate(self.criteria):
            look = self.paper.strong if key == "total" else self.paper.figure
            told = f"={CRITERIA}!{self.columns.criteria_printed[key]}{line}"
            self._figure(self.rating, row, 4 + at, told, figures[key], look)
        put(row, 10, Formula(f"={count('respondents', row)}"), self.paper.number, standing.responses)
        target = count("target", row)
        put(
            row, 11, Formula(f'=IF(ISNUMBER({target}),{target},"")'), self.paper.number, standing.target or ""
        )
        few = standing.target is not None and standing.responses < standing.target
        told = f'=IF(ISNUMBER(L{line}),IF(K{line}<L{line},"{_("мало анкет")}",""),"")'
        put(row, 12, Formula(told), text, _("мало анкет") if few else "")
        taking_part = total if standing.inspected else None
        told = f'=IF({count("inspected", row)}="{YES}",J{line},"{NONE}")'
        self._figure(self.rating, row, 13, told, taking_part, self.paper.figure)
        first = taking_part is not None and taking_part.printed not in self.firsts
        self.firsts.update([taking_part.printed] if taking_part else [])
        told = f"=IF(ISNUMBER(N{line}),IF(COUNTIF(N${FIRST + 1}:N{line},N{line})=1,1,0),0)"
        put(row, 14, Formula(told), self.paper.number, int(first))
        put(row, 15, float(total.printed) if total else NONE, self.paper.figure)
        put(row, 16, standing.place or DASH, text)
        put(row, 17, Formula(f'=IF(AND(J{line}=P{line},A{line}=Q{line}),"{YES}","НЕТ")'), text, YES)

    def _figure(
        self, sheet: Any, row: int, at: str | int, formula: str, found: nok.Figure | None, look: Any
    ) -> None:
        sheet.put(row, _number(at), Formula(formula), look, float(found.printed) if found else NONE)

    def _exact(self, sheet: Any, row: int, at: str, formula: str, found: nok.Figure | None) -> None:
        sheet.put(row, _number(at), Formula(formula), self.paper.exact, found.value if found else NONE)

    def done(self) -> bytes:
        """The file, with its last sheet."""
        municipalities(self.paper, self.results, self.columns)
        checking(self.paper, self.results)
        self.paper.book.get_worksheet_by_name(RATING).activate()
        return self.paper.done()


@cache
def _number(at: str | int) -> int:
    """A → 0, AA → 26; a number stays."""
    if isinstance(at, int):
        return at
    number = 0
    for letter in at:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _fixed(cells: str) -> str:
    """A column that stays where it is when a formula is copied."""
    return ":".join(f"${end}" for end in cells.split(":"))
