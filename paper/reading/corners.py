"""The printed corner marks, and the way from millimetres of the sheet to pixels that they give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from paper.geometry import Spot
from paper.reading.picture import Matrix, Picture, Pixels

SIDE = 6
"""Marks a side; odd sides bear 0–5, even ones 6–11."""
FEWEST = 3
"""So few marks, far from one another, still tell a place."""
OFF = 2.0
"""Millimetres by which a mark may miss its place (a bent sheet); farther off it is another sheet's, or none."""
EVEN = 1.2
"""Millimetres, root of the mean square, by which all of them together may."""

LARGE, MIDDLE, TINY = 0.08, 0.06, 0.02
"""Edges of a mark, all four, of the picture's longer side: on an A4 page they are 0.13, those of a box to tick are
0.07; letters are not looked at."""

Quads = tuple[tuple[int, Matrix], ...]


@dataclass(frozen=True)
class Found:
    """Marks seen on a picture: number → corners in pixels of `grey`; the same number may be seen twice."""

    quads: Quads

    def of(self, even: bool) -> Quads:
        """Those of odd sides, or of even ones."""
        return tuple(one for one in self.quads if (one[0] >= SIDE) == even)

    @property
    def even(self) -> bool:
        """Is it an even side, by most of the marks?"""
        return 2 * len(self.of(True)) > len(self.quads)

    @property
    def doubled(self) -> bool:
        """Are two marks or more there twice?"""
        numbers = [number for number, _quad in self.quads]
        return len(numbers) - len(set(numbers)) >= 2


@dataclass(frozen=True)
class Placed:
    """Millimetres → pixels of `grey`. `marks`: which ones agree with it; `miss`: by how much on the whole, mm.

    `shifts`: of each mark, by how many millimetres it stands off; −1 is the QR.
    """

    matrix: Matrix
    marks: tuple[int, ...]
    miss: float
    shifts: Mapping[int, tuple[float, float]]


@cache
def _detector(windows: tuple[int, int, int], error: float, least: float) -> cv2.aruco.ArucoDetector:
    """`least`: a mark's edges together, of the picture's longer side."""
    how = cv2.aruco.DetectorParameters()
    how.adaptiveThreshWinSizeMin, how.adaptiveThreshWinSizeMax, how.adaptiveThreshWinSizeStep = windows
    how.minMarkerPerimeterRate = least
    how.maxMarkerPerimeterRate = 0.6
    how.polygonalApproxAccuracyRate = 0.05
    how.errorCorrectionRate = error
    how.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    how.cornerRefinementWinSize = 4
    how.relativeCornerRefinmentWinSize = 0.15
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    few = cv2.aruco.Dictionary(dictionary.bytesList[: 2 * SIDE], 4, dictionary.maxCorrectionBits)
    return cv2.aruco.ArucoDetector(few, how)


def quickly(picture: Picture) -> Found:
    """Enough for a clean scan; where not all marks of a side are seen on a coarser picture, another look."""
    coarse, scale = picture.coarse
    found = Found(_seen(coarse, scale, (11, 11, 10), 0.3, LARGE))
    if len({number for number, _quad in found.of(found.even)}) == SIDE:
        return found
    small, scale = picture.small
    return Found(_joined(_seen(small, scale, (17, 17, 10), 0.3, MIDDLE), found.quads))


def patiently(picture: Picture, before: Found) -> Found:
    """For shadow, blur and faint copies: several sizes and contrasts; what was found `before` stays."""
    quads = before.quads
    even = np.asarray(cv2.createCLAHE(3.0, (8, 8)).apply(picture.small[0]), np.uint8)
    white, _scale = picture.white
    height, width = picture.grey.shape
    flat = cv2.divide(picture.grey, cv2.resize(white, (width, height)), scale=235)
    flat = cv2.normalize(flat, np.empty_like(flat), 0, 255, cv2.NORM_MINMAX)
    tries = (
        (picture.small[0], picture.small[1], (5, 45, 10)),
        (even, picture.small[1], (11, 41, 10)),
        (np.asarray(flat, np.uint8), 1.0, (11, 61, 16)),
        (np.asarray(cv2.GaussianBlur(flat, (0, 0), 1.5), np.uint8), 1.0, (23, 71, 16)),
    )
    for image, scale, windows in tries:
        quads = _joined(quads, _seen(image, scale, windows, 0.6, TINY))
        if len({number for number, _quad in quads}) >= SIDE:
            break
    return Found(quads)


def _seen(image: Pixels, scale: float, windows: tuple[int, int, int], error: float, least: float) -> Quads:
    quads, numbers, _no = _detector(windows, error, least).detectMarkers(image)
    if numbers is None:
        return ()
    found = []
    for number, quad in zip(np.asarray(numbers).ravel().tolist(), quads, strict=True):
        found.append((int(number), (np.asarray(quad, np.float64).reshape(4, 2) + 0.5) / scale - 0.5))
    return tuple(found)


