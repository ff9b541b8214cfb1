"""Sets of filled sheets, each by its seed alone: the same number, the same pixels.

`tuning` is what a reader may be looked at with. `held_apart` is drawn by another family of hands, worn within wider
ranges, from seeds that `tuning` never reaches: it is measured on and never looked at. `trial` is a third, for tests.
`training` is a part of the tuning set, by a family of its own (`people.BROAD`): what learns from examples has these.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.paper import blanks, capturing, drawing, filling, marring, people, photographing, strokes
from benchmarks.paper.capturing import Wear
from benchmarks.paper.drawing import Picture
from benchmarks.paper.filling import Pen, Truth
from benchmarks.paper.people import Family, Hand
from paper.geometry import Geometry, Side
from paper.serials import PageCode
from surveys.questionnaire import Questionnaire

KINDS = ("scan", "spoiled", "hard", "photo", "faded")
"""«faded»: pencil, and a capture that loses ink twice over: told apart, for of some marks nothing is left to read."""


@dataclass(frozen=True, slots=True)
class Set:
    """Where its seeds begin (there are a million of them), whose hands, how worn."""

    name: str
    first: int
    family: Family
    wear: Wear


TUNING = Set("tuning", 0, people.TUNING, capturing.TUNING)
TRIAL = Set("trial", 5_000_000, people.TUNING, capturing.TUNING)
HELD_APART = Set("held-apart", 10_000_000, people.HELD_APART, capturing.HELD_APART)
SEEDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Filled:
    """One side of a filled sheet as a picture, grey or red-green-blue; the sides of one sheet follow one another.

    `truth`: of the questions whose boxes are on this side. `defects`: what was done to it.
    """

    image: Picture
    truth: Mapping[str, Truth]
    code: PageCode
    geometry: Geometry
    questionnaire: Questionnaire
    seed: int
    kind: str
    dpi: int
    hand: Hand
    defects: tuple[str, ...]
    written: frozenset[str]

    def resolve(self, found: PageCode) -> Geometry | None:
        """For the reader: this sheet's geometry, None for a code of no run of ours."""
        return blanks.resolve(self.geometry, found)


class Studio(Protocol):
    """Who draws, and how ink comes onto the page."""

    pen: Pen

    def inked(self, page: Picture, drawn: list[Any], hand: Hand, dpi: int, rng: Generator) -> Picture:
        """The grey printed page with what the pen drew on it, blue-green-red."""


class Drawn:
    """Strokes of `benchmarks.paper.strokes`, drawn by OpenCV."""

    pen: Pen = strokes

    def inked(self, page: Picture, drawn: list[Any], hand: Hand, dpi: int, rng: Generator) -> Picture:
        """See `Studio`."""
        picture = np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), np.uint8)
        drawing.draw(picture, drawn, hand.tool, dpi, rng)
        return picture


def tuning(kind: str = "scan", count: int = 10, start: int = 0, **options: Any) -> Iterator[Filled]:
    """`count` sheets (each of several sides) from the `start`-th; `kind` is one of KINDS."""
    return sheets(TUNING, kind, count, start, **options)


def training(kind: str = "scan", count: int = 10, start: int = 0, **options: Any) -> Iterator[Filled]:
    """For what learns from examples: the broad family's hands, numbers of the tuning set that are theirs alone."""
    return sheets(TUNING, kind, count, people.BROAD_SEEDS.start + start, **options)


def trial(kind: str = "scan", count: int = 10, start: int = 0, **options: Any) -> Iterator[Filled]:
    """For the tests of the project: the tuning family's hands, other seeds."""
    return sheets(TRIAL, kind, count, start, **options)


def held_apart(kind: str = "scan", count: int = 10, start: int = 0, **options: Any) -> Iterator[Filled]:
    """To be measured on. Whoever looks at one of these has spoilt it."""
    return sheets(HELD_APART, kind, count, start, **options)


def sheets(group: Set, kind: str, count: int, start: int = 0, **options: Any) -> Iterator[Filled]:
    """Of any set."""
    for number in range(start, start + count):
        yield from sheet(group, kind, number, **options)


