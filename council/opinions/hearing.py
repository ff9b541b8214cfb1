"""A sent form → what was said, or what is missing: forms are not questionnaires and feed nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from surveys.opinions import VERDICTS
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


def _words(given: MultiDict[str, str]) -> tuple[str, dict[str, str]]:
    words = plain(given.get("words", ""))
    if len(words) <= MOST_WORDS:
        return words, {}
    long = _(
        "Сократите, пожалуйста: знаков %(count)s, а можно до %(most)s", count=len(words), most=MOST_WORDS
    )
    return words, {"words": long}
