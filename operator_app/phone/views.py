"""Telephone interviews: the next contact, the words to say, outcomes, pace."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("phone", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/phone")
access.only(
    bp,
    Role.OPERATOR,
    duties=(
        Duty.VERIFIER,
        Duty.INTERVIEWER,
    ),
)
