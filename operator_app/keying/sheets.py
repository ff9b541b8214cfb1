"""One sheet: read by the first pair of eyes, counted or set aside for a second, put right by its keyer."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.keying.stacks import HIGHEST, Pile
from operator_app.keying.tables import Pace, Sheet
from operator_app.team import holds
from surveys import said
from surveys.batches import Batch, State
from surveys.clock import now
from surveys.intake import Finished, Outcome, accept_all, response_key, withdraw
from surveys.models import Response
from surveys.questionnaire import BLANK, OFF_PATH, Questionnaire, heard, packed
from surveys.refusals import Refusal, Stale

FEWEST, AMONG = (
    3,
    20,
)  # of a keyer's first twenty sheets at least three are keyed twice, so that a rate exists
SHORTEST, LONGEST = 3, 300  # seconds between two sheets that tell how fast somebody works
SPOILED = {
    "empty": _l("Пустой лист"),
    "unreadable": _l("Не прочитать"),
    "foreign": _l("Чужая анкета"),
    "twin": _l("Повтор листа"),
    "other": _l("Другая причина"),
}


class Kept(StrEnum):
    """What became of a keyed sheet. The keyer never learns whether it was chosen for a second keying."""

    SAVED = "saved"
    REPEATED = "repeated"
    TAKEN = "taken"  # other answers lie under this number


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pair of eyes read on a sheet; `spoiled` instead of answers when it cannot count."""

    answers: str = ""
    words: str = ""
    off_path: int = 0
    spoiled: str = ""


def read(questionnaire: Questionnaire, given: Mapping[str, str]) -> Reading:
    """Keyed answers as they will be counted. Raises Refusal for what is no answer, and for a sheet without any."""
    listened = heard(questionnaire, given, blanks=True)
    if listened.errors:
        wrong = listened.errors[0]
        raise Refusal(f"{wrong.question.number or wrong.question.caption}. {wrong.text_ru}.")
    answers = packed(questionnaire, listened.answers)
    told = "\n\n".join(listened.answers[name] for name in questionnaire.worded if name in listened.answers)
    if not set(answers) - {BLANK, OFF_PATH} and not told:
        raise Refusal(_("На листе нет ни одного ответа. Если он пустой, отметьте его испорченным."))
    return Reading(answers, told, len(listened.off_path))


def check_number(number: int) -> int:
    """A number that may stand in a corner. Raises Refusal."""
    if not 1 <= number <= HIGHEST:
        raise Refusal(_("Номер листа — целое число от 1 до %(highest)s.", highest=HIGHEST))
    return number


def key_first(
    session: Session, pile: Pile, user: User, number: int, reading: Reading, *, instead: bool = False
) -> Kept:
    """A sheet keyed for the first time, or (`instead`) put right by its keyer; the stack is locked. Raises Refusal."""
    sheet = session.get(Sheet, (pile.number, check_number(number)))
    if sheet is not None and _same(session, pile, sheet, reading):
        return Kept.REPEATED
    if sheet is not None and not instead:
        return Kept.TAKEN
    if sheet is None and pile.stack.closed:
        raise Refusal(_("Пачка закрыта: новых листов в неё не вводят. Её может открыть снова верификатор."))
    if sheet is None:
        _lay_down(session, pile, user, number, reading)
    else:
        _put_right(session, pile, sheet, user, reading)
    tick(session, pile, user, number)
    return Kept.SAVED


def key_of(pile: Pile, number: int) -> int:
    """The response's key: one sheet counts once, whoever sends it and however often."""
    return response_key("sheet", pile.number, number)


def count(session: Session, pile: Pile, sheet: Sheet, answers: str, words: str) -> None:
    """Through the one door, after which the sheet itself remembers no answer. Raises Refusal."""
    finished = Finished(
        key=key_of(pile, sheet.number),
        campaign_id=pile.campaign.id,
        assessment_id=pile.assessment.id,
        questionnaire=pile.questionnaire,
        questionnaire_id=pile.stack.questionnaire_id,
        channel=pile.stack.channel,
        day=pile.stack.filled_on,
        answers=answers,
        batch_id=pile.number,
    )
    if accept_all(session, [finished])[0] is not Outcome.COUNTED:
        raise Stale(_("Этот лист уже учтён или сбор ответов закончен. Откройте страницу заново."))
    if words:
        said.keep(session, pile.number, pile.assessment.id, pile.stack.filled_on, words)
    sheet.state, sheet.first, sheet.second, sheet.words = "counted", None, None, None


