"""What belongs to no single question: a line down through the boxes of several, and doodles that mean nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from benchmarks.paper.pens import Pen
from benchmarks.paper.people import Hand
from benchmarks.paper.truths import COLUMN, STRAY, Truth
from paper.geometry import Box, Geometry, Side, Spot

CLEAR = 14.0  # millimetres from a box to a doodle that nobody takes for its mark
FEWEST, MOST = 3, 7
ALIGNED = 14.0


@dataclass(frozen=True, slots=True)
class Column:
    """Questions answered by one line: question → value. `known`: its first box is ticked, so it chooses."""

    values: Mapping[str, str]
    known: bool

    def truth(self, value: str, asked: bool) -> Truth:
        """Of one of them."""
        may = {value} if asked else {value, ""}
        return Truth(COLUMN, frozenset(may if self.known else ()), frozenset({value}), {value: STRAY})


def column(
    geometry: Geometry, hand: Hand, rng: Generator, pen: Pen, drawn: dict[int, list[Any]]
) -> Column | None:
    """Draws one on some side; None when nothing there stands in a column."""
    number = int(rng.integers(1, len(geometry.sides) + 1))
    place = 0 if rng.random() < 0.8 else 1
    runs = _runs(geometry.sides[number - 1], place)
    if not runs:
        return None
    run = runs[int(rng.integers(len(runs)))]
    count = int(rng.integers(FEWEST, min(MOST, len(run)) + 1))
    start = int(rng.integers(0, len(run) - count + 1))
    chosen = run[start : start + count]
    side = chosen[0].spot.width
    known = bool(rng.random() < 0.6)
    off = rng.normal(0, 0.12 * side)
    points = [
        (
            box.spot.centre[0] + off + rng.normal(0, 0.12 * side),
            box.spot.centre[1] + rng.normal(0, 0.1 * side),
        )
        for box in chosen
    ]
    over = rng.uniform(0, 1.2, 2) * side
    points = [(points[0][0], points[0][1] - over[0]), *points, (points[-1][0], points[-1][1] + over[1])]
    lines = drawn.setdefault(number, [])
    if known:
        lines += pen.mark("tick", chosen[0].spot, hand, rng)
        points = points[1:]
    lines += pen.line(points, hand, rng)
    return Column({box.question: box.value for box in chosen}, known)


def _runs(side: Side, place: int) -> list[list[Box]]:
    """Boxes of neighbouring questions, each the `place`-th of its own, that stand nearly one under another."""
    of: dict[str, list[Box]] = {}
    for box in side.boxes:
        of.setdefault(box.question, []).append(box)
    runs: list[list[Box]] = []
    for boxes in sorted(of.values(), key=lambda found: found[0].spot.y):
        if place >= len(boxes):
            continue
        box = boxes[place]
        if runs and abs(runs[-1][-1].spot.x - box.spot.x) < ALIGNED:
            runs[-1].append(box)
        else:
            runs.append([box])
    return [run for run in runs if len(run) >= FEWEST]


def doodles(geometry: Geometry, hand: Hand, rng: Generator, pen: Pen, drawn: dict[int, list[Any]]) -> None:
    """One to four things away from every box: a tick, a number, a tried pen, loops."""
    for _doodle in range(int(rng.integers(1, 5))):
        number = int(rng.integers(1, len(geometry.sides) + 1))
        side = geometry.sides[number - 1]
        for _try in range(12):
            margin = rng.random() < 0.6
            x = rng.choice([rng.uniform(3, 14), rng.uniform(196, 207)]) if margin else rng.uniform(10, 200)
            y = rng.uniform(8, 289)
            if _is_free(side, x, y):
                drawn.setdefault(number, []).extend(_doodle_at(float(x), float(y), hand, rng, pen))
                break


def _is_free(side: Side, x: float, y: float) -> bool:
    taken = [*side.markers.values(), side.code, side.digits]
    near = any(
        spot.x - 7 < x < spot.x + spot.width + 7 and spot.y - 7 < y < spot.y + spot.height + 7
        for spot in taken
    )
    return not near and all(
        np.hypot(box.spot.centre[0] - x, box.spot.centre[1] - y) > CLEAR for box in side.boxes
    )


def _doodle_at(x: float, y: float, hand: Hand, rng: Generator, pen: Pen) -> list[Any]:
    size = rng.uniform(2.5, 6)
    kind = ("tick", "cross", "number", "zigzag", "loops", "line")[int(rng.integers(6))]
    if kind in ("tick", "cross"):
        return pen.mark(kind, Spot(x - size / 2, y - size / 2, size, size), hand, rng)
    if kind == "number":
        return pen.word(x - 3, y + 2, min(size, 4), int(rng.integers(1, 4)), hand, rng)
    at = np.linspace(0, 1, int(rng.integers(6, 16)))
    if kind == "zigzag":
        xs = x + size * (at - 0.5) * rng.uniform(0.6, 1.6)
        ys = y + size * 0.4 * np.resize([-1, 1], len(at)) + rng.normal(0, 0.4, len(at))
    elif kind == "loops":
        turns = 2 * np.pi * rng.uniform(2, 4) * np.linspace(0, 1, 40)
        xs = x + size * 0.35 * np.cos(turns) + np.linspace(-0.5, 0.5, 40) * size * rng.uniform(0, 1)
        ys = y + size * 0.35 * np.sin(turns)
    else:
        ends = np.clip(rng.normal(0, size, 4), -9, 9)
        xs, ys = x + np.linspace(ends[0], ends[1], 4), y + np.linspace(ends[2], ends[3], 4)
    return pen.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), hand, rng)
