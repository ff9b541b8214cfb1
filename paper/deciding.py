"""What was seen in the boxes of one sheet → the answer to each question, or a doubt for a person. Pure.

The instruction printed on the sheet: a tick or a cross in a box; who erred fills the box and marks another. Who marks
by filling everywhere is told by the sheet itself. Nothing is guessed: what could be read in two ways is a doubt.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, log, prod

from paper.marks import BoxSeen, Mark
from surveys.questionnaire import Question, Questionnaire

TWO = "two"  # two marks and one answer
CORRECTED = "corrected"  # filled over: taken back, or this person's way of marking
FAINT = "faint"  # ink too little for a mark, too much for none
UNCLEAR = "unclear"  # a stain, a stamp, a trace
OUTSIDE = "outside"  # drawn beside the box
OFF_PATH = "off_path"  # answered, though it was not to be answered by what is marked before
LOW = "low"  # one mark, which the reader is not sure of
WHY = (TWO, CORRECTED, FAINT, UNCLEAR, OUTSIDE, OFF_PATH, LOW)

SURE = 0.98
"""Confidence of a question from which nobody is asked."""
SLOPE, BASE = 1.7, 3.2
"""How true what the judge of boxes says of all boxes of a question together is of sheets, which are tamer than what it
was taught by (logistic; chosen on the tuning set: ADR 0022)."""
NO_MARK = 0.75
"""Something unclear, which is so probably no mark, does not stand against a clear one."""
BESIDE, LITTLE = 0.01, 0.06
"""Share of dark of a box up to which what is unclear is not in it, or is little."""
BARE, BARE_SHARE = 3, 0.28
"""Unanswered or hardly seen questions, and their share of those asked, from which none of the empty ones is sure."""
STYLE, MANY = 3, 6
"""So many lone fills, and this many times as many as lone ticks, are a way of marking; or many, and more than ticks."""
UNTOUCHED = 0.95
"""All boxes of a question are so surely empty when it is surely left blank: of a mark far off little is seen."""
STAINED = 0.05
"""Share of a box that is dark from which it is not surely left blank: a mark may have been taken for a stain."""
SPECK = 0.95
"""What stands beside a box, so surely is no mark, and hardly is meant: a copy's dirt, what a rubber left."""
TAKEN_BACK = 0.99
"""A box beside an answer is so surely struck out; an arrow's tail or a tick gone over again is not."""
KEPT = 0.85
"""Of what is meant in a box so much is a mark; less, and the mark may be filled over or struck out: taken back."""
PLAIN, SPARED, HARDLY = 0.98, 0.3, 0.02
"""A mark so sure is not outweighed by something unclear, not in its own box, that is no mark so probably and meant so
hardly: a stamp, a fold, the end of a line."""
ODD, USUAL = 0.7, 0.97
"""An answer so little surely meant, on a sheet where at most one other is less than this: another's dot, a stain."""
COVERED = (Mark.FILLED, Mark.STRUCK)
MEANT, COVERS, EITHER, EITHERS = 0.7, 0.25, 0.9, 2
"""A box holds something meant; perhaps covers it; so seldom the likeliest of it; so many such: see `_one_way`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question. `value` "" is no answer; a doubt's `value` is what the reader would say. `why` is one of `WHY`.

    `off_path` with `sure`: it was not to be answered; `heard` leaves it out, nobody needs to look.
    """

    question: str
    value: str
    sure: bool
    why: str
    confidence: float


def decide(questionnaire: Questionnaire, boxes: Iterable[BoxSeen]) -> list[Verdict]:
    """Each question that has boxes among these, in the questionnaire's order; boxes of all sides of one sheet."""
    seen: dict[str, list[BoxSeen]] = {}
    for box in boxes:
        seen.setdefault(box.question, []).append(box)
    if _one_way(seen.values()):
        seen = {question: [_any_way(box) for box in boxes] for question, boxes in seen.items()}
    fills, usual = _fills(seen.values()), _usual(seen.values())
    told = [
        _alone(question, seen[question.id], fills, usual)
        for question in questionnaire.closed
        if question.id in seen
    ]
    return _on_path(questionnaire, _bare(questionnaire, told))


