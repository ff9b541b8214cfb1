"""A small honest look at the reading of paper: seeds of neither set, ordinary hands, scans and photographs.

The measurement is `make bench BENCH_ARGS=paper`, its figures are in docs/paper-reading.md; this only catches a fall.
"""

import pytest

from benchmarks.paper import readers, sheets
from benchmarks.paper.scoring import Score
from benchmarks.paper.truths import UNASKED_FOR

UNLEARNT = 11
"""Questions answered in ways that the form says nothing of, silently wrong on these sheets: fewer, never more."""


def read(kind, count):
    """What the product made of it, the plain reader, and what was silently wrong: as the form asks, and otherwise."""
    scores, odd = readers.measured(
        sheets.trial(kind, count), {"careful": readers.careful, "plain": readers.plain}
    )
    told: dict[bool, list[object]] = {True: [], False: []}
    for one in odd:
        if one.silent:
            kind = one.page.truth[one.question].kind
            told[kind in UNASKED_FOR].append((one.page.seed, one.question, one.value, kind, one.page.defects))
    return scores["careful"], scores["plain"], told[False], told[True]


def share(score: Score, name: str) -> float:
    return score.counted("all", name) / score.counted("all", "questions")


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "count", "to_review"), [("scan", 10, 0.04), ("photo", 6, 0.06)])
def test_nothing_is_silently_wrong_and_little_goes_to_review(kind, count, to_review):
    careful, plain, silent, unasked_for = read(kind, count)
    assert careful.read == careful.sides and not careful.wrong_number
    assert silent == []
    assert len(unasked_for) <= 1
    assert share(careful, "review") <= to_review
    assert plain.counted("all", "silent") + plain.sides - plain.read > 0  # the comparison means something


def test_second_marks_and_corrections_are_flagged_or_right():
    careful, _plain, silent, unasked_for = read("hard", 6)
    assert careful.hard()["questions"] >= 10
    assert silent == []
    assert len(unasked_for) <= UNLEARNT, unasked_for
