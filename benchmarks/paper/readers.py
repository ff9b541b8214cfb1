"""The readers that are compared: pages of one sheet in, what each question was read as out."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from benchmarks.paper import baseline
from benchmarks.paper.filling import HARD
from benchmarks.paper.scoring import Said, Score
from benchmarks.paper.sheets import Filled
from paper import deciding, reading
from paper.marks import BoxSeen, How, Mark
from surveys.questionnaire import Questionnaire, heard


@dataclass(frozen=True, slots=True)
class Odd:
    """A question silently wrong, or a plain one that was doubted: to be looked at, of the tuning set alone."""

    page: Filled
    question: str
    value: str
    silent: bool


def careful(pages: list[Filled], score: Score) -> Said | None:
    """`paper.reading` and `paper.deciding`, as the product calls them; None when a side was not read."""
    boxes: list[BoxSeen] = []
    whole = True
    for page in pages:
        start = time.process_time()
        seen = reading.read_page(page.image, page.resolve)
        spent = time.process_time() - start
        code, ours = seen.code, page.code
        told = (code.campaign, code.serial, code.side) if code and seen.trouble is None else None
        read = told is not None
        wrong = read and told != (ours.campaign, ours.serial, ours.side)
        score.add_page(page, read, wrong, spent)
        score.by_digits += read and seen.how == How.DIGITS
        whole = whole and read and not wrong
        boxes.extend(seen.boxes)
    if not whole:
        return None
    verdicts = deciding.decide(pages[0].questionnaire, boxes)
    said = {one.question: (one.value, one.sure) for one in verdicts}
    score.add_doubtful(
        pages,
        doubtful(
            [(box.question, box.mark == Mark.EMPTY) for box in boxes],
            {one.question for one in verdicts if not one.sure},
        ),
    )
    return on_path(
        pages[0].questionnaire, said
    )  # behind a doubt the path is walked again when a person has decided


def plain(pages: list[Filled], score: Score) -> Said | None:
    """The baseline."""
    dark: dict[tuple[str, str], float] = {}
    whole = True
    for page in pages:
        start = time.process_time()
        found = baseline.read(page.image, page.geometry)
        spent = time.process_time() - start
        wrong = found is not None and found[0] != page.code
        score.add_page(page, found is not None, wrong, spent)
        whole = whole and found is not None and not wrong
        if found:
            dark |= found[1]
    if not whole:
        return None
    said = baseline.decide(dark)
    score.add_doubtful(
        pages,
        doubtful(
            [(question, ink <= baseline.THRESHOLD) for (question, _value), ink in dark.items()],
            {name for name, (_value, sure) in said.items() if not sure},
        ),
    )
    return on_path(pages[0].questionnaire, said)


def doubtful(boxes: Iterable[tuple[str, bool]], doubted: Collection[str]) -> Mapping[str, int]:
    """Of each doubted question, how many boxes are doubtful themselves; `boxes`: its question, does it seem empty.

    One that clearly is empty beside another is not: what is doubted is the other. Where all seem empty, all are.
    """
    of: dict[str, list[bool]] = {}
    for question, empty in boxes:
        if question in doubted:
            of.setdefault(question, []).append(empty)
    return {question: empties.count(False) or len(empties) for question, empties in of.items()}


def on_path(questionnaire: Questionnaire, said: Said) -> Said:
    """What counts of it: an answer to a question that was surely not to be answered does not."""
    answers = {name: value for name, (value, _sure) in said.items()}
    kept = heard(questionnaire, answers, blanks=True).answers
    told = {}
    for question in questionnaire.closed:
        if question.id in said:
            value, sure = said[question.id]
            known = all(said.get(other, ("", False))[1] for other in question.when)
            told[question.id] = ("" if known and question.id not in kept else value, sure)
    return told


Reader = Callable[[list[Filled], Score], Said | None]


def measured(pages: Iterable[Filled], readers: dict[str, Reader]) -> tuple[dict[str, Score], list[Odd]]:
    """The same sheets through each reader; what is odd in the first's reading comes back."""
    scores = {name: Score() for name in readers}
    odd: list[Odd] = []
    for sheet in together(pages):
        for place, (name, reader) in enumerate(readers.items()):
            score = scores[name]
            score.sheets += 1
            said = reader(sheet, score)
            if said is None:
                continue
            bad = score.add_sheet(sheet, said)
            if place == 0:
                odd += _odd(sheet, said, bad)
    return scores, odd


def _odd(sheet: list[Filled], said: Said, bad: list[str]) -> Iterator[Odd]:
    for page in sheet:
        for question, truth in page.truth.items():
            value, sure = said.get(question, ("", True))
            if question in bad or (not sure and truth.kind not in HARD):
                yield Odd(page, question, value, question in bad)


def together(pages: Iterable[Filled]) -> Iterator[list[Filled]]:
    """The sides of each sheet."""
    for _sheet, sides in groupby(pages, key=lambda page: (page.kind, page.seed)):
        yield list(sides)
