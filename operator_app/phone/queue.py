"""Whose turn it is: promised calls first, then at random where interviews are missing; one contact, one caller."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.phone import releases, zones
from operator_app.phone.forgetting import changed
from operator_app.phone.tables import Contact
from operator_app.team.tables import Assignment
from surveys import clock, queries
from surveys.models import Assessment, Organization
from surveys.refusals import Held

TRIES = 20
MOST_SHOWN = 50


def next_contact(session: Session, campaign_id: int, user: User) -> Contact | None:
    """The contact that this interviewer holds, or the next one, held from now on. Inside writing().

    Raises Refusal for one who only opens contacts and puts them back.
    """
    mine = held(session, campaign_id, user)
    if mine is not None:
        return mine
    releases.check(session, campaign_id, user)
    moment = clock.now()
    for _ in range(TRIES):  # another may take the same one between the look and the grasp
        key = _promised(session, campaign_id, user, moment) or _by_chance(session, campaign_id, user, moment)
        if key is None:
            return None
        if _take(session, key, user, moment):
            return session.get_one(Contact, key, populate_existing=True)
    return None


def held(session: Session, campaign_id: int, user: User) -> Contact | None:
    """The contact that this interviewer holds now."""
    return session.scalar(
        select(Contact)
        .where(
            Contact.campaign_id == campaign_id,
            Contact.held_by == user.id,
            Contact.held_until >= clock.now(),
            Contact.finished.is_(False),
        )
        .order_by(Contact.held_at.desc())
        .limit(1)
    )


def hold_for(session: Session, contact: Contact, user: User) -> None:
    """Whoever is on the line now: the caller's other contact goes back into the queue. Raises Held."""
    releases.let_go(session, contact.campaign_id, user, but=contact.key)
    if not _take(session, contact.key, user, clock.now()):
        raise Held("С этим человеком сейчас говорит другой интервьюер.")


def prolong(session: Session, contact: Contact) -> None:
    """The interview has begun: hold on for as long as one takes."""
    contact.held_until = clock.now() + timedelta(minutes=zones.calling().interview_minutes)


def found(session: Session, campaign_id: int, mark: str) -> Contact | None:
    """The contact whose number has this mark, if it is still to be called."""
    return session.scalar(select(Contact).where(Contact.campaign_id == campaign_id, Contact.mark == mark))


def promised(session: Session, campaign_id: int, user: User) -> Sequence[tuple[datetime, str, Organization]]:
    """(when, zone, organisation) of the calls promised where this interviewer may call, the nearest first."""
    rows = session.execute(
        select(Contact.due_at, Contact.zone, Organization)
        .join(Assessment, Assessment.id == Contact.assessment_id)
        .join(Organization, Organization.id == Assessment.organization_id)
        .where(*_callable(campaign_id, user, session), Contact.due_at.is_not(None))
        .order_by(Contact.due_at)
        .limit(MOST_SHOWN)
    )
    return [(due, zone, organization) for due, zone, organization in rows if due is not None]


def waiting(session: Session, campaign_id: int, user: User) -> tuple[int, int]:
    """Contacts still to be called where this interviewer may call: all, and those whose turn it is now."""
    moment = clock.now()
    mine = (*_callable(campaign_id, user, session), or_(Contact.due_at.is_not(None), _short(campaign_id)))
    turn = or_(Contact.due_at <= moment, _turn(moment))
    every = session.scalar(select(func.count(Contact.key)).where(*mine))
    now = session.scalar(
        select(func.count(Contact.key)).where(*mine, *_free(session, campaign_id, moment), turn)
    )
    return every or 0, now or 0


def _promised(session: Session, campaign_id: int, user: User, moment: datetime) -> int | None:
    """A promise is kept though the organisation's quota is full by now."""
    where = (*_callable(campaign_id, user, session), *_free(session, campaign_id, moment))
    return session.scalar(
        select(Contact.key).where(*where, Contact.due_at <= moment).order_by(Contact.due_at).limit(1)
    )


def _by_chance(session: Session, campaign_id: int, user: User, moment: datetime) -> int | None:
    """An organisation in proportion to the interviews it still misses, and in it any contact."""
    where = (
        *_callable(campaign_id, user, session),
        *_free(session, campaign_id, moment),
        _turn(moment),
        _short(campaign_id),
    )
    rows = session.execute(
        select(
            Assessment.id, Assessment.target, queries.counted_about(Assessment.id), func.count(Contact.key)
        )
        .join(Contact, Contact.assessment_id == Assessment.id)
        .where(*where)
        .group_by(Assessment.id, Assessment.target)
    )
    missing = {one: number if target is None else target - done for one, target, done, number in rows}
    drawn = _drawn(missing)
    if drawn is None:
        return None
    here = select(Contact.key).where(*where, Contact.assessment_id == drawn).order_by(func.random()).limit(1)
    found = session.scalar(here)
    if found is None:  # others took the last one there between the two looks
        return _by_chance(session, campaign_id, user, moment)
    return found


def _short(campaign_id: int) -> ColumnElement[bool]:
    """Contacts of organisations that have not enough questionnaires yet, or no target to say how many that is."""
    enough = Assessment.target.is_not(None) & (queries.counted_about(Assessment.id) >= Assessment.target)
    return Contact.assessment_id.not_in(
        select(Assessment.id).where(Assessment.campaign_id == campaign_id, enough)
    )


def _drawn(weights: dict[int, int]) -> int | None:
    if not weights:
        return None
    lot = secrets.randbelow(sum(weights.values()))
    for one, weight in weights.items():
        lot -= weight
        if lot < 0:
            return one
    return None


def _take(session: Session, key: int, user: User, moment: datetime) -> bool:
    """One statement: of two who reach for one contact the database lets one have it."""
    until = moment + timedelta(minutes=zones.calling().contact_minutes)
    taken = session.execute(
        update(Contact)
        .where(Contact.key == key, Contact.finished.is_(False), _unheld(moment))
        .values(held_by=user.id, held_at=moment, held_until=until)
        .execution_options(synchronize_session=False)
    )
    return changed(taken) == 1


def _callable(campaign_id: int, user: User, session: Session) -> list[ColumnElement[bool]]:
    """Not called for the last time yet, and this interviewer's: own assignments, else what nobody is assigned to."""
    assigned = (
        select(Assignment.assessment_id)
        .join(Assessment, Assessment.id == Assignment.assessment_id)
        .where(Assessment.campaign_id == campaign_id, Assignment.task == "phone")
    )
    mine = session.scalars(assigned.where(Assignment.user_id == user.id)).all()
    where = Contact.assessment_id.in_(mine) if mine else Contact.assessment_id.not_in(assigned)
    return [Contact.campaign_id == campaign_id, Contact.finished.is_(False), where]


def _free(session: Session, campaign_id: int, moment: datetime) -> list[ColumnElement[bool]]:
    """Nobody's at this moment, and it is day there."""
    known = session.scalars(select(Contact.zone).where(Contact.campaign_id == campaign_id).distinct())
    return [Contact.zone.in_([zone for zone in known if zones.may_ring(moment, zone)]), _unheld(moment)]


def _unheld(moment: datetime) -> ColumnElement[bool]:
    return or_(Contact.held_until.is_(None), Contact.held_until < moment)


def _turn(moment: datetime) -> ColumnElement[bool]:
    rested = or_(Contact.not_before.is_(None), Contact.not_before <= moment)
    return Contact.due_at.is_(None) & rested
