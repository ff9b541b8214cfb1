"""Cells that a spreadsheet would take for a formula, made plain text (CWE-1236) in every export of ours."""

import csv
import io
import re
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")


def inert(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet would compute it; a number stays a number."""
    if cell.lstrip(" \u00a0").startswith(FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def table(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as a spreadsheet in Russia opens them: BOM, semicolons, no cell that would be computed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
