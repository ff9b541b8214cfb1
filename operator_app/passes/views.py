"""The page of passes: who may answer, codes made and handed out at once, unused ones withdrawn."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from accounts import access, audit
from accounts.models import Duty, Role
from operator_app.choosing import meant
from operator_app.passes import slips
from operator_app.passes.forms import ENTRY_TITLES, CodesForm, EntryForm
from operator_app.stages import collecting
from surveys import admitting
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Stage
from surveys.passes import Admission, Entry, PassBatch
from surveys.refusals import NotFound

UNPROCESSABLE = 422

bp = Blueprint("passes", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/codes")
access.only(bp, Role.OPERATOR, duties=(Duty.HEAD,))


@bp.get("/")
def index(campaign_id: int) -> ResponseReturnValue:
    """Who may answer where, and the batches of codes."""
    return _page(access.campaign_seen(db.session(), campaign_id))


def _page(
    campaign: Campaign, entry: EntryForm | None = None, codes: CodesForm | None = None
) -> ResponseReturnValue:
    """The page; with a form that was refused, if one was."""
    counted = db.session.execute(
        select(Admission.entry, func.count())
        .join(Assessment, Assessment.id == Admission.assessment_id)
        .where(Assessment.campaign_id == campaign.id)
        .group_by(Admission.entry)
    )
    asked = {one: count for one, count in counted}
    return render_template(
        "operator/passes.html",
        campaign=campaign,
        collects=campaign.stage == Stage.COLLECTING,
        asked=[(title, asked[one]) for one, title in ENTRY_TITLES.items() if one in asked],
        batches=admitting.batches(db.session(), campaign.id),
        entry=entry or EntryForm(provider=_provider(), formdata=None),
        codes=codes or CodesForm(campaign.ends_on, formdata=None),
        refused=entry or codes,
    ), UNPROCESSABLE if entry or codes else 200


def _provider() -> bool:
    return bool(current_app.config["OIDC_ISSUER"])


@bp.post("/entry")
def ask(campaign_id: int) -> ResponseReturnValue:
    """Ask for something before the form of one organisation, or of all."""
    campaign, form = collecting(campaign_id), EntryForm(provider=_provider())
    valid, named = form.validate(), (form.organization.data or "").strip()
    found = meant(db.session(), campaign, form.organization) if named else None
    if not valid or (named and found is None):
        return _page(campaign, entry=form)
    entry, number = Entry(form.entry.data), found.id if found else None
    with writing() as session:
        every = select(Assessment.id).where(Assessment.campaign_id == campaign_id)
        places = [number] if number else session.scalars(every).all()
        admitting.ask(session, places, entry)
        facts: dict[str, Any] = {"entry": entry.value, "organizations": len(places)}
        audit.record(session, access.the_user().login, "entry-changed", str(campaign_id), **facts)
    flash(_("Сохранено. Подействует в течение минуты."))
    return redirect(url_for("passes.index", campaign_id=campaign_id))


@bp.post("/pdf", endpoint="slips")
def slips_file(campaign_id: int) -> ResponseReturnValue:
    """Slips of paper, to be cut and handed out."""
    form, found = _asked(campaign_id)
    if found is None:
        return _page(collecting(campaign_id), codes=form)
    organization, ends_on = found.organization, form.ends_on.data
    made = _issued(campaign_id, found, form)
    name = slips.file_name(organization, "pdf")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    drawn = slips.slips_pdf(organization, current_app.config["BASE_URL"], made, ends_on)
    return Response(drawn, mimetype="application/pdf", headers=headers)


@bp.post("/csv", endpoint="table")
def table_file(campaign_id: int) -> ResponseReturnValue:
    """Links, to be sent one to each by whoever knows the people."""
    form, found = _asked(campaign_id)
    if found is None:
        return _page(collecting(campaign_id), codes=form)
    made, told = _issued(campaign_id, found, form), current_app.config
    return slips.codes_table(
        found.organization, told["BASE_URL"], told["SECRET_KEY"], made, form.ends_on.data
    )


def _asked(campaign_id: int) -> tuple[CodesForm, Assessment | None]:
    """What was asked for; nobody to make it for when something is wrong, which the form then says."""
    campaign = collecting(campaign_id)
    form = CodesForm(campaign.ends_on)
    valid = form.validate()
    found = meant(db.session(), campaign, form.organization) if form.organization.data else None
    return form, found if valid else None


def _issued(campaign_id: int, place: Assessment, form: CodesForm) -> list[str]:
    """Codes, made now and handed out in this answer: the service does not keep them."""
    secret, user = current_app.config["SECRET_KEY"], access.the_user().login
    number, code = place.id, place.organization.code
    with writing() as session:
        made = admitting.issue(session, secret, number, form.count.data, form.ends_on.data, today(), user)
        audit.record(session, user, "codes-issued", f"{campaign_id}/{code}", count=len(made))
    return made


@bp.post("/<int(max=2147483647):passes_id>/withdraw")
def withdraw(campaign_id: int, passes_id: int) -> ResponseReturnValue:
    """Unused codes of a batch open nothing any more."""
    collecting(campaign_id)
    with writing() as session:
        batch = session.get(PassBatch, passes_id)
        place = session.get(Assessment, batch.assessment_id) if batch else None
        if batch is None or place is None or place.campaign_id != campaign_id:
            raise NotFound(str(passes_id))
        gone = admitting.withdraw(session, batch)
        subject = f"{campaign_id}/{place.organization.code}"
        audit.record(session, access.the_user().login, "codes-withdrawn", subject, count=gone)
    flash(_("Отозвано. Неиспользованные коды этой пачки больше не действуют."))
    return redirect(url_for("passes.index", campaign_id=campaign_id))
