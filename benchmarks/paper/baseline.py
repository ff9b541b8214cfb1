"""The plain reader that the care is compared with: four corner marks, one homography, how dark each box is.

It is given what it needs: the same marks, the same QR, a threshold chosen on the tuning set. Two dark boxes of one
question it leaves to a person; the rest it is sure of.
"""

from collections import defaultdict
from collections.abc import Mapping

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from benchmarks.paper.drawing import Picture
from paper.geometry import Box, Geometry, Side
from paper.serials import PageCode, of_qr

THRESHOLD = 0.03
INSIDE = 0.7  # of the width: the frame is left out
AIR = 1.5  # millimetres of paper round the box
_CELL = 48

_marks = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))


def read(image: Picture, geometry: Geometry) -> tuple[PageCode, dict[tuple[str, str], float]] | None:
    """Which page it is and how dark each box; None when it has no readable QR or not all four corners."""
    grey = image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    code = _code(grey)
    side = geometry.side(code.side) if code else None
    if code is None or side is None:
        return None
    places = _homography(grey, side)
    if places is None:
        return None
    return code, {(box.question, box.value): _dark(grey, box, places) for box in side.boxes}


def decide(
    dark: Mapping[tuple[str, str], float], threshold: float = THRESHOLD
) -> dict[str, tuple[str, bool]]:
    """Question → (value, is it sure)."""
    over: dict[str, list[str]] = defaultdict(list)
    for (question, value), share in dark.items():
        over[question] += [value] if share > threshold else []
    return {question: (values[0] if values else "", len(values) < 2) for question, values in over.items()}


def _code(grey: Picture) -> PageCode | None:
    for found in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        code = of_qr(found.text)
        if code:
            return code
    return None


def _homography(grey: Picture, side: Side) -> NDArray[np.float64] | None:
    corners, numbers, _rejected = _marks.detectMarkers(grey)
    if numbers is None:
        return None
    found = {int(number): corner[0] for number, corner in zip(numbers.ravel(), corners, strict=True)}
    spots = sorted(side.markers.items(), key=lambda one: one[1].centre)
    outer = {
        number: spot
        for number, spot in spots
        if min(abs(spot.y - other.y) for other in side.markers.values() if other is not spot) < 1
        and (spot.y < 50 or spot.y > 240)
    }
    if not set(outer) <= set(found):
        return None
    mm = np.concatenate(
        [
            [(s.x, s.y), (s.x + s.width, s.y), (s.x + s.width, s.y + s.height), (s.x, s.y + s.height)]
            for s in outer.values()
        ]
    )
    pixels = np.concatenate([found[number] for number in outer])
    places, _inliers = cv2.findHomography(mm, pixels)
    return None if places is None else np.asarray(places, np.float64)


def _dark(grey: Picture, box: Box, places: NDArray[np.float64]) -> float:
    """How much darker than the paper round it the inside of the box is on the whole."""
    spot = box.spot.grown(AIR)
    step = spot.width / _CELL
    to_mm = np.array([[step, 0, spot.x], [0, step, spot.y], [0, 0, 1]])
    cell = cv2.warpPerspective(
        grey, places @ to_mm, (_CELL, _CELL), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    edge = round((AIR + box.spot.width * (1 - INSIDE) / 2) / step)
    white = max(1.0, float(np.percentile(cell, 90)))
    return 1 - float(cell[edge:-edge, edge:-edge].mean()) / white
