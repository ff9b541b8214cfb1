"""The recipient's pages: what a QR code on a wall leads to."""

from datetime import date
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from surveys import codes, doors, keys
from surveys.clock import today
from surveys.db import db
from surveys.doors import Door, Way
from surveys.hall import Hall, Lane
from surveys.intake import Finished, Outcome, accept
from surveys.questionnaire import Error, Heard, heard, packed
from surveys.refusals import BadKey

bp = Blueprint("survey", __name__)

ANSWERED = "nok_answered"


def init_app(app: Flask) -> None:
    """Give the application its hall of doors, and the lane in front of it."""
    css = Path(cast(str, app.static_folder), "css", "core.css").read_text("utf-8")
    hall = Hall(app.config["SECRET_KEY"], css, app.config["SURVEY_CACHE_SECONDS"])
    app.extensions["nok_hall"] = hall
    app.wsgi_app = Lane(app.wsgi_app, hall)  # type: ignore[method-assign]


def _hall() -> Hall:
    return cast(Hall, current_app.extensions["nok_hall"])


def _door(code: str, day: date) -> Door:
    query = request.environ.get("QUERY_STRING", "")
    return _hall().door(db.session(), code, query, _way(code), day)


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
    door = _door(code, today())
    if "HTTP_COOKIE" in request.environ and _answered(door) and "again" not in request.args:
        return render_template("survey/already.html", organization_name=door.place.organization_name, way=door.way)
    page = _hall().page(db.session(), request.environ.get("QUERY_STRING", ""), door)
    headers, body = _hall().answer(page, request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    return Response(body, headers=headers)


def _answered(door: Door) -> bool:
    return request.cookies.get(ANSWERED) == str(door.place.campaign_id)


@bp.post("/q/<code>")
def submit(code: str) -> ResponseReturnValue:
    """Take the answers in, or say what is missing and keep what was entered."""
    hall, day = _hall(), today()
    door = _door(code, day)
    given = request.form
    try:
        key = keys.opened(hall.secret, code, given.get("key", ""))
    except BadKey:
        return _again(door, given.to_dict(), [], keys.minted(hall.secret, code).decode(), stale=True)
    listened = heard(door.questionnaire, given, blanks=door.way.channel.blanks)
    if listened.errors:
        return _again(door, given.to_dict(), listened.errors, given["key"])
    outcome = accept(_finished(door, key, day, listened))
    return _thanked(door, outcome, day)


def _finished(door: Door, key: int, day: date, listened: Heard) -> Finished:
    words = [
        listened.answers[q.id]
        for q in door.questionnaire.questions
        if q.kind == "text" and q.id in listened.answers
    ]
    return Finished(
        key=key,
        assessment_id=door.place.assessment_id,
        questionnaire=door.questionnaire,
        questionnaire_id=door.place.questionnaire_id,
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
    html = doors.drawn(db.session(), door, _hall().core_css, given, errors, key, stale=stale)
    return Response(html, 422, doors.page_headers(_hall().core_css))


def _thanked(door: Door, outcome: Outcome, day: date) -> ResponseReturnValue:
    page = "thanks" if outcome is not Outcome.DIFFERS else "kept"
    response = redirect(f"/q/{door.way.code}/{page}{door.way.query()}", 303)
    response.set_cookie(
        ANSWERED,
        str(door.place.campaign_id),
        max_age=(door.place.ends_on - day).days * 86_400 + 86_400,
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
    door = _door(code, today())
    return render_template(
        template, organization_name=door.place.organization_name, code=code, way=way, ends_on=door.place.ends_on
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
