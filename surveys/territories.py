"""Plain means over places: municipalities of one campaign, regions and the country of one year.

Exact until printed. A total takes part when it is defined and its organisation was inspected.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import nok
from nok.aggregate import Territory
from surveys.results import CampaignResults, Standing


class Municipality(NamedTuple):
    """A municipality, how many organisations its mean is of, and that mean; `name` is empty for the unnamed."""

    name: str
    organizations: int
    total: nok.Figure | None


@dataclass(frozen=True)
class Regions:
    """One year: each region's means by sphere and overall, and the country as the mean of its regions."""

    regions: Mapping[str, Territory]
    country: Territory


def municipalities(results: CampaignResults) -> list[Municipality]:
    """By name, the unnamed one last; none at all when no organisation names its municipality."""
    totals: dict[str, list[Fraction]] = {standing.municipality: [] for standing in results.standings}
    for standing, total in _rated(results):
        totals[standing.municipality].append(total)
    if not any(totals):
        return []
    places = results.facts.practice.places
    return [_municipality(name, totals[name], places) for name in sorted(totals, key=lambda n: (not n, n))]


class Totals(NamedTuple):
    """What of a campaign the means of regions are made of: the exact totals of those that have a place."""

    region: str
    sector: str
    stage: str
    totals: Sequence[Fraction]


def totals(results: CampaignResults) -> Totals:
    """A campaign's totals."""
    facts = results.facts
    return Totals(facts.region, facts.sector, facts.stage, [total for _, total in _rated(results)])


def regions(campaigns: Iterable[Totals]) -> Regions:
    """Campaigns of one year by region; a region where nobody has a total has means of nothing."""
    known: defaultdict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    for one in campaigns:
        known[one.region] += [(one.sector, total) for total in one.totals]
    found = {region: nok.aggregate.territory(known[region]) for region in sorted(known)}
    return Regions(found, nok.aggregate.country(found.values()))


def _rated(results: CampaignResults) -> Iterator[tuple[Standing, Fraction]]:
    for standing in results.standings:
        if standing.inspected and standing.result.total is not None:
            yield standing, standing.result.total.exact


def _municipality(name: str, totals: list[Fraction], places: int) -> Municipality:
    mean = nok.aggregate.mean(totals)
    return Municipality(name, len(totals), None if mean is None else nok.Figure(mean, places))
