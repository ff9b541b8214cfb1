"""Questions onto pages: each whole, in order, at the width that its place on the page leaves. Pure.

A question beside the middle marks is narrower than the others, and so higher; so is one beside the code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from paper import frame
from paper.geometry import Spot
from paper.serials import MOST_SIDES

Width = Literal["wide", "between", "beside"]

BOTTOM = 277.0
UNDER_CODE = frame.CODE.y + frame.CODE.height + frame.CODE_QUIET
SPANS: Mapping[Width, tuple[float, float]] = {
    "wide": (frame.EDGE, frame.WIDTH - frame.EDGE),
    "between": (20.5, frame.WIDTH - 20.5),
    "beside": (20.5, frame.CODE.x - frame.CODE_QUIET - 2),
}
"""From where to where: over the whole page, between the middle marks, to the left of the code."""
HEAD = Spot(20.5, 9.0, SPANS["beside"][1] - 20.5, UNDER_CODE - 9.0)
"""To the left of the code: whose sheet it is, on the first side; on the others how to go on, or a question."""

_MIDDLE = (frame.PLACES[2].y - frame.QUIET, frame.PLACES[2].y + frame.MARK + frame.QUIET)
_GAPS = [gap / 4 for gap in range(28, 11, -1)]  # of 7 … 3 mm the largest that costs no page


class DoesNotFit(Exception):
    """A question is longer than a page, or the form has more sides than a code can tell."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A question's height at each width, in millimetres."""

    id: str
    heights: Mapping[Width, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a question goes: page from 1, and its upper left corner and width."""

    id: str
    page: int
    spot: Spot


def packed(questions: Sequence[Measured], first: float) -> list[Placed]:
    """On as few pages as can be, then as airily as can be; `first`: where the questions begin on the first page."""
    ways = ((False, _GAPS[-1]), (True, _GAPS[-1]))
    least, beside = min((_pages(_tried(questions, first, *way)), way[0]) for way in ways)
    for gap in _GAPS:
        found = _tried(questions, first, beside, gap)
        if _pages(found) == least:
            return found
    raise AssertionError("the narrowest gap has been tried")


def _pages(placed: Sequence[Placed]) -> int:
    return placed[-1].page if placed else 1


def _tried(questions: Sequence[Measured], first: float, beside: bool, gap: float) -> list[Placed]:
    told: list[Placed] = []
    page, y = 1, first
    for question in questions:
        spot = _spot(question, y)
        while spot is None:
            if page == MOST_SIDES or y == UNDER_CODE:
                raise DoesNotFit(question.id)
            page, y = page + 1, UNDER_CODE
            spot = _corner(question) if beside else None
            spot = spot or _spot(question, y)
        told.append(Placed(question.id, page, spot))
        y = spot.y + spot.height + gap
        if spot.y < UNDER_CODE:
            y = max(y, UNDER_CODE)
    return told


def _corner(question: Measured) -> Spot | None:
    """Left of the code, when that saves room; it may reach below the code."""
    height = question.heights["beside"]
    if HEAD.y + height >= UNDER_CODE + question.heights["wide"]:
        return None
    return Spot(HEAD.x, HEAD.y, HEAD.width, height)


def _spot(question: Measured, y: float) -> Spot | None:
    """Below `y`, on this page; None when there is no room."""
    height = question.heights["wide"]
    width: Width = "wide"
    if y < _MIDDLE[1] and y + height > _MIDDLE[0]:
        width, height = "between", question.heights["between"]
    if y + height > BOTTOM:
        return None
    left, right = SPANS[width]
    return Spot(left, y, right - left, height)
