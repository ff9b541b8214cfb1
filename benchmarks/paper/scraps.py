"""Only the surroundings of the boxes of a drawn page, worn as a whole capture is and cut as the reader cuts them.

Ten times as quick as a whole page that is captured and then read; how the reader finds a frame is a little chance here.
"""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper import capturing
from benchmarks.paper.capturing import Wear
from benchmarks.paper.drawing import Picture
from paper.geometry import Side
from paper.reading.views import BOX, FAINTEST, HEIGHT, LEFT, PRINT, TOP, WIDTH

DPI = 150
AIR = 10
"""Pixels of the page that are cut out with a view and lost again when it is turned a little."""
OFF, TURN, SIZE = 0.5, 0.006, 0.01
"""How far the reader is from the frame's true place: pixels of a view; how askew and how large the view is."""


def views(
    page: Picture, side: Side, line: float, wear: Wear, rng: Generator, spoils: tuple[str, ...]
) -> NDArray[np.float32]:
    """Of each box of a side; `page` is blue-green-red, of `DPI`."""
    scale = DPI / 25.4
    grey = capturing.inked_badly(page, rng, spoils)
    grey = grey if grey.ndim == 2 else np.asarray(cv2.cvtColor(grey, cv2.COLOR_BGR2GRAY), np.uint8)
    spots = [box.spot for box in side.boxes]
    step = max(spot.width for spot in spots) * scale / BOX  # pixels of the page a pixel of a view
    high, wide = round(HEIGHT * step) + 2 * AIR, round(WIDTH * step) + 2 * AIR
    strip = np.empty((high * len(spots), wide), np.uint8)
    for number, spot in enumerate(spots):
        corner = np.array([spot.x, spot.y]) * scale - (LEFT * step + AIR, TOP * step + AIR)
        moved = np.array([[1.0, 0, corner[0]], [0, 1.0, corner[1]]])
        strip[number * high : (number + 1) * high] = cv2.warpAffine(
            grey,
            moved,
            (wide, high),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    strip = capturing.seen_badly(strip, DPI, wear, rng, spoils)
    turn, size = rng.normal(0, TURN), step * (1 + rng.normal(0, SIZE))
    taken = np.empty((len(spots), HEIGHT, WIDTH), np.float32)
    soft = cv2.blur(strip, (2, 2)) if rng.random() < 0.7 else strip
    for number in range(len(spots)):
        off = np.clip(rng.normal(0, OFF, 2), -1.5, 1.5) * step + AIR
        way = np.array([[size, turn, off[0]], [-turn, size, off[1]]])
        part = soft[number * high : (number + 1) * high]
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        taken[number] = cv2.warpAffine(part, way, (WIDTH, HEIGHT), flags=how, borderMode=cv2.BORDER_REPLICATE)
    paper = np.percentile(taken, 90, axis=(1, 2), keepdims=True)
    dark = np.clip(1 - taken / np.maximum(paper, 12), 0, 1).astype(np.float32)
    black = max(FAINTEST, float(np.median(_frames(dark, line * BOX / spots[0].width))))
    told: NDArray[np.float32] = np.minimum(dark * np.float32(PRINT / black), 1)
    return told


def _frames(dark: NDArray[np.float32], line: float) -> NDArray[np.float32]:
    """How dark the printed frame of each view is: its second palest edge."""
    thick = max(1, round(line))
    low, right = TOP + BOX, LEFT + BOX
    edges = [
        dark[:, TOP : TOP + thick, LEFT:right], dark[:, low - thick : low, LEFT:right],
        dark[:, TOP:low, LEFT : LEFT + thick], dark[:, TOP:low, right - thick : right],
    ]  # fmt: skip
    told: NDArray[np.float32] = np.sort([edge.mean((1, 2)) for edge in edges], axis=0)[1]
    return told
