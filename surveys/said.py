"""Proposals out of paper: they go when their batch is undone, and yet no column leads from them to a sheet or a batch.

A proposal's key is drawn from the installation's secret, the batch and a random slot: who has the rows alone learns
nothing from it, and who has the secret too learns which batch, never which sheet.

Two limits. On PostgreSQL a query sees what was written in one transaction, and so which decision came with which words,
until the words are laid anew (`laying`, ten minutes at most); whoever holds the files of the database or its copies may
see it longer, until the decisions are cut from their sheets (`paper.untying`). And under another secret a batch's words
are not found again: change NOK_SECRET_KEY only when no campaign collects, or take the words of a batch undone
afterwards out by hand.
"""

import hmac
import secrets
from datetime import date

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from surveys import hidden
from surveys.comments import SURVEY, Comment

SLOTS = 16_384
AT_ONCE = 4_096


def keep(session: Session, batch_id: int, assessment_id: int, day: date, text: str) -> None:
    """The recipient's own words, apart from the answers."""
    while session.get(Comment, key := _key(batch_id, secrets.randbelow(SLOTS))) is not None:
        continue
    hidden.put(session, SURVEY, assessment_id, day, text, key=key)
    session.flush()


def forget(session: Session, batch_id: int) -> int:
    """Take back the words that came by this batch; how many there were."""
    gone = 0
    for start in range(0, SLOTS, AT_ONCE):
        keys = [_key(batch_id, slot) for slot in range(start, start + AT_ONCE)]
        removed = delete(Comment).where(Comment.key.in_(keys)).returning(Comment.key)
        gone += len(session.execute(removed).all())
    return gone


def _key(batch_id: int, slot: int) -> int:
    told = hmac.digest(str(current_app.secret_key).encode(), f"stack {batch_id} {slot}".encode(), "sha256")
    return int.from_bytes(told[:8]) >> 1
