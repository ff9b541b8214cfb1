"""One row of a check-list table → the columns of an inspection, or what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import nok
from surveys.answers.places import Nowhere, Places
from surveys.answers.shapes import ORGANIZATION, TIME, Column, FileUntakable, Found
from surveys.checklist_tables import waiting
from surveys.checklist_tables.headings import BLOCKS, COUNT, TITLES, item_of, tick
from surveys.checklist_tables.meaning import Meant, meanings
from surveys.checklists import MATERIALS
from surveys.clock import today
from surveys.tabular import Cells, Value, said

MOST_COUNTED = 50
EMPTY = "в таблице пусто"


class Wrong(Exception):
    """What is wrong with one cell: the column's name, the value, why, what to do."""

    def __init__(self, column: str, value: str, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.told = (column, value[:100], reason, advice)


@dataclass(frozen=True)
class Reader:
    """The confirmed columns, the organisations they may name, and the items that the columns mean."""

    columns: Sequence[Column]
    places: Places
    edition: nok.Edition
    sector: str
    meant: Mapping[int, Meant]

    @classmethod
    def of(cls, columns: Sequence[Column], places: Places, edition: nok.Edition, sector: str) -> "Reader":
        """Raises FileUntakable when the table does not say of what, or leaves out a block of the check-list."""
        targets = {column.target for column in columns}
        if ORGANIZATION not in targets:
            raise FileUntakable("Нет столбца с организацией: нужны код, ИНН, ОГРН или название.")
        lacking = [TITLES[block] for block in BLOCKS if not targets & {block, COUNT + block}]
        if lacking:
            raise FileUntakable(
                f"Нет столбцов: {'; '.join(lacking)}. Проверка без них была бы неполной. "
                "Укажите нужные столбцы или добавьте их в таблицу."
            )
        return cls(columns, places, edition, sector, meanings(columns, edition, sector))

    def read(self, number: int, cells: Cells) -> tuple[int, dict[str, Any]] | Found:
        """The assessment and its inspection's columns."""
        try:
            return self._organization(cells), self._facts(cells)
        except Wrong as wrong:
            return Found(number, *wrong.told)

    def _organization(self, cells: Cells) -> int:
        own = [column for column in self.columns if column.target == ORGANIZATION]
        told = tuple(_cell(cells, column) for column in own)
        found = self.places.find(told)
        if isinstance(found, Nowhere):
            named = next((said(cell) for cell in told if cell != ""), "")
            raise Wrong(own[0].name, named, found.reason, found.advice)
        return found.assessment_id

    def _facts(self, cells: Cells) -> dict[str, Any]:
        facts: dict[str, Any] = {"inspected_on": self._day(cells), "missing": {}, "not_applicable": {}}
        for block in BLOCKS:
            items = [column for column in self.columns if column.target == block]
            ticks = [(column, _tick(cells, column)) for column in items]
            if block in MATERIALS:
                away = {item_of(column.heading)[:200]: EMPTY for column, ticked in ticks if ticked is None}
                if away:
                    facts["not_applicable"][block] = away
                facts |= self._materials(block, ticks, facts["missing"])
            else:
                facts[block] = self._items(block, ticks, cells, facts)
        return facts | self._waited(cells)

    def cell(self, cells: Cells, column: Column) -> str:
        """What stands in a column of this row, as a person reads it."""
        return said(_cell(cells, column))

    def _waited(self, cells: Cells) -> dict[str, Any]:
        if not self.edition.applies("2.2", self.sector):
            return {}
        try:
            return waiting.facts(self.columns, lambda column: self.cell(cells, column), self.edition)
        except ValueError as wrong:
            raise Wrong(*wrong.args) from None

    def _items(
        self, block: str, ticks: Sequence[tuple[Column, bool | None]], cells: Cells, facts: dict[str, Any]
    ) -> list[str]:
        """Codes of what is there; where a column means no item of the edition, the absent are named one by one.

        What means an item is named as the edition names it, so that it is one deficiency with a visit's; the rest in
        the table's own words.
        """
        counted = [column for column in self.columns if column.target == COUNT + block]
        if counted:
            return _counted(
                cells, counted[0], len(self.edition.items(block, self.sector)), block, facts["missing"]
            )
        if any(column.index not in self.meant for column, _ticked in ticks):
            facts["missing"][block] = [self._title(column) for column, ticked in ticks if ticked is False]
        empty = [column for column, ticked in ticks if ticked is None]
        if empty:
            codes = {column.index: meant.code for column in empty if (meant := self.meant.get(column.index))}
            facts["not_applicable"][block] = {
                codes.get(column.index, item_of(column.heading)[:200]): EMPTY for column in empty
            }
        return [self._code(column) for column, ticked in ticks if ticked]

    def _materials(
        self, block: str, ticks: Sequence[tuple[Column, bool | None]], missing: dict[str, list[str]]
    ) -> dict[str, int | None]:
        """Истенд and Инорм: the sum of the marks and the number of cells that are not empty."""
        asked = [(column, ticked) for column, ticked in ticks if ticked is not None]
        absent = [self._title(column) for column, ticked in asked if not ticked]
        if absent:
            missing[block] = absent
        required = len(asked) or None
        return {
            f"{block}_present": len(asked) - len(absent) if asked else None,
            f"{block}_required": required,
        }

    def _title(self, column: Column) -> str:
        meant = self.meant.get(column.index)
        return meant.title if meant else item_of(column.heading)

    def _code(self, column: Column) -> str:
        meant = self.meant.get(column.index)
        return meant.code if meant else f"column-{column.letter}"

    def _day(self, cells: Cells) -> date:
        for column in self.columns:
            cell = _cell(cells, column) if column.target == TIME else ""
            if cell != "":
                day = _date(cell)
                if day is None or day > today():
                    reason = "это не день" if day is None else "этот день ещё не наступил"
                    raise Wrong(column.name, said(cell), reason, "Впишите день, например 21.11.2026.")
                return day
        return today()


def _counted(
    cells: Cells, column: Column, listed: int, block: str, missing: dict[str, list[str]]
) -> list[str]:
    """A count without names: so many things, and a line that says what is not known."""
    text = said(_cell(cells, column)) or "0"
    if not text.isascii() or not text.isdigit() or int(text) > MOST_COUNTED:
        raise Wrong(column.name, text, "ожидалось количество", f"Впишите целое число от 0 до {MOST_COUNTED}.")
    count = int(text)
    missing[block] = [] if count >= listed else [f"В таблице только количество: {count} из {listed}"]
    return [f"counted-{number}" for number in range(1, count + 1)]


def _tick(cells: Cells, column: Column) -> bool | None:
    cell = _cell(cells, column)
    try:
        return tick(cell)
    except ValueError:
        advice = "Поставьте 1 (есть), 0 (нет) или оставьте пусто (неприменимо)."
        raise Wrong(column.name, said(cell), "ожидались 1 или 0", advice) from None


def _date(cell: Value) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = said(cell)
    for part in (text, text.split(" ")[0]):
        for read in (datetime.fromisoformat, _as_written_here):
            try:
                return read(part).date()
            except ValueError:
                continue
    return None


def _as_written_here(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y")  # noqa: DTZ007  a day has no zone


def _cell(cells: Cells, column: Column) -> Value:
    return cells[column.index] if column.index < len(cells) else ""
