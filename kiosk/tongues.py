"""In which languages a screen speaks, and what it is told for each: only the offered ones, only what is not Russian.

A text that has no translation is left out: the screen then says the Russian one and marks it as Russian.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale

from kiosk import wording
from surveys import languages
from surveys.languages import RUSSIAN, Language
from surveys.questionnaire import Question, Questionnaire

MOST = 6  # as many as stand on a tablet in rows of buttons that a finger finds


def offered(codes: Sequence[str]) -> list[Language]:
    """Those of these languages that there are (files may have gone since), the first of them first."""
    known = languages.languages()
    return [known[code] for code in codes if code in known] or [known[RUSSIAN]]


def told(codes: Sequence[str], form: Questionnaire | None) -> list[dict[str, Any]]:
    """Each language as the device keeps it: its own name, the screen's words, the questions that are asked."""
    return [
        {
            "code": one.code,
            "name": one.name,
            "direction": one.direction,
            "awaits_review": one.awaits_review,
            "words": {} if one.russian else _words(one.code),
            "questions": {} if one.russian or form is None else _questions(one.code, form),
        }
        for one in offered(codes)
    ]


def _words(code: str) -> dict[str, Any]:
    with force_locale(RUSSIAN):
        russian = wording.words()
    with force_locale(code):
        return {name: text for name, text in wording.words().items() if text != russian[name]}


def _questions(code: str, form: Questionnaire) -> dict[str, Any]:
    told = languages.told(form, code)
    return {question.id: _question(question, told.russian) for question in told.questionnaire.closed}


def _question(question: Question, russian: frozenset[str]) -> dict[str, Any]:
    texts = {"caption": question.caption, "hint": question.hint}
    choices = {choice.value: choice.text for choice in question.choices}
    return {**_translated(texts, russian), "choices": _translated(choices, russian)}


def _translated(texts: dict[str, str], russian: frozenset[str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text and text not in russian}
