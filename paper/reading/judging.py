"""Numbers of a box → what is in it, and how surely."""

from collections.abc import Sequence
from math import exp

from paper.marks import Mark
from paper.reading.inks import Ink


def judged(inks: Sequence[Ink]) -> list[tuple[Mark, float]]:
    """Every box of a page: its neighbours tell how dark this hand writes."""
    deeps = sorted(one.deep for one in inks if one.reach > 2.0 and one.inside > 0.8)
    pen = deeps[len(deeps) // 2] if len(deeps) >= 3 else 0.0
    return [_judged(one, pen) for one in inks]


def _judged(ink: Ink, pen: float) -> tuple[Mark, float]:
    pale = pen > 0 and ink.deep < 0.45 * pen
    if ink.low > 0.28 and ink.middle > 0.45:
        return Mark.FILLED, _sure((min(ink.low - 0.28, (ink.middle - 0.45) / 1.5)) * 40 + 2)
    around = ink.about >= 0.6
    strength = 4 * (ink.inside - 0.9) + 3 * (ink.reach - 1.8)
    if around:
        strength = max(strength, 12 * (ink.about - 0.5))
    if strength > 0:
        if pale or ink.stain > 0.5:
            return Mark.UNCLEAR, 0.5
        return Mark.MARKED, _sure(strength + 1)
    empty = min(4 * (0.9 - ink.inside), 3 * (1.8 - ink.reach))
    if empty > 1.5:
        return Mark.EMPTY, _sure(empty + 3)
    return Mark.UNCLEAR, 0.5


def _sure(odds: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
