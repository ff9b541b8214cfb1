"""Lines that a hand draws, in millimetres of the sheet: marks in boxes, corrections, words. No pixels here."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper.letters import LETTERS
from benchmarks.paper.people import Hand, Tool
from paper.geometry import Spot

Points = NDArray[np.float64]
STEP = 0.2  # millimetres between the points of a finished line


class Stroke(NamedTuple):
    """Where the pen went, how wide its line is at each point; with what pen, when not the sheet's."""

    points: Points
    widths: NDArray[np.float64]
    tool: Tool | None = None


def mark(kind: str, spot: Spot, hand: Hand, rng: Generator, *, astray: float = 0.0) -> list[Stroke]:
    """A mark of this kind for the box; `astray`: by so many widths of the box it is off, to the left or anywhere."""
    x, y = spot.centre
    side = spot.width
    miss = 0.3 * min(max(1.0, hand.wide), 1.5) * side
    x += _within(hand.aim[0] + rng.normal(0, hand.spread), miss)
    y += _within(hand.aim[1] + rng.normal(0, hand.spread), miss)
    if astray:
        way = rng.uniform(0, 2 * np.pi) if hand.curly else np.pi
        x += astray * side * np.cos(way)
        y += astray * side * 0.7 * np.sin(way) + rng.uniform(-0.2, 0.2) * side
    size = side * hand.size * rng.uniform(0.85, 1.15)
    drawn = []
    for _time in range(2 if rng.random() < hand.again else 1):
        for points in _shape(kind, x, y, size, side, spot, hand, rng):
            drawn += _failing(_line(_bent(points, hand, rng), hand, rng), hand, rng)
    return drawn


def _shape(
    kind: str, x: float, y: float, size: float, side: float, spot: Spot, hand: Hand, rng: Generator
) -> list[Points]:
    half = size / 2
    if kind == "tick":
        return [_tick(x, y, size, hand, rng)]
    if kind == "cross":
        turn = hand.slant
        lean = rng.uniform(0.75, 1.25)
        return [
            _turned(np.array([[-half * lean, -half], [half * lean, half]]), x, y, turn, hand, rng),
            _turned(np.array([[half, -half * lean], [-half, half * lean]]), x, y, turn, hand, rng),
        ]
    if kind == "slash":
        return [_turned(np.array([[half * 0.8, -half], [-half * 0.8, half]]), x, y, hand.slant, hand, rng)]
    if kind == "dash":
        return [_turned(np.array([[-half, 0.0], [half, 0.0]]), x, y, hand.slant / 3, hand, rng)]
    if kind == "plus":
        upright = np.array([[0.0, -half], [0.0, half]])
        level = np.array([[-half, 0.0], [half, 0.0]])
        return [_turned(one, x, y, hand.slant / 3, hand, rng) for one in (upright, level)]
    if kind == "bar":
        return [_turned(np.array([[0.0, -half], [0.0, half]]), x, y, hand.slant / 2, hand, rng)]
    if kind == "one-stroke cross":
        around = np.array([[-1, -1], [0.2, 0.1], [1, 1], [1.25, 0.2], [0.9, -0.9], [0.1, 0.1], [-1, 1]])
        loop = half * (around + rng.normal(0, 0.1, around.shape))
        return [_turned(_smooth(loop), x, y, hand.slant, hand, rng)]
    if kind == "dot":
        return [_dot(x, y, side, hand, rng)]
    if kind == "small fill":
        return [_blob(x, y, side * rng.uniform(0.2, 0.4), hand, rng)]
    if kind == "scrawl":
        return [_scrawl(x, y, min(size, 1.2 * side), hand, rng)]
    if kind == "circle":
        cx, cy = spot.centre
        off = rng.normal(0, 0.06 * side, 2)
        return [_loop(cx + off[0], cy + off[1], side * rng.uniform(0.78, 1.05), rng)]
    return filled(spot, hand, rng)


def _dot(x: float, y: float, side: float, hand: Hand, rng: Generator) -> Points:
    """Turned round on the spot, stabbed, or a short dash."""
    way = rng.random()
    if way < 0.6:
        return _blob(x, y, side * rng.uniform(0.08, 0.2), hand, rng)
    reach = side * rng.uniform(0.03, 0.1 if way < 0.85 else 0.2)
    angle = rng.uniform(0, np.pi)
    ahead = np.array([np.cos(angle), np.sin(angle)]) * reach
    return np.array([[x, y] - ahead, [x, y] + ahead * 0.3, [x, y] + ahead])


def _scrawl(x: float, y: float, size: float, hand: Hand, rng: Generator) -> Points:
    """To and fro without lifting the pen, loosely: a box marked by filling it somehow."""
    turns = int(rng.integers(4, 10))
    across = np.resize([-0.5, 0.5], turns) * rng.uniform(0.6, 1.1, turns)
    down = np.linspace(-0.45, 0.45, turns) + rng.normal(0, 0.05, turns)
    return _turned(_smooth(np.stack([across, down], axis=1) * size, 5), x, y, hand.slant + 0.5, hand, rng)