def may_put_right(session: Session, pile: Pile, sheet: Sheet, user: User) -> bool:
    """Only the keyer, and only until another pair of eyes has read it."""
    if sheet.first_by != user.id or sheet.state == "third" or sheet.second_by is not None:
        return False
    other = holds.holder(session, subject(pile, sheet.number)) if sheet.state == "second" else None
    return other is None


def answers_of(session: Session, pile: Pile, sheet: Sheet) -> str | None:
    """What lies under this number now, packed; None for a spoiled sheet."""
    if sheet.state == "counted":
        return session.scalar(select(Response.answers).where(Response.key == key_of(pile, sheet.number)))
    return sheet.first


def subject(pile: Pile, number: int) -> str:
    """Under which a sheet is held."""
    return f"{pile.campaign.id}/sheet/{pile.number}/{number}"


def tick(session: Session, pile: Pile, user: User, number: int, *, again: bool = False) -> None:
    """One more sheet of this keyer; a long pause is no work, and a burst after an outage is no speed."""
    moment = now()
    pace = session.get(Pace, (pile.number, user.id))
    if pace is None:
        pace = Pace(
            batch_id=pile.number, user_id=user.id, sheets=0, again=0, timed=0, spent=0, last_at=moment
        )
        session.add(pace)
    seconds = round((moment - pace.last_at).total_seconds())
    if SHORTEST <= seconds <= LONGEST:
        pace.timed, pace.spent = pace.timed + 1, pace.spent + seconds
    pace.last_at = moment
    if again:
        pace.again += 1
    else:
        pace.sheets, pace.last_number = pace.sheets + 1, number


def _same(session: Session, pile: Pile, sheet: Sheet, reading: Reading) -> bool:
    if sheet.state == "spoiled" or reading.spoiled:
        return sheet.state == "spoiled" and sheet.reason == reading.spoiled
    return answers_of(session, pile, sheet) == reading.answers


def _lay_down(session: Session, pile: Pile, user: User, number: int, reading: Reading) -> None:
    sheet = Sheet(
        batch_id=pile.number, number=number, first_by=user.id, state="spoiled", off_path=reading.off_path
    )
    _fill(session, pile, sheet, user, reading)
    session.add(sheet)


def _fill(session: Session, pile: Pile, sheet: Sheet, user: User, reading: Reading) -> None:
    """Spoiled, set aside for a second keying, or counted at once."""
    sheet.reason, sheet.off_path = reading.spoiled, reading.off_path
    if reading.spoiled:
        sheet.state, sheet.doubled, sheet.first = "spoiled", False, None
        return
    sheet.doubled = _chosen(session, pile, user)
    if sheet.doubled:
        sheet.state, sheet.first, sheet.words = "second", reading.answers, reading.words or None
    else:
        count(session, pile, sheet, reading.answers, reading.words)


def _put_right(session: Session, pile: Pile, sheet: Sheet, user: User, reading: Reading) -> None:
    """Words that were keyed with the sheet stay as they were: those already counted lead to no sheet."""
    if not may_put_right(session, pile, sheet, user):
        raise Refusal(_("Исправить лист может тот, кто его ввёл, и пока его не прочёл второй человек."))
    if sheet.state == "second" and not reading.spoiled:
        sheet.first, sheet.off_path = reading.answers, reading.off_path
        return
    was_spoiled = sheet.state == "spoiled"
    withdraw(session, [key_of(pile, sheet.number)])
    if was_spoiled or reading.spoiled:
        sheet.words = None
        _fill(session, pile, sheet, user, reading)
    else:
        sheet.off_path = reading.off_path
        count(session, pile, sheet, reading.answers, "")


def _chosen(session: Session, pile: Pile, user: User) -> bool:
    """Drawn anew for each sheet; while a keyer's first sheets are few, often enough for the fewest."""
    share = Fraction(pile.stack.second_share, 100)
    if not share:
        return False
    keyed, chosen = session.execute(
        select(func.count(), func.coalesce(func.sum(case((Sheet.doubled, 1), else_=0)), 0))
        .select_from(Sheet)
        .join(Batch, Batch.id == Sheet.batch_id)
        .where(
            Batch.campaign_id == pile.campaign.id,
            Batch.state == State.COUNTED,
            Sheet.first_by == user.id,
            Sheet.state != "spoiled",
        )
    ).one()
    left, owed = AMONG - keyed, FEWEST - int(chosen)
    if left > 0 and owed > 0:
        share = max(share, min(Fraction(owed, left), Fraction(1)))
    return secrets.randbelow(share.denominator) < share.numerator
