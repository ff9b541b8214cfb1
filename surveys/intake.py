"""The one door for a finished questionnaire, whatever channel it came by.

Sent twice, it is counted once: the guarantee is the primary key of `response`. The tally is kept in the same
transaction, so a figure never disagrees with the rows behind it.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from operator import add, neg
from typing import TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from surveys import gate, hidden, library
from surveys.comments import SURVEY
from surveys.db import db, writing
from surveys.measures import TALLY_COLUMNS
from surveys.models import Pinned, Response
from surveys.questionnaire import Questionnaire, increments
from surveys.together import Together

KEY_BITS = 63
SLOTS = 8
MOST_ROWS = 200  # of a statement: SQLite takes 32,766 values
T = TypeVar("T")
RESPONSE_COLUMNS = (
    "key",
    "assessment_id",
    "questionnaire_id",
    "channel",
    "place",
    "day",
    "answers",
    "batch_id",
)
INSERTED = (*RESPONSE_COLUMNS, "kiosk_id")  # a file or a stack never names a device
TALLY_KEY = ("assessment_id", "channel", "questionnaire_id", "slot")


class Outcome(Enum):
    """What became of a questionnaire."""

    COUNTED = "counted"
    REPEATED = "repeated"  # the very same answers under the same key: counted before
    DIFFERS = "differs"  # other answers under a key that was counted before: the first ones stand
    CLOSED = "closed"  # the campaign collects no more: nothing is kept


@dataclass(frozen=True, slots=True)
class Finished:
    """A questionnaire that has been heard to the end; `answers` is packed, `proposal` the recipient's own words.

    `batch_id`: the file or stack it came by, if it came by one. `kiosk_id`: the device, if it was given on one.
    """

    key: int
    campaign_id: int
    assessment_id: int
    questionnaire: Questionnaire
    questionnaire_id: int
    channel: int
    day: date
    answers: str
    place: int = 0
    proposal: str = ""
    batch_id: int | None = None
    kiosk_id: int | None = None

    def row(self) -> tuple[int, int, int, int, int, int, str, int | None, int | None]:
        """As the response table wants it."""
        return (
            self.key,
            self.assessment_id,
            self.questionnaire_id,
            self.channel,
            self.place,
            self.day.toordinal(),
            self.answers,
            self.batch_id,
            self.kiosk_id,
        )


def response_key(*parts: object) -> int:
    """A 63-bit key out of what makes a questionnaire unique: a form's nonce, a sheet's serial, a row of a file.

    Among ten million the odds that any two meet are 1 in 180,000 (docs/decisions/0008).
    """
    text = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) >> 1


def accept(finished: Finished) -> Outcome:
    """Take one questionnaire in, in a transaction of its own or shared with those who come at this moment."""
    if db.engine.dialect.name == "sqlite":
        return _together.do(finished)
    with writing() as session:  # PostgreSQL groups its commits itself
        return accept_all(session, [finished])[0]


def accept_all(session: Session, batch: Sequence[Finished]) -> list[Outcome]:
    """Take a batch in, inside the caller's transaction; an outcome for each, in order."""
    connection = session.connection()
    collecting = _collecting(connection, {finished.campaign_id for finished in batch})
    fresh = _inserted(connection, [finished for finished in batch if finished.campaign_id in collecting])
    groups: defaultdict[tuple[int, int, int], list[tuple[int, ...]]] = defaultdict(list)
    for finished in fresh:
        group = (finished.assessment_id, finished.channel, finished.questionnaire_id)
        groups[group].append((1, *increments(finished.questionnaire, finished.answers)))
        if finished.proposal:
            hidden.put(
                session, SURVEY, finished.assessment_id, finished.day, finished.proposal,
                campaign_id=finished.campaign_id,
            )  # fmt: skip
    add_to_tallies(connection, groups)
    counted = set(map(id, fresh))
    return [
        Outcome.COUNTED if id(one) in counted else before(session, one) or Outcome.CLOSED for one in batch
    ]


def withdraw(session: Session, keys: Sequence[int]) -> int:
    """Take counted questionnaires back out, tallies too, inside the caller's transaction; how many there were.

    The words of a proposal stay: nothing leads to them from a response.
    """
    connection, taken = session.connection(), 0
    asked = {
        pinned.id: pinned for pinned in session.scalars(select(Pinned).where(Pinned.kind == "questionnaire"))
    }
    groups: defaultdict[tuple[int, int, int], list[tuple[int, ...]]] = defaultdict(list)
    for chunk in _chunks(keys):
        columns = (Response.assessment_id, Response.channel, Response.questionnaire_id, Response.answers)
        gone = delete(Response).where(Response.key.in_(chunk)).returning(*columns)
        for *group, answers in connection.execute(gone):
            pinned = asked[group[2]]
            counted = (1, *increments(library.pinned(pinned.name, pinned.sha256), answers))
            groups[group[0], group[1], group[2]].append(tuple(map(neg, counted)))
            taken += 1
    add_to_tallies(connection, groups)
    return taken


