"""How much of a batch the reader was sure of, and what people look at. Writes nothing."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from operator_app.scans.batches import Found
from paper import reviewing, settled
from paper.geometry import Geometry
from paper.sums import GONE
from paper.tables import Doubt, DoubtKind, FormEdition, PrintRun, ScannedSheet, SheetState
from surveys.batches import Batch
from surveys.models import Campaign, Stage


class Left(NamedTuple):
    """What of a batch people have still to look at. Of the marks nobody is told how many the reader was sure of."""

    marks: int = 0
    words: int = 0
    disputed: int = 0


def left(session: Session, found: Sequence[Found]) -> Mapping[int, Left]:
    """Batch → what people have still to look at; nothing once nobody can."""
    batch_ids = [one.batch.id for one in found]

    def waiting(which: ColumnElement[bool]) -> Mapping[int, int]:
        rows = session.execute(
            select(Doubt.batch_id, func.count())
            .join(ScannedSheet, ScannedSheet.id == Doubt.sheet_id)
            .join(Batch, Batch.id == Doubt.batch_id)
            .join(Campaign, Campaign.id == Batch.campaign_id)
            .where(
                Doubt.batch_id.in_(batch_ids),
                Batch.state.not_in(GONE),
                Campaign.stage == Stage.COLLECTING,
                ScannedSheet.state.in_((SheetState.WAITING, SheetState.COUNTED)),
                which,
            )
            .group_by(Doubt.batch_id)
        )
        return {batch_id: count for batch_id, count in rows}

    marks, typed = waiting(reviewing.undecided()), waiting(reviewing.undecided(words=True))
    disputed = waiting(settled.disputed())
    return {
        number: Left(marks.get(number, 0), typed.get(number, 0), disputed.get(number, 0))
        for number in batch_ids
    }


def looked_at(session: Session, batch_id: int) -> Mapping[str, tuple[int, int]]:
    """Kind of doubt → (how many places, how many of them nobody has decided yet)."""
    rows = session.execute(
        select(Doubt.kind, func.count(), func.count(Doubt.decided_at))
        .where(Doubt.batch_id == batch_id)
        .group_by(Doubt.kind)
    )
    return {kind: (total, total - decided) for kind, total, decided in rows}


def sure_share(session: Session, batch_id: int) -> tuple[int, Fraction] | None:
    """(questions printed on the sheets that were read, share that no person had to look at); None without sheets."""
    rows = session.execute(
        select(PrintRun.edition_id, func.count())
        .select_from(ScannedSheet)
        .join(PrintRun, PrintRun.id == ScannedSheet.run_id)
        .where(
            ScannedSheet.batch_id == batch_id,
            ScannedSheet.state.in_((SheetState.COUNTED, SheetState.WAITING)),
        )
        .group_by(PrintRun.edition_id)
    ).all()
    asked = sum(count * _questions(session.get_one(FormEdition, edition_id)) for edition_id, count in rows)
    if not asked:
        return None
    doubts = looked_at(session, batch_id).get(DoubtKind.DOUBT, (0, 0))[0]
    return asked, 1 - Fraction(min(doubts, asked), asked)


def _questions(edition: FormEdition) -> int:
    geometry = Geometry.from_dict(edition.geometry)
    return len({box.question for side in geometry.sides for box in side.boxes})
