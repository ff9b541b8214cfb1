"""By what a row is known when it comes again (docs/decisions/0012).

Its own number; else the second in which a machine stamped it; else its answers and how many such came before it in
the file. Channel and organisation are always part of it: stacks of two organisations may both begin with № 1.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

from surveys.answers.rows import Row
from surveys.intake import response_key
from surveys.tabular import said


class By(Enum):
    """What a row is known by."""

    NUMBER = "number"
    STAMP = "stamp"
    ANSWERS = "answers"


@dataclass
class Identity:
    """Gives each row of one file its key. `machine`: the column of time was filled in by a machine.

    `apart` is empty, or what sets this file's unnumbered rows apart from equal rows of other files.
    """

    campaign_id: int
    channel: int
    machine: bool
    apart: str = ""
    _met: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def of(self, row: Row) -> tuple[int, By]:
        """The key of the response, and what it rests on."""
        assessment = row.assessed.assessment_id
        if row.key:
            return self._key(By.NUMBER, assessment, row.key), By.NUMBER
        stamp = row.stamp
        if stamp is not None and stamp.at and (self.machine or stamp.to_a_second):
            told: tuple[object, ...] = (By.STAMP, assessment, stamp.day.isoformat(), stamp.at)
        else:
            when = stamp.day.isoformat() + stamp.at if stamp else said(row.written)
            told = (
                By.ANSWERS,
                assessment,
                row.answered.packed,
                " ".join(row.words.split()),
                when,
                self.apart,
            )
        self._met[told] += 1
        return self._key(*told, self._met[told]), told[0]  # type: ignore[return-value]  # a By, first of all

    def _key(self, by: object, *told: object) -> int:
        name = by.value if isinstance(by, By) else by
        return response_key("table", self.campaign_id, self.channel, name, *told)
