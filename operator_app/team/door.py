"""The team's blueprint and its guard: pages of several modules hang on it."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("team", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/team")
access.only(bp, Role.OPERATOR, duties=tuple(Duty))
bp.context_processor(lambda: {"may_open": access.may_open})
