"""Where everything stands on a printed form, in millimetres from its upper left corner; taken from the laid-out page.

A geometry is stored with the edition of the form, so a sheet printed last month is read by the places it was printed
with. Pure: no image, no database.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import hypot
from typing import Any, NamedTuple


class Spot(NamedTuple):
    """An upright rectangle: left, top, width, height, in millimetres of the sheet."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def grown(self, by: float) -> "Spot":
        """With so much air on each side."""
        return Spot(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: "Spot") -> bool:
        """Do they share more than an edge?"""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def apart(self, point: tuple[float, float]) -> float:
        """Millimetres from it to a point; nothing when the point is inside."""
        x, y = point
        return hypot(
            max(self.x - x, 0, x - self.x - self.width), max(self.y - y, 0, y - self.y - self.height)
        )


@dataclass(frozen=True, slots=True)
class Box:
    """One square to be marked: the outer edge of its printed frame; `value` is the choice's value."""

    question: str
    value: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Side:
    """One printed page. `markers`: number of the ArUco mark → its outer square; `code`: the QR without its quiet zone.

    `digits`: the line of printed digits for when the QR is torn; `words`: question → where it is answered in words;
    `asked`: question → all of it, wording and boxes, as a reviewer is shown it; `printed`: how dark the print is at
    every point (`paper.printed`), empty of forms laid out before that was kept.
    """

    markers: Mapping[int, Spot]
    code: Spot
    digits: Spot
    boxes: tuple[Box, ...]
    words: Mapping[str, Spot]
    asked: Mapping[str, Spot]
    printed: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Geometry:
    """A printed form: every side of it, and how thick the frame of a box is (`line`, mm)."""

    width: float
    height: float
    line: float
    sides: tuple[Side, ...]

    def side(self, number: int) -> Side | None:
        """A side by its printed number, from 1; None when the form has fewer."""
        return self.sides[number - 1] if 1 <= number <= len(self.sides) else None

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it; `from_dict` gives the same back."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return told

    @cached_property
    def sha256(self) -> str:
        """The same places, the same hash; a picture of the print may differ by a hair between machines."""
        places = self.as_dict()
        for side in places["sides"]:
            del side["printed"]
        told = json.dumps(places, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Geometry":
        """The geometry that `as_dict` told."""
        return cls(told["width"], told["height"], told["line"], tuple(map(_side, told["sides"])))


def _side(told: Mapping[str, Any]) -> Side:
    return Side(
        markers={int(number): Spot(*spot) for number, spot in told["markers"].items()},
        code=Spot(*told["code"]),
        digits=Spot(*told["digits"]),
        boxes=tuple(Box(one["question"], one["value"], Spot(*one["spot"])) for one in told["boxes"]),
        words={name: Spot(*spot) for name, spot in told["words"].items()},
        asked={name: Spot(*spot) for name, spot in told["asked"].items()},
        printed=told.get("printed", ""),
    )
