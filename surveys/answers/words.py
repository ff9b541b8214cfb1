"""Proposals that came by a file: they can be taken back with their batch, and yet no column leads from words to rows.

Their keys are drawn from the installation's secret, the batch and a number in a shuffled order: who has the database
alone learns nothing from them, and who has the secret learns which batch, never which row.
"""

import hmac
import secrets
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from surveys import hidden
from surveys.comments import SURVEY, Comment

AT_ONCE = 5_000
Said = tuple[int, date, str]
"""Assessment, month, text."""


def already(session: Session, campaign_id: int, words: Collection[Said]) -> set[Said]:
    """Which of these words their organisations were told before, in the same month."""
    locks = {month: hidden.lock_of(session, campaign_id, month) for _about, month, _text in words}
    about = sorted({assessment for assessment, _month, _text in words})
    found: set[tuple[int, date, int | None]] = set()
    for start in range(0, len(about), AT_ONCE):
        where = Comment.assessment_id.in_(about[start : start + AT_ONCE])
        rows = session.execute(select(Comment.assessment_id, Comment.month, Comment.same).where(where))
        found.update((row[0], row[1], row[2]) for row in rows)
    return {
        (assessment, month, text)
        for assessment, month, text in words
        if (lock := locks[month]) and (assessment, month, lock.same(assessment, text)) in found
    }


def keep(
    session: Session, secret: str, campaign_id: int, batch_id: int, words: Sequence[Said], known: set[Said]
) -> int:
    """Keep words, sealed, that nobody said about this organisation in this month; returns how many."""
    fresh = [one for one in dict.fromkeys(words) if one not in known]
    secrets.SystemRandom().shuffle(fresh)
    locks = {month: hidden.lock_for(session, campaign_id, month) for _about, month, _text in fresh}
    rows = [
        (key, locks[month].row(key, SURVEY, assessment, month, text))
        for key, (assessment, month, text) in zip(_keys(secret, batch_id, len(fresh)), fresh, strict=True)
    ]
    if rows:
        session.execute(insert(Comment), [row for _key, row in sorted(rows)])
    return len(rows)


def forget(session: Session, secret: str, batch_id: int, count: int) -> int:
    """Take back the words that a batch brought; returns how many were still there."""
    keys, gone = _keys(secret, batch_id, count), 0
    for start in range(0, count, AT_ONCE):
        removed = delete(Comment).where(Comment.key.in_(keys[start : start + AT_ONCE])).returning(Comment.key)
        gone += len(session.execute(removed).all())
    return gone


def _keys(secret: str, batch_id: int, count: int) -> list[int]:
    return [
        int.from_bytes(hmac.digest(secret.encode(), f"words {batch_id} {number}".encode(), "sha256")[:8]) >> 1
        for number in range(count)
    ]
