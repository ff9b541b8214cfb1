"""Reading for the cockpit: the campaign's organisations, and its answers by day. A handful of statements a page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operator_app.phone.tables import Contact
from operator_app.team.tables import Assignment
from surveys import queries
from surveys.channels import BY_NUMBER
from surveys.models import Assessment, Municipality, Organization, Response


class Listed(NamedTuple):
    """One organisation of a campaign, as plain facts: the session has nothing to do with them."""

    assessment_id: int
    code: str
    name: str
    inn: str
    municipality: str
    search: str
    recipients: int | None
    target: int | None


def listed(session: Session, campaign_id: int) -> list[Listed]:
    """Every organisation of a campaign, by name."""
    rows = session.execute(
        select(
            Assessment.id,
            Organization.code,
            queries.DISPLAY_NAME,
            Organization.inn,
            func.coalesce(Municipality.name, ""),
            Organization.search,
            Organization.recipients_per_year,
            Assessment.target,
        )
        .join(Organization, Organization.id == Assessment.organization_id)
        .outerjoin(Municipality, Municipality.id == Organization.municipality_id)
        .where(Assessment.campaign_id == campaign_id)
        .order_by(Organization.name, Organization.id)
    )
    return [Listed(*row) for row in rows]


class ByDay(NamedTuple):
    """How many answers came about one organisation by one channel on one day."""

    assessment_id: int
    channel: str
    day: date
    answers: int


def by_day(session: Session, campaign_id: int, since: date) -> list[ByDay]:
    """Answers of a campaign from this day on: one grouped walk along (assessment_id, day)."""
    rows = session.execute(
        select(Response.assessment_id, Response.channel, Response.day, func.count())
        .join(Assessment, Assessment.id == Response.assessment_id)
        .where(Assessment.campaign_id == campaign_id, Response.day >= since)
        .group_by(Response.assessment_id, Response.channel, Response.day)
    )
    return [ByDay(number, BY_NUMBER[channel].id, day, count) for number, channel, day, count in rows]


def edges(session: Session, campaign_id: int) -> dict[int, tuple[date, date]]:
    """Assessment → the days of its first and last answer: two look-ups in the index for each, no walk."""
    of_this = Response.assessment_id == Assessment.id
    first = select(func.min(Response.day)).where(of_this).correlate(Assessment).scalar_subquery()
    last = select(func.max(Response.day)).where(of_this).correlate(Assessment).scalar_subquery()
    rows = session.execute(select(Assessment.id, first, last).where(Assessment.campaign_id == campaign_id))
    return {number: (first, last) for number, first, last in rows if first is not None}


def contacts_left(session: Session, campaign_id: int) -> dict[int, int]:
    """Assessment → telephone numbers that may still be called."""
    rows = session.execute(
        select(Contact.assessment_id, func.count())
        .where(Contact.campaign_id == campaign_id, Contact.finished.is_(False))
        .group_by(Contact.assessment_id)
    )
    return {number: count for number, count in rows}


def assigned(session: Session, campaign_id: int, tasks: Sequence[str]) -> Mapping[int, frozenset[int]]:
    """Assessment → users who have one of these tasks there."""
    rows = session.execute(
        select(Assignment.assessment_id, Assignment.user_id)
        .join(Assessment, Assessment.id == Assignment.assessment_id)
        .where(Assessment.campaign_id == campaign_id, Assignment.task.in_(tasks))
    )
    found: dict[int, frozenset[int]] = {}
    for number, user_id in rows:
        found[number] = found.get(number, frozenset()) | {user_id}
    return found
