"""Marks of no school: strokes bent at random, struck-out answers, marks on the word or under it."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper.people import Hand
from benchmarks.paper.strokes import STEP, Stroke
from paper.geometry import Spot

Points = NDArray[np.float64]
WORD = 8.2 / 6
"""Widths of a box from its left edge to where its word begins."""


def bent(drawn: Sequence[Stroke], rng: Generator, by: float = 1.0) -> list[Stroke]:
    """The strokes of one mark, stretched, leant and bowed together, the line thicker or thinner."""
    every = np.vstack([stroke.points for stroke in drawn])
    middle, reach = every.mean(0), max(1.0, float(np.ptp(every, axis=0).max()))
    spread = np.eye(2) + by * rng.normal(0, 0.12, (2, 2))
    waves = [
        (rng.normal(0, 0.045 * by, 2) * reach, rng.uniform(0.4, 1.6, 2) * np.pi / reach, rng.uniform(0, 6, 2))
        for _wave in range(2)
    ]
    thick = float(np.exp(rng.normal(0, 0.12)))
    told = []
    for stroke in drawn:
        away = stroke.points - middle
        bow = sum(size * np.sin(away[:, ::-1] * often + phase) for size, often, phase in waves)
        told.append(Stroke(away @ spread + middle + bow, stroke.widths * thick))
    return told


def mark(spot: Spot, hand: Hand, rng: Generator) -> list[Stroke]:
    """A mark in the box that is none of the usual ones."""
    at = rng.uniform
    shapes: tuple[list[list[tuple[float, float]]], ...] = (
        [[(-0.4, at(-0.5, 0)), (at(-0.1, 0.1), 0.4), (0.45, at(-0.6, -0.2))]],  # a steep v
        [[(-0.45, 0), (0.45, 0)], [(0, -0.45), (0, 0.45)]],  # a plus
        [[(-0.45, -0.3), (0.4, -0.35), (-0.4, 0.3), (0.45, 0.35)]],  # a z
        [[(-0.5, -0.45), (0.5, 0.5), (0.75, 0), (0.45, -0.5), (-0.5, 0.5)]],  # a cross in one stroke
        [[(-0.4, 0), (-0.1, 0.3), (0.4, -0.5)], [(-0.2, 0), (0.1, 0.3), (0.6, -0.5)]],  # two ticks
        [[(-0.4, 0.1), (-0.2, -0.3), (0.0, 0.3), (0.2, -0.3), (0.4, 0.2)]],  # a wave
        [[(-0.45, 0.2), (-0.1, 0.5), (0.2, 0.1), (1.1, -0.9)]],  # a long tail
        [[(-0.4, -0.3), (0.4, 0.3)], [(-0.4, 0.3), (0.4, -0.3)], [(-0.5, 0), (0.5, 0)]],  # a star
        [[(0.4, -0.4), (-0.3, -0.4), (-0.4, 0.4), (0.3, 0.4), (0.4, -0.3)]],  # a smaller box
    )
    size = spot.width * hand.size * at(0.8, 1.2)
    middle = np.array(spot.centre) + np.clip(rng.normal(0, hand.spread, 2), -1.8, 1.8)
    lines = shapes[int(rng.integers(len(shapes)))]
    return bent([_line(np.array(points) * size + middle, hand, rng) for points in lines], rng)


def struck(spot: Spot, hand: Hand, rng: Generator, *, word: bool = False) -> list[Stroke]:
    """Lines through the box and its word, or (`word`) through the word alone."""
    at, wide = rng.uniform, spot.width
    left = spot.x + (wide * WORD - at(0, 1) if word else -at(0.5, 4.0))
    right = spot.x + wide * (at(1.3, 3.5) if not word else at(2.2, 4.0))
    y = spot.centre[1]
    ways: tuple[Callable[[], list[Points]], ...] = (
        lambda: [_across(left, right, y + at(-1.2, 1.2), rng)],
        lambda: [_across(left, right, y + off + at(-0.4, 0.4), rng) for off in (-0.7, 0.7)],
        lambda: [_across(left, right, y + at(-1.2, 1.2), rng)],
        lambda: [np.array([(left, y + at(1.5, 3.5)), (right, y - at(1.5, 3.5))])],
        lambda: [
            np.array([(left, y + at(1.5, 3.5)), (right, y - at(1.5, 3.5))]),
            np.array([(left, y - at(1.5, 3.5)), (right, y + at(1.5, 3.5))]),
        ],
        lambda: [_zigzag(left, right, y, rng)],
    )
    lines = ways[int(rng.integers(len(ways)))]()
    return bent([_line(points, hand, rng) for points in lines], rng, 0.4)


def beside(spot: Spot, hand: Hand, rng: Generator) -> list[Stroke]:
    """A mark that belongs to the box and is not in it: on the word, under it, round it, above the box, to the left."""
    at, wide = rng.uniform, spot.width
    word = spot.x + wide * WORD
    kind = int(rng.integers(6))
    if kind == 0:
        return bent([_line(_underline(word, spot, rng), hand, rng)], rng, 0.3)
    if kind == 1:
        angles = np.linspace(0, 2 * np.pi * at(0.95, 1.15), 40) + at(0, 6)
        first = spot.x - at(0.5, 2) if rng.random() < 0.3 else word - at(0.3, 1.5)
        half = (word + at(5, 22) - first) / 2
        ring = np.stack(
            [first + half + half * np.cos(angles), spot.centre[1] + wide * at(0.5, 0.8) * np.sin(angles)], 1
        )
        return bent([_line(ring, hand, rng)], rng, 0.3)
    off = {
        2: (at(8, 15), at(-1.5, 1.5)),
        3: (at(8, 12), at(-1.5, 1.5)),
        4: (at(-2, 4), -at(6, 9.5)),
        5: (-at(6.2, 8.5), at(-1.5, 1.5)),
    }[kind]
    moved = spot._replace(x=spot.x + off[0] * wide / 6, y=spot.y + off[1] * wide / 6)
    return mark(moved, hand, rng) if rng.random() < 0.4 else _tick(moved, hand, rng)


def behind(spot: Spot, hand: Hand, rng: Generator) -> list[Stroke]:
    """On a word at this place: a tick, some other mark, or a line under it."""
    kind = rng.random()
    if kind < 0.25:
        return bent([_line(_underline(spot.x, spot, rng), hand, rng)], rng, 0.3)
    return _tick(spot, hand, rng) if kind < 0.65 else mark(spot, hand, rng)


def _tick(spot: Spot, hand: Hand, rng: Generator) -> list[Stroke]:
    points = np.array(
        [(-0.4, rng.uniform(-0.1, 0.15)), (-0.1, rng.uniform(0.3, 0.5)), (0.55, -rng.uniform(0.4, 0.9))]
    )
    return bent([_line(points * spot.width * hand.size + np.array(spot.centre), hand, rng)], rng)


def _underline(word: float, spot: Spot, rng: Generator) -> Points:
    y = spot.y + spot.width * rng.uniform(0.85, 1.15)
    return _across(word - rng.uniform(0, 1.5), word + rng.uniform(5, 25), y, rng)


def _across(left: float, right: float, y: float, rng: Generator) -> Points:
    slope = rng.normal(0, 0.06) * (right - left)
    return np.array(
        [(left, y - slope / 2), ((left + right) / 2, y + rng.normal(0, 0.3)), (right, y + slope / 2)]
    )


def _zigzag(left: float, right: float, y: float, rng: Generator) -> Points:
    xs = np.arange(left, right, rng.uniform(0.7, 2.0))
    high = rng.uniform(1.2, 3.2)
    ys = y + np.where(np.arange(len(xs)) % 2, high, -high) + rng.normal(0, 0.3, len(xs))
    return np.stack([xs, ys], 1)


def _line(points: Points, hand: Hand, rng: Generator) -> Stroke:
    """Evenly along the points, with this hand's tremor and pressure."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, lengths[-1], max(4, int(lengths[-1] / STEP) + 1))
    even = np.stack([np.interp(at, lengths, points[:, axis]) for axis in (0, 1)], 1)
    shake = np.sin(at[:, None] * rng.uniform(1, 5, 2) + rng.uniform(0, 6, 2)) * hand.tremor
    press = 1 + hand.pressure * np.sin(at * rng.uniform(0.3, 1.2) + rng.uniform(0, 6))
    return Stroke(even + shake, np.clip(hand.tool.width * press, 0.12, None))
