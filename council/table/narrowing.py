"""What the address asks of the table: which organisations, in which order, which columns unfolded."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from council.table.rows import FLAGS, TOTAL, WORSE, Known, Row
from surveys import paging
from surveys.models import searchable

PLACE, NAME, ANSWERS, GROWN = "place", "name", "answers", "grown"
ORDERS = (PLACE, NAME, ANSWERS, GROWN)
POINTS = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?")
INN_PART = re.compile(r"\d{3,12}")
LONGEST = 200


@dataclass(frozen=True)
class Wanted:
    """All of it may be empty. `below` is what was typed; `opened` are criteria whose indicators are shown."""

    words: str = ""
    sector: str = ""
    municipality: str = ""
    figure: str = TOTAL
    below: str = ""
    flags: tuple[str, ...] = ()
    sort: str = PLACE
    down: bool = False
    opened: tuple[str, ...] = ()

    @property
    def limit(self) -> Fraction | None:
        """The score below which organisations are looked for; None: any, or what was typed is no number."""
        return Fraction(self.below.replace(",", ".")) if POINTS.fullmatch(self.below) else None

    @property
    def misunderstood(self) -> bool:
        """Was something typed for a score that is none?"""
        return bool(self.below) and self.limit is None

    @property
    def narrows(self) -> bool:
        """Does it leave any organisation out?"""
        return bool(self.words or self.sector or self.municipality or self.flags or self.limit is not None)

    @property
    def whole_past(self) -> bool:
        """Must the earlier figures of everybody be known, or only of those on the page?"""
        return self.sort == GROWN or WORSE in self.flags

    def asked(self, **changed: Any) -> dict[str, Any]:
        """As an address holds it."""
        one = replace(self, **changed)
        told = {
            "q": one.words,
            "sector": one.sector,
            "municipality": one.municipality,
            "below": one.below,
            "figure": one.figure if one.below else "",
            "flag": list(one.flags),
            "sort": one.sort if one.sort != PLACE else "",
            "down": "1" if one.down else "",
            "open": "".join(one.opened).replace("K", ""),
        }
        return {name: value for name, value in told.items() if value}

    def query(self, **changed: Any) -> str:
        """The same after a «?», or nothing."""
        told = urlencode(self.asked(**changed), doseq=True)
        return f"?{told}" if told else ""

    def sorted_by(self, key: str) -> str:
        """The address of a heading: by this column, the other way when it is so already."""
        best_first = key not in (PLACE, NAME)
        return self.query(sort=key, down=not self.down if self.sort == key else best_first)

    def folding(self, criterion: str) -> str:
        """The address that unfolds a criterion, or folds it."""
        kept = [one for one in self.opened if one != criterion]
        return self.query(opened=tuple(kept if criterion in self.opened else sorted([*kept, criterion])))


def wanted(told: MultiDict[str, str], figures: Sequence[str], criteria: Iterable[str]) -> Wanted:
    """What an address asks for; what it cannot mean is as if it were not there."""

    def said(name: str) -> str:
        return told.get(name, "").replace("\0", "").strip()[:LONGEST]

    digits = said("open")
    return Wanted(
        words=said("q"),
        sector=said("sector"),
        municipality=said("municipality"),
        figure=said("figure") if said("figure") in figures else TOTAL,
        below=said("below")[:20],
        flags=tuple(flag for flag in FLAGS if flag in told.getlist("flag")),
        sort=said("sort") if said("sort") in (*ORDERS, *figures) else PLACE,
        down=said("down") == "1",
        opened=tuple(one for one in criteria if one[1:] in digits),
    )


def chosen(rows: Iterable[Row], asked: Wanted, past: Known) -> list[Row]:
    """The organisations that are asked for, in the order that is asked for; without a figure they come last."""
    words, limit = paging.words_of(asked.words), asked.limit
    kept = [row for row in rows if _meets(row, asked, words, limit, past)]
    keys = {id(row): _key(row, asked.sort, past) for row in kept}
    known = [row for row in kept if keys[id(row)] is not None]
    known.sort(key=lambda row: keys[id(row)], reverse=asked.down)
    return known + [row for row in kept if keys[id(row)] is None]


def _meets(row: Row, asked: Wanted, words: Sequence[str], limit: Fraction | None, past: Known) -> bool:
    one = row.standing
    if asked.sector and one.sector != asked.sector:
        return False
    if asked.municipality and one.municipality != asked.municipality:
        return False
    if limit is not None:
        figure = row.figure(asked.figure)
        if figure is None or Fraction(figure.printed) >= limit:
            return False
    if words and not _named(row, asked.words, words):
        return False
    return not asked.flags or set(asked.flags) <= set(row.flags(past))


def _named(row: Row, typed: str, words: Sequence[str]) -> bool:
    one = row.standing
    if typed.upper() in (one.code, one.ogrn) or (INN_PART.fullmatch(typed) and typed in one.inn):
        return True
    names = searchable(one.name, one.short_name)
    return all(word in names for word in words)


def _key(row: Row, sort: str, past: Known) -> Any:
    one = row.standing
    if sort == PLACE:
        return one.place
    if sort == NAME:
        return by_name(one.short_name or one.name)
    if sort == ANSWERS:
        return one.responses
    if sort == GROWN:
        return row.grown(past)
    figure = row.figure(sort)
    return None if figure is None else figure.exact


def by_name(name: str) -> list[str | int]:
    """«№ 2» before «№ 10»: words and numbers in turn."""
    parts = re.split(r"(\d+)", searchable(name).replace("«", "").replace("»", ""))
    return [int(part) if at % 2 else part for at, part in enumerate(parts)]
