"""The list of organisations as a file: read, checked, without doubles; no database is known here.

A branch that names its own INN as its head's is known by INN and KPP, or by INN and address; any other two rows
with one OGRN are one organisation, and the later one wins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from surveys.registry.checking import COLUMNS, REQUIRED, OrganizationRow, Refusal, check
from surveys.registry.reading import FileRefused, Sheet
from surveys.registry.reading import read as read_table

__all__ = [
    "COLUMNS", "FileRefused", "OrganizationRow", "Parsed", "Refusal", "Replaced", "Sheet",
    "check", "key", "parsed", "read",
]  # fmt: skip

_HEADINGS = {
    **{column.replace("_", " "): column for column in COLUMNS},
    "наименование": "name",
    "полное наименование": "name",
    "краткое наименование": "short_name",
    "инн": "inn",
    "огрн": "ogrn",
    "кпп": "kpp",
    "октмо": "oktmo",
    "регион": "region",
    "муниципальное образование": "municipality",
    "сфера": "sector",
    "вид": "kind",
    "адрес": "address",
    "сайт": "website",
    "получателей за год": "recipients_per_year",
    "инн головной организации": "parent_inn",
    "наименование организации": "name",
    "название": "name",
    "название организации": "name",
    "полное название": "name",
    "организация": "name",
    "краткое название": "short_name",
    "сокращенное наименование": "short_name",
    "субъект": "region",
    "субъект рф": "region",
    "муниципалитет": "municipality",
    "район": "municipality",
    "сфера деятельности": "sector",
    "вид организации": "kind",
    "адрес организации": "address",
    "официальный сайт": "website",
    "получателей услуг": "recipients_per_year",
    "получателей услуг за год": "recipients_per_year",
    "получателей услуг за прошлый год": "recipients_per_year",
    "число получателей": "recipients_per_year",
    "число получателей услуг": "recipients_per_year",
    "количество получателей": "recipients_per_year",
    "численность получателей услуг": "recipients_per_year",
    "номер карточки bus.gov.ru": "agency_id",
    "код учреждения": "agency_id",
}


@dataclass(frozen=True)
class Replaced:
    """A row that a later one with the same key, but with something else in it, took the place of."""

    row: int
    by: int


@dataclass(frozen=True)
class Parsed:
    """What a file holds: one row an organisation, in file order, and what became of all the others."""

    rows: list[tuple[int, OrganizationRow]]
    refused: list[Refusal]
    repeated: int
    ignored_columns: tuple[str, ...]
    replaced: tuple[Replaced, ...] = ()

    def spread(self, count: int) -> Parsed:
        """At most so many organisations, taken from the sectors in turn, still in file order."""
        queues = defaultdict(list)
        for number, row in self.rows:
            queues[row.sector].append(number)
        turns = sorted((turn, number) for numbers in queues.values() for turn, number in enumerate(numbers))
        kept = {number for _turn, number in turns[:count]}
        return replace(self, rows=[(number, row) for number, row in self.rows if number in kept])


def read(path: Path | str) -> Sheet:
    """The table of organisations in a CSV or XLSX file; FileRefused when there is none."""
    return read_table(path, _HEADINGS, REQUIRED)


def parsed(path: Path | str) -> Parsed:
    """Every row of a file, checked; a row equal to an earlier one is counted, a differing one replaces it."""
    sheet = read(path)
    last: dict[str, tuple[int, OrganizationRow]] = {}
    refused: list[Refusal] = []
    replaced: list[Replaced] = []
    repeated = 0
    for number, cells in sheet.rows:
        if any(cells[len(sheet.columns) :]):
            refused.append(_shifted(number, cells[len(sheet.columns) :]))
            continue
        row = check(dict(zip(sheet.columns, cells, strict=False)), number)
        if isinstance(row, list):
            refused += row
            continue
        before = last.get(own := key(row))
        if before is not None and before[1] == row:
            repeated += 1
            continue
        if before is not None:
            replaced.append(Replaced(before[0], number))
        last[own] = (number, row)
    if not last and not refused:
        raise FileRefused("В файле есть заголовки, но нет ни одной организации.")
    return Parsed(
        sorted(last.values(), key=lambda one: one[0]), refused, repeated, sheet.ignored, tuple(replaced)
    )


def key(row: OrganizationRow) -> str:
    """What finds the organisation again: OGRN, else INN + KPP, else INN + address, else name + address.

    A branch within one legal entity has its head's INN and OGRN: it is found without the OGRN.
    """
    within = bool(row.parent_inn) and row.parent_inn == row.inn
    if row.ogrn and not within:
        return f"ogrn:{row.ogrn}"
    if row.inn and row.kpp:
        return f"inn:{row.inn} kpp:{row.kpp}"
    if row.inn:
        return f"inn:{row.inn} address:{_normal(row.address)}"
    return f"name:{_normal(row.name)} address:{_normal(row.address)}"


def _normal(text: str) -> str:
    """Letters and digits alone: case, ё, quotes, spaces and punctuation tell no two organisations apart."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("ё", "е")))


def _shifted(number: int, extra: tuple[str, ...]) -> Refusal:
    reason = "В строке больше ячеек, чем столбцов: проверьте разделители и кавычки."
    return Refusal(number, "", " ".join(filter(None, extra))[:100], reason)
