"""The second pair of eyes, blind, and the third, which decides; after either the sheet forgets its answers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit, deciders
from accounts.models import Duty, User
from operator_app.keying.sheets import Reading, count, subject, tick
from operator_app.keying.stacks import Pile
from operator_app.keying.tables import Sheet
from operator_app.team import holds
from operator_app.team.tables import Hold
from surveys.batches import Batch, State
from surveys.models import Campaign
from surveys.questionnaire import OFF_PATH, Question, Questionnaire, heard, packed, unpacked
from surveys.refusals import Held, Refusal

NO_ANSWER = "none"  # decided: there is no answer in this box


class Dispute(NamedTuple):
    """One box that two people read differently; a reading is a value, "" for no answer, None for «not asked»."""

    question: Question
    one: str | None
    other: str | None


def next_for(session: Session, pile: Pile, user: User) -> int | None:
    """The first sheet that waits for a second keying and may be this user's; held from now on, inside writing()."""
    waiting = session.scalars(
        select(Sheet.number)
        .where(Sheet.batch_id == pile.number, Sheet.state == "second", Sheet.first_by != user.id)
        .order_by(Sheet.number)
    ).all()
    for number in waiting:
        try:
            holds.take(session, subject(pile, number), user)
        except Held:
            continue
        return number
    return None


def let_go(session: Session, pile: Pile, user: User) -> None:
    """The second keyer leaves this stack: others need not wait for the hold to end."""
    mine = session.scalars(
        select(Hold.subject).where(Hold.user_id == user.id, Hold.subject.startswith(subject(pile, 0)[:-1]))
    )
    for held in mine.all():
        holds.release(session, held, user)


def key_second(session: Session, pile: Pile, user: User, number: int, reading: Reading) -> None:
    """The same sheet by another keyer: equal readings count, others wait for a third person. Raises Refusal, Held."""
    sheet = session.get(Sheet, (pile.number, number))
    if sheet is None or sheet.first_by == user.id:
        raise Refusal(_("Второй раз лист вводит другой человек, не тот, кто вводил его первым."))
    if sheet.state != "second":
        if sheet.second_by == user.id:
            return  # sent twice
        raise Refusal(_("Этот лист второго ввода уже не ждёт. Откройте следующий."))
    holds.take(session, subject(pile, number), user)
    sheet.second_by = user.id
    if reading.spoiled:
        sheet.state, sheet.second, sheet.reason = "third", "", reading.spoiled
    elif reading.answers == sheet.first:
        measure(pile, sheet, reading.answers)
        count(session, pile, sheet, reading.answers, sheet.words or "")
    else:
        sheet.state, sheet.second = "third", reading.answers
    tick(session, pile, user, number, again=True)
    holds.release(session, subject(pile, number), user)


def measure(pile: Pile, sheet: Sheet, final: str) -> None:
    """How many boxes of the sheet's true path were compared, and in how many either keyer was wrong."""
    first, second = sheet.first or "", sheet.second or final
    boxes = dict(pile.stack.boxes or {})
    for question, one, other, true in zip(pile.questionnaire.closed, first, second, final, strict=True):
        if true == OFF_PATH:
            continue
        compared, wrong = boxes.get(question.id, (0, 0))
        boxes[question.id] = [compared + 1, wrong + (one != true)]
        sheet.compared += 1
        sheet.first_wrong += one != true
        sheet.second_wrong += other != true
    pile.stack.boxes = boxes


def disputes(questionnaire: Questionnaire, one: str, other: str) -> list[Dispute]:
    """The boxes that differ, and those that a differing filter opens or shuts."""
    differing = {q.id for q, a, b in zip(questionnaire.closed, one, other, strict=True) if a != b}
    return [
        Dispute(q, _value(q, a), _value(q, b))
        for q, a, b in zip(questionnaire.closed, one, other, strict=True)
        if q.id in differing or differing & q.when.keys()
    ]


def thirds(session: Session, campaign: Campaign, sheet: Sheet) -> int:
    """How many of the team could be the third for this sheet: verifiers and heads who keyed neither reading."""
    readers = [id for id in (sheet.first_by, sheet.second_by) if id]
    return deciders.others(session, campaign.region_id, readers)


def disputed(session: Session, campaign: Campaign, user: User) -> list[Sheet]:
    """Sheets of a campaign that two people read differently and this one may decide about."""
    rows = session.scalars(
        select(Sheet)
        .join(Batch, Batch.id == Sheet.batch_id)
        .where(Batch.campaign_id == campaign.id, Batch.state == State.COUNTED, Sheet.state == "third")
        .order_by(Sheet.batch_id, Sheet.number)
    )
    return [sheet for sheet in rows if _third(session, campaign, sheet, user)]


