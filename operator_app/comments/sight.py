"""What a reviewer sees: comments opened in memory and screened there, masked unless the original was asked for.

Nothing of what is seen is stored before it is decided on.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask_babel import format_date
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent, User
from surveys import hidden, spoken
from surveys.clock import now
from surveys.comments import Comment, CommentState
from surveys.hidden import Lock
from surveys.models import Assessment, Campaign, Organization
from surveys.refusals import NotFound
from surveys.screening import MASKS, Kind, Mark, screen

OPENED = "comment-opened"
SIGHT = timedelta(hours=1)
"""For so long an original that somebody opened stays open to him."""
_WORDS = re.compile(r"[^\W_]+(?:[-'’.@][^\W_]+)*")


class Piece(NamedTuple):
    """A part of the words as the page shows it. `at`: «start-end» of what can be masked; `mask`: under which mask."""

    text: str
    at: str = ""
    mask: str = ""
    rude: bool = False


@dataclass(frozen=True)
class Sight:
    """One comment before a reviewer. `original`: empty when its key is destroyed, and then `marks` are too."""

    comment: Comment
    organization: str
    original: str
    marks: Sequence[Mark]
    opened: bool = False

    @property
    def clean(self) -> bool:
        """Was nothing found in it?"""
        return not self.marks

    @property
    def heading(self) -> str:
        """What was asked."""
        return str(spoken.HEADINGS[self.comment.form])

    @property
    def month(self) -> str:
        """When it came, no closer than that."""
        return str(format_date(self.comment.month, "LLLL y"))

    def pieces(self) -> Iterator[Piece]:
        """The words with masks over what is to be hidden; a mask shows what is under it once the original is open."""
        at = 0
        for mark in self.marks:
            yield from _words(self.original, at, mark.start)
            text, place = self.original[mark.start : mark.end], f"{mark.start}-{mark.end}"
            if mark.kind is Kind.RUDE:
                yield Piece(text, place, rude=True)
            else:
                yield Piece(text if self.opened else "", place, MASKS[mark.kind])
            at = mark.end
        yield from _words(self.original, at, len(self.original))


def _words(text: str, start: int, end: int) -> Iterator[Piece]:
    at = start
    for word in _WORDS.finditer(text, start, end):
        if word.start() > at:
            yield Piece(text[at : word.start()])
        yield Piece(word[0], f"{word.start()}-{word.end()}")
        at = word.end()
    if at < end:
        yield Piece(text[at:end])


def counted(session: Session, campaign_id: int, state: CommentState) -> int:
    """How many comments of a campaign are in this state."""
    return session.scalar(_of(campaign_id, state).with_only_columns(func.count()).order_by(None)) or 0


def listed(session: Session, campaign_id: int, state: CommentState, page: int, size: int) -> list[Sight]:
    """A page of comments in this state, in an order that tells nothing of when they came."""
    rows = session.execute(_of(campaign_id, state).offset((page - 1) * size).limit(size)).all()
    locks: dict[date, Lock | None] = {}
    return [_seen(session, campaign_id, locks, comment, name) for comment, name in rows]


def one(session: Session, campaign: Campaign, key: int, user: User) -> Sight:
    """One comment of this campaign; open if this user has opened its original within the hour. Raises NotFound."""
    row = session.execute(_all(campaign.id).where(Comment.key == key)).one_or_none()
    if row is None:
        raise NotFound(str(key))
    opened = _has_opened(session, campaign.id, key, user)
    return _seen(session, campaign.id, {}, row[0], row[1], opened=opened)


def after(session: Session, campaign_id: int, key: int) -> int | None:
    """The next one that waits, round the ring of keys."""
    waiting = _of(campaign_id, CommentState.WAITING).with_only_columns(Comment.key).limit(1)
    found = session.scalar(waiting.where(Comment.key > key))
    return session.scalar(waiting.where(Comment.key != key)) if found is None else found


def subject(campaign_id: int, key: int) -> str:
    """How the trail names a comment."""
    return f"{campaign_id}/{key}"


def _has_opened(session: Session, campaign_id: int, key: int, user: User) -> bool:
    asked = select(AuditEvent.id).where(
        AuditEvent.subject == subject(campaign_id, key),
        AuditEvent.action == OPENED,
        AuditEvent.actor == user.login,
        AuditEvent.at >= now() - SIGHT,
    )
    return session.scalar(asked.limit(1)) is not None


def _seen(
    session: Session,
    campaign_id: int,
    locks: dict[date, Lock | None],
    comment: Comment,
    organization: str,
    opened: bool = False,
) -> Sight:
    if comment.month not in locks:
        locks[comment.month] = hidden.lock_of(session, campaign_id, comment.month)
    lock = locks[comment.month]
    if comment.sealed is None or lock is None:
        return Sight(comment, organization, "", ())
    original = lock.opened(comment)
    return Sight(comment, organization, original, screen(original), opened)


def _all(campaign_id: int) -> Select[Comment, Any]:
    found: Select[Comment, Any] = (
        select(Comment, func.coalesce(func.nullif(Organization.short_name, ""), Organization.name))
        .join(Assessment, Assessment.id == Comment.assessment_id)
        .join(Organization, Organization.id == Assessment.organization_id)
        .where(Assessment.campaign_id == campaign_id)
    )
    return found


def _of(campaign_id: int, state: CommentState) -> Select[Comment, Any]:
    return _all(campaign_id).where(Comment.state == state).order_by(Comment.key)
