"""Comments with their marks written in, and how well screening finds these marks.

A comment is written «Врач {name|Иванова} принял вовремя»: what stands after the bar is text, what before it is a kind.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from surveys.screening import Kind, Mark, screen

_MARK = re.compile(r"\{(\w+)\|([^{}]*)\}")


@dataclass(frozen=True)
class Comment:
    """A text and what there is to be found in it."""

    text: str
    marks: tuple[Mark, ...]


def parsed(written: str) -> Comment:
    """A comment out of its written form."""
    text, marks, at = "", [], 0
    for one in _MARK.finditer(written):
        text += written[at : one.start()]
        marks.append(Mark(len(text), len(text) + len(one[2]), Kind(one[1])))
        text += one[2]
        at = one.end()
    return Comment(text + written[at:], tuple(marks))


@dataclass
class Score:
    """Of one kind: places that there were, that were covered whole, that were found, that were rightly found.

    A place is covered when each letter and digit of it is masked, as whatever kind. A found mark is right when it
    meets a true one of its kind; masked as another kind it is still masked and counts as right, as nothing was spoilt.
    """

    there: Counter[Kind] = field(default_factory=Counter)
    covered: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    right: Counter[Kind] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    texts: int = 0
    whole: int = 0
    """Texts in which nothing was missed and nothing masked in vain."""

    def recall(self, kind: Kind) -> float:
        """The share of places of this kind that are covered whole."""
        return self.covered[kind] / self.there[kind] if self.there[kind] else 1.0

    def precision(self, kind: Kind) -> float:
        """The share of marks of this kind that stand where something was to be found."""
        return self.right[kind] / self.found[kind] if self.found[kind] else 1.0


def scored(comments: Iterable[Comment]) -> Score:
    """How screening does on these comments."""
    score = Score()
    for comment in comments:
        found = screen(comment.text)
        before = len(score.missed) + len(score.wrong)
        for mark in comment.marks:
            score.there[mark.kind] += 1
            if _covered(comment.text, mark, found):
                score.covered[mark.kind] += 1
            else:
                score.missed.append(f"{mark.kind}: {comment.text[mark.start : mark.end]} | {comment.text}")
        for mark in found:
            score.found[mark.kind] += 1
            if any(_meet(mark, true) for true in comment.marks):
                score.right[mark.kind] += 1
            else:
                score.wrong.append(f"{mark.kind}: {comment.text[mark.start : mark.end]} | {comment.text}")
        score.texts += 1
        score.whole += len(score.missed) + len(score.wrong) == before
    return score


def _covered(text: str, mark: Mark, found: Iterable[Mark]) -> bool:
    rude = mark.kind is Kind.RUDE
    under = [one for one in found if (one.kind is Kind.RUDE) is rude]
    places = (place for place in range(mark.start, mark.end) if text[place].isalnum())
    return all(any(one.start <= place < one.end for one in under) for place in places)


def _meet(mark: Mark, true: Mark) -> bool:
    alike = (mark.kind is Kind.RUDE) is (true.kind is Kind.RUDE)
    return alike and mark.start < true.end and true.start < mark.end
