"""People who fill sheets in: a tool, a slant, an aim, a habit of marking. A sheet is by one person's hand.

Two families are kept apart. TUNING is what a reader may be looked at with; HELD_APART draws from other ranges and by
other shapes, and nobody tunes on it.

BROAD is a third, for training alone: every tool, width, paleness, aim, tremor and habit that a hand can have at all,
evenly and by themselves, far more of the odd ones than there are people like that. Its sheets are the numbers
`BROAD_SEEDS` of the tuning set: they may be looked at, and no figure is measured on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

MARKS = (
    *("tick", "cross", "fill", "dash", "slash", "dot", "circle"),
    *("plus", "bar", "small fill", "scrawl", "one-stroke cross"),
)
FILLING = ("fill", "small fill", "scrawl")
"""Who marks so cannot take an answer back by filling."""
BROAD_SEEDS = range(500_000, 900_000)


@dataclass(frozen=True, slots=True)
class Tool:
    """What is written with: the line's width in millimetres, blue-green-red, how much of the paper it covers."""

    name: str
    width: float
    colour: tuple[int, int, int]
    cover: float
    grain: float
    soft: float = 0.0  # millimetres of smear: an eraser, a damp thumb


@dataclass(frozen=True, slots=True)
class Hand:
    """One person: every mark on the sheet is drawn by these numbers (millimetres, radians, shares of a box)."""

    tool: Tool
    habit: str
    second_habit: str
    strays: float  # how often the second habit is used
    curly: bool  # by the family's way of drawing
    slant: float
    size: float
    aim: tuple[float, float]  # the usual miss: right and down
    spread: float  # what is added to it each time
    tremor: float
    pressure: float  # how much the width of a line changes along it
    haste: float  # 0 careful … 1 careless: uncovered fills, short strokes
    bow: float = 0.0  # how bent a straight line is, of its length
    hook: float = 0.0  # … and how hooked at its ends
    again: float = 0.0  # how often a mark is gone over once more
    partial: float = 0.0  # how often the ink fails in a line
    wide: float = 1.0  # how far what is odd about this person goes: rings, strikes, misses
    odd: float = 1.0  # how much oftener than usual it happens


@dataclass(frozen=True, slots=True)
class Family:
    """From which ranges a hand is drawn."""

    name: str
    curly: bool
    tools: Mapping[str, float]
    habits: Mapping[str, float]
    size: tuple[float, float]
    slant: tuple[float, float]
    aim: float
    spread: tuple[float, float]
    tremor: tuple[float, float]
    strays: float
    bow: tuple[float, float] = (0.0, 0.05)
    hook: tuple[float, float] = (0.0, 0.0)
    again: float = 0.03
    partial: float = 0.03
    wide: tuple[float, float] = (0.8, 1.2)
    odd: tuple[float, float] = (1.0, 1.0)
    any_tool: bool = False


RARE = {"plus": 1, "bar": 0.5, "small fill": 1.5, "scrawl": 1, "one-stroke cross": 2}
TUNING = Family(
    name="tuning",
    curly=False,
    tools={"ballpoint": 52, "gel": 18, "pencil": 15, "felt": 12, "marker": 3},
    habits={"tick": 46, "cross": 30, "fill": 9, "slash": 4, "dash": 4, "dot": 3, "circle": 4} | RARE,
    size=(0.6, 1.35),
    slant=(-0.25, 0.35),
    aim=0.35,
    spread=(0.15, 0.7),
    tremor=(0.0, 0.12),
    strays=0.05,
)
HELD_APART = Family(
    name="held-apart",
    curly=True,
    tools={"ballpoint": 46, "gel": 16, "pencil": 22, "felt": 10, "marker": 6},
    habits={"tick": 40, "cross": 28, "fill": 14, "slash": 5, "dash": 5, "dot": 3, "circle": 5} | RARE,
    size=(0.5, 1.6),
    slant=(-0.4, 0.5),
    aim=0.5,
    spread=(0.2, 0.9),
    tremor=(0.0, 0.2),
    strays=0.08,
    bow=(0.0, 0.12),
    hook=(0.0, 0.1),
    again=0.06,
    partial=0.06,
    wide=(0.7, 1.6),
    odd=(1.0, 1.5),
)
BROAD = Family(
    name="broad",
    curly=False,
    tools={"any": 1},
    habits=dict.fromkeys(MARKS, 1.0) | {"tick": 3, "cross": 2},
    size=(0.5, 2.0),
    slant=(-0.7, 0.8),
    aim=0.7,
    spread=(0.05, 1.2),
    tremor=(0.0, 0.3),
    strays=0.3,
    bow=(-0.25, 0.25),
    hook=(0.0, 0.3),
    again=0.25,
    partial=0.25,
    wide=(0.5, 2.0),
    odd=(1.0, 6.0),
    any_tool=True,
)

