"""A batch taken back: what it brought goes, what it replaced returns, what came later or by another file too stays."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import gate
from surveys.answers import counters, counting, handing, words
from surveys.answers.settings import must_collect
from surveys.answers.shapes import Undone
from surveys.batches import Batch, Kind, Replaced, State
from surveys.happenings import tell
from surveys.intake import RESPONSE_COLUMNS
from surveys.models import Response
from surveys.refusals import NotFound, Refusal

GONE = (State.UNDONE, State.DROPPED)
_REPLACED = tuple(Replaced.__table__.c[name] for name in (*RESPONSE_COLUMNS[:-1], "from_batch_id"))
_COLUMNS = tuple(Response.__table__.c[name] for name in RESPONSE_COLUMNS)


def undo(session: Session, batch_id: int, by: str) -> Undone:
    """See `surveys.answers.undo`."""
    batch = session.get(Batch, batch_id, with_for_update=True)
    if batch is None:
        raise NotFound(f"Нет пакета № {batch_id}.")
    if batch.kind not in (Kind.ANSWERS, Kind.COUNTERS):
        raise Refusal(f"Пакет № {batch_id} — не файл с ответами: здесь его не отменяют.")
    if batch.state != State.COUNTED:
        raise Refusal(f"Пакет № {batch_id} не посчитан или уже отменён.")
    must_collect(session, batch.campaign_id)
    gate.one_by_one(session.connection(), batch.campaign_id)
    batch.state = State.UNDONE
    session.flush()
    if batch.kind == Kind.COUNTERS:
        result = Undone(0, 0, 0, counters.undone(session, batch))
    else:
        kept = handing.hand_over(session.connection(), batch.id)
        removed, restored = _responses(session, batch)
        forgotten = words.forget(
            session, str(current_app.secret_key), batch.id, int(batch.report.get("words", 0))
        )
        result = Undone(removed, restored, forgotten, 0, kept)
    told = {
        "removed": result.removed,
        "restored": result.restored,
        "declared": result.declared,
        "kept": result.kept,
    }
    tell(session, by, "answers-undone", str(batch_id), **told)
    return result


def _responses(session: Session, batch: Batch) -> tuple[int, int]:
    """Responses that are still this batch's: one that a later batch replaced is that batch's now."""
    connection = session.connection()
    mine = [
        counting.line_of(row)
        for row in connection.execute(
            select(*_COLUMNS).where(Response.batch_id == batch.id).order_by(Response.key).with_for_update()
        )
    ]
    earlier = _earlier(session, batch.id, {line[0] for line in mine})
    counting.put_back(connection, list(earlier.values()))
    gone = [line[0] for line in mine if line[0] not in earlier]
    counting.removed(connection, gone)
    counting.tally(session, earlier.values(), mine)
    return len(gone), len(earlier)


def _earlier(session: Session, batch_id: int, keys: Collection[int]) -> Mapping[int, counting.Line]:
    """What stood under these keys before; where that came by a batch undone since, what stood before it."""
    found: dict[int, counting.Line] = {}
    trail: dict[int, Collection[int]] = {batch_id: keys}
    while trail:
        onward: defaultdict[int, set[int]] = defaultdict(set)
        for later, wanted in trail.items():
            for row in session.execute(select(*_REPLACED).where(Replaced.batch_id == later)):
                line = counting.line_of(row)
                key, came_by = line[0], line[-1]
                if key in wanted and (came_by is None or _counts(session, came_by)):
                    found[key] = line
                elif key in wanted and came_by is not None:
                    onward[came_by].add(key)
        trail = dict(onward)
    return found


def _counts(session: Session, batch_id: int) -> bool:
    return session.get_one(Batch, batch_id).state not in GONE
