"""A person fills a sheet in: what they mean, what they draw, and what may be read out of it without an error."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.random import Generator

from benchmarks.paper.people import Hand
from paper.geometry import Box, Geometry, Spot
from surveys.questionnaire import Question, Questionnaire, path

TWO, CORRECTED, CROSSED_OUT, WITHDRAWN = "two", "corrected", "crossed out", "withdrawn"
PLAIN, BLANK, ASTRAY, SPECK = "plain", "blank", "astray", "speck"
NOT_ASKED, OFF_PATH = "not asked", "off path"  # left alone by the rule; answered against it
HARD = (TWO, CORRECTED, CROSSED_OUT, WITHDRAWN)  # must be flagged or right


@dataclass(frozen=True, slots=True)
class Truth:
    """One question of one sheet. A sure verdict outside `allowed` is a silent error; when it is empty, any is.

    `marked`: the values with a mark that counts by the person's own meaning: two of them when they marked two.
    """

    kind: str
    allowed: frozenset[str]
    marked: frozenset[str]

    @property
    def must_flag(self) -> bool:
        """Nobody can know what was meant: only a doubt is right."""
        return not self.allowed


# How often, of a hundred questions on the path. «usual» is our guess at ordinary people; «hard» is there to count what
# is rare in it.
RATES: Mapping[str, Mapping[str, float]] = {
    "usual": {BLANK: 3, TWO: 0.3, CORRECTED: 0.8, CROSSED_OUT: 0.2, WITHDRAWN: 0.05, ASTRAY: 0.5, SPECK: 0.5},
    "hard": {BLANK: 3, TWO: 7, CORRECTED: 8, CROSSED_OUT: 5, WITHDRAWN: 1, ASTRAY: 5, SPECK: 4},
}
FIRST = 0.62  # how often the first choice is taken
ANSWERS_OFF_PATH = {"usual": 0.04, "hard": 0.15}  # of the people: they do not read «go to question N»
WRITES = 0.25


class Pen(Protocol):
    """Draws what a hand does; `benchmarks.paper.strokes` is one, another draws in a browser."""

    def mark(self, kind: str, spot: Spot, hand: Hand, rng: Generator, *, astray: float = 0.0) -> list[Any]:
        """A tick, a cross, …"""

    def fill(self, spot: Spot, hand: Hand, rng: Generator) -> list[Any]:
        """The box filled over."""

    def scribble(self, spot: Spot, hand: Hand, rng: Generator) -> list[Any]:
        """The mark struck out."""

    def no(self, x: float, y: float, height: float, hand: Hand, rng: Generator) -> list[Any]:
        """«нет»."""

    def speck(self, x: float, y: float, hand: Hand, rng: Generator) -> list[Any]:
        """The pen only rested."""

    def word(self, x: float, y: float, height: float, letters: int, hand: Hand, rng: Generator) -> list[Any]:
        """Something written."""


@dataclass(slots=True)
class Sheet:
    """What is drawn on each side (by its number, from 1), and what is true of each question with boxes."""

    drawn: dict[int, list[Any]] = field(default_factory=dict)
    truths: dict[str, Truth] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)


def filled(
    questionnaire: Questionnaire, geometry: Geometry, hand: Hand, rng: Generator, pen: Pen, rates: str
) -> Sheet:
    """One sheet by one hand."""
    sheet = Sheet()
    boxes, words, sides = _places(geometry)
    meant: dict[str, str] = {}
    ignores = rng.random() < ANSWERS_OFF_PATH[rates]
    certain = {""}  # questions whose answer anybody can tell
    for question in questionnaire.questions:
        if not question.closed:
            _write(question, words, sides, hand, rng, pen, sheet)
            continue
        asked = question in path(questionnaire, meant)
        if question.id not in boxes:
            continue
        drawn = sheet.drawn.setdefault(sides[question.id], [])
        if not asked and not (ignores and rng.random() < 0.7):
            sheet.truths[question.id] = Truth(NOT_ASKED, frozenset({""}), frozenset())
            continue
        value = _chosen(question, rng)
        kind = _kind(rates, hand, len(question.choices), rng) if asked else OFF_PATH
        truth = _answer(kind, value, boxes[question.id], hand, rng, pen, drawn)
        sheet.truths[question.id] = truth
        if asked and len(truth.allowed) == 1:
            certain.add(question.id)
            (meant[question.id],) = truth.allowed
    _spread_doubt(questionnaire, certain, sheet)
    return sheet


def _spread_doubt(questionnaire: Questionnaire, certain: set[str], sheet: Sheet) -> None:
    """Whether a question was to be answered nobody knows while the one before it is a riddle."""
    for question in questionnaire.questions:
        truth = sheet.truths.get(question.id)
        if truth and truth.allowed and any(other not in certain for other in question.when):
            sheet.truths[question.id] = Truth(truth.kind, truth.allowed | {""}, truth.marked)


def _answer(
    kind: str,
    value: str,
    boxes: Mapping[str, Box],
    hand: Hand,
    rng: Generator,
    pen: Pen,
    drawn: list[Any],
) -> Truth:
    """Draws it and says what is true."""
    spot = boxes[value].spot
    others = [one for one in boxes if one != value]
    if kind == BLANK:
        return Truth(kind, frozenset({""}), frozenset())
    if kind == WITHDRAWN:
        drawn += _marked(pen, spot, hand, rng) + pen.fill(spot, hand, rng)
        return Truth(kind, frozenset({""}), frozenset())
    astray = 0.0
    if kind == ASTRAY:
        astray = float(rng.uniform(0.5, 0.95))
    drawn += _marked(pen, spot, hand, rng, astray=astray)
    if kind == SPECK:
        free = boxes[others[int(rng.integers(len(others)))]].spot
        drawn += pen.speck(free.x + rng.uniform(-2, 7), free.y + rng.uniform(-1, 6), hand, rng)
    if kind in (TWO, CORRECTED, CROSSED_OUT):
        other = others[int(rng.integers(len(others)))]
        first = boxes[other].spot
        drawn += _marked(pen, first, hand, rng)
        if kind == TWO:
            return Truth(kind, frozenset(), frozenset({value, other}))
        if kind == CORRECTED:
            drawn += pen.fill(first, hand, rng)
        else:
            drawn += pen.scribble(first, hand, rng)
            if rng.random() < 0.6:
                height = rng.uniform(2.0, 3.5)
                drawn += pen.no(first.x - height * 3.2, first.y + first.height, height, hand, rng)
    allowed = {value, ""} if kind == OFF_PATH else {value}
    return Truth(kind, frozenset(allowed), frozenset({value}))


def _marked(pen: Pen, spot: Spot, hand: Hand, rng: Generator, *, astray: float = 0.0) -> list[Any]:
    habit = hand.second_habit if rng.random() < hand.strays else hand.habit
    if astray and habit in ("dot", "circle"):
        habit = "tick"
    return pen.mark(habit, spot, hand, rng, astray=astray)


def _kind(rates: str, hand: Hand, choices: int, rng: Generator) -> str:
    at = rng.uniform(0, 100)
    for kind, share in RATES[rates].items():
        at -= share
        if at < 0:
            if choices < 2 and kind in (TWO, CORRECTED, CROSSED_OUT, SPECK):
                return PLAIN
            if hand.habit == "fill" and kind in (CORRECTED, WITHDRAWN):
                return CROSSED_OUT  # who answers by filling cannot take back by filling
            return PLAIN if kind == SPECK and hand.habit == "dot" else kind
    return PLAIN


def _chosen(question: Question, rng: Generator) -> str:
    choices = question.choices
    if rng.random() < FIRST:
        return choices[0].value
    return choices[int(rng.integers(len(choices)))].value


def _write(
    question: Question,
    words: Mapping[str, Spot],
    sides: Mapping[str, int],
    hand: Hand,
    rng: Generator,
    pen: Pen,
    sheet: Sheet,
) -> None:
    spot = words.get(question.id)
    if spot is None or rng.random() > WRITES:
        return
    height = min(3.2, spot.height * 0.4) * rng.uniform(0.7, 1.0)
    y = spot.y + min(spot.height * 0.75, height * 2)
    drawn = sheet.drawn.setdefault(sides[question.id], [])
    x = spot.x + rng.uniform(1, 5)
    for _word in range(1 if question.kind == "number" else int(rng.integers(2, 9))):
        letters = 2 if question.kind == "number" else int(rng.integers(2, 9))
        if x + letters * height > spot.x + spot.width:
            x, y = spot.x + rng.uniform(1, 5), y + height * 2.4
            if y > spot.y + spot.height:
                break
        drawn += pen.word(x, y, height, letters, hand, rng)
        x += (letters + 0.8) * height
    sheet.written.add(question.id)


def _places(geometry: Geometry) -> tuple[dict[str, dict[str, Box]], dict[str, Spot], dict[str, int]]:
    boxes: dict[str, dict[str, Box]] = {}
    words: dict[str, Spot] = {}
    sides: dict[str, int] = {}
    for number, box in _numbered(geometry):
        boxes.setdefault(box.question, {})[box.value] = box
        sides[box.question] = number
    for number, side in enumerate(geometry.sides, start=1):
        words.update(side.words)
        sides.update(dict.fromkeys(side.words, number))
    return boxes, words, sides


def _numbered(geometry: Geometry) -> Iterator[tuple[int, Box]]:
    for number, side in enumerate(geometry.sides, start=1):
        for box in side.boxes:
            yield number, box