def _fills(questions: Iterable[list[BoxSeen]]) -> bool:
    """Does this person mark by filling boxes?"""
    lone = [marked[0].mark for boxes in questions if len(marked := _answers(boxes)) == 1]
    filled, ticked = lone.count(Mark.FILLED), lone.count(Mark.MARKED)
    return filled >= STYLE * max(1, ticked) or (filled >= MANY and filled > ticked)


def _usual(questions: Iterable[list[BoxSeen]]) -> bool:
    """Are this person's marks, but for two at most, so sure that another one among them is odd?"""
    lone = [
        one[0].meant for boxes in questions if len(one := [box for box in boxes if box.meant > MEANT]) == 1
    ]
    return len(lone) > STYLE and sorted(lone)[2] > USUAL


def _one_way(questions: Iterable[list[BoxSeen]]) -> bool:
    """Does this person scrawl, or tick with so thick a pen that ticks, fills and struck answers look the same?

    Many stand alone in their questions and are no more surely the one than the other; nobody takes so many back.
    """
    lone = [one[0] for boxes in questions if len(one := [box for box in boxes if box.meant > MEANT]) == 1]
    covered = sum(box.mark in COVERED or box.meant - box.confidence > COVERS for box in lone)
    either = sum(box.confidence < EITHER * box.meant for box in lone)
    return covered >= STYLE and either >= EITHERS


def _any_way(box: BoxSeen) -> BoxSeen:
    """Of somebody whose marks are alike: a mark, whatever it looks like. Two in one question are a doubt then.

    What is surely struck out stays so.
    """
    if box.mark not in (Mark.MARKED, *COVERED) or (box.mark == Mark.STRUCK and box.confidence > EITHER):
        return box
    return replace(box, mark=Mark.MARKED, confidence=max(box.confidence, box.meant))


def _answers(boxes: list[BoxSeen]) -> list[BoxSeen]:
    return [box for box in boxes if box.mark in (Mark.MARKED, Mark.FILLED)]


def _alone(question: Question, boxes: list[BoxSeen], fills: bool, usual: bool) -> Verdict:
    """One question by itself, whether it was to be answered or not."""
    known = _weighed([_clean(box) for box in boxes if box.value in question.codes])
    of = {mark: [box for box in known if box.mark == mark] for mark in Mark}
    marked, filled, struck, unclear = (
        of[mark] for mark in (Mark.MARKED, Mark.FILLED, Mark.STRUCK, Mark.UNCLEAR)
    )
    together = prod(box.confidence for box in known) if known else 0.0
    sure = _true(together)
    answers, taken_back = (marked + filled, struck) if fills else (marked, filled + struck)

    def doubt(why: str, value: str = "") -> Verdict:
        return Verdict(question.id, value, False, why, min(sure, 0.5))

    if any(box.confidence < NO_MARK for box in unclear) or (unclear and len(answers) != 1):
        guess = answers or taken_back or unclear
        return doubt(
            _unclear(unclear, bool(answers or taken_back)), guess[0].value if len(guess) == 1 else ""
        )
    if len(answers) > 1:
        return doubt(
            CORRECTED if fills and marked and filled else TWO, _only(marked) if fills and filled else ""
        )
    if answers:
        if any(box.confidence < TAKEN_BACK for box in struck):
            return doubt(CORRECTED, answers[0].value)
        if not fills and answers[0].confidence < KEPT * answers[0].meant:
            return doubt(CORRECTED, answers[0].value)
        if usual and answers[0].meant < ODD:
            return doubt(LOW, answers[0].value)
        low = CORRECTED if taken_back else LOW
        return Verdict(question.id, answers[0].value, sure >= SURE, "" if sure >= SURE else low, sure)
    if taken_back:
        return doubt(CORRECTED, _only(taken_back))
    if any(box.ink > STAINED for box in known):
        return doubt(UNCLEAR)
    bare = together >= UNTOUCHED
    return Verdict(question.id, "", bare, "" if bare else FAINT, sure)


