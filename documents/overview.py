"""A campaign's figures arranged for reading: the sample, the spread of each criterion, best and worst."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

import nok
from documents import charts
from documents.figures import captioned, command, counts_in_order, unverified
from surveys import territories
from surveys.channels import CHANNELS
from surveys.results import CampaignResults, Standing


@dataclass(frozen=True)
class Spread:
    """One criterion over all organisations; those without a figure are counted in `missing`.

    Up to three best and three worst; the lowest figure is never among the best, and the other way round.
    """

    id: str
    title: str
    low: nok.Figure
    high: nok.Figure
    mean: nok.Figure | None
    best: Sequence[tuple[Standing, nok.Figure]]
    worst: Sequence[tuple[Standing, nok.Figure]]
    missing: int


@dataclass(frozen=True)
class Overview:
    """Everything that the page and the PDF of a campaign show beside its facts and rows."""

    organizations: int
    target: int
    reached: int
    channels: Sequence[tuple[str, int]]
    spreads: Sequence[Spread]
    criteria_chart: charts.Chart
    indicators_chart: charts.Chart
    digital: str | None
    digital_own: str | None
    digital_enough: bool
    digital_target: str
    municipalities: Sequence[territories.Municipality]
    unverified: Sequence[str]
    command: str


def campaign_view(results: CampaignResults, edition: nok.Edition, layout: charts.Layout) -> Overview:
    """One pass over organisations for each criterion; nothing here recomputes a figure."""
    share = results.digital_share
    return Overview(
        organizations=len(results.standings),
        target=sum(standing.target or 0 for standing in results.standings),
        reached=sum(1 for s in results.standings if s.target is not None and s.responses >= s.target),
        channels=counts_in_order(_channels(results.standings), CHANNELS),
        spreads=[spread for id in edition.criteria if (spread := _spread(results, edition, id))],
        criteria_chart=charts.chart(_("Средние по критериям"), _means(results, [*edition.criteria]), layout),
        indicators_chart=charts.chart(
            _("Средние по показателям"), _means(results, [*edition.indicators]), layout
        ),
        digital=_percent(share),
        digital_own=_percent(results.own_digital_share),
        digital_enough=share is not None and share >= edition.digital.target,
        digital_target=nok.printed(edition.digital.target * 100, 0),
        municipalities=territories.municipalities(results),
        unverified=unverified(standing.result for standing in results.standings),
        command=command(results.facts.practice, edition, "input.json"),
    )


def _percent(share: Fraction | None) -> str | None:
    return None if share is None else nok.comma(nok.printed(share * 100, 1))


def _means(results: CampaignResults, keys: Sequence[str]) -> list[tuple[str, nok.Figure | None]]:
    return list(captioned({key: results.means.get(key) for key in keys}))


def _channels(standings: Sequence[Standing]) -> Counter[str]:
    total: Counter[str] = Counter()
    for standing in standings:
        total.update(standing.channels)
    return total


def _spread(results: CampaignResults, edition: nok.Edition, id: str) -> Spread | None:
    known = [(s, figure) for s in results.standings if (figure := s.result.criteria[id]) is not None]
    if not known:
        return None
    ranked = sorted(known, key=lambda pair: (-pair[1].exact, pair[0].name))
    high, low = ranked[0][1], ranked[-1][1]
    return Spread(
        id=id,
        title=edition.criteria[id].title,
        low=low,
        high=high,
        mean=results.means.get(id),
        best=[pair for pair in ranked[:3] if pair[1].printed != low.printed],
        worst=[pair for pair in ranked[:-4:-1] if pair[1].printed != high.printed],
        missing=len(results.standings) - len(known),
    )