def line(points: Sequence[tuple[float, float]], hand: Hand, rng: Generator) -> list[Stroke]:
    """A smooth line through these."""
    path = np.array(points)
    return _failing(_line(_smooth(path) if len(path) > 2 else path, hand, rng), hand, rng)


def _bent(points: Points, hand: Hand, rng: Generator) -> Points:
    """Straight lines as this hand draws them: bowed, and hooked where the pen is set down or taken off."""
    if len(points) > 3 or not (hand.bow or hand.hook):
        return points
    pieces = []
    for start, end in pairwise(points):
        ahead = end - start
        bow = hand.bow * rng.uniform(0.3, 1.3) * np.array([-ahead[1], ahead[0]])
        at = np.linspace(0, 1, 9)[:, None]
        pieces.append(start + ahead * at + bow * 4 * at * (1 - at))
    path = np.vstack(pieces)
    if hand.hook and rng.random() < 0.7:
        last = path[-1] - path[-3]
        last /= max(0.1, float(np.hypot(*last)))
        across = np.array([-last[1], last[0]]) * rng.choice([-1, 1])
        size = hand.hook * 6 * rng.uniform(0.5, 1)
        hook = [
            path[-1] + last * 0.4 * size + across * 0.4 * size,
            path[-1] - last * 0.3 * size + across * 0.8 * size,
        ]
        path = np.vstack([path, hook])
        return path if rng.random() < 0.6 else path[::-1] if rng.random() < 0.5 else path
    return path


def _failing(stroke: Stroke, hand: Hand, rng: Generator) -> list[Stroke]:
    """The ink gives out in a piece of it, now and then."""
    count = len(stroke.points)
    if count < 12 or rng.random() >= hand.partial:
        return [stroke]
    gone = int(count * rng.uniform(0.1, 0.4))
    start = int(rng.integers(0, count - gone))
    parts = (slice(0, start), slice(start + gone, count))
    return [
        Stroke(stroke.points[part], stroke.widths[part], stroke.tool)
        for part in parts
        if len(stroke.points[part]) > 2
    ]


def fill(spot: Spot, hand: Hand, rng: Generator) -> list[Stroke]:
    """The whole box filled over."""
    return [_line(points, hand, rng) for points in filled(spot, hand, rng)]


def filled(spot: Spot, hand: Hand, rng: Generator) -> list[Points]:
    """To and fro from edge to edge; who hurries leaves gaps and runs over the frame."""
    step = max(hand.tool.width * rng.uniform(0.75, 1.0 + 0.5 * hand.haste), 0.25)
    over = rng.uniform(-0.3, 0.5 * hand.haste + 0.1)
    lines = []
    for upright in (False, True) if rng.random() < 0.35 else (bool(rng.random() < 0.4),):
        rows = np.arange(-over, spot.width + over, step)
        path = []
        for number, row in enumerate(rows):
            ends = (-over, spot.width + over) if number % 2 == 0 else (spot.width + over, -over)
            for end in ends:
                near = (end + rng.normal(0, 0.15), row + rng.normal(0, 0.06))
                path.append(near[::-1] if upright else near)
        lines.append(np.array(path) + np.array([spot.x, spot.y]))
    return lines


def scribble(spot: Spot, hand: Hand, rng: Generator) -> list[Stroke]:
    """The mark struck out: a few loops to and fro over the box and beyond it."""
    turns = int(rng.integers(3, 7))
    width, x, y = spot.width, spot.x, spot.y
    path = []
    for number in range(turns * 2):
        path.append(
            (
                x + (1.25 if number % 2 else -0.25) * width + rng.normal(0, 0.5),
                y + width * (0.1 + 0.8 * number / (turns * 2)) + rng.normal(0, 0.4),
            )
        )
    return [_line(_smooth(np.array(path)), hand, rng)]


def word(x: float, y: float, height: float, letters: int, hand: Hand, rng: Generator) -> list[Stroke]:
    """Something like handwriting of so many letters, on a line from x; y is its base."""
    path = []
    at = x
    for _letter in range(letters):
        tall = height * (1.7 if rng.random() < 0.15 else rng.uniform(0.75, 1.1))
        wide = height * rng.uniform(0.6, 1.0)
        lean = np.tan(hand.slant) * tall * 0.5
        path += [
            (at, y - rng.uniform(0, 0.2) * height),
            (at + 0.3 * wide + lean, y - tall),
            (at + 0.45 * wide, y + rng.uniform(-0.1, 0.1) * height),
            (at + 0.75 * wide + lean, y - tall * rng.uniform(0.5, 1)),
        ]
        at += wide
    path.append((at, y))
    return [_line(_smooth(np.array(path)), hand, rng)]


