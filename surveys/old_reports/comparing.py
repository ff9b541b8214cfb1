"""Each figure of an old report held against what follows from the figures and counts beside it, exactly.

Indicators follow from counts, criteria from indicators, the total from criteria: so one mistake is named once, in its
own place. Where the two differ the catalogue of known mistakes is tried; what reproduces the reported number is named.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

import nok
from nok import scores
from nok.figure import weighted
from nok.rules import Indicator
from surveys.old_reports import counting, mistakes
from surveys.old_reports.counting import Counted
from surveys.old_reports.mistakes import Guess
from surveys.old_reports.rows import Line
from surveys.old_reports.targets import FIGURES, INDICATORS, TOTAL

AGREES, ROUNDED, EXPLAINED, UNEXPLAINED, EMPTY, ODD, UNCHECKED = (
    "agrees", "rounded", "explained", "unexplained", "empty", "odd", "unchecked",
)  # fmt: skip
DIFFERS = frozenset({EXPLAINED, UNEXPLAINED, EMPTY, ODD})
FINE = Fraction(1, 10)  # inputs printed more coarsely than this explain nearly anything
OFTEN_NOBODY = ("3.3", "4.3")
Progress = Callable[[int, int], None]
Ranks = Mapping[str, Mapping[str, int]]


class Rules(NamedTuple):
    """By what a report is recomputed: the rules of the campaign it was brought into, places as the report prints."""

    edition: nok.Edition
    practice: nok.Practice
    sector: str
    places: Mapping[str, int]


class Compared(NamedTuple):
    """One figure: as reported, as recomputed, what became of it; `keys` are the mistakes that reproduce it."""

    at: str
    reported: Fraction | None
    recomputed: Fraction | None
    state: str
    keys: tuple[str, ...] = ()

    @property
    def difference(self) -> Fraction | None:
        """Reported less recomputed."""
        if self.reported is None or self.recomputed is None:
            return None
        return self.reported - self.recomputed


@dataclass
class Known:
    """What a line says of each figure: its best value, and how far printing may have moved it."""

    value: dict[str, Fraction | None] = field(default_factory=dict)
    slack: dict[str, Fraction] = field(default_factory=dict)

    def tell(self, at: str, value: Fraction | None, slack: Fraction = Fraction(0)) -> None:
        """Put a figure down."""
        self.value[at], self.slack[at] = value, slack


def compared(line: Line, rules: Rules) -> list[Compared]:
    """Every figure that the line has, or that follows from what it has, in the Order's order."""
    counts = counting.counted(line, rules.edition, rules.practice, rules.sector)
    known = Known()
    found = [one for at in INDICATORS if (one := _indicator(at, line, counts, known, rules))]
    criteria, right = Known(), Known()
    for id in rules.edition.criteria:
        if one := _criterion(id, line, known, criteria, right, rules):
            found.append(one)
    if one := _total(line, known, criteria, right, rules):
        found.append(one)
    return found


def anew(line: Line, rules: Rules) -> Fraction | None:
    """The total counted from the bottom: from counts where there are any, from reported indicators where not."""
    counts = counting.counted(line, rules.edition, rules.practice, rules.sector)
    known, criteria, right = Known(), Known(), Known()
    for at in INDICATORS:
        _indicator(at, line, counts, known, rules)
    for id in rules.edition.criteria:
        _criterion(id, line, known, criteria, right, rules)
    return scores.mean(right.value.get(id) for id in rules.edition.criteria)


def _indicator(at: str, line: Line, counts: Counted, known: Known, rules: Rules) -> Compared | None:
    rule = rules.edition.indicators[at]
    given, reported = at in line.figures, line.figures.get(at)
    if at in counts.exact:
        exact = counts.exact[at]
        known.tell(at, exact)
    elif (siblings := rules.edition.sphere(rules.sector).taken_as.get(at)) is not None:
        if given:
            known.tell(at, reported, _half(at, rules))
        if not given or reported is None or not all(known.value.get(one) is not None for one in siblings):
            return Compared(at, reported, None, UNCHECKED) if reported is not None else None
        exact = scores.mean(known.value[one] for one in siblings)
        slack = max(known.slack[one] for one in siblings)
        return _judged(at, reported, exact, slack, mistakes.shown(exact, _places(at, rules)), rules)
    else:
        if given:
            known.tell(at, reported, Fraction(0) if reported in _steps(rule) else _half(at, rules))
        return _alone(at, rule, reported, counts, rules) if reported is not None else None
    if not given:
        return Compared(at, None, exact, UNCHECKED) if exact is not None else None
    guesses = chain(
        mistakes.shown(exact, _places(at, rules)),
        mistakes.of_indicator(rule, counts, rules.practice, rules.edition),
    )
    return _judged(at, reported, exact, Fraction(0), guesses, rules)


def _alone(at: str, rule: Indicator, reported: Fraction, counts: Counted, rules: Rules) -> Compared:
    """Without counts a number may still be one that no organisation can have."""
    if at in counts.torn:
        return Compared(at, reported, None, ODD, ("torn",))
    if at in OFTEN_NOBODY and reported == 0:
        return Compared(at, reported, None, ODD, ("doubtful_zero",))
    if rule.measure == "items" and reported not in _steps(rule):
        return Compared(at, reported, None, ODD, ("impossible",))
    return Compared(at, reported, None, UNCHECKED)


