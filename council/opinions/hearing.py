"""A sent form → what was said, or what is missing: forms are not questionnaires and feed nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from surveys.opinions import CRITERIA, STEPS, VERDICTS, packed_scores
from surveys.questionnaire import plain

MOST_WORDS = 1000


@dataclass(frozen=True)
class Heard:
    """`answers` as `opinions.Opinion` keeps them; `errors`: field → what to do."""

    answers: str = ""
    words: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def review(given: MultiDict[str, str]) -> Heard:
    """Form 4: a verdict and, if they like, words."""
    verdict, words, errors = given.get("verdict", ""), *_words(given)
    if verdict not in VERDICTS:
        errors = {"verdict": _("Выберите ответ"), **errors}
    return Heard(verdict, words, errors)


def agreement(given: MultiDict[str, str]) -> Heard:
    """Form 1: yes, or no with the criteria and the reason, if they like; a reason without a no is not kept."""
    agreed = given.get("agreed", "")
    if agreed == "yes":
        return Heard(agreed)
    if agreed != "no":
        return Heard(errors={"agreed": _("Выберите ответ")})
    words, errors = _words(given)
    doubted = set(given.getlist("criteria"))
    return Heard(agreed + "".join(name[1] for name in CRITERIA if name in doubted), words, errors)


def scores(given: MultiDict[str, str]) -> Heard:
    """Form 2: a step for each criterion, «не могу оценить» among them."""
    steps = {name: given.get(name, "") for name in CRITERIA}
    missing = {name: _("Выберите ответ") for name, step in steps.items() if step not in STEPS}
    return Heard("" if missing else packed_scores(steps), errors=missing)


def _words(given: MultiDict[str, str]) -> tuple[str, dict[str, str]]:
    words = plain(given.get("words", ""))
    if len(words) <= MOST_WORDS:
        return words, {}
    long = _(
        "Сократите, пожалуйста: знаков %(count)s, а можно до %(most)s", count=len(words), most=MOST_WORDS
    )
    return words, {"words": long}
