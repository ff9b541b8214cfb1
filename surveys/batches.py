"""Tables of what came by whole batches: files of answers, ready counters, stacks of keyed paper.

A batch can be undone whole: every response knows the batch it came by, and what a batch replaced is kept beside it.
No row here says who answered: a batch holds the file's name and the one of the staff who brought it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day, Key
from surveys.measures import TALLY_COLUMNS


class Kind(StrEnum):
    """What a batch holds."""

    ANSWERS = "answers"  # a row a respondent
    COUNTERS = "counters"  # a row an organisation: counts made elsewhere
    CHECKLISTS = "checklists"  # a row an organisation: what an inspection found
    KEYING = "keying"  # a stack of paper forms, keyed by hand
    SCANS = "scans"  # paper forms, scanned


class State(StrEnum):
    """How far a batch is."""

    UPLOADED = "uploaded"  # the file is kept; its columns wait to be confirmed
    CHECKED = "checked"  # read and reported on; nothing is counted yet
    COUNTED = "counted"
    UNDONE = "undone"
    DROPPED = "dropped"  # its owner let it go before it was counted
    REFUSED = "refused"  # the file could not be taken at all


class Batch(Base):
    """One file or stack. `report` is what every import prints (contracts §2), with at most a thousand refusals."""

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("kind in ('answers', 'counters', 'checklists', 'keying', 'scans')", name="kind"),
        CheckConstraint(
            "state in ('uploaded', 'checked', 'counted', 'undone', 'dropped', 'refused')", name="state"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    channel: Mapped[int | None] = mapped_column(SmallInteger)
    questionnaire_id: Mapped[int | None] = mapped_column(ForeignKey("pinned.id"))
    file_name: Mapped[str] = mapped_column(String(255), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    kept_as: Mapped[str] = mapped_column(String(64), default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(DateTime)
    reviewed_by: Mapped[str | None] = mapped_column(String(60))
    job_id: Mapped[str | None] = mapped_column(String(32))


class Replaced(Base):
    """A response as it was before a batch put a corrected row in its place: undoing the batch brings it back."""

    __tablename__ = "replaced"
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True, autoincrement=False)
    key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("pinned.id"))
    channel: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[date] = mapped_column(Day)
    answers: Mapped[str] = mapped_column(String(64))
    from_batch_id: Mapped[int | None]


class Repeated(Base):
    """A response of another batch that this one brought again: when that one is undone, it is this one's own."""

    __tablename__ = "batch_repeat"
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True, autoincrement=False)
    key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    of_batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)


class Declared(Base):
    """Counts of one organisation that were made elsewhere and came ready: no responses stand behind them.

    They are added to the tallies in every figure; a recount of responses leaves them aside.
    """

    __tablename__ = "declared"
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    channel: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    responses: Mapped[int] = mapped_column(default=0)


for _name in TALLY_COLUMNS:
    setattr(Declared, _name, mapped_column(_name, Integer, default=0, nullable=False))


class KnownColumns(Base):
    """How the columns of a table with these headings were understood, confirmed by somebody: asked once."""

    __tablename__ = "known_columns"
    headings_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60), primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