def _steps(rule: Indicator) -> frozenset[Fraction]:
    """Points that whole items can give; of an indicator that is no list of items none."""
    if rule.measure != "items":
        return frozenset()
    most = int(100 / rule.points_per_item) + 1
    return frozenset(min(rule.points_per_item * n, rule.at_most) for n in range(most + 1))


def _criterion(
    id: str, line: Line, known: Known, criteria: Known, right: Known, rules: Rules
) -> Compared | None:
    """A criterion from its indicators, when the report has them all, be it as an empty cell."""
    own = rules.edition.sphere(rules.sector).proportions[id]
    given, reported = id in line.figures, line.figures.get(id)
    if not all(number in known.value for number, _ in own):
        if given:
            criteria.tell(id, reported, _half(id, rules))
            right.tell(id, reported, _half(id, rules))
        return Compared(id, reported, None, UNCHECKED) if reported is not None else None
    exact = scores.criterion(known.value, own, rules.practice)
    slack = weighted((known.slack[n], w) for n, w in own if known.value[n] is not None) or Fraction(0)
    right.tell(id, exact, slack)
    if not given:
        criteria.tell(id, exact, slack)
        return Compared(id, None, exact, UNCHECKED) if exact is not None else None
    guesses = chain(
        mistakes.shown(exact, _places(id, rules)),
        mistakes.of_criterion(id, known.value, rules.edition, rules.practice, rules.sector),
        mistakes.undefined() if exact is None else (),
    )
    one = _judged(id, reported, exact, slack, guesses, rules)
    if one.state == AGREES and not slack:
        criteria.tell(id, exact)
    else:
        criteria.tell(id, reported, _half(id, rules))
    return one


def _total(line: Line, known: Known, criteria: Known, right: Known, rules: Rules) -> Compared | None:
    ids = rules.edition.criteria
    given, reported = TOTAL in line.figures, line.figures.get(TOTAL)
    if not all(id in criteria.value for id in ids):
        return Compared(TOTAL, reported, None, UNCHECKED) if reported is not None else None
    told = {id: criteria.value[id] for id in ids}
    exact = scores.mean(told.values())
    slack = weighted((criteria.slack[id], 1) for id in ids) or Fraction(0)
    if not given:
        return Compared(TOTAL, None, exact, UNCHECKED) if exact is not None else None
    fixed = {id: right.value.get(id) for id in ids}
    guesses = chain(
        mistakes.shown(exact, _places(TOTAL, rules)),
        mistakes.of_total(told, fixed, known.value),
    )
    return _judged(TOTAL, reported, exact, slack, guesses, rules)


def _judged(
    at: str,
    reported: Fraction | None,
    exact: Fraction | None,
    slack: Fraction,
    guesses: Iterable[Guess],
    rules: Rules,
) -> Compared:
    """Do they agree as printed; if not, which known mistake gives the reported number?"""
    half = _half(at, rules)
    if reported is None:
        return Compared(
            at, None, exact, AGREES if exact is None else EMPTY, () if exact is None else ("empty",)
        )
    if exact is not None and abs(exact - reported) <= half:
        return Compared(at, reported, exact, AGREES)
    if exact is not None and abs(exact - reported) <= half + slack:
        return Compared(at, reported, exact, ROUNDED, ("inputs",))
    tried = list(guesses)
    keys = _reproducing(tried, reported, half)
    if not keys and 2 * slack <= FINE:
        keys = _reproducing(tried, reported, half + slack)
    return Compared(at, reported, exact, EXPLAINED if keys else UNEXPLAINED, keys)


def _reproducing(guesses: Iterable[Guess], reported: Fraction, within: Fraction) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.key for one in guesses if abs(one.value - reported) <= within))


def _places(at: str, rules: Rules) -> int:
    return rules.places.get(at, 2)


def _half(at: str, rules: Rules) -> Fraction:
    """Half of the last place that the column prints: a printed number may stand that far from what it was."""
    return Fraction(1, 2 * 10 ** _places(at, rules))


@dataclass
class Summary:
    """What became of every figure of a report, and which mistakes explain most."""

    states: Counter[str] = field(default_factory=Counter)
    ranks: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_row: dict[int, list[str]] = field(default_factory=dict)


def summary(lines: Sequence[Line], rules: Rules, progress: Progress = lambda done, total: None) -> Summary:
    """Two passes: a mistake that explains many organisations is likelier than one that fits a single number."""
    found = Summary()
    every = {}
    for done, line in enumerate(lines, start=1):
        every[line.row] = compared(line, rules)
        progress(done, len(lines))
    for one in _all(every):
        if one.state == EXPLAINED:
            found.ranks.setdefault(one.at, Counter()).update(one.keys)
    for row, figures in every.items():
        told = []
        for one in figures:
            found.states[one.state] += 1
            if one.state in DIFFERS:
                key = likeliest(one, found.ranks)
                found.kinds[one.at, key] += 1
                told.append(f"{one.at}|{key}")
        found.by_row[row] = told
    return found


def _all(every: Mapping[int, Sequence[Compared]]) -> Iterator[Compared]:
    for figures in every.values():
        yield from figures


def likeliest(one: Compared, ranks: Ranks) -> str:
    """Of the mistakes that reproduce a number the one that explains most others; empty when none does."""
    known = ranks.get(one.at, {})
    return max(one.keys, key=lambda key: known.get(key, 0), default="")


def order(at: str) -> int:
    """Where a figure stands in the Order."""
    return FIGURES.index(at)
