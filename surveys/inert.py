"""Cells that a spreadsheet would take for a formula, made plain text (CWE-1236) in every export of ours."""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")


def inert(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet would compute it; a number stays a number."""
    if cell.lstrip(" \u00a0").startswith(FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