def may_decide(session: Session, pile: Pile, sheet: Sheet, user: User) -> bool:
    """Neither of the two; the head may where the team has nobody else."""
    return _third(session, pile.campaign, sheet, user)


def decide(session: Session, pile: Pile, user: User, number: int, given: Mapping[str, str]) -> None:
    """The third person's word on every disputed box: question → value, or NO_ANSWER. Raises Refusal, Held."""
    sheet = _disputed(session, pile, user, number)
    first, second = sheet.first or "", sheet.second or ""
    if not second:
        raise Refusal(
            _("Этот лист один человек прочёл, а другой счёл испорченным: выберите, что с ним делать.")
        )
    answers = unpacked(pile.questionnaire, first)
    for dispute in disputes(pile.questionnaire, first, second):
        answers.pop(dispute.question.id, None)
        said = given.get(dispute.question.id, "")
        if said in dispute.question.codes:
            answers[dispute.question.id] = said
        elif said != NO_ANSWER and _asked(dispute.question, answers):
            raise Refusal(_("Решите про каждый вопрос: что отмечено на листе или что ответа нет."))
    final = packed(pile.questionnaire, heard(pile.questionnaire, answers, blanks=True).answers)
    measure(pile, sheet, final)
    sheet.third_by = user.id
    count(session, pile, sheet, final, sheet.words or "")
    _settled(session, pile, user, number, "sheet decided")


def spoil(session: Session, pile: Pile, user: User, number: int, reason: str) -> None:
    """The third person finds that the sheet cannot count. Raises Refusal, Held."""
    sheet = _disputed(session, pile, user, number)
    sheet.state, sheet.doubled, sheet.third_by, sheet.reason = "spoiled", False, user.id, reason
    sheet.first = sheet.second = sheet.words = None
    _settled(session, pile, user, number, "sheet spoiled")


def read_again(session: Session, pile: Pile, user: User, number: int) -> None:
    """The sheet that was called spoiled can be read: somebody keys it a second time. Raises Refusal, Held."""
    sheet = _disputed(session, pile, user, number)
    sheet.state, sheet.second, sheet.second_by, sheet.reason = "second", None, None, ""
    _settled(session, pile, user, number, "sheet sent back")


def accept_unchecked(session: Session, pile: Pile, user: User, reason: str) -> int:
    """Count what waits for a second keying as it was read once, told why; how many. Nothing is measured on it."""
    sheets: Sequence[Sheet] = session.scalars(
        select(Sheet).where(Sheet.batch_id == pile.number, Sheet.state == "second")
    ).all()
    for sheet in sheets:
        holds.take(session, subject(pile, sheet.number), user)
        sheet.doubled, sheet.reason = False, reason
        count(session, pile, sheet, sheet.first or "", sheet.words or "")
        holds.release(session, subject(pile, sheet.number), user)
    told = f"{pile.campaign.id}/{pile.number}"
    audit.record(session, user.login, "sheets accepted unchecked", told, sheets=len(sheets), reason=reason)
    return len(sheets)


def _disputed(session: Session, pile: Pile, user: User, number: int) -> Sheet:
    sheet = session.get(Sheet, (pile.number, number))
    if sheet is None or sheet.state != "third":
        raise Refusal(_("Этот лист уже разобран. Откройте следующий."))
    if not may_decide(session, pile, sheet, user):
        raise Refusal(_("Разбирает третий человек: не тот, кто вводил этот лист."))
    holds.take(session, subject(pile, number), user)
    return sheet


def _third(session: Session, campaign: Campaign, sheet: Sheet, user: User) -> bool:
    if user.id not in (sheet.first_by, sheet.second_by):
        return True
    return user.duty == Duty.HEAD and not thirds(session, campaign, sheet)


def _settled(session: Session, pile: Pile, user: User, number: int, action: str) -> None:
    holds.release(session, subject(pile, number), user)
    audit.record(session, user.login, action, f"{pile.campaign.id}/{pile.number}/{number}")


def _asked(question: Question, answers: Mapping[str, str]) -> bool:
    return all(answers.get(name) == value for name, value in question.when.items())


def _value(question: Question, code: str) -> str | None:
    if code == OFF_PATH:
        return None
    return next((value for value, own in question.codes.items() if own == code), "")
