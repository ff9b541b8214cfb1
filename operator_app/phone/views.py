"""The interviewer's pages: whose turn it is, what to say, how it ended. No address of theirs names a contact."""

from datetime import datetime
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from accounts import access
from operator_app.phone import asking, calls, numbers, queue, releases, sealing, supervising, zones
from operator_app.phone.dispositions import APPOINTMENT, disposition, dispositions, offered
from operator_app.phone.front import bp, calling_campaign, campaign_of, collects, over, secret
from operator_app.phone.tables import Contact
from operator_app.phone.words import words
from surveys import clock, library
from surveys.channels import CHANNELS
from surveys.db import db, writing
from surveys.models import Assessment, Campaign
from surveys.refusals import Refusal

__all__ = ["asking", "bp", "supervising"]


class Promised(NamedTuple):
    """A call promised: by the respondent's clock, by ours, about whom."""

    there: datetime
    here: datetime
    organization: str
    due: bool


@bp.get("/")
def index(campaign_id: int) -> ResponseReturnValue:
    """Where an interviewer begins: the next contact, promised calls, somebody who rang back."""
    campaign, user, session = campaign_of(campaign_id), access.the_user(), db.session()
    every, now = queue.waiting(session, campaign_id, user)
    return render_template(
        "operator/phone/index.html",
        campaign=campaign,
        over="" if collects(campaign) else over(campaign),
        held=queue.held(session, campaign_id, user) is not None,
        every=every,
        now=now,
        stopped=releases.word() if releases.stopped(session, campaign_id, user.id) else "",
        promised=_promised(session, campaign),
        rules=zones.calling(),
    )


def _promised(session: Session, campaign: Campaign) -> list[Promised]:
    own, moment = zones.of_region(campaign.region.name), clock.now()
    return [
        Promised(zones.local(due, zone), zones.local(due, own), organization.display_name, due <= moment)
        for due, zone, organization in queue.promised(session, campaign.id, access.the_user())
    ]


@bp.post("/next")
def next_contact(campaign_id: int) -> ResponseReturnValue:
    """Give the interviewer the next contact, and nobody else the same one."""
    calling_campaign(campaign_id)
    with writing() as session:
        taken = queue.next_contact(session, campaign_id, access.the_user()) is not None
    if taken:
        return redirect(url_for(".call", campaign_id=campaign_id))
    flash(_("Сейчас звонить некому: у всех либо ещё не подошло время, либо ночь, либо анкет уже достаточно."))
    return redirect(url_for(".index", campaign_id=campaign_id))


@bp.post("/inbound")
def inbound(campaign_id: int) -> ResponseReturnValue:
    """Somebody rings back: their contact, found by the number without reading any other."""
    calling_campaign(campaign_id)
    try:
        number = numbers.understood(request.form.get("number", "")).e164
    except numbers.NotANumber as error:
        raise Refusal(str(error)) from error
    with writing() as session:
        keys = sealing.keys_of(session, secret(), campaign_id)
        contact = queue.found(session, campaign_id, keys.mark(number)) if keys else None
        if contact is not None:
            queue.hold_for(session, contact, access.the_user())
    if contact is not None:
        return redirect(url_for(".call", campaign_id=campaign_id))
    flash(
        _(
            "Такого номера среди тех, кому ещё звонить, нет. Поблагодарите и предложите ответить по коду с плаката."
        )
    )
    return redirect(url_for(".index", campaign_id=campaign_id))


@bp.get("/call")
def call(campaign_id: int) -> ResponseReturnValue:
    """The one contact that this interviewer holds: the number, the words, the outcomes."""
    campaign, session = campaign_of(campaign_id), db.session()
    contact = queue.held(session, campaign_id, access.the_user()) if collects(campaign) else None
    if contact is None:
        return render_template("operator/phone/nobody.html", campaign=campaign, collects=collects(campaign))
    return _call_page(campaign, contact)


