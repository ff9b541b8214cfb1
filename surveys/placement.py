"""Tables of where the code hangs: posters that somebody saw on a wall, scans of them, what a look at the site found.

Of a visitor nothing is kept but the day: no picture, no time, no word. An official's photograph proves the poster and
lies in the store of proofs. The last look of a year replaces the one before: no row grows into a history of people.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day

PATROL = "NOK-placement/1.0"  # how our look at sites calls itself


class Watcher(StrEnum):
    """Who saw a poster."""

    VISITOR = "visitor"
    OFFICIAL = "official"


class SiteState(StrEnum):
    """What a look at an organisation's main page ended with."""

    FOUND = "found"
    ANOTHER = "another"  # a code or a link, but of another organisation
    STALE = "stale"  # a code or a link that leads nowhere any more
    MISSING = "missing"
    CUT_SHORT = "cut_short"  # nothing on what was seen, but not everything was
    NO_ADDRESS = "no_address"
    REFUSED = "refused"  # an address that the service does not open
    ROBOTS = "robots"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"


class PosterSeen(Base):
    """The last time in a year that a poster at one place was seen by visitors, or by officials.

    `place` is the number in its code, 0 where it has none. `seen_by` and `file` are an official's alone.
    """

    __tablename__ = "poster_seen"
    __table_args__ = (
        UniqueConstraint("organization_id", "place", "year", "watcher"),
        CheckConstraint("watcher in ('visitor', 'official')", name="watcher"),
        CheckConstraint("watcher = 'official' or (seen_by = '' and file = '')", name="nobody"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    place: Mapped[int] = mapped_column(SmallInteger, default=0)
    year: Mapped[int] = mapped_column(SmallInteger)
    watcher: Mapped[str] = mapped_column(String(10))
    seen_on: Mapped[date] = mapped_column(Day)
    seen_by: Mapped[str] = mapped_column(String(60), default="")
    file: Mapped[str] = mapped_column(String(80), default="")


class SiteCheck(Base):
    """The last look at an organisation's site. `how`: a link or a picture; `found_on`: the last day it was there."""

    __tablename__ = "site_check"
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, autoincrement=False
    )
    checked_on: Mapped[date] = mapped_column(Day)
    state: Mapped[str] = mapped_column(String(20))
    how: Mapped[str] = mapped_column(String(10), default="")
    leads_to: Mapped[str] = mapped_column(String(10), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    found_on: Mapped[date | None] = mapped_column(Day)


class CodeScan(Base):
    """How often the page of a poster's code was opened in a week (`week` is its Monday), at one place or at none.

    Nothing of whoever opened it, and no day: surveys/scans.py.
    """

    __tablename__ = "code_scan"
    __table_args__ = {"sqlite_with_rowid": False}
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, autoincrement=False
    )
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    week: Mapped[date] = mapped_column(Day, primary_key=True, autoincrement=False)
    scans: Mapped[int]
