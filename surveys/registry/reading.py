"""The list's table out of its file: the first whose headings name what is required."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveys.tabular import Cells as Values
from surveys.tabular import FileRefused, Limits, said, tables

__all__ = ["FileRefused", "Sheet", "read"]

MAX_BYTES = 50 * 2**20
MAX_ROWS = 200_000
MAX_UNPACKED = 512 * 2**20
MAX_CELLS = 12_000_000

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Columns as we name them ("" for ones we do not know) and rows with the numbers seen in Excel."""

    columns: Cells
    ignored: Cells
    rows: Iterator[tuple[int, Cells]]


def read(path: Path | str, names: Mapping[str, str], required: Sequence[str]) -> Sheet:
    """The first table of a file whose header names the required columns; `names` says what a heading means.

    Rows are read as they are asked for, and FileRefused may come then too (a quote left open, too many rows).
    """
    limits = Limits(MAX_BYTES, MAX_ROWS, MAX_UNPACKED, MAX_CELLS)

    def known(headings: Values) -> float:
        return sum(_plain(str(heading)) in names for heading in headings)

    found = tables(Path(path), limits, score=known)
    return _headed((map(_words, table.rows) for table in found), names, required)


def _words(row: Values) -> Cells:
    return tuple(map(said, row))


def _headed(tables: Iterator[Iterator[Cells]], names: Mapping[str, str], required: Sequence[str]) -> Sheet:
    refusal = None
    for table in tables:
        rows = ((number, row) for number, row in enumerate(table, 1) if any(row))
        if (header := next(rows, None)) is None:
            continue
        columns = tuple(names.get(_plain(heading), "") for heading in header[1])
        missing = [name for name in required if name not in columns]
        if not missing:
            ignored = tuple(
                title for title, name in zip(header[1], columns, strict=True) if title and not name
            )
            return Sheet(_unique(columns), ignored, _limited(rows))
        found = ", ".join(filter(None, header[1]))[:300]
        refusal = refusal or FileRefused(
            f"В строке заголовков (строка {header[0]}) нет столбцов: {', '.join(missing)}. Найдено: {found}."
        )
    raise refusal or FileRefused("В файле нет ни одной заполненной строки.")


def _plain(heading: str) -> str:
    return heading.strip("\ufeff \u00a0").replace("ё", "е").casefold().replace("_", " ")


def _unique(columns: Cells) -> Cells:
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise FileRefused(f"Столбец назван дважды: {', '.join(twice)}. Оставьте один.")
    return columns


def _limited(rows: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    for count, row in enumerate(rows, 1):
        if count > MAX_ROWS:
            raise FileRefused("В файле больше 200 000 строк: разделите его на части.")
        yield row
