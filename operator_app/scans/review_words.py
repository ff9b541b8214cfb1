"""Words written by hand: the crop beside a box to type them into."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import access
from operator_app.scans.blueprint import bp
from operator_app.scans.review_marks import TAKEN, item
from paper import decided, reviewing
from paper.decided import Kept
from paper.settled import UNREADABLE
from surveys.db import db, writing
from surveys.models import Stage
from surveys.refusals import Refusal

AHEAD = 3


@bp.get("/review/words")
def review_words(campaign_id: int) -> ResponseReturnValue:
    """The next words of this person, held from now on."""
    session: Session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    if campaign.stage == Stage.COLLECTING:
        return _screen(campaign_id)
    return render_template("operator/scans/words.html", campaign=campaign, item=None, left=0)


@bp.post("/review/words")
def review_type(campaign_id: int) -> ResponseReturnValue:
    """What was typed, or that there is nothing, or that nobody can read it."""
    act, text = request.form.get("act", ""), request.form.get("text", "")
    token = request.form.get("token", "")
    if act == "type" and not text.strip():
        wrong = _("Наберите, что написано, или нажмите «Здесь ничего нет».")
        return _screen(campaign_id, token, text, wrong), 422
    typed = {"nothing": "", "unreadable": UNREADABLE}.get(act, text)
    try:
        with writing() as session:
            campaign = access.campaign_seen(session, campaign_id)
            kept = decided.type_words(session, campaign, access.the_user(), token, typed)
    except Refusal as refusal:
        db.session.rollback()
        return _screen(campaign_id, token, text, str(refusal)), 422
    if kept is Kept.TAKEN:
        flash(TAKEN)
    return redirect(url_for(".review_words", campaign_id=campaign_id))


def _screen(campaign_id: int, token: str = "", text: str = "", wrong: str = "") -> str:
    """The crop and the box; `wrong`: what was typed could not be kept."""
    with writing() as session:
        campaign = access.campaign_seen(session, campaign_id)
        mine = reviewing.hand_out(session, campaign, access.the_user(), words=True, number=AHEAD)
        chosen = next((one for one in mine if str(one.place) == token), next(iter(mine), None))
        shown = reviewing.shown(session, chosen) if chosen else None
        told: dict[str, Any] | None = item(campaign, shown) if shown else None
        most = shown.question.max_length if shown else 0
        left = reviewing.left(session, campaign_id, words=True)
    return render_template(
        "operator/scans/words.html",
        campaign=campaign,
        item=told,
        left=left,
        text=text,
        wrong=wrong,
        most=most,
    )
