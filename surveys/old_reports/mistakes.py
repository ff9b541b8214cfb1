"""The catalogue of known mistakes: what a figure would be, had it been counted in each of the ways met in practice.

Each way has a key, «kind|argument|…», that `surveys.old_reports.words` says in a sentence. The likelier come first.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple

import nok
from nok import scores
from nok.figure import rounded, weighted
from nok.indicators import unit_points
from nok.rules import Indicator
from surveys.old_reports.counting import Counted, value

Points = Mapping[str, Fraction | None]
STEPS = {0: "whole", 1: "tenth", 2: "hundredth"}
OTHER_WEIGHTS = tuple(Fraction(n, 10) for n in range(1, 6))
OTHER_POINTS = (10, 15, 20, 25, 30, 50)
SCALES = {"share": Fraction(1, 100), "five": Fraction(1, 20), "ten": Fraction(1, 10)}


class Guess(NamedTuple):
    """What would have come out, had it been counted this way."""

    key: str
    value: Fraction


def shown(exact: Fraction | None, places: int) -> Iterator[Guess]:
    """A right value written down in another way: coarser, on another scale."""
    if exact is None:
        return
    for step in range(min(places, 2)):
        yield Guess(f"to_{STEPS[step]}", rounded(exact, step))
    yield Guess("cut", Fraction(int(exact * 10**places), 10**places))
    for name, scale in SCALES.items():
        if exact:
            yield Guess(f"scale_{name}", exact * scale)


def undefined() -> Iterator[Guess]:
    """A number where nobody was asked."""
    yield Guess("zero", Fraction(0))
    yield Guess("hundred", Fraction(100))


def of_indicator(
    rule: Indicator, counted: Counted, practice: nok.Practice, edition: nok.Edition
) -> Iterator[Guess]:
    """Ways to count one indicator from the counts."""
    seen, exact = counted.seen, counted.exact.get(rule.number)
    if exact is None:
        yield from undefined()
    for id in nok.editions():
        other = nok.edition(id)
        if id != edition.id and (told := value(other.indicators[rule.number], seen, practice)) is not None:
            yield Guess(f"edition|{id}", told)
    if rule.measure in ("materials", "openness"):
        yield from _two_sided(rule, counted)
    elif rule.measure == "items":
        yield from _items(rule, counted, edition)
    elif rule.measure == "waiting":
        yield from _waiting(rule, seen)
    elif seen.respondents and (share := seen.answers.get(rule.answers[0])):
        yield Guess("of_all", Fraction(100 * share.satisfied, seen.respondents))


def _two_sided(rule: Indicator, counted: Counted) -> Iterator[Guess]:
    seen = counted.seen
    pairs: Mapping[str, nok.Norm | nok.Share | None] = (
        {"stand": seen.stand, "site": seen.site}
        if rule.measure == "materials"
        else {side: seen.answers.get(side) for side in ("stand", "site")}
    )
    known = {side: pair for side, pair in pairs.items() if pair}
    for side, pair in known.items():
        yield Guess(f"side|{side}", Fraction(100 * pair[0], pair[1]))
    if len(known) == 1:
        (only,) = known.values()
        yield Guess("half", Fraction(50 * only[0], only[1]))
    if len(known) == 2:
        top, bottom = (sum(pair[n] for pair in known.values()) for n in (0, 1))
        yield Guess("pooled", Fraction(100 * top, bottom))
    if rule.measure == "openness" and seen.respondents:
        top = sum(pair[0] for pair in known.values())
        yield Guess("of_all", Fraction(50 * top, seen.respondents))


def _items(rule: Indicator, counted: Counted, edition: nok.Edition) -> Iterator[Guess]:
    units = counted.seen.checklist.get(rule.block)
    if not units:
        return
    count = units[0]
    if unit_points(rule, count) != rule.points_per_item * count:
        yield Guess("uncapped", rule.points_per_item * count)
    for points in OTHER_POINTS:
        if points != rule.points_per_item and count:
            yield Guess(f"points|{points}", min(Fraction(points * count), Fraction(100)))
    listed = len(edition.items(rule.block, counted.seen.sector))
    if count and listed:
        yield Guess("of_list", Fraction(100 * min(count, listed), listed))


def _waiting(rule: Indicator, seen: nok.Observations) -> Iterator[Guess]:
    share = seen.answers.get(rule.answers[0])
    if seen.waiting_points is not None:
        yield Guess("only_waiting", seen.waiting_points)
    if share:
        yield Guess("only_share", Fraction(100 * share.satisfied, share.answered))


def of_criterion(
    id: str, points: Points, edition: nok.Edition, practice: nok.Practice, sector: str
) -> Iterator[Guess]:
    """Ways to count a criterion from its indicators."""
    sphere = edition.sphere(sector)
    own = sphere.proportions[id]
    whole = sum(weight for _, weight in own)
    known = [(number, points[number], weight) for number, weight in own if points.get(number) is not None]
    told = [(number, value, weight) for number, value, weight in known if value is not None]
    lost = [number for number, _ in own if points.get(number) is None]
    if not told:
        return
    if lost:
        yield from _without(lost, told, whole, practice)
    if id == "K2":
        yield from _second(points, sector, edition)
    for step, name in STEPS.items():
        yield Guess(f"steps_{name}", _mean((rounded(value, step), weight) for _, value, weight in told))
    if len({weight for _, _, weight in told}) > 1:
        yield Guess("equal", _mean((value, 1) for _, value, _ in told))
    if not lost:
        yield from _other_weights(told, whole)
    yield Guess("sum", sum((value for _, value, _ in told), Fraction(0)))


def _without(
    lost: Sequence[str], told: Sequence[tuple[str, Fraction, int]], whole: int, practice: nok.Practice
) -> Iterator[Guess]:
    """What becomes of a criterion when an indicator has no value."""
    gone = ", ".join(lost)
    rest = whole - sum(weight for _, _, weight in told)
    known = sum((value * weight for _, value, weight in told), Fraction(0))
    yield Guess(f"zero|{gone}", known / whole)
    yield Guess(f"hundred|{gone}", (known + 100 * rest) / whole)
    if practice.undefined != "mean_of_siblings":
        siblings = _mean((value, 1) for _, value, _ in told)
        yield Guess(f"siblings|{gone}", (known + siblings * rest) / whole)
    if practice.undefined != "renormalise":
        yield Guess(f"renormalised|{gone}", known / (whole - rest))


def _second(points: Points, sector: str, edition: nok.Edition) -> Iterator[Guess]:
    """К2: with the time of waiting where it is measured, without it elsewhere; both are mistaken for one another."""
    comfort, waiting, content = (points.get(number) for number in ("2.1", "2.2", "2.3"))
    if comfort is None or content is None:
        return
    if edition.applies("2.2", sector):
        yield Guess("two_of_three", (comfort + content) / 2)
    else:
        if waiting is not None:
            yield Guess("three_of_two", (3 * comfort + 4 * waiting + 3 * content) / 10)
        yield Guess("three_of_two_zero", 3 * (comfort + content) / 10)


def _other_weights(told: Sequence[tuple[str, Fraction, int]], whole: int) -> Iterator[Guess]:
    weights = [weight for _, _, weight in told]
    for order in sorted(set(permutations(weights)) - {tuple(weights)}):
        words = ";".join(_tenths(Fraction(weight, whole)) for weight in order)
        pairs = zip(told, order, strict=True)
        yield Guess(f"swapped|{words}", _mean((value, weight) for (_, value, _), weight in pairs))
    right = sum((value * weight for _, value, weight in told), Fraction(0)) / whole
    for number, own, weight in told:
        if own and len(told) > 1:
            yield Guess(f"left_out|{number}", _mean((v, w) for n, v, w in told if n != number))
            yield Guess(f"as_zero|{number}", right - own * weight / whole)
    for number, own, weight in told:
        for other in OTHER_WEIGHTS:
            if own and other != Fraction(weight, whole):
                key = f"weight|{number}|{_tenths(other)}"
                yield Guess(key, right + own * (other - Fraction(weight, whole)))


def _tenths(weight: Fraction) -> str:
    return nok.comma(nok.printed(weight, 1))


def of_total(criteria: Points, right: Points, points: Points) -> Iterator[Guess]:
    """Ways to count the total: `criteria` as the report has them, `right` as they follow from its indicators."""
    told = {id: value for id, value in criteria.items() if value is not None}
    if not told:
        return
    known, count = sum(told.values(), Fraction(0)), len(criteria)
    if len(told) < count:
        yield Guess("criterion_zero", known / count)
        yield Guess("known_only", known / len(told))
    fixed = scores.mean(right.values())
    if fixed is not None and right != criteria:
        yield Guess("right_criteria", fixed)
    for id, stated in told.items():
        if len(told) == count and (own := right.get(id)) is not None and own != stated:
            yield Guess(f"right_criterion|{id}", (known - stated + own) / count)
    for step, name in STEPS.items():
        if len(told) == count:
            yield Guess(f"steps_{name}", _mean((rounded(value, step), 1) for value in told.values()))
    yield Guess("by_four", known / 4)
    yield Guess("not_divided", known)
    measured = [value for value in points.values() if value is not None]
    if measured:
        yield Guess("of_indicators", _mean((value, 1) for value in measured))
    if told.get("K1") is not None and told.get("K3") is not None:
        yield Guess("performing", (told["K1"] + told["K3"]) / 2)
    for id in told:
        if len(told) > 1:
            yield Guess(
                f"criterion_left|{id}", _mean((value, 1) for other, value in told.items() if other != id)
            )


def _mean(pairs: Iterator[tuple[Fraction, int]]) -> Fraction:
    return weighted(pairs) or Fraction(0)
