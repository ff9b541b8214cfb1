"""Two sheets that bear one number: in which answers they differ, as far as the service has read them."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from paper import counting
from paper.deciding import decide
from paper.known import Form, form_of
from paper.marks import PageSeen
from paper.tables import ScannedSheet, SheetState
from surveys.models import Response
from surveys.questionnaire import Question, unpacked


class Differs(NamedTuple):
    """One question: what is marked on this sheet, what on the other; empty is no answer."""

    question: str
    here: str
    there: str


def differences(session: Session, sheet: ScannedSheet, other: ScannedSheet) -> list[Differs] | None:
    """Questions of the sides that both have; None when one of them was not read."""
    if sheet.run_id is None:
        return None
    form = form_of(session, sheet.run_id)
    sides = _sides(session, sheet) & _sides(session, other)
    here, there = _answers(session, form, sheet), _answers(session, form, other)
    if not sides or here is None or there is None:
        return None
    asked = {name for side in sides for name in form.geometry.sides[side - 1].asked}
    return [
        Differs(question.caption, _said(question, here), _said(question, there))
        for question in form.questionnaire.closed
        if question.id in asked and here.get(question.id, "") != there.get(question.id, "")
    ]


def _sides(session: Session, sheet: ScannedSheet) -> set[int]:
    return set(counting.readable(counting.pages_of(session, sheet)))


def _answers(session: Session, form: Form, sheet: ScannedSheet) -> dict[str, str] | None:
    if sheet.state == SheetState.COUNTED:
        stored = session.scalar(select(Response.answers).where(Response.key == counting.key_of(sheet)))
        return dict(unpacked(form.questionnaire, stored)) if stored is not None else None
    pages = counting.readable(counting.pages_of(session, sheet)).values()
    boxes = [box for page in pages for box in PageSeen.from_dict(page.seen).boxes]
    if not boxes:
        return None
    return {one.question: one.value for one in decide(form.questionnaire, boxes)}


def _said(question: Question, answers: dict[str, str]) -> str:
    value = answers.get(question.id, "")
    return next((str(one.text) for one in question.choices if one.value == value), "")
