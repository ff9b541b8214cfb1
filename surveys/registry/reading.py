"""A table out of a file: CSV as Excel writes it, or XLSX; rows are numbered as a person sees them."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from surveys.refusals import Refusal as Refused

MAX_BYTES = 50 * 2**20
MAX_ROWS = 200_000
MAX_UNPACKED = 512 * 2**20
MAX_CELLS = 12_000_000
"""What a sheet may span, blank cells too: one stray cell in the last corner would take all memory."""

_END = "\x1e"  # a record of our own after the last: swallowed if a quote was left open
Cells = tuple[str, ...]


class FileRefused(Refused):
    """The file cannot be taken at all; the text says in Russian why and what to do."""


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
    path = Path(path)
    if not path.exists():
        raise FileRefused("Такого файла нет.")
    if not path.is_file() or not os.access(path, os.R_OK):
        raise FileRefused("Это не файл или читать его нельзя: проверьте путь и права.")
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("Файл пуст.")
    if size > MAX_BYTES:
        raise FileRefused("Файл больше 50 МБ: разделите его на части.")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("Это старый формат XLS или файл под паролем: сохраните его как XLSX без пароля.")
    tables = _workbook(path) if start.startswith(b"PK") else _text(path.read_bytes(), names)
    return _headed(tables, names, required)


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


# CSV


def _text(data: bytes, names: Mapping[str, str]) -> Iterator[Iterator[Cells]]:
    text = _decoded(data)
    if "\x00" in text:
        raise FileRefused("Это не таблица: нужен файл CSV или XLSX.")
    yield _records(text, _separator(text, names))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("Кодировка не распознана: сохраните файл как «CSV UTF-8» или XLSX.")


def _separator(text: str, names: Mapping[str, str]) -> str:
    """The separator under which the header has the most headings that we know, then the most columns."""

    def known(separator: str) -> tuple[int, int]:
        header = next((row for row in _records(text, separator) if any(row)), ())
        return sum(_plain(heading) in names for heading in header), len(header)

    return max(",;\t", key=known)


def _records(text: str, separator: str) -> Iterator[Cells]:
    lines = chain(StringIO(text, newline=""), [_END])
    number = 1
    try:
        for cells in csv.reader(lines, delimiter=separator):
            if cells == [_END]:
                return
            if any(_END in cell for cell in cells):
                break
            yield tuple(cell.strip() for cell in cells)
            number += 1
    except csv.Error:
        pass  # a cell too long to be one: the same quote
    raise FileRefused(f'Строка {number}: кавычка открыта и не закрыта. Внутри кавычек удваивайте их: «""».')


# XLSX


def _workbook(path: Path) -> Iterator[Iterator[Cells]]:
    try:
        _weighed(path)
        book = CalamineWorkbook.from_path(path)
    except (BadZipFile, CalamineError, KeyError, OSError) as error:
        raise FileRefused(
            "Файл повреждён или это не XLSX: откройте его в Excel и сохраните заново."
        ) from error
    with book:
        for name in book.sheet_names:
            yield _cells(book.get_sheet_by_name(name))


def _weighed(path: Path) -> None:
    """Refuses an archive that unpacks into too much, before it is unpacked."""
    with ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise FileRefused("Файл слишком велик внутри: сохраните его без картинок и оформления.")
        for part in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
                _spanned(archive.read(part))


def _spanned(xml: bytes) -> None:
    columns = {_column(letters) for letters in set(re.findall(rb'<c\s[^>]*?\br="([A-Z]{1,4})\d', xml))}
    rows = max(map(int, re.findall(rb'<row\s[^>]*?\br="(\d{1,9})"', xml)), default=0)
    if max(columns, default=1) * rows > MAX_CELLS:
        raise FileRefused("На листе есть ячейки далеко за таблицей: скопируйте таблицу на чистый лист.")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cells(sheet: CalamineSheet) -> Iterator[Cells]:
    return (tuple(_said(value) for value in row) for row in sheet.iter_rows())


def _said(value: object) -> str:
    """A cell as a person reads it: 7718084659.0 is the number that it was typed as."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
