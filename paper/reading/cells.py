"""Every box of a page cut out straight, each laid by its own printed frame, as darkness against its own white."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from paper.geometry import Spot
from paper.reading.picture import Floats, Matrix, Picture, Pixels

DOTS = 8
"""Pixels per millimetre of a cell: 203 dpi."""
LEFT, AROUND = 4.5, 1.9
"""Millimetres to the left of a box, and on its other sides, that the print leaves white and a hand may use."""
SEARCH = 1.75
"""Millimetres by which a frame may stand off its place: a fold, a roll of the paper."""
APART = 0.5
"""Millimetres by which it may stand off its neighbours' shift."""
NEIGHBOURS = 6
TALLEST = 24_000
"""Rows that are resampled at once: the library's limit is 32,767."""
FRAME_CAP = 0.7
"""Darkness beyond this is no more of a frame: a filled box must not draw its neighbourhood along."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """Boxes of one size. `dark`: N × H × W, 0 white … 1 black.

    `box`: the frame's outer edge in pixels (left, top, right, bottom); `clear`: where nothing else is printed.
    `frame`: how dark each frame is; `held`: how much darker than its surroundings; `shift`: mm that it stands off.
    """

    dark: Floats
    box: tuple[int, int, int, int]
    clear: Flags
    frame: Floats
    held: Floats
    shift: Floats


def cells(
    picture: Picture,
    matrix: Matrix,
    spots: Sequence[Spot],
    line: float,
    bent: Mapping[Spot, tuple[float, float]],
    printed: Sequence[Spot],
) -> Cells:
    """Boxes that are all of one size. `bent`: how far each corner mark stands off; `printed`: what else is there."""
    width, height = spots[0].width, spots[0].height
    lefts = np.array([(spot.x, spot.y) for spot in spots], np.float64)
    lefts = lefts + _expected(lefts, bent)
    more = np.array((LEFT + SEARCH, AROUND + SEARCH))
    size = (LEFT + width + AROUND + 2 * SEARCH, 2 * AROUND + height + 2 * SEARCH)
    dark = darkness(picture, matrix, lefts - more, size, DOTS)
    shift, held = _aligned(dark, round(width * DOTS), round(height * DOTS), max(1, round(line * DOTS)), lefts)
    rows, columns = round((2 * AROUND + height) * DOTS), round((LEFT + width + AROUND) * DOTS)
    cut = _cut(dark, shift, rows, columns)
    box = (
        round(LEFT * DOTS),
        round(AROUND * DOTS),
        round((LEFT + width) * DOTS),
        round((AROUND + height) * DOTS),
    )
    clear = _clear(spots, printed, rows, columns)
    return Cells(cut, box, clear, _frames(cut, box, max(1, round(line * DOTS))), held, shift / DOTS)


def darkness(
    picture: Picture, matrix: Matrix, lefts: Matrix, size: tuple[float, float], dots: float
) -> Floats:
    """Darkness of equal places: `lefts` are their upper left corners (mm, N × 2), `size` is width and height (mm)."""
    columns, rows = round(size[0] * dots), round(size[1] * dots)
    each = max(1, TALLEST // rows)
    white, scale = picture.white
    parts: list[Floats] = [np.zeros((0, rows, columns), np.float32)]
    for at in range(0, len(lefts), each):
        x, y = _pixels(matrix, lefts[at : at + each], columns, rows, dots)
        grey = _taken(picture.grey, x, y).astype(np.float32)
        paper = _taken(white, (x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5).astype(np.float32)
        parts.append(np.clip(1 - grey / np.maximum(paper, 12), 0, 1).reshape(-1, rows, columns))
    return np.concatenate(parts)


def _pixels(matrix: Matrix, lefts: Matrix, columns: int, rows: int, dots: float) -> tuple[Floats, Floats]:
    """Of every point of every place, one place under another."""
    across = lefts[:, 0, None, None] + ((np.arange(columns) + 0.5) / dots)[None, None, :]
    down = lefts[:, 1, None, None] + ((np.arange(rows) + 0.5) / dots)[None, :, None]
    (a, b, c), (d, e, f), (g, h, i) = matrix
    depth = g * across + h * down + i
    x = (a * across + b * down + c) / depth
    y = (d * across + e * down + f) / depth
    return x.reshape(-1, columns).astype(np.float32), y.reshape(-1, columns).astype(np.float32)


def _taken(image: Pixels, x: Floats, y: Floats) -> Pixels:
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _expected(lefts: Matrix, bent: Mapping[Spot, tuple[float, float]]) -> Matrix:
    """How far the nearer corner marks say that a place stands off."""
    if not bent:
        return np.zeros_like(lefts)
    centres = np.array([spot.centre for spot in bent])
    away = ((lefts[:, None, :] - centres[None, :, :]) ** 2).sum(2) + 100.0
    weights = 1 / away
    told: Matrix = (weights @ np.array(list(bent.values()))) / weights.sum(1, keepdims=True)
    return told


def _aligned(dark: Floats, width: int, height: int, line: int, lefts: Matrix) -> tuple[Floats, Floats]:
    """Where each printed frame is (pixels off its expected place, N × 2), and how dark it is against what is beside."""
    reach = round(SEARCH * DOTS)
    left, top = round(LEFT * DOTS), round(AROUND * DOTS)
    sums = np.zeros((len(dark), dark.shape[1] + 1, dark.shape[2] + 1), np.float32)
    np.cumsum(np.cumsum(np.minimum(dark, FRAME_CAP), 1), 2, out=sums[:, 1:, 1:])
    span = 2 * reach + 1

    def strip(x: int, y: int, w: int, h: int) -> Floats:
        """Mean darkness of a strip at every shift."""

        def at(ax: int, ay: int) -> Floats:
            return sums[:, ay : ay + span, ax : ax + span]

        total: Floats = at(x + w, y + h) - at(x, y + h) - at(x + w, y) + at(x, y)
        return total / (w * h)

    right, low = left + width - line, top + height - line
    on = [
        strip(left, top, width, line), strip(left, low, width, line),
        strip(left, top, line, height), strip(right, top, line, height),
    ]  # fmt: skip
    gap = line + 1
    off = [
        strip(left, top - gap, width, line), strip(left, low + gap, width, line),
        strip(left - gap, top, line, height), strip(right + gap, top, line, height),
    ]  # fmt: skip
    edges, beside = np.stack(on), np.stack(off)
    answer = edges.sum(0) - 0.5 * beside.sum(0) + 0.5 * edges.min(0)
    away = np.abs(np.arange(span) - reach) / DOTS
    flat = (answer - 0.03 * (away[:, None] + away[None, :])).reshape(len(dark), -1)
    best = flat.argmax(1)
    shift = np.stack([best % span - reach, best // span - reach], 1).astype(np.float32)
    stands = (edges - beside).mean(0).reshape(len(dark), -1)
    held = np.take_along_axis(stands, best[:, None], 1)[:, 0]
    return _agreed(shift, held, lefts), held


def _agreed(shift: Floats, held: Floats, lefts: Matrix) -> Floats:
    """A frame that stands otherwise than its neighbours was mistaken: theirs is taken."""
    if len(shift) < 4:
        return shift
    away = ((lefts[:, None, :] - lefts[None, :, :]) ** 2).sum(2)
    near = np.argsort(away, axis=1)[:, 1 : NEIGHBOURS + 1]
    usual = np.median(shift[near], axis=1)
    apart = np.abs(shift - usual).max(1) > APART * DOTS
    return np.where(apart[:, None], np.round(usual), shift).astype(np.float32)


def _cut(dark: Floats, shift: Floats, rows: int, columns: int) -> Floats:
    reach = round(SEARCH * DOTS)
    y = (reach + shift[:, 1]).astype(int)[:, None] + np.arange(rows)
    x = (reach + shift[:, 0]).astype(int)[:, None] + np.arange(columns)
    cut: Floats = dark[np.arange(len(dark))[:, None, None], y[:, :, None], x[:, None, :]]
    return cut


def _frames(dark: Floats, box: tuple[int, int, int, int], line: int) -> Floats:
    """How dark each frame is: the lightest of its edges is where no mark lies over it."""
    left, top, right, low = box
    edges = [
        dark[:, top : top + line, left:right], dark[:, low - line : low, left:right],
        dark[:, top:low, left : left + line], dark[:, top:low, right - line : right],
    ]  # fmt: skip
    levels = np.stack([np.median(edge.reshape(len(dark), -1), 1) for edge in edges], 1)
    return np.sort(levels, 1)[:, 1].astype(np.float32)


def _clear(spots: Sequence[Spot], printed: Sequence[Spot], rows: int, columns: int) -> Flags:
    """Where around a box nothing is printed: not its neighbour's frame, not a corner mark."""
    clear = np.ones((len(spots), rows, columns), np.bool_)
    for number, spot in enumerate(spots):
        x, y = spot.x - LEFT, spot.y - AROUND
        for other in printed:
            if other == spot or abs(other.x - x) > 40 or abs(other.y - y) > 40:
                continue
            first = max(0, int((other.x - 0.6 - x) * DOTS)), max(0, int((other.y - 0.6 - y) * DOTS))
            last = (
                int((other.x + other.width + 0.6 - x) * DOTS),
                int((other.y + other.height + 0.6 - y) * DOTS),
            )
            if last[0] > 0 and last[1] > 0:
                clear[number, first[1] : last[1], first[0] : last[0]] = False
    return clear
