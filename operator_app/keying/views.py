"""Paper keyed by hand: stacks, sheets, second keying, disagreements, error rate."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("keying", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/keying")
access.only(
    bp,
    Role.OPERATOR,
    duties=(
        Duty.VERIFIER,
        Duty.INTERVIEWER,
    ),
)
