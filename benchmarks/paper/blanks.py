"""Forms as the printer left them: the blank PDF rasterised once per resolution, a sheet's own code and digits put in.

The editions and the print run here are made up; the geometry is the product's own.
"""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from paper import frame, layout, numerals, stamping
from paper.geometry import Geometry, Spot
from paper.serials import PageCode
from surveys import library
from surveys.questionnaire import Questionnaire

Picture = NDArray[np.uint8]
CAMPAIGN = 417
ORGANIZATION = "K7M4PX3D"
SALT = b"benchmarks only: a made-up run"
ALL_SERIALS = 900_000
FINER = 8


@cache
def form(questionnaire_id: str = "bus-gov-13", edition: str = "usual") -> layout.Form:
    """The laid-out form."""
    return layout.laid(questionnaire(questionnaire_id), edition)


def questionnaire(questionnaire_id: str = "bus-gov-13") -> Questionnaire:
    """The questionnaire of the library."""
    return library.questionnaire(questionnaire_id)


@cache
def blank(questionnaire_id: str, edition: str, side: int, dpi: int) -> Picture:
    """One side without code and digits, in grey."""
    document = pypdfium2.PdfDocument(form(questionnaire_id, edition).blank)
    try:
        bitmap = document[side - 1].render(scale=dpi / 72, grayscale=True)
        picture = bitmap.to_numpy()
        return np.ascontiguousarray(picture if picture.ndim == 2 else picture[:, :, 0])
    finally:
        document.close()


def code(seed: int, side: int) -> PageCode:
    """The page of the sheet that belongs to this seed."""
    return PageCode(CAMPAIGN, 1 + seed % ALL_SERIALS, side, ORGANIZATION).checked(SALT)


def printed(page: PageCode, questionnaire_id: str, edition: str, dpi: int) -> Picture:
    """The page as printed, in grey: a new picture each time."""
    picture = blank(questionnaire_id, edition, page.side, dpi).copy()
    places = form(questionnaire_id, edition).geometry.sides[page.side - 1]
    _put_code(picture, page.text, places.code, dpi)
    _put_digits(picture, page, dpi)
    return picture


def resolve(geometry: Geometry, found: PageCode) -> Geometry | None:
    """The service's side of reading: whose page it is; None for a code that is not of this run."""
    ours = found.campaign == CAMPAIGN and found.is_true(SALT)
    return geometry if ours else None


def without(page: PageCode) -> PageCode:
    """As the line of digits tells it."""
    return replace(page, organization="", check="")


def _put_code(picture: Picture, text: str, spot: Spot, dpi: int) -> None:
    modules = np.array(stamping.modules(text))
    large = np.where(np.kron(modules, np.ones((16, 16), bool)), 0, 255).astype(np.uint8)
    left, top, width, height = _pixels(spot, dpi)
    picture[top : top + height, left : left + width] = cv2.resize(
        large, (width, height), interpolation=cv2.INTER_AREA
    )


def _put_digits(picture: Picture, page: PageCode, dpi: int) -> None:
    """«000417 000123 1 45»: each digit in its cell."""
    for place, digit in enumerate(stamping.grouped(page)):
        if digit != " ":
            glyph = _glyph(digit, dpi)
            left = round((frame.DIGITS.x + place * frame.CELL) * dpi / 25.4)
            top = round(frame.DIGITS.y * dpi / 25.4)
            part = picture[top : top + glyph.shape[0], left : left + glyph.shape[1]]
            np.minimum(part, glyph, out=part)


@cache
def _glyph(digit: str, dpi: int) -> Picture:
    """The product's own outline of the digit, drawn large and shrunk to one cell."""
    width, height = round(frame.CELL * dpi / 25.4), round(frame.DIGITS.height * dpi / 25.4)
    large = np.full((height * FINER, width * FINER), 255, np.uint8)
    scale = frame.DIGIT_HEIGHT * dpi / 25.4 * FINER
    base = (frame.DIGITS.height + frame.DIGIT_HEIGHT) / 2 * dpi / 25.4 * FINER
    contours = [
        np.array([(width * FINER / 2 + x * scale, base - y * scale) for x, y in contour])
        .round()
        .astype(np.int32)
        for contour in numerals.outlines()[digit]
    ]
    cv2.fillPoly(large, contours, 0)
    return np.asarray(cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _pixels(spot: Spot, dpi: int) -> tuple[int, int, int, int]:
    scale = dpi / 25.4
    left, top = round(spot.x * scale), round(spot.y * scale)
    return left, top, round(spot.width * scale), round(spot.height * scale)
