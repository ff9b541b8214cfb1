"""Devices, codes by which they are paired, answers that wait for a person.

A response of a kiosk names its device (surveys/models.py: Response) beside the place and the day, and no minute.
A device writes down what it says of itself over what it said before, so no history of a hall is kept.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, DateTime, Float, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveys.db import Base, Day, Key
from surveys.languages import RUSSIAN
from surveys.models import Assessment, Organization, Pinned


class Kiosk(Base):
    """One device: where it stands, how it behaves, its token as a hash, what it last said of itself.

    `next_sha256` is a token that was handed out and not used yet: until it is, the one before it works too.
    `form` empty: the questionnaire that the campaign asks on kiosks. `opens` and `closes` empty: round the clock.
    `languages`: those that the screen offers; it speaks the first one to whoever comes.
    `inches`: the diagonal of its screen, where it is known: the page then draws a centimetre as a centimetre.
    `moved_to`: the screen is this other device now; only what was answered on it before may still come (moving.py).
    """

    __tablename__ = "kiosk"
    __table_args__ = (CheckConstraint("idle_seconds between 15 and 600", name="idle"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    place: Mapped[int] = mapped_column(SmallInteger, default=0)
    form: Mapped[str] = mapped_column(String(60), default="")
    opens: Mapped[str] = mapped_column(String(5), default="")
    closes: Mapped[str] = mapped_column(String(5), default="")
    idle_seconds: Mapped[int] = mapped_column(SmallInteger, default=45)
    aloud: Mapped[bool] = mapped_column(default=True)
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: [RUSSIAN])
    inches: Mapped[float | None] = mapped_column(Float)
    moved_to: Mapped[int | None]
    made_on: Mapped[date] = mapped_column(Day)
    paired_on: Mapped[date | None] = mapped_column(Day)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime)
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    next_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    rotated_on: Mapped[date | None] = mapped_column(Day)

    seen_at: Mapped[datetime | None] = mapped_column(DateTime)
    waiting: Mapped[int] = mapped_column(default=0)
    stuck: Mapped[int] = mapped_column(default=0)
    full: Mapped[bool] = mapped_column(default=False)
    release: Mapped[str] = mapped_column(String(16), default="")
    used_mb: Mapped[int | None]
    room_mb: Mapped[int | None]
    answered_on: Mapped[date | None] = mapped_column(Day)

    organization: Mapped[Organization] = relationship(lazy="joined")


class KioskCode(Base):
    """Six digits on a screen that belongs to nobody yet; gone in minutes, or when the device has its token."""

    __tablename__ = "kiosk_code"
    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    claim_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime] = mapped_column(DateTime)
    kiosk_id: Mapped[int | None] = mapped_column(ForeignKey("kiosk.id"))


class Verdict(StrEnum):
    """What a person has decided of two answers under one name."""

    WAITING = "waiting"
    FIRST = "first"
    SECOND = "second"
    NEITHER = "neither"


class Dispute(Base):
    """An answer that came under the name of another one that was counted before (disputes.py).

    `displaced`: the answer that was counted until it was decided otherwise, so that it is known when it comes again.
    """

    __tablename__ = "kiosk_dispute"
    __table_args__ = (
        CheckConstraint("verdict in ('waiting', 'first', 'second', 'neither')", name="verdict"),
        CheckConstraint("(verdict = 'waiting') = (decided_by is null)", name="decided"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(Key, index=True)
    kiosk_id: Mapped[int] = mapped_column(ForeignKey("kiosk.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("pinned.id"))
    place: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[date] = mapped_column(Day)
    answers: Mapped[str] = mapped_column(String(64))
    displaced: Mapped[str] = mapped_column(String(64), default="")
    arrived_on: Mapped[date] = mapped_column(Day)
    verdict: Mapped[str] = mapped_column(String(10), default=Verdict.WAITING)
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by: Mapped[str | None] = mapped_column(String(60))
    decided_on: Mapped[date | None] = mapped_column(Day)

    kiosk: Mapped[Kiosk] = relationship()
    assessment: Mapped[Assessment] = relationship()
    questionnaire: Mapped[Pinned] = relationship()
