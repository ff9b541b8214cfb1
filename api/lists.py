"""Long lists a page at a time: each page is taken up after the last row of the one before it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from api import cursors
from surveys import paging
from surveys.models import Campaign, Municipality, Organization, Region
from surveys.releases import Release

Row = TypeVar("Row", Organization, Campaign)


def organizations(
    session: Session, asked: Mapping[str, Any], after: int
) -> tuple[Sequence[Organization], str | None]:
    """A page of organisations, and the cursor of the next one."""
    found = select(Organization).where(Organization.id > after).order_by(Organization.id)
    if asked["region"]:
        found = found.join(Organization.region).where(Region.name == asked["region"])
    if asked["municipality"]:
        found = found.join(Organization.municipality).where(Municipality.name == asked["municipality"])
    if asked["sector"]:
        found = found.where(Organization.sector == asked["sector"])
    if asked["inn"]:
        found = found.where(Organization.inn == asked["inn"])
    for word in paging.words_of(asked["name"] or ""):
        found = found.where(Organization.search.contains(word, autoescape=True))
    return _page(session, found, asked["limit"])


def campaigns(
    session: Session, asked: Mapping[str, Any], before: int
) -> tuple[Sequence[Campaign], str | None]:
    """A page of the campaigns that are published, the newest first, and the cursor of the next one."""
    published = select(Release.campaign_id).where(Release.published_at.is_not(None))
    found = select(Campaign).where(Campaign.id < before, Campaign.id.in_(published))
    if asked["region"]:
        found = found.join(Campaign.region).where(Region.name == asked["region"])
    if asked["sector"]:
        found = found.where(Campaign.sector == asked["sector"])
    if asked["year"]:
        found = found.where(Campaign.year == asked["year"])
    return _page(session, found.order_by(Campaign.id.desc()), asked["limit"])


def _page(session: Session, found: Select[Row], limit: int) -> tuple[Sequence[Row], str | None]:
    """One row more is asked for than is shown: it says whether there is another page."""
    rows = session.scalars(found.limit(limit + 1)).all()
    shown = rows[:limit]
    return shown, cursors.written(shown[-1].id) if len(rows) > limit else None
