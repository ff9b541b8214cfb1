"""Visits by check-list, their evidence, two inspectors compared, the inspection itself."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint(
    "inspections", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/inspections"
)
access.only(
    bp,
    Role.OPERATOR,
    duties=(
        Duty.VERIFIER,
        Duty.INSPECTOR,
    ),
)
