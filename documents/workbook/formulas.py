"""Every figure of an organisation as a formula on its counts and on the cells of the rules.

What the practice decides where the Order is silent is written into the formulas; numbers are cells of «Правила».
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import nok
from documents.workbook.places import (
    DIGITS,
    INDICATORS,
    NO,
    NONE,
    PLACES,
    SIDES,
    YES,
    Columns,
    cap,
    count,
    points,
    weight,
)
from nok.indicators import TWO_SIDED
from nok.rules import Indicator, Kind
from nok.scores import STAGES

NOTHING = f'"{NONE}"'


def rounded(value: str) -> str:
    """Half up to as many digits as the rules say; first freed of what a computer's number is off by."""
    return f"ROUND(ROUND({value},{DIGITS}),{PLACES})"


def known(value: str, condition: str) -> str:
    """The value where the condition holds, else «н/д»."""
    return f"IF({condition},{value},{NOTHING})"


class Sheet(NamedTuple):
    """What formulas of one workbook share. `sector` is the campaign's: weights of another sphere have other names."""

    edition: nok.Edition
    practice: nok.Practice
    sector: str
    columns: Columns


class Row:
    """The formulas of one organisation, which stands in the same row (from nothing) of every sheet."""

    def __init__(self, sheet: Sheet, at: int, sector: str, kind: str | None) -> None:
        self.edition, self.practice, self.columns = sheet.edition, sheet.practice, sheet.columns
        self.at, self.row = at, at + 1
        self.sphere = sheet.edition.sphere(sector)
        self.foreign = "" if sector == sheet.sector else sector
        self.refused = False
        self.kind: Kind | None = None
        if kind is not None:
            self._judge(kind, sector)
        self.counted = self._counted()

    def _judge(self, kind: str, sector: str) -> None:
        try:
            found = self.edition.kind(kind, sector)
        except nok.Refused:
            self.refused = True  # the calculator refuses such a pair altogether
            return
        self.kind = found if self.practice.performing_arts == "k1_k3_only" else None

    def _counted(self) -> str | None:
        """Whether the organisation is calculated at all: a formula, or None: always."""
        if self.refused:
            return f'="{NO}"'
        reasons = [*self._refusals()]
        return f'=IF(OR({",".join(reasons)}),"{NO}","{YES}")' if reasons else None

    def _refusals(self) -> Iterator[str]:
        own = self.kind.measured if self.kind else tuple(self.edition.criteria)
        for number, rule in self.edition.indicators.items():
            if number in self.sphere.taken_as:
                continue
            if rule.measure in TWO_SIDED:
                yield from self._one_sided(rule)
            if self.practice.undefined == "refuse" and rule.criterion in own:
                yield f"NOT({self._defined(rule)})"

    def _one_sided(self, rule: Indicator) -> Iterator[str]:
        (have, of), (also, whole) = self._sides(rule)
        common = self._common(rule)
        if common:
            yield f"AND({common}>0,{of}>0,{have}>{common})"
            yield f"AND({common}>0,{whole}>0,{also}>{common})"
        if self.practice.one_sided_openness == "refuse":
            both = f"({of}>0)<>({whole}>0)"
            yield f"AND({common}>0,{both})" if common else both

    def indicator(self, number: str) -> str:
        """An indicator at full precision, or rounded where the practice rounds at this stage."""
        siblings = self.sphere.taken_as.get(number)
        if siblings:
            cells = [f"{self.columns.exact[one]}{self.row}" for one in siblings]
            condition, value = f"COUNT({','.join(cells)})={len(cells)}", f"({'+'.join(cells)})/{len(cells)}"
        else:
            rule = self.edition.indicators[number]
            condition, value = self._defined(rule), self._value(rule)
        told = known(self._staged(value, "indicators"), condition)
        if self.counted is not None:
            told = f'IF(${self.columns.counted}{self.row}="{YES}",{told},{NOTHING})'
        return f"={told}"

    def _defined(self, rule: Indicator) -> str:
        if rule.measure in TWO_SIDED:
            (_, of), (_, whole) = self._sides(rule)
            common = self._common(rule)
            either = f"OR({of}>0,{whole}>0)"
            return f"AND({common}>0,{either})" if common else either
        if rule.measure == "items":
            return f"ISNUMBER({self._count(rule.block)})"
        answered = f"{self._count(f'{rule.answers[0]}.answered')}>0"
        if rule.measure == "waiting":
            return f"AND(ISNUMBER({self._count('waiting_points')}),{answered})"
        return answered

    def _value(self, rule: Indicator) -> str:
        if rule.measure in TWO_SIDED:
            return self._two_sided(rule)
        if rule.measure == "items":
            return f"MIN({points(rule.number)}*{self._count(rule.block)},{cap(rule.number)})"
        question = rule.answers[0]
        share = f"100*{self._count(f'{question}.satisfied')}/{self._count(f'{question}.answered')}"
        return f"({self._count('waiting_points')}+{share})/2" if rule.measure == "waiting" else share

    def _two_sided(self, rule: Indicator) -> str:
        (a, b), (c, d) = self._sides(rule)
        common = self._common(rule)
        over, under = (common, common) if common else (b, d)
        both = f"(100*{a}/{over}+100*{c}/{under})/2"
        return f"IF(AND({b}>0,{d}>0),{both},IF({b}>0,100*{a}/{over},100*{c}/{under}))"

    def _sides(self, rule: Indicator) -> Sequence[tuple[str, str]]:
        pair = ("present", "required") if rule.measure == "materials" else ("satisfied", "answered")
        have, of = pair
        return [(self._count(f"{side}.{have}"), self._count(f"{side}.{of}")) for side in SIDES]

    def _common(self, rule: Indicator) -> str:
        if rule.denominator == "separate":
            return ""
        return self._count("information_required" if rule.measure == "materials" else "respondents")

    def _count(self, key: str) -> str:
        return count(key, self.at)

    def criterion(self, id: str) -> str:
        """A criterion by the weights of its known indicators, or by the rule of the organisation's kind."""
        if self.kind is not None and id not in self.kind.measured:
            cells = [f"{self.columns.criteria_exact[one]}{self.row}" for one in self.kind.measured]
            mean = f"({'+'.join(cells)})/{len(cells)}"
            return "=" + known(self._staged(mean, "criteria"), f"COUNT({','.join(cells)})={len(cells)}")
        own = [number for number, _ in self.sphere.proportions[id]]
        cells = [f"{INDICATORS}!{self.columns.exact[number]}{self.row}" for number in own]
        weights = [weight(number, self.foreign) for number in own]
        pairs = list(zip(weights, cells, strict=True))
        top = "+".join(f"{part}*N({cell})" for part, cell in pairs)
        if self.practice.undefined == "mean_of_siblings":
            instead = f"AVERAGE({','.join(cells)})"
            lost = "+".join(f"{part}*(1-ISNUMBER({cell}))" for part, cell in pairs)
            value = f"({top}+({lost})*{self._staged(instead, 'indicators')})/({'+'.join(weights)})"
        else:
            value = f"({top})/({'+'.join(f'{part}*ISNUMBER({cell})' for part, cell in pairs)})"
        return "=" + known(self._staged(value, "criteria"), f"COUNT({','.join(cells)})>0")

    def total(self) -> str:
        """The mean of five criteria, if all are known."""
        cells = [f"{self.columns.criteria_exact[id]}{self.row}" for id in self.edition.criteria]
        span = f"{cells[0]}:{cells[-1]}"
        value = self._staged(f"SUM({span})/{len(cells)}", "total")
        return "=" + known(value, f"COUNT({span})={len(cells)}")

    def _staged(self, value: str, stage: str) -> str:
        return rounded(value) if stage in STAGES[self.practice.rounding] else value


def printed(cell: str) -> str:
    """A figure as documents print it."""
    return "=" + known(rounded(cell), f"ISNUMBER({cell})")


def mean(cells: str, inspected: str, yes: str) -> str:
    """The plain mean of the known figures of a column, of those organisations that were inspected."""
    among = f'{inspected},"{yes}"'
    return "=" + known(f"AVERAGEIFS({cells},{among})", f'COUNTIFS({among},{cells},">=0")>0')


def place(cell: str, totals: str, firsts: str, ties: str) -> str:
    """A place among the totals that take part; `firsts` marks each total once, for places that skip none."""
    ahead = f'SUMIF({totals},">"&{cell},{firsts})' if ties == "dense" else f'COUNTIF({totals},">"&{cell})'
    return f'=IF(ISNUMBER({cell}),{ahead}+1,"—")'
