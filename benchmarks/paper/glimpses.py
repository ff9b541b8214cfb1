"""What the reader itself cuts out of a drawn sheet, for the judge to be taught by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper.drawing import Picture
from benchmarks.paper.strokes import STEP, Stroke
from paper.geometry import Geometry, Side, Spot
from paper.reading import glass, page
from paper.reading.picture import picture
from paper.reading.views import BOX, HEIGHT, LEFT, TOP, WIDTH
from paper.serials import PageCode

FURTHER = 0.2
"""Questions of whose words the rest is looked at, whatever is in their boxes."""
TOUCHED, CLEAN, UNKNOWN = 4, 0, -100
"""On the words beyond a view a hand has drawn, it has not, or only at the edge; the last teaches nothing, as does what
is seen before a box: a frame stands at its end."""
LEAST = 2.0
"""Millimetres of a line that are somebody's mark."""


@dataclass(frozen=True, slots=True)
class Glimpses:
    """Of the boxes of one side `numbers`, in this order; then of places beyond, and whether a hand was there."""

    numbers: list[int]
    views: NDArray[np.float32]
    beyond: NDArray[np.int64]


def found(
    image: Picture, code: PageCode, geometry: Geometry, drawn: Sequence[Stroke], rng: Generator
) -> Glimpses | None:
    """None when the reader does not know the page."""
    shown = picture(image)
    known = page.recognised(shown) if shown else None
    if shown is None or known is None or known.place is None or known.code is None or known.two:
        return None
    if (known.code.serial, known.code.side) != (code.serial, code.side):
        return None
    side = geometry.sides[code.side - 1]
    shown = glass.wiped(shown)
    groups = list(page.cut_out(shown, known.place, geometry, side))
    questions = {box.question for box in side.boxes}
    chosen = [question for question in sorted(questions) if rng.random() < FURTHER]
    places, more = page.further(shown, known.place, side, groups, chosen)
    return Glimpses(
        [number for group in groups for number in group.numbers],
        np.concatenate([*(group.views for group in groups), more]),
        np.array([_touched(side, number, off, drawn) for number, off in places], np.int64),
    )


def _touched(side: Side, number: int, off: float, drawn: Sequence[Stroke]) -> int:
    """Is there a hand's line in the middle of what is seen there?"""
    if off < 0:
        return UNKNOWN
    x, y, wide, _high = side.boxes[number].spot
    step = wide / BOX
    whole = Spot(x + off - LEFT * step, y - TOP * step, WIDTH * step, HEIGHT * step)
    core = Spot(x + off - 0.6 * wide, y - 0.3 * wide, 3.2 * wide, 1.6 * wide)
    lines = [stroke.points for stroke in drawn if stroke.tool is None]
    others = [stroke.points for stroke in drawn if stroke.tool is not None]
    if sum(_inside(points, core) for points in lines) * STEP >= LEAST:
        return TOUCHED
    return UNKNOWN if any(_inside(points, whole) for points in lines + others) else CLEAN


def _inside(points: NDArray[np.float64], spot: Spot) -> int:
    right, low = spot.x + spot.width, spot.y + spot.height
    x, y = points[:, 0], points[:, 1]
    return int(((spot.x < x) & (x < right) & (spot.y < y) & (y < low)).sum())
