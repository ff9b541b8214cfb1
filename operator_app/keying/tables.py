"""Paper forms keyed by hand: stacks, sheets, and what a second pair of eyes found.

A sheet's answers stay here only while it waits for a second keying or for a third person; then they go through the
one door, and here remains how many boxes were compared and how many differed.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day


class Stack(Base):
    """A stack of sheets about one organisation; its batch undoes it whole."""

    __tablename__ = "stack"
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True, autoincrement=False)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("pinned.id"))
    channel: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(String(100), default="")
    sheets: Mapped[int | None]
    filled_on: Mapped[date] = mapped_column(Day)
    second_share: Mapped[int] = mapped_column(SmallInteger)
    closed: Mapped[bool] = mapped_column(default=False)


class Sheet(Base):
    """One sheet of a stack, by the number written in its corner."""

    __tablename__ = "sheet"
    __table_args__ = (CheckConstraint("state in ('second', 'third', 'counted', 'spoiled')", name="state"),)
    batch_id: Mapped[int] = mapped_column(ForeignKey("stack.batch_id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(20))
    doubled: Mapped[bool] = mapped_column(default=False)
    first_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    second_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    third_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    first: Mapped[str | None] = mapped_column(String(64))
    second: Mapped[str | None] = mapped_column(String(64))
    words: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(200), default="")
    compared: Mapped[int] = mapped_column(SmallInteger, default=0)
    first_wrong: Mapped[int] = mapped_column(SmallInteger, default=0)
    second_wrong: Mapped[int] = mapped_column(SmallInteger, default=0)