def sheet(
    group: Set,
    kind: str,
    number: int,
    *,
    dpi: int | None = None,
    questionnaire: str = "bus-gov-13",
    edition: str = "usual",
    only: str | None = None,
    studio: Studio | None = None,
) -> Iterator[Filled]:
    """The sides of one sheet. `dpi` fixes the resolution; `only` makes every side bear this one defect."""
    studio = studio or Drawn()
    if kind not in KINDS or not 0 <= number < SEEDS:
        raise ValueError(f"no such sheet: {kind} {number}")
    seed = group.first + number
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    form = blanks.form(questionnaire, edition)
    broad = group is TUNING and number in people.BROAD_SEEDS
    hand = people.drawn(people.BROAD if broad else group.family, rng)
    if kind == "faded":
        hand = replace(hand, tool=people.tool("pencil", rng))
    rates = "hard" if kind == "hard" else "usual"
    held = filling.filled(form.questionnaire, form.geometry, hand, rng, studio.pen, rates)
    if dpi is None:
        dpi = 200 if kind == "photo" else int(rng.choice([150, 200, 300], p=[0.15, 0.7, 0.15]))
    worse = kind == "spoiled" or (kind == "hard" and rng.random() < 0.5)
    for side in range(1, form.sides + 1):
        code = blanks.code(seed, side)
        defects = (only,) if only else defects_of(kind, worse, hand.tool.name == "pencil", rng)
        places = form.geometry.sides[side - 1]
        paper = Paper(code, places, questionnaire, edition, dpi, hand)
        image, seen = pictured(paper, held.drawn.get(side, []), kind, defects, group.wear, rng, studio)
        here = {box.question for box in places.boxes}
        yield Filled(
            image=image,
            truth={name: truth for name, truth in held.truths.items() if name in here},
            code=code,
            geometry=form.geometry,
            questionnaire=form.questionnaire,
            seed=seed,
            kind=kind,
            dpi=dpi,
            hand=hand,
            defects=tuple(dict.fromkeys([*defects, *seen])),
            written=frozenset(held.written & set(places.words)),
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """One printed side, and whose hand writes on it."""

    code: PageCode
    places: Side
    questionnaire: str
    edition: str
    dpi: int
    hand: Hand


def pictured(
    paper: Paper,
    drawn: list[Any],
    kind: str,
    defects: tuple[str, ...],
    wear: Wear,
    rng: Generator,
    studio: Studio,
) -> tuple[Picture, list[str]]:
    """Printed, written on, marred and captured: the picture, grey or red-green-blue, and what is hard about it."""
    grey = blanks.printed(paper.code, paper.questionnaire, paper.edition, paper.dpi)
    if "old toner" in defects:
        grey = marring.old_toner(grey, rng)
    page = studio.inked(grey, drawn, paper.hand, paper.dpi, rng)
    for name in defects:
        if name in marring.MARRED:
            page = marring.MARRED[name](page, paper.places, paper.dpi, rng)
    image, seen = _captured(kind, page, paper.dpi, wear, defects, rng)
    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8), seen


def _captured(
    kind: str, page: Picture, dpi: int, wear: Wear, defects: tuple[str, ...], rng: Generator
) -> tuple[Picture, list[str]]:
    if kind == "photo":
        return photographing.photographed(page, wear, rng)
    spoils = tuple(name for name in defects if name in capturing.SPOILT)
    if spoils or kind == "spoiled":
        return capturing.scanned_badly(page, dpi, wear, rng, spoils), []
    return capturing.scanned(page, rng), []


MARS = (*marring.MARRED, "old toner")
LOSING = ("copy", "pale", "one bit", "one bit, adaptive", "old toner")


def defects_of(kind: str, worse: bool, pencil: bool, rng: Generator) -> tuple[str, ...]:
    """One to three of them on a spoiled side; on one photograph of four, one of what befalls paper itself.

    What loses ink does so once on a side, and a fixed threshold never meets pencil: see «faded» for those that do.
    """
    if kind == "photo":
        return (str(rng.choice(MARS)),) if rng.random() < 0.25 else ()
    if kind == "faded":
        return (
            *rng.choice(["copy", "pale"], 1).tolist(),
            *rng.choice(["one bit", "one bit, adaptive"], 1).tolist(),
        )
    if not worse:
        return ()
    names = rng.permutation([*MARS, *capturing.SPOILT])[: int(rng.integers(1, 4))].tolist()
    losing = [name for name in names if name in LOSING]
    names = [name for name in names if name not in losing[1:]]
    if pencil and "one bit" in names:
        names[names.index("one bit")] = "one bit, adaptive"
    return tuple(names)
