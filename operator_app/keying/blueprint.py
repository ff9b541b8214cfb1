"""The blueprint of keying: its pages are told in three modules, and views.py brings them together."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("keying", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/keying")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER, Duty.INTERVIEWER))
STACK = "/<int(max=2147483647):stack_id>"
SHEET = f"{STACK}/sheets/<int(max=32767):sheet_number>"
