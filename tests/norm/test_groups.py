"""Shares by the way people were asked: what is hidden, what follows from it, what differs."""

from itertools import product

import pytest

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
