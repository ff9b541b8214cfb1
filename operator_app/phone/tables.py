"""Whom to call. A contact is sealed with its campaign's own key, erased with its last call, and leads to no answer.

There is no column here for an answer and none in `response` for a contact: a call that ended in an interview only
says so. When the campaign closes, its key is destroyed with everything it had sealed (docs/decisions/0013).
"""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Key


class ContactKey(Base):
    """The key of a campaign's contacts, itself sealed with the installation's secret; without it they are noise."""

    __tablename__ = "contact_key"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Contact(Base):
    """One telephone number to call. The key is random, so rows keep no order of the list they came by.

    `sealed` (number, how to address, a note) and `mark` (a keyed hash, so that a list loaded twice adds nobody) are
    empty once the last call is made; the mark alone goes to `contact_forgotten`. Times are UTC.
    """

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("campaign_id", "mark"),)
    key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    mark: Mapped[str | None] = mapped_column(String(64))
    zone: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(String(8))
    finished: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime | None] = mapped_column(DateTime)
    not_before: Mapped[datetime | None] = mapped_column(DateTime)
    held_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    held_at: Mapped[datetime | None] = mapped_column(DateTime)
    held_until: Mapped[datetime | None] = mapped_column(DateTime)


class Forgotten(Base):
    """A number that will not be called again: its keyed hash alone, with no way back to a contact or a call.

    Here so that the same list loaded again does not bring it back; gone when the campaign closes.
    """

    __tablename__ = "contact_forgotten"
    __table_args__ = {"sqlite_with_rowid": False}  # rows in the order of hashes: none in the order of calls
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)


class CallAttempt(Base):
    """One call: who called, when, how it ended (AAPOR); or a contact put back uncalled, which names none.

    When the campaign closes it no longer says which contact it was, and `began_at` is cut to its day.
    """

    __tablename__ = "call_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    contact_key: Mapped[int | None] = mapped_column(ForeignKey("contact.key"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    began_at: Mapped[datetime] = mapped_column(DateTime)
    seconds: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(String(8))
