"""Ink near the boxes of a question that seems blank, which is not print: somebody's mark, a whole line off.

The judge looks some millimetres around a box. What is farther off stands among printed words, and only by what is
printed there (`Side.printed`) is it told from them.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache

import cv2
import numpy as np

from paper import printed
from paper.geometry import Side, Spot
from paper.printed import DOTS
from paper.reading.cells import darkness
from paper.reading.picture import Floats, Matrix, Picture
from paper.reading.views import PRINT

REACH = 13.0
"""Millimetres from a box: farther off nothing is meant for it."""
AROUND = 16.0
"""… that are looked at."""
SOFT = 0.8
"""Millimetres over which ink is taken together: print never lies to a hair where it should."""
THICK = 3.5
"""Millimetres from which a dark place is a stain: no pen's line is so broad, and no letter's."""
WORDS, DARKER = (0.12, 0.5), 0.8
"""Darkness, taken together so, of what is surely print and not a place for anything; four fifths of such points are no
darker than print is taken to be: by it is told how dark this one is."""
DARK = 0.05
"""How much darker than print a point is where there is ink on it."""
LONG, MUCH = 2.0, 0.3
"""Millimetres and square millimetres of black from which it is somebody's mark and no speck."""
TOUCHING = 1.0
"""Millimetres from a box of a question with something in its boxes, up to which ink belongs to that."""

_STAIN = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round(THICK * DOTS),) * 2)


def beside(
    shown: Picture, matrix: Matrix, side: Side, off: Matrix, print_: float, bare: Collection[int]
) -> set[int]:
    """Which of these boxes ink stands beside, that belongs to no other: theirs are the questions that seem blank.

    `off`: how far each box of the side stands off its place, mm, N × 2; `print_`: how dark the page's print is.
    """
    if not side.printed:
        return set()
    found: set[int] = set()
    questions = dict.fromkeys(side.boxes[number].question for number in sorted(bare))
    full = [box.spot.grown(TOUCHING) for number, box in enumerate(side.boxes) if number not in bare]
    for question in questions:
        own = [number for number in bare if side.boxes[number].question == question]
        for ink in _strange(shown, matrix, side, np.median(off[own], 0), print_, own):
            away = [box.spot.apart(ink.centre) for box in side.boxes]
            nearest = int(np.argmin(away))
            if nearest in own and away[nearest] <= REACH and not any(map(ink.meets, full)):
                found.add(nearest)
    return found


def _strange(
    shown: Picture, matrix: Matrix, side: Side, off: Matrix, print_: float, own: Collection[int]
) -> Iterator[Spot]:
    """Where there is ink around these boxes that is not print."""
    spots = [side.boxes[number].spot for number in own]
    expected = _expected(side.printed)
    rows, columns = expected.shape
    left = max(0, int((min(spot.x for spot in spots) - AROUND) * DOTS))
    top = max(0, int((min(spot.y for spot in spots) - AROUND) * DOTS))
    right = min(columns, int((max(spot.x + spot.width for spot in spots) + AROUND) * DOTS))
    low = min(rows, int((max(spot.y + spot.height for spot in spots) + AROUND) * DOTS))
    start = np.array([[left, top]]) / DOTS + off
    size = ((right - left) / DOTS, (low - top) / DOTS)
    seen = np.minimum(darkness(shown, matrix, start, size, DOTS)[0] * np.float32(PRINT / print_), 1.0)
    seen = cv2.GaussianBlur(cv2.morphologyEx(seen, cv2.MORPH_TOPHAT, _STAIN), (0, 0), SOFT * DOTS)
    due = expected[top:low, left:right]
    words = (due > WORDS[0]) & (due < WORDS[1])
    gain = float(np.quantile(seen[words] / due[words], DARKER)) if words.any() else PRINT
    over = seen - np.float32(gain) * cv2.dilate(due, np.ones((3, 3), np.uint8))
    count, which, stats, _centres = cv2.connectedComponentsWithStats((over > DARK).astype(np.uint8))
    for number in range(1, count):
        x, y, width, height, _area = (int(part) for part in stats[number])
        if max(width, height) < LONG * DOTS:
            continue
        part = (slice(y, y + height), slice(x, x + width))
        if float(over[part][which[part] == number].sum()) >= MUCH * DOTS**2:
            yield Spot((left + x) / DOTS, (top + y) / DOTS, width / DOTS, height / DOTS)


@lru_cache(maxsize=16)
def _expected(told: str) -> Floats:
    """How dark print is at each point of a side, taken together as `SOFT` says: 0 … 1."""
    shades = np.asarray(printed.shades(told), np.float32) / np.float32(printed.SHADES)
    return np.asarray(cv2.GaussianBlur(shades, (0, 0), SOFT * DOTS), np.float32)
