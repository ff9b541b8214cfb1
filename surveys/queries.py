"""Reading: every query is a named function that takes a session, writes nothing and returns plain facts."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, Row, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from surveys import codes, paging
from surveys.batches import Declared
from surveys.db import Day
from surveys.measures import TALLY_COLUMNS
from surveys.models import (
    Assessment,
    Campaign,
    CampaignQuestionnaire,
    Inspection,
    Organization,
    Pinned,
    Place,
    Stage,
    Tally,
)
from surveys.passes import Admission, Entry

#: Organization.display_name as SQL.
DISPLAY_NAME = func.coalesce(func.nullif(Organization.short_name, ""), Organization.name)
LARGEST_NUMBER = 2**31 - 1  # of a row: a longer one in an address is nobody's, and no database takes it


def organization(session: Session, code: str) -> Organization | None:
    """The organisation with this public code."""
    if not code.isalnum():  # PostgreSQL takes no zero byte, not even to say that there is no such code
        return None
    if not codes.possible(code):
        return None
    return session.scalar(select(Organization).where(Organization.code == code))


def organizations_known(session: Session) -> int:
    """How many organisations there are."""
    return session.scalar(select(func.count()).select_from(Organization)) or 0


class OpenDoor(NamedTuple):
    """Where an answer about an organisation goes today, and which questionnaire its channel asks."""

    organization_name: str
    assessment_id: int
    campaign_id: int
    ends_on: date
    questionnaire_id: int
    questionnaire_name: str
    questionnaire_sha256: str
    entry: str = Entry.OPEN


_OPEN_DOOR = (
    select(
        DISPLAY_NAME,
        Assessment.id,
        Campaign.id,
        Campaign.ends_on,
        Pinned.id,
        Pinned.name,
        Pinned.sha256,
        func.coalesce(Admission.entry, Entry.OPEN.value),
    )
    .select_from(Organization)
    .join(Assessment, Assessment.organization_id == Organization.id)
    .join(Campaign, Campaign.id == Assessment.campaign_id)
    .join(CampaignQuestionnaire, CampaignQuestionnaire.campaign_id == Campaign.id)
    .join(Pinned, Pinned.id == CampaignQuestionnaire.questionnaire_id)
    .outerjoin(Admission, Admission.assessment_id == Assessment.id)
    .where(
        Organization.code == bindparam("code"),
        CampaignQuestionnaire.channel == bindparam("channel"),
        Campaign.stage == Stage.COLLECTING,
        Campaign.starts_on <= bindparam("today", type_=Day()),
        Campaign.ends_on >= bindparam("today", type_=Day()),
    )
    .order_by(Campaign.year.desc(), Campaign.id.desc())
    .limit(1)
)


def open_door(session: Session, code: str, channel: int, today: date) -> OpenDoor | None:
    """Where answers about the organisation with this code are collected today; of several campaigns the newest."""
    if not code.isalnum():
        return None
    if not codes.possible(code):
        return None
    row = session.execute(_OPEN_DOOR, {"code": code, "channel": channel, "today": today}).first()
    return OpenDoor(*row) if row else None


def open_assessment(session: Session, organization_id: int, today: date) -> Assessment | None:
    """The assessment in which answers about this organisation are collected today, the newest of several."""
    return session.scalar(
        select(Assessment)
        .join(Assessment.campaign)
        .options(joinedload(Assessment.campaign))
        .where(
            Assessment.organization_id == organization_id,
            Campaign.stage == Stage.COLLECTING,
            Campaign.starts_on <= today,
            Campaign.ends_on >= today,
        )
        .order_by(Campaign.year.desc(), Campaign.id.desc())
        .limit(1)
    )


def last_assessment(session: Session, organization_id: int, today: date) -> Assessment | None:
    """The newest assessment in which answers about this organisation were collected, or still are."""
    begun = (one for one in assessments_of(session, organization_id) if one.campaign.starts_on <= today)
    return next(begun, None)


def assessments_of(session: Session, organization_id: int) -> Sequence[Assessment]:
    """Every campaign that assesses this organisation, newest first."""
    return session.scalars(
        select(Assessment)
        .join(Assessment.campaign)
        .options(joinedload(Assessment.campaign))
        .where(Assessment.organization_id == organization_id)
        .order_by(Campaign.year.desc(), Campaign.id.desc())
    ).all()


def assessment(session: Session, campaign_id: int, organization_id: int) -> Assessment | None:
    """This organisation in this campaign."""
    return session.scalar(
        select(Assessment).where(
            Assessment.campaign_id == campaign_id, Assessment.organization_id == organization_id
        )
    )


def campaign(session: Session, campaign_id: int) -> Campaign | None:
    """The campaign with this number."""
    return session.get(Campaign, campaign_id) if campaign_id <= LARGEST_NUMBER else None


def campaigns(session: Session) -> Sequence[Campaign]:
    """Every campaign, newest first."""
    return session.scalars(select(Campaign).order_by(Campaign.year.desc(), Campaign.id)).all()


def place_name(session: Session, organization_id: int, number: int) -> str:
    """What the place of a poster is called; empty when it has no name."""
    found = session.get(Place, (organization_id, number)) if number else None
    return found.name if found else ""


def assessed(session: Session, campaign_id: int) -> Sequence[Row[Assessment, Inspection | None]]:
    """Every organisation of a campaign with its inspection."""
    return session.execute(
        select(Assessment, Inspection)
        .outerjoin(Inspection, Inspection.assessment_id == Assessment.id)
        .where(Assessment.campaign_id == campaign_id)
        .order_by(Assessment.id)
    ).all()


def tallies(session: Session, campaign_id: int) -> Sequence[Sequence[int]]:
    """(assessment, channel, questionnaire, responses, *TALLY_COLUMNS) of a campaign: O(organisations)."""
    key = (Tally.assessment_id, Tally.channel, Tally.questionnaire_id)
    counted = [getattr(Tally, name) for name in ("responses", *TALLY_COLUMNS)]
    where = Tally.assessment_id.in_(select(Assessment.id).where(Assessment.campaign_id == campaign_id))
    statement = select(*key, *counted).where(where)
    if session.get_bind().dialect.name != "sqlite":  # one slot there: nothing to sum
        sums = [cast(func.sum(column), Integer) for column in counted]
        statement = select(*key, *sums).where(where).group_by(*key)
    return (
        session.connection().execute(statement).all()
    )  # plain numbers: the session has nothing to do with them


def declared(session: Session, campaign_id: int) -> Sequence[Sequence[int]]:
    """(assessment, channel, responses, *TALLY_COLUMNS) that came ready, without responses behind them."""
    counted = [getattr(Declared, name) for name in ("responses", *TALLY_COLUMNS)]
    where = Declared.assessment_id.in_(select(Assessment.id).where(Assessment.campaign_id == campaign_id))
    statement = select(Declared.assessment_id, Declared.channel, *counted).where(where)
    return session.connection().execute(statement).all()


def counted_about(assessment_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    """SQL for how many are counted about an assessment, one by one and declared."""
    kept = select(func.coalesce(func.sum(Tally.responses), 0)).where(Tally.assessment_id == assessment_id)
    came = select(func.coalesce(func.sum(Declared.responses), 0)).where(
        Declared.assessment_id == assessment_id
    )
    return kept.scalar_subquery() + came.scalar_subquery()


def named(words: str) -> ColumnElement[bool]:
    """Organisations whose names hold every one of these words, or whose code, INN or OGRN this is."""
    exact = words.strip()
    return or_(
        and_(*(Organization.search.contains(word, autoescape=True) for word in paging.words_of(words))),
        Organization.code == exact.upper(),
        Organization.inn == exact,
        Organization.ogrn == exact,
    )


def responses_of(session: Session, assessment_id: int) -> int:
    """Questionnaires counted about one organisation in one campaign."""
    about = select(counted_about(Assessment.id)).where(Assessment.id == assessment_id)
    return int(session.scalar(about) or 0)


def progress(
    session: Session, campaign_id: int, words: str, page: int, size: int
) -> tuple[int, Sequence[Row[Assessment, bool, int]]]:
    """How many organisations match, and one page of (assessment, inspected, responses) by name.

    A page past the last is the last.
    """
    where = [
        Assessment.campaign_id == campaign_id,
        *([named(words)] if paging.words_of(words) else []),
    ]
    matching = select(func.count()).select_from(Assessment).join(Assessment.organization).where(*where)
    total = session.scalar(matching) or 0
    rows = session.execute(
        select(Assessment, Inspection.assessment_id.is_not(None), counted_about(Assessment.id))
        .join(Assessment.organization)
        .outerjoin(Inspection, Inspection.assessment_id == Assessment.id)
        .where(*where)
        .order_by(Organization.name, Organization.id)
        .limit(size)
        .offset((min(page, paging.count(total, size)) - 1) * size)
    ).all()
    return total, rows
