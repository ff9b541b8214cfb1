"""Shares by the way people were asked: what is hidden, what follows from it, what differs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nok.groups import SMALLEST, Group, compared, shown
from nok.observations import Share


def of(**asked: int) -> dict[str, Share]:
    return {name: Share(max(0, n - 1), n) for name, n in asked.items()}


def hidden(**asked: int) -> set[str]:
    return {name for name, part in shown(of(**asked)).items() if part is None}


@pytest.mark.parametrize(
    ("asked", "away"),
    [
        ({"digital": 40, "paper": 30}, set()),
        ({"digital": 40, "paper": 5}, set()),
        ({"digital": 40, "paper": 4}, {"digital", "paper"}),
        ({"digital": 40, "phone": 9, "paper": 4}, {"phone", "paper"}),
        ({"digital": 40, "phone": 4, "paper": 4}, {"phone", "paper"}),
        ({"digital": 40, "phone": 2, "paper": 2}, {"digital", "phone", "paper"}),
        ({"digital": 40, "phone": 30, "interview": 2, "paper": 2}, {"phone", "interview", "paper"}),
        ({"paper": 3}, {"paper"}),
        ({"digital": 40, "paper": 0}, set()),
    ],
)
def test_a_small_group_is_hidden_with_what_would_give_it_away(asked: dict[str, int], away: set[str]) -> None:
    assert hidden(**asked) == away


def test_who_was_not_asked_is_no_group_at_all() -> None:
    assert shown(of(digital=40, paper=0)) == {"digital": Share(39, 40)}


def test_no_hidden_group_can_be_had_by_subtraction() -> None:
    for sizes in product((0, 1, 3, 4, 5, 6, 30), repeat=4):
        parts = of(**dict(zip("abcd", sizes, strict=True)))
        away = [parts[name].answered for name, part in shown(parts).items() if part is None]
        asked = [n for n in sizes if n]
        assert not away or len(away) == len(asked) or (len(away) > 1 and sum(away) >= SMALLEST)
        assert all(part is None or part.answered >= SMALLEST for part in shown(parts).values())


def test_the_one_who_was_asked_in_person_is_not_told_by_all_the_others_agreeing() -> None:
    parts = {"digital": Share(22, 22), "paper": Share(6, 7), "interview": Share(1, 1), "phone": Share(4, 4)}
    assert set(shown(parts).values()) == {None}, "33 of 34 less 22 of 22 and 6 of 7 is 5 of 5"
    parts["paper"] = Share(5, 7)
    assert shown(parts) == {**dict.fromkeys(parts), "digital": Share(22, 22)}


def told(sizes: Sequence[int], smallest: int) -> Iterator[tuple[int, ...]]:
    """Small hidden groups whose answers somebody knows who knows the sizes, the total, what is shown, and the rule."""
    seen = defaultdict(list)
    for yes in product(*(range(n + 1) for n in sizes)):
        found = shown({str(at): Share(yes[at], n) for at, n in enumerate(sizes)}, smallest)
        seen[tuple(found.values()), sum(yes)].append(yes)
    for (parts, total), possible in seen.items():
        away = [at for at, part in enumerate(parts) if part is None]
        if total in (0, sum(sizes)):  # unanimous by the official total, which is published
            continue
        for count in range(1, len(away) + 1):
            for some in combinations(away, count):
                few = sum(sizes[at] for at in some) < min(smallest, sum(sizes))
                if few and len({sum(yes[at] for at in some) for yes in possible}) == 1:
                    yield some


@given(st.lists(st.integers(1, 7), min_size=1, max_size=4), st.integers(3, 6))
@example([1, 5, 6, 9], 5)
@example([1, 6, 7, 8], 5)
@example([2, 2, 9, 10], 5)
@example([1, 1, 3, 6, 7], 5)
@settings(max_examples=40)
def test_no_few_can_be_computed_from_what_is_shown_the_total_and_the_rule(
    sizes: list[int], smallest: int
) -> None:
    assert not [*told(sizes, smallest)]


def test_the_threshold_is_given() -> None:
    assert shown(of(digital=40, phone=30, paper=9), 10) == {**of(digital=40), "phone": None, "paper": None}


def test_a_group_that_differs_by_more_than_chance_is_marked_and_the_others_not() -> None:
    parts = {"digital": Share(90, 100), "paper": Share(60, 100), "phone": Share(80, 100)}
    found = compared(parts, Share(230, 300))
    assert {name: group.differs for name, group in found.items()} == {"digital": 1, "paper": -1, "phone": 0}


def test_a_hidden_group_and_one_without_others_are_compared_with_nothing() -> None:
    assert compared({"paper": None}, Share(10, 12)) == {"paper": Group(None, 0)}
    assert compared({"paper": Share(10, 12)}, Share(10, 12)) == {"paper": Group(Share(10, 12), 0)}
    assert compared({"paper": Share(10, 12)}, None) == {"paper": Group(Share(10, 12), 0)}


def test_few_answers_make_no_difference() -> None:
    assert compared({"paper": Share(4, 6)}, Share(94, 106))["paper"].differs == 0
