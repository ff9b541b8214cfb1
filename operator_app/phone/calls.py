"""How a call ended: the attempt, what follows for the contact, and an interview counted in the same transaction."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.phone import zones
from operator_app.phone.dispositions import COMPLETE, Disposition, disposition, telling
from operator_app.phone.forgetting import forget
from operator_app.phone.sealing import Call
from operator_app.phone.tables import CallAttempt, Contact
from surveys import clock
from surveys.intake import Finished, Outcome, accept_all
from surveys.refusals import Held, Refusal, Stale

LONGEST_SECONDS = 3 * 60 * 60


def record(
    session: Session,
    campaign_id: int,
    user: User,
    call: Call,
    outcome: Disposition,
    due_at: datetime | None = None,
) -> None:
    """Write down how a call ended; sent twice, it stays written once.

    Raises Stale for a contact that is finished otherwise, Held for one that another has.
    """
    contact = session.get(Contact, call.key, populate_existing=True, with_for_update=True)
    if contact is not None and _written(session, contact, user, call.attempt, outcome, due_at):
        return
    contact = _unfinished(contact, campaign_id)
    if contact.attempts != call.attempt:
        raise Stale(_("Исход этого звонка уже записан. Второй раз не записали ничего."))
    if contact.held_by != user.id:
        raise Held(_("Этот контакт уже передали другому: вы держали его слишком долго. Возьмите следующий."))
    _ended(session, contact, user, outcome, due_at)


def finish(session: Session, campaign_id: int, user: User, key: int, finished: Finished) -> Outcome:
    """Count an interview and forget the contact, both or neither; sent twice, both stay done once.

    An interview is counted though its hold ran out and another opened the contact: the person has answered.
    Raises Refusal when the campaign collects no more, Stale when the contact is finished otherwise.
    """
    outcome = accept_all(session, [finished])[0]
    if outcome is Outcome.CLOSED:
        raise Refusal(_("Сбор ответов закончен: анкета не учтена. Номера этой кампании уже стёрты."))
    contact = session.get(Contact, key, populate_existing=True, with_for_update=True)
    if outcome is Outcome.COUNTED:
        _ended(session, _unfinished(contact, campaign_id), user, disposition(COMPLETE))
    elif contact is None or not contact.finished:
        raise Stale(
            _("Эта страница — от другого опроса: анкета не учтена. Откройте раздел «Телефон» заново.")
        )
    return outcome


def appointment(told: datetime, zone: str) -> datetime:
    """A time by the respondent's clock, as tables keep it. Raises Refusal when nobody could call then."""
    rules = zones.calling()
    try:
        moment = zones.in_utc(told, zone)
    except OverflowError as error:  # the first or the last day that a date can hold
        raise Refusal(_("Такого дня не бывает. Укажите день и время, когда перезвонить.")) from error
    if moment <= clock.now():
        raise Refusal(_("Это время уже прошло. Время указывают по часам человека, которому перезвоним."))
    if moment > clock.now() + timedelta(days=rules.appointment_days):
        raise Refusal(
            _(
                "Так далеко не договариваются: назначьте время в ближайшие %(days)s дней.",
                days=rules.appointment_days,
            )
        )
    if not zones.may_ring(moment, zone):
        hours = {"first": rules.from_hour, "last": rules.to_hour}
        raise Refusal(
            _(
                "Звонят с %(first)s до %(last)s часов по времени человека. Назначьте время между ними.",
                **hours,
            )
        )
    return moment


def _written(
    session: Session,
    contact: Contact,
    user: User,
    attempt: int,
    outcome: Disposition,
    due_at: datetime | None,
) -> bool:
    """Is this the second sending of what was written last: by the same one, of the same call, the same end?"""
    if contact.attempts != attempt + 1 or contact.due_at != due_at:
        return False
    of_contact = select(CallAttempt).where(CallAttempt.contact_key == contact.key)
    last = session.scalar(of_contact.order_by(CallAttempt.id.desc()).limit(1))
    return last is not None and (last.user_id, last.outcome) == (user.id, outcome.code)


def _unfinished(contact: Contact | None, campaign_id: int) -> Contact:
    if contact is None or contact.campaign_id != campaign_id or contact.finished:
        raise Stale(_("С этим контактом уже закончили: исход записан раньше. Второй раз не записали ничего."))
    return contact


def _ended(
    session: Session, contact: Contact, user: User, outcome: Disposition, due_at: datetime | None = None
) -> None:
    moment = clock.now()
    began = contact.held_at if contact.held_by == user.id and contact.held_at else moment
    seconds = min(max(int((moment - began).total_seconds()), 0), LONGEST_SECONDS)
    session.add(
        CallAttempt(
            campaign_id=contact.campaign_id,
            contact_key=contact.key,
            user_id=user.id,
            began_at=began,
            seconds=seconds,
            outcome=outcome.code,
        )
    )
    contact.attempts += 1
    contact.outcome = telling(contact.outcome, outcome.code)
    contact.held_by = contact.held_at = contact.held_until = None
    contact.due_at = due_at
    contact.not_before = moment + timedelta(minutes=outcome.rest) if outcome.after == "retry" else None
    exhausted = outcome.after == "retry" and contact.attempts >= zones.calling().most_attempts
    if outcome.after == "final" or exhausted:
        forget(session, contact)
