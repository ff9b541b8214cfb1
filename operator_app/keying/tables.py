"""Paper forms keyed by hand: stacks, sheets, and what a second pair of eyes found.

A sheet's answers stay here only while it waits for a second keying or for a third person; then they go through the
one door, and here remains how many boxes were compared and how many differed.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day


class Stack(Base):
    """A stack of sheets about one organisation; its batch undoes it whole.

    `boxes`: question → [compared, wrong at first keying]; `handed`: user → the numbers handed out to that keyer and
    until when nobody else is given them. Whoever writes about a stack locks its row first.
    """

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
    boxes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    handed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Sheet(Base):
    """One sheet of a stack, by the number written in its corner.

    `off_path`: how many answers stood on the paper to questions that were not to be answered; they are not kept.
    """

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
    off_path: Mapped[int] = mapped_column(SmallInteger, default=0)


class Pace(Base):
    """How fast one keyer works through one stack: `timed` forms took `spent` seconds, long pauses left aside.

    `last_number`: the sheet keyed last, the one that may be put right.
    """

    __tablename__ = "pace"
    batch_id: Mapped[int] = mapped_column(ForeignKey("stack.batch_id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    sheets: Mapped[int] = mapped_column(default=0)
    again: Mapped[int] = mapped_column(default=0)
    timed: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(DateTime)
    last_number: Mapped[int | None] = mapped_column(SmallInteger)
