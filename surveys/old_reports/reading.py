"""From a file to its sheets, every cell as it stood: what a person corrects later is corrected without the file."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import gettext as _

from surveys.old_reports import headings
from surveys.old_reports.headings import Headed
from surveys.old_reports.targets import SKIP, UNKNOWN, Target
from surveys.refusals import Refusal
from surveys.tabular import FileRefused, Limits, Table, said, tables

MOST_BYTES = 10 * 2**20
LIMITS = Limits(bytes=MOST_BYTES, rows=20_000, unpacked=120 * 2**20, cells=1_000_000)
MOST_CELLS = 400_000
MOST_SHEETS = 30
MOST_COLUMNS = 300
LONGEST = 300
UNCOUNTED = "\ufffc"  # a formula that no program has counted yet

Cell = str | float | int | bool
Row = list[Cell]


class Sheet(NamedTuple):
    """One sheet as it stood; rows from the first."""

    name: str
    rows: Sequence[Row]


class Layout(NamedTuple):
    """How a sheet is understood: where its headings are and what each column holds."""

    sheet: str
    headed: Headed
    columns: Mapping[int, Target]


def sheets(path: Path) -> list[Sheet]:
    """The filled sheets of a file. Raises FileRefused."""
    found, left = [], MOST_CELLS
    for table in islice(tables(path, LIMITS, score=_known), MOST_SHEETS):
        rows, left = _rows(table, left)
        if rows:
            found.append(Sheet(_text(table.name), rows))
    if not found:
        raise FileRefused(_("В файле нет ни одной заполненной ячейки."))
    return found


def _known(cells: Sequence[object]) -> float:
    """How many cells of a row look like headings: by this a CSV's separator is chosen."""
    return sum(headings.meaning(said(cell)).target not in (UNKNOWN, SKIP) for cell in cells)


def _rows(table: Table, left: int) -> tuple[list[Row], int]:
    """The rows, and how many cells may still come."""
    rows: list[Row] = []
    for number, cells in enumerate(table.rows, start=1):
        if number > LIMITS.rows:
            raise FileRefused(LIMITS.too_many_rows)
        row = [
            _cell(cell, uncounted=table.at(number, column) in table.formulas)
            for column, cell in enumerate(cells[:MOST_COLUMNS])
        ]
        while row and row[-1] == "":
            row.pop()
        rows.append(row)
        left -= len(row)
        if left < 0:
            raise FileRefused(
                _("В файле слишком много ячеек. Оставьте в нём один лист с показателями и загрузите снова.")
            )
    while rows and not rows[-1]:
        rows.pop()
    return rows, left


def _cell(cell: object, *, uncounted: bool) -> Cell:
    if isinstance(cell, bool | int):
        return cell
    if isinstance(cell, float):
        return cell if cell == cell and abs(cell) < 1e15 else ""
    text = _text(said(cell))
    return UNCOUNTED if uncounted and not text else text


def _text(text: str) -> str:
    """One line, nothing unprintable: it is shown on pages and kept as JSON."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 2 * LONGEST]).split())[
        :LONGEST
    ]


def layout(found: Sequence[Sheet], sheet: str = "", first: int = 0) -> Layout:
    """The sheet and headings that look best, or as chosen. Raises Refusal."""
    chosen = [one for one in found if not sheet or one.name == sheet]
    best: Layout | None = None
    for one in chosen:
        headed = headings.at(one.rows, first) if first else headings.find(one.rows)
        if headed and (best is None or headed.score > best.headed.score):
            best = Layout(one.name, headed, {n: m.target for n, m in enumerate(headed.meanings)})
    if best is None:
        raise Refusal(_("На листе нет строки с заголовками: в ней должны быть слова, а не числа."))
    return best


def kept(found: Sequence[Sheet]) -> list[dict[str, Any]]:
    """Sheets as JSON."""
    return [{"name": one.name, "rows": one.rows} for one in found]


def read(told: Sequence[Mapping[str, Any]]) -> list[Sheet]:
    """What `kept` wrote."""
    return [Sheet(one["name"], one["rows"]) for one in told]
