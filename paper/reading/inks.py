"""What is drawn in a box and around it, as a few numbers; no verdict here."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from paper.reading.cells import DOTS, Cells, Flags
from paper.reading.picture import Floats

INSET = 0.3
"""Millimetres inside the frame that its own blur takes."""
OUTSET = 0.45
"""… and outside of it."""
GRID = 5
LEAST_INK = 0.22
"""Darkness, of the page's print, from which a point is ink at all."""
LEAST_BLACK = 0.12
TRACE = 0.06
"""Square millimetres of ink that are looked at closer; less is dust."""
DUST = 5
"""Pixels of a grain."""
TRACE_LEAST, TRACE_GRAINS = 0.004, 4.0
"""Darkness, of the print, and times the spread of the page's empty boxes, by which a box is not one of them."""
EDGE = 6
"""Pixels of the upper edge: where no letters are looked at it begins lower."""
DOT = 1 / DOTS**2
OVER_FRAME = 11
"""Pixels that bridge the frame: a mark goes on beyond it."""


@dataclass(frozen=True)
class Ink:
    """One box. Lengths in millimetres, areas in square millimetres; darkness is of the page's print (1 = as black).

    inside: ink within the frame; share: of the inner area; low, middle, covered: of a 5 × 5 grid's darkness the lower
    fifth, the median, how many parts have any; reach: the larger extent of the largest connected ink within; deep: the
    darkest fifth of the ink; stain: a tint over all of it; left, ring: ink outside, to the left and near around; about:
    of ten directions below and to the left, how many have ink; outreach: the larger extent of the largest ink outside.
    area, extent: of the ink within together with what of it goes on over the frame.
    leaves: does ink run out of the place by its left or lower edge and by another, as a stamp does and a mark does not.
    trace: how much darker the inside is on the whole than the page's empty boxes are; 0 when it is as they.
    sharp: how steep the ink's edges are, of its darkness, a pixel.
    Of the page: noise, its grain. Of the print: frame, how dark it is; held, how it stands out.
    """

    inside: float = 0.0
    share: float = 0.0
    low: float = 0.0
    middle: float = 0.0
    covered: float = 0.0
    reach: float = 0.0
    deep: float = 0.0
    stain: float = 0.0
    left: float = 0.0
    ring: float = 0.0
    about: float = 0.0
    outreach: float = 0.0
    area: float = 0.0
    extent: float = 0.0
    leaves: bool = False
    trace: float = 0.0
    sharp: float = 0.0
    noise: float = 0.0
    frame: float = 0.0
    held: float = 0.0


def inks(cells: Cells, line: float) -> list[Ink]:
    """Of every box."""
    level, stain = _levelled(cells, line)
    inner, outer, left = _zones(cells, line)
    black = max(LEAST_BLACK, float(np.median(cells.frame)))
    noise = _noise(level, inner)
    ink = level > max(LEAST_INK * black, 4 * noise)
    told = []
    within = (ink & inner).sum((1, 2)) * DOT
    around = (ink & outer & cells.clear).sum((1, 2)) * DOT
    trace = _trace(level, inner, black)
    grids = np.sort(_grid(level, cells, line), axis=1) / black
    size = float(inner.sum()) * DOT
    for number in range(len(level)):
        known: dict[str, Any] = {
            "inside": float(within[number]),
            "share": float(within[number]) / size,
            "low": float(grids[number, 5]),
            "middle": float(grids[number, 12]),
            "covered": float((grids[number] > 0.12).mean()),
            "stain": float(stain[number]) / black,
            "trace": float(trace[number]),
            "noise": noise / black,
            "frame": float(cells.frame[number]) / black,
            "held": float(cells.held[number]) / black,
        }
        if within[number] > TRACE or around[number] > TRACE:
            known |= _closer(
                level[number] / black, ink[number], inner, outer & cells.clear[number], left, cells.box
            )
        told.append(Ink(**known))
    return told


def _levelled(cells: Cells, line: float) -> tuple[Floats, Floats]:
    """Without an even tint over the whole place: coffee, a stamp pad, a shadow that the white did not follow."""
    _inner, outer, _left = _zones(cells, line)
    tint = np.median(cells.dark[:, outer], axis=1).astype(np.float32)
    level = np.clip((cells.dark - tint[:, None, None]) / (1 - np.minimum(tint, 0.8))[:, None, None], 0, 1)
    return level.astype(np.float32), tint


def _zones(cells: Cells, line: float) -> tuple[Flags, Flags, Flags]:
    """Within the frame; outside of it; what of the outside is to the left."""
    left, top, right, low = cells.box
    rows, columns = cells.dark.shape[1:]
    inset, outset = round((line + INSET) * DOTS), round(OUTSET * DOTS)
    inner = np.zeros((rows, columns), np.bool_)
    inner[top + inset : low - inset, left + inset : right - inset] = True
    outer = np.ones((rows, columns), np.bool_)
    outer[top - outset : low + outset, left - outset : right + outset] = False
    aside = outer.copy()
    aside[:, left - outset :] = False
    return inner, outer, aside


