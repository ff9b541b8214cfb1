"""The pages of an interview: one question at a time, counted at the end, the contact forgotten with it."""

from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access
from operator_app.phone import calls, queue, sealing
from operator_app.phone.front import bp, calling_campaign, campaign_of, collects, secret
from operator_app.phone.interview import (
    Step,
    beginning,
    broken_off,
    carried,
    given,
    moved,
    signed,
    unfinished,
)
from operator_app.phone.tables import Contact
from operator_app.phone.words import words
from surveys import keys, library
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.db import db, writing
from surveys.intake import Finished, Outcome
from surveys.models import Assessment, Campaign, Organization, Pinned
from surveys.questionnaire import Questionnaire, heard, packed
from surveys.refusals import BadKey, Stale

PHONE = CHANNELS["phone"]


class Talk(NamedTuple):
    """What an interview is about; the contact itself is known by the page's sealed word alone."""

    campaign: Campaign
    organization: Organization
    assessment_id: int
    pinned: Pinned
    questionnaire: Questionnaire
    call: str
    call_name: str
    key: str


@bp.get("/interview")
def interview(campaign_id: int) -> ResponseReturnValue:
    """The first question; what this browser remembers of the call is put back by its own script."""
    campaign = campaign_of(campaign_id)
    contact = queue.held(db.session(), campaign_id, access.the_user()) if collects(campaign) else None
    if contact is None:
        return render_template("operator/phone/nobody.html", campaign=campaign, collects=collects(campaign))
    talk = _talk(campaign, contact, sealing.Call(contact.key, contact.attempts), key="")
    return _page(talk, beginning(talk.questionnaire))


@bp.post("/interview")
def answer(campaign_id: int) -> ResponseReturnValue:
    """One step on or back, the end, or a breaking off."""
    campaign, form = calling_campaign(campaign_id), request.form
    call = sealing.called(secret(), form.get("call", ""))
    talk = _talk(campaign, _contact(campaign, call), call, form.get("key", ""))
    told = {**carried(secret(), form.get("state", "")), **given(talk.questionnaire, form)}
    go = form.get("go", "next")
    if go == "break":
        return _break_off(talk, call, told)
    if go == "finish":
        missing = unfinished(talk.questionnaire, told)
        return _page(talk, missing, 422) if missing else _finish(talk, call, told)
    step = moved(talk.questionnaire, told, form.get("at", ""), back=go == "back")
    return _page(talk, step, 422 if step.error else 200)


def _contact(campaign: Campaign, call: sealing.Call) -> Contact:
    contact = db.session().get(Contact, call.key)
    if contact is None or contact.campaign_id != campaign.id:
        raise Stale(_("Страница опроса устарела. Откройте раздел «Телефон» заново."))
    return contact


def _talk(campaign: Campaign, contact: Contact, call: sealing.Call, key: str) -> Talk:
    pinned = campaign.questionnaire_of(PHONE.number)
    fresh = keys.minted(secret().encode(), _about(campaign.id, contact.key)).decode()
    return Talk(
        campaign,
        db.session().get_one(Assessment, contact.assessment_id).organization,
        contact.assessment_id,
        pinned,
        library.pinned(pinned.name, pinned.sha256),
        sealing.call_token(secret(), call),
        sealing.call_name(secret(), contact.key, contact.attempts),
        key or fresh,
    )


def _about(campaign_id: int, contact_key: int) -> str:
    """What a form's key is good for: this contact alone. It only seals; the response's key comes from the nonce."""
    return f"phone/{campaign_id}/{contact_key}"


def _page(talk: Talk, step: Step, status: int = 200) -> ResponseReturnValue:
    user = access.the_user()
    return render_template(
        "operator/phone/interview.html",
        campaign=talk.campaign,
        organization=talk.organization,
        questionnaire=talk.questionnaire,
        total=len(talk.questionnaire.numbered),
        step=step,
        state=signed(secret(), step.answers),
        call=talk.call,
        call_name=talk.call_name,
        key=talk.key,
        words=words(
            name="",
            me=user.name or user.login,
            operator=talk.campaign.operator,
            organization=talk.organization.display_name,
            questions="",
        ),
    ), status


def _finish(talk: Talk, call: sealing.Call, told: dict[str, str]) -> ResponseReturnValue:
    try:
        response_key = keys.opened(secret().encode(), _about(talk.campaign.id, call.key), talk.key)
    except BadKey as error:
        raise Stale(
            _("Эта страница — от другого опроса: анкета не учтена. Откройте раздел «Телефон» заново.")
        ) from error
    answers = heard(talk.questionnaire, told, blanks=PHONE.blanks).answers
    finished = Finished(
        key=response_key,
        campaign_id=talk.campaign.id,
        assessment_id=talk.assessment_id,
        questionnaire=talk.questionnaire,
        questionnaire_id=talk.pinned.id,
        channel=PHONE.number,
        day=today(),
        answers=packed(talk.questionnaire, answers),
        proposal="\n\n".join(answers[name] for name in talk.questionnaire.worded if name in answers),
    )
    with writing() as session:
        became = calls.finish(session, finished.campaign_id, access.the_user(), call.key, finished)
    if became is Outcome.DIFFERS:
        flash(_("Эта анкета уже учтена раньше с другими ответами. Остались первые."))
    else:
        flash(_("Анкета учтена, номер стёрт."))
    return redirect(url_for(".index", campaign_id=finished.campaign_id))


def _break_off(talk: Talk, call: sealing.Call, told: dict[str, str]) -> ResponseReturnValue:
    campaign_id = talk.campaign.id
    with writing() as session:
        chosen = broken_off(talk.questionnaire, told)
        calls.record(session, campaign_id, access.the_user(), call, chosen)
    flash(_("Записано: опрос прерван. Ответы не учтены и не сохранены, номер стёрт."))
    return redirect(url_for(".index", campaign_id=campaign_id))
