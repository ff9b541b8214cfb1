"""Means of regions as the page of ratings shows them: a table for each year, a column for each sphere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeVar

import nok
from nok.aggregate import Territory
from surveys import territories
from surveys.refusals import PinnedChanged
from surveys.territories import Totals


class OfYear(Protocol):
    """A campaign, live or published."""

    @property
    def year(self) -> int:
        """The year it assesses."""


C = TypeVar("C", bound=OfYear)


@dataclass(frozen=True)
class Row:
    """A region, or the country: a mean for each sphere of the table, in its order, and the mean of them."""

    name: str
    sectors: Sequence[nok.Figure | None]
    overall: nok.Figure | None


@dataclass(frozen=True)
class Year:
    """One year; `country` only when there are regions to compare, `preliminary` when a council has yet to agree."""

    year: int
    sectors: Sequence[str]
    regions: Sequence[Row]
    country: Row | None
    preliminary: bool


def by_year(campaigns: Iterable[C], totals_of: Callable[[C], Totals]) -> list[Year]:
    """Newest year first. A campaign whose pinned rules changed has no results, so it is in no mean."""
    years: defaultdict[int, list[Totals]] = defaultdict(list)
    for campaign in campaigns:
        try:
            years[campaign.year].append(totals_of(campaign))
        except PinnedChanged:
            continue
    tables = (_year(year, years[year]) for year in sorted(years, reverse=True))
    return [table for table in tables if any(row.overall for row in table.regions)]


def _year(year: int, found: Sequence[Totals]) -> Year:
    known = {one.sector for one in found}
    sectors = [sector for sector in nok.SECTORS if sector in known]
    means = territories.regions(found)
    return Year(
        year=year,
        sectors=sectors,
        regions=[_row(name, territory, sectors) for name, territory in means.regions.items()],
        country=_row("", means.country, sectors) if len(means.regions) > 1 else None,
        preliminary=any(one.stage != "published" for one in found),
    )


def _row(name: str, territory: Territory, sectors: Sequence[str]) -> Row:
    means: Mapping[str, Fraction] = territory.sectors
    return Row(name, [_figure(means.get(sector)) for sector in sectors], _figure(territory.overall))


def _figure(mean: Fraction | None) -> nok.Figure | None:
    return None if mean is None else nok.Figure(mean)
