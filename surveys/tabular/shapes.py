"""What a file of tables may weigh, and a table that came out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from surveys.refusals import Refusal
from surveys.tabular.cells import Cells


class FileRefused(Refusal):
    """The file cannot be taken at all; the text says in Russian why and what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. `cells` is what a sheet may span, blank ones too: a stray one would take all memory."""

    bytes: int = 100 * 2**20
    rows: int = 250_000
    unpacked: int = 768 * 2**20
    cells: int = 12_000_000

    @property
    def too_many_rows(self) -> str:
        """The refusal of a table that is too long."""
        return f"В файле больше {self.rows:,} строк: разделите его на части.".replace(",", " ")


@dataclass(slots=True)
class Table:
    """One sheet, or a whole CSV. `height` is the number of filled rows, where it is known beforehand.

    `formulas` and `errors` hold places whose value is not what somebody typed (see `at`); `beginning` the first rows
    below the headings once these are known.
    """

    name: str
    rows: Iterator[Cells]
    height: int | None = None
    formulas: frozenset[int] = frozenset()
    errors: frozenset[int] = frozenset()
    beginning: tuple[Cells, ...] = ()

    @staticmethod
    def at(row: int, column: int) -> int:
        """A place as one number: the row as a person sees it, the column from 0."""
        return row << 14 | column
