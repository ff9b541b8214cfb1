"""The sample cockpit: targets, forecast, gauges, and where to go tomorrow."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import nok
from accounts import access, audit
from operator_app import export
from operator_app.sample import (
    figures,
    listing,
    plan_views,  # noqa: F401  its pages hang on the same blueprint
    settings,
    targets,
)
from operator_app.sample.cockpit import Row, cockpit
from operator_app.sample.door import bp
from operator_app.sample.figures import KINDS, words
from operator_app.sample.forms import FloorForm, TargetForm
from operator_app.sample.tomorrow import days_left
from operator_app.stages import collecting
from surveys import paging
from surveys.channels import CHANNELS
from surveys.db import db, writing
from surveys.display import channel, points
from surveys.measures import PROFILE_TITLES

__all__ = ["bp"]

PAGE_SIZE = 50


@bp.get("/")
def index(campaign_id: int) -> ResponseReturnValue:
    """The campaign's figures, what calls for attention, and every organisation."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = cockpit(db.session(), campaign)
    asked = _asked()
    rows = listing.narrowed(found.rows, **asked)
    page = paging.asked(request.args)
    pages = paging.pages(page, len(rows), PAGE_SIZE, lambda n: _here(campaign_id, asked, page=n))
    whole = figures.whole(found)
    return render_template(
        "operator/sample/index.html",
        campaign=campaign,
        found=found,
        whole=whole,
        gauge=figures.gauge(found, nok.edition(campaign.edition.name), whole.target),
        lines=figures.by_channel(found),
        days=figures.by_day(found),
        days_left=days_left,
        totals=listing.totals(found.rows),
        rows=paging.cut(rows, pages, PAGE_SIZE),
        pages=pages,
        floor=FloorForm(formdata=None, data={"floor": settings.of(campaign).disability_floor}),
        may_change=found.collects,
        profile_titles=PROFILE_TITLES,
        **_ways(campaign_id, asked),
    )


def _asked() -> dict[str, str]:
    """What the address asks of the table; what it does not know is nothing."""
    told = {name: request.args.get(name, "").replace("\0", "")[:200] for name in ("q", "state", "order")}
    told["state"] = told["state"] if told["state"] in listing.FILTERS else ""
    told["order"] = told["order"] if told["order"] in listing.ORDERS else ""
    return told


def _here(campaign_id: int, asked: dict[str, str], **changed: Any) -> str:
    told: dict[str, Any] = {
        name: value for name, value in {**asked, **changed}.items() if value not in ("", 1)
    }
    return url_for(".index", campaign_id=campaign_id, **told, _anchor="organizations")


def _ways(campaign_id: int, asked: dict[str, str]) -> dict[str, Any]:
    """Addresses and words that the table's template needs."""
    told: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return {
        **asked,
        "filters": listing.FILTERS,
        "orders": listing.ORDERS,
        "words": words,
        "kinds": KINDS,
        "below_floor": figures.below_floor,
        "here": lambda **changed: _here(campaign_id, asked, **changed),
        "csv_url": url_for(".table", campaign_id=campaign_id, **told),
    }


@bp.get("/table.csv")
def table(campaign_id: int) -> ResponseReturnValue:
    """The same table, as narrowed, for a spreadsheet."""
    found = cockpit(db.session(), access.campaign_seen(db.session(), campaign_id))
    rows = listing.narrowed(found.rows, **_asked())
    headings = [
        _("Код"), _("ИНН"), _("Организация"), _("Муниципалитет"), _("Получателей за год"), _("Норма"),
        _("Набрано"), _("Не хватает"), _("В день"), _("К последнему дню"), _("Не хватит"), _("Чинв"),
        _("Чинв, не меньше"), _("Последний ответ"), _("Состояние"), _("Почему норма другая"),
        *(channel(name) for name in CHANNELS),
    ]  # fmt: skip
    name = f"vyborka-{campaign_id}.csv"
    return export.csv_file(name, headings, (_cells(row) for row in rows))


def _cells(row: Row) -> list[object]:
    return [
        row.code, row.inn, row.name, row.municipality, row.recipients, row.target, row.done,
        row.missing if row.target is not None else None,
        None if row.pace is None else points(nok.printed(row.pace, 2)),
        None if row.forecast is None else int(row.forecast),
        row.shortfall, row.disabled, row.floor, row.last_day, words(row), row.reason,
        *(row.channels.get(name, 0) for name in CHANNELS),
    ]  # fmt: skip


@bp.route("/organizations/<code>", methods=["GET", "POST"])
def target(campaign_id: int, code: str) -> ResponseReturnValue:
    """How many are to be asked at one organisation, and why."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    known = targets.known(db.session(), campaign, code)
    form = TargetForm(data={**known.as_form(), "seen": known.fingerprint})
    if form.is_submitted():
        campaign = collecting(campaign_id)
    if form.validate_on_submit():
        told = targets.Wanted(form.recipients.data, form.contract.data, (form.reason.data or "").strip())
        with writing() as session:
            new = targets.change(session, campaign_id, code, told, form.seen.data or "")
            facts = {"recipients": told.recipients, "target": new, "reason": told.reason or None}
            audit.record(session, access.the_user().login, "target-changed", f"{campaign_id}/{code}", **facts)
        flash(_("Норма записана: %(target)s.", target=new) if new else _("Записано. Норма неизвестна."))
        return redirect(url_for(".index", campaign_id=campaign_id))
    status = 422 if form.is_submitted() else 200
    return render_template("operator/sample/target.html", campaign=campaign, form=form, known=known), status


@bp.post("/floor")
def floor(campaign_id: int) -> ResponseReturnValue:
    """The project's own floor of people with disabilities."""
    collecting(campaign_id)
    form = FloorForm()
    if form.validate_on_submit():
        with writing() as session:
            settings.change(session, campaign_id, disability_floor=form.floor.data)
            login = access.the_user().login
            audit.record(session, login, "floor-changed", f"{campaign_id}/sample", floor=form.floor.data)
        flash(_("Записано."))
    else:
        flash(next(iter(form.errors.values()))[0])
    return redirect(url_for(".index", campaign_id=campaign_id))
