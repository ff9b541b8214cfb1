"""An organisation's own studio: its posters, chosen by eye."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from accounts import access
from accounts.models import Role
from studio import choosing
from surveys.db import db
from surveys.models import Organization
from surveys.refusals import NotFound

bp = Blueprint("own_studio", __name__, url_prefix="/organization/posters")
access.only(bp, Role.ORGANIZATION)


@bp.get("")
def sheet() -> ResponseReturnValue:
    """The page where a poster is chosen."""
    organization = _own()
    found = choosing.looked(db.session(), organization)
    return render_template("studio/own.html", organization=organization, sheet=found, ways=("own_studio", {}))


@bp.post("")
def made() -> ResponseReturnValue:
    """The poster as a file."""
    organization, form = _own(), choosing.SheetForm()
    if form.validate_on_submit():
        return choosing.file(organization, form, request.form.get("kind", ""))
    found = choosing.shown(db.session(), organization, form)
    return render_template(
        "studio/own.html", organization=organization, sheet=found, ways=("own_studio", {})
    ), 422


@bp.get("/preview.png")
def preview() -> ResponseReturnValue:
    """What it would look like."""
    return choosing.preview(db.session(), _own())


def _own() -> Organization:
    organization = access.the_user().organization
    if organization is None:
        raise NotFound("organization")
    return organization
