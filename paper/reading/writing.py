"""How much is written by hand in each field for words."""

from collections.abc import Mapping

import cv2
import numpy as np

from paper.geometry import Spot
from paper.reading.cells import darkness
from paper.reading.picture import Floats, Matrix, Picture

DOTS = 4
BLACK = 0.25
"""Darkness of a point of writing: pencil is paler than ink, and finer than a point of this size."""
STRAIGHT = 7.0
"""Millimetres of an unbroken straight line that no hand draws in words: it is printed."""
AIR = 1.0
"""Millimetres left out at the field's edge, where its own frame or the words over it may come in."""


def written(picture: Picture, matrix: Matrix, words: Mapping[str, Spot]) -> dict[str, float]:
    """Question → share of its field that is ink, printed lines aside."""
    return {name: _share(picture, matrix, spot) for name, spot in words.items()}


def _share(picture: Picture, matrix: Matrix, spot: Spot) -> float:
    inner = spot.grown(-AIR)
    if inner.width <= STRAIGHT or inner.height <= STRAIGHT / 2:
        inner = spot
    dark = darkness(picture, matrix, np.array([(inner.x, inner.y)]), (inner.width, inner.height), DOTS)[0]
    ink = (dark > BLACK).astype(np.uint8)
    long = round(STRAIGHT * DOTS)
    printed = np.zeros_like(ink)
    for size in ((long, 1), (1, long)):
        if ink.shape[1] >= size[0] and ink.shape[0] >= size[1]:
            opened = cv2.morphologyEx(_joined(ink, size), cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8))
            printed |= cv2.dilate(np.asarray(opened, np.uint8), np.ones((3, 3), np.uint8))
    return round(float((ink & ~printed & 1).mean()), 5) if ink.size else 0.0


def _joined(ink: Floats, size: tuple[int, int]) -> Floats:
    """A line a little aslant climbs by a point now and then: across it, points are made to touch."""
    return np.asarray(cv2.dilate(ink, np.ones((3, 1) if size[0] > 1 else (1, 3), np.uint8)), np.uint8)
