"""Rows and cells of the table: a figure, what it was, what the campaign has, each difference told in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import nok
from council.table.before import TOTAL as TOTAL
from council.table.before import Before, Past
from council.table.marks import Marks
from documents.presentation import CAPTIONS
from surveys.results import CampaignFacts, CampaignResults, Standing
from surveys.submissions import Package

FEW, UNDEFINED, UNSEEN, WAITING, FOUND, REMARKS, WORSE = (
    *("few", "undefined", "unseen", "waiting", "found", "remarks"),
    "worse",
)
#: What an organisation may be marked with, and what the table may be narrowed to.
FLAGS = {
    FEW: _l("мало анкет"),
    UNDEFINED: _l("есть показатель без данных"),
    UNSEEN: _l("проверки не было"),
    WAITING: _l("анкеты ждут разбора"),
    FOUND: _l("названа в проверках пакета"),
    REMARKS: _l("замечание не закрыто"),
    WORSE: _l("итог ниже прежнего"),
}
UP, DOWN, SAME = "▲", "▼", "="


#: Earlier figures by the key of a row.
Known = Mapping[tuple[int, str], Past]


class Apart(NamedTuple):
    """A difference of two printed figures: as it is seen, and as it is heard."""

    seen: str
    heard: str


@dataclass(frozen=True)
class Cell:
    """One figure of one organisation; `why` says in words that there is none."""

    key: str
    figure: nok.Figure | None
    why: str
    then: Apart | None
    region: Apart | None
    remark: bool


@dataclass(frozen=True)
class Listed:
    """A campaign whose organisations stand in the table; its newest package."""

    found: CampaignResults
    before: Before
    marks: Marks
    package: Package | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation of the table."""

    standing: Standing
    listed: Listed

    @property
    def facts(self) -> CampaignFacts:
        """Its campaign."""
        return self.listed.found.facts

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from every other row: an organisation may stand in two campaigns of a year."""
        return self.listed.found.facts.id, self.standing.code

    def figure(self, key: str) -> nok.Figure | None:
        """One of its figures; None where it is undefined."""
        return figure_of(self.standing.result, key)

    def flags(self, past: Known) -> Iterator[str]:
        """What it is marked with; WORSE only where `past` was asked for."""
        one, marks = self.standing, self.listed.marks
        if one.target is not None and one.responses < one.target:
            yield FEW
        if lacking(one):
            yield UNDEFINED
        if not one.inspected:
            yield UNSEEN
        if one.code in marks.waiting:
            yield WAITING
        if one.code in marks.findings:
            yield FOUND
        if one.code in marks.remarks:
            yield REMARKS
        if (grown := self.grown(past)) is not None and grown < 0:
            yield WORSE

    def grown(self, past: Known) -> Fraction | None:
        """By how much the total is more than it was."""
        told = past.get(self.key)
        return difference(self.standing.result.total, told.figures.get(TOTAL) if told else None)

    def cell(self, key: str, past: Known) -> Cell:
        """One figure with all that stands beside it."""
        one, told = self.standing, past.get(self.key)
        figure = self.figure(key)
        mean = self.listed.found.means.get(key)
        return Cell(
            key,
            figure,
            "" if figure else undefined(one, self.facts.norm, key),
            since(figure, told, key),
            apart(figure, mean, _("к среднему"), _("в среднем по кампании")),
            key in self.listed.marks.remarks.get(one.code, ()),
        )


def figure_of(result: nok.Result, key: str) -> nok.Figure | None:
    """A figure by its name in documents: "1.1"…"5.3", "K1"…"K5", "total"."""
    if key == TOTAL:
        return result.total
    return result.criteria.get(key) if key.startswith("K") else result.indicators.get(key)


def lacking(one: Standing) -> bool:
    """Is a figure missing that its sphere has?"""
    return one.result.total is None or any(told.rule == "undefined" for told in one.result.warnings)


def undefined(one: Standing, edition: nok.Edition, key: str) -> str:
    """Why there is no figure, in two words for a cell."""
    if key in edition.indicators and not edition.applies(key, one.sector, one.kind):
        return str(_("не применяется"))
    return str(_("нет данных"))


def difference(now: nok.Figure | None, then: nok.Figure | None) -> Fraction | None:
    """Of two figures as they are printed, so that anybody may subtract them."""
    if now is None or then is None:
        return None
    return Fraction(now.printed) - Fraction(then.printed)


def since(now: nok.Figure | None, told: Past | None, key: str) -> Apart | None:
    """How a figure has changed since an earlier year."""
    if told is None:
        return None
    by = (
        _("в отчёте за %(year)s год", year=told.year)
        if told.reported
        else _("в %(year)s году", year=told.year)
    )
    return apart(now, told.figures.get(key), _("к %(year)s", year=told.year), str(by))


def apart(now: nok.Figure | None, other: nok.Figure | None, to: str, than: str) -> Apart | None:
    """«▲ 1,20 к 2025» and «на 1,20 больше, чем в 2025 году»."""
    by = difference(now, other)
    if by is None or now is None:
        return None
    points = nok.comma(nok.printed(abs(by), now.places))
    if by > 0:
        return Apart(
            f"{UP} {points} {to}", str(_("на %(points)s больше, чем %(than)s", points=points, than=than))
        )
    if by < 0:
        return Apart(
            f"{DOWN} {points} {to}", str(_("на %(points)s меньше, чем %(than)s", points=points, than=than))
        )
    return Apart(f"{SAME} {to}", str(_("столько же, сколько %(than)s", than=than)))


def titled(key: str) -> str:
    """What a column is called: «K1 Открытость и доступность»."""
    return str(_("Итог")) if key == TOTAL else f"{key} {CAPTIONS[key]}"


def columns(edition: nok.Edition, opened: Sequence[str]) -> list[str]:
    """Figures from left to right: the total, the five criteria, the indicators of those that are unfolded."""
    shown = [TOTAL]
    for criterion in edition.criteria:
        shown.append(criterion)
        if criterion in opened:
            shown += [one.number for one in edition.indicators.values() if one.criterion == criterion]
    return shown
