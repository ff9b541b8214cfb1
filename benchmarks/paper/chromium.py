"""Another hand altogether: SVG paths that Chromium draws over the page, with shapes of their own.

Nothing here is shared with `strokes`: ribbons whose width follows a pressure, Bézier curves with jitter, letters of a
slanted font. For the held-apart measurement only; slower than the other by a screenshot a side.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from benchmarks.paper.drawing import Picture
from benchmarks.paper.pens import Pen
from benchmarks.paper.people import Hand
from paper.geometry import Spot

Points = NDArray[np.float64]
EXECUTABLE = "/usr/bin/chromium"


class Ribbons:
    """A pen whose marks are SVG elements, in millimetres."""

    def mark(self, kind: str, spot: Spot, hand: Hand, rng: Generator, *, astray: float = 0.0) -> list[str]:
        """See `pens.Pen`."""
        x, y = spot.centre
        side = spot.width
        way = rng.uniform(0, 2 * np.pi)
        x += np.clip(hand.aim[0] + rng.normal(0, hand.spread), -1.6, 1.6) + astray * side * np.cos(way)
        y += np.clip(hand.aim[1] + rng.normal(0, hand.spread), -1.6, 1.6) + astray * side * 0.6 * np.sin(way)
        curves = _curves(kind, side * hand.size, side, rng)
        if kind == "fill":
            return self.fill(spot, hand, rng)
        if kind == "circle":
            x, y = spot.centre
        return [_ribbon(_placed(curve, x, y, hand, rng), hand, rng) for curve in curves]

    def fill(self, spot: Spot, hand: Hand, rng: Generator) -> list[str]:
        """See `pens.Pen`: slanting lines to and fro, and a line round them."""
        lines = []
        step = max(0.35, hand.tool.width * rng.uniform(0.7, 1.2))
        path = []
        for number, at in enumerate(np.arange(0.2, 2 * spot.width - 0.2, step)):
            low, high = max(0.0, at - spot.width), min(at, spot.width)
            ends = [(low, at - low), (high, at - high)]
            path += ends if number % 2 else ends[::-1]
        points = np.array(path) + (spot.x, spot.y) + rng.normal(0, 0.15, (len(path), 2))
        lines.append(_ribbon(_dense(points), hand, rng))
        corners = np.array([(0.3, 0.3), (0.95, 0.25), (0.9, 0.95), (0.3, 0.9), (0.3, 0.25)]) * spot.width
        lines.append(_ribbon(_dense(corners + (spot.x, spot.y) + rng.normal(0, 0.2, (5, 2))), hand, rng))
        return lines

    def scribble(self, spot: Spot, hand: Hand, rng: Generator) -> list[str]:
        """See `pens.Pen`: a spiral of loops through the box."""
        turns = rng.uniform(3, 6)
        at = np.linspace(0, 2 * np.pi * turns, int(turns * 24))
        reach = spot.width * rng.uniform(0.45, 0.75)
        x = spot.x + at / at[-1] * spot.width * 1.2 - 0.1 * spot.width + reach * 0.4 * np.cos(at)
        y = spot.centre[1] + reach * np.sin(at)
        return [_ribbon(np.stack([x, y], axis=1), hand, rng)]

    def text(self, told: str, x: float, y: float, height: float, hand: Hand, rng: Generator) -> list[str]:
        """See `pens.Pen`."""
        return [_text(told, x, y, height * 1.5, hand)]

    def line(self, points: Sequence[tuple[float, float]], hand: Hand, rng: Generator) -> list[str]:
        """See `pens.Pen`: through all of them, by chords that turn a little at each."""
        return [_ribbon(_through(np.array(points)), hand, rng)]

    def word(self, x: float, y: float, height: float, letters: int, hand: Hand, rng: Generator) -> list[str]:
        """See `pens.Pen`."""
        signs = "аеиорстнлвкмдупяызбгчйхжшюцэ"
        told = "".join(signs[int(rng.integers(len(signs)))] for _letter in range(letters))
        return [_text(told, x, y, height * 1.5, hand)]

    def speck(self, x: float, y: float, hand: Hand, rng: Generator) -> list[str]:
        """See `pens.Pen`."""
        radius = hand.tool.width * rng.uniform(0.5, 0.8)
        return [f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}"/>']


class Browser:
    """A studio whose ink is drawn by Chromium."""

    pen: Pen = Ribbons()

    def __init__(self, page: Page) -> None:
        """A page of a browser that runs."""
        self._page = page

    def inked(self, page: Picture, drawn: list[str], hand: Hand, dpi: int, rng: Generator) -> Picture:
        """See `sheets.Studio`."""
        done, data = cv2.imencode(".png", page, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        assert done
        height, width = page.shape
        blue, green, red = hand.tool.colour
        wide, high = width / dpi * 25.4, height / dpi * 25.4
        self._page.set_viewport_size({"width": width, "height": height})
        self._page.set_content(
            "<style>*{margin:0}svg,img{position:absolute;left:0;top:0}svg{mix-blend-mode:multiply}</style>"
            f'<img width="{width}" height="{height}" src="data:image/png;base64,{b64encode(data.tobytes()).decode()}">'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {wide:.3f} {high:.3f}" fill="rgb({red} {green} {blue})"'
            f' fill-opacity="{hand.tool.cover:.2f}">{"".join(drawn)}</svg>'
        )
        shot = np.frombuffer(self._page.screenshot(type="jpeg", quality=97), np.uint8)
        return np.asarray(cv2.imdecode(shot, cv2.IMREAD_COLOR), np.uint8)


@contextmanager
def opened() -> Iterator[Browser]:
    """A Chromium of one's own, closed at the end."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=EXECUTABLE)
        try:
            yield Browser(chromium.new_page())
        finally:
            chromium.close()


