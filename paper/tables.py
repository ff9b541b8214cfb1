"""Tables of printed forms and of scanned ones.

No row leads to a person: a serial is printed on a sheet that anybody may take, and nobody writes down who took which.
A sheet's answers lie in what was seen on its pages only until it is counted; afterwards only the doubts, which the
staff decided, are left here, and of which sheet they were only until its pictures are destroyed.
"""

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day, Key

PLACE_BITS = 62


class FormEdition(Base):
    """A printed form: the questionnaire as laid out once, and where its boxes came to stand (`paper.geometry`)."""

    __tablename__ = "form_edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("pinned.id"))
    print: Mapped[str] = mapped_column(String(10))  # "usual" or "large"
    sha256: Mapped[str] = mapped_column(String(64))
    geometry: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("questionnaire_id", "sha256"),)


class PrintRun(Base):
    """Sheets printed together for one organisation: serials `first` … `first + count - 1` of the campaign."""

    __tablename__ = "print_run"
    __table_args__ = (UniqueConstraint("campaign_id", "first"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("form_edition.id"))
    first: Mapped[int]
    count: Mapped[int]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(DateTime)


class PaperKey(Base):
    """The key by which a campaign's scans are sealed, itself sealed; without this row they never open again."""

    __tablename__ = "paper_key"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ScanBatch(Base):
    """A batch of scans (`batch.kind` is «scans»). `files`: of each its name, hash, size, pages, refusal if any.

    `sample_share`: of a thousand answers read surely, how many a person reads as well, without knowing it.
    """

    __tablename__ = "scan_batch"
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True, autoincrement=False)
    filled_on: Mapped[date] = mapped_column(Day)
    sample_share: Mapped[int] = mapped_column(SmallInteger)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    destroy_on: Mapped[date | None] = mapped_column(Day)
    destroyed_at: Mapped[datetime | None] = mapped_column(DateTime)


class SheetState(StrEnum):
    """How a physical sheet ends; every one is in exactly one of these."""

    WAITING = "waiting"  # for a person, or for its other side
    COUNTED = "counted"
    REPEATED = "repeated"  # the same sheet is there already: `of_id`, or an answer counted before
    SPOILED = "spoiled"  # with a reason


class ScannedSheet(Base):
    """One physical sheet out of a batch. `serial` is None while nobody knows its number.

    `copy`: 0 for the sheet as printed, 1… for photocopies of it that other people filled in. `reason`: why it waits, or
    why it is spoiled; a word of `paper.words`. `off_path`: answers to questions that were not to be answered.
    `answers`: packed, while the sheet waits for a person; None once it is counted.
    """

    __tablename__ = "scanned_sheet"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'counted', 'repeated', 'spoiled')", name="state"),
        Index("ix_scanned_sheet_run_id_serial", "run_id", "serial"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("scan_batch.batch_id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("print_run.id"))
    serial: Mapped[int | None]
    copy: Mapped[int] = mapped_column(SmallInteger, default=0)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    of_id: Mapped[int | None] = mapped_column(ForeignKey("scanned_sheet.id"))
    answers: Mapped[str | None] = mapped_column(String(64))
    off_path: Mapped[int] = mapped_column(SmallInteger, default=0)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime)


class ScannedPage(Base):
    """One picture of a page: the `number`-th of the `file`-th file of its batch, both from 1; its pixels in the vault.

    `seen` is `paper.marks.PageSeen`. A page without a sheet is an empty back or a cover page, and `reason` says which.
    """

    __tablename__ = "scanned_page"
    __table_args__ = (UniqueConstraint("batch_id", "file", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("scan_batch.batch_id"))
    file: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int]
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("scanned_sheet.id"), index=True)
    side: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(String(40), default="")
    kept_as: Mapped[str] = mapped_column(String(64), default="")
    seen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class DoubtKind(StrEnum):
    """Why a person looks at a place of a page."""

    DOUBT = "doubt"  # the reader is not sure: the sheet waits for it
    WORDS = "words"  # something is written there by hand, to be typed in
    SAMPLE = "sample"  # the reader is sure and is tested: the sheet counts meanwhile


class Doubt(Base):
    """One question of one sheet that a person looks at. `read` is what the reader thought: a value, "" for no answer.

    `decided`: what the first person saw, `first`: what he had said before he changed it; of a sample for which either
    differs from `read` a second person decides: `final`. Words are never kept here: they go to the proposals.

    Once nobody needs it any more (`paper.untying`), nothing tells of which sheet and page it was; `uncounted`: of one
    that never counted.

    `place`: drawn at random; by it the reviewer's page knows the doubt and puts it in order, so that neither tells a
    sample from a doubt. `held_by`, `held_until`: handed out to one person for some minutes.
    """

    __tablename__ = "doubt"
    __table_args__ = (
        CheckConstraint("kind in ('doubt', 'words', 'sample')", name="kind"),
        UniqueConstraint("sheet_id", "question"),
        Index("ix_doubt_batch_id_decided_by", "batch_id", "decided_by"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("scan_batch.batch_id"))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("scanned_sheet.id"), index=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("scanned_page.id"))
    uncounted: Mapped[bool] = mapped_column(default=False)
    question: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    place: Mapped[int] = mapped_column(Key, unique=True, default=lambda: secrets.randbits(PLACE_BITS))
    why: Mapped[str] = mapped_column(String(20), default="")
    read: Mapped[str | None] = mapped_column(String(60))
    held_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    held_until: Mapped[datetime | None] = mapped_column(DateTime)
    first: Mapped[str | None] = mapped_column(String(60))
    decided: Mapped[str | None] = mapped_column(String(60))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime)
    final: Mapped[str | None] = mapped_column(String(60))
    final_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    final_at: Mapped[datetime | None] = mapped_column(DateTime)
