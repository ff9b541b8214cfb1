"""Which column of an operator's table is what: told by its heading, where two rows of headings may be merged."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from surveys.answers.headings import Headed
from surveys.answers.places import Places, plain
from surveys.answers.shapes import ORGANIZATION, SKIP, TIME, UNKNOWN, Column, FileUntakable, Target
from surveys.checklist_tables import waiting
from surveys.checklists import EDITION_BLOCKS, MATERIALS
from surveys.tabular import Cells, Limits, Value, column_letter, said, tables

BLOCKS = (*MATERIALS, *EDITION_BLOCKS)
COUNT = "count:"
TITLES = {"stand": "На стенде", "site": "На сайте", **EDITION_BLOCKS}
#: The first of these that a heading holds; wordings of five spheres (operators' tables of 2018–2026).
PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("remote_ways", ("наличие и функционирование", "дистанционные способы", "дистанционных способов")),
    ("accessibility", ("условий доступности", "условия доступности")),
    ("equipment", ("оборудование территории", "оборудования территории", "оборудования среды")),
    ("comfort", ("комфортных условий", "комфортные условия")),
    ("stand", ("на стенде", "на стендах")),
    ("site", ("на сайте",)),
)
DAYS = ("отметка времени", "дата", "день проверки", "дата проверки", "дата посещения")
NUMBERS = frozenset({"инн", "огрн", "код"})
YES = frozenset({"1", "да", "есть", "+", "true", "истина"})
NO = frozenset({"0", "нет", "-", "−", "–", "false", "ложь"})
HEAD, SHOWN = 10, 400
LIMITS = Limits(rows=20_000)
_INSIDE = re.compile(r"\[([^\[\]]+)\]\s*$")


@dataclass(frozen=True)
class Opened:
    """The sheet with its headings; `rows` are those below them, each with its number in the file."""

    sheet: str
    sheets: tuple[str, ...]
    headed: Headed
    rows: list[tuple[int, Cells]]

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands above the columns."""
        return self.headed.headings


def opened(path: Path, sheet: str = "") -> Opened:
    """The first sheet, or the named one, with headings of a check-list. Raises FileUntakable, FileRefused."""
    names: list[str] = []
    found: Opened | None = None
    for table in tables(path, LIMITS, score=_likely):
        names.append(table.name)
        if found is not None or (sheet and table.name != sheet):
            continue
        rows = list(islice(iter(table.rows), LIMITS.rows + HEAD + 1))
        if len(rows) > LIMITS.rows + HEAD:
            raise FileUntakable(LIMITS.too_many_rows)
        headed = find(rows[:HEAD])
        if headed is not None:
            below = [
                (n, row)
                for n, row in enumerate(rows[headed.last :], headed.last + 1)
                if any(c != "" for c in row)
            ]
            found = Opened(table.name, (), headed, below)
    if found is None:
        raise FileUntakable(
            f"В файле нет листа «{sheet}»; есть: {', '.join(names)}."
            if sheet and sheet not in names
            else "Не видно строки заголовков: нет столбцов «На СТЕНДЕ…», «На САЙТЕ…» и подобных. "
            "Проверьте, что это таблица чек-листов, и что над столбцами есть названия."
        )
    return Opened(found.sheet, tuple(names), found.headed, found.rows)


def find(rows: Sequence[Cells]) -> Headed | None:
    """The row of headings among the first ones, joined with the row below it when that names the items."""
    for number, row in enumerate(rows):
        texts = [said(cell) for cell in row]
        if len({block for text in texts if (block := block_of(text))}) < 2:
            continue
        below = [said(cell) for cell in rows[number + 1]] if number + 1 < len(rows) else []
        if _items_below(texts, below):
            joined = _joined(texts, below)
            return Headed((number + 1, number + 2), joined, (), 1.0)
        return Headed((number + 1,), tuple(texts), (), 1.0)
    return None


def block_of(heading: str) -> str:
    """Which block a heading belongs to; empty when none."""
    text = plain(heading)
    return next((block for block, phrases in PHRASES if any(phrase in text for phrase in phrases)), "")


