"""Old reports as the council reads them: what another operator reported, what follows from it, what differs and why."""

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts import access
from accounts.models import Role
from documents import old_reports as arranged
from documents.keeping import MIME
from surveys.db import db
from surveys.models import Campaign
from surveys.old_reports import keeping
from surveys.refusals import NotFound
from surveys.releases import OldReport

bp = Blueprint(
    "council_old_reports",
    __name__,
    url_prefix="/council/campaigns/<int(max=2147483647):campaign_id>/old-reports",
)
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR)

REPORT = "/<int(max=2147483647):report_id>"
FRAME = "council/frame.html"


@bp.get("")
def index(campaign_id: int) -> ResponseReturnValue:
    """The old reports that were taken for comparison."""
    session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    found = [one for one in keeping.of_campaign(session, campaign_id) if keeping.about(one.content)]
    lines = [
        arranged.listed(one, {}, url_for(".comparison", campaign_id=campaign_id, report_id=one.id))
        for one in found
    ]
    return render_template("council/old_reports.html", campaign=campaign, lines=lines)


@bp.get(REPORT)
def comparison(campaign_id: int, report_id: int) -> ResponseReturnValue:
    """A report held against what follows from it."""
    campaign, report = _taken(campaign_id, report_id)
    told = arranged.comparison(report, campaign, request.args, bp.name)
    return render_template("old_reports/comparison.html", frame=FRAME, campaign=campaign, undo_url="", **told)


@bp.get(f"{REPORT}/rows/<int(max=2147483647):row>")
def organization(campaign_id: int, report_id: int, row: int) -> ResponseReturnValue:
    """One organisation of the report."""
    campaign, report = _taken(campaign_id, report_id)
    told = arranged.organization(report, campaign, row, bp.name)
    return render_template("old_reports/organization.html", frame=FRAME, campaign=campaign, **told)


@bp.get(f"{REPORT}/comparison.<any(csv, xlsx):ending>")
def table(campaign_id: int, report_id: int, ending: str) -> ResponseReturnValue:
    """The whole comparison as a table."""
    campaign, report = _taken(campaign_id, report_id)
    name, made = arranged.file(report, campaign, ending)
    return send_file(made, MIME[ending], as_attachment=True, download_name=name, max_age=0)


def _taken(campaign_id: int, report_id: int) -> tuple[Campaign, OldReport]:
    session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    report = keeping.one(session, campaign_id, report_id)
    if not keeping.about(report.content):
        raise NotFound(str(report_id))
    return campaign, report
