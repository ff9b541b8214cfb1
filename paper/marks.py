"""What was seen on a page, before anybody decides what it means. Pure: numbers and words, no image.

The reader (`paper.reading`, which needs OpenCV) makes a `PageSeen`; `paper.deciding` makes answers of it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from paper.serials import PageCode


class Mark(StrEnum):
    """What is in a box."""

    EMPTY = "empty"
    MARKED = "marked"  # a tick, a cross, a dash, a circle round it
    FILLED = "filled"  # blackened whole: by the instruction on the sheet «this one does not count»
    STRUCK = "struck"  # marked and struck out again
    UNCLEAR = "unclear"  # a stain, a trace, a stamp: something that may be no mark


class How(StrEnum):
    """By what a page was known."""

    CODE = "code"
    DIGITS = "digits"
    HAND = "hand"  # somebody typed the number in
    NOT = ""


class Trouble(StrEnum):
    """Why a page could not be read, or not wholly."""

    BLANK = "blank"  # nothing is printed on it: the back of a one-sided sheet
    FOREIGN = "foreign"  # something else than our form
    NO_NUMBER = "no_number"  # our form, whose number does not read
    NO_PLACES = "no_places"  # too few corner marks to know where the boxes are
    TWO_SHEETS = "two_sheets"  # codes of two sheets on one picture
    COVER = "cover"  # the page of instructions that lies on top of a pack


@dataclass(frozen=True, slots=True)
class BoxSeen:
    """One box: what is in it, how probably that is right (0…1), how much of it is dark (0…1).

    Of something unclear `confidence` is how probably it is no mark at all. `meant`: how probably it is a tick, a fill
    or something struck out, whichever of them; 0 when the reader did not tell.
    """

    question: str
    value: str
    mark: Mark
    confidence: float
    ink: float
    meant: float = 0.0


@dataclass(frozen=True)
class PageSeen:
    """One picture of a page. `places`: the 3 × 3 matrix, row by row, from millimetres of the sheet to pixels.

    `words`: question → how much is written in its field (0…1); `hand`: a small fingerprint of the marks themselves, by
    which a sheet scanned twice is told from a photocopy that another person filled in; empty when there are none.
    `even`: by its corner marks the side has an even number; None while nobody knows.
    """

    trouble: Trouble | None = None
    code: PageCode | None = None
    how: How = How.NOT
    places: tuple[float, ...] = ()
    size: tuple[int, int] = (0, 0)
    boxes: tuple[BoxSeen, ...] = ()
    words: Mapping[str, float] = field(default_factory=dict)
    hand: str = ""
    even: bool | None = None

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it; `from_dict` gives the same back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "PageSeen":
        """What `as_dict` told."""
        return cls(
            trouble=Trouble(told["trouble"]) if told["trouble"] else None,
            code=PageCode(**told["code"]) if told["code"] else None,
            how=How(told["how"]),
            places=tuple(told["places"]),
            size=(told["size"][0], told["size"][1]),
            boxes=tuple(BoxSeen(**{**one, "mark": Mark(one["mark"])}) for one in told["boxes"]),
            words=dict(told["words"]),
            hand=told["hand"],
            even=told.get("even"),
        )
