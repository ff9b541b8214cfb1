"""A visitor sees the poster: a page for a telephone. Nobody is asked a name, the photograph is read and forgotten."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access
from council.placement import meaning, seeing
from council.placement.meaning import Found, Verdict
from surveys import keys, proofs, queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Organization
from surveys.refusals import BadKey, Refusal, UnknownCode

UNPROCESSABLE = 422
MOST_SENT = proofs.MOST_BYTES + 64 * 1024

bp = Blueprint("placement_wall", __name__, url_prefix="/o/<code>/poster")
keys.instead_of_tokens(bp)


@bp.route("", methods=["GET", "POST"])
@access.takes(MOST_SENT, 10, anybody=True)
def photo(code: str) -> ResponseReturnValue:
    """Photograph the poster; the photograph is read and forgotten."""
    organization = _organization(code)
    if request.method != "POST":
        return _page(organization)
    try:
        keys.opened(_secret(), _purpose(code), request.form.get("key", ""))
        found = _read(organization)
    except BadKey:
        return _page(organization, _("Страница устарела. Пришлите снимок ещё раз."))
    except Refusal as refused:
        return _page(organization, str(refused))
    if found.verdict is not Verdict.RIGHT:
        return _page(organization, seeing.said(found), found.organization)
    with writing() as session:
        seeing.by_visitor(session, organization, found.place)
    return redirect(url_for(".thanks", code=code, p=found.place or None), 303)


@bp.get("/thanks")
def thanks(code: str) -> ResponseReturnValue:
    """What was written down, and the survey, if there is one."""
    organization, number = _organization(code), request.args.get("p", 0, type=int)
    place = queries.place_name(db.session(), organization.id, number if 0 < number < 1000 else 0)
    collecting = queries.open_assessment(db.session(), organization.id, today())
    return render_template(
        "placement/thanks.html",
        organization=organization,
        place=place,
        survey_url=f"/q/{code}" if collecting else None,
    )


def _read(organization: Organization) -> Found:
    """What the photograph shows. Raises Refusal."""
    sent = request.files.get("photo")
    if sent is None or not sent.filename:
        raise Refusal(_("Выберите снимок плаката."))
    seeing.admit(organization.code)
    with sent.stream as stream:
        _drawn, texts = seeing.read(stream.read(proofs.MOST_BYTES + 1))
    return meaning.judged(db.session(), texts, current_app.config["BASE_URL"], organization)


def _page(
    organization: Organization, error: str = "", other: Organization | None = None
) -> ResponseReturnValue:
    page = render_template(
        "placement/wall.html",
        organization=organization,
        error=error,
        other=other,
        key=keys.minted(_secret(), _purpose(organization.code)).decode(),
    )
    return page, UNPROCESSABLE if error else 200


def _organization(code: str) -> Organization:
    found = queries.organization(db.session(), code)
    if found is None:
        raise UnknownCode(code)
    return found


def _secret() -> bytes:
    return str(current_app.secret_key).encode()


def _purpose(code: str) -> str:
    return f"poster {code}"
