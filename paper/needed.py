"""Who still needs the pictures of a batch, and what becomes of those who do when they are destroyed."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from paper.settled import disputed
from paper.tables import Doubt, DoubtKind, ScanBatch, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys import gate
from surveys.batches import Batch, State
from surveys.models import Campaign, Stage

_GONE = (State.UNDONE, State.DROPPED, State.REFUSED)
_STAYS = (Reason.MISSING_SIDE, Reason.CLOSED)
"""What was read of these is kept in the row: they can still be joined, or counted as they are."""


class Needed(NamedTuple):
    """What only these pictures can tell: whole sheets, places in doubt, answers drawn for the blind check, words."""

    sheets: int = 0
    places: int = 0
    samples: int = 0
    words: int = 0
    unread: bool = False

    @property
    def forbids(self) -> bool:
        """Somebody has to decide first."""
        return bool(self.unread or self.sheets or self.places)

    @property
    def loses(self) -> bool:
        """It may be done, but something is never known."""
        return bool(self.samples or self.words)


def of(session: Session, batch: Batch) -> Needed:
    """Counted anew; once the campaign has closed nobody can decide anything, and nothing is needed."""
    if session.get_one(Campaign, batch.campaign_id).stage != Stage.COLLECTING:
        return Needed()
    looked = (
        select(func.count())
        .select_from(Doubt)
        .join(ScannedSheet, ScannedSheet.id == Doubt.sheet_id)
        .join(Batch, Batch.id == Doubt.batch_id)
        .where(Doubt.page_id.in_(_pages(batch.id)), Batch.state.not_in(_GONE))
        .where(ScannedSheet.state.in_((SheetState.WAITING, SheetState.COUNTED)))
    )
    counted = looked.where(ScannedSheet.state == SheetState.COUNTED)
    unseen = Doubt.decided_by.is_(None)

    def number(asked: Select[int]) -> int:
        return session.scalar(asked) or 0

    return Needed(
        sheets=number(select(func.count()).select_from(_waiting(batch.id).subquery())),
        places=number(looked.where(or_(disputed(), (Doubt.kind == DoubtKind.DOUBT) & unseen))),
        samples=number(looked.where(Doubt.kind == DoubtKind.SAMPLE, unseen)),
        words=number(counted.where(Doubt.kind == DoubtKind.WORDS, unseen)),
        unread=batch.state == State.UPLOADED,
    )


def _pages(batch_id: int) -> Select[int]:
    return select(ScannedPage.id).where(ScannedPage.batch_id == batch_id)


def _waiting(batch_id: int) -> Select[int]:
    """Sheets of any batch that wait and have a picture here, or have to be compared with one."""
    like = aliased(ScannedPage)
    compared = select(like.sheet_id).where(like.batch_id == batch_id, like.sheet_id.is_not(None))
    return _standing(
        or_(ScannedSheet.batch_id == batch_id, _has_page(batch_id), ScannedSheet.of_id.in_(compared))
    )


def _has_page(batch_id: int) -> ColumnElement[bool]:
    page = aliased(ScannedPage)
    return select(page.id).where(page.sheet_id == ScannedSheet.id, page.batch_id == batch_id).exists()


def _standing(which: ColumnElement[bool]) -> Select[int]:
    return (
        select(ScannedSheet.id)
        .join(Batch, Batch.id == ScannedSheet.batch_id)
        .where(ScannedSheet.state == SheetState.WAITING, Batch.state.not_in(_GONE), which)
    )


def locked(session: Session, batch: ScanBatch) -> None:
    """Whoever reads on, settles or undoes it waits, or sees that it is destroyed."""
    gate.one_by_one(session.connection(), session.get_one(Batch, batch.batch_id).campaign_id)
    session.flush()
    for table in (Batch, ScanBatch):
        session.get_one(table, batch.batch_id, with_for_update=True, populate_existing=True)


def left_behind(session: Session, batch_id: int) -> None:
    """Nobody is asked about what cannot be seen any more, and sheets that wait for it say so."""
    session.flush()
    gone = Doubt.page_id.in_(_pages(batch_id))
    open_ = select(Doubt.sheet_id).where(gone, or_(Doubt.decided_by.is_(None), disputed()))
    blind = open_.where(Doubt.kind == DoubtKind.DOUBT, Doubt.sheet_id.is_not(None))
    waits = or_(ScannedSheet.reason != Reason.DOUBTS, ScannedSheet.id.in_(blind))
    blinded = _standing(_has_page(batch_id) & waits & ScannedSheet.reason.not_in(_STAYS))
    numbers = session.scalars(blinded).all()
    for number in numbers:
        session.get_one(ScannedSheet, number).reason = Reason.DESTROYED
    for start in range(0, len(numbers), 500):
        _forget(session, Doubt.sheet_id.in_(numbers[start : start + 500]))
    _forget(session, gone)


def _forget(session: Session, which: ColumnElement[bool]) -> None:
    unseen = delete(Doubt).where(which, Doubt.decided_by.is_(None))
    session.execute(unseen.execution_options(synchronize_session="fetch"))
