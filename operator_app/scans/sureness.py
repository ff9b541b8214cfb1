"""How much of a batch the reader was sure of, and what people look at. Writes nothing."""

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from paper.geometry import Geometry
from paper.tables import Doubt, DoubtKind, FormEdition, PrintRun, ScannedSheet, SheetState


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
