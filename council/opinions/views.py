"""Forms 1, 2 and 4 as a recipient meets them, under /q/<code>/: no session, a key instead of a token.

Each form is a page that works without a script; what is wrong is named and what was said stays; a repeat counts once.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from council.opinions import hearing, subjects
from council.opinions.hearing import Heard
from council.opinions.subjects import Subject
from surveys import desk, doors, keys, reading, voices
from surveys.clock import today
from surveys.db import db
from surveys.doors import Way
from surveys.intake import Outcome
from surveys.opinions import Opinion
from surveys.refusals import BadKey, NotAsked, NothingOpen
from surveys.voices import Said

UNPROCESSABLE = 422
MEASURE = "/measures/<int(max=2147483647):measure_id>"

bp = Blueprint("opinions", __name__, url_prefix="/q/<code>")
keys.instead_of_tokens(bp)


@bp.route("/agree", methods=["GET", "POST"])
def agree(code: str) -> ResponseReturnValue:
    """Form 1: do you agree with the published score?"""
    met = _met(subjects.agreements(db.session(), code, today())) if _sent() else None
    if met is not None:
        return _form(met, "opinions/agree.html", hearing.agreement, {})
    subject, score = subjects.agreement(db.session(), code, today())
    return _form(subject, "opinions/agree.html", hearing.agreement, {"score": score})


@bp.get("/agree/<any(thanks, kept):end>")
def agreed(code: str, end: str) -> ResponseReturnValue:
    """After a yes or a no; the score may be gone meanwhile."""
    session = db.session()
    try:
        subject, _score = subjects.agreement(session, code, today())
    except NotAsked:
        before = subjects.agreements(session, code, today())
        if not before:
            raise
        subject = before[0]
    return _farewell(subject, end)


@bp.route("/scores", methods=["GET", "POST"])
def scores(code: str) -> ResponseReturnValue:
    """Form 2: five steps to five criteria."""
    subject = subjects.scores(db.session(), code, today(), shut=_sent())
    return _form(subject, "opinions/scores.html", hearing.scores, {})


@bp.get("/scores/<any(thanks, kept):end>")
def scored(code: str, end: str) -> ResponseReturnValue:
    """After the steps."""
    return _farewell(subjects.scores(db.session(), code, today(), shut=True), end)


@bp.get("/measures")
def measures(code: str) -> ResponseReturnValue:
    """Measures of the newest plan, each with what people say, to be reviewed one by one."""
    session, way = db.session(), _way(code)
    found = subjects.organization(session, code)
    return render_template(
        "opinions/measures.html",
        organization=found,
        organization_name=found.display_name,
        way=way,
        plan=subjects.newest_plan(session, found.id, today()),
    )


@bp.route(MEASURE, methods=["GET", "POST"])
def review(code: str, measure_id: int) -> ResponseReturnValue:
    """Form 4: is it mended?"""
    subject, line = subjects.review(db.session(), code, measure_id, today(), shut=_sent())
    return _form(subject, "opinions/review.html", hearing.review, {"line": line})


@bp.get(f"{MEASURE}/<any(thanks, kept):end>")
def reviewed(code: str, measure_id: int, end: str) -> ResponseReturnValue:
    """After a review."""
    subject, _line = subjects.review(db.session(), code, measure_id, today(), shut=True)
    return _farewell(subject, end)


def _sent() -> bool:
    """A form that comes again when its door is shut is looked up before anything is said of it."""
    return request.method == "POST"


def _met(earlier: Sequence[Subject]) -> Subject | None:
    """Which of these was judged by the form that comes now, when it was counted before."""
    secret, key = str(current_app.secret_key).encode(), request.form.get("key", "")
    for subject in earlier:
        try:
            number = keys.opened(secret, subject.purpose, key)
        except BadKey:
            continue
        return subject if db.session().get(Opinion, number) else None
    return None


def _way(code: str) -> Way:
    return Way.of(code, reading.query())


def _form(
    subject: Subject,
    template: str,
    hear: Callable[[MultiDict[str, str]], Heard],
    context: Mapping[str, Any],
) -> ResponseReturnValue:
    """A form shown, or taken in."""
    secret, purpose = str(current_app.secret_key).encode(), subject.purpose
    answered, way = _answered(subject), _way(subject.organization.code)
    shown = {
        "action": subject.address + doors.clean(way.query(), way.again),
        "answered": answered,
        "subject": subject,
        "organization": subject.organization,
        "demo": subject.assessment.campaign.demo,
        "way": way,
        **context,
    }
    if not _sent():
        if way.again < answered:
            return render_template("opinions/already.html", sent=False, **shown)
        key = keys.minted(secret, purpose).decode()
        return render_template(template, given=MultiDict(), errors={}, stale=False, key=key, **shown)
    given = request.form
    try:
        key = given.get("key", "")
        number = keys.opened(secret, purpose, key)
    except BadKey:
        if subject.shut:
            raise subject.shut from None
        key = keys.minted(secret, purpose).decode()
        return render_template(template, given=given, errors={}, stale=True, key=key, **shown), UNPROCESSABLE
    heard = hear(given)
    if heard.errors and not subject.shut:
        return render_template(
            template, given=given, errors=heard.errors, stale=False, key=key, **shown
        ), UNPROCESSABLE
    said = Said(
        subject.form,
        number,
        subject.assessment.id,
        way.channel.number,
        way.place,
        today(),
        heard.answers,
        subject.about,
        heard.words,
        subject.campaign_id,
    )
    if subject.shut:
        outcome = voices.before(db.session(), said)
        if outcome is None:
            raise subject.shut
        return redirect(_ending(subject, way, outcome), 303)
    return _taken(subject, way, voices.accept(said, another=bool(way.again or not answered)))


def _answered(subject: Subject) -> int:
    """How many answers this device has given to this."""
    return desk.answered(request.cookies.get(subject.mark), subject.marked)


def _taken(subject: Subject, way: Way, outcome: Outcome) -> ResponseReturnValue:
    """To the page that says whether it was kept, with the mark on this device."""
    if outcome is Outcome.CLOSED:
        raise NothingOpen(subject.organization.display_name)
    answer = redirect(_ending(subject, way, outcome), 303)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    told = desk.marked(subject.marked, _answered(subject), outcome)
    mark = desk.remembered(subject.mark, told, subject.address, subject.ends_on, today(), secure=secure)
    answer.headers.add("Set-Cookie", mark)
    return answer


def _ending(subject: Subject, way: Way, outcome: Outcome) -> str:
    return f"{subject.address}/{'kept' if outcome is Outcome.DIFFERS else 'thanks'}{way.query()}"


def _farewell(subject: Subject, end: str) -> str:
    template = "opinions/thanks.html" if end == "thanks" else "opinions/already.html"
    return render_template(
        template,
        subject=subject,
        organization=subject.organization,
        way=_way(subject.organization.code),
        answered=_answered(subject) or 1,
        sent=True,
    )
