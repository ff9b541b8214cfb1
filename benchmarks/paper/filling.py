"""A person fills a sheet in: what they mean, what they draw, and what may be read out of it without an error."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from numpy.random import Generator

from benchmarks.paper import across, odd
from benchmarks.paper.gestures import Doing, Place
from benchmarks.paper.pens import Pen
from benchmarks.paper.people import FILLING, Hand
from benchmarks.paper.truths import (
    ASTRAY,
    BLANK,
    COLUMNS,
    CORRECTED,
    CROSSED_OUT,
    DOODLES,
    FILLED,
    HARD,
    MARKED,
    MOST_ODD,
    NOT_ASKED,
    ODD_RATES,
    OFF_PATH,
    PLAIN,
    RATES,
    SPECK,
    STRAY,
    STRUCK_OUT,
    TWO,
    WITHDRAWN,
    Truth,
)
from paper.geometry import Box, Geometry, Spot
from surveys.questionnaire import Question, Questionnaire, path

__all__ = ["HARD", "NOT_ASKED", "OFF_PATH", "Pen", "Sheet", "Truth", "filled"]

FIRST = 0.62  # how often the first choice is taken
ANSWERS_OFF_PATH = {"usual": 0.04, "hard": 0.15}  # of the people: they do not read «go to question N»
WRITES = 0.25
WORD, LETTER, TALL = 8.2 / 6, 0.4, 0.57
"""Where the printed word begins, how wide a letter of it is and how tall the word: shares of the box's width."""


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
    down = None
    if rng.random() < COLUMNS[rates] * hand.odd:
        down = across.column(geometry, hand, rng, pen, sheet.drawn)
    meant: dict[str, str] = {}
    ignores = rng.random() < ANSWERS_OFF_PATH[rates]
    crossed: list[tuple[int, Spot]] = []
    certain = {""}  # questions whose answer anybody can tell
    for question in questionnaire.questions:
        if not question.closed:
            _write(question, words, sides, hand, rng, pen, sheet)
            continue
        asked = question in path(questionnaire, meant)
        if question.id not in boxes:
            continue
        if down and question.id in down.values:
            value = down.values[question.id]
            sheet.truths[question.id] = down.truth(value, asked)
            if asked and down.known:
                certain.add(question.id)
                meant[question.id] = value
            continue
        drawn = sheet.drawn.setdefault(sides[question.id], [])
        if not asked and not (ignores and rng.random() < 0.7):
            sheet.truths[question.id] = Truth(NOT_ASKED, frozenset({""}), frozenset())
            continue
        value = _chosen(question, rng)
        kind = _kind(rates, hand, len(question.choices), rng) if asked else OFF_PATH
        if kind in odd.WAYS:
            others = [choice.value for choice in question.choices if choice.value != value]
            other = others[int(rng.integers(len(others)))]
            place = _place(question, boxes[question.id], geometry.sides[sides[question.id] - 1].boxes)
            doing = Doing(kind, value, other, place, hand, rng, pen, drawn)
            truth = odd.answered(doing)
            crossed += [(sides[question.id], spot) for spot in doing.crossed]
        else:
            truth = _answer(kind, value, boxes[question.id], hand, rng, pen, drawn)
        sheet.truths[question.id] = truth
        if asked and len(truth.allowed) == 1:
            certain.add(question.id)
            (meant[question.id],) = truth.allowed
    if rng.random() < DOODLES[rates] * hand.odd:
        across.doodles(geometry, hand, rng, pen, sheet.drawn)
    _spread_doubt(questionnaire, certain, sheet)
    for number, box in _numbered(geometry):
        truth = sheet.truths[box.question]
        if (number, box.spot) in crossed and box.value not in truth.held:
            sheet.truths[box.question] = replace(truth, held={**truth.held, box.value: STRAY})
    return sheet


def _place(question: Question, boxes: Mapping[str, Box], around: tuple[Box, ...]) -> Place:
    words = {}
    for choice in question.choices:
        spot = boxes[choice.value].spot
        high = TALL * spot.width
        wide = LETTER * spot.width * len(choice.printed)
        words[choice.value] = Spot(spot.x + WORD * spot.width, spot.centre[1] - high / 2, wide, high)
    return Place({value: box.spot for value, box in boxes.items()}, words, tuple(box.spot for box in around))


def _spread_doubt(questionnaire: Questionnaire, certain: set[str], sheet: Sheet) -> None:
    """Whether a question was to be answered nobody knows while the one before it is a riddle."""
    for question in questionnaire.questions:
        truth = sheet.truths.get(question.id)
        if truth and truth.allowed and any(other not in certain for other in question.when):
            sheet.truths[question.id] = replace(truth, allowed=truth.allowed | {""})


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
        drawn += _marked(pen, spot, hand, rng)[0] + pen.fill(spot, hand, rng)
        return Truth(kind, frozenset({""}), frozenset(), {value: FILLED})
    astray = 0.0
    if kind == ASTRAY:
        astray = float(rng.uniform(0.5, 0.95))
    lines, what = _marked(pen, spot, hand, rng, astray=astray)
    drawn += lines
    held = {value: what}
    if kind == SPECK:
        number = int(rng.integers(len(others)))
        free = boxes[others[number]].spot
        held[others[number]] = STRAY
        drawn += pen.speck(free.x + rng.uniform(-2, 7), free.y + rng.uniform(-1, 6), hand, rng)
    if kind in (TWO, CORRECTED, CROSSED_OUT):
        other = others[int(rng.integers(len(others)))]
        first = boxes[other].spot
        lines, held[other] = _marked(pen, first, hand, rng)
        drawn += lines
        if kind == TWO:
            return Truth(kind, frozenset(), frozenset({value, other}), held)
        if kind == CORRECTED:
            held[other] = FILLED
            drawn += pen.fill(first, hand, rng)
        else:
            held[other] = STRUCK_OUT
            drawn += pen.scribble(first, hand, rng)
            if rng.random() < 0.6:
                height = rng.uniform(2.0, 3.5)
                drawn += pen.text("нет", first.x - height * 3.2, first.y + first.height, height, hand, rng)
    allowed = {value, ""} if kind == OFF_PATH else {value}
    return Truth(kind, frozenset(allowed), frozenset({value}), held)


def _marked(
    pen: Pen, spot: Spot, hand: Hand, rng: Generator, *, astray: float = 0.0
) -> tuple[list[Any], str]:
    """What is drawn, and what the box then holds."""
    habit = hand.second_habit if rng.random() < hand.strays else hand.habit
    if astray and habit in ("dot", "circle"):
        habit = "tick"
    held = FILLED if habit == "fill" else MARKED
    return pen.mark(habit, spot, hand, rng, astray=astray), held


def _kind(rates: str, hand: Hand, choices: int, rng: Generator) -> str:
    at = rng.uniform(0, 100)
    odder = min(hand.odd, MOST_ODD / sum(ODD_RATES[rates].values()))
    shares = {**RATES[rates], **{kind: share * odder for kind, share in ODD_RATES[rates].items()}}
    for kind, share in shares.items():
        at -= share
        if at < 0:
            if choices < 2 and kind not in (BLANK, WITHDRAWN, ASTRAY):
                return PLAIN
            if hand.habit in FILLING and kind in (CORRECTED, WITHDRAWN):
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
