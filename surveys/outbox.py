"""The file that an outbox of a device writes when it will find no network (static/js/store.js, exportUnsent).

A line of JSON about the file, then a line an entry. Who reads it says in words what is wrong with it.
"""

import json
from collections.abc import Iterator
from typing import IO, Any

FORMAT = 1
MOST_ENTRIES = 20_000
LONGEST_LINE = 16 * 1024 * 1024

Entry = dict[str, Any]


class NotOurs(Exception):
    """Not such a file, or damaged."""


class CutShort(Exception):
    """Fewer entries than its first line says."""


class TooLong(Exception):
    """More entries than any device writes."""


def header(stream: IO[bytes]) -> Entry:
    """The first line, after the whole file was looked through. Raises NotOurs, CutShort, TooLong."""
    lines = _lines(stream)
    told = next(lines, {})
    if told.get("format") != FORMAT or type(told.get("entries")) is not int:
        raise NotOurs
    if sum(1 for _entry in lines) != told["entries"]:
        raise CutShort
    return told


def entries(stream: IO[bytes]) -> Iterator[Entry]:
    """Every entry of a file whose header was read."""
    stream.seek(0)
    lines = _lines(stream)
    next(lines, None)
    return lines


def _lines(stream: IO[bytes]) -> Iterator[Entry]:
    for _number in range(MOST_ENTRIES + 2):  # the line about the file, the entries, the end
        line = stream.readline(LONGEST_LINE)
        if not line:
            return
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise NotOurs
        yield told
    raise TooLong
