"""The number of a page out of its QR: first where it should be, then anywhere."""

import cv2
import numpy as np
import zxingcpp

from paper.geometry import Spot
from paper.reading.picture import Matrix, Picture, Pixels
from paper.serials import PageCode, of_qr

DOTS = 10
"""Pixels per millimetre of a straightened code: a module is at least eight."""
QUIET = 4.0
"""Millimetres around it, so that it is found in a bent sheet as well."""


def straightened(picture: Picture, matrix: Matrix, spot: Spot, dots: float) -> Pixels:
    """A place of the sheet as a picture of its own, upright."""
    back = matrix @ np.array([(1 / dots, 0, spot.x), (0, 1 / dots, spot.y), (0, 0, 1.0)])
    size = (max(1, round(spot.width * dots)), max(1, round(spot.height * dots)))
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpPerspective(picture.grey, back, size, flags=how, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def at_place(picture: Picture, matrix: Matrix, spot: Spot, *, patient: bool = False) -> tuple[str, ...]:
    """Texts of the codes that are read where the code is printed."""
    image = straightened(picture, matrix, spot.grown(QUIET), DOTS)
    found = _texts(image)
    if found or not patient:
        return found
    sharp = cv2.addWeighted(image, 2.2, cv2.GaussianBlur(image, (0, 0), 4), -1.2, 0)
    for tried in (sharp, cv2.createCLAHE(3.0, (4, 4)).apply(image), cv2.GaussianBlur(image, (0, 0), 1.5)):
        if found := _texts(np.asarray(tried, np.uint8), patient=True):
            break
    return found


def anywhere(picture: Picture, *, patient: bool = False) -> tuple[tuple[str, Matrix], ...]:
    """Texts and corners (pixels of `grey`, from the upper left, clockwise) of every QR on the picture."""
    found = _codes(picture.grey, patient=patient)
    return tuple((code.text, _corners(code.position)) for code in found)


def ours(texts: tuple[str, ...]) -> tuple[PageCode, ...]:
    """The pages they name, each once."""
    named = (of_qr(text) for text in texts)
    return tuple(dict.fromkeys(code for code in named if code))


def _texts(image: Pixels, *, patient: bool = False) -> tuple[str, ...]:
    return tuple(code.text for code in _codes(image, patient=patient))


def _codes(image: Pixels, *, patient: bool = False) -> list[zxingcpp.Barcode]:
    return list(
        zxingcpp.read_barcodes(
            np.ascontiguousarray(image),
            formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
            try_rotate=patient,
            try_downscale=True,
            try_invert=False,
        )
    )


def _corners(at: zxingcpp.Position) -> Matrix:
    points = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    return np.array([(point.x, point.y) for point in points], np.float64)
