"""The refused rows as a table of their own: mended there, it is taken again, and no row is counted twice."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from surveys.answers.headings import Headed
from surveys.answers.shapes import Found
from surveys.inert import inert
from surveys.tabular import Cells, said

ROW_KEY = "Ключ строки"
WHY, WHAT = "Почему не принята", "Что сделать"


class RefusedRows:
    """Gathers rows as they were, with the reason.

    A row that has neither a number nor a stamp is given a key, so that mended it is not taken for its twin.
    """

    def __init__(self, headed: Headed, sha256: str, *, keyed: bool) -> None:
        self._keyed = keyed
        self._sha256 = sha256[:12]
        self._out = io.StringIO(newline="")
        self._writer = csv.writer(self._out, delimiter=";", lineterminator="\r\n")
        self._width = len(headed.headings)
        own = [] if keyed else [ROW_KEY]
        self._write([*headed.headings, *own, WHY, WHAT])

    def add(self, cells: Cells, found: Found) -> None:
        """One row with its first fault."""
        told = [said(cell) for cell in cells[: self._width]]
        told += [""] * (self._width - len(told))
        own = [] if self._keyed else [f"{self._sha256}-{found.row}"]
        where = f"{found.column}: " if found.column else ""
        self._write([*told, *own, where + found.reason, found.advice])

    def save(self, path: Path) -> None:
        """As Excel in Russia opens it."""
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(self._out.getvalue().encode("utf-8-sig", "replace"))
        part.replace(path)

    def _write(self, row: Sequence[str]) -> None:
        self._writer.writerow([inert(cell) for cell in row])