def item_of(heading: str) -> str:
    """The item's own title: in brackets as Google Forms writes it, after «|» of joined rows, after a colon."""
    inside = _INSIDE.search(heading)
    if inside:
        return inside[1].strip()
    for sign in (" | ", ": "):
        if sign in heading:
            return heading.rpartition(sign)[2].strip()
    return heading.strip()


def proposed(file: Opened, places: Places, waits: bool = True) -> list[Column]:
    """What each column was taken for; one of neither heading nor use is surely not read."""
    return [_column(index, heading, file, places, waits) for index, heading in enumerate(file.headings)]


def choices(waits: bool = True) -> list[tuple[Target, str]]:
    """Every meaning that a column may be given, with its title."""
    items = [(block, f"{title}: пункт") for block, title in TITLES.items()]
    counts = [(COUNT + block, f"{EDITION_BLOCKS[block]}: количество") for block in EDITION_BLOCKS]
    waited = waiting.TITLES.items() if waits else ()
    return [
        (ORGANIZATION, "Организация"),
        (TIME, "День проверки"),
        *items,
        *counts,
        *waited,
        (SKIP, "Не читать"),
    ]


def tick(cell: Value) -> bool | None:
    """1 → True, 0 → False, empty → None (not applicable). Raises ValueError."""
    text = said(cell).casefold()
    if text in ("", "н/п", "неприменимо", "не применимо", "не применяется"):
        return None
    if text not in YES | NO:
        raise ValueError(text)
    return text in YES


def _column(index: int, heading: str, file: Opened, places: Places, waits: bool) -> Column:
    cells = [row[index] for _n, row in file.rows[:SHOWN] if index < len(row) and row[index] != ""]
    target, sure, why = _target(heading, cells, places, waits)
    return Column(
        index=index,
        letter=column_letter(index),
        heading=heading,
        target=target,
        likeness=1.0 if target not in (SKIP, UNKNOWN) else 0.0,
        sure=sure,
        samples=tuple(dict.fromkeys(said(cell) for cell in cells))[:3],
        why=why,
    )


def _target(heading: str, cells: Sequence[Value], places: Places, waits: bool) -> tuple[Target, bool, str]:
    text = plain(heading)
    block = block_of(heading)
    waited = waiting.target_of(item_of(heading), loose=not block) if block not in MATERIALS else ""
    if waited:
        return (waited, True, "") if waits else (SKIP, True, "в этой сфере время ожидания не считают")
    if block:
        counted = block in EDITION_BLOCKS and (
            "количество" in text or any(_above_one(cell) for cell in cells)
        )
        return (COUNT + block if counted else block), True, ""
    if text in DAYS:
        return TIME, True, ""
    if (
        set(text.split()) & NUMBERS
        or text.startswith("наименование")
        or text in ("организация", "учреждение")
    ):
        return ORGANIZATION, True, ""
    if cells and sum(places.knows(cell) for cell in cells) * 2 > len(cells):
        return ORGANIZATION, True, ""
    if cells and all(_reads(cell) for cell in cells):
        return UNKNOWN, False, "в столбце отметки, но заголовок не говорит, к чему они"
    return SKIP, True, ""


def _above_one(cell: Value) -> bool:
    text = said(cell)
    return text.isdigit() and int(text) > 1


def _reads(cell: Value) -> bool:
    try:
        tick(cell)
    except ValueError:
        return False
    return True


def _likely(row: Cells) -> float:
    return float(len({block for cell in row if (block := block_of(said(cell)))}))


def _items_below(texts: Sequence[str], below: Sequence[str]) -> bool:
    """Is the next row a second one of headings: words, not marks, under at least one block?"""
    under = [text for text in below if text]
    return (
        bool(under)
        and any(not said for said in texts[1 : len(below)])
        and not any(map(_reads, under))
        and not any(text.replace(" ", "").isdigit() for text in under)
    )


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """«На СТЕНДЕ | Режим работы»: a merged heading stands above every column under it."""
    width, last, told = max(len(upper), len(lower)), "", []
    for index in range(width):
        above = upper[index] if index < len(upper) else ""
        own = lower[index] if index < len(lower) else ""
        last = above or (last if block_of(last) and own else "")
        told.append(f"{last} | {own}" if last and own else last or own)
    return tuple(told)
