"""What a reader said against what is true, counted.

A **silent error** of a question: the reader was sure, and its value is none of those that are right there
(`Truth.allowed`); a question nobody can know is one whenever the reader was sure at all. Of a box: the sure verdict
says «this one» or «not this one», and it is the other way round; a question that must be flagged and was not: one box.
Only sheets are decided whose every side was read: the others wait for a person in the product too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.paper.filling import HARD, NOT_ASKED, Truth
from benchmarks.paper.sheets import Filled
from benchmarks.paper.truths import UNNAMED

NAMED, ADDED = "named", "added"
"""Groups: kinds of answers that the list of what must be read names; those that were added to it here."""
Said = Mapping[str, tuple[str, bool]]  # question → (value, is it sure)


def _group(truth: Truth) -> str:
    return ADDED if truth.kind in UNNAMED else NAMED


@dataclass
class Score:
    """Counts over many sheets. `of`: by kind of truth and by defect, of questions: asked, silent, to review."""

    sides: int = 0
    read: int = 0
    wrong_number: int = 0
    sheets: int = 0
    whole: int = 0  # sheets every side of which was read
    wrong_sheets: int = 0  # of them, those with any silent error
    by_digits: int = 0  # sides known by their line of digits
    boxes: int = 0
    silent_boxes: int = 0
    doubtful_boxes: int = 0  # of questions to review, those that are doubtful themselves: `readers.doubtful`
    seconds: float = 0.0
    of: dict[str, Counter[str]] = field(default_factory=dict)

    def add_page(self, page: Filled, read: bool, wrong_number: bool, seconds: float) -> None:
        """One side, read or not."""
        self.sides += 1
        self.read += read and not wrong_number
        self.wrong_number += wrong_number
        self.seconds += seconds
        for name in page.defects or ("no defect",):
            self._count(f"defect: {name}", "sides", "read" if read and not wrong_number else "not read")

    def add_sheet(self, pages: Iterable[Filled], said: Said) -> list[str]:
        """One sheet that was read whole; the questions silently wrong come back."""
        self.whole += 1
        wrong = []
        for page in pages:
            for name, truth in page.truth.items():
                value, sure = said.get(name, ("", True))
                silent = sure and value not in truth.allowed
                self._question(page, name, truth, value, sure, silent)
                if silent:
                    wrong.append(name)
        self.wrong_sheets += bool(wrong)
        return wrong

    def add_doubtful(self, pages: Iterable[Filled], doubtful: Mapping[str, int]) -> None:
        """Doubtful boxes of the questions of a sheet that was read whole."""
        for page in pages:
            for name, truth in page.truth.items():
                self.doubtful_boxes += doubtful.get(name, 0)
                self.of.setdefault(_group(truth), Counter())["doubtful boxes"] += doubtful.get(name, 0)

    def _question(self, page: Filled, name: str, truth: Truth, value: str, sure: bool, silent: bool) -> None:
        count = sum(box.question == name for box in page.geometry.sides[page.code.side - 1].boxes)
        wrong = len({value, *truth.allowed} - {""}) if truth.allowed else 1
        self.boxes += count
        self.silent_boxes += silent * wrong
        told = ["questions"] + ["silent"] * silent + ["review"] * (not sure)
        if not sure and truth.kind not in HARD:
            told.append("review of the plain")
        if truth.must_flag:
            told.append("riddles")
        self._count("all", *told)
        group = _group(truth)
        self._count(group, *told)
        self.of[group].update({"boxes": count, "silent boxes": silent * wrong})
        self._count(f"truth: {truth.kind}", *told)
        if truth.kind != NOT_ASKED:
            self._count("hand: " + page.hand.habit, *told)
            self._count("tool: " + page.hand.tool.name, *told)
            self._count(f"dpi: {page.dpi}", *told)
        for defect in page.defects or ("no defect",):
            self._count(f"defect: {defect}", *told)

    def _count(self, group: str, *names: str) -> None:
        self.of.setdefault(group, Counter()).update(names)

    def counted(self, group: str, name: str) -> int:
        """One count; none is zero."""
        return self.of.get(group, Counter())[name]

    def hard(self) -> Counter[str]:
        """Of second marks, corrections, crossed-out and withdrawn answers: how many, flagged, silently wrong."""
        total: Counter[str] = Counter()
        for kind in HARD:
            total += self.of.get(f"truth: {kind}", Counter())
        return total

    def add(self, other: "Score") -> "Score":
        """Both together."""
        both = Score(
            **{name: getattr(self, name) + value for name, value in vars(other).items() if name != "of"}
        )
        for score in (self, other):
            for group, counter in score.of.items():
                both.of.setdefault(group, Counter()).update(counter)
        return both

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        bare = {name: value for name, value in vars(self).items() if name != "of"}
        return {**bare, "of": {name: dict(counter) for name, counter in sorted(self.of.items())}}
