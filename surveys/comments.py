"""Tables of what people say in their own words, in the survey and in forms 1, 2 and 4 (docs/decisions/0038).

Anonymity is schema: a random key, a month, the organisation; no column leads to an answer. The words themselves lie
sealed until a reviewer lets them through; then `text` holds them as they may be read, with masks in them.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day, Key

#: The norm's number of the survey among the four forms; the others are `opinions.Form`.
SURVEY = 3


class CommentState(StrEnum):
    """Whether a reviewer has seen it, and what he said."""

    WAITING = "waiting"
    THROUGH = "through"
    WITHHELD = "withheld"


class Comment(Base):
    """A person's own words. `sealed`: the original, for a reviewer; NULL once its key is destroyed.

    `same` is a keyed hash: the same words about the same organisation in the same month have the same. `text` and
    `rude` (where in it rude words stand) are there only while it is let through, `reason` while it is withheld.
    `laid`: written anew among others since it came (`laying`).
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("form in (1, 2, 3, 4)", name="form"),
        CheckConstraint("state in ('waiting', 'through', 'withheld')", name="state"),
        CheckConstraint("(state = 'through') = (text is not null)", name="text"),
        CheckConstraint("(state = 'withheld') = (reason is not null)", name="reason"),
    )
    key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    form: Mapped[int] = mapped_column(SmallInteger)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))
    month: Mapped[date] = mapped_column(Day)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    same: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default=CommentState.WAITING)
    text: Mapped[str | None] = mapped_column(Text)
    rude: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    reason: Mapped[str | None] = mapped_column(String(20))
    decided_by: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    laid: Mapped[bool] = mapped_column(default=False, server_default=false())


class CommentKey(Base):
    """The key of a campaign's comments of one month, sealed: destroyed, none of their originals opens again."""

    __tablename__ = "comment_key"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Day, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
