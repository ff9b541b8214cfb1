"""Campaigns in a list: a published one is told out of its release, the others as they stand now."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.orm import Session

from council.shelf import kept
from surveys import frozen, overview
from surveys.display import sector, stage
from surveys.models import Campaign, Stage
from surveys.results import CampaignResults


def lines(
    session: Session,
    campaigns: Sequence[Campaign],
    address: Callable[[Campaign], str],
    *,
    inside: bool = False,
) -> list[overview.Line]:
    """A line for each campaign, in their order; `inside`: of one that is being corrected, what is counted now."""
    published = {
        one.id
        for one in campaigns
        if (not inside or one.stage == Stage.PUBLISHED) and frozen.in_force(session, one.id) is not None
    }
    counted = _counted(session, (one for one in campaigns if one.id not in published), address)
    return [_line(kept(one), address(one)) if one.id in published else counted[one.id] for one in campaigns]


def _counted(
    session: Session, campaigns: Iterable[Campaign], address: Callable[[Campaign], str]
) -> dict[int, overview.Line]:
    found = list(campaigns)
    return {line.id: line for line in overview.lines(session, found, address)} if found else {}


def _line(found: CampaignResults, url: str) -> overview.Line:
    targets = [one.target for one in found.standings if one.target is not None]
    return overview.Line(
        id=found.facts.id,
        title=found.facts.title,
        year=found.facts.year,
        sector_title=sector(found.facts.sector),
        region=found.facts.region,
        stage_title=stage(found.facts.stage),
        responses=found.responses,
        organizations=len(found.standings),
        target=sum(targets) if targets else None,
        digital_share=found.digital_share if found.responses else None,
        url=url,
    )
