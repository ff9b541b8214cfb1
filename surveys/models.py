"""What is stored: organisations, campaigns, inspections, answers and their tallies.

Anonymity is schema: a response carries a day, not a time; its key is random, so rows keep no order of arrival; there is
no column for a name, a telephone, an address or a browser; own words lie apart, sealed, with no way back.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveys.db import Base, Day, Key
from surveys.measures import TALLY_COLUMNS

CODE_LENGTH = 8
BATCHED = text("batch_id IS NOT NULL")  # of ten million that came one by one the index holds none
OF_KIOSKS = text("kiosk_id IS NOT NULL")


class Stage(StrEnum):
    """Where a campaign stands (norms A6)."""

    COLLECTING = "collecting"
    REVIEW = "review"
    PUBLISHED = "published"


class Region(Base):
    """A subject of the federation."""

    __tablename__ = "region"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Municipality(Base):
    """A municipality (in Moscow: an administrative okrug and district) of a region."""

    __tablename__ = "municipality"
    __table_args__ = (UniqueConstraint("region_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    name: Mapped[str] = mapped_column(String(200))


class Organization(Base):
    """An organisation or a branch of one. `code` is what its QR holds; `key` finds it again in a list.

    `search` holds its names as people type them (searchable()): SQLite's own lower() knows no Cyrillic.
    """

    __tablename__ = "organization"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(400))
    short_name: Mapped[str] = mapped_column(String(400), default="")
    inn: Mapped[str] = mapped_column(String(12), default="", index=True)
    ogrn: Mapped[str] = mapped_column(String(15), default="", index=True)
    kpp: Mapped[str] = mapped_column(String(9), default="")
    oktmo: Mapped[str] = mapped_column(String(11), default="")
    agency_id: Mapped[str] = mapped_column(String(20), default="", index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    sector: Mapped[str] = mapped_column(String(20), index=True)
    kind: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(500), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    recipients_per_year: Mapped[int | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    search: Mapped[str] = mapped_column(Text, default="")

    region: Mapped[Region | None] = relationship(lazy="joined")
    municipality: Mapped[Municipality | None] = relationship(lazy="joined")
    parent: Mapped["Organization | None"] = relationship(remote_side=[id])

    @property
    def display_name(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


def searchable(*names: str) -> str:
    """Names as a search compares them: lower case, ё as е, one space between words."""
    return " ".join(" ".join(names).lower().replace("ё", "е").split())


class Place(Base):
    """A numbered place of a poster in an organisation: the QR holds the number, the poster shows the name."""

    __tablename__ = "place"
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))


class Pinned(Base):
    """An edition or a questionnaire as it was when a campaign pinned it: never edited, found by its hash."""

    __tablename__ = "pinned"
    __table_args__ = (CheckConstraint("kind in ('edition', 'questionnaire')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[str] = mapped_column(Text)


class Campaign(Base):
    """One assessment of one sphere in one region and year, with its rules pinned (norms A1)."""

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint("stage in ('collecting', 'review', 'published')", name="stage"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    year: Mapped[int] = mapped_column(SmallInteger)
    sector: Mapped[str] = mapped_column(String(20))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day)
    stage: Mapped[str] = mapped_column(String(20), default=Stage.COLLECTING)
    edition_id: Mapped[int] = mapped_column(ForeignKey("pinned.id"))
    practice: Mapped[dict[str, Any]] = mapped_column(JSON)
    practice_sha256: Mapped[str] = mapped_column(String(64))
    operator: Mapped[str] = mapped_column(String(300), default="")
    council: Mapped[str] = mapped_column(String(300), default="")
    order: Mapped[str] = mapped_column(String(300), default="")
    shows_interim: Mapped[bool] = mapped_column(default=False)
    demo: Mapped[bool] = mapped_column(default=False)
    desk: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    region: Mapped[Region] = relationship(lazy="joined")
    edition: Mapped[Pinned] = relationship(lazy="joined")
    questionnaires: Mapped[list["CampaignQuestionnaire"]] = relationship(lazy="selectin")

    def questionnaire_of(self, channel: int) -> Pinned:
        """The questionnaire pinned for this channel's number."""
        return next(row.questionnaire for row in self.questionnaires if row.channel == channel)


