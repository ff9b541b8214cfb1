"""Every box of a page cut out straight, each laid by its own printed frame, as darkness against its own white."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from paper.geometry import Spot
from paper.reading.picture import Floats, Matrix, Picture, Pixels

DOTS = 8
"""Pixels per millimetre of a cell: 203 dpi."""
LEFT, TOP, RIGHT, LOW = 2.3, 0.8, 2.3, 2.3
"""Millimetres around a box that are cut out with it; the print leaves them white, the upper side but for a hair."""
NEAR, FAR = 1.0, 3.25
"""Millimetres by which a frame may stand off its place: of a flat sheet; of a folded or rolled one."""
HELD = 0.5
"""A frame that stands out so much less than the others was not found."""
SURELY = 0.8
"""A frame that stands out so much as the others is one by which the bend of the sheet may be told."""
APART = 1.0
"""Millimetres by which a frame stands off that bend when it was mistaken."""
NEIGHBOURS = 6
TALLEST = 24_000
"""Rows that are resampled at once: the library's limit is 32,767."""
SOFTER = 4.5
"""Pixels per millimetre below which every point is a mean: a thin line must not fall between two of them."""
DARKEST = np.uint8(12)
"""Level of grey below which no paper is taken for white."""
FRAME_CAP = 0.7
"""Darkness beyond this is no more of a frame: a filled box must not draw its neighbourhood along."""


@dataclass(frozen=True)
class Cells:
    """Boxes of one size. `dark`: N × H × W, 0 white … 1 black.

    `box`: the frame's outer edge in pixels (left, top, right, bottom).
    `frame`: how dark each frame is; `held`: how much darker than its surroundings; `shift`: mm that it stands off.
    `at`: millimetres of the sheet, N × 2, where the frame's upper left corner stands.
    """

    dark: Floats
    box: tuple[int, int, int, int]
    frame: Floats
    held: Floats
    shift: Floats
    at: Floats


def cells(
    picture: Picture,
    matrix: Matrix,
    spots: Sequence[Spot],
    line: float,
    bent: Mapping[Spot, tuple[float, float]],
) -> Cells:
    """Boxes that are all of one size. `bent`: how far each corner mark stands off."""
    lefts = np.array([(spot.x, spot.y) for spot in spots], np.float64)
    expected = _expected(lefts, bent)
    cut = _cells(picture, matrix, spots, line, expected, NEAR)
    if not _flat(cut):
        wide = _cells(picture, matrix, spots, line, expected, FAR)
        cut = _cells(picture, matrix, spots, line, _bent(lefts, expected, wide), NEAR)
    return cut


def _flat(cut: Cells) -> bool:
    """Is every frame where the corner marks say it is, or nearly?"""
    found = cut.held >= HELD * np.median(cut.held)
    return bool(found.all()) and float(np.abs(cut.shift).max()) <= NEAR - 0.2


def _bent(lefts: Matrix, expected: Matrix, wide: Cells) -> Matrix:
    """How far off each box is: as found, and for those not found as a smooth bend of the paper through the others."""
    off = expected + wide.shift
    found = (wide.held >= SURELY * np.median(wide.held)) & (np.abs(wide.shift).max(1) < FAR - 0.1)
    if found.all() or found.sum() < 10:
        return off
    x, y = (lefts[:, 0] - 105) / 105, (lefts[:, 1] - 148) / 148
    shape = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y, x * x * y], 1)
    stiff = 0.02 * np.diag([0, 1, 1, 1, 1, 1, 1])
    part = shape[found]
    bend = shape @ np.linalg.solve(part.T @ part + stiff, part.T @ off[found])
    apart = np.abs(off - bend).max(1) > APART
    return np.where((~found | apart)[:, None], bend, off)


def _cells(
    picture: Picture,
    matrix: Matrix,
    spots: Sequence[Spot],
    line: float,
    expected: Matrix,
    reach: float,
) -> Cells:
    width, height = spots[0].width, spots[0].height
    lefts = np.array([(spot.x, spot.y) for spot in spots], np.float64)
    lefts = lefts + expected
    size = (LEFT + width + RIGHT + 2 * reach, TOP + height + LOW + 2 * reach)
    dark = darkness(picture, matrix, lefts - (LEFT + reach, TOP + reach), size, DOTS)
    left, top = round(LEFT * DOTS), round(TOP * DOTS)
    box = (left, top, left + round(width * DOTS), top + round(height * DOTS))
    shift, held, frame = _aligned(dark, box, max(1, round(line * DOTS)), round(reach * DOTS), lefts)
    rows, columns = box[3] + round(LOW * DOTS), box[2] + round(RIGHT * DOTS)
    cut = _cut(dark, shift.astype(int) + round(reach * DOTS), rows, columns)
    return Cells(cut, box, frame, held, shift / DOTS, lefts + shift / DOTS)


