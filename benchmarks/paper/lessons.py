"""Sheets that the learned judge is taught by: of every box it is known what was meant by what is drawn in it.

Hands of a family of their own, drawn from wider ranges than the tuning family's and bent at random, and far more of
what is rare. Seeds of the tuning set alone (`SEEDS` of them, from `FIRST`): no sheet that anything is measured on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper import blanks, filling, glimpses, people, sheets, strokes, truths, unruly
from benchmarks.paper.capturing import Wear
from benchmarks.paper.people import Hand
from benchmarks.paper.strokes import Stroke
from paper.geometry import Box, Geometry, Spot
from paper.reading.views import beyond

_T = TypeVar("_T")
FIRST, SEEDS = 100_000, 800_000
EMPTY, MARKED, FILLED, STRUCK, BESIDE_IT, STRAY = range(6)
"""What a box may hold, in the order of the model's answers."""

AS = {
    truths.MARKED: MARKED,
    truths.FILLED: FILLED,
    truths.STRUCK_OUT: STRUCK,
    truths.BESIDE: BESIDE_IT,
    truths.STRAY: STRAY,
}
FAMILY = people.Family(
    name="lessons",
    curly=False,
    tools={"ballpoint": 40, "gel": 14, "pencil": 27, "felt": 11, "marker": 8},
    habits={"tick": 36, "cross": 26, "fill": 12, "slash": 6, "dash": 6, "dot": 5, "circle": 7} | people.RARE,
    size=(0.45, 1.8),
    slant=(-0.6, 0.6),
    aim=0.6,
    spread=(0.1, 1.1),
    tremor=(0.0, 0.25),
    strays=0.12,
)
WEAR = Wear(5.0, (0.3, 1.4), (1, 10), (28, 92), 0.05, 0.6, (1800, 3400))
KINDS = {"scan": 0.3, "spoiled": 0.5, "photo": 0.2}
RESOLUTIONS = {150: 0.25, 200: 0.65, 300: 0.1}
FORMS = {
    ("bus-gov-13", "usual"): 0.55,
    ("675n-full", "usual"): 0.2,
    ("675n-culture-education", "usual"): 0.15,
    ("675n-full", "large"): 0.1,
}
PLAIN, BLANK, TWO, CORRECTED, CROSSED, WITHDRAWN, ASTRAY, BESIDE, IDLE = range(9)
MIX = (54, 16, 4, 6, 6, 2, 5, 5, 2)
"""How often each of these befalls a question."""
WAYS = {"": 0.35, "hard": 0.45, "usual": 0.2}
"""How a sheet is filled in: by the mix above, or as those of the other sets are, with these rates."""
ODD = 0.12
"""Marks of an unruly shape among the plain ones."""
STAINED, STAINS = {"scan": 0.1, "spoiled": 0.35, "photo": 0.25}, ("stamp", "stamp", "coffee", "blot")
"""Sides over whose boxes something was put or spilt, besides what befalls them anyway."""
SPECKS, WORDS, BEHIND = 0.12, 0.3, 0.08


@dataclass(frozen=True, slots=True)
class Lesson:
    """One side: views of its boxes as the judge will see them, and what each of them holds."""

    views: NDArray[np.float32]
    held: NDArray[np.int64]


@dataclass(slots=True)
class _Sheet:
    drawn: dict[int, list[Stroke]] = field(default_factory=dict)
    held: dict[tuple[str, str], int] = field(default_factory=dict)