def _curves(kind: str, size: float, side: float, rng: Generator) -> list[Points]:
    """Control points of cubic Bézier curves, about the middle of the box."""
    at = rng.uniform
    if kind == "tick":
        low = (at(-0.2, 0.0), at(0.35, 0.6))
        tail = (at(0.5, 0.9), at(-0.9, -0.5))
        return [
            _bezier([(at(-0.6, -0.35), at(-0.2, 0.15)), (-0.35, 0.1), (-0.2, 0.3), low]) * size,
            _bezier([low, (0.0, 0.2), (0.25, at(-0.3, 0)), tail]) * size,
        ]
    if kind == "cross":
        if rng.random() < 0.4:  # in one stroke, with a loop
            loop = [(-0.5, -0.5), (0.6, 0.6), (0.9, 0.1), (0.5, -0.4)]
            back = [(0.5, -0.4), (0.2, -0.6), (-0.2, 0.3), (-0.5, 0.5)]
            return [np.vstack([_bezier(loop), _bezier(back)]) * size]
        bow = at(-0.15, 0.15)
        return [
            _bezier([(-0.5, -0.5), (-0.1, -0.2 + bow), (0.1, 0.2), (0.5, 0.5)]) * size,
            _bezier([(0.5, -0.5), (0.2, -0.1), (-0.2, 0.2 + bow), (-0.5, 0.5)]) * size,
        ]
    if kind == "slash":
        return [_bezier([(0.5, -0.6), (0.2, -0.1), (-0.1, 0.1), (-0.4, 0.5)]) * size]
    if kind == "dash":
        return [_bezier([(-0.5, at(-0.1, 0.1)), (-0.2, -0.1), (0.2, 0.1), (0.5, at(-0.1, 0.1))]) * size]
    if kind == "plus":
        return [
            _bezier([(at(-0.1, 0.1), -0.5), (0.05, -0.2), (-0.05, 0.2), (at(-0.1, 0.1), 0.5)]) * size,
            _bezier([(-0.5, at(-0.1, 0.1)), (-0.2, 0.05), (0.2, -0.05), (0.5, at(-0.1, 0.1))]) * size,
        ]
    if kind == "bar":
        return [_bezier([(at(-0.1, 0.1), -0.5), (0.1, -0.2), (0.1, 0.2), (at(-0.1, 0.1), 0.5)]) * size]
    if kind == "one-stroke cross":
        loop = [(-0.5, -0.5), (0.6, 0.6), (0.9, 0.1), (0.5, -0.4)]
        return [
            np.vstack([_bezier(loop), _bezier([(0.5, -0.4), (0.2, -0.6), (-0.2, 0.3), (-0.5, 0.5)])]) * size
        ]
    if kind in ("small fill", "scrawl"):
        turns = int(at(4, 9))
        ways = np.resize([-1, 1], turns) * at(0.2, 0.45)
        path = np.stack([ways, np.linspace(-0.35, 0.35, turns)], axis=1) + rng.normal(0, 0.05, (turns, 2))
        return [_through(path) * (side * 0.8 if kind == "small fill" else size)]
    if kind == "dot":
        angles = np.linspace(0, 4 * np.pi, 40)
        return [np.stack([np.cos(angles), np.sin(angles)], axis=1) * side * at(0.06, 0.14)]
    angles = np.linspace(at(-1, 1), 2 * np.pi + at(0, 1.5), 60)
    egg = np.stack([np.cos(angles) * at(0.95, 1.25), np.sin(angles) + 0.1 * np.sin(2 * angles)], axis=1)
    return [egg * side * at(0.8, 1.0)]


