"""Batches of scans: which there are, what became of their sheets, file by file and sheet by sheet. Writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from paper import words
from paper.report import refused
from paper.sums import GONE, where
from paper.tables import (
    PrintRun,
    ScanBatch,
    ScannedPage,
    ScannedSheet,
    SheetState,
)
from surveys import queries
from surveys.batches import Batch, Kind
from surveys.models import Assessment, Organization
from surveys.refusals import NotFound


class Found(NamedTuple):
    """A batch of scans: the row that every batch has, and its own."""

    batch: Batch
    scans: ScanBatch


class Counts(NamedTuple):
    """Where the sheets of a batch are; each is in one place."""

    counted: int = 0
    waiting: int = 0
    repeated: int = 0
    spoiled: int = 0

    @property
    def sheets(self) -> int:
        """All of them."""
        return sum(self)


@dataclass(frozen=True, slots=True)
class Place:
    """One sheet in a list: where it lies in the files, whose it is, why it stands there."""

    sheet_id: int
    batch_id: int
    state: str
    reason: str
    serial: int | None
    copy: int
    organization: str
    file: str
    pages: tuple[int, ...]
    of_id: int | None = None
    of_batch: int | None = None

    @property
    def words(self) -> str:
        """Why, in Russian."""
        return words.said(self.reason) if self.reason else ""

    @property
    def opens(self) -> bool:
        """Is there a picture? What could not even be opened has none."""
        return self.reason not in words.UNTAKEN


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a batch: what was read in it, or why it was refused."""

    name: str
    refusal: str
    pages: int
    sheets: Counts


