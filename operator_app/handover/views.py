"""The hand-over: checks, the operator's report, submission to the council, its remarks."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint(
    "handover", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/report"
)
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))