def lesson(number: int) -> Iterator[Lesson]:
    """The sides of one sheet, told by its number alone; those that the reader cannot read teach nothing."""
    if not 0 <= number < SEEDS:
        raise ValueError(f"no such lesson: {number}")
    rng = np.random.default_rng([FIRST + number, 22])
    questionnaire, edition = _one_of(FORMS, rng)
    geometry = blanks.form(questionnaire, edition).geometry
    hand = people.drawn(FAMILY if rng.random() < 0.6 else people.BROAD, rng)
    kind, dpi, rates = _one_of(KINDS, rng), _one_of(RESOLUTIONS, rng), _one_of(WAYS, rng)
    sheet = _usual(questionnaire, geometry, hand, rng, rates) if rates else _filled(geometry, hand, rng)
    _behind(geometry, sheet, hand, rng)
    for number_, side in enumerate(geometry.sides, start=1):
        spoils = sheets.defects_of(kind, kind == "spoiled", hand.tool.name == "pencil", rng)
        if rng.random() < STAINED[kind]:
            spoils += tuple(str(name) for name in rng.choice(STAINS, int(rng.integers(1, 4))))
        paper = sheets.Paper(blanks.code(number, number_), side, questionnaire, edition, dpi, hand)
        drawn = sheet.drawn.get(number_, [])
        image, _seen = sheets.pictured(paper, drawn, kind, spoils, WEAR, rng, sheets.Drawn())
        held = np.array([sheet.held[box.question, box.value] for box in side.boxes])
        found = glimpses.found(image, paper.code, geometry, drawn, rng)
        if found:
            yield Lesson(found.views, np.concatenate([held[list(found.numbers)], found.beyond]))


def _behind(geometry: Geometry, sheet: _Sheet, hand: Hand, rng: Generator) -> None:
    """Somebody ticks or strikes a long word where the box's own view does not reach; at its edge nothing is taught."""
    for number, side in enumerate(geometry.sides, start=1):
        for at, off in beyond(side.boxes, {box.question for box in side.boxes}):
            box = side.boxes[at]
            if sheet.held[box.question, box.value] == EMPTY and rng.random() < BEHIND:
                moved = box.spot._replace(x=box.spot.x + off + float(rng.uniform(-0.2, 1.6)) * box.spot.width)
                sheet.drawn.setdefault(number, []).extend(unruly.behind(moved, hand, rng))
                sheet.held[box.question, box.value] = glimpses.UNKNOWN


def _one_of(weights: Mapping[_T, float], rng: Generator) -> _T:
    return list(weights)[int(rng.choice(len(weights), p=list(weights.values())))]


def _usual(questionnaire: str, geometry: Geometry, hand: Hand, rng: Generator, rates: str) -> _Sheet:
    """A whole sheet as the other sets have them."""
    found = filling.filled(blanks.questionnaire(questionnaire), geometry, hand, rng, strokes, rates)
    sheet = _Sheet(
        found.drawn, {(box.question, box.value): EMPTY for side in geometry.sides for box in side.boxes}
    )
    for question, truth in found.truths.items():
        if truth.kind == truths.COLUMN:  # a line through many boxes: what it means is for a person
            sheet.held |= dict.fromkeys(((question, value) for value in truth.marked), BESIDE_IT)
        for value, held in truth.held.items():
            ringed = truth.kind == truths.RINGED and held == truths.BESIDE
            riddle = truth.must_flag and held == truths.STRAY  # not to be passed over as a speck is
            sheet.held[question, value] = MARKED if ringed else BESIDE_IT if riddle else AS[held]
    return sheet


def _filled(geometry: Geometry, hand: Hand, rng: Generator) -> _Sheet:
    sheet = _Sheet()
    for number, side in enumerate(geometry.sides, start=1):
        drawn = sheet.drawn.setdefault(number, [])
        questions: dict[str, list[Box]] = {}
        for box in side.boxes:
            questions.setdefault(box.question, []).append(box)
        for boxes in questions.values():
            sheet.held |= {(box.question, box.value): EMPTY for box in boxes}
            for box, held in _answered(boxes, hand, rng, drawn):
                sheet.held[box.question, box.value] = held
        for spot in side.words.values():
            if rng.random() < WORDS:
                drawn += strokes.word(spot.x + 3, spot.y + 5, 2.5, int(rng.integers(3, 12)), hand, rng)
    return sheet


