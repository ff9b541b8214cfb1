"""A part of what is published: a year, a sphere, a region or a municipality, with its means and its organisations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple
from urllib.parse import urlencode

from flask import request

import nok
from council import regional
from council.portal.catalogue import Catalogue, Line, Published
from surveys import paging
from surveys.territories import Totals

PAGE_SIZE = 100


class Choice(NamedTuple):
    """One of the years or spheres that a list can be narrowed to."""

    value: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Slice:
    """What a page shows: the means of `campaigns`, and of one year (and one sphere) the organisations by pages."""

    campaigns: Sequence[Published]
    organizations: int
    responses: int
    means: Sequence[regional.Year]
    year: int
    sector: str
    years: Sequence[Choice]
    sectors: Sequence[Choice]
    lines: Sequence[Line]
    pages: paging.Pages

    @property
    def demo(self) -> bool:
        """Are there made-up answers among these?"""
        return any(one.demo for one in self.campaigns)


def totals_of(campaign: Published, lines: Iterable[Line] | None = None) -> Totals:
    """What the means are made of: those that were inspected and have a total; only `lines`, if told."""
    known = [
        line.total.exact
        for line in (campaign.lines if lines is None else lines)
        if line.inspected and line.total is not None
    ]
    return Totals(campaign.region, campaign.sector, "published", known)


def means(campaigns: Sequence[Published], totals: Callable[[Published], Totals]) -> list[regional.Year]:
    """Means by year, the newest first."""
    return regional.by_year(campaigns, totals)


def part(
    catalogue: Catalogue, wanted: Callable[[Published], bool], of: Callable[[Line], bool] | None = None
) -> Slice | None:
    """Campaigns that are wanted, of them the organisations `of`; None when there is nobody."""
    own: dict[int, Sequence[Line]] = {}
    for campaign in filter(wanted, catalogue.campaigns):
        lines = campaign.lines if of is None else [line for line in campaign.lines if of(line)]
        if lines:
            own[campaign.id] = lines
    campaigns = [catalogue.by_id[id] for id in own]
    if not campaigns:
        return None
    year, sector = _year(campaigns), _sector(campaigns)
    shown = [
        line
        for campaign in campaigns
        if campaign.year == year and sector in ("", campaign.sector)
        for line in own[campaign.id]
    ]
    shown.sort(key=_order)
    pages = paging.pages(
        paging.asked(request.args), len(shown), PAGE_SIZE, lambda n: _address(year, sector, n)
    )
    return Slice(
        campaigns=campaigns,
        organizations=len({line.code for lines in own.values() for line in lines}),
        responses=sum(line.responses for lines in own.values() for line in lines),
        means=means(campaigns, lambda one: totals_of(one, own[one.id])),
        year=year,
        sector=sector,
        years=_choices(sorted({str(one.year) for one in campaigns}, reverse=True), str(year), _year_address),
        sectors=_choices(["", *_known(campaigns, year)], sector, lambda value: _address(year, value)),
        lines=paging.cut(shown, pages, PAGE_SIZE),
        pages=pages,
    )


def _order(line: Line) -> tuple[int, bool, Fraction, str]:
    """By sphere, within it by total, the highest first; totals of different spheres are not compared."""
    of = nok.SECTORS.index(line.sector) if line.sector in nok.SECTORS else len(nok.SECTORS)
    return of, line.total is None, -line.total.exact if line.total else Fraction(0), line.display_name


def _year(campaigns: Sequence[Published]) -> int:
    asked = request.args.get("year", type=int)
    return asked if asked in {one.year for one in campaigns} and asked is not None else campaigns[0].year


def _sector(campaigns: Sequence[Published]) -> str:
    asked = request.args.get("sector", "")
    return asked if asked in {one.sector for one in campaigns} else ""


def _known(campaigns: Iterable[Published], year: int) -> list[str]:
    known = {one.sector for one in campaigns if one.year == year}
    return [sector for sector in nok.SECTORS if sector in known]


def _choices(values: Sequence[str], chosen: str, address: Callable[[str], str]) -> list[Choice]:
    return [Choice(value, address(value), value == chosen) for value in values]


def _year_address(year: str) -> str:
    return _address(int(year), "")


def _address(year: int, sector: str, page: int = 1) -> str:
    told: Mapping[str, object] = {"year": year, "sector": sector, "page": page if page > 1 else ""}
    return f"{request.path}?{urlencode({name: value for name, value in told.items() if value})}"
