"""Tables of the council's decision: who votes how, its meeting, an organisation's objections, what was approved.

A release is what the council approved, bytes that never change; a correction is the next version beside it (norms A6).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day

SHORT = 12


class Choice(StrEnum):
    """How a member of the council votes on a package."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Vote(Base):
    """One member's vote on one package; `opinion` is a dissenting opinion, printed with the protocol."""

    __tablename__ = "vote"
    __table_args__ = (CheckConstraint("choice in ('for', 'against', 'abstain')", name="choice"),)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, autoincrement=False)
    login: Mapped[str] = mapped_column(String(60), primary_key=True)
    choice: Mapped[str] = mapped_column(String(10))
    opinion: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime)


class Meeting(Base):
    """The meeting that decides upon a package, as its protocol names it; `present` holds names and posts as typed."""

    __tablename__ = "meeting"
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(40), default="")
    held_on: Mapped[date | None] = mapped_column(Day)
    place: Mapped[str] = mapped_column(String(300), default="")
    chair: Mapped[str] = mapped_column(String(200), default="")
    secretary: Mapped[str] = mapped_column(String(200), default="")
    present: Mapped[list[str]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    edited_by: Mapped[str] = mapped_column(String(60))
    edited_at: Mapped[datetime] = mapped_column(DateTime)


class Objection(Base):
    """An organisation disagrees with a figure before it is published, with its reasons; answered by the council.

    `figure` is "1.1"…"5.3", "K1"…"K5", "total" or empty: the whole result.
    """

    __tablename__ = "objection"
    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    figure: Mapped[str] = mapped_column(String(10), default="")
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(DateTime)
    upheld: Mapped[bool | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(60))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime)


class Release(Base):
    """What the council approved: one campaign's figures with the counts and the rules they follow from.

    `package_id` is empty for what was published before there were releases and without a package.

    `content` is JSON of one spelling, `sha256` its hash, `short` the hash's beginning, for addresses and QR codes.
    Published when `published_at` says so; of a campaign's published versions the newest is in force.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("campaign_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"), index=True)
    content: Mapped[str] = mapped_column(Text, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    short: Mapped[str] = mapped_column(String(SHORT), unique=True)
    note: Mapped[str] = mapped_column(Text, default="")
    approved_by: Mapped[str] = mapped_column(String(60))
    approved_at: Mapped[datetime] = mapped_column(DateTime)
    published_by: Mapped[str | None] = mapped_column(String(60))
    published_at: Mapped[datetime | None] = mapped_column(DateTime)


class OldReport(Base):
    """A table of an earlier year's indicators as somebody reported them: kept beside ours, never counted with them."""

    __tablename__ = "old_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(DateTime)