def _answered(boxes: list[Box], hand: Hand, rng: Generator, drawn: list[Stroke]) -> Iterator[tuple[Box, int]]:
    """One question; which of its boxes hold something."""
    kind = int(rng.choice(len(MIX), p=np.array(MIX) / sum(MIX)))
    order = [boxes[int(at)] for at in rng.permutation(len(boxes))]
    box, other = order[0], order[-1]
    if rng.random() < SPECKS:
        rested = order[len(order) // 2]
        x, y, wide, _high = rested.spot
        if rng.random() < 0.5 and rested is not box and rested is not other:
            drawn += strokes.speck(
                x + rng.uniform(0.1, 0.9) * wide, y + rng.uniform(0.1, 0.9) * wide, hand, rng
            )
            yield rested, STRAY
        else:
            drawn += strokes.speck(x - rng.uniform(1.5, 5), y + rng.uniform(-3, 8), hand, rng)
    if kind == BLANK:
        return
    if kind == IDLE:  # a line through a box that holds nothing, or through its word
        drawn += unruly.struck(box.spot, hand, rng, word=rng.random() < 0.5)
        yield box, BESIDE_IT  # the only answer, or what does not apply: nobody knows
    elif kind == BESIDE:
        drawn += unruly.beside(box.spot, hand, rng)
        yield box, BESIDE_IT
    elif kind == WITHDRAWN:
        yield box, _taken_back(box, hand, rng, drawn)
    else:
        astray = float(rng.uniform(0.3, 0.95)) if kind == ASTRAY else 0.0
        yield box, _marked(box, hand, rng, drawn, astray)
    if other is box:
        return
    if kind == TWO:
        yield other, _marked(other, hand, rng, drawn)
    elif kind == CORRECTED and hand.habit != "fill":
        drawn += _shape(other, hand, rng, 0.0)[1]
        drawn += unruly.bent(strokes.fill(other.spot, hand, rng), rng, 0.3)
        yield other, FILLED
    elif kind in (CORRECTED, CROSSED):
        yield other, _taken_back(other, hand, rng, drawn)


def _marked(box: Box, hand: Hand, rng: Generator, drawn: list[Stroke], astray: float = 0.0) -> int:
    habit, shape = _shape(box, hand, rng, astray)
    drawn += shape
    return FILLED if habit == "fill" else MARKED


def _shape(box: Box, hand: Hand, rng: Generator, astray: float) -> tuple[str, list[Stroke]]:
    habit = hand.second_habit if rng.random() < hand.strays else hand.habit
    if astray and habit in ("dot", "circle", "fill"):
        habit = "tick"
    if habit != "fill" and not astray and rng.random() < ODD:
        return "odd", unruly.mark(box.spot, hand, rng)
    way = rng.uniform(0, 2 * np.pi) if astray else 0.0
    off = np.array([np.cos(way), 0.75 * np.sin(way)]) * astray * box.spot.width
    spot = Spot(box.spot.x + off[0], box.spot.y + off[1], box.spot.width, box.spot.height)
    return habit, unruly.bent(strokes.mark(habit, spot, hand, rng), rng)


def _taken_back(box: Box, hand: Hand, rng: Generator, drawn: list[Stroke]) -> int:
    """A mark, and struck out: by a scribble, by lines through box and word, by a large cross."""
    habit, shape = _shape(box, hand, rng, 0.0)
    drawn += shape
    if rng.random() < 0.35 or habit in ("dash", "slash", "dot"):
        drawn += unruly.bent(strokes.scribble(box.spot, hand, rng), rng)
    else:
        drawn += unruly.struck(box.spot, hand, rng, word=rng.random() < 0.2)
    if rng.random() < 0.3:
        height = rng.uniform(1.8, 3.5)
        drawn += strokes.no(
            box.spot.x - height * rng.uniform(2.6, 3.5), box.spot.y + box.spot.width, height, hand, rng
        )
    return STRUCK
