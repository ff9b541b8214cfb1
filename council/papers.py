"""Papers of the council as files: the workbook with formulas."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from accounts import access
from accounts.models import Role
from council import workbooks
from council.shelf import read_inside
from surveys.db import db
from surveys.results import CampaignResults

ONE = "/<int(max=2147483647):campaign_id>"
bp = Blueprint("papers", __name__, url_prefix="/council/campaigns")
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR, Role.OPERATOR)


@bp.get(f"{ONE}.xlsx")
def workbook(campaign_id: int) -> ResponseReturnValue:
    """The campaign as a workbook with formulas."""
    found = _results(campaign_id)
    content = workbooks.workbook(found, access.the_user().login, inside=True)
    return _file(content, workbooks.MIME, f"nok-{found.facts.year}-{found.facts.sector}-{campaign_id}.xlsx")


def _results(campaign_id: int) -> CampaignResults:
    return read_inside(access.campaign_seen(db.session(), campaign_id))


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, content_type=mimetype)
