"""Numbers of a box → what is in it, and how surely. Rules that can be read, not weights that cannot.

Each rule gives a distance from its border; `_sure` turns the distance into a confidence. The borders and the slope were
set by the tuning set of `benchmarks/paper` (ADR 0019 says how), never by the sheets it is measured on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from paper.marks import Mark
from paper.reading.inks import Ink

LEAST_AREA, LEAST_REACH = 0.5, 1.1
"""Square millimetres and millimetres of ink in a box that are half-way between a speck and a mark."""
AREA_STEP, REACH_STEP = 0.1, 0.15
"""How much more or less of them is one step of certainty."""
AROUND = 0.6
"""Share of the directions about a box in which ink is found when it is ringed."""
BESIDE, BESIDE_REACH = 0.8, 1.6
"""Square millimetres and extent of ink outside a box that may be a mark which missed it."""
PART = 0.2
"""Square millimetres of ink both within and outside that may be one mark along the frame."""
FULL_LOW, FULL_MIDDLE, FULL_STEP = 0.58, 0.62, 0.035
"""Darkness, of the ink's own, of the palest fifth of a box and of its median part when it is filled over; one step."""
PALE = 0.5
"""Ink so much paler than the other marks of the page is no mark of this hand: a stain, a stamp, print from behind."""
SMALL, LITTLE = 0.36, 0.2
"""… as is ink so much smaller, and of so much less area, than they are: the pen rested."""
SOFT, SOFT_DEEP, FULLER = 0.5, 0.75, 0.5
"""Steepness and darkness, of the page's other marks, below which ink is a stain; the share of a box of a fill."""
STAMPED = 0.8
"""Darkness, of the page's other marks, from which there may be a mark under a stamp."""
SMEARED, SMEARED_DEEP = 0.15, 0.5
"""Steepness and darkness below which ink is a stain whatever the page's other marks are."""
SOME = 3
"""Marks from which it is known how this hand writes."""
PALEST, PALEST_OF_HAND = 0.3, 0.22
"""Ink so much paler than the print nobody can be sure of; the second when the page's other marks are as pale."""
LOST = 0.4
"""A frame that stands out so little was not found: nothing is said of its box."""
TINTED = 0.35
"""A tint over a box, of the print's darkness, from which nothing in it is sure."""


def judged(inks: Sequence[Ink]) -> list[tuple[Mark, float]]:
    """Every box of a page: its neighbours tell how dark this hand writes, and how frames look here."""
    clear = [one for one in inks if _ringed(one) or (one.extent > 2.0 and one.area > 0.8)]
    page = _Page(_median([one.held for one in inks]))
    if len(clear) >= SOME:
        lines = [one.sharp for one in clear if one.share < FULLER]
        sizes = [max(one.extent, one.outreach) for one in clear]
        areas = [max(one.area, one.left + one.ring) for one in clear]
        page = _Page(
            page.held, _median([one.deep for one in clear]), _median(sizes), _median(lines), _median(areas)
        )
    return [_judged(one, page) for one in inks]


@dataclass(frozen=True)
class _Page:
    """What is usual on it; 0 is unknown. Of its marks, `pen`: how dark; `size`, `area`: how large; `sharp`: how
    steep."""

    held: float
    pen: float = 0.0
    size: float = 0.0
    sharp: float = 0.0
    area: float = 0.0


def _median(numbers: Sequence[float]) -> float:
    return sorted(numbers)[len(numbers) // 2] if numbers else 0.0


def _ringed(ink: Ink) -> bool:
    """Is something drawn round the box?"""
    return ink.about >= AROUND and ink.outreach > 5


def _judged(ink: Ink, page: _Page) -> tuple[Mark, float]:
    deep = max(ink.deep, 0.15)
    fill = min(ink.low / deep - FULL_LOW, ink.middle / deep - FULL_MIDDLE) / FULL_STEP
    fill = fill if ink.share > 0.5 else min(fill, -4.0)
    if ink.held < LOST * page.held and fill < 3 and ink.inside < 3:
        return Mark.UNCLEAR, 0.5
    if fill > 0:
        return Mark.FILLED, _sure(fill)
    drawn = min((ink.area - LEAST_AREA) / AREA_STEP, (ink.extent - LEAST_REACH) / REACH_STEP)
    beside = ink.left + ink.ring
    if _ringed(ink) and drawn < 6:
        drawn = max(drawn, 20 * (ink.about - AROUND) + 3)
    if drawn > 0:
        palest = PALEST_OF_HAND if page.pen else PALEST
        pale = ink.deep < max(PALE * page.pen, palest)
        if ink.stain > TINTED or _soft(ink, page) or pale or _passes(ink) or _little(ink, page):
            return Mark.UNCLEAR, _no_mark(ink, page)
        return Mark.MARKED, _sure(min(drawn, -fill / 2 + 2))
    torn = ink.inside > PART and beside > PART  # a mark that runs along the frame falls into pieces
    missed = beside > BESIDE and ink.outreach > BESIDE_REACH
    if missed or drawn > -2 or torn or ink.stain > TINTED:
        return Mark.UNCLEAR, _no_mark(ink, page)
    return Mark.EMPTY, _sure(min(-drawn + 3, 9.0))


def _no_mark(ink: Ink, page: _Page) -> float:
    """How probably what is unclear is no mark of this person, whose other marks on the page are known."""
    pale = 0 < ink.deep < PALE * page.pen
    small = max(ink.extent, ink.outreach) < SMALL * page.size and ink.deep > 0
    return 0.97 if pale or small or _stamped(ink, page) or _soft(ink, page) else 0.5


def _passes(ink: Ink) -> bool:
    """Does it run through the place as a stamp does? A large ring round an empty box is somebody's mark."""
    return ink.leaves and not (_ringed(ink) and ink.about >= 0.8 and ink.inside < 1.0)


def _stamped(ink: Ink, page: _Page) -> bool:
    """A stamp paler than the pen, or so little of it that there is no mark under it."""
    return _passes(ink) and (ink.deep < STAMPED * page.pen or ink.inside < LITTLE * page.area)


def _little(ink: Ink, page: _Page) -> bool:
    """A speck beside a mark by a thick pen is as large as another's tick."""
    return max(ink.extent, ink.outreach) < SMALL * page.size and ink.area < LITTLE * page.area


def _soft(ink: Ink, page: _Page) -> bool:
    """Edges as no pen draws them, and paler: coffee. A fill has no edges within and is not asked."""
    smeared = ink.sharp < SMEARED and ink.deep < SMEARED_DEEP
    softer = ink.sharp < SOFT * page.sharp and ink.deep < SOFT_DEEP * page.pen
    return ink.share < FULLER and ink.deep > 0 and (smeared or softer)


def _sure(steps: float) -> float:
    """A logistic curve: so many steps from the border are so much of certainty."""
    return 1 / (1 + exp(-max(-20.0, min(20.0, 1.5 * steps))))
