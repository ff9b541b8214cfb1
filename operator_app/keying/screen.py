"""The keying screen: what its template and its script are told, and what comes back from either."""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import gettext as _

from operator_app.keying.sheets import SPOILED, Reading, read
from surveys.measures import age_band
from surveys.questionnaire import Question, Questionnaire, unpacked
from surveys.refusals import Refusal

PREFIX = "q-"
OLDEST = 130


class Row(NamedTuple):
    """One question on the screen; `years`: its answer is typed as an age, `bands` are [from, text] of each."""

    question: Question
    name: str
    value: str
    years: str
    bands: list[tuple[int, str]]


def rows(questionnaire: Questionnaire, answers: str | None = None) -> list[Row]:
    """The questions in their order, those in words left out; filled with a packed reading if there is one."""
    filled = unpacked(questionnaire, answers) if answers else {}
    found = []
    for question in questionnaire.questions:
        if question.kind == "text":
            continue
        bands = _bands(question)
        value = filled.get(question.id, "")
        texts = {choice.value: choice.text for choice in question.choices}
        years = next((str(start) for start, text in bands if text == texts.get(value)), "")
        found.append(Row(question, PREFIX + question.id, value, years, bands))
    return found


def worded(questionnaire: Questionnaire) -> list[Question]:
    """The questions answered in words."""
    return [question for question in questionnaire.questions if question.kind == "text"]


def reading_of(questionnaire: Questionnaire, form: Mapping[str, str]) -> Reading:
    """What was keyed, or why the sheet cannot count. Raises Refusal."""
    spoiled = form.get("spoiled", "")
    if spoiled:
        if spoiled not in SPOILED:
            raise Refusal(_("Выберите из списка, почему лист испорчен."))
        return Reading(spoiled=spoiled)
    given = {name.removeprefix(PREFIX): value for name, value in form.items() if name.startswith(PREFIX)}
    for question in questionnaire.questions:
        if question.profile == "age" and question.closed:
            given[question.id] = _band(given.get(question.id, ""))
    return read(questionnaire, given)


def number_of(form: Mapping[str, str]) -> int:
    """The number in the sheet's corner, or (`as`) the one chosen instead of a taken one; 0 when it is no number."""
    typed = (form.get("as") or form.get("number", "")).strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 0


def _band(years: str) -> str:
    """A typed age as its band: an answer of the questionnaire. Raises Refusal."""
    typed = years.strip()
    if not typed:
        return ""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3) or int(typed) > OLDEST:
        raise Refusal(_("Возраст — число полных лет, например 45."))
    return age_band(int(typed))


def _bands(question: Question) -> list[tuple[int, str]]:
    """From which age on each answer of the question about age holds."""
    if question.profile != "age" or not question.closed:
        return []
    texts = {choice.value: choice.text for choice in question.choices}
    found: list[tuple[int, str]] = []
    for years in range(OLDEST + 1):
        text = texts.get(age_band(years), "")
        if not found or found[-1][1] != text:
            found.append((years, text))
    return found