def _noise(level: Floats, inner: Flags) -> float:
    """Grain of the empty paper: of the paler half of the boxes."""
    spread = np.percentile(level[:, inner], 75, axis=1)
    return float(np.percentile(spread, 30))


def _trace(level: Floats, inner: Flags, black: float) -> Floats:
    """Ink too pale to be told from paper by single points: boxes darker than the page's empty ones can be."""
    mean = level[:, inner].mean(1) / black
    empty = np.sort(mean)[: max(2, len(mean) // 2)]
    usual, grain = float(np.median(empty)), float(empty[-1] - empty[0])
    return np.where(mean > usual + max(TRACE_LEAST, TRACE_GRAINS * grain), mean - usual, 0.0)


def _leaves(ink: Flags) -> bool:
    """By which edges of the place ink runs out of it."""
    left, right = int(ink[:, :2].any(1).sum()) > 2, int(ink[:, -2:].any(1).sum()) > 2
    top, low = int(ink[:EDGE].any(0).sum()) > 2, int(ink[-2:].any(0).sum()) > 2
    return (left and (top or right or low)) or (low and right)


def _grid(level: Floats, cells: Cells, line: float) -> Floats:
    left, top, right, low = cells.box
    inset = round((line + 0.2) * DOTS)
    part = level[:, top + inset : low - inset, left + inset : right - inset]
    rows = np.linspace(0, part.shape[1], GRID + 1).astype(int)
    columns = np.linspace(0, part.shape[2], GRID + 1).astype(int)
    sums = np.add.reduceat(np.add.reduceat(part, rows[:-1], axis=1), columns[:-1], axis=2)
    area = np.diff(rows)[:, None] * np.diff(columns)[None, :]
    shared: Floats = (sums / area).reshape(len(level), -1)
    return shared


def _closer(
    level: Floats, ink: Flags, inner: Flags, outer: Flags, left: Flags, box: tuple[int, int, int, int]
) -> dict[str, Any]:
    """The shape of what is drawn: only where something is."""
    ink = _without_dust(ink)
    within, around = ink & inner, ink & outer
    _area, reach = _largest(within)
    area, outreach = _largest(around)
    whole = _whole(within, around)
    dark = level[within] if within.any() else level[around]
    deep = float(np.percentile(dark, 80)) if dark.size else 0.0
    return {
        "reach": reach,
        "sharp": _sharp(level, within if within.any() else around) / max(deep, 0.1),
        "area": whole[0],
        "extent": whole[1],
        "leaves": _leaves(within | around),
        "outreach": outreach if area > TRACE else 0.0,
        "deep": deep,
        "left": float((around & left).sum()) * DOT,
        "ring": float((around & ~left).sum()) * DOT,
        "about": _about(around, box),
    }


def _largest(ink: Flags) -> tuple[float, float]:
    """Area and larger extent of the largest connected part, gaps of a hair's breadth closed."""
    closed = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8))
    count, _labels, stats, _centres = cv2.connectedComponentsWithStats(closed, connectivity=8)
    if count < 2:
        return 0.0, 0.0
    best = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    extent = max(int(stats[best, cv2.CC_STAT_WIDTH]), int(stats[best, cv2.CC_STAT_HEIGHT])) - 2
    return float(stats[best, cv2.CC_STAT_AREA]) * DOT, extent / DOTS


def _sharp(level: Floats, ink: Flags) -> float:
    """The steepest tenth of the edges: a pen's are as steep as the picture is sharp, a stain's are soft."""
    if not ink.any():
        return 0.0
    across, down = (
        cv2.Sobel(level, cv2.CV_32F, 1, 0, scale=1 / 8),
        cv2.Sobel(level, cv2.CV_32F, 0, 1, scale=1 / 8),
    )
    return float(np.percentile(np.hypot(across, down)[ink], 90))


def _without_dust(ink: Flags) -> Flags:
    """Grains of a one-bit scan and of a copier, which are no part of a line."""
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= DUST
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)


def _whole(within: Flags, around: Flags) -> tuple[float, float]:
    """Area and larger extent of the mark that has most ink within the frame, followed over the frame."""
    if not within.any():
        return 0.0, 0.0
    ink = (within | around).astype(np.uint8)
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(
        cv2.dilate(ink, np.ones((OVER_FRAME, OVER_FRAME), np.uint8)), connectivity=8
    )
    best = int(np.bincount(labels[within], minlength=count).argmax())
    area = int(np.count_nonzero(labels[ink > 0] == best))
    extent = max(int(stats[best, cv2.CC_STAT_WIDTH]), int(stats[best, cv2.CC_STAT_HEIGHT])) - OVER_FRAME + 1
    return area * DOT, extent / DOTS


def _about(around: Flags, box: tuple[int, int, int, int]) -> float:
    """In how many of ten directions, from the lower right by below and the left to the upper left, is ink outside."""
    ys, xs = np.nonzero(around)
    if not len(ys):
        return 0.0
    left, top, right, low = box
    turns = np.degrees(np.arctan2(ys - (top + low) / 2, xs - (left + right) / 2)) % 360
    counts = np.histogram(turns, bins=10, range=(50, 200))[0]
    return float((counts > 4).mean())
