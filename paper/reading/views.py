"""What the learned judge looks at: each box with the paper and the word beside it, straight, all of one size.

Where a question seems to be left blank, the rest of the words beside its boxes as well: somebody may have ticked those.
"""

from collections.abc import Collection, Sequence

import numpy as np

from paper.geometry import Box
from paper.reading.cells import Cells, darkness
from paper.reading.picture import Floats, Matrix, Picture

BOX = 24
"""Pixels of a view that the printed frame is wide: a large box looks as a small one does."""
LEFT, TOP = 20, 28
WIDTH, HEIGHT = 88, 68
"""A view, and where in it the frame's upper left corner is: marks stray to the left, above, and onto the word."""
PRINT = 0.75
"""Darkness in a view of the page's own print, however pale the copy is."""
FAINTEST = 0.12
INSET = 4
"""Pixels within the frame's outer edge that its line and its blur take."""
INK = 0.2
"""Darkness in a view from which a point is ink."""
OFF, NEAR = 3, 10
"""Pixels from a frame at which what is drawn stands beside it: the print leaves white so much to its left and below."""

BEYOND = (16 / 6, 38 / 6)
"""Widths of a box, to the right of it, at which its words are looked at further: where views leave off."""
CLEAR = (0.8, 2.8)
"""… and how many to the left and right of there must be without another box, and on the sheet."""
EDGE = 203.0
BEFORE = -10 / 6
"""Widths of a box, to the left of it, at which a mark is looked for that stands wholly before its box."""


def black(cells: Cells) -> float:
    """How dark the page's own print is."""
    return max(FAINTEST, float(np.median(cells.frame)))


def views(picture: Picture, matrix: Matrix, lefts: Matrix, width: float, print_: float) -> Floats:
    """N × HEIGHT × WIDTH, 0 paper … 1 black; of frames whose upper left corners are there, `width` mm wide."""
    dots = BOX / width
    size = (WIDTH / dots, HEIGHT / dots)
    dark = darkness(picture, matrix, lefts - np.array([LEFT, TOP]) / dots, size, dots)
    return np.minimum(dark * np.float32(PRINT / print_), 1.0)


def beyond(boxes: Sequence[Box], questions: Collection[str]) -> list[tuple[int, float]]:
    """Where to look further for these questions: number of the box, millimetres to the right of it."""
    told = []
    for number, (question, _value, spot) in enumerate((box.question, box.value, box.spot) for box in boxes):
        for times in BEYOND if question in questions else ():
            left, right = (spot.x + (times + by) * spot.width for by in (-CLEAR[0], CLEAR[1]))
            level = (other.spot for other in boxes if abs(other.spot.y - spot.y) < spot.height)
            if right > EDGE or any(left < other.x + other.width and other.x < right for other in level):
                break
            told.append((number, times * spot.width))
    return told


def before(boxes: Sequence[Box], questions: Collection[str]) -> list[tuple[int, float]]:
    """As `beyond`, to the left of the first box of each of their lines: less than nothing to the right."""
    told: dict[tuple[str, int], tuple[int, float]] = {}
    for number, (question, spot) in enumerate((box.question, box.spot) for box in boxes):
        if question in questions:
            told.setdefault((question, round(spot.y)), (number, BEFORE * spot.width))
    return list(told.values())


def within(taken: Floats) -> Floats:
    """Of each view, which share of the box is ink."""
    low, right = TOP + BOX - INSET, LEFT + BOX - INSET
    shares: Floats = (taken[:, TOP + INSET : low, LEFT + INSET : right] > INK).mean((1, 2))
    return shares


def beside(taken: Floats) -> Floats:
    """Of each view, which share of the white to the left of the box or below it is ink, whichever is more."""
    ink = taken > INK
    left = ink[:, TOP + 1 : TOP + BOX - 1, LEFT - NEAR : LEFT - OFF + 1]
    below = ink[:, TOP + BOX + OFF : TOP + BOX + NEAR + 1, LEFT + 1 : LEFT + BOX - 1]
    shares: Floats = np.maximum(left.mean((1, 2)), below.mean((1, 2)))
    return shares