class CampaignQuestionnaire(Base):
    """Which questionnaire a channel of a campaign asks."""

    __tablename__ = "campaign_questionnaire"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    channel: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("pinned.id"))

    questionnaire: Mapped[Pinned] = relationship(lazy="joined")


class Assessment(Base):
    """One organisation in one campaign: the narrow number that a response and a tally carry."""

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("campaign_id", "organization_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    target: Mapped[int | None]

    campaign: Mapped[Campaign] = relationship()
    organization: Mapped[Organization] = relationship(lazy="joined")


class Inspection(Base):
    """What the operator found (norms §1.1): counts for the formulas, codes of present items for the deficiencies.

    A pair stand_* or site_* is NULL when the organisation has no stand or site; `waiting_points` is Сожид as "p/q",
    worked out of the measured mean wait and the set term (in days or hours) where these were written down.
    `missing` names what the stand and the site lack (block → titles), `not_applicable` why an item does not count
    (block → code → reason). `visit_id` leads to the visit it was taken from; `version` grows with each change.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("stand_present between 0 and stand_required", name="stand"),
        CheckConstraint("site_present between 0 and site_required", name="site"),
    )
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    inspected_on: Mapped[date] = mapped_column(Day)
    stand_present: Mapped[int | None] = mapped_column(SmallInteger)
    stand_required: Mapped[int | None] = mapped_column(SmallInteger)
    site_present: Mapped[int | None] = mapped_column(SmallInteger)
    site_required: Mapped[int | None] = mapped_column(SmallInteger)
    information_required: Mapped[int | None] = mapped_column(SmallInteger)
    remote_ways: Mapped[list[str]] = mapped_column(JSON)
    comfort: Mapped[list[str]] = mapped_column(JSON)
    equipment: Mapped[list[str]] = mapped_column(JSON)
    accessibility: Mapped[list[str]] = mapped_column(JSON)
    waiting_points: Mapped[str | None] = mapped_column(String(20))
    waiting_mean: Mapped[str | None] = mapped_column(String(20))
    waiting_term: Mapped[str | None] = mapped_column(String(20))
    waiting_unit: Mapped[str | None] = mapped_column(String(5))
    missing: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    not_applicable: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    version: Mapped[int] = mapped_column(default=1)


class Response(Base):
    """One finished questionnaire. `answers` holds one character a closed question (questionnaire.packed).

    `batch_id` leads to the file or stack it came by, if it came by one: a batch can be undone whole. `kiosk_id` is the
    device of one that was given on a screen in a hall (kiosk/tables.py); no other channel has a device.
    """

    __tablename__ = "response"
    __table_args__ = (
        Index("ix_response_assessment_id_day", "assessment_id", "day"),
        Index("ix_response_batch_id", "batch_id", sqlite_where=BATCHED, postgresql_where=BATCHED),
        Index(
            "ix_response_kiosk_id_day",
            "kiosk_id",
            "day",
            sqlite_where=OF_KIOSKS,
            postgresql_where=OF_KIOSKS,
        ),
    )
    key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("pinned.id"))
    channel: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[date] = mapped_column(Day)
    answers: Mapped[str] = mapped_column(String(64))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    kiosk_id: Mapped[int | None] = mapped_column(ForeignKey("kiosk.id"))


class Tally(Base):
    """How many gave each answer, kept in the response's own transaction (docs/decisions/0008).

    One row an organisation, channel and questionnaire, a column an answer. `slot` spreads a crowd at one
    organisation over several rows on PostgreSQL; on SQLite, where writers queue anyway, it is always 0.
    """

    __tablename__ = "tally"
    __table_args__ = {"sqlite_with_rowid": False}
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    channel: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("pinned.id"), primary_key=True, autoincrement=False
    )
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    responses: Mapped[int] = mapped_column(default=0)


for _name in TALLY_COLUMNS:
    setattr(Tally, _name, mapped_column(_name, Integer, default=0, nullable=False))