def of_campaign(session: Session, campaign_id: int, page: int, size: int) -> tuple[int, list[Found]]:
    """How many batches there are, and one page of them, newest first."""
    mine = (Batch.campaign_id == campaign_id, Batch.kind == Kind.SCANS)
    total = session.scalar(select(func.count()).select_from(Batch).where(*mine)) or 0
    rows = session.execute(
        select(Batch, ScanBatch)
        .join(ScanBatch, ScanBatch.batch_id == Batch.id)
        .where(*mine)
        .order_by(Batch.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return total, [Found(batch, scans) for batch, scans in rows]


def one(session: Session, campaign_id: int, batch_id: int) -> Found:
    """A batch of scans of this campaign. Raises NotFound."""
    batch, scans = session.get(Batch, batch_id), session.get(ScanBatch, batch_id)
    if batch is None or scans is None or batch.campaign_id != campaign_id:
        raise NotFound(str(batch_id))
    return Found(batch, scans)


def counts(session: Session, found: Sequence[Found]) -> Mapping[int, Counts]:
    """Batch → where its sheets are; those of files that came before count as repeated.

    A file that was not taken is no sheet of paper here, though in the sums of `paper.report` it is one of the spoiled.
    """
    batch_ids = [one.batch.id for one in found]
    rows = session.execute(
        select(ScannedSheet.batch_id, ScannedSheet.state, func.count())
        .where(ScannedSheet.batch_id.in_(batch_ids), ~_whole_file())
        .group_by(ScannedSheet.batch_id, ScannedSheet.state)
    )
    states: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for batch_id, state, count in rows:
        states[batch_id][state] = count
    for one in found:
        same = sum(sheets for _name, _batch, sheets in (one.batch.mapping or {}).get("same", ()))
        states[one.batch.id][SheetState.REPEATED] += same
    return {batch_id: Counts(**states[batch_id]) for batch_id in batch_ids}


def _whole_file() -> ColumnElement[bool]:
    """Stands for a file that was not taken: what nobody could open has a page 0."""
    return (
        select(ScannedPage.id)
        .where(ScannedPage.sheet_id == ScannedSheet.id, ScannedPage.number == 0)
        .exists()
    )


def also_elsewhere(session: Session, batch_id: int) -> int:
    """Counted sheets of a batch that another batch, which stands, holds too."""
    again, other = aliased(ScannedSheet), aliased(Batch)
    repeats = (
        select(again.id)
        .join(other, other.id == again.batch_id)
        .where(
            again.of_id == ScannedSheet.id,
            again.state == SheetState.REPEATED,
            again.batch_id != batch_id,
            other.state.not_in(GONE),
        )
    )
    own = (ScannedSheet.batch_id == batch_id, ScannedSheet.state == SheetState.COUNTED)
    return session.scalar(select(func.count()).select_from(ScannedSheet).where(*own, repeats.exists())) or 0


def waiting_by_reason(session: Session, batch_id: int) -> Mapping[str, int]:
    """Reason → sheets that wait for it."""
    rows = session.execute(
        select(ScannedSheet.reason, func.count())
        .where(ScannedSheet.batch_id == batch_id, ScannedSheet.state == SheetState.WAITING)
        .group_by(ScannedSheet.reason)
        .order_by(func.count().desc(), ScannedSheet.reason)
    )
    return {reason: count for reason, count in rows}


def places(
    session: Session, found: Found, states: Sequence[SheetState], most: int | None = None
) -> list[Place]:
    """Sheets in these states, in the order of the files; sheets without a page at the end."""
    first = (
        select(
            ScannedPage.sheet_id,
            func.min(ScannedPage.file).label("file"),
            func.min(ScannedPage.number).label("number"),
        )
        .where(ScannedPage.batch_id == found.batch.id)
        .group_by(ScannedPage.sheet_id)
        .subquery()
    )
    rows = session.execute(
        select(ScannedSheet, queries.DISPLAY_NAME)
        .outerjoin(PrintRun, PrintRun.id == ScannedSheet.run_id)
        .outerjoin(Assessment, Assessment.id == PrintRun.assessment_id)
        .outerjoin(Organization, Organization.id == Assessment.organization_id)
        .outerjoin(first, first.c.sheet_id == ScannedSheet.id)
        .where(ScannedSheet.batch_id == found.batch.id, ScannedSheet.state.in_(states), ~_whole_file())
        .order_by(func.coalesce(first.c.file, 32_767), first.c.number, ScannedSheet.id)
        .limit(most)
    ).all()
    lying = _lying(session, [sheet.id for sheet, _name in rows])
    firsts = _batches_of(session, [sheet.of_id for sheet, _name in rows if sheet.of_id])
    return [_place(found, sheet, name or "", lying, firsts) for sheet, name in rows]


def _place(
    found: Found,
    sheet: ScannedSheet,
    name: str,
    lying: Mapping[int, list[tuple[int, int, int]]],
    firsts: Mapping[int, int],
) -> Place:
    own = [
        where(found.scans, file, page)
        for batch_id, file, page in lying.get(sheet.id, ())
        if batch_id == found.batch.id
    ]
    file = own[0][0] if own else ""
    return Place(
        sheet_id=sheet.id,
        batch_id=sheet.batch_id,
        state=sheet.state,
        reason=sheet.reason,
        serial=sheet.serial,
        copy=sheet.copy,
        organization=name,
        file=file,
        pages=tuple(page for name, page in own if name == file and page),
        of_id=sheet.of_id,
        of_batch=firsts.get(sheet.of_id) if sheet.of_id else None,
    )


def _lying(session: Session, sheets: Sequence[int]) -> Mapping[int, list[tuple[int, int, int]]]:
    """Sheet → (batch, file, page) of each of its pages."""
    found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    columns = (ScannedPage.sheet_id, ScannedPage.batch_id, ScannedPage.file, ScannedPage.number)
    for part in _parts(sheets):
        asked = select(*columns).where(ScannedPage.sheet_id.in_(part))
        for sheet_id, batch_id, file, number in session.execute(
            asked.order_by(ScannedPage.batch_id, ScannedPage.file, ScannedPage.number)
        ):
            if sheet_id is not None:
                found[sheet_id].append((batch_id, file, number))
    return found


def _batches_of(session: Session, sheets: Sequence[int]) -> Mapping[int, int]:
    return {
        sheet_id: batch_id
        for part in _parts(sheets)
        for sheet_id, batch_id in session.execute(
            select(ScannedSheet.id, ScannedSheet.batch_id).where(ScannedSheet.id.in_(part))
        )
    }


def _parts(numbers: Sequence[int], size: int = 500) -> list[Sequence[int]]:
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def files(session: Session, found: Found) -> list[FileLine]:
    """Each file: its pages, its sheets by state (a sheet belongs to the file in which its first page lies)."""
    pages: Counter[int] = Counter()
    own: dict[int, tuple[int, str]] = {}
    rows = session.execute(
        select(ScannedPage.file, ScannedPage.number, ScannedPage.sheet_id, ScannedSheet.state)
        .outerjoin(ScannedSheet, ScannedSheet.id == ScannedPage.sheet_id)
        .where(ScannedPage.batch_id == found.batch.id)
        .order_by(ScannedPage.file, ScannedPage.number)
    )
    for file, number, sheet_id, state in rows:
        pages[file] += number > 0
        if sheet_id is not None and number > 0:
            own.setdefault(sheet_id, (file, state))
    by_file: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for file, state in own.values():
        by_file[file][state] += 1
    return [
        FileLine(
            name=str(told.get("name", "")),
            refusal=_refusal(told),
            pages=pages[at],
            sheets=Counts(**by_file[at]),
        )
        for at, told in enumerate(found.scans.files, 1)
    ]


def _refusal(told: Mapping[str, Any]) -> str:
    """Why a whole file was refused, when it came or when it was opened."""
    return str(told.get("refusal_said") or (refused(told["refusal"]) if told.get("refusal") else ""))
