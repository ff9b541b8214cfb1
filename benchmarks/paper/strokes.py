"""Lines that a hand draws, in millimetres of the sheet: marks in boxes, corrections, words. No pixels here."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper.people import Hand
from paper.geometry import Spot

Points = NDArray[np.float64]
STEP = 0.2  # millimetres between the points of a finished line


class Stroke(NamedTuple):
    """Where the pen went, and how wide its line is at each point."""

    points: Points
    widths: NDArray[np.float64]


def mark(kind: str, spot: Spot, hand: Hand, rng: Generator, *, astray: float = 0.0) -> list[Stroke]:
    """A mark of this kind for the box; `astray`: by so many widths of the box it is off, to the left or anywhere."""
    x, y = spot.centre
    side = spot.width
    x += _within(hand.aim[0] + rng.normal(0, hand.spread), 0.3 * side)
    y += _within(hand.aim[1] + rng.normal(0, hand.spread), 0.3 * side)
    if astray:
        way = rng.uniform(0, 2 * np.pi) if hand.curly else np.pi
        x += astray * side * np.cos(way)
        y += astray * side * 0.7 * np.sin(way) + rng.uniform(-0.2, 0.2) * side
    size = side * hand.size * rng.uniform(0.85, 1.15)
    return [_line(points, hand, rng) for points in _shape(kind, x, y, size, side, spot, hand, rng)]


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
    if kind == "dot":
        return [_blob(x, y, side * rng.uniform(0.12, 0.2), hand, rng)]
    if kind == "circle":
        cx, cy = spot.centre
        off = rng.normal(0, 0.06 * side, 2)
        return [_loop(cx + off[0], cy + off[1], side * rng.uniform(0.78, 1.05), rng)]
    return filled(spot, hand, rng)


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


NO = (
    ((0, -1), (0, 0)), ((0, -0.5), (0.6, -0.5)), ((0.6, -1), (0.6, 0)),
    ((1.5, -0.5), (0.95, -0.55), (1.2, -1), (1.5, -0.8), (1.5, -0.5), (1.0, -0.5), (1.05, 0), (1.5, -0.1)),
    ((1.8, -1), (2.5, -1)), ((2.15, -1), (2.15, 0)),
)  # fmt: skip


def no(x: float, y: float, height: float, hand: Hand, rng: Generator) -> list[Stroke]:
    """«нет» in block letters."""
    lean = np.tan(hand.slant)
    lines = []
    for letter in NO:
        points = np.array(letter, dtype=float)
        points[:, 0] -= points[:, 1] * lean
        points = points * height + rng.normal(0, 0.05 * height, points.shape) + np.array([x, y])
        lines.append(_line(points, hand, rng))
    return lines


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
    return Stroke(even, np.clip(hand.tool.width * (1 + swing) * taper, 0.12, None))


def _within(value: float, limit: float) -> float:
    return float(np.clip(value, -limit, limit))
