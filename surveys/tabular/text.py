"""CSV: its encoding, its separator, and a quote that was left open."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import chain, islice

from surveys.tabular.cells import Cells
from surveys.tabular.shapes import FileRefused, Limits, Table

SEPARATORS = ",;\t"
TRIED = 40  # rows by which a separator is told
_END = "\x1e"  # a record of our own after the last: swallowed if a quote was left open
_TORN = 0.02  # of a text in UTF-8 that may be torn; of one in CP1251 most would be


def table(
    data: bytes, limits: Limits, score: Callable[[Cells], float] | None = None, head: int | None = None
) -> Table:
    """The one table of a CSV."""
    text = _decoded(data).replace(_END, "")
    if (nul := text.find("\x00")) >= 0:
        line = text.count("\n", 0, nul) + 1
        raise FileRefused(
            f"Это не таблица: в строке {line} нулевой знак. Нужен файл CSV или XLSX, сохраните его заново."
        )
    separator = _separator(text, score)
    height = sum(any(row) for row in _records(text, separator)) if head is not None else None
    rows = _records(text, separator)
    return Table("", rows if head is None else islice(rows, head), height)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8-sig" and (torn := _torn(data)) is not None:
                return torn
    raise FileRefused("Кодировка не распознана: сохраните файл как «CSV UTF-8» или XLSX.")


def _torn(data: bytes) -> str | None:
    """A text in UTF-8 with a few broken signs in it, which as CP1251 would be all wrong letters."""
    text = data.decode("utf-8-sig", "replace")
    letters = sum(1 for sign in text if sign > "\x7f")
    return text if text.count("\ufffd") < letters * _TORN else None


def _separator(text: str, score: Callable[[Cells], float] | None) -> str:
    """The one under which the headings are best known, then under which most rows are of one width."""

    def fit(separator: str) -> tuple[float, float, int]:
        rows = [row for row in islice(_leniently(text, separator), TRIED) if any(row)]
        if not rows:
            return 0.0, 0.0, 0
        widths = Counter(len(row) for row in rows)
        width, times = widths.most_common(1)[0]
        known = max(map(score, rows[:5])) if score else 0.0
        return known, times / len(rows) if width > 1 else 0.0, len(rows[0])

    return max(SEPARATORS, key=fit)


def _leniently(text: str, separator: str) -> Iterator[Cells]:
    try:
        yield from _records(text, separator)
    except FileRefused:
        return


def _records(text: str, separator: str) -> Iterator[Cells]:
    lines = chain(StringIO(text, newline=""), [_END])
    reader = csv.reader(lines, delimiter=separator)
    number, begun = 1, 1
    try:
        for cells in reader:
            if cells == [_END]:
                return
            if any(_END in cell for cell in cells):
                break
            yield tuple(cell.strip() for cell in cells)
            number, begun = number + 1, reader.line_num + 1
    except csv.Error as error:
        if reader.line_num <= begun:  # of many lines it is an open quote
            most = f"{csv.field_size_limit():,}".replace(",", " ")
            raise FileRefused(
                f"Строка {number}: в ячейке больше {most} знаков. Проверьте кавычки и разделители."
            ) from error
    raise FileRefused(f'Строка {number}: кавычка открыта и не закрыта. Внутри кавычек удваивайте их: «""».')
