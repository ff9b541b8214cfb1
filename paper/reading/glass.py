"""Dirt on the glass of a feeder: lines through the whole picture along the scanner's way. Found once, taken away."""

from dataclasses import replace

import cv2
import numpy as np

from paper.reading.picture import Floats, Picture, Pixels

STRIPS = 64
"""Parts of the picture's length in which a line is looked for: about 5 mm each."""
MOST = 0.22
"""Share of the parts that may lack the line: words are as dark."""
DEPTH = 7.0
"""Levels of grey by which a line is darker than what is beside it."""
WIDEST = 5
"""Pixels: dirt is thin; a frame or a letter is nowhere in all parts."""
OPAQUE = 90.0
"""A line so dark is filled in from both its sides; a paler one is lightened, and what it crosses stays."""


def wiped(shown: Picture) -> Picture:
    """The picture without such lines; the same one when there are none."""
    grey = _wiped(shown.grey, _strips(shown.grey))
    grey = _wiped(
        grey.T, _strips(np.asarray(cv2.transpose(grey)))
    ).T  # rows are quick to add up, columns are not
    return shown if np.shares_memory(grey, shown.grey) else _with(shown, grey)


def _strips(grey: Pixels) -> Floats:
    """The mean of each part's columns."""
    parts = np.array_split(grey, STRIPS)
    return np.vstack([cv2.reduce(part, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F) for part in parts])


def _with(shown: Picture, grey: Pixels) -> Picture:
    return replace(shown, grey=np.ascontiguousarray(grey))


def _wiped(grey: Pixels, strips: Floats) -> Pixels:
    """Without lines from the upper to the lower edge; `strips` are the picture's parts from top to bottom."""
    width = grey.shape[1]
    found = _found(strips)
    if not found.any():
        return grey
    clean = grey.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], found.view(np.int8), [0]])))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first <= WIDEST:
            _fill(clean, max(1, first - 1), min(width - 1, last + 1), strips)
    return clean


def _found(strips: Floats) -> Floats:
    """Which columns are darker than both their sides in nearly all the parts."""
    off = WIDEST + 1
    padded = np.pad(strips, ((0, 0), (off, off)), mode="edge")
    sides = np.minimum(padded[:, : -2 * off], padded[:, 2 * off :])
    return np.asarray((sides - strips > DEPTH).sum(0) >= STRIPS - round(MOST * STRIPS))


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
