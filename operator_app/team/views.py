"""The team: assignments, queues, who did what."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("team", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/team")
access.only(bp, Role.OPERATOR, duties=tuple(Duty))
