"""The supervisor's pages: pace and outcomes without a number or an answer in them, and the lists to call."""

import os
import tempfile

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from accounts import access, audit
from accounts.models import Duty
from operator_app.phone import lists, outcomes, releases, zones
from operator_app.phone.front import bp, calling_campaign, campaign_of, collects, over, secret
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.refusals import Refusal
from surveys.registry.reading import FileRefused

LARGEST_LIST = 20 * 2**20
SHOWN_REFUSALS = 200


@bp.get("/supervision")
@access.entrusted(Duty.VERIFIER)
def supervision(campaign_id: int) -> ResponseReturnValue:
    """Who calls, how it ends, where contacts are left."""
    campaign, session = campaign_of(campaign_id), db.session()
    return render_template(
        "operator/phone/supervision.html",
        campaign=campaign,
        over="" if collects(campaign) else over(campaign),
        summary=outcomes.summary(session, campaign_id),
        calling=outcomes.calling(session, campaign_id),
        left=outcomes.left(session, campaign_id),
        stopped=releases.all_stopped(session, campaign_id) if collects(campaign) else [],
    )


@bp.post("/supervision/let-on")
@access.entrusted(Duty.HEAD)
def let_on(campaign_id: int) -> ResponseReturnValue:
    """The head has spoken with an interviewer who put back too many contacts, and lets him call on."""
    calling_campaign(campaign_id)
    login = request.form.get("login", "")
    with writing() as session:
        stopped = {one.login: one for one in releases.all_stopped(session, campaign_id)}
        if login in stopped:
            releases.let_on(session, campaign_id, stopped[login].id)
            audit.record(session, access.the_user().login, "calls-let-on", str(campaign_id), whom=login)
    flash(_("Интервьюер снова может звонить."))
    return redirect(url_for(".supervision", campaign_id=campaign_id))


@bp.get("/contacts")
@access.entrusted(Duty.VERIFIER)
def contacts(campaign_id: int) -> ResponseReturnValue:
    """Where a list is loaded."""
    return _contacts_page(campaign_of(campaign_id))


@bp.post("/contacts")
@access.entrusted(Duty.VERIFIER)
@access.takes(LARGEST_LIST)
def take_list(campaign_id: int) -> ResponseReturnValue:
    """Take a list in, or say what would become of it. The answer names refused rows; nothing keeps them."""
    campaign = calling_campaign(campaign_id)
    sent, zone = request.files.get("file"), request.form.get("zone", "")
    if sent is None or not sent.filename:
        return _contacts_page(campaign, error=_("Выберите файл со списком: CSV или XLSX."))
    if zone not in zones.calling().choices:
        zone = ""
    dry_run = "dry_run" in request.form
    try:
        report = _taken(campaign, sent, zone, dry_run=dry_run)
    except (Refusal, FileRefused) as refusal:
        return _contacts_page(campaign_of(campaign_id), error=str(refusal))
    return _contacts_page(campaign_of(campaign_id), report=report, dry_run=dry_run)


def _taken(campaign: Campaign, sent: FileStorage, zone: str, *, dry_run: bool) -> lists.Report:
    """Through a file without a name: it is gone from the disk the moment it is closed, whatever happens."""
    campaign_id = campaign.id
    with tempfile.TemporaryFile() as unnamed:
        sent.save(unnamed)
        unnamed.flush()
        path = f"/proc/self/fd/{unnamed.fileno()}"
        if not os.path.exists(path):
            path = f"/dev/fd/{unnamed.fileno()}"
        lines, report = lists.read_list(db.session(), campaign, path, zone)
    lists.load(secret(), campaign_id, lines, report, access.the_user().login, dry_run=dry_run)
    return report


def _contacts_page(
    campaign: Campaign, *, error: str = "", report: lists.Report | None = None, dry_run: bool = False
) -> ResponseReturnValue:
    return render_template(
        "operator/phone/contacts.html",
        campaign=campaign,
        over="" if collects(campaign) else over(campaign),
        zones=zones.calling().choices,
        zone=request.form.get("zone") or zones.offered(zones.of_region(campaign.region.name)),
        error=error,
        report=report,
        refused=report.refused[:SHOWN_REFUSALS] if report else [],
        dry_run=dry_run,
    ), 422 if error else 200
