"""The recipient's pages: what a QR code on a wall leads to."""

from datetime import date
from pathlib import Path
from threading import Lock
from typing import cast

from cachetools import TTLCache
from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from surveys import codes, doors, keys
from surveys.clock import today
from surveys.db import db, writing
from surveys.doors import Door, Way
from surveys.intake import Finished, Outcome, accept
from surveys.questionnaire import Error, Heard, heard, packed
from surveys.refusals import BadKey, NothingOpen

bp = Blueprint("survey", __name__)

ANSWERED = "nok_answered"
KEPT_DOORS = 1000


class Hall:
    """Doors of this process that were opened a few seconds ago."""

    def __init__(self, app: Flask, core_css: str) -> None:
        self.core_css = core_css
        self.secret = str(app.config["SECRET_KEY"]).encode()
        self._kept: TTLCache[Way, Door] = TTLCache(KEPT_DOORS, app.config["SURVEY_CACHE_SECONDS"])
        self._lock = Lock()

    def door(self, way: Way, day: date) -> Door:
        """The door of this way. Raises UnknownCode, NothingOpen, PinnedChanged."""
        with self._lock:
            door = self._kept.get(way)
        if door is None:
            door = doors.open_door(db.session(), way, day, self.core_css)
            with self._lock:
                self._kept[way] = door
        if door.ends_on < day:
            raise NothingOpen(door.organization_name)
        return door


def init_app(app: Flask) -> None:
    """Give the application its hall of doors."""
    css = Path(cast(str, app.static_folder), "css", "core.css").read_text("utf-8")
    app.extensions["nok_hall"] = Hall(app, css)


def _hall() -> Hall:
    return cast(Hall, current_app.extensions["nok_hall"])


def _way(code: str) -> Way:
    if not request.query_string:
        return Way(code)
    place = request.args.get("p", "")
    return Way(
        code,
        int(place) if place.isascii() and place.isdigit() and int(place) <= doors.MOST_PLACES else 0,
        request.args.get("via") == "site",
        request.args.get("size") == "large",
    )


@bp.get("/q/<code>")
def form(code: str) -> ResponseReturnValue:
    """The survey of one organisation."""
    meant = codes.typed(code) if not code.isupper() or len(code) != codes.CODE_LENGTH else code
    if meant != code:
        return redirect(f"/q/{meant}{_way(code).query()}", 302)
    door = _hall().door(_way(code), today())
    if "HTTP_COOKIE" in request.environ and _answered(door) and "again" not in request.args:
        return render_template("survey/already.html", organization_name=door.organization_name, way=door.way)
    return _served(door, keys.minted(_hall().secret, code))


def _served(door: Door, key: bytes) -> Response:
    headers = {
        "Content-Security-Policy": door.policy,
        "Cache-Control": "no-store",
        "Vary": "Accept-Encoding, Cookie",
    }
    if "gzip" in request.environ.get("HTTP_ACCEPT_ENCODING", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(door.page.gzipped(key), headers=headers, mimetype="text/html")
    return Response(door.page.plain(key), headers=headers, mimetype="text/html")


def _answered(door: Door) -> bool:
    return request.cookies.get(ANSWERED) == str(door.campaign_id)


@bp.post("/q/<code>")
def submit(code: str) -> ResponseReturnValue:
    """Take the answers in, or say what is missing and keep what was entered."""
    hall, day = _hall(), today()
    door = hall.door(_way(code), day)
    given = request.form
    try:
        key = keys.opened(hall.secret, code, given.get("key", ""))
    except BadKey:
        return _again(door, given.to_dict(), [], keys.minted(hall.secret, code).decode(), stale=True)
    listened = heard(door.questionnaire, given, blanks=door.way.channel.blanks)
    if listened.errors:
        return _again(door, given.to_dict(), listened.errors, given["key"])
    with writing() as session:
        outcome = accept(session, _finished(door, key, day, listened), door.questionnaire)
    return _thanked(door, outcome, day)


def _finished(door: Door, key: int, day: date, listened: Heard) -> Finished:
    words = [
        listened.answers[q.id]
        for q in door.questionnaire.questions
        if q.kind == "text" and q.id in listened.answers
    ]
    return Finished(
        key=key,
        assessment_id=door.assessment_id,
        questionnaire_id=door.questionnaire_id,
        channel=door.way.channel.number,
        place=door.way.place,
        day=day,
        answers=packed(door.questionnaire, listened.answers),
        proposal="\n\n".join(words),
    )


def _again(
    door: Door, given: dict[str, str], errors: list[Error], key: str, *, stale: bool = False
) -> ResponseReturnValue:
    """The same page with what was entered: nothing the person did is lost."""
    session = db.session()
    assessment = doors.found(session, door.way.code, today())
    html = doors.drawn(
        session, door.way, assessment, door.questionnaire, _hall().core_css, given, errors, key, stale=stale
    )
    headers = {"Content-Security-Policy": door.policy, "Cache-Control": "no-store"}
    return Response(html, 422, headers, mimetype="text/html")


def _thanked(door: Door, outcome: Outcome, day: date) -> ResponseReturnValue:
    page = "thanks" if outcome is not Outcome.DIFFERS else "kept"
    response = redirect(f"/q/{door.way.code}/{page}{door.way.query()}", 303)
    response.set_cookie(
        ANSWERED,
        str(door.campaign_id),
        max_age=(door.ends_on - day).days * 86_400 + 86_400,
        path=f"/q/{door.way.code}",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


@bp.get("/q/<code>/thanks")
def thanks(code: str) -> ResponseReturnValue:
    """The answers are counted: what happens next."""
    return _farewell("survey/thanks.html", code)


@bp.get("/q/<code>/kept")
def kept(code: str) -> ResponseReturnValue:
    """A second, different submission of one form: the first answers stand."""
    return _farewell("survey/repeated.html", code)


def _farewell(template: str, code: str) -> ResponseReturnValue:
    way = _way(code)
    door = _hall().door(way, today())
    return render_template(
        template, organization_name=door.organization_name, code=code, way=way, ends_on=door.ends_on
    )


@bp.get("/q/")
def typed() -> ResponseReturnValue:
    """A code typed by hand on the home page."""
    code = codes.typed(request.args.get("code", ""))
    if not code:
        return redirect("/")
    return redirect(f"/q/{code}", 302)


@bp.get("/")
def home() -> ResponseReturnValue:
    """The front door: each kind of visitor finds their own."""
    return render_template("home.html")
