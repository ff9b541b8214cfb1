"""The head begins: loads the organisations, makes a campaign, changes what may still be changed."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

import nok
from accounts import access, audit
from accounts.models import Duty, Role
from documents.keeping import MIME
from operator_app.setup.forms import (
    ChangeForm,
    ListForm,
    as_seen,
    campaign_form,
    change_from,
    plan_from,
)
from surveys import campaigns, display, library, organizations, queries, registry
from surveys.db import db, writing
from surveys.models import Organization, Region
from surveys.refusals import Refusal

bp = Blueprint("setup", __name__, url_prefix="/operator")
access.only(bp, Role.OPERATOR, duties=(Duty.HEAD,))

MOST_BYTES = 51 * 2**20
SHOWN_REFUSALS = 200


@bp.route("/organizations", methods=["GET", "POST"])
@access.takes(MOST_BYTES)
def organizations_list() -> ResponseReturnValue:
    """The list of organisations: tried first, then taken."""
    form, report = ListForm(), None
    if form.validate_on_submit():
        try:
            report = _taken(form.file.data, for_good="take" in request.form)
        except Refusal as refusal:
            form.file.errors = [*form.file.errors, str(refusal)]
    status = 422 if form.errors or (form.is_submitted() and report is None) else 200
    known = queries.organizations_known(db.session())
    return render_template(
        "operator/organizations.html", form=form, report=report, known=known, shown=SHOWN_REFUSALS
    ), status


@bp.get("/organizations/template.xlsx")
def blank_list() -> ResponseReturnValue:
    """An empty list with the headings that are read."""
    headers = {"Content-Disposition": 'attachment; filename="organizations.xlsx"'}
    return Response(organizations.blank(), headers=headers, mimetype=MIME["xlsx"])


def _taken(file: FileStorage, *, for_good: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "list"
        file.save(kept)
        parsed = registry.parsed(kept)
        _check_region(parsed)
        with writing() as session:
            report = organizations.take_in(session, parsed)
            told = report.as_dict()
            if for_good:
                counts = {name: told[name] for name in ("accepted", "updated")}
                name = (file.filename or "")[:200]
                audit.record(
                    session, access.the_user().login, "organizations-imported", name, **counts,
                    refused=len(report.refused),
                )  # fmt: skip
            else:
                session.rollback()
    return {**told, "dry_run": not for_good}


def _check_region(parsed: registry.Parsed) -> None:
    """Whoever sees one region loads that region only. Raises Refusal."""
    own = access.the_user().region
    if own is None:
        return
    for number, row in parsed.rows:
        if row.region != own.name:
            raise Refusal(
                _(
                    "Строка %(row)s: регион «%(region)s». Вы работаете с регионом «%(own)s»: "
                    "оставьте в файле только его организации.",
                    row=number,
                    region=row.region,
                    own=own.name,
                )
            )


@bp.route("/campaigns/new", methods=["GET", "POST"])
def new_campaign() -> ResponseReturnValue:
    """A new campaign: what is pinned now is never changed."""
    regions = _regions(db.session())
    form = campaign_form(regions)
    if form.validate_on_submit():
        try:
            with writing() as session:
                campaign = campaigns.create(session, plan_from(form))
                number = campaign.id
                facts: dict[str, Any] = {"sector": campaign.sector, "year": campaign.year}
                audit.record(session, access.the_user().login, "campaign-created", str(number), **facts)
        except (Refusal, nok.Refused, library.QuestionnaireRefused) as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("Кампания создана. Редакция, анкеты и правила расчёта закреплены."))
            return redirect(url_for("operator.campaign", campaign_id=number))
    status = 422 if form.is_submitted() else 200
    counts = _known(db.session(), regions)
    return render_template("operator/new_campaign.html", form=form, regions=regions, counts=counts), status


@bp.route("/campaigns/<int(max=2147483647):campaign_id>/settings", methods=["GET", "POST"])
def settings(campaign_id: int) -> ResponseReturnValue:
    """What of a campaign may still be changed."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    form = ChangeForm(obj=campaign, seen=as_seen(campaign))
    if form.validate_on_submit():
        try:
            with writing() as session:
                new = _changed(session, campaign_id, form)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("Сохранено. Внесено организаций: %(new)s.", new=new) if new else _("Сохранено."))
            return redirect(url_for("operator.campaign", campaign_id=campaign_id))
    campaign = access.campaign_seen(db.session(), campaign_id)
    form.seen.data = as_seen(campaign)
    edition, practice = campaigns.rules(campaign)
    waiting = len(campaigns.newcomers(db.session(), campaign))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "operator/campaign_settings.html",
        form=form, campaign=campaign, edition=edition, sentences=practice.sentences(), waiting=waiting,
    ), status  # fmt: skip


def _changed(session: Session, campaign_id: int, form: ChangeForm) -> int:
    """Writes what the form changes; how many organisations were put on the list. Raises Refusal."""
    campaign = access.campaign_seen(session, campaign_id)
    if campaign.stage == "published":
        raise Refusal(_("Результаты утверждены: кампанию больше не меняют."))
    if form.seen.data != as_seen(campaign):
        raise Refusal(
            _(
                "Пока вы правили, настройки изменил другой. Сейчас: «%(title)s», последний день %(day)s. "
                "Проверьте введённое и сохраните ещё раз.",
                title=campaign.title,
                day=display.day(campaign.ends_on),
            )
        )
    told = change_from(form, campaign)
    if form.ends_on.data < campaign.starts_on:
        raise Refusal(_("Кампания не может закончиться раньше, чем началась."))
    for name, value in told.items():
        setattr(campaign, name, value)
    session.flush()
    campaigns.check_alone(session, campaign)
    found = campaigns.newcomers(session, campaign) if form.enlist.data else []
    new = campaigns.enlist(session, campaign, found)
    what = ", ".join(sorted(told))
    audit.record(
        session, access.the_user().login, "campaign-changed", str(campaign_id), what=what, enlisted=new
    )
    return new


def _regions(session: Session) -> list[Region]:
    """Regions of the organisations that are known, or the user's own."""
    found = session.scalars(select(Region).order_by(Region.name))
    return [region for region in found if access.may_see(access.the_user(), region.id)]


def _known(session: Session, regions: list[Region]) -> list[tuple[str, str, int]]:
    """(region, sector, organisations) that a campaign could be made of."""
    rows = session.execute(
        select(Region.name, Organization.sector, func.count())
        .join(Organization, Organization.region_id == Region.id)
        .where(Region.id.in_([region.id for region in regions]))
        .group_by(Region.name, Organization.sector)
        .order_by(Region.name, Organization.sector)
    )
    return [(name, sector, count) for name, sector, count in rows]
