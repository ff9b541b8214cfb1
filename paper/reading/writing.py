"""How much is written by hand in each field for words."""

from collections.abc import Mapping

import numpy as np

from paper.geometry import Spot
from paper.reading.cells import darkness
from paper.reading.picture import Matrix, Picture

DOTS = 4
BLACK = 0.28
"""Darkness of a point of writing: pencil is paler than ink, and finer than a point of this size."""
PRINTED = 0.55
"""A row or column with so much dark in it is a printed line."""


def written(picture: Picture, matrix: Matrix, words: Mapping[str, Spot], line: float) -> dict[str, float]:
    """Question → share of its field that is ink, printed lines aside."""
    return {name: _share(picture, matrix, spot, line) for name, spot in words.items()}


def _share(picture: Picture, matrix: Matrix, spot: Spot, line: float) -> float:
    inner = spot.grown(-2 * line)
    if inner.width <= 1 or inner.height <= 1:
        return 0.0
    dark = darkness(picture, matrix, np.array([(inner.x, inner.y)]), (inner.width, inner.height), DOTS)[0]
    ink = dark > BLACK
    across, down = ink.mean(1) > PRINTED, ink.mean(0) > PRINTED
    for _step in range(2):
        across = across | np.roll(across, 1) | np.roll(across, -1)
        down = down | np.roll(down, 1) | np.roll(down, -1)
    kept = ink[~across][:, ~down]
    return round(float(kept.mean()), 5) if kept.size else 0.0
