"""The desk: one form's fields → counted, or what is wrong with them. The lane and the page both hand in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from werkzeug.http import dump_cookie

from surveys import admitting, intake, keys, library
from surveys.admitting import Ticket
from surveys.db import db
from surveys.doors import MOST_ANSWERS, Door, Way, counted
from surveys.headers import COMMON
from surveys.intake import Finished, Outcome, accept
from surveys.models import Pinned, Response
from surveys.questionnaire import Error, heard, packed
from surveys.refusals import BadKey

ANSWERED = "nok_answered"
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a form: an outcome, or why there is none."""

    outcome: Outcome | None = None
    errors: tuple[Error, ...] = ()
    stale: bool = False  # the key is not ours
    closed: bool = False  # the campaign closed while the form was being filled in


def take(
    secret: bytes,
    door: Door,
    given: Mapping[str, str],
    day: date,
    *,
    another: bool = True,
    ticket: Ticket | None = None,
) -> Taken:
    """Hear a form to the end and count it. What is not whole is not kept. Raises Used.

    `another`: false on a device that has answered already, unless a clean form was asked for: a second tab is no
    second person, and is told that the first answers stand. `ticket`: the pass that goes with the answer.
    """
    try:
        key = keys.opened(secret, door.way.code, given.get("key", ""))
    except BadKey:
        return Taken(stale=True)
    listened = heard(door.questionnaire, given, blanks=door.way.channel.blanks)
    if listened.errors:
        return Taken(errors=tuple(listened.errors))
    finished = Finished(
        key=key,
        campaign_id=door.place.campaign_id,
        assessment_id=door.place.assessment_id,
        questionnaire=door.questionnaire,
        questionnaire_id=door.place.questionnaire_id,
        channel=door.way.channel.number,
        place=door.way.place,
        day=day,
        answers=packed(door.questionnaire, listened.answers),
        proposal="\n\n".join(
            listened.answers[question]
            for question in door.questionnaire.worded
            if question in listened.answers
        ),
    )
    if not another:
        outcome = intake.before(db.session(), finished) or Outcome.DIFFERS
    else:
        outcome = admitting.accept(finished, ticket) if ticket else accept(finished)
    return Taken(closed=True) if outcome is Outcome.CLOSED else Taken(outcome)


def before(secret: bytes, way: Way, given: Mapping[str, str]) -> Outcome | None:
    """What became of a form that comes again when the door is shut; None when it was never counted."""
    try:
        key = keys.opened(secret, way.code, given.get("key", ""))
    except BadKey:
        return None
    asked = select(Response.answers, Pinned.name, Pinned.sha256).join(Pinned).where(Response.key == key)
    stored = db.session.execute(asked).one_or_none()
    if stored is None:
        return None
    questionnaire = library.pinned(stored.name, stored.sha256)
    listened = heard(questionnaire, given, blanks=way.channel.blanks)
    same = not listened.errors and packed(questionnaire, listened.answers) == stored.answers
    return Outcome.REPEATED if same else Outcome.DIFFERS


def farewell(
    door: Door, outcome: Outcome, day: date, *, before: int = 0, secure: bool
) -> list[tuple[str, str]]:
    """Headers of the redirect after a form: where to, and the one cookie there is («this device has answered»)."""
    mark = marked(str(door.place.campaign_id), before, outcome)
    cookie = remembered(ANSWERED, mark, f"/q/{door.way.code}", door.place.ends_on, day, secure=secure)
    return [
        ("Location", ending(door.way, outcome)),
        ("Set-Cookie", cookie),
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        *COMMON,
    ]


def ending(way: Way, outcome: Outcome) -> str:
    """The page that says what stands."""
    return f"/q/{way.code}/{'kept' if outcome is Outcome.DIFFERS else 'thanks'}{way.query()}"


def answered(mark: str | None, value: str) -> int:
    """How many answers this device has given to what `value` names, by its own mark: «7» is one, «7.3» three."""
    told, _, times = (mark or "").partition(".")
    return max(1, counted(times)) if told == value else 0


def marked(value: str, before: int, outcome: Outcome) -> str:
    """The mark of a device that had answered so many times before this."""
    times = min(before + (outcome is Outcome.COUNTED), MOST_ANSWERS)
    return value if times < 2 else f"{value}.{times}"


def remembered(mark: str, value: str, path: str, ends_on: date, day: date, *, secure: bool) -> str:
    """The cookie of a device that has answered, for the addresses of one form, until a day."""
    age = ((ends_on - day).days + 1) * DAY_SECONDS
    return dump_cookie(mark, value, max_age=age, path=path, secure=secure, httponly=True, samesite="Lax")
