"""What people decide about doubts, samples and words. Every function stands inside writing(), first of all."""

from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from paper import reviewing, settling, untying
from paper.counting import pages_of, readable
from paper.deciding import OFF_PATH
from paper.known import form_of
from paper.settled import NONE, TWO, TYPED, UNREADABLE, answer_of, needs_second, plain
from paper.tables import Doubt, DoubtKind, ScanBatch, ScannedSheet, SheetState
from surveys import said
from surveys.clock import now
from surveys.models import Campaign
from surveys.questionnaire import Question, heard
from surveys.refusals import NotFound, Refusal


class Kept(StrEnum):
    """What became of a decision. The reviewer never learns whether it was about a doubt or a sample."""

    SAVED = "saved"
    REPEATED = "repeated"  # sent twice
    TAKEN = "taken"  # another person decided it, or it need not be decided any more


def decide(session: Session, campaign: Campaign, user: User, token: str, value: str) -> Kept:
    """The first person's word; one's own word may be changed until a second person has spoken. Raises Refusal.

    What was said first is kept: by it a sample is measured, for by now the log may have told what was read.
    """
    settling.at_work(session, campaign.id)
    doubt = _sought(session, campaign, token)
    if doubt is None or doubt.kind == DoubtKind.WORDS:
        return Kept.TAKEN
    _check(reviewing.shown(session, doubt).question, value)
    changes = doubt.decided is not None
    if doubt.decided is None:
        if reviewing.held_by_another(doubt, user):
            return Kept.TAKEN
    elif doubt.decided_by != user.id:
        return Kept.TAKEN
    elif doubt.decided == value:
        return Kept.REPEATED
    elif doubt.final is not None:
        return Kept.TAKEN
    before, subject = _counts_as(doubt), f"{campaign.id}/{doubt.batch_id}/{doubt.id}"
    if changes and doubt.first is None:
        doubt.first = doubt.decided
    doubt.decided, doubt.decided_by, doubt.decided_at = value, user.id, now()
    _settle(session, doubt, before)
    if changes:  # the trail last: its lock is everybody's, those of the tallies are taken before it
        audit.record(session, user.login, "scan changed", subject)
    return Kept.SAVED


def decide_second(session: Session, campaign: Campaign, user: User, token: str, value: str) -> Kept:
    """The second person's word, which is the last: what is on the paper counts. Raises Refusal."""
    settling.at_work(session, campaign.id)
    doubt = _sought(session, campaign, token)
    if doubt is None:
        return Kept.TAKEN
    if doubt.final is not None:
        return Kept.REPEATED if (doubt.final, doubt.final_by) == (value, user.id) else Kept.TAKEN
    if not needs_second(doubt):
        return Kept.TAKEN
    if not reviewing.may_decide(session, campaign, doubt, user):
        raise Refusal(_("Решает второй человек: не тот, кто смотрел это место первым."))
    _check(reviewing.shown(session, doubt).question, value)
    before, subject = _counts_as(doubt), f"{campaign.id}/{doubt.batch_id}/{doubt.id}"
    doubt.final, doubt.final_by, doubt.final_at = value, user.id, now()
    _settle(session, doubt, before)
    audit.record(session, user.login, "scan settled", subject)
    return Kept.SAVED


def type_words(session: Session, campaign: Campaign, user: User, token: str, text: str) -> Kept:
    """The recipient's own words, «?» when nobody can read them, empty when there are none. Raises Refusal.

    They go to the proposals, where no column leads back: what is typed cannot be changed afterwards.
    """
    settling.at_work(session, campaign.id)
    doubt = _sought(session, campaign, token)
    if doubt is None or doubt.kind != DoubtKind.WORDS:
        return Kept.TAKEN
    if doubt.decided is not None:
        return Kept.REPEATED if doubt.decided_by == user.id else Kept.TAKEN
    if reviewing.held_by_another(doubt, user) or not _counted(session, doubt):
        return Kept.TAKEN
    found = reviewing.shown(session, doubt)
    decided = NONE
    if text.strip() == UNREADABLE:
        decided = UNREADABLE
    elif text.strip():
        listened = heard(found.form.questionnaire, {doubt.question: text}, blanks=True)
        if listened.errors:
            raise Refusal(f"{listened.errors[0].text_ru}.")
        typed = listened.answers.get(doubt.question, "")
        if typed:
            day = session.get_one(ScanBatch, doubt.batch_id).filled_on
            said.keep(session, doubt.batch_id, found.form.assessment_id, day, typed)
            decided = TYPED
    doubt.decided, doubt.decided_by, doubt.decided_at = decided, user.id, now()
    return Kept.SAVED


def _sought(session: Session, campaign: Campaign, token: str) -> Doubt | None:
    """None: its sheet was set aside, or its batch undone, while the person looked."""
    try:
        return reviewing.find(session, campaign, token, locked=True)
    except NotFound:
        return None


def _counted(session: Session, doubt: Doubt) -> bool:
    """Words of a sheet that counts no more (or not yet) would count alone."""
    sheet = session.get(ScannedSheet, doubt.sheet_id, populate_existing=True)
    return sheet is not None and sheet.state == SheetState.COUNTED


def _check(question: Question, value: str) -> None:
    if value not in (NONE, TWO, UNREADABLE) and value not in question.codes:
        raise Refusal(_("Такого ответа у этого вопроса нет. Обновите страницу."))


def _counts_as(doubt: Doubt) -> str:
    """What a counted sheet holds for this question by now: of a sample the reader's word until a second person's."""
    if doubt.final is not None:
        return plain(doubt.final)
    if doubt.kind == DoubtKind.SAMPLE:
        return doubt.read or NONE
    return plain(doubt.decided or NONE)


def _settle(session: Session, doubt: Doubt, before: str) -> None:
    """Count the sheet if nothing holds it any more; one that counts already is put right."""
    session.flush()
    sheet = session.get_one(ScannedSheet, doubt.sheet_id)
    after = _counts_as(doubt)
    if sheet.state == SheetState.COUNTED:
        if after != before:
            settling.correct(session, sheet, doubt.question, after)
            _open_path(session, sheet, doubt.question, after)
    elif answer_of(doubt) is not None:
        settling.settle_sheet(session, sheet)
    session.flush()
    if session.get_one(ScanBatch, sheet.batch_id).destroyed_at is not None:
        untying.untie(session, sheet.batch_id)


def _open_path(session: Session, sheet: ScannedSheet, filter_: str, value: str) -> None:
    """A filter put right opens questions whose marks were let go when the sheet was counted: people read them."""
    form = form_of(session, sheet.run_id or 0)
    sides = readable(pages_of(session, sheet))
    for question in form.questionnaire.closed:
        if question.when.get(filter_) != value:
            continue
        known = session.scalar(select(Doubt).where(Doubt.sheet_id == sheet.id, Doubt.question == question.id))
        said_before = answer_of(known) if known else None
        if said_before is not None:
            settling.correct(session, sheet, question.id, said_before)
        page = next((p for n, p in sides.items() if question.id in form.geometry.sides[n - 1].asked), None)
        if known is None and page is not None:
            told = {"batch_id": sheet.batch_id, "sheet_id": sheet.id, "page_id": page.id}
            session.add(Doubt(**told, question=question.id, kind=DoubtKind.DOUBT, why=OFF_PATH))
    session.flush()
