"""Files as operators have them: upload, columns, report, commit or none, undo by batch."""

from flask import Blueprint

from accounts import access
from accounts.models import Duty, Role

bp = Blueprint("files", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/files")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))
