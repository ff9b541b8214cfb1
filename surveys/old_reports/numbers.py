"""Numbers as tables of reports have them: exact, with as many places as were written."""

import re
from datetime import date, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from flask_babel import gettext as _

from surveys.refusals import Refusal
from surveys.tabular import said

NOISE = 9  # places: what a binary fraction adds lies beyond them
LONGEST = 30
_EMPTY = frozenset(
    ("", "-", "–", "—", "−", "х", "x", "н/д", "нд", "н.д", "нет данных", "нет", "не применимо", "неприменимо")
    + ("не оценивается", "не рассчитывается", "n/a", "nan", "#дел/0!", "#div/0!", "#н/д", "#n/a")
)
_NUMBER = re.compile(r"\d+(?:\.(\d+))?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\b")
_UNIT = re.compile(r"(?:балл\w*|%)\.?$")


class Number(NamedTuple):
    """A value, and how many decimal places it was written with."""

    value: Fraction
    places: int


def number(cell: object) -> Number | None:
    """The number in a cell, None where the cell says that there is none. Raises Refusal."""
    if isinstance(cell, bool):
        raise Refusal(_("здесь «да» или «нет», а нужно число"))
    if isinstance(cell, date | time | timedelta) or _DATE.match(said(cell)):
        raise Refusal(_("здесь дата: Excel принял число за день и месяц"))
    if isinstance(cell, float) and cell != cell:
        return None
    text = said(cell).replace("\u00a0", "").replace(" ", "").casefold()
    if text.replace("ё", "е") in _EMPTY or said(cell).casefold() in _EMPTY:
        return None
    plain = _UNIT.sub("", text).replace(",", ".")
    if isinstance(cell, float) and "e" in plain:
        plain = f"{cell:.{NOISE}f}"
    found = _NUMBER.fullmatch(plain) if len(plain) <= LONGEST else None
    if found is None:
        raise Refusal(_("это не число"))
    value, places = Fraction(plain), len((found[1] or "").rstrip("0"))
    if places > NOISE:
        scaled = round(value * 10**NOISE)
        value = Fraction(scaled, 10**NOISE)
        places = len(f"{scaled:d}".zfill(NOISE + 1)[-NOISE:].rstrip("0"))
    return Number(value, places)
