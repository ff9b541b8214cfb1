"""People's own words as they are stored, opened for the tests."""

from sqlalchemy import select

from surveys import hidden
from surveys.comments import Comment
from surveys.db import db
from surveys.models import Assessment


def comments() -> list[Comment]:
    """Every row, by its random key."""
    return list(db.session.scalars(select(Comment).order_by(Comment.key)))


def original(comment: Comment) -> str:
    """The words that one row hides."""
    campaign_id = db.session.get_one(Assessment, comment.assessment_id).campaign_id
    lock = hidden.lock_of(db.session(), campaign_id, comment.month)
    assert lock is not None
    return lock.opened(comment)


def said() -> list[str]:
    """All that was said and can still be opened, in order of the alphabet."""
    return sorted(original(one) for one in comments() if one.sealed)
