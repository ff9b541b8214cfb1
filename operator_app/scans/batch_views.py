"""Batches of scans: the list and the upload, one batch, what may be done about it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts import access
from operator_app.scans.blueprint import bp
from surveys.db import db
from surveys.models import Stage


@bp.get("/")
def index(campaign_id: int) -> ResponseReturnValue:
    """What was scanned, and the door for more."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    return render_template(
        "operator/scans/index.html", campaign=campaign, collects=campaign.stage == Stage.COLLECTING
    )