def _collecting(connection: Connection, campaigns: Collection[int]) -> set[int]:
    """Which of these campaigns collect: asked inside the transaction, so that closed means closed."""
    gate.hold_open(connection, campaigns)
    marks = _places(connection.dialect.name, len(campaigns))
    statement = f"SELECT id FROM campaign WHERE stage = 'collecting' AND id IN ({marks})"  # noqa: S608
    return {row[0] for row in connection.exec_driver_sql(statement, tuple(campaigns))}


def _inserted(connection: Connection, batch: Sequence[Finished]) -> list[Finished]:
    """Insert what was not there; returns it.

    On SQLite the transaction already holds the pen, so what is there can be asked first and the rest goes in by one
    statement; elsewhere each row asks the primary key for itself.
    """
    if connection.dialect.name != "sqlite" or len(batch) == 1:
        one = _insert_responses(connection.dialect.name, 1)
        return [each for each in batch if connection.exec_driver_sql(one, each.row()).rowcount == 1]
    fresh: dict[int, Finished] = {}
    for finished in batch:
        fresh.setdefault(finished.key, finished)
    for chunk in _chunks(list(fresh)):
        found = connection.exec_driver_sql(
            f"SELECT key FROM response WHERE key IN ({_places('sqlite', len(chunk))})",  # noqa: S608  marks only
            tuple(chunk),
        )
        for (key,) in found:
            del fresh[key]
    for rows in _chunks([finished.row() for finished in fresh.values()]):
        values = tuple(value for row in rows for value in row)
        connection.exec_driver_sql(_insert_responses("sqlite", len(rows)), values)
    return list(fresh.values())


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), MOST_ROWS):
        yield items[start : start + MOST_ROWS]


_together: Together[Finished, Outcome] = Together(accept_all)


def before(session: Session, finished: Finished) -> Outcome | None:
    """What became of this questionnaire if its key was counted before; None if it was not."""
    stored = session.execute(
        select(Response.assessment_id, Response.answers).where(Response.key == finished.key)
    ).one_or_none()
    if stored is None:
        return None
    same = tuple(stored) == (finished.assessment_id, finished.answers)
    return Outcome.REPEATED if same else Outcome.DIFFERS


def add_to_tallies(
    connection: Connection, groups: Mapping[tuple[int, int, int], Iterable[tuple[int, ...]]]
) -> None:
    """Add (responses, *TALLY_COLUMNS) to (assessment, channel, questionnaire), or take off what is below zero.

    Always in one order: two writers never wait for each other in a ring.
    """
    crowded = connection.dialect.name != "sqlite"
    rows = [
        (*group, secrets.randbelow(SLOTS) if crowded else 0, *_summed(counted))
        for group, counted in sorted(groups.items())
    ]
    for chunk in _chunks(rows):
        values = tuple(value for row in chunk for value in row)
        connection.exec_driver_sql(_add_tallies(connection.dialect.name, len(chunk)), values)


def _summed(counted: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    rows = iter(counted)
    total = next(rows)
    for row in rows:
        total = tuple(map(add, total, row))
    return total


@cache
def _insert_responses(dialect: str, rows: int) -> str:
    columns = ", ".join(INSERTED)
    marks = _rows(dialect, len(INSERTED), rows)
    return f"INSERT INTO response ({columns}) VALUES {marks} ON CONFLICT (key) DO NOTHING"  # noqa: S608  our own names


@cache
def _add_tallies(dialect: str, rows: int) -> str:
    counted = ("responses", *TALLY_COLUMNS)
    columns, key = ", ".join(TALLY_KEY + counted), ", ".join(TALLY_KEY)
    marks = _rows(dialect, len(TALLY_KEY) + len(counted), rows)
    added = ", ".join(f"{column} = tally.{column} + excluded.{column}" for column in counted)
    return f"INSERT INTO tally ({columns}) VALUES {marks} ON CONFLICT ({key}) DO UPDATE SET {added}"  # noqa: S608


def _rows(dialect: str, columns: int, rows: int) -> str:
    return ", ".join([f"({_places(dialect, columns)})"] * rows)


def _places(dialect: str, count: int) -> str:
    return ", ".join(["?" if dialect == "sqlite" else "%s"] * count)
