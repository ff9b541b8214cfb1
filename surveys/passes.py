"""Tables of the pass: where one must be shown before answering, the codes that were issued, who has signed in.

Nothing here leads to an answer. A used code is a row that is gone. A person who signed in is sixteen bytes among the
others of one row: had each a row of its own, PostgreSQL would tell which answer came in the same transaction.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day


class Entry(StrEnum):
    """What a person shows before answering on a device of their own."""

    OPEN = "open"
    CODE = "code"
    SIGN_IN = "sign-in"
    EITHER = "either"

    @property
    def by_code(self) -> bool:
        """Does a one-time code open the form?"""
        return self in (Entry.CODE, Entry.EITHER)

    @property
    def by_sign_in(self) -> bool:
        """Does signing in open the form?"""
        return self in (Entry.SIGN_IN, Entry.EITHER)


class Admission(Base):
    """How people come to answer about one organisation in one campaign; without a row the form is open to all."""

    __tablename__ = "admission"
    __table_args__ = (CheckConstraint("entry in ('code', 'sign-in', 'either')", name="entry"),)
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    entry: Mapped[str] = mapped_column(String(10))


class PassBatch(Base):
    """Codes made at once, and how many: the codes themselves were handed out and are kept by nobody here."""

    __tablename__ = "pass_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    issued: Mapped[int]
    ends_on: Mapped[date] = mapped_column(Day)
    made_on: Mapped[date] = mapped_column(Day)
    made_by: Mapped[str] = mapped_column(String(60))
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Pass(Base):
    """A code that nobody has used yet, as a keyed hash; whoever uses it takes the row away."""

    __tablename__ = "pass"
    __table_args__ = {"sqlite_with_rowid": False}
    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("pass_batch.id"), index=True)


class SignInSecret(Base):
    """A campaign's own secret for the marks of those who signed in, itself sealed; destroyed when collecting ends."""

    __tablename__ = "sign_in_secret"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class SignedIn(Base):
    """Marks of all who signed in and answered, sorted and put end to end; destroyed when collecting ends."""

    __tablename__ = "signed_in"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    marks: Mapped[bytes] = mapped_column(LargeBinary)
