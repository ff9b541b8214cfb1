"""The line of printed digits, for when the code is torn: each cell is compared with the outlines it was printed by."""

from functools import cache
from itertools import combinations

import cv2
import numpy as np

from paper import frame, numerals
from paper.geometry import Spot
from paper.reading.codes import straightened
from paper.reading.picture import Floats, Matrix, Picture, Pixels
from paper.serials import PageCode, of_digits

DOTS = 10
AIR = 2.0
"""Millimetres around the line that are searched."""
WIGGLE = 2
"""Pixels by which one digit may stand off the line's common shift."""
ALIKE = 0.55
"""Correlation below which a cell holds no digit that anybody could tell."""
CLEAR = 0.12
"""The best digit is this much better than the next, or the next may be meant."""
MOST_UNCLEAR = 2
CELLS = (0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14, 16, 17)
"""«000012 000123 1 45»: which of the eighteen hold a digit."""


def read(picture: Picture, matrix: Matrix, spot: Spot) -> PageCode | None:
    """The page that the line names; None unless its own check holds and every digit is a clear one, or nearly."""
    image = straightened(picture, matrix, spot.grown(AIR), DOTS)
    scores = _scores(image)
    if scores is None:
        return None
    order = np.argsort(-scores, axis=1)
    best = np.take_along_axis(scores, order, 1)
    if best[:, 0].min() < ALIKE:
        return None
    unclear = [int(cell) for cell in np.nonzero(best[:, 0] - best[:, 1] < CLEAR)[0]]
    if len(unclear) > MOST_UNCLEAR:
        return None
    for count in range(len(unclear) + 1):
        for changed in combinations(unclear, count):
            told = "".join(str(order[cell, 1 if cell in changed else 0]) for cell in range(len(CELLS)))
            if code := of_digits(told):
                return code
    return None


def _scores(image: Pixels) -> Floats | None:
    """How like each of the ten digits each cell is, N × 10, at the shift that suits the whole line."""
    step, reach = frame.CELL * DOTS, round(AIR * DOTS)
    patterns = _patterns()
    height, width = patterns[0].shape
    maps = np.stack([cv2.matchTemplate(image, pattern, cv2.TM_CCOEFF_NORMED) for pattern in patterns])
    maps = np.nan_to_num(maps, nan=0.0, posinf=0.0, neginf=0.0)
    around = []
    for cell in CELLS:
        left = round(reach + (cell + 0.5) * step - width / 2)
        top = round(reach + frame.DIGITS.height * DOTS / 2 - height / 2)
        part = maps[:, max(0, top - reach) : top + reach + 1, left - reach : left + reach + 1]
        around.append(part)
    if len({part.shape for part in around}) > 1:
        return None
    stack = np.stack(around)
    whole = stack.max(1).mean(0)
    y, x = divmod(int(whole.argmax()), whole.shape[1])
    near = stack[:, :, max(0, y - WIGGLE) : y + WIGGLE + 1, max(0, x - WIGGLE) : x + WIGGLE + 1]
    scores: Floats = near.reshape(*near.shape[:2], -1).max(2).astype(np.float32)
    return scores


@cache
def _patterns() -> tuple[Pixels, ...]:
    """The digits as dark on light, with a little air, as a scanner of 200 dpi softens them."""
    finer = 8
    tall, wide = round((frame.DIGIT_HEIGHT + 0.6) * DOTS), round((frame.CELL - 0.4) * DOTS)
    scale = frame.DIGIT_HEIGHT * DOTS * finer
    patterns = []
    for digit in "0123456789":
        large = np.full((tall * finer, wide * finer), 255, np.uint8)
        base = (tall * finer + scale) / 2
        contours = [
            np.array([(wide * finer / 2 + x * scale, base - y * scale) for x, y in contour])
            .round()
            .astype(np.int32)
            for contour in numerals.outlines()[digit]
        ]
        cv2.fillPoly(large, contours, 0)
        small = cv2.resize(large, (wide, tall), interpolation=cv2.INTER_AREA)
        patterns.append(np.asarray(cv2.GaussianBlur(small, (0, 0), 0.9), np.uint8))
    return tuple(patterns)
