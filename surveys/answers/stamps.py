"""When a row was answered: stamps of Google and Yandex forms, dates as people write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from surveys.tabular import Cells, Value

_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a table's day has no time zone
_SERIAL = range(36_526, 73_051)  # 2000…2099 as Excel numbers days
_ZONE = re.compile(r"\s*(?:gmt|utc|мск|msk|z)?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?$", re.IGNORECASE)
_FORMATS = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y", "%d.%m.%y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y", "%Y/%m/%d %I:%M:%S %p", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d",
    "%d.%m.%Y, %H:%M:%S", "%d.%m.%Y, %H:%M", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d", "%d.%m.%Y %H.%M",
)  # fmt: skip


_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{2,4}\b")
_MONTHS_FIRST = (
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y",
)


@dataclass(slots=True)
class Stamp:
    """A day, and the time of day to a second if there was one."""

    day: date
    at: str = ""

    @property
    def to_a_second(self) -> bool:
        """A time that nobody typed by hand."""
        return bool(self.at) and not self.at.endswith(":00")


def months_first(cells: Iterable[Value]) -> bool | None:
    """Does this column write 12/31/2026? None when its dates with slashes can be read both ways."""
    found = [match for cell in cells if isinstance(cell, str) and (match := _SLASHED.match(cell))]
    second = any(int(match[2]) > 12 for match in found)
    if not found or second != any(int(match[1]) > 12 for match in found):
        return second
    return None


def beginning(rows: Iterable[Cells], index: int) -> list[Value]:
    """One column of a table's beginning; nothing where it has none."""
    return [row[index] for row in rows if 0 <= index < len(row)]


def stamp(value: Value, american: bool | None = False) -> Stamp | None:
    """The stamp in a cell of a column that writes months first or not; None when it is no date."""
    if isinstance(value, datetime):
        return _stamped(value)
    if isinstance(value, date):
        return Stamp(value)
    if isinstance(value, bool) or not isinstance(value, str | float | int):
        return None
    if isinstance(value, str):
        return (
            _read(value, bool(american))
            if any(sign.isdigit() for sign in value) and len(value) <= 40
            else None
        )
    whole = int(value)
    return _stamped(_EXCEL_EPOCH + timedelta(days=value)) if whole in _SERIAL else None


def _stamped(moment: datetime) -> Stamp:
    """To the second: what Excel keeps as a fraction of a day comes back a few milliseconds off."""
    if moment.microsecond:
        moment += timedelta(milliseconds=5)
    time = moment.isoformat()[11:19]
    return Stamp(moment.date(), "" if time == "00:00:00" else time)


@lru_cache(8192)
def _read(text: str, american: bool) -> Stamp | None:
    text = text.strip()
    try:
        return _stamped(datetime.fromisoformat(text))
    except ValueError:
        pass
    bare = _ZONE.sub("", text) if ":" in text else text
    for pattern in _MONTHS_FIRST if american and "/" in text[:3] else _FORMATS:
        try:
            return _stamped(datetime.strptime(bare, pattern))  # noqa: DTZ007  a table's day has no time zone
        except ValueError:
            continue
    return None
