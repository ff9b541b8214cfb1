"""The sample cockpit: targets, forecast, gauges, and where to go tomorrow."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("sample", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/sample")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))
