"""From a sheet of paper to a scanner's picture of it, and how pictures of a family are worn."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.paper.drawing import Picture


@dataclass(frozen=True, slots=True)
class Wear:
    """Within which ranges a family of pictures is worn."""

    skew: float  # degrees
    blur: tuple[float, float]  # pixels, of a worn one
    noise: tuple[float, float]
    jpeg: tuple[int, int]
    perspective: float  # a share of the picture's width
    shadow: float  # how much of the light it takes
    long_side: tuple[int, int]  # a photograph's


TUNING = Wear(4.0, (0.4, 0.9), (1, 6), (40, 90), 0.04, 0.5, (2200, 3000))
HELD_APART = Wear(5.0, (0.4, 1.2), (1, 9), (30, 90), 0.06, 0.6, (1900, 3400))


def scanned(page: Picture, rng: Generator) -> Picture:
    """By an office scanner in order: little skew, fine JPEG, grey or in colour."""
    picture = _toned(page, rng, rng.random() < 0.4)
    picture = _skewed(picture, rng.uniform(-1.5, 1.5), rng)
    noise(picture, rng.uniform(0.5, 3), rng)
    return _turned(jpeg(picture, int(rng.integers(75, 95))), rng, 0.3)


FIXED = (155, 205)  # a threshold lower than this wipes pencil and pale ink out: nothing is left to be read
SPOILT = ("skew", "copy", "one bit", "one bit, adaptive", "dirty glass", "jpeg", "blur", "pale")


def scanned_badly(page: Picture, dpi: int, wear: Wear, rng: Generator, spoils: tuple[str, ...]) -> Picture:
    """With these spoils, and any way up."""
    picture = inked_badly(page, rng, spoils)
    skew = wear.skew if "skew" in spoils else 1.5
    picture = _skewed(picture, rng.uniform(-skew, skew), rng)
    return _turned(seen_badly(picture, dpi, wear, rng, spoils), rng, 0.5)


def inked_badly(page: Picture, rng: Generator, spoils: tuple[str, ...]) -> Picture:
    """The scanner's own tones, a copier before it, too little toner in that."""
    plain = "copy" in spoils or any(name.startswith("one bit") for name in spoils)
    picture = _toned(page, rng, not plain and rng.random() < 0.4)
    if "copy" in spoils:
        picture = _copied(picture, rng)
    if "pale" in spoils:
        low, gain = rng.uniform(60, 110), rng.uniform(0.45, 0.65)
        picture = np.clip(picture * np.float32(gain) + np.float32(low), 0, 255).astype(np.uint8)
    return picture


def seen_badly(picture: Picture, dpi: int, wear: Wear, rng: Generator, spoils: tuple[str, ...]) -> Picture:
    """Blur, grain, dirt on the glass; then one bit a point, or a JPEG."""
    one_bit = [name for name in spoils if name.startswith("one bit")]
    if "blur" in spoils:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(*wear.blur) * dpi / 150), np.uint8)
    noise(picture, rng.uniform(*wear.noise), rng)
    if "dirty glass" in spoils:
        _lines(picture, rng)
    if one_bit:
        return _one_bit(picture, one_bit[0], dpi, rng)
    low, high = wear.jpeg
    return jpeg(picture, int(rng.integers(low, 60 if "jpeg" in spoils else high)))


def _toned(page: Picture, rng: Generator, colour: bool) -> Picture:
    """The scanner's own tones."""
    picture = page if colour else np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    black, white = rng.uniform(5, 45), rng.uniform(228, 255)
    table = np.clip(np.linspace(black, white, 256) + 0.5, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table), np.uint8)


