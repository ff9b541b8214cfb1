"""Tables of old reports as operators make them: a right one, counted by the norm, to put mistakes into."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import Workbook

import nok
from nok import scores

INDICATORS = tuple(f"{k}.{n}" for k in range(1, 6) for n in range(1, 4))
POINTS = {
    "1.1": 88.54, "1.2": 90, "1.3": 93.03, "2.1": 80, "2.2": 75, "2.3": 85, "3.1": 60, "3.2": 80, "3.3": 75,
    "4.1": 95, "4.2": 94, "4.3": 92.63, "5.1": 88, "5.2": 91, "5.3": 92,
}  # fmt: skip
HEADINGS = ["№ п/п", "Наименование организации", "ИНН", *INDICATORS, "К1", "К2", "К3", "К4", "К5", "Итог"]

Points = Mapping[str, Any]
"""Numbers by figure, None where the table has a dash."""


def reckoned(points: Points, *, sector: str = "health", places: int = 2, **changed: float) -> dict[str, Any]:
    """Points with the criteria and the total that follow, as a table prints them, but for what is changed."""
    edition = nok.edition()
    exact = {at: None if value is None else Fraction(str(value)) for at, value in points.items()}
    own = edition.sphere(sector).proportions
    criteria = {id: scores.criterion(exact, own[id], nok.Practice()) for id in edition.criteria}
    told: dict[str, Any] = {**points}
    told |= {id: None if value is None else printed(value, places) for id, value in criteria.items()}
    total = scores.mean(criteria.values())
    told["total"] = None if total is None else printed(total, places)
    return {**told, **changed}


def printed(value: Any, places: int = 2) -> float:
    """A value as a table shows it."""
    return float(nok.printed(Fraction(value), places))


def row(number: int, name: str, inn: str, told: Points) -> list[Any]:
    """One organisation's row under HEADINGS."""
    return [number, name, inn, *(told.get(at) for at in (*INDICATORS, "K1", "K2", "K3", "K4", "K5", "total"))]


def a_book(path: Path, rows: Sequence[Any], *, title: str = "Лист1") -> Path:
    """An XLSX of one sheet."""
    book = Workbook()
    book.active.title = title
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return path
