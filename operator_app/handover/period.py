"""Until which day answers were really collected: a report must not promise days that have not come."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.clock import today
from surveys.models import Campaign, Stage
from surveys.submissions import Package


def collected_until(session: Session, campaign: Campaign) -> date:
    """The campaign's last day, or the day of drawing or of submission if that came first.

    A package that only had its words corrected keeps the day of the one with which collecting ended.
    """
    if campaign.stage != Stage.COLLECTING and (frozen := _frozen(session, campaign.id)):
        return date.fromisoformat(frozen)
    return campaign.ends_on if today() < campaign.starts_on else min(campaign.ends_on, today())


def _frozen(session: Session, campaign_id: int) -> str | None:
    told: str | None = session.scalar(
        select(Package.report["cover"]["until"].as_string())
        .where(Package.campaign_id == campaign_id)
        .order_by(Package.number.desc())
        .limit(1)
    )
    return told
