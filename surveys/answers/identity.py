"""By what a row is known when it comes again (docs/decisions/0012).

Its own number; else the second in which a machine stamped it; else its answers and how many such came before it in
the file. Channel and organisation are always part of it: stacks of two organisations may both begin with № 1.
"""

import re
from collections import Counter
from enum import Enum
from hashlib import blake2b

from surveys.answers.rows import Row
from surveys.tabular import said

_TIME = re.compile(r"\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?:\s*(?:GMT|UTC)?\s*[+-]\d{1,2}(?::?\d\d)?)?")
_DAY = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}|\d{1,2}\s+[^\W\d]{3}")


class By(Enum):
    """What a row is known by."""

    NUMBER = "number"
    STAMP = "stamp"
    ANSWERS = "answers"


class Identity:
    """Gives each row of one file its key. `machine`: the column of time was filled in by a machine.

    `apart` is empty, or what sets this file's unnumbered rows apart from equal rows of other files.
    """

    def __init__(self, campaign_id: int, channel: int, *, machine: bool, apart: str = "") -> None:
        self._begun = blake2b(f"table\x1f{campaign_id}\x1f{channel}".encode(), digest_size=8)
        self._machine = machine
        self._apart = apart
        self._met: Counter[str] = Counter()

    def of(self, row: Row) -> tuple[int, By]:
        """The key of the response, and what it rests on."""
        assessment, stamp = row.assessed.assessment_id, row.stamp
        if row.key:
            return self._key(f"number\x1f{assessment}\x1f{row.key}"), By.NUMBER
        if stamp is not None and stamp.at and (self._machine or stamp.to_a_second):
            by, told = By.STAMP, f"stamp\x1f{assessment}\x1f{stamp.day}\x1f{stamp.at}"
        elif stamp is None and self._machine and _to_a_second(written := said(row.written)):
            by, told = By.STAMP, f"stamp\x1f{assessment}\x1f{written}"  # in a notation that we do not read
        else:
            when = f"{stamp.day}{stamp.at}" if stamp else said(row.written)
            words = " ".join(row.words.split())
            by = By.ANSWERS
            told = f"answers\x1f{assessment}\x1f{row.answered.packed}\x1f{words}\x1f{when}\x1f{self._apart}"
        self._met[told] += 1
        return self._key(f"{told}\x1f{self._met[told]}"), by

    def _key(self, told: str) -> int:
        """As intake.response_key makes it, begun once for the whole file."""
        made = self._begun.copy()
        made.update(told.encode("utf-8", "replace"))
        return int.from_bytes(made.digest()) >> 1


def _to_a_second(written: str) -> bool:
    """A day and a time with seconds, whatever the notation: «10:15» alone is many people's."""
    rest, found = _TIME.subn(" ", written, count=1)
    return bool(found) and _DAY.search(rest) is not None
