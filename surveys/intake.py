"""The one door for a finished questionnaire, whatever channel it came by.

Sent twice, it is counted once: the guarantee is the primary key of `response`. The tally is kept in the same
transaction, so a figure never disagrees with the rows behind it.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from operator import add

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from surveys.db import db, writing
from surveys.measures import TALLY_COLUMNS
from surveys.models import Proposal, Response
from surveys.questionnaire import Questionnaire, increments
from surveys.together import Together

KEY_BITS = 63
SLOTS = 8
RESPONSE_COLUMNS = ("key", "assessment_id", "questionnaire_id", "channel", "place", "day", "answers")
TALLY_KEY = ("assessment_id", "channel", "questionnaire_id", "slot")


class Outcome(Enum):
    """What became of a questionnaire."""

    COUNTED = "counted"
    REPEATED = "repeated"  # the very same answers under the same key: counted before
    DIFFERS = "differs"  # other answers under a key that was counted before: the first ones stand


@dataclass(frozen=True, slots=True)
class Finished:
    """A questionnaire that has been heard to the end; `answers` is packed, `proposal` the recipient's own words."""

    key: int
    assessment_id: int
    questionnaire: Questionnaire
    questionnaire_id: int
    channel: int
    day: date
    answers: str
    place: int = 0
    proposal: str = ""

    def row(self) -> tuple[int, int, int, int, int, int, str]:
        """As the response table wants it."""
        return (
            self.key,
            self.assessment_id,
            self.questionnaire_id,
            self.channel,
            self.place,
            self.day.toordinal(),
            self.answers,
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
    insert = _insert_response(connection.dialect.name)
    groups: defaultdict[tuple[int, int, int], list[tuple[int, ...]]] = defaultdict(list)
    outcomes = []
    for finished in batch:
        fresh = connection.exec_driver_sql(insert, finished.row()).rowcount == 1
        outcomes.append(Outcome.COUNTED if fresh else _met_before(session, finished))
        if fresh:
            group = (finished.assessment_id, finished.channel, finished.questionnaire_id)
            groups[group].append((1, *increments(finished.questionnaire, finished.answers)))
            if finished.proposal:
                _keep_words(session, finished)
    for group in sorted(groups):  # always in one order: two writers never wait for each other in a ring
        _add_to_tally(connection, group, groups[group])
    return outcomes


_together: Together[Finished, Outcome] = Together(accept_all)


def _met_before(session: Session, finished: Finished) -> Outcome:
    stored = session.execute(
        select(Response.assessment_id, Response.answers).where(Response.key == finished.key)
    ).one()
    same = tuple(stored) == (finished.assessment_id, finished.answers)
    return Outcome.REPEATED if same else Outcome.DIFFERS


def _keep_words(session: Session, finished: Finished) -> None:
    session.add(
        Proposal(
            key=secrets.randbits(KEY_BITS),
            assessment_id=finished.assessment_id,
            month=finished.day.replace(day=1),
            text=finished.proposal,
        )
    )


def _add_to_tally(
    connection: Connection, group: tuple[int, int, int], counted: Iterable[tuple[int, ...]]
) -> None:
    crowded = connection.dialect.name != "sqlite"
    slot = secrets.randbelow(SLOTS) if crowded else 0
    total = _summed(counted)
    connection.exec_driver_sql(_add_tally(connection.dialect.name), (*group, slot, *total))


def _summed(counted: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    rows = iter(counted)
    total = next(rows)
    for row in rows:
        total = tuple(map(add, total, row))
    return total


@cache
def _insert_response(dialect: str) -> str:
    return (
        f"INSERT INTO response ({', '.join(RESPONSE_COLUMNS)}) "
        f"VALUES ({_places(dialect, len(RESPONSE_COLUMNS))}) ON CONFLICT (key) DO NOTHING"
    )


@cache
def _add_tally(dialect: str) -> str:
    counted = ("responses", *TALLY_COLUMNS)
    return (
        f"INSERT INTO tally ({', '.join(TALLY_KEY + counted)}) "
        f"VALUES ({_places(dialect, len(TALLY_KEY) + len(counted))}) "
        f"ON CONFLICT ({', '.join(TALLY_KEY)}) DO UPDATE SET "
        + ", ".join(f"{column} = tally.{column} + excluded.{column}" for column in counted)
    )


def _places(dialect: str, count: int) -> str:
    return ", ".join(["?" if dialect == "sqlite" else "%s"] * count)
