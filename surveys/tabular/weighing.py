"""What is really in an XLSX, weighed as it streams by: neither its own word nor the memory for it is needed.

An archive may declare a kilobyte and unpack into a disk; a sheet may have one cell in its last corner. Both are
found out here, before a reader that would believe them is let in.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from surveys.tabular.cells import column_number
from surveys.tabular.shapes import FileRefused, Limits, Table

CHUNK = 1 << 18
MOST_FORMULAS = 1_000_000
LONGEST_ROW = 1 << 24
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)

STRINGS = "xl/sharedstrings.xml"
SPARE_STRINGS, SPARE_BYTES = 100_000, 16 * 2**20  # besides those that cells refer to
LONGEST_STRING = 4_000  # bytes, on the average

_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
_PREFIX = re.compile(rb"<(\w+:)worksheet\b")
_PLACE = re.compile(rb'\sr="([A-Z]{1,4})(\d{1,9})"')
_ROW = re.compile(rb'<row\b[^>]*?\sr="(\d{1,9})"')
_CELL = re.compile(rb"<c\b([^>]*)>(\s*<f[ />])?")
_COLUMN = re.compile(rb'\sr="([A-Z]{1,4})\d')
_IS_ERROR = b't="e"'


@dataclass(slots=True)
class Weight:
    """One sheet: filled rows, how far they reach, formulas and errors, and its beginning up to `head` rows."""

    rows: int = 0
    worded: int = 0
    at: int = 0
    last_row: int = 0
    last_column: int = 0
    formulas: set[int] = field(default_factory=set)
    errors: set[int] = field(default_factory=set)
    head: bytes = b""


def weighed(path: Path, limits: Limits, head: int | None) -> dict[str, Weight]:
    """Each sheet's part of the archive → what it holds. Raises FileRefused, BadZipFile, zlib.error."""
    left = limits.unpacked
    strings = size = 0
    found: dict[str, Weight] = {}
    with ZipFile(path) as archive, path.open("rb") as file:
        for part in archive.infolist():
            if part.flag_bits & 1:
                raise FileRefused("Файл под паролем: снимите пароль и сохраните заново.")
            pieces = _unpacked(file, part)
            if SHEET.fullmatch(part.filename):
                left, found[part.filename] = _weigh(pieces, left, limits, head)
            elif part.filename.lower() == STRINGS:
                strings, size = _strings(pieces, left)
                left = _less(left, size)
            elif part.filename.lower().endswith((".xml", ".rels")):  # a reader unpacks nothing else
                for piece in pieces:
                    left = _less(left, len(piece))
    worded = sum(weight.worded for weight in found.values())
    if strings > worded + SPARE_STRINGS or size > worded * LONGEST_STRING + SPARE_BYTES:
        raise FileRefused("В файле куда больше текста, чем в его ячейках: скопируйте таблицу в новый файл.")
    return found


def _strings(pieces: Iterator[bytes], left: int) -> tuple[int, int]:
    """Texts that the cells share, and their bytes: a reader holds them all, though no cell refers to one."""
    count = size = 0
    tail = b""
    for piece in pieces:
        size += len(piece)
        _less(left, size)
        count += len(_STRING.findall(tail + piece)) - len(_STRING.findall(tail))
        tail = (tail + piece)[-32:]
    return count, size


def _less(left: int, size: int) -> int:
    if size > left:
        raise FileRefused("Файл слишком велик внутри: сохраните его без картинок и оформления.")
    return left - size


def _unpacked(file: BinaryIO, part: ZipInfo) -> Iterator[bytes]:
    """What really comes out of a part, piece by piece, whatever size it declares."""
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadZipFile("an unusual compression")
    file.seek(part.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise BadZipFile("no local header")
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    inflate = zlib.decompressobj(-15) if part.compress_type == ZIP_DEFLATED else None
    left, at = part.compress_size, file.tell()
    while left > 0:
        file.seek(at)
        packed = file.read(min(CHUNK, left))
        if not packed:
            raise BadZipFile("cut short")
        left, at = left - len(packed), at + len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            yield inflate.decompress(packed, CHUNK * 8)
            packed = inflate.unconsumed_tail
    if inflate is not None and not inflate.eof:
        raise BadZipFile("cut short")


def _weigh(pieces: Iterator[bytes], left: int, limits: Limits, head: int | None) -> tuple[int, Weight]:
    weight, rest = Weight(), b""
    beginning: list[bytes] = []
    seen = 0
    for size, piece in _unprefixed(pieces):
        left = _less(left, size)
        *rows, rest = (rest + piece).split(b"</row>")
        if len(rest) > LONGEST_ROW:
            raise FileRefused(
                "На листе есть строка, слишком длинная для таблицы: скопируйте таблицу на чистый лист."
            )
        if head is not None and seen < head:
            beginning += rows[: head - seen]
        seen += len(rows)
        _count(rows, weight, limits)
    if head is not None:
        closing = b"</row></sheetData></worksheet>" if beginning else b""
        weight.head = b"</row>".join(beginning) + closing if seen > head or beginning else rest
    return left, weight


def _unprefixed(pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Pieces with their sizes; «<x:row>», as some programs write, is read as «<row>»."""
    carried, prefix = b"", None
    for number, piece in enumerate(pieces):
        if number == 0 and (found := _PREFIX.search(piece[:4096])):
            prefix = found[1]
        if prefix is None:
            yield len(piece), piece
            continue
        whole = carried + piece
        end = whole.rfind(b">") + 1
        carried = whole[end:]
        yield len(piece), whole[:end].replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")


def _count(rows: list[bytes], weight: Weight, limits: Limits) -> None:
    for row in rows:
        weight.at = _number(row, weight.at)
        value = max(row.rfind(b"<v>"), row.rfind(b"<is>"), row.rfind(b"<f"))
        if value < 0:
            continue
        weight.rows += 1
        weight.worded += row.count(b't="s"')
        if place := _PLACE.search(row, row.rfind(b"<c ", 0, value)):
            weight.last_row = int(place[2])
            weight.last_column = max(weight.last_column, column_number(place[1]))
        else:
            weight.last_row += 1
            weight.last_column = max(weight.last_column, row.count(b"<c"))
        if b"<f" in row or _IS_ERROR in row:
            _mark(row, weight)
    if weight.rows > limits.rows + 1:
        raise FileRefused(limits.too_many_rows)
    if weight.last_row * weight.last_column > limits.cells:
        raise FileRefused("На листе есть ячейки далеко за таблицей: скопируйте таблицу на чистый лист.")
    if len(weight.formulas) + len(weight.errors) > MOST_FORMULAS:
        raise FileRefused("На листе слишком много формул: скопируйте таблицу и вставьте её как значения.")


def _number(row: bytes, before: int) -> int:
    """Which row it is: some programs do not say, and then rows simply follow one another."""
    said = _ROW.match(row, max(0, row.rfind(b"<row")))
    return int(said[1]) if said else before + row.count(b"<row")


def _mark(row: bytes, weight: Weight) -> None:
    column = 0
    for cell in _CELL.finditer(row):
        said = _COLUMN.search(cell[1])
        column = column_number(said[1]) if said else column + 1
        place = Table.at(weight.at, column - 1)
        if _IS_ERROR in cell[1]:
            weight.errors.add(place)
        if cell[2]:
            weight.formulas.add(place)
