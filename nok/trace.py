"""Trace: у каждого числа — символ, место в порядке, формула, она же с числами, округление, решение."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from nok.figure import Figure, comma, printed
from nok.indicators import TWO_SIDED, Gap, measured, sides
from nok.observations import Observations
from nok.practice import Practice
from nok.rules import Criterion, Edition, Indicator, Kind, Sphere
from nok.scores import STAGES, criterion, mean, of_siblings
from nok.sphere import SECTOR_TITLES

CLOSEST = 6  # digits after the comma for a number that has no end
ONLY = {"stand": "стенду", "site": "сайту"}


class Words(NamedTuple):
    """What a figure is called and how the Order writes it."""

    symbol: str
    title: str
    paragraph: str
    formula: str


class Step(NamedTuple):
    """One figure explained; `exact` and `printed` are None when it is undefined."""

    at: str
    symbol: str
    title: str
    paragraph: str
    formula: str
    substituted: str
    exact: str | None
    printed: str | None
    note: str


def number(value: Fraction) -> str:
    """A number for reading: exact when it ends («82,5»), else to six digits after the comma («88,544892»)."""
    return comma(printed(value, CLOSEST).rstrip("0").rstrip("."))


@dataclass(frozen=True, slots=True)
class Trace:
    """What a result was made from; `figures` holds every indicator, criterion and `total`."""

    seen: Observations
    edition: Edition
    practice: Practice
    kind: Kind | None
    figures: Mapping[str, Figure | None]

    def steps(self) -> tuple[Step, ...]:
        """Indicators in the Order's order, then criteria, then the total."""
        own = self.kind.measured if self.kind else tuple(self.edition.criteria)
        criteria = self.edition.criteria.values()
        return (
            *(self._indicator(rule) for rule in self.edition.indicators.values()),
            *(self._weighted(one) if one.id in own else self._by_kind(one, own) for one in criteria),
            self._total(),
        )

    @property
    def _sphere(self) -> Sphere:
        return self.edition.sphere(self.seen.sector)

    def _step(self, at: str, words: Words, substituted: str, *notes: str) -> Step:
        figure = self.figures[at]
        exact, shown = (figure.ratio, figure.printed) if figure else (None, None)
        return Step(at, *words, substituted, exact, shown, " ".join(note for note in notes if note))

    def _rounding(self, at: str, stage: str, before: Fraction | None) -> str:
        """What happened to the value on its way to paper."""
        figure = self.figures[at]
        if figure is None or before is None:
            return ""
        if stage in STAGES[self.practice.rounding]:
            shown = comma(figure.printed)
            return f"Округлено на этом шаге (rounding={self.practice.rounding}): {number(before)} → {shown}."
        if stage == "total" or Fraction(figure.printed) == before:
            return ""
        return f"Печатается {comma(figure.printed)}, дальше идет точное значение."

    def _indicator(self, rule: Indicator) -> Step:
        words = Words(rule.symbol, rule.title, rule.paragraph, rule.formula)
        if rule.number in self._sphere.taken_as:
            return self._taken(rule, words)
        value = measured(rule, self.seen, self.practice)
        if isinstance(value, Gap):
            missing = self._silent(rule) or f"Показатель не определен (undefined={self.practice.undefined})."
            return self._step(rule.number, words, value.reason, missing)
        notes = self._one_side(rule), self._silent(rule), self._rounding(rule.number, "indicators", value)
        return self._step(rule.number, words, _counts(rule, self.seen), *notes)

    def _taken(self, rule: Indicator, words: Words) -> Step:
        """2.2 of culture and education: it stands in the table, and has no weight of its own."""
        siblings = self._sphere.taken_as[rule.number]
        sphere = SECTOR_TITLES[self.seen.sector].lower()
        note = (
            f"В сфере «{sphere}» показатель {rule.number} не измеряется: он равен среднему {_and(siblings)}."
        )
        words = words._replace(formula=self._plain_mean(self._symbols(siblings)))
        return self._step(rule.number, words, *self._mean_of(rule.number, "indicators", siblings, note))

    def _by_kind(self, one: Criterion, measured: tuple[str, ...]) -> Step:
        """A theatre's K2, K4 and K5."""
        note = f"{self.kind.title if self.kind else ''}: измеряются только {_and(measured)}"
        words = Words(one.id, one.title, _section(one), self._plain_mean(measured))
        parts = self._mean_of(one.id, "criteria", measured, f"{note} (performing_arts=k1_k3_only).")
        return self._step(one.id, words, *parts)

    def _total(self) -> Step:
        criteria = tuple(self.edition.criteria)
        words = Words("Sn", "Итоговая оценка организации", "344н, итог", self._plain_mean(criteria))
        return self._step("total", words, *self._mean_of("total", "total", criteria))

    def _mean_of(self, at: str, stage: str, parts: tuple[str, ...], *notes: str) -> tuple[str, ...]:
        """A plain mean with numbers in it, and its notes."""
        values = [figure.exact if (figure := self.figures[part]) else None for part in parts]
        if None in values:
            lost = [part for part, value in zip(parts, values, strict=True) if value is None]
            return f"не определено: {', '.join(lost)}", *notes
        sums = self._plain_mean(number(value) for value in values if value is not None)
        return sums, *notes, self._rounding(at, stage, mean(values))

    def _weighted(self, one: Criterion) -> Step:
        weights = {n: self._sphere.weights[n] for n, _ in self._sphere.proportions[one.id]}
        symbols = self._symbols(weights)
        formula = _sum(weights.values(), symbols)
        points = {n: figure.exact if (figure := self.figures[n]) else None for n in weights}
        lost = tuple(n for n, value in points.items() if value is None)
        before = criterion(points, self._sphere.proportions[one.id], self.practice)
        notes = self._handed(one), self._lost(lost, before), self._rounding(one.id, "criteria", before)
        words = Words(one.id, one.title, _section(one), formula)
        return self._step(one.id, words, self._substituted(weights, points, lost), *notes)

    def _substituted(
        self, weights: Mapping[str, Fraction], points: Mapping[str, Fraction | None], lost: tuple[str, ...]
    ) -> str:
        known = {n: value for n, value in points.items() if value is not None}
        if not known:
            return "не определен ни один показатель"
        sums = _sum((weights[n] for n in known), map(number, known.values()))
        if not lost:
            return sums
        if self.practice.undefined == "mean_of_siblings":
            instead = number(of_siblings(known.values(), self.practice))
            return f"{sums} + {number(_whole(weights, lost))}·{instead}"
        return f"({sums})/{number(_whole(weights, known))}"

    def _handed(self, one: Criterion) -> str:
        """Why culture's K2 weighs its two indicators by a half."""
        return " ".join(
            f"Показателя {taken} в этой сфере нет, его вес поровну перешел к {_and(siblings)}."
            for taken, siblings in self._sphere.taken_as.items()
            if self.edition.indicators[taken].criterion == one.id
        )

    def _lost(self, lost: tuple[str, ...], before: Fraction | None) -> str:
        if not lost or before is None:
            return ""
        if self.practice.undefined == "mean_of_siblings":
            return f"Вместо {_and(lost)} взято среднее остальных показателей (undefined=mean_of_siblings)."
        return (
            f"Без {_and(lost)}: веса остальных показателей увеличены пропорционально (undefined=renormalise)."
        )

    def _one_side(self, rule: Indicator) -> str:
        if rule.measure not in TWO_SIDED or len(found := sides(rule, self.seen)) == 2:
            return ""
        return (
            f"Данные есть только по {ONLY[found[0].name]}, по нему и счет (one_sided_openness=use_the_other)."
        )

    def _silent(self, rule: Indicator) -> str:
        """An indicator that has no say in a theatre's total."""
        counts = self.kind is None or rule.criterion in self.kind.measured
        return "" if counts else "В итог не идет (performing_arts=k1_k3_only)."

    def _symbols(self, numbers: Iterable[str]) -> list[str]:
        return [self.edition.indicators[n].symbol for n in numbers]

    @staticmethod
    def _plain_mean(parts: Iterable[str]) -> str:
        listed = list(parts)
        return f"({' + '.join(listed)})/{len(listed)}"