def _copied(picture: Picture, rng: Generator) -> Picture:
    """Through a copier: faint lines get lost or thick, specks of toner appear."""
    gain, level = rng.uniform(0.9, 1.9), rng.uniform(120, 175)
    table = np.clip((np.arange(256) - level) * gain + level + rng.uniform(0, 30), 0, 255).astype(np.uint8)
    worn = np.asarray(cv2.LUT(picture, table), np.uint8)
    if rng.random() < 0.3:
        worn = np.asarray(cv2.erode(worn, np.ones((2, 2), np.uint8)), np.uint8)  # dark grows
    specks = int(rng.integers(50, 900))
    ys, xs = rng.integers(0, worn.shape[0] - 3, specks), rng.integers(0, worn.shape[1] - 3, specks)
    for y, x, size in zip(ys, xs, rng.integers(1, 4, specks), strict=True):
        worn[y : y + size, x : x + size] = rng.integers(0, 120)
    return worn


def _skewed(picture: Picture, degrees: float, rng: Generator) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, rng.uniform(0.965, 1.0))
    turn[:, 2] += rng.normal(0, 0.004, 2) * width
    backing = 252 if rng.random() < 0.7 else 15
    return np.asarray(
        cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(backing,) * 3),
        np.uint8,
    )


def noise(picture: Picture, sigma: float, rng: Generator) -> None:
    """Of the sensor, in place: a piece of one large field of grains, from a place of its own and made as strong."""
    height, width = picture.shape[:2]
    field = _grains(height, width)
    top, left = (
        int(rng.integers(0, have - need + 1)) for have, need in zip(field.shape, (height, width), strict=True)
    )
    strong = np.round((np.arange(256) - 128) * sigma / GRAIN).clip(-128, 127) + 128
    grains = cv2.LUT(field[top : top + height, left : left + width], strong.astype(np.uint8))
    if picture.ndim == 3:
        grains = cv2.cvtColor(grains, cv2.COLOR_GRAY2BGR)
    cv2.addWeighted(picture, 1.0, grains, 1.0, -128.0, picture)


GRAIN = 28.0
FIELD = (4200, 4200)
"""Pixels of noise that are drawn once; a larger picture has them side by side."""


@cache
def _field(down: int, across: int) -> Picture:
    """So many fields of grains about 128, of the strength `GRAIN`."""
    grains = np.random.default_rng(0).standard_normal(FIELD, np.float32) * GRAIN + 128.5
    return np.tile(np.clip(grains, 0, 255).astype(np.uint8), (down, across))


def _grains(height: int, width: int) -> Picture:
    return _field(1 + height // FIELD[0], 1 + width // FIELD[1])


def _lines(picture: Picture, rng: Generator) -> None:
    """Dirt on the glass of a feeder: lines from top to bottom."""
    for _line in range(int(rng.integers(1, 5))):
        x = int(rng.integers(0, picture.shape[1] - 4))
        wide = int(rng.integers(1, 4))
        part = picture[:, x : x + wide]
        level = np.float32(rng.uniform(-110, -30) if rng.random() < 0.8 else rng.uniform(20, 60))
        part[...] = np.clip(part + level, 0, 255)


def _one_bit(picture: Picture, how: str, dpi: int, rng: Generator) -> Picture:
    if how == "one bit":
        return np.asarray(cv2.threshold(picture, rng.uniform(*FIXED), 255, cv2.THRESH_BINARY)[1], np.uint8)
    block = round(dpi * rng.uniform(0.12, 0.3)) | 1
    way = cv2.ADAPTIVE_THRESH_MEAN_C
    return np.asarray(
        cv2.adaptiveThreshold(picture, 255, way, cv2.THRESH_BINARY, block, rng.uniform(12, 30)), np.uint8
    )


def jpeg(picture: Picture, quality: int) -> Picture:
    """There and back."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    way = cv2.IMREAD_GRAYSCALE if picture.ndim == 2 else cv2.IMREAD_COLOR
    return np.asarray(cv2.imdecode(data, way), np.uint8)


def _turned(picture: Picture, rng: Generator, often: float) -> Picture:
    """Any way up, `often`."""
    quarter = int(rng.integers(1, 4)) if rng.random() < often else 0
    return turned(picture, quarter)


QUARTERS = (cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE)


def turned(picture: Picture, quarter: int) -> Picture:
    """By so many quarters, against the clock."""
    return np.asarray(cv2.rotate(picture, QUARTERS[quarter - 1]), np.uint8) if quarter else picture
