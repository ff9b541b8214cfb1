"""A picture made ready: grey, of a bounded size, with the white of its paper at every place."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
Floats = NDArray[Any]
Matrix = NDArray[Any]

LONGEST = 2600
"""Pixels of the longer side that boxes are read from: A4 at 220 dpi."""
SMALL = 1500
"""… that corner marks are looked for on when not all are seen at once: A4 at 100 to 130 dpi."""
COARSE = 780
"""… that they are first looked for on: A4 at 67 dpi."""
TINY = 420
"""… that the white is known at: about one a millimetre."""
LEAST = 120
"""A side shorter than this holds no form."""
LONG_SIDE = 297
"""Millimetres of A4."""
AIR = 11
"""Millimetres, about, over which the paper's white is looked for: wider than any box or letter."""


@dataclass
class Picture:
    """`grey` is at most `LONGEST`; `scale`: its pixels per pixel of the given image. `colour` is of the same size."""

    given: tuple[int, int]
    grey: Pixels
    colour: Pixels | None
    scale: float

    @cached_property
    def small(self) -> tuple[Pixels, float]:
        """For finding marks quickly, and its pixels per pixel of `grey`."""
        return _shrunk(self.grey, SMALL)

    @cached_property
    def coarse(self) -> tuple[Pixels, float]:
        """For finding them more quickly still: single points do, a mean of them takes longer."""
        small, scale = self.small
        less = min(1.0, COARSE / max(small.shape))
        return np.asarray(cv2.resize(small, None, fx=less, fy=less), np.uint8), scale * less

    def soft(self, left: int, top: int, right: int, low: int) -> Pixels:
        """This part of `grey`, each point the mean of as many as a quarter of a millimetre of A4 holds."""
        across = round(max(self.grey.shape) / LONG_SIDE / 4)
        part = self.grey[max(0, top - across) : low + across, max(0, left - across) : right + across]
        if across > 1:
            mean = np.full((across, across), across**-2, np.float32)
            part = np.asarray(cv2.filter2D(part, -1, mean), np.uint8)  # of two by two quicker than its blur
        return part[min(top, across) :, min(left, across) :][: low - top, : right - left]

    @cached_property
    def white(self) -> tuple[Pixels, float]:
        """The paper's brightness, marks and letters taken away, and its pixels per pixel of `grey`."""
        small, scale = self.small
        tiny, more = _shrunk(small, TINY)
        closed = cv2.morphologyEx(cv2.medianBlur(tiny, 3), cv2.MORPH_CLOSE, np.ones((AIR, AIR), np.uint8))
        return np.asarray(cv2.blur(closed, (5, 5)), np.uint8), scale * more


def picture(image: Any) -> Picture | None:
    """None when it is no picture at all, or too small to hold anything."""
    given = np.asarray(image)
    if given.ndim == 3 and given.shape[2] in (1, 2):
        given = given[:, :, 0]
    if (
        given.ndim not in (2, 3)
        or min(given.shape[:2]) < LEAST
        or (given.ndim == 3 and given.shape[2] not in (3, 4))
    ):
        return None
    if given.dtype == np.bool_:
        given = given.astype(np.uint8) * 255
    elif given.dtype == np.uint16:
        given = (given >> 8).astype(np.uint8)
    elif given.dtype != np.uint8:
        return None
    height, width = given.shape[:2]
    fitted, scale = _fitted(np.ascontiguousarray(given), LONGEST)
    if fitted.ndim == 2:
        return Picture((height, width), fitted, None, scale)
    colour = fitted[:, :, :3]
    grey = np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)
    return Picture((height, width), grey, np.ascontiguousarray(colour), scale)


def _fitted(image: Pixels, longest: int) -> tuple[Pixels, float]:
    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return image, 1.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def _shrunk(image: Pixels, longest: int) -> tuple[Pixels, float]:
    """By a whole number of times, which is several times as fast; what is over at the edges is cut off."""
    height, width = image.shape[:2]
    times = -(-max(height, width) // longest)
    if times == 1:
        return image, 1.0
    size = (width // times, height // times)
    whole = image[: size[1] * times, : size[0] * times]
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8), 1 / times