def _whole(weights: Mapping[str, Fraction], numbers: Iterable[str]) -> Fraction:
    return sum((weights[n] for n in numbers), Fraction(0))


def _section(one: Criterion) -> str:
    return f"344н, раздел {one.id[1:]}"


def _and(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} и {last}" if most else last


def _sum(weights: Iterable[Fraction], parts: Iterable[str]) -> str:
    return " + ".join(f"{number(weight)}·{part}" for weight, part in zip(weights, parts, strict=True))


def _counts(rule: Indicator, seen: Observations) -> str:
    """The formula with the counts in it; every figure of it is exact."""
    if rule.measure in TWO_SIDED:
        return _two_sides(rule, seen)
    if rule.measure == "items":
        units = [_unit(rule, count) for count in seen.checklist[rule.block]]
        return units[0] if len(units) == 1 else Trace._plain_mean(units)
    share = seen.answers[rule.answers[0]]
    part = f"{share.satisfied}/{share.answered}·100"
    if rule.measure == "share" or seen.waiting_points is None:
        return part
    return f"({_exactly(seen.waiting_points)} + {part})/2"


def _two_sides(rule: Indicator, seen: Observations) -> str:
    found = sides(rule, seen)
    if len(found) == 1:
        return f"{found[0].have}/{found[0].of}·100"
    if rule.denominator == "common":
        return f"({found[0].have} + {found[1].have})/(2·{found[0].of})·100"
    return f"½·({found[0].have}/{found[0].of} + {found[1].have}/{found[1].of})·100"


def _unit(rule: Indicator, count: int) -> str:
    return f"min({number(rule.points_per_item)}·{count}; {number(rule.at_most)})"


def _exactly(value: Fraction) -> str:
    return number(value) if value.denominator == 1 else str(value)
