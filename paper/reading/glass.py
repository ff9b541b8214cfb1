"""Dirt on the glass of a feeder: lines through the whole picture along the scanner's way. Found once, taken away."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from paper.reading.picture import Floats, Picture, Pixels

STRIPS = 64
"""Parts of the picture's length in which a line is looked for: about 5 mm each."""
LACKING = 14
"""So many of the parts may lack the line: words are as dark."""
DEPTH = 7.0
"""Levels of grey by which a line is darker than what is beside it."""
WIDEST = 5
"""Pixels: dirt is thin; a frame or a letter is nowhere in all parts."""
OPAQUE = 90.0
"""A line so dark is filled in from both its sides; a paler one is lightened, and what it crosses stays."""


def wiped(shown: Picture) -> Picture:
    """The picture without such lines; the same one when there are none."""
    grey = _wiped(shown.grey, lambda grey, first, last: grey[first:last])
    # rows are quick to add up, columns are not
    grey = _wiped(grey.T, lambda grey, first, last: cv2.transpose(grey.T[:, first:last])).T
    return shown if np.shares_memory(grey, shown.grey) else _with(shown, grey)


def _with(shown: Picture, grey: Pixels) -> Picture:
    return replace(shown, grey=np.ascontiguousarray(grey))


def _wiped(grey: Pixels, rows: Callable[[Pixels, int, int], Pixels]) -> Pixels:
    """Without lines from the upper to the lower edge. `rows`: some of its rows, so that they are quick to read."""
    each, over = divmod(len(grey), STRIPS)
    edges = [at * each + min(at, over) for at in range(STRIPS + 1)]

    def strips(which: slice) -> Floats:
        """The mean of each of these parts' columns."""
        parts = (rows(grey, first, last) for first, last in list(pairwise(edges))[which])
        return np.vstack([cv2.reduce(part, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F) for part in parts])

    some = strips(slice(0, None, 2))
    if not (_lacking(some) <= LACKING).any():  # nor is there one, then, in all of them
        return grey
    every = np.empty((STRIPS, grey.shape[1]), np.float32)
    every[::2], every[1::2] = some, strips(slice(1, None, 2))
    return _without(grey, every, _lacking(every) <= LACKING)


def _lacking(strips: Floats) -> Floats:
    """In how many of these parts each column is not darker than both its sides."""
    off = WIDEST + 1
    padded = cv2.copyMakeBorder(strips, 0, 0, off, off, cv2.BORDER_REPLICATE)
    sides = cv2.min(padded[:, : -2 * off], padded[:, 2 * off :])
    lacking: Floats = (sides - strips <= DEPTH).sum(0)
    return lacking


def _without(grey: Pixels, strips: Floats, found: Floats) -> Pixels:
    if not found.any():
        return grey
    width = grey.shape[1]
    clean = grey.copy(order="K")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], found.view(np.int8), [0]])))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first <= WIDEST:
            _fill(clean, max(1, first - 1), min(width - 1, last + 1), strips)
    return clean


def _fill(clean: Pixels, first: int, last: int, strips: Floats) -> None:
    """Lighten these columns by how dark the line is on white; what is under an opaque one is guessed."""
    left, right = clean[:, first - 1].astype(np.float32), clean[:, last].astype(np.float32)
    beside = (strips[:, first - 1].astype(np.float32) + strips[:, last]) / 2
    for column in range(first, last):
        share = (column - first + 1) / (last - first + 1)
        level = float(np.median(beside - strips[:, column]))
        between = left * (1 - share) + right * share
        lightened = clean[:, column] + np.float32(level)
        clean[:, column] = np.clip(between if level > OPAQUE else lightened, 0, 255).astype(np.uint8)
