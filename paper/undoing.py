"""A batch of scans taken back whole: what it counted, what waited, the words that came with it. Inside writing()."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from accounts import audit
from paper import counting, untying, vault
from paper.joining import settled
from paper.known import form_of
from paper.marks import PageSeen
from paper.settled import TYPED
from paper.tables import Doubt, DoubtKind, ScanBatch, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys import said
from surveys.batches import Batch, Kind, State
from surveys.intake import withdraw
from surveys.models import Response
from surveys.refusals import NotFound, Stale


def undo(session: Session, batch_id: int, by: str) -> int:
    """Take the whole batch out of every figure; how many sheets count no more. Raises Refusal.

    A sheet that another batch brought again is that batch's own now; a side that this batch lent goes with it.
    """
    batch, scans = session.get(Batch, batch_id), session.get(ScanBatch, batch_id)
    if batch is None or scans is None or batch.kind != Kind.SCANS:
        raise NotFound(_("Такого пакета сканов нет."))
    counting.at_work(session, batch.campaign_id)
    batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
    if batch.state in counting.GONE:
        raise Stale(_("Этот пакет уже отменён."))
    before = _counted(session, batch.campaign_id)
    lent = _lent(session, batch_id)
    counted = session.scalars(_sheets(batch_id).where(ScannedSheet.state == SheetState.COUNTED)).all()
    for sheet in counted:
        _hand_on(session, sheet)
    withdraw(session, session.scalars(select(Response.key).where(Response.batch_id == batch_id)).all())
    batch.state = State.UNDONE
    said.forget(session, batch_id)
    session.execute(
        delete(Doubt)
        .where(Doubt.batch_id == batch_id, Doubt.decided_by.is_(None))
        .execution_options(synchronize_session="fetch")
    )
    session.flush()
    for sheet in session.scalars(_sheets(batch_id).where(ScannedSheet.state == SheetState.WAITING)):
        counting.forget_boxes(counting.pages_of(session, sheet))
    for sheet in [*_orphans(session, batch_id), *lent]:
        _revive(session, sheet)
    vault.drop(session, batch.campaign_id, (str(one.get("raw", "")) for one in scans.files))
    scans.files = [{**one, "raw": ""} for one in scans.files]
    untying.untie(session, batch_id, wholly=True)
    session.flush()
    gone = before - _counted(session, batch.campaign_id)
    audit.record(session, by, "scans-undone", f"{batch.campaign_id}/{batch_id}", counted=gone)
    return gone


def _counted(session: Session, campaign_id: int) -> int:
    """Sheets out of scans that count; whoever changes their number waits for us."""
    asked = select(func.count()).select_from(Response).join(Batch, Batch.id == Response.batch_id)
    return session.scalar(asked.where(Batch.campaign_id == campaign_id, Batch.kind == Kind.SCANS)) or 0


def _sheets(batch_id: int) -> Select[ScannedSheet]:
    return select(ScannedSheet).where(ScannedSheet.batch_id == batch_id).order_by(ScannedSheet.id)


def _repeats(session: Session, sheet: ScannedSheet) -> Sequence[ScannedSheet]:
    """The same sheet in other batches that still stand."""
    return session.scalars(
        select(ScannedSheet)
        .join(Batch, Batch.id == ScannedSheet.batch_id)
        .where(
            ScannedSheet.of_id == sheet.id,
            ScannedSheet.state == SheetState.REPEATED,
            ScannedSheet.batch_id != sheet.batch_id,
            Batch.state.not_in(counting.GONE),
        )
        .order_by(ScannedSheet.id)
    ).all()


def _hand_on(session: Session, sheet: ScannedSheet) -> None:
    """A counted sheet that another batch holds whole stays counted, as that batch's."""
    if sheet.run_id is None:
        return
    sides = {number + 1 for number in range(len(form_of(session, sheet.run_id).geometry.sides))}
    for heir in _repeats(session, sheet):
        if counting.readable(counting.pages_of(session, heir)).keys() >= sides:
            heir.state, heir.of_id, heir.copy = SheetState.COUNTED, None, sheet.copy
            sheet.state, sheet.of_id = SheetState.REPEATED, heir.id
            session.flush()
            for other in _repeats(session, sheet):
                other.of_id = heir.id
            session.execute(
                update(Response)
                .where(Response.key == counting.key_of(heir))
                .values(batch_id=heir.batch_id)
                .execution_options(synchronize_session=False)
            )
            _hand_on_doubts(session, sheet, heir)
            return