def _placed(points: Points, x: float, y: float, hand: Hand, rng: Generator) -> Points:
    turn = hand.slant + rng.normal(0, 0.1)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    placed: Points = points @ spin + (x, y)
    if hand.tremor:
        at = np.arange(len(placed))[:, None]
        placed = placed + hand.tremor * np.sin(at * rng.uniform(0.3, 0.9) + rng.uniform(0, 6, 2))
    return placed


def _bezier(points: list[tuple[float, float]]) -> Points:
    a, b, c, d = (np.array(point) for point in points)
    t = np.linspace(0, 1, 24)[:, None]
    return np.asarray((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)


def _through(points: Points) -> Points:
    """A curve through all of them, by averages of the corners: rounder than a polygon, never beyond it."""
    path = _dense(points)
    for _time in range(2):
        path[1:-1] = (path[:-2] + 2 * path[1:-1] + path[2:]) / 4
    return path


def _dense(points: Points) -> Points:
    count = 8 * len(points)
    at = np.linspace(0, len(points) - 1, count)
    return np.stack([np.interp(at, np.arange(len(points)), points[:, axis]) for axis in (0, 1)], axis=1)


def _ribbon(points: Points, hand: Hand, rng: Generator) -> str:
    """A line as a shape: thin where the pen is quick and at its ends, thick where it turns."""
    ahead = np.gradient(points, axis=0)
    speed = np.hypot(*ahead.T) + 1e-6
    across = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / speed[:, None]
    press = 1 - hand.pressure * np.clip(speed / speed.mean() - 1, -1, 1)
    ends = np.minimum(np.arange(len(points)), np.arange(len(points))[::-1])
    press *= np.clip(0.5 + ends / 8, 0.5, 1) * (1 + rng.normal(0, 0.04, len(points)))
    half = across * (hand.tool.width * press / 2)[:, None]
    # One quadrilateral a step: a ribbon that crosses itself stays filled.
    left, right = points + half, points - half
    steps = [
        "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in (left[n], left[n + 1], right[n + 1], right[n])) + "Z"
        for n in range(len(points) - 1)
    ]
    blue, green, red = hand.tool.colour
    smear = f";filter:blur({hand.tool.soft:.2f}px)" if hand.tool.soft else ""
    style = f"fill:rgb({red} {green} {blue});fill-opacity:{hand.tool.cover:.2f}{smear}"
    return f'<path style="{style}" d="{"".join(steps)}"/>'


def _text(told: str, x: float, y: float, size: float, hand: Hand) -> str:
    lean = -np.degrees(hand.slant)
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="URW Bookman, serif" font-style="italic" font-size="{size:.2f}"'
        f' transform="skewX({lean:.1f})" transform-origin="{x:.2f} {y:.2f}">{told}</text>'
    )
