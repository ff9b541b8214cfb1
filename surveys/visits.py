"""Tables of what inspectors found: visits by check-list, the evidence, and what came of it.

A visit is one person's; the inspection (surveys.models) is what the figures are computed from, and it says which
visit it was taken from. A mystery visit informs the report and never becomes an inspection.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day


class VisitKind(StrEnum):
    """By which check-list somebody went."""

    INSPECTION = "inspection"
    MYSTERY = "mystery"


class VisitState(StrEnum):
    """How far a visit is."""

    DRAFT = "draft"
    DONE = "done"
    CONFIRMED = "confirmed"


class Visit(Base):
    """One inspector at one organisation: item → {"value": "yes"|"no"|"na", "reason": …, "note": …}.

    `client_key` is made by the inspector's own phone: a visit sent twice is one visit. `version` grows with each
    change, so that nobody writes over what he has not seen. `brought_by`: who else brought what it says, in a file.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("kind in ('inspection', 'mystery')", name="kind"),
        CheckConstraint("state in ('draft', 'done', 'confirmed')", name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default=VisitState.DRAFT)
    checklist: Mapped[str] = mapped_column(String(60))
    checklist_sha256: Mapped[str] = mapped_column(String(64))
    inspector: Mapped[str] = mapped_column(String(60))
    brought_by: Mapped[str | None] = mapped_column(String(60))
    visited_on: Mapped[date] = mapped_column(Day)
    items: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    client_key: Mapped[str | None] = mapped_column(String(40), unique=True)


class Evidence(Base):
    """What proves an item: a photo or a screenshot without metadata, or a link, with its day.

    `file` is the name inside the store of evidence: the SHA-256 of what lies there.
    """

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("kind in ('photo', 'screenshot', 'link')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    item: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    file: Mapped[str] = mapped_column(String(80), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    day: Mapped[date] = mapped_column(Day)
    added_by: Mapped[str] = mapped_column(String(60))
    client_key: Mapped[str | None] = mapped_column(String(40), unique=True)
