"""The head's section of old reports: bring one, confirm its columns, say which organisations these are, compare."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from accounts import access, audit
from accounts.models import Duty, Role
from documents import old_reports as arranged
from documents.keeping import MIME
from operator_app.files import batches
from operator_app.files.storage import plain_name
from operator_app.old_reports import forms, work
from operator_app.old_reports.forms import ReportForm
from surveys import queue
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.old_reports import bringing, keeping, reading, tables
from surveys.old_reports.targets import FIGURES, short_title
from surveys.refusals import NotFound, Refusal
from surveys.releases import OldReport

bp = Blueprint(
    "old_reports", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/old-reports"
)
access.only(bp, Role.OPERATOR, duties=(Duty.HEAD,))

ENVELOPE = 2**20  # what a form weighs around its file
REPORT = "/<int(max=2147483647):report_id>"
PREVIEW = 20
SHOWN_REFUSALS = 200


@bp.get("")
def index(campaign_id: int) -> ResponseReturnValue:
    """The old reports of a campaign, and the door for one more."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    return _listed(campaign, ReportForm(year=campaign.year - 1))


@bp.post("")
@access.takes(2 * reading.MOST_BYTES + ENVELOPE)
def bring(campaign_id: int) -> ResponseReturnValue:
    """Take a table down and understand it."""
    campaign, form = access.campaign_seen(db.session(), campaign_id), ReportForm()
    if not form.validate():
        return _listed(campaign, form)
    try:
        return redirect(
            _here("comparison", campaign_id, _brought(campaign_id, form.year.data, form.file.data)), 303
        )
    except Refusal as refusal:
        form.file.errors = [*form.file.errors, str(refusal)]
        return _listed(access.campaign_seen(db.session(), campaign_id), form)


def _brought(campaign_id: int, year: int, file: FileStorage) -> int:
    login, name = access.the_user().login, plain_name(file.filename)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "report"
        file.save(kept)
        with writing() as session:
            campaign = access.campaign_seen(session, campaign_id)
            report = bringing.bring(session, campaign, year, kept, name, login)
            if report.made_by != login or keeping.about(report.content):
                flash(_("Точно такой же файл за этот год уже загружен: вот он. Второй раз он не нужен."))
            else:
                audit.record(
                    session,
                    login,
                    "old-report-brought",
                    f"{campaign_id}/{report.id}",
                    year=year,
                    file=name[:200],
                )
            return report.id


def _listed(campaign: Campaign, form: ReportForm) -> ResponseReturnValue:
    session = db.session()
    found = keeping.of_campaign(session, campaign.id)
    names = batches.names(session, {one.made_by for one in found})
    lines = [arranged.listed(one, names, _here("comparison", campaign.id, one.id)) for one in found]
    status = 422 if form.errors else 200
    return render_template(
        "operator/old_reports/index.html", campaign=campaign, form=form, lines=lines
    ), status


@bp.get(REPORT)
def comparison(campaign_id: int, report_id: int) -> ResponseReturnValue:
    """A report: its columns while it is a draft, the comparison once it is taken."""
    campaign, report = _report(campaign_id, report_id)
    if not keeping.about(report.content):
        return _draft(campaign, report)
    told = arranged.comparison(report, campaign, request.args, bp.name)
    undo = _here("undoing", campaign_id, report_id)
    return render_template(
        "old_reports/comparison.html", frame="operator/frame.html", campaign=campaign, undo_url=undo, **told
    )


def _draft(campaign: Campaign, report: OldReport, refusal: str = "") -> ResponseReturnValue:
    session = db.session()
    found = bringing.understood(session, report, campaign)
    sheet = next(one for one in reading.read(report.content["sheets"]) if one.name == found.layout.sheet)
    lines = {line.row: line for line in found.parsed.lines}
    return render_template(
        "operator/old_reports/draft.html",
        campaign=campaign,
        report=report,
        found=found,
        columns=forms.columns(found.layout, sheet),
        choices=forms.choices(found.rules.edition),
        figures=[(at, short_title(at)) for at in FIGURES if at in found.layout.columns.values()],
        preview=found.parsed.lines[:PREVIEW],
        asked=[(lines[row], found.matches[row]) for row in found.asked],
        refused=found.parsed.refused[:SHOWN_REFUSALS],
        refusal=refusal or found.missing,
        exactly=tables.as_written,
    ), 422 if refusal else 200


