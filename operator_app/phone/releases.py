"""Contacts opened and put back uncalled: counted by interviewer, so that nobody pages through the list in silence.

A release is a row among the calls that names no contact and is no call: rates, pace and attempts do not know it.
"""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.phone import zones
from operator_app.phone.dispositions import RELEASED, SEEN
from operator_app.phone.tables import CallAttempt, Contact
from surveys import clock
from surveys.refusals import Refusal


def let_go(session: Session, campaign_id: int, user: User, but: int | None = None) -> None:
    """Put back whatever this interviewer holds in this campaign; each counts, `but` the one taken again at once."""
    mine = (Contact.campaign_id == campaign_id, Contact.held_by == user.id)
    held = session.scalars(select(Contact.key).where(*mine)).all()
    session.execute(update(Contact).where(*mine).values(held_by=None, held_at=None, held_until=None))
    for key in held:
        if key != but:
            _count(session, campaign_id, user)


def _count(session: Session, campaign_id: int, user: User) -> None:
    released = CallAttempt(campaign_id=campaign_id, user_id=user.id, began_at=clock.now(), outcome=RELEASED)
    released.contact_key, released.seconds = None, 0
    session.add(released)
    session.flush()


def stopped(session: Session, campaign_id: int, user_id: int) -> bool:
    """Has this interviewer put back too many in a row within the last hour, and nobody let him on?"""
    since = clock.now() - timedelta(minutes=zones.calling().release_minutes)
    mine = (CallAttempt.campaign_id == campaign_id, CallAttempt.user_id == user_id)
    real = select(func.max(CallAttempt.id)).where(*mine, CallAttempt.outcome != RELEASED).scalar_subquery()
    in_a_row = (*mine, CallAttempt.outcome == RELEASED, CallAttempt.began_at > since)
    number = select(func.count()).where(*in_a_row, CallAttempt.id > func.coalesce(real, 0))
    return (session.scalar(number) or 0) >= zones.calling().most_releases


def check(session: Session, campaign_id: int, user: User) -> None:
    """Raises Refusal for one who has put back too many."""
    if stopped(session, campaign_id, user.id):
        raise Refusal(word())


def word() -> str:
    """What is said to one who has put back too many."""
    return str(
        _(
            "Вы отложили подряд несколько контактов (%(count)s), никому не позвонив. "
            "Позовите руководителя: он разрешит звонить дальше. Или подождите час.",
            count=zones.calling().most_releases,
        )
    )


def all_stopped(session: Session, campaign_id: int) -> Sequence[User]:
    """Interviewers who get no next contact now."""
    some = select(CallAttempt.user_id).where(
        CallAttempt.campaign_id == campaign_id, CallAttempt.outcome == RELEASED
    )
    people = session.scalars(select(User).where(User.id.in_(some)).order_by(User.login)).all()
    return [one for one in people if stopped(session, campaign_id, one.id)]


def let_on(session: Session, campaign_id: int, user_id: int) -> None:
    """The head has seen it: what was put back stays counted, and the row of it begins anew."""
    session.execute(
        update(CallAttempt)
        .where(
            CallAttempt.campaign_id == campaign_id,
            CallAttempt.user_id == user_id,
            CallAttempt.outcome == RELEASED,
        )
        .values(outcome=SEEN)
    )
