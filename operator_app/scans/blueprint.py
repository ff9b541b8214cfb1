"""The blueprint of scans: its pages are told in several modules, and views.py brings them together."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("scans", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/scans")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER, Duty.INTERVIEWER))
BATCH = "/<int(max=2147483647):batch_id>"
