"""One sheet: its marks → answers and doubts; counted when nothing holds it. Every function stands inside writing()."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from PIL import Image
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, object_session

from paper import reading, sampling, vault
from paper.deciding import Verdict, decide
from paper.known import Form, form_of
from paper.marks import PageSeen
from paper.settled import answer_of
from paper.tables import Doubt, DoubtKind, PrintRun, ScanBatch, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys import gate, sealing
from surveys.batches import Batch, State
from surveys.channels import CHANNELS
from surveys.intake import Finished, Outcome, accept_all, response_key, withdraw
from surveys.models import Campaign, Response, Stage
from surveys.questionnaire import BLANK, OFF_PATH, heard, packed, path, unpacked
from surveys.refusals import Refusal, Stale

PAPER = CHANNELS["paper"].number
WRITTEN = 0.004
"""Share of ink in a field for words from which somebody has to look: a short word has 0.01, dust and a fold less."""
GONE = (State.UNDONE, State.DROPPED, State.REFUSED)
ASKED_FIRST = (Reason.COPY, Reason.NO_NUMBER, Reason.TWO_SHEETS, Reason.ORIGINAL_UNDONE, Reason.MORE)
"""A sheet that waits for one of these is not counted before a person has said what it is."""


def at_work(session: Session, campaign_id: int) -> None:
    """First thing in a transaction that decides something: the campaign stays open, others wait. Raises Refusal."""
    connection = session.connection()
    gate.hold_open(connection, [campaign_id])
    stage = session.scalar(select(Campaign.stage).where(Campaign.id == campaign_id))
    if stage != Stage.COLLECTING:
        raise Refusal(_("Сбор ответов закончен: анкеты больше не принимаются и не меняются."))
    gate.one_by_one(connection, campaign_id)


def key_of(sheet: ScannedSheet) -> int:
    """The response's key: one sheet counts once, whoever brings it and however often.

    Out of the campaign's own key: without it nobody finds the answers of a serial, and publishing destroys it.
    """
    session = object_session(sheet)
    if session is None or sheet.run_id is None:
        raise ValueError("a sheet without a number counts nowhere")
    campaign_id = session.get_one(PrintRun, sheet.run_id).campaign_id
    secret = sealing.drawn(vault.key_of(session, campaign_id), b"paper answers")
    told = f"{sheet.run_id}/{sheet.serial}/{sheet.copy}".encode()
    return response_key("scan", hmac.digest(secret, told, "sha256").hex())


def pages_of(session: Session, sheet: ScannedSheet) -> list[ScannedPage]:
    """Its pictures, in the order they came."""
    return list(
        session.scalars(select(ScannedPage).where(ScannedPage.sheet_id == sheet.id).order_by(ScannedPage.id))
    )


def readable(pages: Sequence[ScannedPage]) -> dict[int, ScannedPage]:
    """Side → its first picture whose boxes were read."""
    return {
        page.side: page
        for page in reversed(pages)
        if page.side and page.seen and not page.seen.get("trouble")
    }


def settle_sheet(session: Session, sheet: ScannedSheet) -> None:
    """Count a waiting sheet if nothing holds it any more; otherwise it waits, and says for what."""
    batch = session.get_one(Batch, sheet.batch_id)
    if sheet.state != SheetState.WAITING or batch.state in GONE or sheet.reason in ASKED_FIRST:
        return
    if sheet.run_id is None or sheet.serial is None:
        return
    form, pages = form_of(session, sheet.run_id), pages_of(session, sheet)
    sides = readable(pages)
    missing = set(range(1, len(form.geometry.sides) + 1)) - sides.keys()
    if missing and sheet.reason != Reason.DOUBTS:  # with it a person has said: count it as it is
        blind = any(page.side in missing for page in pages)
        sheet.reason = Reason.NO_PLACES if blind else Reason.MISSING_SIDE
        return
    seen = {side: with_boxes(session, form, page) for side, page in sides.items()}
    verdicts = decide(form.questionnaire, [box for one in seen.values() for box in one.boxes])
    doubts = _doubted(session, sheet, form, verdicts, sides, seen)
    if any(one.kind == DoubtKind.DOUBT and answer_of(one) is None for one in doubts.values()):
        sheet.reason = Reason.DOUBTS
        return
    _count(session, sheet, form, _answers(verdicts, doubts), worded=_has_words(doubts))
    forget_boxes(pages_of(session, sheet))


def _doubted(
    session: Session,
    sheet: ScannedSheet,
    form: Form,
    verdicts: Sequence[Verdict],
    sides: Mapping[int, ScannedPage],
    seen: Mapping[int, PageSeen],
) -> dict[str, Doubt]:
    """Question → what a person looks at; made the first time, and for sides that have come since."""
    known = {one.question: one for one in session.scalars(select(Doubt).where(Doubt.sheet_id == sheet.id))}
    where = {
        question: page.id
        for side, page in sides.items()
        for question in (
            form.geometry.sides[side - 1].asked.keys() | form.geometry.sides[side - 1].words.keys()
        )
    }
    first_time = not known
    made = [
        Doubt(question=one.question, kind=DoubtKind.DOUBT, why=one.why, read=one.value)
        for one in verdicts
        if not one.sure
    ]
    made += [
        Doubt(question=question, kind=DoubtKind.WORDS, read=None)
        for one in seen.values()
        for question, ink in one.words.items()
        if ink >= WRITTEN and question in form.questionnaire.worded
    ]
    if first_time:
        sure = _sure_on_path(form, verdicts)
        chosen = sampling.drawn(session, session.get_one(ScanBatch, sheet.batch_id), list(sure))
        made += [Doubt(question=name, kind=DoubtKind.SAMPLE, read=sure[name]) for name in chosen]
    for one in made:
        if one.question not in known and one.question in where:
            one.batch_id, one.sheet_id, one.page_id = sheet.batch_id, sheet.id, where[one.question]
            session.add(one)
            known[one.question] = one
    session.flush()
    return known


def _sure_on_path(form: Form, verdicts: Sequence[Verdict]) -> dict[str, str]:
    asked = {
        one.id for one in path(form.questionnaire, {one.question: one.value for one in verdicts if one.value})
    }
    return {one.question: one.value for one in verdicts if one.sure and one.question in asked}


def _answers(verdicts: Sequence[Verdict], doubts: Mapping[str, Doubt]) -> dict[str, str]:
    """What people decided, else what was read."""
    told = {one.question: one.value for one in verdicts}
    for question, doubt in doubts.items():
        decided = answer_of(doubt) if doubt.kind != DoubtKind.WORDS else None
        if decided is not None:
            told[question] = decided
    return told


def _has_words(doubts: Mapping[str, Doubt]) -> bool:
    return any(one.kind == DoubtKind.WORDS for one in doubts.values())


def _count(
    session: Session, sheet: ScannedSheet, form: Form, given: Mapping[str, str], *, worded: bool = False
) -> None:
    listened = heard(form.questionnaire, given, blanks=True)
    answers = packed(form.questionnaire, listened.answers)
    sheet.off_path = len(listened.off_path)
    if not set(answers) - {BLANK, OFF_PATH} and not worded:
        set_aside(session, sheet, SheetState.SPOILED, Reason.EMPTY)
        return
    finished = Finished(
        key=key_of(sheet),
        campaign_id=form.campaign_id,
        assessment_id=form.assessment_id,
        questionnaire=form.questionnaire,
        questionnaire_id=form.questionnaire_id,
        channel=PAPER,
        day=session.get_one(ScanBatch, sheet.batch_id).filled_on,
        answers=answers,
        batch_id=sheet.batch_id,
    )
    outcome = accept_all(session, [finished])[0]
    if outcome is Outcome.CLOSED:
        raise Refusal(_("Сбор ответов закончен: анкеты больше не принимаются и не меняются."))
    if outcome is Outcome.COUNTED:
        sheet.state, sheet.reason, sheet.answers = SheetState.COUNTED, "", None
    else:
        set_aside(session, sheet, SheetState.REPEATED, "")


def correct(session: Session, sheet: ScannedSheet, question: str, value: str) -> None:
    """The machine was surely wrong about one question of a counted sheet: it counts anew, under the same key."""
    at_work(session, session.get_one(Batch, sheet.batch_id).campaign_id)
    if sheet.state != SheetState.COUNTED or sheet.run_id is None:
        raise Stale(_("Этот лист уже не учтён. Откройте страницу заново."))
    form = form_of(session, sheet.run_id)
    stored = session.scalar(select(Response.answers).where(Response.key == key_of(sheet)))
    if stored is None:
        raise Stale(_("Этот лист уже не учтён. Откройте страницу заново."))
    given = {**unpacked(form.questionnaire, stored), question: value}
    withdraw(session, [key_of(sheet)])
    words = select(Doubt.id).where(Doubt.sheet_id == sheet.id, Doubt.kind == DoubtKind.WORDS)
    worded = session.scalar(words.limit(1)) is not None
    if session.get_one(ScanBatch, sheet.batch_id).destroyed_at is not None:
        worded = True  # whether it had words nobody knows any more: it was no empty sheet
    _count(session, sheet, form, given, worded=worded)


def set_aside(session: Session, sheet: ScannedSheet, state: SheetState, reason: str) -> None:
    """Repeated or spoiled: nobody needs to look at it any more."""
    sheet.state, sheet.reason, sheet.answers = state, reason, None
    forget_doubts(session, sheet)
    forget_boxes(pages_of(session, sheet))


def forget_doubts(session: Session, sheet: ScannedSheet) -> None:
    """What nobody has decided yet."""
    session.flush()
    unseen = delete(Doubt).where(Doubt.sheet_id == sheet.id, Doubt.decided_by.is_(None))
    session.execute(unseen.execution_options(synchronize_session="fetch"))


def carry_doubts(session: Session, sheet: ScannedSheet, to: ScannedSheet) -> None:
    """What people are asked of a sheet goes where its pictures go."""
    known = select(Doubt.question).where(Doubt.sheet_id == to.id)
    own = Doubt.sheet_id == sheet.id
    again = delete(Doubt).where(own, Doubt.question.in_(session.scalars(known).all()))
    session.execute(again.execution_options(synchronize_session="fetch"))
    moved = update(Doubt).where(own).values(sheet_id=to.id, batch_id=to.batch_id)
    session.execute(moved.execution_options(synchronize_session="fetch"))


def forget_boxes(pages: Sequence[ScannedPage]) -> None:
    """Of a counted sheet stay its code, its places for the crops, and the fingerprint by which a rescan is known."""
    for page in pages:
        if page.seen.get("boxes"):
            page.seen = {**page.seen, "boxes": []}


def with_boxes(session: Session, form: Form, page: ScannedPage) -> PageSeen:
    """What was seen in its boxes; looked at once more if that was forgotten. Raises Refusal."""
    seen, campaign_id = PageSeen.from_dict(page.seen), form.campaign_id
    if seen.boxes or not page.side or not form.geometry.sides[page.side - 1].boxes:
        return seen
    again = look_again(vault.open_(session, campaign_id, page.kept_as), seen.places, form, page.side)
    if again.trouble:
        raise Refusal(_("Снимок листа не читается ещё раз: введите анкету вручную."))
    page.seen = replace(again, code=seen.code, how=seen.how, hand=seen.hand, even=seen.even).as_dict()
    return PageSeen.from_dict(page.seen)


def look_again(kept: bytes, places: Sequence[float], form: Form, side: int) -> PageSeen:
    """The boxes of a kept picture, whose side a person named. Raises Refusal without OpenCV."""
    if not reading.available() or reading.broken():
        raise Refusal(_("На этом сервере нет чтения сканов: администратор ставит его командой «make omr»."))
    with Image.open(BytesIO(kept), formats=("JPEG", "PNG")) as opened:
        picture: Any = opened.convert("RGB" if opened.mode == "RGB" else "L")
    return reading.read_boxes(picture, places, form.geometry, side)
