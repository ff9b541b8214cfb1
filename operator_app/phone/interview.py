"""An interview question by question. What was answered so far is kept in the page, signed; on the server nothing is."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from operator_app.phone.dispositions import BREAK_OFF, PARTIAL, Disposition, disposition, half
from surveys.questionnaire import Question, Questionnaire, heard, path
from surveys.refusals import Stale

FIELD = "answer-"


class Step(NamedTuple):
    """What the page shows: a question, or the farewell when there is none; an error stands at its question."""

    question: Question | None
    answers: Mapping[str, str]
    first: bool = False
    error: str = ""


def signed(secret: str, answers: Mapping[str, str]) -> str:
    """Answers so far, to be carried by the page itself."""
    return str(_signer(secret).dumps(dict(answers))) if answers else ""


def carried(secret: str, state: str) -> dict[str, str]:
    """Answers that a page carries. Raises Stale for what is not ours."""
    if not state:
        return {}
    try:
        found = _signer(secret).loads(state)
    except BadSignature as error:
        raise Stale(_("Страница опроса устарела. Вернитесь к номеру и начните опрос заново.")) from error
    return {str(key): str(value) for key, value in found.items()}


def given(questionnaire: Questionnaire, fields: Mapping[str, str]) -> dict[str, str]:
    """What a form says about this questionnaire's questions; an empty choice is «found it hard to say»."""
    names = (question.id for question in questionnaire.questions)
    return {name: fields[FIELD + name] for name in names if FIELD + name in fields}


def moved(questionnaire: Questionnaire, answers: Mapping[str, str], at: str, *, back: bool) -> Step:
    """The step before or after the one at which the interviewer stands; a wrong answer stays where it is."""
    asked = path(questionnaire, answers)
    here = next((place for place, question in enumerate(asked) if question.id == at), len(asked))
    if back:
        here = max(0, here - 1)
        return Step(asked[here], answers, first=here == 0)
    if here < len(asked) and (error := _wrong(questionnaire, asked[here], answers)):
        return Step(asked[here], answers, first=here == 0, error=error)
    return Step(asked[here + 1] if here + 1 < len(asked) else None, answers)


def beginning(questionnaire: Questionnaire) -> Step:
    """The first question."""
    return Step(questionnaire.questions[0], {}, first=True)


def unfinished(questionnaire: Questionnaire, answers: Mapping[str, str]) -> Step | None:
    """The first question of the path that nobody answered or passed over; None: the interview is whole."""
    for place, question in enumerate(path(questionnaire, answers)):
        if error := _wrong(questionnaire, question, answers):
            return Step(question, answers, first=place == 0, error=error)
    return None


def broken_off(questionnaire: Questionnaire, answers: Mapping[str, str]) -> Disposition:
    """What an interview that was not finished is: partial from half of its questions on. Its answers are not kept."""
    asked = [question for question in path(questionnaire, answers) if question.required]
    done = sum(question.id in answers for question in asked)
    partial = bool(asked) and Fraction(done, len(asked)) >= half()
    return disposition(PARTIAL if partial else BREAK_OFF)


def _wrong(questionnaire: Questionnaire, question: Question, answers: Mapping[str, str]) -> str:
    if question.closed and question.id not in answers:
        return str(_("Выберите ответ. Если человек затруднился, нажмите 0."))
    errors = heard(questionnaire, answers, blanks=True).errors
    return next((error.text_ru for error in errors if error.question.id == question.id), "")


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="phone-interview")
