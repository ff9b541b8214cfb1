"""A printed page to be drawn on by a plain pen, for the tests of the reader."""

from functools import cache, partial

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.paper import blanks
from paper.geometry import Geometry, Spot
from paper.marks import Mark, PageSeen
from paper.reading import read_page

Picture = NDArray[np.uint8]
QUESTIONNAIRE = "bus-gov-13"
SEED = 41


def geometry() -> Geometry:
    return blanks.form(QUESTIONNAIRE).geometry


@cache
def _printed(side: int, dpi: int, seed: int) -> Picture:
    return blanks.printed(blanks.code(seed, side), QUESTIONNAIRE, "usual", dpi)


def page(side: int = 1, dpi: int = 150, seed: int = SEED) -> Picture:
    """A blank page as printed, to be drawn on."""
    return _printed(side, dpi, seed).copy()


def read(picture: Picture) -> PageSeen:
    return read_page(picture, partial(blanks.resolve, geometry()))


def spot(number: int, side: int = 1) -> Spot:
    return geometry().sides[side - 1].boxes[number].spot


def line(picture: Picture, points: list[tuple[float, float]], dpi: int, width: float, dark: int) -> None:
    at = (np.array(points) * dpi / 25.4 * 16).round().astype(int)
    for first, last in zip(at, at[1:], strict=False):
        thick = max(1, round(width * dpi / 25.4))
        cv2.line(picture, first.tolist(), last.tolist(), dark, thick, cv2.LINE_AA, 4)


def tick(
    picture: Picture,
    number: int,
    dpi: int = 150,
    side: int = 1,
    *,
    dark: int = 40,
    off: float = 0,
    lean: float = 0,
) -> None:
    x, y, w, _h = spot(number, side)
    points = [
        (x + 0.2 * w, y + 0.5 * w),
        (x + 0.45 * w, y + 0.85 * w),
        (x + (0.95 + lean) * w, y + (0.05 + lean) * w),
    ]
    line(picture, [(a + off, b) for a, b in points], dpi, 0.5, dark)


def cross(picture: Picture, number: int, dpi: int = 150) -> None:
    x, y, w, h = spot(number)
    line(picture, [(x + 1, y + 1), (x + w - 1, y + h - 1)], dpi, 0.5, 40)
    line(picture, [(x + w - 1, y + 1), (x + 1, y + h - 1)], dpi, 0.5, 40)


def fill(picture: Picture, number: int, dpi: int = 150) -> None:
    x, y, w, h = spot(number)
    for step in np.arange(0.3, h, 0.45):
        line(picture, [(x, y + step), (x + w, y + step)], dpi, 0.5, 50)


def ring(picture: Picture, number: int, dpi: int = 150) -> None:
    (x, y), w = spot(number).centre, spot(number).width
    turns = np.linspace(0, 6.5, 40)
    line(picture, [(x + 0.85 * w * np.cos(t), y + 0.85 * w * np.sin(t)) for t in turns], dpi, 0.5, 40)


def marks(seen: PageSeen) -> list[Mark]:
    return [box.mark for box in seen.boxes]
