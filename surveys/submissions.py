"""Tables of the hand-over: the operator's report as it is edited, the package as it was submitted, the remarks."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveys.db import Base, Day


class PackageState(StrEnum):
    """Where a package stands between the operator and the council (norms A6)."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class ReportSection(Base):
    """One section of the operator's report that a person has written over; an absent one is generated.

    `basis` is the SHA-256 of what the service had drafted there when it was written: when that has changed since,
    the page says so. An explanation of a check is kept here too, under the key "check.<which>".
    """

    __tablename__ = "report_section"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    edited_by: Mapped[str] = mapped_column(String(60))
    edited_at: Mapped[datetime] = mapped_column(DateTime)


class Package(Base):
    """What was submitted to the council: the checks as they stood and the report with its figures, never edited.

    Organisations may object to their figures until `objections_until`; empty: they are not shown them yet.
    """

    __tablename__ = "package"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        CheckConstraint("state in ('submitted', 'returned', 'accepted')", name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=PackageState.SUBMITTED)
    checks: Mapped[list[Any]] = mapped_column(JSON)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    submitted_by: Mapped[str] = mapped_column(String(60))
    submitted_at: Mapped[datetime] = mapped_column(DateTime)
    decided_by: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime)
    objections_until: Mapped[date | None] = mapped_column(Day)

    remarks: Mapped[list["Remark"]] = relationship(order_by="Remark.id", lazy="selectin")


class Remark(Base):
    """What the council asks to correct, where, and what the operator answered.

    `place` says it in words; of a cell of the table `code` is the organisation's and `figure` the column's ("1.1",
    "K3", "total"). Closed when the council is content with the answer, or by the chair's own words in its place:
    then one and the same person has answered and closed.
    """

    __tablename__ = "remark"
    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    place: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(DateTime)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(60))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime)
    code: Mapped[str] = mapped_column(String(8), default="")
    figure: Mapped[str] = mapped_column(String(10), default="")
    closed_by: Mapped[str | None] = mapped_column(String(60))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime)

    @property
    def ended_by_council(self) -> bool:
        """Is what stands as the answer the chair's?"""
        return self.closed_by is not None and self.closed_by == self.answered_by
