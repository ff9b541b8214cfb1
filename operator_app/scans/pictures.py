"""A kept page as a picture for the screen: decoded, turned upright, encoded anew."""

import io
import math
from collections.abc import Sequence

from PIL import Image

from paper.tables import ScannedPage

LONGEST_SIDE = 1600
LONGEST_WHOLE = 4000
QUALITY = 80
TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def drawn(kept: bytes, turn: int, *, whole: bool = False) -> bytes:
    """A JPEG of a kept page, turned clockwise by so many degrees (90, 180 or 270; anything else is no turn)."""
    longest = LONGEST_WHOLE if whole else LONGEST_SIDE
    with Image.open(io.BytesIO(kept), formats=("JPEG", "PNG")) as opened:
        opened.draft(None, (longest, longest))
        shown = opened.convert("L" if opened.mode in ("1", "L", "I", "I;16") else "RGB")
    shown.thumbnail((longest, longest), Image.Resampling.BOX)
    if turn in TURNS:
        shown = shown.transpose(TURNS[turn])
    made = io.BytesIO()
    shown.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def upright(page: ScannedPage) -> int:
    """By how much the kept page is turned so that it reads: from where its corner marks were found."""
    places: Sequence[float] = page.seen.get("places") or ()
    if len(places) != 9 or not all(math.isfinite(one) for one in places):
        return 0
    along = (_at(places, 100, 0), _at(places, 0, 0))
    angle = math.degrees(math.atan2(along[0][1] - along[1][1], along[0][0] - along[1][0]))
    return -round(angle / 90) * 90 % 360


def _at(places: Sequence[float], x: float, y: float) -> tuple[float, float]:
    """A point of the sheet, in pixels."""
    far = places[6] * x + places[7] * y + places[8] or 1.0
    return (
        (places[0] * x + places[1] * y + places[2]) / far,
        (places[3] * x + places[4] * y + places[5]) / far,
    )
