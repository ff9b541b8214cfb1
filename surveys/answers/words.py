"""Proposals that came by a file: they can be taken back with their batch, and yet no column leads from words to rows.

Their keys are drawn from the installation's secret, the batch and a number in a shuffled order: who has the database
alone learns nothing from them, and who has the secret learns which batch, never which row.
"""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from surveys.models import Proposal

AT_ONCE = 5_000
Said = tuple[int, date, str]
"""Assessment, month, text."""


def already(session: Session, words: Iterable[Said]) -> set[Said]:
    """What the organisations of these words were told before, by month."""
    about = sorted({assessment for assessment, _month, _text in words})
    found: set[Said] = set()
    for start in range(0, len(about), AT_ONCE):
        where = Proposal.assessment_id.in_(about[start : start + AT_ONCE])
        rows = session.execute(select(Proposal.assessment_id, Proposal.month, Proposal.text).where(where))
        found.update((row[0], row[1], row[2]) for row in rows)
    return found


def keep(session: Session, secret: str, batch_id: int, words: Sequence[Said], known: set[Said]) -> int:
    """Keep words that nobody said about this organisation in this month; returns how many."""
    fresh = [one for one in dict.fromkeys(words) if one not in known]
    secrets.SystemRandom().shuffle(fresh)
    rows = [
        {"key": key, "assessment_id": assessment, "month": month, "text": text}
        for key, (assessment, month, text) in zip(_keys(secret, batch_id, len(fresh)), fresh, strict=True)
    ]
    if rows:
        session.execute(insert(Proposal), sorted(rows, key=lambda row: row["key"]))  # type: ignore[arg-type, return-value]
    return len(rows)


def forget(session: Session, secret: str, batch_id: int, count: int) -> int:
    """Take back the words that a batch brought; returns how many were still there."""
    keys, gone = _keys(secret, batch_id, count), 0
    for start in range(0, count, AT_ONCE):
        removed = (
            delete(Proposal).where(Proposal.key.in_(keys[start : start + AT_ONCE])).returning(Proposal.key)
        )
        gone += len(session.execute(removed).all())
    return gone


def _keys(secret: str, batch_id: int, count: int) -> list[int]:
    return [
        int.from_bytes(hmac.digest(secret.encode(), f"words {batch_id} {number}".encode(), "sha256")[:8]) >> 1
        for number in range(count)
    ]
