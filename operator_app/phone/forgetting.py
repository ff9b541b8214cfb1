"""Forgetting: a contact with its last call, all of them with their campaign (docs/decisions/0013)."""

import logging
import sqlite3
from typing import cast

from sqlalchemy import CursorResult, DateTime, delete, event, func, literal, or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from accounts import audit
from operator_app.phone.tables import CallAttempt, Contact, ContactKey, Forgotten
from surveys.clock import today
from surveys.db import BUSY_MILLISECONDS, db, writing
from surveys.happenings import closing
from surveys.models import Campaign, Stage
from surveys.queue import every_night

log = logging.getLogger("nok.phone")

NOWHERE = "UTC"  # the zone of a contact that has none any more
PATIENCE = 1000  # milliseconds: whoever closes a campaign waits no longer for another's reading to end


def forget(session: Session, contact: Contact) -> None:
    """Erase a contact after its last call; its mark goes where nothing leads back. Inside writing()."""
    overwriting(session)
    if contact.mark is not None:
        session.add(Forgotten(campaign_id=contact.campaign_id, mark=contact.mark))
    contact.sealed = contact.mark = contact.due_at = contact.not_before = None
    contact.finished = True
    contact.zone = NOWHERE
    session.flush()


def wipe(session: Session, campaign_id: int, actor: str) -> int:
    """Destroy a campaign's contacts, marks and key; returns how many numbers there still were. Inside writing()."""
    overwriting(session)
    left = session.scalar(
        select(func.count()).where(Contact.campaign_id == campaign_id, Contact.sealed.is_not(None))
    )
    emptied = dict.fromkeys(("sealed", "mark", "due_at", "not_before", "held_by", "held_at", "held_until"))
    session.execute(
        update(Contact)
        .where(Contact.campaign_id == campaign_id)
        .values(**emptied, finished=True, zone=NOWHERE)
        .execution_options(synchronize_session=False)
    )
    for table in (Forgotten, ContactKey):
        session.execute(delete(table).where(table.campaign_id == campaign_id))
    _cut_calls(session, campaign_id)
    session.expire_all()
    session.info[__name__] = True
    audit.record(session, actor, "contacts-wiped", str(campaign_id), contacts=left)
    return int(left or 0)


def _cut_calls(session: Session, campaign_id: int) -> None:
    """Of a call remain its caller, its day, how long it took and how it ended."""
    moment = CallAttempt.began_at
    if session.get_bind().dialect.name == "sqlite":
        day = func.strftime(literal("%Y-%m-%d 00:00:00.000000"), moment, type_=DateTime())
    else:
        day = func.date_trunc("day", moment)
    session.execute(
        update(CallAttempt)
        .where(CallAttempt.campaign_id == campaign_id)
        .values(contact_key=None, began_at=day)
        .execution_options(synchronize_session=False)
    )


def overdue(session: Session, campaign: Campaign) -> bool:
    """Has the campaign ended with its contacts still under lock?"""
    ended = campaign.stage != Stage.COLLECTING or campaign.ends_on < today()
    return ended and session.get(ContactKey, campaign.id) is not None


def wipe_overdue(campaign: Campaign) -> None:
    """Wipe at the first look after the last day: nobody has to remember."""
    if overdue(db.session(), campaign):
        with writing() as session:
            if session.get(ContactKey, campaign.id) is not None:
                wipe(session, campaign.id, "service")


@every_night
def nightly() -> None:
    """Wipe what nobody looked at after its last day, and what the day's last calls left in SQLite's journal."""
    ended = or_(Campaign.stage != Stage.COLLECTING, Campaign.ends_on < today())
    locked = select(Campaign).join(ContactKey, ContactKey.campaign_id == Campaign.id)
    for campaign in db.session.scalars(locked.where(ended)).all():
        wipe_overdue(campaign)
    db.session.rollback()
    empty_journal()


def empty_journal() -> bool:
    """Carry SQLite's journal over into its file and cut it to nothing, as what was erased is still readable in it.

    False when somebody's reading stands in the way: the night tries again. Nothing to do on PostgreSQL.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.cursor().execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        connection.close()
    if busy:
        log.warning("the journal is being read and keeps what was erased until the night")
    return not busy


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop(__name__, False):
        try:
            empty_journal()
        except (SQLAlchemyError, sqlite3.Error) as error:  # the wipe itself is done and stays so
            log.warning("the journal is not emptied: %s", type(error).__name__)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(__name__, None)


def overwriting(session: Session) -> None:
    """Have SQLite write zeros over what is deleted; otherwise it stays in the file's free pages."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))


@closing.connect
def _closing(session: Session, campaign: Campaign) -> None:
    if session.get(ContactKey, campaign.id) is not None:
        wipe(session, campaign.id, "service")


def changed(result: object) -> int:
    """How many rows a statement changed."""
    return cast("CursorResult[object]", result).rowcount
