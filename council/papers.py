"""Papers of the council as files: the workbook with formulas, the document to be edited, the protocol of a meeting."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from accounts import access
from accounts.models import Role
from council import files, minutes
from council.shelf import read_inside
from documents.keeping import MIME
from documents.protocol import protocol_docx, protocol_pdf
from surveys import handover
from surveys.db import db
from surveys.refusals import NotFound

ONE = "/<int(max=2147483647):campaign_id>"
bp = Blueprint("papers", __name__, url_prefix="/council/campaigns")
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR, Role.OPERATOR)
own = Blueprint("minutes", __name__, url_prefix="/council/campaigns")
access.only(own, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR)

PROTOCOL = f"{ONE}/packages/<int(max=2147483647):package>/protocol"


@bp.get(f"{ONE}.xlsx")
def workbook(campaign_id: int) -> ResponseReturnValue:
    """The campaign's results as a workbook with formulas."""
    return _of_results(campaign_id, "xlsx")


@bp.get(f"{ONE}.docx")
def document(campaign_id: int) -> ResponseReturnValue:
    """The campaign's results as a document to be edited."""
    return _of_results(campaign_id, "docx")


@own.get(f"{PROTOCOL}.<any(pdf, docx):paper>")
def protocol(campaign_id: int, package: int, paper: str) -> ResponseReturnValue:
    """The protocol of the meeting upon a package, as it stands now."""
    session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    found = handover.package(session, campaign_id, package)
    if found is None:
        raise NotFound(str(package))
    told = minutes.protocol(session, campaign, found)
    name = f"protokol-{campaign.year}-{campaign.id}-paket-{found.number}.{paper}"
    content = protocol_pdf(told) if paper == "pdf" else protocol_docx(told)
    return _file(content, MIME[paper], name)


def _of_results(campaign_id: int, kind: str) -> Response:
    found = read_inside(access.campaign_seen(db.session(), campaign_id))
    content = files.file_of(found, kind, access.the_user().login, inside=True)
    return _file(content, MIME[kind], f"nok-{found.facts.year}-{found.facts.sector}-{campaign_id}.{kind}")


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, content_type=mimetype)
