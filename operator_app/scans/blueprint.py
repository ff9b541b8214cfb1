"""The blueprint of scans: its pages are told in several modules, and views.py brings them together."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("scans", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/scans")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER, Duty.INTERVIEWER))
BATCH = "/<int(max=2147483647):scans_id>"  # files have a `batch_id` of their own
SHEET = f"{BATCH}/sheets/<int(max=2147483647):sheet_id>"
PAGE = f"{BATCH}/pages/<int(max=2147483647):page_id>"
