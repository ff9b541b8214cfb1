"""What a pen can be asked for: `benchmarks.paper.strokes` is one, `benchmarks.paper.chromium` another."""

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.random import Generator

from benchmarks.paper.people import Hand
from paper.geometry import Spot


class Pen(Protocol):
    """Draws what a hand does."""

    def mark(self, kind: str, spot: Spot, hand: Hand, rng: Generator, *, astray: float = 0.0) -> list[Any]:
        """A tick, a cross, …"""

    def fill(self, spot: Spot, hand: Hand, rng: Generator) -> list[Any]:
        """The box filled over."""

    def scribble(self, spot: Spot, hand: Hand, rng: Generator) -> list[Any]:
        """The mark struck out."""

    def text(self, told: str, x: float, y: float, height: float, hand: Hand, rng: Generator) -> list[Any]:
        """«нет», «да», «верно», …: from x, on the line y."""

    def line(self, points: Sequence[tuple[float, float]], hand: Hand, rng: Generator) -> list[Any]:
        """A smooth line through these."""

    def speck(self, x: float, y: float, hand: Hand, rng: Generator) -> list[Any]:
        """The pen only rested."""

    def word(self, x: float, y: float, height: float, letters: int, hand: Hand, rng: Generator) -> list[Any]:
        """Something written."""
