"""An organisation's own posters and site: what was seen, what to do, a look at the site when it asks."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access
from accounts.models import Role
from council.placement import figures, patrolling, wording
from surveys import queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Organization
from surveys.placement import SiteCheck
from surveys.refusals import NotFound

bp = Blueprint("own_placement", __name__, url_prefix="/organization/placement")
access.only(bp, Role.ORGANIZATION)


@bp.get("")
def mine() -> ResponseReturnValue:
    """Each place of a poster, and the site."""
    organization = _own()
    collecting = queries.open_assessment(db.session(), organization.id, today())
    campaign = collecting.campaign if collecting else None
    return render_template(
        "placement/own.html",
        organization=organization,
        known=figures.of_one(db.session(), organization, campaign, today().year),
        said=wording,
    )


@bp.post("/check")
def check() -> ResponseReturnValue:
    """Open the organisation's site, in the background; once a day is enough."""
    organization, login = _own(), access.the_user().login
    known = db.session.get(SiteCheck, organization.id)
    if known is not None and known.checked_on == today() and wording.site(known).kind == "ok":
        flash(_("Сегодня сайт уже проверен: код на нём есть."))
        return redirect(url_for(".mine"), 303)
    with writing() as session:
        patrolling.ask(session, login, code=organization.code, leads_to=url_for(".mine"))
    flash(_("Открываем сайт. Обновите эту страницу через минуту."))
    return redirect(url_for(".mine"), 303)


def _own() -> Organization:
    organization = access.the_user().organization
    if organization is None:
        raise NotFound("organization")
    return organization
