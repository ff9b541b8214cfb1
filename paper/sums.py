"""The sums of a batch as its rows tell them, and what a campaign still waits for. Writes nothing."""

from bisect import bisect_right
from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from paper.report import ScanReport, Spoiled
from paper.tables import Doubt, DoubtKind, ScanBatch, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys.batches import Batch, Kind, State

GONE = (State.UNDONE, State.DROPPED, State.REFUSED)


def waiting(session: Session, campaign_id: int) -> int:
    """Sheets of a campaign that wait for a person or for their other side: they count nowhere yet."""
    found = session.scalar(
        select(func.count())
        .select_from(ScannedSheet)
        .join(Batch, Batch.id == ScannedSheet.batch_id)
        .where(
            Batch.campaign_id == campaign_id,
            Batch.state.not_in(GONE),
            ScannedSheet.state == SheetState.WAITING,
        )
    )
    return int(found or 0)


def unfinished(session: Session, campaign_id: int) -> list[int]:
    """Batches whose files are not read to the end: their sheets are not even known."""
    mine = (Batch.campaign_id == campaign_id, Batch.kind == Kind.SCANS, Batch.state == State.UPLOADED)
    return list(session.scalars(select(Batch.id).where(*mine).order_by(Batch.id)))


def report(session: Session, batch_id: int) -> ScanReport:
    """The sums of a batch as they are now."""
    batch, scans = session.get_one(Batch, batch_id), session.get_one(ScanBatch, batch_id)
    told = ScanReport(batch=batch_id, finished=batch.state != State.UPLOADED)
    rows = session.execute(
        select(ScannedSheet.id, ScannedSheet.state, ScannedSheet.reason)
        .where(ScannedSheet.batch_id == batch_id)
        .order_by(ScannedSheet.id)
    ).all()
    states = Counter(state for _id, state, _reason in rows)
    told.counted, told.repeated = states[SheetState.COUNTED], states[SheetState.REPEATED]
    told.review = states[SheetState.WAITING]
    told.waiting = dict(Counter(reason for _id, state, reason in rows if state == SheetState.WAITING))
    _pages(
        session, told, scans, {sheet: reason for sheet, state, reason in rows if state == SheetState.SPOILED}
    )
    told.doubts = int(
        session.scalar(
            select(func.count()).where(
                Doubt.batch_id == batch_id, Doubt.kind == DoubtKind.DOUBT, Doubt.decided_by.is_(None)
            )
        )
        or 0
    )
    for name, other, sheets in (batch.mapping or {}).get("same", ()):
        told.same_files[name] = other
        told.repeated += sheets
    return told


def _pages(session: Session, told: ScanReport, scans: ScanBatch, spoiled: dict[int, str]) -> None:
    rows = session.execute(
        select(ScannedPage.file, ScannedPage.number, ScannedPage.sheet_id, ScannedPage.reason)
        .where(ScannedPage.batch_id == scans.batch_id)
        .order_by(ScannedPage.file, ScannedPage.number)
    )
    first: dict[int, tuple[int, int]] = {}
    for file, number, sheet_id, reason in rows:
        told.pages += number > 0
        told.of_sheets += sheet_id is not None and number > 0
        told.blank += reason == Reason.BLANK
        told.covers += reason == Reason.COVER
        if sheet_id is not None:
            first.setdefault(sheet_id, (file, number))
    for sheet_id, reason in spoiled.items():
        file, number = first.get(sheet_id, (0, 0))
        told.spoiled.append(Spoiled(*where(scans, file, number), reason))


def where(scans: ScanBatch, file: int, number: int) -> tuple[str, int]:
    """A file's name (of a ZIP: also the name of the file in it) and the page in that very file."""
    if not 1 <= file <= len(scans.files):
        return "", number
    told: dict[str, Any] = scans.files[file - 1]
    inside = told.get("inside") or []
    at = bisect_right([start for start, _name in inside], number) - 1
    if at < 0:
        return str(told.get("name", "")), number
    start, name = inside[at]
    return f"{told.get('name', '')}: {name}", number - start + 1