BLUES = ((150, 60, 30), (170, 70, 40), (120, 40, 20), (190, 110, 60))
BLACKS = ((30, 30, 30), (55, 50, 50))
OTHERS = ((110, 40, 90), (60, 110, 40), (50, 50, 190))


def drawn(family: Family, rng: Generator) -> Hand:
    """Somebody of this family."""
    habit = _of(family.habits, rng)
    rest = {name: weight for name, weight in family.habits.items() if name not in (habit, "fill")}
    return Hand(
        tool=any_tool(rng) if family.any_tool else tool(_of(family.tools, rng), rng),
        habit=habit,
        second_habit=_of(rest, rng),
        strays=family.strays if rng.random() < 0.5 else 0.0,
        curly=bool(rng.random() < 0.5) if family.any_tool else family.curly,
        slant=float(rng.uniform(*family.slant)),
        size=float(rng.uniform(*family.size)),
        aim=(float(rng.normal(0, family.aim)), float(rng.normal(0, family.aim))),
        spread=float(rng.uniform(*family.spread)),
        tremor=float(rng.uniform(*family.tremor)) if rng.random() < 0.6 else 0.0,
        pressure=float(rng.uniform(0.05, 0.35)),
        haste=float(rng.uniform(0, 1)),
        bow=float(rng.uniform(*family.bow)),
        hook=float(rng.uniform(*family.hook)) if rng.random() < 0.5 else 0.0,
        again=float(rng.uniform(0, 2)) * family.again,
        partial=float(rng.uniform(0, 2)) * family.partial,
        wide=float(rng.uniform(*family.wide)),
        odd=float(rng.uniform(*family.odd)),
    )


def _of(weights: Mapping[str, float], rng: Generator) -> str:
    names = list(weights)
    total = sum(weights.values())
    return names[int(rng.choice(len(names), p=[weights[name] / total for name in names]))]


def tool(name: str, rng: Generator) -> Tool:
    """One of its kind."""

    def colour(*palettes: tuple[tuple[int, int, int], ...]) -> tuple[int, int, int]:
        palette = palettes[int(rng.integers(len(palettes)))]
        return palette[int(rng.integers(len(palette)))]

    if name == "pencil":
        shade = int(rng.integers(70, 125))
        return Tool(name, rng.uniform(0.3, 0.6), (shade, shade, shade), rng.uniform(0.5, 0.9), 0.5)
    if name == "gel":
        return Tool(name, rng.uniform(0.5, 0.8), colour(BLUES, BLACKS), rng.uniform(0.92, 1), 0.03)
    if name == "felt":
        return Tool(name, rng.uniform(0.9, 1.5), colour(BLUES, BLACKS, OTHERS), rng.uniform(0.85, 1), 0.05)
    if name == "marker":
        return Tool(name, rng.uniform(1.8, 3.0), colour(BLACKS, OTHERS), rng.uniform(0.8, 1), 0.08)
    return Tool(name, rng.uniform(0.32, 0.55), colour(BLUES, BLUES, BLACKS), rng.uniform(0.8, 1), 0.15)


NARROWEST, WIDEST = 0.15, 3.5
SEEN = 0.06
"""Millimetres of a line's width times its darkness, of which something is left after a good scan at 150 dpi."""


def any_tool(rng: Generator) -> Tool:
    """Whatever leaves a line that can be seen; called a pencil when a copier or a threshold may lose it."""
    width = NARROWEST * (WIDEST / NARROWEST) ** float(rng.beta(1.5, 2.0))
    dark = rng.uniform(0, 130) if rng.random() < 0.7 else rng.uniform(0, 70)
    tinge = rng.uniform(-60, 60, 3) if rng.random() < 0.6 else np.zeros(3)
    blue, green, red = (int(level) for level in np.clip(dark + tinge, 0, 200))
    darkness = 1 - (0.11 * blue + 0.59 * green + 0.3 * red) / 255
    least = min(1.0, max(0.25, SEEN / width) / darkness)
    cover = float(rng.uniform(least, 1.0))
    name = "pencil" if cover * darkness < 0.55 or width * cover * darkness < 0.15 else "any"
    return Tool(
        name, width, (blue, green, red), cover, float(rng.uniform(0, 0.6) if rng.random() < 0.6 else 0)
    )
