"""Tables of the plan by which an organisation mends what the assessment found (the form of ПП 457, norms B §7)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day


class PlanState(StrEnum):
    """Where a plan stands: the organisation writes it, the authority approves it or sends it back."""

    DRAFT = "draft"
    SENT = "sent"
    APPROVED = "approved"


class Plan(Base):
    """One organisation's plan after one campaign. `approver`: name and post, printed under «УТВЕРЖДАЮ».

    `note` is why the authority sent it back; `version` grows with each change.
    """

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("state in ('draft', 'sent', 'approved')", name="state"),)
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(10), default=PlanState.DRAFT)
    note: Mapped[str] = mapped_column(Text, default="")
    approver: Mapped[str] = mapped_column(String(300), default="")
    sent_by: Mapped[str | None] = mapped_column(String(60))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime)
    approved_by: Mapped[str | None] = mapped_column(String(60))
    approved_at: Mapped[datetime | None] = mapped_column(DateTime)
    version: Mapped[int] = mapped_column(default=1)


class Measure(Base):
    """One line of a plan: what was found lacking, what is to be done, by when, by whom; what was done, and when.

    `section` is the criterion, 1 to 5. `source` says what the line was proposed from (an item of the check-list or an
    indicator), so that it is proposed once; empty where the organisation wrote it itself. `dropped` is why it is left
    out. `agreed` holds the words as they were approved, in force until the next approval, and `agreed_due_on` the day,
    NULL where it was approved that the line is left out; the columns beside them are what the organisation writes now.
    """

    __tablename__ = "measure"
    __table_args__ = (CheckConstraint("section between 1 and 5", name="section"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("plan.assessment_id"), index=True)
    section: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str] = mapped_column(String(120), default="")
    deficiency: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None] = mapped_column(Day)
    responsible: Mapped[str] = mapped_column(String(300), default="")
    dropped: Mapped[str] = mapped_column(Text, default="")
    agreed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    agreed_due_on: Mapped[date | None] = mapped_column(Day)
    done: Mapped[str] = mapped_column(Text, default="")
    done_on: Mapped[date | None] = mapped_column(Day)
    version: Mapped[int] = mapped_column(default=1)
    edited_by: Mapped[str] = mapped_column(String(60))
    edited_at: Mapped[datetime] = mapped_column(DateTime)


class MeasureProof(Base):
    """What proves that a measure was carried out: a photograph without metadata, or a link.

    `file` is the name inside the store of evidence: the SHA-256 of what lies there.
    """

    __tablename__ = "measure_proof"
    __table_args__ = (CheckConstraint("kind in ('photo', 'link')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    file: Mapped[str] = mapped_column(String(80), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    day: Mapped[date] = mapped_column(Day)
    added_by: Mapped[str] = mapped_column(String(60))
