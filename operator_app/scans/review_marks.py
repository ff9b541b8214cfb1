"""The reviewer's screen: one crop, one question, one key. Doubts and samples come the same way, in one shape."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from accounts import access
from operator_app.scans.blueprint import bp
from paper import crops, decided, reviewing
from paper.decided import Kept
from paper.geometry import Spot
from paper.reviewing import Shown
from paper.tables import Doubt
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.refusals import NotFound, Refusal

WIDTH = 1000  # by which a page reserves the crop's place before it is there
BEFORE, AFTER = 6.0, 24.0  # millimetres: of air before the boxes, of the words after them
NO_STORE = {"Cache-Control": "no-store"}
TAKEN = _l("Это место уже решил другой человек, или лист больше не ждёт.")


@bp.get("/review/marks")
def review_marks(campaign_id: int) -> ResponseReturnValue:
    """The next crop of this person, held from now on, or (`?again=`) the one decided last."""
    session: Session = db.session()
    campaign, user = access.campaign_seen(session, campaign_id), access.the_user()
    items: list[dict[str, Any]] = []
    if campaign.stage == Stage.COLLECTING:
        with writing() as session:
            campaign = access.campaign_seen(session, campaign_id)
            items = told(session, campaign, reviewing.hand_out(session, campaign, user))
            if again := request.args.get("again"):
                doubt = reviewing.find(session, campaign, again)
                if doubt.decided_by != user.id or doubt.final is not None:
                    raise Refusal(_("Это место уже решил другой человек: изменить его нельзя."))
                items = [*told(session, campaign, [doubt]), *items]
    return render_template(
        "operator/scans/marks.html",
        here=campaign,
        collects=campaign.stage == Stage.COLLECTING,
        items=items,
        left=reviewing.left(session, campaign_id),
        words=reviewing.left(session, campaign_id, words=True),
        previous=request.args.get("previous", ""),
    )


@bp.post("/review/marks")
def review_decide(campaign_id: int) -> ResponseReturnValue:
    """One decision; the script is answered in JSON, and in the same words whatever the decision was about."""
    user, token = access.the_user(), request.form.get("token", "")
    try:
        with writing() as session:
            campaign = access.campaign_seen(session, campaign_id)
            kept = decided.decide(session, campaign, user, token, request.form.get("value", "-"))
            left = reviewing.left(session, campaign_id)
    except Refusal as refusal:
        if not for_script():
            raise
        db.session.rollback()
        return jsonify(outcome="refused", text=str(refusal)), 422, NO_STORE
    if for_script():
        return jsonify(outcome=kept.value, left=left), 200, NO_STORE
    if kept is Kept.TAKEN:
        flash(TAKEN)
    return redirect(url_for(".review_marks", campaign_id=campaign_id, previous=token))


@bp.post("/review/more")
def review_more(campaign_id: int) -> ResponseReturnValue:
    """For the script: what this person has in hand, as many as may be handed out at once."""
    with writing() as session:
        campaign = access.campaign_seen(session, campaign_id)
        collects = campaign.stage == Stage.COLLECTING
        items = (
            told(session, campaign, reviewing.hand_out(session, campaign, access.the_user()))
            if collects
            else []
        )
        left = reviewing.left(session, campaign_id)
    return jsonify(items=items, left=left), 200, NO_STORE


@bp.get("/review/state")
def review_state(campaign_id: int) -> ResponseReturnValue:
    """For the script: a fresh token, after an outage or a new sign-in."""
    access.campaign_seen(db.session(), campaign_id)
    return jsonify(user=access.the_user().id, token=generate_csrf()), 200, NO_STORE


@bp.post("/review/leave")
def review_leave(campaign_id: int) -> ResponseReturnValue:
    """Let go of what is in hand."""
    with writing() as session:
        access.campaign_seen(session, campaign_id)
        reviewing.let_go(session, access.the_user())
    return redirect(url_for(".review", campaign_id=campaign_id))


@bp.get("/review/pictures/<int(max=9223372036854775807):place>")
def review_picture(campaign_id: int, place: int) -> ResponseReturnValue:
    """The crop of one question, for whoever has it in hand. Raises NotFound."""
    session: Session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    doubt = reviewing.find(session, campaign, str(place))
    if not reviewing.may_see(doubt, access.the_user()):
        raise NotFound(str(place))
    try:
        made = reviewing.picture(session, reviewing.shown(session, doubt))
    except crops.NoPicture as error:
        raise NotFound(str(place)) from error
    return Response(made, mimetype="image/jpeg", headers=NO_STORE)


def told(session: Session, campaign: Campaign, doubts: Sequence[Doubt]) -> list[dict[str, Any]]:
    """What a page and its script know of each: nothing in it depends on why a person looks."""
    return [item(campaign, reviewing.shown(session, doubt)) for doubt in doubts]


def item(campaign: Campaign, found: Shown) -> dict[str, Any]:
    """One crop with its question. `near`: what of the crop holds the boxes, whatever is in them."""
    question, place, whole = found.question, found.doubt.place, found.spot.grown(crops.AIR)
    return {
        "token": str(place),
        "number": question.number,
        "caption": question.caption,
        "wording": question.wording,
        "choices": [[choice.value, choice.text] for choice in question.choices],
        "picture": url_for(".review_picture", campaign_id=campaign.id, place=place),
        "size": [WIDTH, round(WIDTH * whole.height / whole.width)],
        "near": _near(whole, found.boxes),
    }


def _near(whole: Spot, boxes: Sequence[Spot]) -> list[float]:
    """Left, right and middle height of the boxes with their words, of one."""
    if not boxes:
        return [0.0, 1.0, 0.5]
    left = min(box.x for box in boxes) - BEFORE - whole.x
    right = max(box.x + box.width for box in boxes) + AFTER - whole.x
    middle = sum(box.centre[1] for box in boxes) / len(boxes) - whole.y
    held = (max(0.0, left / whole.width), min(1.0, right / whole.width), middle / whole.height)
    return [round(value, 3) for value in held]


def for_script() -> bool:
    """Was this sent by the page's script?"""
    return request.accept_mimetypes.best == "application/json"
