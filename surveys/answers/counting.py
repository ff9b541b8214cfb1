"""Rows that are ready → responses and tallies, in the caller's transaction: as few statements as there can be.

What was counted before under the same key and says the same is a repeat; what says something else takes its place, and
the old one is kept with the batch that replaced it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from surveys import library
from surveys.intake import RESPONSE_COLUMNS, add_to_tallies
from surveys.measures import TALLY_COLUMNS
from surveys.models import Pinned, Response
from surveys.questionnaire import BLANK, OFF_PATH, Questionnaire, increments

ASKED_AT_ONCE = 10_000
Group = tuple[int, int, int]
Line = tuple[int, int, int, int, int, int, str, int | None]
"""A response as RESPONSE_COLUMNS name it; the day is its ordinal."""

_STORED = tuple(Response.__table__.c[name] for name in RESPONSE_COLUMNS)
_KEY: Final = 0
_ASSESSMENT: Final = 1
_QUESTIONNAIRE: Final = 2
_CHANNEL: Final = 3
_ANSWERS: Final = 6
_BATCH: Final = 7


@dataclass(slots=True)
class Sorted:
    """What becomes of lines: new ones, ones that replace (new, old), and how many say what was said before.

    `held`: of those that repeat, (key, the batch that brought it first).
    """

    fresh: list[Line] = field(default_factory=list)
    changed: list[tuple[Line, Line]] = field(default_factory=list)
    repeated: int = 0
    held: list[tuple[int, int]] = field(default_factory=list)


def sorted_out(connection: Connection, lines: Sequence[Line]) -> Sorted:
    """What would become of these lines now; nothing is written."""
    found = stored(connection, [line[_KEY] for line in lines])
    result = Sorted()
    for line in lines:
        _sort(line, found.get(line[_KEY]), result)
    return result


def _sort(line: Line, old: Line | None, result: Sorted) -> None:
    if old is None:
        result.fresh.append(line)
    elif (old[_ASSESSMENT], old[_QUESTIONNAIRE], old[_ANSWERS]) == (
        line[_ASSESSMENT],
        line[_QUESTIONNAIRE],
        line[_ANSWERS],
    ):
        result.repeated += 1
        if old[_BATCH] is not None:
            result.held.append((line[_KEY], old[_BATCH]))
    else:
        result.changed.append((line, old))


def count(session: Session, lines: list[Line], batch_id: int) -> Sorted:
    """Count these lines, no two of one key. The database itself says which were there: two may come at once."""
    connection = session.connection()
    result = Sorted(fresh=lines)
    if _inserted(connection, lines) < len(lines):
        ours = set(connection.execute(select(Response.key).where(Response.batch_id == batch_id)).scalars())
        result = Sorted(fresh=[line for line in lines if line[_KEY] in ours])
        others = [line for line in lines if line[_KEY] not in ours]
        found = stored(connection, [line[_KEY] for line in others], lock=True)
        for line in others:
            _sort(line, found.get(line[_KEY]), result)
    _replace(connection, result.changed, batch_id)
    _remember(connection, result.held, batch_id)
    new = result.fresh + [new for new, _old in result.changed]
    tally(session, new, [old for _new, old in result.changed])
    return result


def tally(session: Session, added: Iterable[Line], gone: Iterable[Line]) -> None:
    """Add what these lines say to the tallies, take off what those had added."""
    groups: defaultdict[Group, list[tuple[int, ...]]] = defaultdict(list)
    for sign, lines in ((1, added), (-1, gone)):
        forms: defaultdict[int, list[Line]] = defaultdict(list)
        for line in lines:
            forms[line[_QUESTIONNAIRE]].append(line)
        for pinned_id, those in forms.items():
            pinned = session.get_one(Pinned, pinned_id)
            for group, total in summed(those, library.pinned(pinned.name, pinned.sha256)):
                groups[group].append(tuple(sign * number for number in total))
    add_to_tallies(session.connection(), groups)


def summed(lines: Iterable[Line], questionnaire: Questionnaire) -> list[tuple[Group, list[int]]]:
    """(assessment, channel, questionnaire) → [responses, *TALLY_COLUMNS] of these lines, a column of letters each."""
    groups: defaultdict[Group, list[str]] = defaultdict(list)
    for line in lines:
        groups[line[_ASSESSMENT], line[_CHANNEL], line[_QUESTIONNAIRE]].append(line[_ANSWERS])
    columns = _letters(questionnaire)
    result = []
    for group, answers in groups.items():
        total = [len(answers)] + [0] * len(TALLY_COLUMNS)
        for place, letters in zip(columns, zip(*answers, strict=True), strict=True):
            for letter, times in Counter(letters).items():
                if (column := place.get(letter)) is not None:
                    total[column + 1] += times
        result.append((group, total))
    return result


_letter_columns: dict[str, tuple[Mapping[str, int], ...]] = {}


def _letters(questionnaire: Questionnaire) -> tuple[Mapping[str, int], ...]:
    """For each place of a packed answer: its letter → the tally's column, as the engine itself counts it."""
    found = _letter_columns.get(questionnaire.content_hash)
    if found is None:
        nothing = OFF_PATH * len(questionnaire.closed)
        places = []
        for place, question in enumerate(questionnaire.closed):
            columns = {}
            for letter in (BLANK, *question.codes.values()):
                row = increments(questionnaire, nothing[:place] + letter + nothing[place + 1 :])
                if 1 in row:
                    columns[letter] = row.index(1)
            places.append(columns)
        found = _letter_columns[questionnaire.content_hash] = tuple(places)
    return found


