"""What the learned judge looks at: each box with the paper and the word beside it, straight, all of one size."""

import numpy as np

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


def views(picture: Picture, matrix: Matrix, cells: Cells, width: float) -> Floats:
    """N × HEIGHT × WIDTH, 0 paper … 1 black; `width`: of the boxes, mm."""
    dots = BOX / width
    size = (WIDTH / dots, HEIGHT / dots)
    dark = darkness(picture, matrix, cells.at - np.array([LEFT, TOP]) / dots, size, dots)
    black = max(FAINTEST, float(np.median(cells.frame)))
    return np.minimum(dark * np.float32(PRINT / black), 1.0)


def within(taken: Floats) -> Floats:
    """Of each view, which share of the box is ink."""
    low, right = TOP + BOX - INSET, LEFT + BOX - INSET
    shares: Floats = (taken[:, TOP + INSET : low, LEFT + INSET : right] > INK).mean((1, 2))
    return shares