def _call_page(campaign: Campaign, contact: Contact, error: str = "") -> ResponseReturnValue:
    session = db.session()
    person, own = person_of(session, contact), zones.of_region(campaign.region.name)
    assessment = session.get_one(Assessment, contact.assessment_id)
    pinned = campaign.questionnaire_of(CHANNELS["phone"].number)
    asked = sum(one.required for one in library.pinned(pinned.name, pinned.sha256).questions)
    return render_template(
        "operator/phone/call.html",
        campaign=campaign,
        organization=assessment.organization,
        person=person,
        number=numbers.readable(person.number),
        there=zones.local(clock.now(), contact.zone),
        here=zones.local(clock.now(), own),
        zone=zones.offered(contact.zone),
        zone_title=zones.title(zones.offered(contact.zone)),
        zones=zones.calling().choices,
        attempts=contact.attempts,
        before=dispositions()[contact.outcome].title if contact.outcome else "",
        words=words(
            name=person.name,
            me=access.the_user().name or access.the_user().login,
            operator=campaign.operator,
            organization=assessment.organization.display_name,
            questions=ngettext("%(count)s вопрос", "%(count)s вопросов", asked, count=asked),
        ),
        groups=offered(),
        later=disposition(APPOINTMENT),
        rules=zones.calling(),
        token=sealing.call_token(secret(), sealing.Call(contact.key, contact.attempts)),
        call_name=sealing.call_name(secret(), contact.key, contact.attempts),
        error=error,
        typed=request.form,
    ), 422 if error else 200


def person_of(session: Session, contact: Contact) -> sealing.Person:
    """Whom a contact is about. Raises Locked."""
    keys = sealing.keys_of(session, secret(), contact.campaign_id)
    if keys is None or contact.sealed is None:
        raise Refusal(_("Номера этого контакта больше нет: он стёрт."))
    row = sealing.row_name(contact.campaign_id, contact.assessment_id, contact.key)
    return keys.opened(contact.sealed, row)


@bp.post("/call/outcome")
def outcome(campaign_id: int) -> ResponseReturnValue:
    """Write down how the call ended."""
    campaign, user = calling_campaign(campaign_id), access.the_user()
    taken = sealing.called(secret(), request.form.get("call", ""))
    chosen = disposition(request.form.get("outcome", ""))
    if chosen.at != "call":
        raise Refusal(_("Так кончается только сам опрос."))
    try:
        due_at = _appointment(taken.key) if chosen.code == APPOINTMENT else None
    except Refusal as refusal:
        contact = queue.held(db.session(), campaign_id, user)
        if contact is None or contact.key != taken.key:
            raise
        return _call_page(campaign, contact, str(refusal))
    with writing() as session:
        calls.record(session, campaign_id, user, taken, chosen, due_at)
    flash(_("Записано: %(title)s.", title=chosen.title.lower()))
    return redirect(url_for(".index", campaign_id=campaign_id))


def _appointment(key: int) -> datetime:
    contact = db.session().get(Contact, key)
    told = f"{request.form.get('day', '')}T{request.form.get('time', '')}"
    try:
        moment = datetime.fromisoformat(told).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError as error:
        raise Refusal(_("Укажите день и время, когда перезвонить.")) from error
    return calls.appointment(moment, contact.zone if contact else zones.MOSCOW)


@bp.post("/call/zone")
def zone(campaign_id: int) -> ResponseReturnValue:
    """Their clock shows something else: correct the time zone of the contact in hand."""
    calling_campaign(campaign_id)
    chosen = request.form.get("zone", "")
    if chosen not in zones.calling().choices:
        raise Refusal(_("Такого часового пояса нет. Выберите один из предложенных."))
    with writing() as session:
        contact = queue.held(session, campaign_id, access.the_user())
        if contact is not None:
            contact.zone = chosen
    return redirect(url_for(".call", campaign_id=campaign_id))


@bp.post("/call/release")
def release(campaign_id: int) -> ResponseReturnValue:
    """Put the contact back, uncalled; that is counted."""
    calling_campaign(campaign_id)
    with writing() as session:
        releases.let_go(session, campaign_id, access.the_user())
    flash(_("Контакт вернулся в очередь. Записано, что вы не звонили."))
    return redirect(url_for(".index", campaign_id=campaign_id))


@bp.post("/call/start")
def start(campaign_id: int) -> ResponseReturnValue:
    """They agreed: the contact is held for as long as an interview takes."""
    calling_campaign(campaign_id)
    with writing() as session:
        contact = queue.held(session, campaign_id, access.the_user())
        if contact is not None:
            queue.prolong(session, contact)
    return redirect(url_for(".interview", campaign_id=campaign_id))
