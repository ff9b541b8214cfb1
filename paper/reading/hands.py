"""A fingerprint of the marks of a page: coarse thumbnails of the marked boxes, in fewer than 400 letters."""

from base64 import b64encode
from collections.abc import Sequence

import cv2
import numpy as np

from paper.marks import Mark
from paper.reading.picture import Floats

EDGE = 8
MOST = 15
"""Marks that are kept: 15 × 17 bytes are 340 letters."""
FULL = 0.6
"""Mean darkness of a part of a thumbnail that is told as wholly dark."""
OUT = 0.28
"""Share of the box's width that is kept around it, but for above: how a mark leaves the box is half of it."""
BAND = 4
"""Pixels to each side of the frame's edge that are wiped out with it."""

Drawn = tuple[int, tuple[Mark, Floats, tuple[int, int, int, int]]]


def fingerprint(drawn: Sequence[Drawn]) -> str:
    """Of each marked box its number and 8 × 8 parts of four shades, the printed frame wiped out."""
    marked = sorted((number, one) for number, one in drawn if one[0] != Mark.EMPTY and number < 256)
    told = bytearray()
    for number, (_mark, dark, box) in marked[:: max(1, -(-len(marked) // MOST))][:MOST]:
        told.append(number)
        told += _thumbnail(dark, box)
    return b64encode(bytes(told)).decode("ascii")


def _thumbnail(dark: Floats, box: tuple[int, int, int, int]) -> bytes:
    left, top, right, low = box
    air = round((right - left) * OUT)
    part = dark[max(0, top - BAND) : low + air, left - air : right + air].copy()
    above = min(top, BAND)
    for at in (above, above + low - top):
        part[max(0, at - BAND) : at + BAND, :] = 0
    for at in (air, air + right - left):
        part[:, at - BAND : at + BAND] = 0
    small = cv2.resize(part, (EDGE, EDGE), interpolation=cv2.INTER_AREA)
    darker = round(0.995 * (part.size - 1))
    darkest = float(np.partition(part, darker, None)[darker])
    shades = np.clip((small / max(FULL * darkest, 0.05)) * 4, 0, 3.999).astype(np.uint8)
    four = shades.reshape(-1, 4)
    return bytes((four[:, 0] << 6 | four[:, 1] << 4 | four[:, 2] << 2 | four[:, 3]).astype(np.uint8))
