"""The recipient's pages: what a QR code on a wall leads to."""

from datetime import date
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from surveys import admitting, codes, desk, doors, keys, mended, queries, reading
from surveys.clock import today
from surveys.db import db
from surveys.doors import Door, Way
from surveys.entry import views as entry
from surveys.hall import Hall, Lane
from surveys.passes import Entry
from surveys.refusals import NothingOpen, UnknownCode
from surveys.scans import Scans

GONE = 410

bp = Blueprint("survey", __name__)
bp.after_request(keys.vouched)


def init_app(app: Flask) -> None:
    """Give the application its hall of doors, and the lane in front of it."""
    css = Path(cast(str, app.static_folder), "css", "core.css").read_text("utf-8")
    hall = Hall(app.config["SECRET_KEY"], css, app.config["SURVEY_CACHE_SECONDS"])
    app.extensions["nok_hall"] = hall
    scans = app.extensions["nok_scans"] = Scans(app)
    app.wsgi_app = Lane(app, hall, scans)  # type: ignore[method-assign]
    app.register_blueprint(entry.bp)


def _hall() -> Hall:
    return cast(Hall, current_app.extensions["nok_hall"])


def _scanned(way: Way) -> None:
    cast(Scans, current_app.extensions["nok_scans"]).seen(request.environ, way)


def _door(code: str, day: date) -> Door:
    return _hall().door(db.session(), code, reading.query(), day)


@bp.get("/q/<code>")
def form(code: str) -> ResponseReturnValue:
    """The survey of one organisation."""
    meant = code if codes.possible(code) else codes.typed(code)
    if meant != code:
        return redirect(f"/q/{meant}{Way.of(code, reading.query()).query()}", 302)
    try:
        door = _door(code, today())
    except NothingOpen:
        return _closed(code)
    _scanned(door.way)
    answered = entry.answered(door.place.campaign_id)
    if door.way.again < answered:
        whose = queries.organization(db.session(), code)
        return render_template(
            "survey/already.html",
            organization_name=door.place.organization_name,
            organization=whose,
            way=door.way,
            answered=answered,
        )
    if door.place.entry != Entry.OPEN:
        return _admitted(door)
    page = _hall().page(db.session(), reading.query(), door)
    headers, body = _hall().answer(page, request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    return Response(body, headers=headers)


def _admitted(door: Door) -> ResponseReturnValue:
    """The form of whoever has shown a pass, drawn for them alone; or the page that asks for one."""
    hall = _hall()
    ticket = entry.ticket_of(door)
    if ticket is None or not entry.good(door, ticket):
        return entry.asking(door)
    key = keys.minted(hall.secret, door.way.code).decode()
    html = doors.drawn(db.session(), door, hall.core_css, key=key, held=entry.held())
    return Response(html, headers=doors.page_headers(hall.core_css))


def _closed(code: str) -> ResponseReturnValue:
    """No campaign collects now: what may be said all the same, and where the results are."""
    way = Way.of(code, reading.query())
    _scanned(way)
    whose = queries.organization(db.session(), code)
    return render_template("survey/closed.html", organization=whose, way=way), GONE


@bp.post("/q/<code>")
def submit(code: str) -> ResponseReturnValue:
    """Take the answers in, or say what is missing and keep what was entered."""
    day, given = today(), request.form
    try:
        door = _door(code, day)
    except NothingOpen:
        way = Way.of(code, reading.query())
        outcome = desk.before(_hall().secret, way, given)
        if outcome is None:
            raise
        return redirect(desk.ending(way, outcome), 303)
    answered = entry.answered(door.place.campaign_id)
    another = bool(door.way.again or not answered)
    ticket = entry.ticket_of(door) if door.place.entry != Entry.OPEN else None
    if another and ticket is None and door.place.entry != Entry.OPEN:
        return entry.asking(door, sent=True), 422
    try:
        taken = desk.take(_hall().secret, door, given, day, another=another, ticket=ticket)
    except admitting.Used as used:
        return entry.spent(door, str(used), sent=True), 409
    if taken.closed:
        _hall().forget(code, reading.query())
        raise NothingOpen(door.place.organization_name)
    if taken.outcome is None:
        return _again(door, given.to_dict(), taken)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    last = desk.farewell(door, taken.outcome, day, before=answered, secure=secure)
    answer = Response(status=303, headers=last)
    if ticket:
        entry.used_up(door, answer, ticket)
    return answer


def _again(door: Door, given: dict[str, str], taken: desk.Taken) -> ResponseReturnValue:
    """The same page with what was entered, and a fresh key if the old one is not ours: nothing is lost."""
    hall = _hall()
    key = keys.minted(hall.secret, door.way.code).decode() if taken.stale else given["key"]
    html = doors.drawn(
        db.session(),
        door,
        hall.core_css,
        given,
        taken.errors,
        key,
        stale=taken.stale,
        held=entry.held() if door.place.entry != Entry.OPEN else "",
    )
    return Response(html, 422, doors.page_headers(hall.core_css))


@bp.get("/q/<code>/thanks")
def thanks(code: str) -> ResponseReturnValue:
    """The answers are counted: what happens next."""
    return _farewell("survey/thanks.html", code, mends=True)


@bp.get("/q/<code>/kept")
def kept(code: str) -> ResponseReturnValue:
    """A second, different submission of one form: the first answers stand."""
    return _farewell("survey/repeated.html", code)


def _farewell(template: str, code: str, *, mends: bool = False) -> ResponseReturnValue:
    """What is counted is counted, also when the door has shut meanwhile."""
    session, way = db.session(), Way.of(code, reading.query())
    whose = queries.organization(session, code)
    if whose is None:
        raise UnknownCode(code)
    found = queries.open_assessment(session, whose.id, today())
    collecting = found is not None
    found = found or queries.last_assessment(session, whose.id, today())
    if found is None:
        raise NothingOpen(whose.display_name)
    return render_template(
        template,
        organization_name=whose.display_name,
        organization=whose,
        code=code,
        way=way,
        collecting=collecting,
        answered=entry.answered(found.campaign.id) or 1,
        ends_on=found.campaign.ends_on,
        changed=mended.carried_out(session, whose.id) if mends else [],
    )


@bp.get("/q/")
def typed() -> ResponseReturnValue:
    """A code typed by hand on the home page."""
    said = request.args.get("code", "")
    code = codes.typed(said)
    if code and queries.organization(db.session(), code):
        return redirect(f"/q/{code}", 302)
    words = (
        _("Такого кода нет. Проверьте: на плакате восемь знаков, буквы латинские.") if said.strip() else ""
    )
    return render_template("home.html", code=said[:40], code_error=words), 404 if words else 200


@bp.get("/")
def home() -> ResponseReturnValue:
    """The front door: each kind of visitor finds their own."""
    return render_template("home.html")