def _clean(box: BoxSeen) -> BoxSeen:
    """An empty box where only a speck stands beside it."""
    speck = box.mark == Mark.UNCLEAR and box.confidence >= SPECK and box.meant <= HARDLY
    return replace(box, mark=Mark.EMPTY) if speck and box.ink <= BESIDE else box


def _weighed(boxes: list[BoxSeen]) -> list[BoxSeen]:
    """Beside one plain mark: without what is unclear and hardly anything meant for its box."""
    marks = [box for box in boxes if box.mark not in (Mark.EMPTY, Mark.UNCLEAR)]
    if len(marks) != 1 or marks[0].mark == Mark.STRUCK or marks[0].confidence < PLAIN:
        return boxes
    return [
        box
        for box in boxes
        if box.mark != Mark.UNCLEAR or box.confidence < SPARED or box.meant > HARDLY or box.ink > LITTLE
    ]


def _true(together: float) -> float:
    """How often a question of such boxes is right."""
    odds = log(max(together, 1e-9) / max(1 - together, 1e-9))
    return 1 / (1 + exp(-SLOPE * odds - BASE))


def _only(boxes: list[BoxSeen]) -> str:
    return boxes[0].value if len(boxes) == 1 else ""


def _unclear(unclear: list[BoxSeen], marked: bool) -> str:
    """In what way."""
    most = max(box.ink for box in unclear)
    if most <= BESIDE and not marked:
        return OUTSIDE
    return UNCLEAR if marked or most > LITTLE else FAINT


def _bare(questionnaire: Questionnaire, alone: list[Verdict]) -> list[Verdict]:
    """Many questions without a clear mark: perhaps the scanner has lost them, not the person left them out."""
    told = {verdict.question: verdict for verdict in alone}
    asked = [
        told[question.id]
        for question in questionnaire.closed
        if question.id in told
        and not any(
            told[key].sure and told[key].value not in ("", value)
            for key, value in question.when.items()
            if key in told
        )
    ]
    weak = [one for one in asked if not one.value or one.why in (FAINT, LOW)]
    if len(weak) == len(asked) and not any(one.why for one in asked):
        return alone  # nothing at all on the sheet: it is told as empty, and counted as no answers
    if len(weak) < BARE or len(weak) < BARE_SHARE * len(asked):
        return alone
    empty = {one.question for one in asked if not one.value and one.sure}
    return [
        replace(one, sure=False, why=FAINT, confidence=min(one.confidence, 0.5))
        if one.question in empty
        else one
        for one in alone
    ]


def _on_path(questionnaire: Questionnaire, alone: list[Verdict]) -> list[Verdict]:
    """Skips. A mark off the path needs nobody; one that follows an empty filter makes a doubt of the filter.

    Behind a filter in doubt a reading stays as sure as it is: when a person has decided, `heard` walks the path again.
    """
    told = {verdict.question: verdict for verdict in alone}
    for question in questionnaire.closed:
        verdict = told.get(question.id)
        leading = {key: told[key] for key in question.when if key in told}
        if verdict is None or not leading or not (verdict.value or not verdict.sure):
            continue
        if any(not one.sure for one in leading.values()):
            continue
        if all(one.value == question.when[key] and one.why != OFF_PATH for key, one in leading.items()):
            continue
        empty = [key for key, one in leading.items() if not one.value and one.why != OFF_PATH]
        for key in empty:
            told[key] = replace(
                told[key], sure=False, why=OFF_PATH, confidence=min(told[key].confidence, 0.5)
            )
        if not empty:
            value = verdict.value if verdict.sure else ""
            told[question.id] = replace(verdict, value=value, sure=True, why=OFF_PATH)
    return [told[verdict.question] for verdict in alone]
