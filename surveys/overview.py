"""Campaigns in a list, as every role sees them: how many organisations, questionnaires, and by which channels."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import nok
from surveys.batches import Declared
from surveys.channels import BY_NUMBER
from surveys.display import sector, stage
from surveys.models import Assessment, Campaign, Tally


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign of a list; `target` is the sum of its organisations' targets, as far as they are known."""

    id: int
    title: str
    year: int
    sector_title: str
    region: str
    stage_title: str
    responses: int
    organizations: int
    target: int | None
    digital_share: Fraction | None
    url: str


def lines(session: Session, campaigns: Iterable[Campaign], address: Callable[[Campaign], str]) -> list[Line]:
    """A line for each campaign, in their order; `address` says where its page is."""
    channels, sizes = _channels(session), _sizes(session)
    return [
        _line(campaign, channels.get(campaign.id, {}), *sizes.get(campaign.id, (0, None)), address(campaign))
        for campaign in campaigns
    ]


def _line(campaign: Campaign, channels: Mapping[str, int], count: int, target: int | None, url: str) -> Line:
    responses = sum(channels.values())
    return Line(
        id=campaign.id,
        title=campaign.title,
        year=campaign.year,
        sector_title=sector(campaign.sector),
        region=campaign.region.name,
        stage_title=stage(campaign.stage),
        responses=responses,
        organizations=count,
        target=target,
        digital_share=nok.sample.digital_share(channels, nok.edition(campaign.edition.name))
        if responses
        else None,
        url=url,
    )


def _channels(session: Session) -> dict[int, dict[str, int]]:
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for table in (Tally, Declared):
        rows = session.execute(
            select(Assessment.campaign_id, table.channel, func.sum(table.responses))
            .join(table, table.assessment_id == Assessment.id)
            .group_by(Assessment.campaign_id, table.channel)
        )
        for campaign_id, channel, count in rows:
            name = BY_NUMBER[channel].id
            found[campaign_id][name] = found[campaign_id].get(name, 0) + int(count)
    return found


def _sizes(session: Session) -> dict[int, tuple[int, int | None]]:
    rows = session.execute(
        select(Assessment.campaign_id, func.count(), func.sum(Assessment.target)).group_by(
            Assessment.campaign_id
        )
    )
    return {
        campaign_id: (count, int(target) if target is not None else None)
        for campaign_id, count, target in rows
    }
