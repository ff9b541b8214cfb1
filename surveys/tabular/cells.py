"""Cells as a person reads them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

Value = str | int | float | bool | date | datetime | time | timedelta
Cells = tuple[Value, ...]


def said(value: object) -> str:
    """A cell as a person reads it: 7718084659.0 is the number that it was typed as."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def whole(value: object) -> str:
    """A number as it was typed: «17.0», as programs write one out into a CSV, is 17. Not for codes, nor for text."""
    text = said(value)
    number = text[:-2]
    return number if text.endswith((".0", ",0")) and number.isascii() and number.isdigit() else text


def column_letter(index: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    while index >= 0:
        index, place = divmod(index, 26)
        letters = chr(65 + place) + letters
        index -= 1
    return letters


def column_number(letters: bytes) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
