"""Tables out of files as people have them: CSV as Excel writes it, or XLSX, with rows numbered as a person sees them.

What a file turns out to be is told by its bytes, never by its name. No database and no web is known here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from surveys.tabular import text, workbook
from surveys.tabular.cells import Cells, Value, column_letter, said, whole
from surveys.tabular.shapes import FileRefused, Limits, Table

__all__ = ["Cells", "FileRefused", "Limits", "Table", "Value", "column_letter", "said", "tables", "whole"]

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head", b"<body", b"<!--")
_ARCHIVE = (b"mime-version:", b"content-type: multipart/related", b"from: <saved by")


def tables(
    path: Path,
    limits: Limits,
    *,
    score: Callable[[Cells], float] | None = None,
    head: int | None = None,
) -> Iterator[Table]:
    """Every table of a file, in order; rows are read as they are asked for, and FileRefused may come then too.

    `score` tells how much a first row looks like headings, to choose a CSV's separator. With `head` only so many rows
    of each sheet are read, though all are weighed and numbered in `Table.height`.
    """
    start = _start(path, limits)
    if start.startswith(_OLE):
        raise FileRefused(_ole(path))
    if start.startswith(b"PK"):
        yield from workbook.tables(path, limits, head)
        return
    told = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if told.startswith(_ARCHIVE):
        raise FileRefused(
            "Это архив веб-страницы (MHT), а не таблица: откройте его в Excel и сохраните как XLSX."
        )
    if told.startswith(_MARKUP):
        raise FileRefused(
            "Это веб-страница, а не таблица, хотя файл и назван иначе: откройте её в Excel и сохраните как XLSX."
        )
    yield text.table(path.read_bytes(), limits, score, head)


def _start(path: Path, limits: Limits) -> bytes:
    if not path.exists():
        raise FileRefused("Такого файла нет.")
    if not path.is_file() or not os.access(path, os.R_OK):
        raise FileRefused("Это не файл или читать его нельзя: проверьте путь и права.")
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("Файл пуст.")
    if size > limits.bytes:
        raise FileRefused(f"Файл больше {max(1, limits.bytes // 2**20)} МБ: разделите его на части.")
    with path.open("rb") as file:
        return file.read(512)


def _ole(path: Path) -> str:
    """Excel keeps a workbook under a password in the same container as its old XLS."""
    if _ENCRYPTED in path.read_bytes():
        return "Файл под паролем: откройте его в Excel, снимите пароль и сохраните заново."
    return "Это старый формат XLS: откройте его в Excel и сохраните как XLSX."
