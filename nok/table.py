"""Table: a TOML table read strictly. A key that nobody asked for is refused by its place."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from nok.refusal import Refused


@dataclass
class Root:
    """What all tables of one file share: the opened ones, and the notes of unverified blocks."""

    opened: list["Table"] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)


class Table:
    """One table and where it stands in the file (`344n-2024.toml: indicators.1.1`)."""

    def __init__(self, place: str, content: Any, root: Root, block: bool = False) -> None:
        if not isinstance(content, dict):
            raise Refused(place, "здесь должна быть таблица")
        self.place, self.root, self._left = place, root, dict(content)
        self.notes: tuple[str, ...] = ()
        root.opened.append(self)
        if block:
            self._provenance()

    @classmethod
    def read(cls, name: str, content: bytes) -> "Table":
        """The whole file; decimals are read exactly, 0.3 is 3/10."""
        try:
            return cls(f"{name}: ", tomllib.loads(content.decode("utf-8"), parse_float=Fraction), Root())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
            raise Refused(name, f"файл не читается как TOML: {error}") from error

    def _provenance(self) -> None:
        source, verified, note = self.text("source"), self._take("verified", bool), self.text("note")
        if not verified:
            self.notes = (note,)
            self.root.unverified.append(f"{note} (источник: {source})")

    def _place(self, key: str) -> str:
        return f"{self.place}{'' if self.place.endswith(' ') else '.'}{key}"

    def _take(self, key: str, *types: type) -> Any:
        if key not in self._left:
            raise Refused(self._place(key), "нет ключа")
        value = self._left.pop(key)
        if type(value) not in types:
            raise Refused(self._place(key), f"значение не того вида: {value}")
        return value

    def text(self, key: str, known: Sequence[str] | None = None) -> str:
        """A text that is not empty; one of `known`, when given."""
        value: str = self._take(key, str)
        if not value or (known is not None and value not in known):
            raise Refused(
                self._place(key), f"нет значения «{value}»" + (f", есть: {', '.join(known)}" if known else "")
            )
        return value

    def texts(self, key: str, known: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        values = self._take(key, list)
        for value in values:
            if not isinstance(value, str) or (known is not None and value not in known):
                raise Refused(self._place(key), f"нет значения «{value}»")
        return tuple(values)

    def number(self, key: str) -> Fraction:
        """An exact number, not below zero."""
        value = Fraction(self._take(key, int, Fraction))
        if value < 0:
            raise Refused(self._place(key), "число меньше нуля")
        return value

    def count(self, key: str) -> int:
        """A whole number, one or more."""
        value: int = self._take(key, int)
        if value < 1:
            raise Refused(self._place(key), "целое число, не меньше единицы")
        return value

    def day(self, key: str) -> date:
        """A date without time."""
        value: date = self._take(key, date)
        return value

    def block(self, key: str) -> "Table":
        """A table that says where it comes from: `source`, `verified`, `note`."""
        return Table(self._place(key), self._take(key, dict), self.root, block=True)

    def tables(self, key: str) -> dict[str, "Table"]:
        """Named blocks under a key."""
        return Table(self._place(key), self._take(key, dict), self.root).tables_here()

    def tables_here(self, known: Sequence[str] | None = None) -> dict[str, "Table"]:
        """Every key of this table as a block; names from `known`, when given."""
        names = [name for name in self._left if known is None or name in known]
        return {name: self.block(name) for name in names}

    def plain_tables(self, key: str, names: Sequence[str]) -> dict[str, "Table"]:
        """Exactly these tables under a key; they have no provenance of their own."""
        inner = Table(self._place(key), self._take(key, dict), self.root)
        return {name: Table(inner._place(name), inner._take(name, dict), self.root) for name in names}

    def rows(self, key: str) -> list["Table"]:
        """A list of tables."""
        return [
            Table(f"{self._place(key)}[{n}]", row, self.root) for n, row in enumerate(self._take(key, list))
        ]

    def lists(self, key: str, known: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """An optional table of lists, keys and values from `known`."""
        if key not in self._left:
            return {}
        inner = Table(self._place(key), self._take(key, dict), self.root)
        return {name: inner.texts(name, known) for name in known if name in inner._left}

    def done(self) -> None:
        """Refuse what is left: a misspelt key must not be silently ignored."""
        for table in self.root.opened:
            for key in table._left:
                raise Refused(table._place(key), "неизвестный ключ")
