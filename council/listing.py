"""Campaigns in a list: a published one is told out of its release, the others as they stand now."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.orm import Session

from council.portal.catalogue import Catalogue, Published, catalogue
from surveys import overview
from surveys.display import sector, stage
from surveys.models import Campaign, Stage


def lines(
    session: Session,
    campaigns: Sequence[Campaign],
    address: Callable[[Campaign], str],
    known: Catalogue | None = None,
    *,
    inside: bool = False,
) -> list[overview.Line]:
    """A line for each campaign, in their order; `inside`: of one that is being corrected, what is counted now."""
    in_force = (known or catalogue(session)).by_id
    published = {
        one.id: in_force[one.id]
        for one in campaigns
        if (not inside or one.stage == Stage.PUBLISHED) and one.id in in_force
    }
    counted = _counted(session, (one for one in campaigns if one.id not in published), address)
    return [
        _line(published[one.id], address(one)) if one.id in published else counted[one.id]
        for one in campaigns
    ]


def _counted(
    session: Session, campaigns: Iterable[Campaign], address: Callable[[Campaign], str]
) -> dict[int, overview.Line]:
    found = list(campaigns)
    return {line.id: line for line in overview.lines(session, found, address)} if found else {}


def _line(found: Published, url: str) -> overview.Line:
    targets = [one.target for one in found.lines if one.target is not None]
    return overview.Line(
        id=found.id,
        title=found.title,
        year=found.year,
        sector_title=sector(found.sector),
        region=found.region,
        stage_title=stage(Stage.PUBLISHED),
        responses=found.responses,
        organizations=len(found.lines),
        target=sum(targets) if targets else None,
        digital_share=found.digital_share if found.responses else None,
        url=url,
    )
