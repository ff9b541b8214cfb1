"""The sample's blueprint and its guard: pages of two modules hang on it."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role
from operator_app.sample.words import teach

bp = Blueprint("sample", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/sample")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))
teach(bp)
