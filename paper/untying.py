"""What leads from the answers of people back to a sheet of paper, cut where nobody needs it any more.

A printed serial is known to whoever holds the sheet. Beside it lie, while they are needed, the fingerprint of its marks
(sealed) and what people decided of it; a decision is an answer. Inside writing().
"""

from secrets import SystemRandom

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from paper.settled import disputed
from paper.tables import Doubt, ScanBatch, ScannedPage, ScannedSheet, SheetState
from surveys.batches import Batch

TOLD = (
    *("batch_id", "question", "kind", "why", "read", "first"),
    *("decided", "decided_by", "decided_at", "final", "final_by", "final_at"),
)
_ALIVE = (SheetState.COUNTED, SheetState.WAITING)


def untie(session: Session, batch_id: int, *, wholly: bool = False) -> None:
    """Decisions stay for the log and the rates; of which sheet they are is forgotten.

    A sheet that waits still needs its own, and so does a dispute: they keep them, unless the batch is over (`wholly`).
    What is cut is written anew in an order of chance, or the order of the rows would tell the sheets still.
    """
    session.flush()
    asked = select(Doubt, ScannedSheet.state, disputed()).join(ScannedSheet).where(Doubt.batch_id == batch_id)
    cut, gone = [], []
    for doubt, state, waits in session.execute(asked).all():
        if doubt.decided is None:
            if not wholly:
                continue
        elif state in _ALIVE:
            if not wholly and (waits or state == SheetState.WAITING):
                continue
            told = {name: getattr(doubt, name) for name in TOLD}
            cut.append({**told, "uncounted": state != SheetState.COUNTED})
        gone.append(doubt.id)
    SystemRandom().shuffle(cut)
    if cut:  # before the old ones go: their numbers stay nobody's
        session.execute(insert(Doubt), cut)
    for start in range(0, len(gone), 500):
        removed = delete(Doubt).where(Doubt.id.in_(gone[start : start + 500]))
        session.execute(removed.execution_options(synchronize_session="fetch"))
    _forget_hands(session, batch_id)


def _forget_hands(session: Session, batch_id: int) -> None:
    """The fingerprints are drawings of somebody's marks, and name the boxes."""
    for page in session.scalars(select(ScannedPage).where(ScannedPage.batch_id == batch_id)):
        if page.seen.get("hand"):
            page.seen = {**page.seen, "hand": ""}


def forget_names(session: Session, scans: ScanBatch) -> None:
    """Names of files may name people: their numbers stay. The fingerprint of a file stays: the same is known again."""
    batch = session.get_one(Batch, scans.batch_id)
    names = [_("файл %(number)s", number=number) for number in range(1, len(scans.files) + 1)]
    kept = ({k: v for k, v in one.items() if k != "inside"} for one in scans.files)
    scans.files = [{**one, "raw": "", "name": name} for one, name in zip(kept, names, strict=True)]
    batch.file_name = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
    told = dict(batch.mapping or {})
    if told.get("same"):
        told["same"] = [[_("файл"), other, sheets] for _name, other, sheets in told["same"]]
        batch.mapping = told
    if batch.report and batch.report.get("spoiled"):
        spoiled = [{**one, "file": ""} for one in batch.report["spoiled"]]
        batch.report = {**batch.report, "spoiled": spoiled, "same_files": {}}