def _joined(first: Quads, more: Quads) -> Quads:
    """A mark seen by two ways in one place is one mark."""
    quads = list(first)
    for number, quad in more:
        edge = float(np.linalg.norm(quad[0] - quad[2]))
        if not any(n == number and np.linalg.norm(q.mean(0) - quad.mean(0)) < edge / 2 for n, q in quads):
            quads.append((number, quad))
    return tuple(quads)


def square(spot: Spot) -> Matrix:
    """Corners as a mark's are listed: from the upper left, clockwise."""
    x, y, width, height = spot
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.float64)


def placed(quads: Quads, at: Mapping[int, Spot], more: Iterable[tuple[Matrix, Spot]] = ()) -> Placed | None:
    """The way that most marks agree on; None when they are too few, too near one another, or disagree.

    `more`: other quadrangles that stand for a known spot (the QR), which help two marks.
    """
    known = [(number, quad, square(at[number])) for number, quad in quads if number in at]
    extra = [(quad, square(spot)) for quad, spot in more]
    if len({number for number, _quad, _spot in known}) + len(extra) < FEWEST:
        return None
    pixels = np.concatenate([quad for _n, quad, _s in known] + [quad for quad, _s in extra])
    sheet = np.concatenate([spot for _n, _q, spot in known] + [spot for _q, spot in extra])
    per_mm = _pixels_per_mm(pixels, sheet)
    if not 1.5 <= per_mm <= 60:
        return None
    matrix, _mask = cv2.findHomography(sheet, pixels, cv2.RANSAC, OFF * per_mm / 2, maxIters=500)
    if matrix is None:
        return None
    numbers = np.array([number for number, _quad, _spot in known] + [-1] * len(extra))
    near = np.abs(_off(matrix, pixels, sheet)).reshape(-1, 8).max(1) <= OFF
    if len(set(numbers[near].tolist())) < FEWEST:
        return None
    good = np.repeat(near, 4)
    pixels, sheet = pixels[good], sheet[good]
    matrix, _mask = cv2.findHomography(sheet, pixels, 0)
    if matrix is None or not _spread(sheet) or not _sane(matrix, sheet):
        return None
    off = _off(matrix, pixels, sheet)
    miss = float(np.sqrt((off**2).sum(1).mean()))
    if miss > EVEN:
        return None
    told = numbers[near].tolist()
    shifts = dict(zip(told, map(tuple, off.reshape(-1, 4, 2).mean(1).tolist()), strict=True))
    return Placed(np.asarray(matrix, np.float64), tuple(told), miss, shifts)


def others(found: Found, place: Placed) -> bool:
    """Marks of a second sheet: as large as this one's, and nowhere near where its own are."""
    quads = np.array([quad for _number, quad in found.quads])
    own = list({number: at for at, (number, _q) in enumerate(found.quads) if number in place.marks}.values())
    if not own:
        return False
    edges = np.linalg.norm(quads - np.roll(quads, 1, 1), axis=2).mean(1)
    centres = quads.mean(1)
    alike = (0.6 * edges[own].min() <= edges) & (edges <= 1.6 * edges[own].max())
    away = np.linalg.norm(centres[:, None] - centres[own], axis=2).min(1) > edges
    return bool((alike & away).any())


def through(matrix: Matrix, points: Matrix) -> Matrix:
    """Millimetres → pixels."""
    told = np.asarray(points, np.float64).reshape(-1, 2)
    x, y, w = matrix @ np.vstack([told.T, np.ones(len(told))])
    w = np.where(np.abs(w) < 1e-9, 1e-9, w)
    return np.stack([x / w, y / w], 1)


def _off(matrix: Matrix, pixels: Matrix, sheet: Matrix) -> Matrix:
    """How many millimetres of the sheet each point is from its place."""
    try:
        back = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.full_like(sheet, 1e6)
    return through(back, pixels) - sheet


def _pixels_per_mm(pixels: Matrix, sheet: Matrix) -> float:
    first, second = pixels.reshape(-1, 4, 2), sheet.reshape(-1, 4, 2)
    edges = np.linalg.norm(first - np.roll(first, 1, 1), axis=2).sum(1)
    true = np.linalg.norm(second - np.roll(second, 1, 1), axis=2).sum(1)
    return float(np.median(edges / true))


def _spread(sheet: Matrix) -> bool:
    """Do they span the sheet: three in a row, or three in one corner, tell nothing of the rest."""
    centres = sheet.reshape(-1, 4, 2).mean(1)
    return float(cv2.contourArea(cv2.convexHull(centres.astype(np.float32)))) >= 5000


def _sane(matrix: Matrix, sheet: Matrix) -> bool:
    """Not mirrored, not turned inside out, no wild perspective anywhere on the sheet."""
    left, top = sheet.min(0)
    right, bottom = sheet.max(0)
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    depth = np.column_stack([corners, np.ones(4)]) @ matrix[2]
    if depth.min() * depth.max() <= 0 or np.abs(depth).max() > 2.5 * np.abs(depth).min():
        return False
    shown = through(matrix, corners)
    turns = np.roll(shown, -1, 0) - shown
    crosses = turns[:, 0] * np.roll(turns, -1, 0)[:, 1] - turns[:, 1] * np.roll(turns, -1, 0)[:, 0]
    return bool((crosses > 0).all())
