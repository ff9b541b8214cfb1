"""How probably each box holds what → what is in it, and how surely. What may be read in two ways is unclear."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from paper.marks import Mark
from paper.reading.learned import HELD
from paper.reading.picture import Floats

EMPTY, MARKED, FILLED, STRUCK, BESIDE, STRAY = range(len(HELD))
CLEAR = {EMPTY: Mark.EMPTY, MARKED: Mark.MARKED, FILLED: Mark.FILLED, STRUCK: Mark.STRUCK}
LOST = 0.4
"""A frame that stands out so little, of the page's usual, was not found: nobody knows that its box is empty."""

BARE = 0.9
"""A box less surely empty than this may bear a speck: it answers nothing, and it is not bare."""
NO_INK, ROUND = 0.005, 0.95
"""A box that is itself without ink is marked only when it is so surely ringed: a drop dries as a ring, too."""
OUTSIDE, AT = 0.9, 0.06
"""What is drawn beside a box is so surely its mark, and so much of it stands where nothing is printed: not on a word,
where a cross may strike out."""
WORDS = 0.9
"""Words less surely untouched than this may be marked."""
SOMETHING = 0.1
"""Before a box something stands when that place is less surely untouched; the judge learnt from words alone, and the
box at the end of such a view is strange to it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """See `BoxSeen`."""

    mark: Mark
    confidence: float
    meant: float


def judged(chances: Floats, held: Floats, inks: Floats, besides: Floats) -> list[Judged]:
    """Every box of a page; `held`: how each frame stands out; `inks`: how much of each is ink, `besides`: at each.

    Of something unclear: how probably it is no mark.
    """
    least = LOST * float(np.median(held)) if len(held) else 0.0
    told = []
    for one, frame, ink, beside in zip(
        chances.tolist(), held.tolist(), inks.tolist(), besides.tolist(), strict=True
    ):
        mark, sure = _judged(one, bool(frame >= least))
        meant = one[MARKED] + one[FILLED] + one[STRUCK]
        outside = one[BESIDE] + one[MARKED]
        if max(one) in (one[BESIDE], one[MARKED]) and beside > AT and outside >= OUTSIDE:
            sure = outside if ink < NO_INK or mark == Mark.UNCLEAR else sure
            mark, meant = Mark.MARKED, max(meant, outside)
        elif mark == Mark.MARKED and ink < NO_INK and meant < ROUND:
            mark, sure = Mark.UNCLEAR, one[EMPTY] + one[STRAY]
        told.append(Judged(mark, sure, meant))
    return told


def around(off: float, clean: float) -> float:
    """How probably nothing is drawn so far to the right of a box; to its left there is something or there is not."""
    return clean if off > 0 or clean < SOMETHING else 1.0


def untouched(one: Judged, words: float) -> Judged:
    """An empty box beside which so probably nothing is drawn."""
    mark = Mark.EMPTY if words >= WORDS else Mark.UNCLEAR
    return Judged(mark, min(one.confidence, words), one.meant)


def _judged(chances: Sequence[float], framed: bool) -> tuple[Mark, float]:
    likely = max(range(len(HELD)), key=chances.__getitem__)
    no_mark = chances[EMPTY] + chances[STRAY]
    if likely in (EMPTY, STRAY) and not framed:
        return Mark.UNCLEAR, 0.5
    if likely == BESIDE:
        return Mark.UNCLEAR, min(no_mark, 0.5)
    if likely == STRAY or (likely == EMPTY and chances[EMPTY] < BARE):
        return Mark.UNCLEAR, no_mark
    return CLEAR[likely], no_mark if likely == EMPTY else chances[likely]
