"""What happens to a sheet of paper before anybody scans it: stamps, coffee, folds, holes, staples, a torn code.

Each takes a picture of the page (blue-green-red, `dpi`), changes it in place or returns another, and draws only by the
generator it is given.
"""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper.drawing import Picture, tint
from paper.geometry import Side, Spot

Cover = NDArray[np.float32]
VIOLETS = ((150, 50, 90), (170, 60, 60), (140, 70, 120), (180, 90, 40))


def stamp(page: Picture, side: Side, dpi: int, rng: Generator) -> Picture:
    """A round or a square stamp, unevenly inked, over some box."""
    size = round(rng.uniform(25, 42) * dpi / 25.4)
    cover = np.zeros((size, size), np.uint8)
    line = max(1, round(rng.uniform(0.5, 1.0) * dpi / 25.4))
    middle = size // 2
    if rng.random() < 0.65:
        for share in (0.47, 0.40, 0.24):
            cv2.circle(cover, (middle, middle), round(size * share), 255, line, cv2.LINE_AA)
        for angle in np.arange(0, 2 * np.pi, 0.21):
            at = (middle + 0.32 * size * np.cos(angle), middle + 0.32 * size * np.sin(angle))
            _letter(cover, at, size * 0.05, line, rng)
    else:
        cv2.rectangle(cover, (line, size // 4), (size - line, size * 3 // 4), 255, line, cv2.LINE_AA)
        for row in (0.38, 0.5, 0.62):
            for column in np.arange(0.12, 0.9, 0.06):
                _letter(cover, (column * size, row * size), size * 0.04, line, rng)
    turn = cv2.getRotationMatrix2D((middle, middle), rng.uniform(-40, 40), 1)
    inked = cv2.warpAffine(cover, turn, (size, size)) / np.float32(255)
    inked *= np.clip(_cloud((size, size), 12, rng) * rng.uniform(0.5, 0.9) + 0.55, 0.1, 1)
    x, y = _over_a_box(side, dpi, rng)
    _lay(page, inked * np.float32(rng.uniform(0.45, 0.9)), x, y, VIOLETS[int(rng.integers(len(VIOLETS)))])
    return page


def coffee(page: Picture, side: Side, dpi: int, rng: Generator) -> Picture:
    """A ring of a cup, and often a few drops."""
    scale = dpi / 25.4
    size = round(rng.uniform(60, 85) * scale)
    y, x = np.ogrid[:size, :size]
    away = np.hypot(x - size / 2, y - size / 2).astype(np.float32)
    wide = rng.uniform(1.0, 3.0) * scale
    ring = np.exp(-(((away - size * 0.44) / wide) ** 2))
    ring += 0.25 * (away < size * 0.44)
    ring *= np.clip(0.7 + 0.6 * _cloud((size, size), 20, rng), 0.1, 1)
    place = _over_a_box(side, dpi, rng)
    _lay(page, (ring * rng.uniform(0.25, 0.6)).astype(np.float32), *place, (70, 110, 150))
    for _drop in range(int(rng.integers(0, 4))):
        _blot(page, side, dpi, rng, (70, 110, 150), rng.uniform(2, 7), rng.uniform(0.2, 0.5))
    return page


def blot(page: Picture, side: Side, dpi: int, rng: Generator) -> Picture:
    """Ink spilt: dark, anywhere, boxes not spared."""
    for _drop in range(int(rng.integers(1, 4))):
        _blot(page, side, dpi, rng, (110, 60, 40), rng.uniform(1.0, 5.0), rng.uniform(0.4, 0.95))
    return page


def fold(page: Picture, side: Side, dpi: int, rng: Generator) -> Picture:
    """A crease across the sheet: a line, a change of light, and what is beyond it a little off its place."""
    height, width = page.shape[:2]
    upright = rng.random() < 0.3
    at = round((width if upright else height) * rng.uniform(0.25, 0.75))
    shift = rng.uniform(-0.5, 0.5) * dpi / 25.4
    slope = rng.uniform(-0.002, 0.002)
    move = np.array([[1, slope, shift], [slope, 1, rng.uniform(-0.5, 0.5) * dpi / 25.4]])
    part = (slice(None), slice(at, None)) if upright else (slice(at, None), slice(None))
    move[:, 2] -= (at, 0) if upright else (0, at)  # that part alone is drawn anew
    size = page[part].shape[1::-1]
    page[part] = cv2.warpAffine(page, move, size, borderMode=cv2.BORDER_REPLICATE)
    thick = max(1, round(rng.uniform(0.2, 0.5) * dpi / 25.4))
    level = rng.uniform(-60, 40)
    crease = (slice(None), slice(at, at + thick)) if upright else (slice(at, at + thick), slice(None))
    page[crease] = np.clip(page[crease].astype(np.float32) + level, 0, 255)
    page[part] = cv2.convertScaleAbs(page[part], alpha=rng.uniform(0.93, 1.0))
    return page


def holes(page: Picture, side: Side, dpi: int, rng: Generator) -> Picture:
    """Two holes at the left edge; the scanner's lid shows through, black or white."""
    scale = dpi / 25.4
    level = 20 if rng.random() < 0.6 else 250
    x = rng.uniform(9, 13) * scale
    middle = page.shape[0] / 2 + rng.normal(0, 6) * scale
    for y in (middle - 40 * scale, middle + 40 * scale):
        cv2.circle(page, (round(x), round(y)), round(rng.uniform(2.5, 3.2) * scale), (level,) * 3, -1)
    return page


def staple(page: Picture, side: Side, dpi: int, rng: Generator) -> Picture:
    """A staple and its shadow over a corner mark, or the corner bent in."""
    marks = list(side.markers.values())
    spot = marks[int(rng.integers(len(marks)))]
    scale = dpi / 25.4
    x, y = np.array(spot.centre) * scale + rng.normal(0, 2.5 * scale, 2)
    turn = rng.uniform(0, np.pi)
    reach = np.array([np.cos(turn), np.sin(turn)]) * 6 * scale
    first, last = (np.array([x, y]) - reach).astype(int), (np.array([x, y]) + reach).astype(int)
    off = round(0.7 * scale)
    light = (205, 205, 205)
    cv2.line(page, (first + off).tolist(), (last + off).tolist(), (70, 70, 70), max(2, round(1.6 * scale)))
    cv2.line(page, first.tolist(), last.tolist(), light, max(1, round(0.7 * scale)), cv2.LINE_AA)
    return page


def torn_code(page: Picture, side: Side, dpi: int, rng: Generator) -> Picture:
    """A part of the QR is lost: torn off, or under a dark smear."""
    scale = dpi / 25.4
    code = side.code
    share = rng.uniform(0.1, 0.7)
    x = (code.x + rng.uniform(0, 1 - share / 2) * code.width) * scale
    y = (code.y + rng.uniform(0, 1 - share / 2) * code.height) * scale
    size = share * code.width * scale
    corners = np.array([[0, 0], [1, 0.2], [0.9, 1], [0.1, 0.8]]) + rng.normal(0, 0.1, (4, 2))
    level = 245 if rng.random() < 0.6 else 40
    cv2.fillPoly(page, [(corners * size + (x, y)).astype(np.int32)], (level,) * 3)
    return page


def old_toner(page: Picture, rng: Generator) -> Picture:
    """A bad office printer: pale in bands. Before anybody writes on it; `page` is grey."""
    height, width = page.shape
    places = np.linspace(0, width, 9)
    bands = np.interp(np.arange(width), places, rng.uniform(0.5, 1.0, 9)).astype(np.float32)
    pale = 255 - (255 - page.astype(np.float32)) * bands[None, :]
    return np.asarray(np.clip(pale, 0, 255), np.uint8)


def _blot(
    page: Picture,
    side: Side,
    dpi: int,
    rng: Generator,
    colour: tuple[int, int, int],
    radius: float,
    cover: float,
) -> None:
    size = max(8, round(radius * 2.6 * dpi / 25.4))
    y, x = np.mgrid[:size, :size].astype(np.float32) / size - 0.5
    angle = np.arctan2(y, x)
    edge = 0.35 + sum(rng.uniform(0, 0.05) * np.sin(k * angle + rng.uniform(0, 6)) for k in range(2, 6))
    soft = np.clip((edge - np.hypot(x, y)) * size / 3, 0, 1).astype(np.float32)
    _lay(page, soft * np.float32(cover), *_over_a_box(side, dpi, rng, near=25), colour)


def _lay(page: Picture, cover: Cover, x: float, y: float, colour: tuple[int, int, int]) -> None:
    """Ink over the page with its middle here; what hangs over the edge is cut off."""
    height, width = cover.shape
    left, top = round(x - width / 2), round(y - height / 2)
    low = (max(0, -left), max(0, -top))
    right, bottom = min(page.shape[1], left + width), min(page.shape[0], top + height)
    if right > left + low[0] and bottom > top + low[1]:
        part = page[top + low[1] : bottom, left + low[0] : right]
        tint(
            part,
            np.ascontiguousarray(cover[low[1] : bottom - top, low[0] : right - left], np.float32),
            colour,
        )


def _over_a_box(side: Side, dpi: int, rng: Generator, near: float = 12) -> tuple[float, float]:
    spot: Spot = side.boxes[int(rng.integers(len(side.boxes)))].spot
    x, y = np.array(spot.centre) + rng.uniform(-near, near, 2)
    return x * dpi / 25.4, y * dpi / 25.4


def _letter(cover: Picture, at: tuple[float, float], size: float, line: int, rng: Generator) -> None:
    points = (np.array(at) + rng.uniform(-size, size, (4, 2))).astype(np.int32)
    cv2.polylines(cover, [points], False, 255, max(1, line * 2 // 3), cv2.LINE_AA)


def _cloud(size: tuple[int, int], cells: int, rng: Generator) -> Cover:
    """Soft noise around zero."""
    small = rng.standard_normal((cells, cells), np.float32)
    return np.asarray(cv2.resize(small, size[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


MARRED: Mapping[str, Callable[[Picture, Side, int, Generator], Picture]] = {
    "stamp": stamp,
    "coffee": coffee,
    "blot": blot,
    "fold": fold,
    "holes": holes,
    "staple": staple,
    "torn code": torn_code,
}
