"""The operator's studio: one organisation's poster, and a campaign's posters made in the background."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from accounts import access, audit
from accounts.models import Role
from documents.keeping import MIME
from studio import choosing, disk, work
from studio.choosing import RunForm, SheetForm
from surveys import bundles, posters, queries
from surveys.db import db, writing
from surveys.jobs import Job
from surveys.models import Campaign, Organization
from surveys.refusals import NotFound

# The command `nok posters` comes with this room, at the top level.
bp = Blueprint(
    "studio", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>", cli_group=None
)
access.only(bp, Role.OPERATOR)

SHOWN = 10


@bp.get("/organizations/<code>/posters")
def sheet(campaign_id: int, code: str) -> ResponseReturnValue:
    """The page where one organisation's poster is chosen."""
    campaign, organization = _seen(campaign_id, code)
    return _sheet(campaign, organization, choosing.looked(db.session(), organization))


@bp.post("/organizations/<code>/posters")
def made(campaign_id: int, code: str) -> ResponseReturnValue:
    """The poster as a file."""
    campaign, organization = _seen(campaign_id, code)
    form = SheetForm()
    if form.validate_on_submit():
        return choosing.file(organization, form, request.form.get("kind", ""))
    return _sheet(campaign, organization, choosing.shown(db.session(), organization, form)), 422


@bp.get("/organizations/<code>/posters/preview.png")
def preview(campaign_id: int, code: str) -> ResponseReturnValue:
    """What it would look like."""
    return choosing.preview(db.session(), _seen(campaign_id, code)[1])


@bp.get("/posters")
def run(campaign_id: int) -> ResponseReturnValue:
    """Posters of the whole campaign: what to make, what is being made, what is there."""
    return _run(access.campaign_seen(db.session(), campaign_id), RunForm())


@bp.post("/posters")
def begin(campaign_id: int) -> ResponseReturnValue:
    """Have them made."""
    campaign, form = access.campaign_seen(db.session(), campaign_id), RunForm()
    if not form.validate_on_submit():
        return _run(campaign, form), 422
    here, base_url = url_for(".run", campaign_id=campaign.id), current_app.config["BASE_URL"]
    wanted: dict[str, Any] = {
        "format": form.format.data, "skin": form.skin.data, "languages": form.languages.data,
        "places": form.named, "kind": form.kind.data,
    }  # fmt: skip
    login = access.the_user().login
    total = posters.how_many(db.session(), posters.chosen(campaign_id=campaign.id)) * max(1, len(form.named))
    try:
        work.room(wanted, total)
    except disk.NoRoom as refusal:
        form.form_errors.append(str(refusal))
        return _run(campaign, form), 422
    db.session.rollback()
    with writing() as session:
        job = work.ask(session, campaign.id, base_url, login, here, wanted)
        audit.record(
            session, login, "posters-asked", str(campaign.id), format=form.format.data, places=len(form.named)
        )
        job_id = job.id
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.get("/posters/<bundle_id>/<any(file, list):what>")
def bundle(campaign_id: int, bundle_id: str, what: str) -> ResponseReturnValue:
    """A bundle that is made, or the list of what is in it."""
    access.campaign_seen(db.session(), campaign_id)
    job = db.session.get(Job, bundle_id[:32])
    if job is None or job.name != work.NAME or job.arguments["campaign_id"] != campaign_id:
        raise NotFound(bundle_id)
    found = bundles.there(work.folder(job.arguments["key"]), work.order(job.arguments["wanted"]))
    if found is None:
        raise NotFound(bundle_id)
    if what == "list":
        headers = {
            "Content-Disposition": f'attachment; filename="{found.list.name}"',
            "Cache-Control": "no-store",
        }
        return Response(found.list.read_bytes(), headers=headers, mimetype=MIME["csv"])
    return send_file(found.file.absolute(), as_attachment=True, download_name=found.file.name, max_age=0)


def _run(campaign: Campaign, form: RunForm) -> str:
    session = db.session()
    asked = session.scalars(select(Job).where(Job.name == work.NAME).order_by(Job.asked_at.desc()).limit(200))
    mine = [job for job in asked if job.arguments["campaign_id"] == campaign.id][:SHOWN]
    return render_template(
        "studio/run.html",
        campaign=campaign,
        form=form,
        organizations=posters.how_many(session, posters.chosen(campaign_id=campaign.id)),
        bundles=[work.shown(job) for job in mine],
    )


def _sheet(campaign: Campaign, organization: Organization, found: choosing.Sheet) -> str:
    ways = ("studio", {"campaign_id": campaign.id, "code": organization.code})
    return render_template(
        "studio/sheet.html", campaign=campaign, organization=organization, sheet=found, ways=ways
    )


def _seen(campaign_id: int, code: str) -> tuple[Campaign, Organization]:
    session = db.session()
    campaign, organization = access.campaign_seen(session, campaign_id), queries.organization(session, code)
    if organization is None or queries.assessment(session, campaign.id, organization.id) is None:
        raise NotFound(f"{campaign_id}/{code}")
    return campaign, organization
