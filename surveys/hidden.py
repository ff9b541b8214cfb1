"""Words under lock: sealed where they are stored, by a key of their campaign and month, opened for a reviewer alone.

The key lies sealed under the service's secret; it is made with the first words of a month and can be destroyed
(docs/decisions/0038). What is sealed is bound to its row and opens in no other.
"""

import hmac
import secrets
from datetime import date
from threading import Lock as Mutex
from typing import NamedTuple

from cachetools import TTLCache, cached
from flask import current_app
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from surveys import sealing
from surveys.comments import Comment, CommentKey, CommentState
from surveys.models import Assessment

KEY_BITS = 63
MINUTES = 10
_FIRST = text(
    "INSERT INTO comment_key (campaign_id, month, sealed) VALUES (:campaign_id, :month, :sealed) "
    "ON CONFLICT (campaign_id, month) DO NOTHING"
)


class Lock(NamedTuple):
    """A campaign's own keys of one month, open: one to seal with, one to know the same words again."""

    sealing: bytes
    telling: bytes

    def row(self, key: int, form: int, assessment_id: int, month: date, words: str) -> dict[str, object]:
        """These words as the table wants them."""
        return {
            "key": key,
            "form": form,
            "assessment_id": assessment_id,
            "month": month,
            "sealed": sealing.sealed(self.sealing, words.encode(), _row(assessment_id, key)),
            "same": self.same(assessment_id, words),
        }

    def same(self, assessment_id: int, words: str) -> int:
        """The keyed hash of these words about this organisation."""
        told = hmac.digest(self.telling, f"{assessment_id} {words}".encode(), "sha256")
        return int.from_bytes(told[:8]) >> 1

    def opened(self, comment: Comment) -> str:
        """The words again. Raises Locked."""
        place = _row(comment.assessment_id, comment.key)
        return sealing.opened(self.sealing, comment.sealed or b"", place).decode()


def put(
    session: Session,
    form: int,
    assessment_id: int,
    day: date,
    words: str,
    *,
    campaign_id: int | None = None,
    measure_id: int | None = None,
    key: int | None = None,
) -> None:
    """Store somebody's words, sealed, with a month and no way back; inside writing()."""
    if campaign_id is None:
        campaign_id = session.get_one(Assessment, assessment_id).campaign_id
    month, number = day.replace(day=1), secrets.randbits(KEY_BITS) if key is None else key
    row = lock_for(session, campaign_id, month).row(number, form, assessment_id, month, words)
    session.add(Comment(**row, measure_id=measure_id))


def lock_of(session: Session, campaign_id: int, month: date) -> Lock | None:
    """The lock of a campaign's month; None when it has none, or none any more. Raises Locked."""
    mine = (CommentKey.campaign_id == campaign_id, CommentKey.month == month)
    sealed = session.scalar(select(CommentKey.sealed).where(*mine))
    if sealed is None:
        return None
    return _opened(str(current_app.config["SECRET_KEY"]), sealed, _place(campaign_id, month))


@cached(TTLCache(64, MINUTES * 60), lock=Mutex())
def _opened(secret: str, sealed: bytes, place: str) -> Lock:
    """Remembered for some minutes, so that words cost a submission next to nothing; found by the row's own bytes."""
    key = sealing.opened(_master(secret), sealed, place)
    return Lock(sealing.drawn(key, b"comments"), sealing.drawn(key, b"same comments"))


def lock_for(session: Session, campaign_id: int, month: date) -> Lock:
    """The same, made now if there is none; inside writing(). Two who come first at once share the one that stands."""
    found = lock_of(session, campaign_id, month)
    if found is None:
        sealed = sealing.sealed(
            _master(str(current_app.config["SECRET_KEY"])), sealing.fresh_key(), _place(campaign_id, month)
        )
        made = {"campaign_id": campaign_id, "month": month.toordinal(), "sealed": sealed}
        session.execute(_FIRST, made)
        found = lock_of(session, campaign_id, month)
    if found is None:
        raise RuntimeError("a key was made and is not there")
    return found


def wipe(session: Session, campaign_id: int, month: date) -> int:
    """Destroy the key of a month and every original of it; how many of them nobody had looked at.

    These are withheld for ever, with a reason of their own. Inside writing().
    """
    if session.get_bind().dialect.name == "sqlite":  # else it stays readable in the file's free pages
        session.execute(text("PRAGMA secure_delete=ON"))
    here = select(Assessment.id).where(Assessment.campaign_id == campaign_id)
    mine = (Comment.month == month, Comment.assessment_id.in_(here), Comment.sealed.is_not(None))
    unseen = (*mine, Comment.state == CommentState.WAITING)
    left = session.scalar(select(func.count()).select_from(Comment).where(*unseen)) or 0
    late = {"state": CommentState.WITHHELD, "reason": LATE, "version": Comment.version + 1}
    unsynchronised = {"synchronize_session": False}
    session.execute(update(Comment).where(*unseen).values(late), execution_options=unsynchronised)
    emptied = update(Comment).where(*mine).values(sealed=None, same=None)
    session.execute(emptied, execution_options=unsynchronised)
    session.execute(
        delete(CommentKey).where(CommentKey.campaign_id == campaign_id, CommentKey.month == month)
    )
    session.expire_all()
    return left


LATE = "late"
"""The reason of what nobody had looked at when its key was destroyed."""


def _master(secret: str) -> bytes:
    return sealing.drawn(secret.encode(), b"comment keys")


def _place(campaign_id: int, month: date) -> str:
    return f"comments/{campaign_id}/{month:%Y-%m}"


def _row(assessment_id: int, key: int) -> str:
    return f"comment/{assessment_id}/{key}"
