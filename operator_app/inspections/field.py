"""The inspector's page in a corridor without a network: kept on the phone, it asks these addresses when it can."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, generate_csrf
from flask_wtf.file import FileField, FileRequired
from werkzeug.exceptions import RequestEntityTooLarge

from accounts import access
from accounts.models import Duty, Role
from operator_app.inspections import arriving, luggage, release, rescue, wording
from surveys.db import db

MOST_PHOTO = 10 * 1024 * 1024
MOST_VISIT = 1024 * 1024
MOST_FILE = 512 * 1024 * 1024
MOST_ALSO = 300

bp = Blueprint("field", __name__, url_prefix="/operator/field")
access.only(bp, Role.OPERATOR, duties=(Duty.INSPECTOR, Duty.VERIFIER))


class Phonefile(FlaskForm):
    """A file that a phone has written."""

    file = FileField(wording.FILE, [FileRequired(wording.NO_FILE)], render_kw={"accept": ".jsonl"})


@bp.get("/")
def index() -> ResponseReturnValue:
    """The page itself: the same for everybody, who it is for is asked by the page."""
    return render_template("operator/field.html", words=wording.words(), addresses=_addresses())


@bp.get("/worker.js")
def worker() -> Response:
    """The service worker; its scope is its folder."""
    text = release.worker(url_for(".index"), url_for("static", filename="").rstrip("/"))
    return Response(text, mimetype="text/javascript")


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """What makes the page an application on the phone's first screen."""
    told = {
        "id": url_for(".index"),
        "start_url": url_for(".index"),
        "scope": url_for(".index"),
        "name": _("Проверки НОК"),
        "short_name": _("Проверки"),
        "lang": "ru",
        "display": "standalone",
        "background_color": "#f5f6f4",
        "theme_color": "#0b4f6c",
        "icons": [_icon(192), _icon(512)],
    }
    answer = jsonify(told)
    answer.mimetype = "application/manifest+json"
    return answer


@bp.get("/state")
def state() -> Response:
    """Who is signed in, a fresh token, and which release of the page is in force."""
    user = access.the_user()
    who = {"id": user.login, "name": user.name or user.login}
    return jsonify({"token": generate_csrf(), "user": who, "release": release.name()})


@bp.get("/work")
def work() -> Response:
    """What to take along; `also` names organisations that one chose oneself."""
    user = access.the_user()
    also = {
        int(told) for told in request.args.getlist("also")[:MOST_ALSO] if told.isdecimal() and len(told) < 10
    }
    return jsonify({"who": user.login, **luggage.packed(db.session(), user, also)})


@bp.get("/find")
def find() -> Response:
    """Organisations by a part of the name, for whoever was assigned to none."""
    words = request.args.get("q", "").replace("\0", "").strip()[:200]
    return jsonify({"found": luggage.found(db.session(), words) if words else []})


@bp.post("/visit")
@access.takes(MOST_VISIT)
def visit() -> ResponseReturnValue:
    """One visit as JSON (operator_app.inspections.payload) with the number of its assessment."""
    try:
        sent = request.get_json(silent=True)
    except RecursionError:  # a thousand brackets are no visit
        sent = None
    return _told(arriving.visit(access.the_user(), sent if isinstance(sent, dict) else {}))


@bp.post("/photo")
@access.takes(MOST_PHOTO)
def photo() -> ResponseReturnValue:
    """One photograph: key, visit, item, day, file."""
    told = {name: request.form.get(name, "") for name in ("key", "visit", "item", "day")}
    sent = request.files.get("file")
    return _told(arriving.photo(access.the_user(), told, sent.read() if sent else b""))


@bp.route("/file", methods=["GET", "POST"])
@access.takes(MOST_FILE)
def file() -> ResponseReturnValue:
    """What a phone could not send by itself, brought in a file."""
    form, report = Phonefile(), None
    if form.validate_on_submit():
        report = rescue.taken(access.the_user(), form.file.data.stream)
        if report.refusal:
            form.file.errors = [report.refusal]
        elif not report.troubles:
            flash(_("Всё из файла принято."))
            return redirect(url_for(".file"))
    status = 422 if form.errors or (report and report.refusal) else 200
    return render_template("operator/field_file.html", form=form, report=report), status


@bp.errorhandler(CSRFError)
def _stale(error: CSRFError) -> ResponseReturnValue:
    """The page asks for another token and tries again."""
    if request.endpoint == "field.file":
        return _file_refused(_("Страница устарела. Выберите файл ещё раз."), 400)
    return jsonify({"outcome": "token"}), 400


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """The key is in the body that was not read: the page knows by the status what it had sent."""
    if request.endpoint == "field.file":
        return _file_refused(_("Файл больше 512 МБ. Отправьте с телефона хотя бы часть."), 413)
    return jsonify({"outcome": "refused", "reasons": [_("Слишком велико: снимок не больше 10 МБ.")]}), 413


def _file_refused(text: str, status: int) -> ResponseReturnValue:
    form = Phonefile(formdata=None)
    form.file.errors = [text]
    return render_template("operator/field_file.html", form=form, report=None), status


def _told(told: dict[str, Any]) -> ResponseReturnValue:
    return jsonify(told), arriving.STATUS[told["outcome"]]


def _icon(side: int) -> dict[str, str]:
    address = url_for("static", filename=f"icons/field-{side}.png")
    return {"src": address, "sizes": f"{side}x{side}", "type": "image/png", "purpose": "any maskable"}


def _addresses() -> dict[str, str]:
    named = {
        name: url_for(f".{name}") for name in ("index", "state", "work", "find", "visit", "photo", "worker")
    }
    sign_in = url_for("accounts.sign_in", next=url_for(".index"))
    return {
        **named,
        "signIn": sign_in,
        "signOut": url_for("accounts.sign_out"),
        "static": url_for("static", filename=""),
    }
