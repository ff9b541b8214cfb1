"""The team: assignments, queues, who did what."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from accounts import access
from accounts.models import Duty, Role
from operator_app.team import holds
from surveys.db import db, writing
from surveys.refusals import Held, NotFound

bp = Blueprint("team", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/team")
access.only(bp, Role.OPERATOR, duties=tuple(Duty))

LONGEST_SUBJECT = 80
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@bp.post("/hold")
def hold(campaign_id: int) -> ResponseReturnValue:
    """What an open page says of the thing it holds: still at work, or gone. Answers the page's script, not a person."""
    access.campaign_seen(db.session(), campaign_id)
    subject = request.form.get("subject", "")
    if not subject.startswith(f"{campaign_id}/") or len(subject) > LONGEST_SUBJECT or "\0" in subject:
        raise NotFound(subject[:LONGEST_SUBJECT])
    act = holds.release if request.form.get("act") == "release" else holds.renew
    try:
        with writing() as session:
            act(session, subject, access.the_user())
    except Held as refused:
        return str(refused), 409, PLAIN
    return generate_csrf(), 200, PLAIN  # a page open for hours must still be able to save