def darkness(
    picture: Picture, matrix: Matrix, lefts: Matrix, size: tuple[float, float], dots: float
) -> Floats:
    """Darkness of equal places: `lefts` are their upper left corners (mm, N × 2), `size` is width and height (mm)."""
    columns, rows = round(size[0] * dots), round(size[1] * dots)
    each = max(1, TALLEST // rows)
    white, scale = picture.white
    white, half = np.maximum(white, DARKEST), np.float32((scale - 1) / 2)
    told = np.empty((len(lefts), rows, columns), np.float32)
    for at in range(0, len(lefts), each):
        x, y = _pixels(matrix, lefts[at : at + each], columns, rows, dots)
        seen = _taken(picture.grey, x, y) if dots > SOFTER else _softly(picture, x, y)
        for one in (x, y):  # in place: filling new tables takes as long as the sums
            one *= np.float32(scale)
            one += half
        paper = _taken(white, x, y)
        bright = np.asarray(cv2.divide(seen, paper, dtype=cv2.CV_32F), np.float32)
        np.subtract(1, bright.reshape(-1, rows, columns), out=told[at : at + each])
    return np.maximum(told, 0, out=told)


def _pixels(matrix: Matrix, lefts: Matrix, columns: int, rows: int, dots: float) -> tuple[Floats, Floats]:
    """Of every point of every place, one place under another."""
    across = lefts[:, 0, None, None] + ((np.arange(columns) + 0.5) / dots)[None, None, :]
    down = lefts[:, 1, None, None] + ((np.arange(rows) + 0.5) / dots)[None, :, None]
    (a, b, c), (d, e, f), (g, h, i) = matrix

    def reached(by_x: float, by_y: float, more: float) -> Floats:
        """Small numbers are added up before the whole table is: it is filled once, and as float32."""
        told: Floats = (by_x * across).astype(np.float32) + (by_y * down + more).astype(np.float32)
        return told

    depth, x, y = reached(g, h, i), reached(a, b, c), reached(d, e, f)
    x /= depth
    y /= depth
    return x.reshape(-1, columns), y.reshape(-1, columns)


def _taken(image: Pixels, x: Floats, y: Floats) -> Pixels:
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _softly(picture: Picture, x: Floats, y: Floats) -> Pixels:
    """Every point a mean of those around it. To make the whole picture so takes longer."""
    height, width = picture.grey.shape
    ends = np.array([(x.min(), y.min()), (x.max(), y.max())])
    if not np.isfinite(ends).all():
        return _taken(picture.soft(0, 0, width, height), x, y)
    (left, top), (right, low) = np.clip(np.floor(ends), 0, (width - 1, height - 1)).astype(int).tolist()
    return _taken(picture.soft(left, top, right + 2, low + 2), x - np.float32(left), y - np.float32(top))


def _expected(lefts: Matrix, bent: Mapping[Spot, tuple[float, float]]) -> Matrix:
    """How far the nearer corner marks say that a place stands off."""
    if not bent:
        return np.zeros_like(lefts)
    centres = np.array([spot.centre for spot in bent])
    away = ((lefts[:, None, :] - centres[None, :, :]) ** 2).sum(2) + 100.0
    weights = 1 / away
    told: Matrix = (weights @ np.array(list(bent.values()))) / weights.sum(1, keepdims=True)
    return told


def _aligned(
    dark: Floats, box: tuple[int, int, int, int], line: int, reach: int, lefts: Matrix
) -> tuple[Floats, Floats, Floats]:
    """Of each printed frame: pixels off its expected place, how it stands out of what is beside, how dark it is."""
    left, top, right, low = box
    width, height = right - left, low - top
    sums = _sums(np.minimum(dark, FRAME_CAP))
    span = 2 * reach + 1

    def strip(x: int, y: int, w: int, h: int) -> Floats:
        """Mean darkness of a strip at every shift."""

        def at(ax: int, ay: int) -> Floats:
            return sums[:, ay : ay + span, ax : ax + span]

        total: Floats = at(x + w, y + h) - at(x, y + h) - at(x + w, y) + at(x, y)
        return total / (w * h)

    far, deep, gap = right - line, low - line, line + 1
    edges = np.stack([
        strip(left, top, width, line), strip(left, deep, width, line),
        strip(left, top, line, height), strip(far, top, line, height),
    ])  # fmt: skip
    beside = np.stack([
        strip(left, top - gap, width, line), strip(left, deep + gap, width, line),
        strip(left - gap, top, line, height), strip(far + gap, top, line, height),
    ])  # fmt: skip
    answer = edges.sum(0) - 0.5 * beside.sum(0) + 0.5 * edges.min(0)
    away = np.abs(np.arange(span) - reach) / DOTS
    flat = (answer - 0.02 * (away[:, None] + away[None, :])).reshape(len(dark), -1)
    best = flat.argmax(1)
    shift = np.stack([best % span - reach, best // span - reach], 1).astype(np.float32)
    there = edges.reshape(4, len(dark), -1)[:, np.arange(len(dark)), best]
    outside = beside.reshape(4, len(dark), -1)[:, np.arange(len(dark)), best]
    held = (there - outside).mean(0)
    return _agreed(shift, held, lefts), held, np.sort(there, 0)[1]


def _sums(dark: Floats) -> Floats:
    """Of all that is above and to the left, for each cell."""
    sums = np.zeros((len(dark), dark.shape[1] + 1, dark.shape[2] + 1), np.float32)
    for number, one in enumerate(dark):
        sums[number] = cv2.integral(one, sdepth=cv2.CV_32F)
    return sums


def _agreed(shift: Floats, held: Floats, lefts: Matrix) -> Floats:
    """A frame that was not found is taken to stand as its nearest neighbours do."""
    found = held >= HELD * np.median(held)
    if found.all() or found.sum() < 3:
        return shift
    told = shift.copy()
    known = np.nonzero(found)[0]
    for lost in np.nonzero(~found)[0]:
        away = ((lefts[known] - lefts[lost]) ** 2).sum(1)
        told[lost] = np.round(np.median(shift[known[np.argsort(away)[:NEIGHBOURS]]], axis=0))
    return told


def _cut(dark: Floats, at: Floats, rows: int, columns: int) -> Floats:
    return np.stack(
        [one[y : y + rows, x : x + columns] for one, (x, y) in zip(dark, at.tolist(), strict=True)]
    )
