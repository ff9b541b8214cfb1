"""Holds: one thing, one pair of hands. A hold that is not renewed ends by itself, so nobody waits for the absent.

A page takes its hold when it opens the thing, and once more in the transaction that saves it: whoever lost the hold
meanwhile is refused there. What the open page's script says afterwards only prolongs or ends a hold that its user
has: whoever may not open the page can never take it. The subject is "<campaign>/<what>/<which>", at most eighty
characters.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import DateTime, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.team.tables import Hold
from surveys.clock import local, now
from surveys.refusals import Held

MINUTES = 15
ASLEEP = timedelta(
    hours=12
)  # so long a page that slept, or was left and opened again, may go on with its own

#: One statement, so that of two who come at once the database lets in one.
_TAKE = text(
    "INSERT INTO hold (subject, user_id, until) VALUES (:subject, :user_id, :until) "
    "ON CONFLICT (subject) DO UPDATE SET user_id = excluded.user_id, until = excluded.until "
    "WHERE hold.user_id = excluded.user_id OR hold.until <= :now RETURNING user_id"
).bindparams(bindparam("until", type_=DateTime()), bindparam("now", type_=DateTime()))


class Holder(NamedTuple):
    """Who holds a thing, and until when (UTC)."""

    user_id: int
    name: str
    until: datetime


def take(session: Session, subject: str, user: User, minutes: int = MINUTES) -> None:
    """Hold it from now on, inside writing(). One's own hold is prolonged. Raises Held when it is another's."""
    moment = now()
    told = {
        "subject": subject,
        "user_id": user.id,
        "until": moment + timedelta(minutes=minutes),
        "now": moment,
    }
    while session.execute(_TAKE, told).first() is None:
        other = holder(session, subject)
        if other is not None:  # None: let go between the two statements
            raise Held(refusal(other))
    _sweep(session, moment)


def renew(session: Session, subject: str, user: User, minutes: int = MINUTES) -> None:
    """Prolong one's own hold, also one that has ended and nobody else has taken. Raises Held; never takes."""
    if not _until(session, subject, user, now() + timedelta(minutes=minutes)):
        other = holder(session, subject)
        raise Held(refusal(other) if other else _("Эту страницу уже не держат за вами. Откройте её заново."))


def leave(session: Session, subject: str, user: User) -> None:
    """End one's own hold and remember whose it was: a page that is reloaded says goodbye after it was opened anew."""
    _until(session, subject, user, now())


def _until(session: Session, subject: str, user: User, until: datetime) -> bool:
    """Move the end of one's own hold; False when one has none."""
    moved = session.execute(
        update(Hold)
        .where(Hold.subject == subject, Hold.user_id == user.id)
        .values(until=until)
        .returning(Hold.subject),
        execution_options={"synchronize_session": False},
    )
    return moved.first() is not None


def release(session: Session, subject: str, user: User) -> None:
    """Let go of one's own hold, inside writing(); another's stays."""
    session.execute(delete(Hold).where(Hold.subject == subject, Hold.user_id == user.id))


def holder(session: Session, subject: str) -> Holder | None:
    """Who holds it now, if anybody."""
    row = session.execute(
        select(Hold.user_id, User.name, User.login, Hold.until)
        .join(User, User.id == Hold.user_id)
        .where(Hold.subject == subject, Hold.until > now())
    ).first()
    return Holder(row.user_id, row.name or row.login, row.until) if row else None


def refusal(other: Holder) -> str:
    """«С этим до 14:35 работает Петров И. С.», by the server's own clock."""
    words: str = _(
        "С этим до %(time)s работает %(name)s. Подождите или договоритесь между собой, потом откройте страницу заново.",
        time=local(other.until).strftime("%H:%M"),
        name=other.name,
    )
    return words


def _sweep(session: Session, moment: datetime) -> None:
    """Drop what has long ended; what another transaction touches at this moment is left to the next sweep."""
    ended = select(Hold.subject).where(Hold.until <= moment - ASLEEP).with_for_update(skip_locked=True)
    session.execute(
        delete(Hold).where(Hold.subject.in_(ended)), execution_options={"synchronize_session": False}
    )
