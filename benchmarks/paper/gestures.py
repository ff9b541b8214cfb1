"""What a hand does round boxes and words beside marking: strikes out, rings, writes a word, points with an arrow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator

from benchmarks.paper.pens import Pen
from benchmarks.paper.people import Hand
from benchmarks.paper.truths import FILLED, MARKED, Truth
from paper.geometry import Spot


@dataclass(frozen=True, slots=True)
class Place:
    """Where one question stands: each value's box and printed word, and every box of the side."""

    boxes: Mapping[str, Spot]
    words: Mapping[str, Spot]
    around: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Doing:
    """One person over one question: `value` is meant, `other` is one of the rest."""

    kind: str
    value: str
    other: str
    place: Place
    hand: Hand
    rng: Generator
    pen: Pen
    drawn: list[Any]
    held: dict[str, str] = field(default_factory=dict)
    crossed: list[Spot] = field(default_factory=list)  # boxes of anybody's that something runs through

    def chance(self, share: float) -> bool:
        """So often."""
        return bool(self.rng.random() < share)

    def one_of(self, *names: str) -> str:
        """Any of them."""
        return names[int(self.rng.integers(len(names)))]

    def mark(self, value: str, *, kind: str = "") -> None:
        """As this hand does."""
        kind = kind or self.hand.habit
        self.held[value] = FILLED if kind == "fill" else MARKED
        self.drawn.extend(self.pen.mark(kind, self.place.boxes[value], self.hand, self.rng))

    def line(self, points: list[tuple[float, float]]) -> None:
        """A line through these."""
        self.drawn.extend(self.pen.line(points, self.hand, self.rng))

    def right(self, *values: str, marked: str | None = None) -> Truth:
        """These may be said; nothing: a person is to be asked."""
        meant = {marked} if marked is not None else set(values) - {""}
        return Truth(self.kind, frozenset(values), frozenset(meant), self.held)


def joined(one: Spot, other: Spot) -> Spot:
    """Round both."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    return Spot(x, y, right - x, max(one.y + one.height, other.y + other.height) - y)


def strike(doing: Doing, spot: Spot) -> None:
    """One line, seldom two, through all of it: level, slanting or in a wave, and a little beyond."""
    rng, hand = doing.rng, doing.hand
    for _line in range(2 if doing.chance(0.15) else 1):
        before, after = rng.uniform(-0.3, 2.5, 2) * hand.wide
        middle = spot.centre[1] + rng.normal(0, 0.12) * spot.height
        rise = rng.normal(0, 0.6) if doing.chance(0.6) else rng.choice([-1, 1]) * rng.uniform(1.5, 3.5)
        xs = np.linspace(spot.x - before, spot.x + spot.width + after, 5 if doing.chance(0.3) else 3)
        ys = middle + np.linspace(rise, -rise, len(xs)) + rng.normal(0, 0.35 * hand.wide, len(xs))
        points = list(zip(xs.tolist(), ys.tolist(), strict=True))
        doing.line(points if doing.chance(0.85) else points[::-1])


def ring(doing: Doing, spot: Spot, air: tuple[float, float]) -> None:
    """Round it, with so much air to each side; often overlapping at its end, sometimes not closed."""
    rng = doing.rng
    wide, high = (np.array([spot.width, spot.height]) / 2 + rng.uniform(*air, 2) * doing.hand.wide).tolist()
    x, y = (np.array(spot.centre) + rng.normal(0, 0.5, 2) * doing.hand.wide).tolist()
    turn = rng.uniform(0.88, 1.2) * 2 * np.pi * rng.choice([-1, 1])
    angles = rng.uniform(0, 2 * np.pi) + np.linspace(0, turn, 14)
    drift = np.linspace(1, rng.uniform(0.9, 1.12), 14)
    square = rng.uniform(1.0, 1.25)  # a hand's ring round a long word has blunt ends
    cos, sin = np.cos(angles), np.sin(angles)
    xs = x + wide * 1.12 * drift * np.sign(cos) * np.abs(cos) ** (1 / square)
    ys = y + high * 1.12 * drift * np.sign(sin) * np.abs(sin) ** (1 / square)
    doing.line(list(zip(xs.tolist(), ys.tolist(), strict=True)))


def say(doing: Doing, value: str, told: str) -> None:
    """Written beside the box: to the left, behind the word or under it."""
    rng = doing.rng
    box, word = doing.place.boxes[value], doing.place.words[value]
    height = float(rng.uniform(2.0, 3.6)) * box.width / 6
    where = doing.one_of("left", "behind", "behind", "under")
    x, y = word.x + word.width + rng.uniform(0.8, 3), word.y + word.height
    if where == "left":
        x = box.x - height * 0.85 * len(told) - rng.uniform(0.5, 2)
    elif where == "under":
        x, y = box.x + rng.uniform(0, 4), box.y + box.height + height + rng.uniform(0.3, 1)
    doing.drawn.extend(doing.pen.text(told, x, y + rng.normal(0, 0.5), height, doing.hand, rng))


def arrow(doing: Doing, wrong: Spot, box: Spot) -> None:
    """From the wrong one to the right one, over or under the words, with a head."""
    rng = doing.rng
    way = 1 if box.x > wrong.x else -1
    start = np.array(wrong.centre) + (way * wrong.width * 0.7, rng.normal(0, 1))
    end = np.array(box.centre) - (way * box.width * rng.uniform(0.55, 0.9), rng.normal(0, 0.8))
    rise = rng.uniform(2, 5) * rng.choice([-1, 1])
    third = [start + (end - start) * share + (0, rise) for share in (0.33, 0.67)]
    doing.line([(float(x), float(y)) for x, y in (start, *third, end)])
    back = end - third[1]
    angle = float(np.arctan2(back[1], back[0]))
    long = rng.uniform(2, 3.5)
    for lean in (rng.uniform(0.35, 0.6), -rng.uniform(0.35, 0.6)):
        tip = end - long * np.array([np.cos(angle + lean), np.sin(angle + lean)])
        doing.line([(float(end[0]), float(end[1])), (float(tip[0]), float(tip[1]))])


def apart(one: Spot, other: Spot) -> float:
    return float(np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1]))