def stored(connection: Connection, keys: Sequence[int], *, lock: bool = False) -> dict[int, Line]:
    """Responses that are there under these keys."""
    found: dict[int, Line] = {}
    for start in range(0, len(keys), ASKED_AT_ONCE):
        statement = select(*_STORED).where(Response.key.in_(keys[start : start + ASKED_AT_ONCE]))
        if lock:
            statement = statement.order_by(Response.key).with_for_update()
        for row in connection.execute(statement):
            found[row[0]] = line_of(row)
    return found


def line_of(row: Sequence[Any]) -> Line:
    """A stored row as a line."""
    key, assessment, questionnaire, channel, place, day, answers, batch = row
    return (key, assessment, questionnaire, channel, place, day.toordinal(), answers, batch)


def _inserted(connection: Connection, lines: Sequence[Line]) -> int:
    """Insert what is not there; how many were not. In the order of keys: two files at once never wait in a ring."""
    if not lines:
        return 0
    ordered = sorted(lines)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(RESPONSE_COLUMNS))
        statement = f"INSERT INTO response ({_names()}) VALUES ({marks}) ON CONFLICT (key) DO NOTHING"  # noqa: S608
        return connection.exec_driver_sql(statement, ordered).rowcount
    connection.exec_driver_sql("CREATE TEMP TABLE incoming (LIKE response) ON COMMIT DROP")
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY incoming ({_names()}) FROM STDIN") as copy:  # noqa: S608
        for line in ordered:
            copy.write_row(line)
    statement = (
        f"INSERT INTO response ({_names()}) SELECT {_names()} FROM incoming ORDER BY key "  # noqa: S608  our own names
        "ON CONFLICT (key) DO NOTHING"
    )
    fresh = connection.exec_driver_sql(statement).rowcount
    connection.exec_driver_sql("DROP TABLE incoming")
    return fresh


@cache
def _names() -> str:
    return ", ".join(RESPONSE_COLUMNS)


def _replace(connection: Connection, changed: Sequence[tuple[Line, Line]], batch_id: int) -> None:
    if not changed:
        return
    names = ", ".join(("batch_id", *RESPONSE_COLUMNS[:-1], "from_batch_id"))
    marks = ", ".join([_mark(connection)] * (len(RESPONSE_COLUMNS) + 1))
    statement = f"INSERT INTO replaced ({names}) VALUES ({marks})"  # noqa: S608  our own names
    connection.exec_driver_sql(statement, [(batch_id, *old) for _new, old in changed])
    put_back(connection, [new for new, _old in changed])


def _remember(connection: Connection, held: Sequence[tuple[int, int]], batch_id: int) -> None:
    """What this batch brought again; `undoing` hands it over when the batch that brought it first is undone."""
    rows = sorted((batch_id, key, of) for key, of in held)
    if not rows:
        return
    names = "batch_id, key, of_batch_id"
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO batch_repeat ({names}) VALUES (?, ?, ?)", rows)  # noqa: S608
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY batch_repeat ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def put_back(connection: Connection, lines: Sequence[Line]) -> None:
    """Write these lines over what stands under their keys."""
    marks = ", ".join(f"{name} = {_mark(connection)}" for name in RESPONSE_COLUMNS[1:])
    statement = f"UPDATE response SET {marks} WHERE key = {_mark(connection)}"  # noqa: S608  our own names
    if lines:
        connection.exec_driver_sql(statement, [(*line[1:], line[_KEY]) for line in lines])


def removed(connection: Connection, keys: Sequence[int]) -> None:
    """Delete the responses under these keys."""
    for start in range(0, len(keys), ASKED_AT_ONCE):
        connection.execute(delete(Response).where(Response.key.in_(keys[start : start + ASKED_AT_ONCE])))


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"