def text(told: str, x: float, y: float, height: float, hand: Hand, rng: Generator) -> list[Stroke]:
    """«нет», «да», «верно», … in block letters."""
    lean = np.tan(hand.slant)
    lines = []
    for place, sign in enumerate(told):
        for letter in LETTERS[sign]:
            points = np.array(letter, dtype=float)
            points[:, 0] += 0.9 * place - points[:, 1] * lean
            points = points * height + rng.normal(0, 0.04 * height, points.shape) + np.array([x, y])
            lines.append(_line(points, hand, rng))
    return lines


def no(x: float, y: float, height: float, hand: Hand, rng: Generator) -> list[Stroke]:
    """«нет»."""
    return text("нет", x, y, height, hand, rng)


def speck(x: float, y: float, hand: Hand, rng: Generator) -> list[Stroke]:
    """The pen only rested here."""
    return [_line(np.array([[x, y], [x + rng.uniform(0.05, 0.3), y + rng.uniform(-0.2, 0.2)]]), hand, rng)]


def _tick(x: float, y: float, size: float, hand: Hand, rng: Generator) -> Points:
    low = rng.uniform(0.35, 0.55)
    points = np.array(
        [
            [-0.45 * rng.uniform(0.7, 1.2), -0.05 * rng.uniform(-1, 2)],
            [-0.1 + rng.normal(0, 0.05), low],
            [0.55 * rng.uniform(0.8, 1.4), -0.55 * rng.uniform(0.8, 1.5)],
        ]
    )
    if hand.curly:  # a hook at the start, a bowed upstroke
        bow = rng.uniform(0.05, 0.25)
        middle = (points[1] + points[2]) / 2 + np.array([bow, bow])
        hook = points[0] + np.array([-0.1, 0.15]) * rng.uniform(0, 1.5)
        points = _smooth(np.array([hook, points[0], points[1], middle, points[2]]))
    return _turned(points * size, x, y, hand.slant, hand, rng)


def _turned(points: Points, x: float, y: float, turn: float, hand: Hand, rng: Generator) -> Points:
    turn += rng.normal(0, 0.08)
    cos, sin = np.cos(turn), np.sin(turn)
    moved: Points = points @ np.array([[cos, sin], [-sin, cos]]) + np.array([x, y])
    return moved + rng.normal(0, 0.1 + 0.1 * hand.haste, moved.shape)


def _loop(x: float, y: float, radius: float, rng: Generator) -> Points:
    angles = np.linspace(0, 2 * np.pi * rng.uniform(0.95, 1.15), 40) + rng.uniform(0, 6)
    tall = rng.uniform(0.85, 1.1)
    drift = np.linspace(1, rng.uniform(0.9, 1.1), 40)
    return np.stack([x + radius * drift * np.cos(angles), y + radius * tall * drift * np.sin(angles)], axis=1)


def _blob(x: float, y: float, radius: float, hand: Hand, rng: Generator) -> Points:
    turns = max(2.0, 1.5 * radius / hand.tool.width)
    angles = np.linspace(0, 2 * np.pi * turns, 30)
    away = np.linspace(0.1, 1, 30) * radius
    return np.stack([x + away * np.cos(angles), y + away * np.sin(angles) * rng.uniform(0.7, 1)], axis=1)


def _smooth(points: Points, each: int = 8) -> Points:
    """Catmull–Rom through the points."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    at = np.linspace(0, 1, each, endpoint=False)[:, None]
    pieces = []
    for first in range(len(points) - 1):
        a, b, c, d = padded[first : first + 4]
        pieces.append(
            0.5
            * (2 * b + (c - a) * at + (2 * a - 5 * b + 4 * c - d) * at**2 + (3 * b - a - 3 * c + d) * at**3)
        )
    return np.vstack([*pieces, points[-1:]])


def _line(points: Points, hand: Hand, rng: Generator) -> Stroke:
    """The points as this hand draws them: evenly, with its tremor and its pressure."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    count = max(3, int(lengths[-1] / STEP) + 1)
    at = np.linspace(0, lengths[-1], count)
    even = np.stack([np.interp(at, lengths, points[:, axis]) for axis in (0, 1)], axis=1)
    if hand.tremor:
        waves = np.zeros_like(even)
        for _wave in range(3):
            often, phase = rng.uniform(0.5, 2.5), rng.uniform(0, 2 * np.pi, 2)
            waves += np.sin(at[:, None] * often * 2 + phase) * rng.uniform(0.3, 1)
        even = even + waves * hand.tremor
    swing = np.sin(at * rng.uniform(0.3, 1.2) + rng.uniform(0, 6)) * hand.pressure
    taper = np.clip(np.minimum(at, lengths[-1] - at) / 0.4 + 0.55, 0.55, 1)
    return Stroke(even, np.clip(hand.tool.width * (1 + swing) * taper, 0.12, None), hand.tool)


def _within(value: float, limit: float) -> float:
    return float(np.clip(value, -limit, limit))
