"""The second person: what was read otherwise than the reader had, or could not be read; both readings are shown."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import Duty
from operator_app.scans.blueprint import bp
from operator_app.scans.review_marks import TAKEN, item
from paper import decided, reviewing
from paper.decided import Kept
from paper.settled import TWO, UNREADABLE
from paper.tables import DoubtKind
from surveys.db import db, writing
from surveys.models import Stage
from surveys.questionnaire import Question


@bp.get("/review/second")
@access.entrusted(Duty.VERIFIER)
def review_second(campaign_id: int) -> ResponseReturnValue:
    """The next dispute that this person may decide."""
    session: Session = db.session()
    campaign, user = access.campaign_seen(session, campaign_id), access.the_user()
    waiting = reviewing.disputes(session, campaign, user) if campaign.stage == Stage.COLLECTING else []
    found = reviewing.shown(session, waiting[0]) if waiting else None
    readings: list[tuple[str, str]] = []
    if found is not None:
        if found.doubt.kind == DoubtKind.SAMPLE:
            readings.append((_("Служба прочла:"), said(found.question, found.doubt.read or "")))
        readings.append((_("Человек увидел:"), said(found.question, found.doubt.decided or "")))
    return render_template(
        "operator/scans/second.html",
        campaign=campaign,
        item=item(campaign, found) if found else None,
        readings=readings,
        alone=found is not None and found.doubt.decided_by == user.id,
        left=len(waiting),
    )


@bp.post("/review/second")
@access.entrusted(Duty.VERIFIER)
def review_decide_second(campaign_id: int) -> ResponseReturnValue:
    """The second person's decision, which is the last."""
    with writing() as session:
        campaign = access.campaign_seen(session, campaign_id)
        token, value = request.form.get("token", ""), request.form.get("value", "-")
        kept = decided.decide_second(session, campaign, access.the_user(), token, value)
    flash(TAKEN if kept is Kept.TAKEN else _("Решение записано."))
    return redirect(url_for(".review_second", campaign_id=campaign_id))


def said(question: Question, value: str) -> str:
    """A reading in words."""
    if value == TWO:
        return str(_("две отметки"))
    if value == UNREADABLE:
        return str(_("не разобрать"))
    texts = {choice.value: choice.text for choice in question.choices}
    return f"«{texts[value]}»" if value in texts else str(_("нет ответа"))