def _hand_on_doubts(session: Session, sheet: ScannedSheet, heir: ScannedSheet) -> None:
    """What people looked at and are still to look at goes along; words that are forgotten are asked for anew."""
    mine = {one.question: one for one in session.scalars(select(Doubt).where(Doubt.sheet_id == sheet.id))}
    old = delete(Doubt).where(Doubt.sheet_id == heir.id, Doubt.question.in_(mine))
    session.execute(old.execution_options(synchronize_session="fetch"))
    sides, form = counting.readable(counting.pages_of(session, heir)), form_of(session, heir.run_id or 0)
    for one in mine.values():
        asking = (
            n for n, side in enumerate(form.geometry.sides, 1) if one.question in {**side.asked, **side.words}
        )
        page = sides[next(asking)]
        if one.kind == DoubtKind.WORDS and one.decided == TYPED:
            one.decided = one.decided_by = one.decided_at = one.held_by = one.held_until = None
        one.batch_id, one.sheet_id, one.page_id = heir.batch_id, heir.id, page.id
        if one.decided_by is None and not page.kept_as:  # nobody can look any more
            session.delete(one)
    for page in sides.values():
        for question, ink in PageSeen.from_dict(page.seen).words.items():
            if ink >= counting.WRITTEN and question in form.questionnaire.worded and page.kept_as:
                if question not in mine:  # they were cut from the sheet when its pictures went
                    told = {"batch_id": heir.batch_id, "sheet_id": heir.id, "page_id": page.id}
                    session.add(Doubt(**told, question=question, kind=DoubtKind.WORDS))
    session.flush()


def _orphans(session: Session, batch_id: int) -> list[ScannedSheet]:
    """Repeats in other batches of sheets that count no more; one of each sheet."""
    found: dict[int, ScannedSheet] = {}
    for sheet in session.scalars(_sheets(batch_id).where(ScannedSheet.state != SheetState.REPEATED)):
        for heir in _repeats(session, sheet)[:1]:
            found[sheet.id] = heir
            heir.copy = sheet.copy
            for other in _repeats(session, sheet)[1:]:
                other.of_id = heir.id
    return list(found.values())


def _lent(session: Session, batch_id: int) -> list[ScannedSheet]:
    """Sheets of other batches that have a side from this one: they give it back and wait for it again."""
    pages = select(ScannedPage).join(ScannedSheet, ScannedSheet.id == ScannedPage.sheet_id)
    found: dict[int, ScannedSheet] = {}
    for page in session.scalars(
        pages.where(ScannedPage.batch_id == batch_id, ScannedSheet.batch_id != batch_id)
    ):
        sheet = session.get_one(ScannedSheet, page.sheet_id)
        found[sheet.id] = sheet
        page.sheet_id = _left_behind(session, batch_id, sheet)
        page.seen = {**page.seen, "boxes": []}
    session.flush()
    return list(found.values())


def _left_behind(session: Session, batch_id: int, sheet: ScannedSheet) -> int:
    """The undone batch keeps a sheet for a side that was somebody else's, so that its sums still hold."""
    own = ScannedSheet(
        batch_id=batch_id, run_id=sheet.run_id, serial=sheet.serial, copy=sheet.copy,
        state=SheetState.WAITING, reason=Reason.MISSING_SIDE,
    )  # fmt: skip
    session.add(own)
    session.flush()
    return own.id


def _revive(session: Session, sheet: ScannedSheet) -> None:
    """Counted from its own pictures, if they can be read once more; else a person is told why it waits."""
    if sheet.state == SheetState.COUNTED:
        withdraw(session, [counting.key_of(sheet)])
    if sheet.state not in (SheetState.COUNTED, SheetState.WAITING, SheetState.REPEATED):
        return
    sheet.state, sheet.of_id, sheet.reason = SheetState.WAITING, None, ""
    session.flush()
    settled(session, sheet)
    if sheet.state == SheetState.WAITING and sheet.reason == Reason.UNREAD_AGAIN:
        sheet.reason = Reason.ORIGINAL_UNDONE
