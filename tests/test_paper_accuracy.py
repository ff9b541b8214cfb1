"""A small honest look at the reading of paper: seeds of neither set, ordinary hands, scans and photographs.

The measurement is `make bench BENCH_ARGS=paper`, its figures are in docs/paper-reading.md; this only catches a fall.
"""

import pytest

from benchmarks.paper import readers, sheets, telling
from benchmarks.paper.scoring import ADDED, NAMED, Score
from benchmarks.paper.truths import UNNAMED


def read(kind, count):
    """What the product made of it, the plain reader, and what was silently wrong, asked for by the form or not."""
    scores, odd = readers.measured(
        sheets.trial(kind, count), {"careful": readers.careful, "plain": readers.plain}
    )
    silent = [
        (one.page.seed, one.question, one.value, one.page.truth[one.question].kind, one.page.defects)
        for one in odd
        if one.silent
    ]
    return scores["careful"], scores["plain"], silent


def share(score: Score, name: str) -> float:
    return score.counted("all", name) / score.counted("all", "questions")


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count", "to_review"), [("scan", 10, 0.02), ("photo", 6, 0.02)])
def test_nothing_is_silently_wrong_and_little_goes_to_review(kind, count, to_review):
    careful, plain, silent = read(kind, count)
    assert careful.read == careful.sides and not careful.wrong_number
    assert silent == []
    assert share(careful, "review") <= to_review
    assert plain.counted("all", "silent") + plain.sides - plain.read > 0  # the comparison means something


def test_second_marks_and_corrections_are_flagged_or_right():
    """Those too that the form says nothing of: struck out by a line, marked on the word, put right in one's own way."""
    careful, _plain, silent = read("hard", 6)
    assert careful.hard()["questions"] >= 10
    assert silent == []


def test_of_a_doubted_question_those_boxes_are_doubtful_that_do_not_seem_empty():
    boxes = [("one", True), ("one", False), ("two", True), ("two", True), ("sure", False)]
    assert readers.doubtful(boxes, {"one"}) == {"one": 1}
    seems_blank = {"two": 2}  # every box of it
    assert readers.doubtful(boxes, {"one", "two"}) == {"one": 1, **seems_blank}
    assert readers.doubtful(boxes, set()) == {}


def test_what_the_list_names_and_what_was_added_make_up_the_whole():
    score, pages = Score(), list(sheets.trial("hard", 1, 2))
    wrong = score.add_sheet(pages, {name: ("", True) for page in pages for name in page.truth})
    kinds = [truth.kind for page in pages for truth in page.truth.values()]
    assert score.counted(ADDED, "questions") == sum(kind in UNNAMED for kind in kinds) > 0
    assert score.counted(NAMED, "questions") + score.counted(ADDED, "questions") == len(kinds)
    assert score.counted(NAMED, "boxes") + score.counted(ADDED, "boxes") == score.boxes
    assert score.counted(NAMED, "silent boxes") + score.counted(ADDED, "silent boxes") == score.silent_boxes
    assert score.counted(NAMED, "silent") + score.counted(ADDED, "silent") == len(wrong) > 0
    score.add_doubtful(pages, {name: 2 for page in pages for name in page.truth})
    assert score.doubtful_boxes == 2 * len(kinds)
    assert score.counted(ADDED, "doubtful boxes") == 2 * score.counted(ADDED, "questions")
    both = {"careful": score, "plain": score}
    told = telling.table({row: both for row in telling.NAMES}).splitlines()
    (line,) = (line for line in told if line.startswith("| both scans | added to it"))
    asked, boxes = score.counted(ADDED, "questions"), score.counted(ADDED, "boxes")
    assert f"| {asked} | {boxes} |" in line