@bp.get(f"{REPORT}/rows/<int(max=2147483647):row>")
def organization(campaign_id: int, report_id: int, row: int) -> ResponseReturnValue:
    """One organisation of the report."""
    campaign, report = _report(campaign_id, report_id)
    told = arranged.organization(report, campaign, row, bp.name)
    return render_template(
        "old_reports/organization.html", frame="operator/frame.html", campaign=campaign, **told
    )


@bp.get(f"{REPORT}/comparison.<any(csv, xlsx):ending>")
def table(campaign_id: int, report_id: int, ending: str) -> ResponseReturnValue:
    """The whole comparison as a table."""
    campaign, report = _report(campaign_id, report_id)
    name, made = arranged.file(report, campaign, ending)
    return send_file(made, MIME[ending], as_attachment=True, download_name=name, max_age=0)


@bp.post(f"{REPORT}/sheet")
def choose(campaign_id: int, report_id: int) -> ResponseReturnValue:
    """Another sheet or row of headings: the columns are proposed anew."""
    sheet, first = request.form.get("sheet", ""), request.form.get("first", 0, type=int)
    return _changed(campaign_id, report_id, lambda report: bringing.choose(report, sheet, max(0, first)))


@bp.post(f"{REPORT}/columns")
@access.takes(ENVELOPE, parts=5000)
def confirm(campaign_id: int, report_id: int) -> ResponseReturnValue:
    """Columns and organisations as a person says; taken when asked for, and nothing else was changed by it."""
    campaign, report = _report(campaign_id, report_id)
    if keeping.about(report.content):
        return redirect(_here("comparison", campaign_id, report_id), 303)
    found = bringing.understood(db.session(), report, campaign)
    chosen = forms.mapping(request.form, found.layout)
    if twice := forms.doubled(chosen, dict(forms.choices(found.rules.edition))):
        return _draft(campaign, report, twice)
    told = forms.organizations(request.form, found)

    def change(draft: OldReport) -> None:
        bringing.map_columns(draft, chosen)
        bringing.answer(draft, told)

    same = chosen == dict(found.layout.columns)
    answer = _changed(campaign_id, report_id, change)
    if "take" not in request.form or not same or found.missing:
        if "take" in request.form and not same:
            flash(_("Столбцы изменены. Проверьте, что понято теперь, и нажмите ещё раз."))
        return answer
    login = access.the_user().login
    with writing() as session:
        leads_to = _here("comparison", campaign_id, report_id)
        job = queue.later(
            session, "old-reports.take", login, leads_to=leads_to, report_id=report_id, by=login
        )
        job_id = job.id
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _changed(campaign_id: int, report_id: int, change: Callable[[OldReport], None]) -> ResponseReturnValue:
    login = access.the_user().login
    try:
        with writing() as session:
            access.campaign_seen(session, campaign_id)
            change(keeping.one(session, campaign_id, report_id))
            audit.record(session, login, "old-report-changed", f"{campaign_id}/{report_id}")
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        flash(str(refusal))
    return redirect(_here("comparison", campaign_id, report_id), 303)


@bp.get(f"{REPORT}/undo")
def undoing(campaign_id: int, report_id: int) -> ResponseReturnValue:
    """What would disappear."""
    campaign, report = _report(campaign_id, report_id)
    return render_template(
        "operator/old_reports/undo.html",
        campaign=campaign,
        report=report,
        organizations=len(report.content.get("figures", ())),
        back=_here("comparison", campaign_id, report_id),
    )


@bp.post(f"{REPORT}/undo")
def undo(campaign_id: int, report_id: int) -> ResponseReturnValue:
    """Let a report go."""
    login = access.the_user().login
    with writing() as session:
        access.campaign_seen(session, campaign_id)
        report = keeping.one(session, campaign_id, report_id)
        subject = f"{campaign_id}/{report_id}"
        audit.record(
            session, login, "old-report-undone", subject, year=report.year, file=report.file_name[:200]
        )
        bringing.undo(session, report)
    flash(_("Отчёт убран: в сравнении его чисел больше нет."))
    return redirect(url_for(".index", campaign_id=campaign_id), 303)


def _here(endpoint: str, campaign_id: int, report_id: int) -> str:
    return url_for(f"old_reports.{endpoint}", campaign_id=campaign_id, report_id=report_id)


def _report(campaign_id: int, report_id: int) -> tuple[Campaign, OldReport]:
    session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    return campaign, keeping.one(session, campaign_id, report_id)


__all__ = ["bp", "work"]
