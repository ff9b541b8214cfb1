"""The plan of a day: never more than is missing, never more than one can, nobody idle while there is need."""

import random
from collections import Counter

from operator_app.sample.plan import Hand, Line, Need, Where, plan


def need(number: int, missing: int, shortfall: int | None = None, **given: object) -> Need:
    """An organisation in its own town unless told."""
    town = str(given.pop("town", f"Город {number}"))
    worst = missing if shortfall is None else shortfall
    return Need(number, f"Школа № {number}", town, missing, worst, **given)  # type: ignore[arg-type]


def hand(number: int, capacity: int = 10, where: Where = Where.FIELD, user_id: int | None = None) -> Hand:
    return Hand(number, f"Интервьюер {number}", where, capacity, user_id)


def told(lines: list[Line]) -> list[tuple[int, int, int]]:
    return [(line.hand.number, line.need.assessment_id, line.forms) for line in lines]


def test_the_largest_shortfall_is_visited_first() -> None:
    lines = plan([need(1, 100, 5), need(2, 50, 40), need(3, 60, 0)], [hand(1)])
    assert told(lines) == [(1, 2, 10)]


def test_a_second_one_goes_where_the_shortfall_is_now_largest() -> None:
    lines = plan([need(1, 40, 40), need(2, 35, 35)], [hand(1), hand(2), hand(3)])
    assert sorted(told(lines)) == [(1, 1, 10), (2, 2, 10), (3, 1, 10)]


def test_a_day_is_filled_in_the_same_municipality() -> None:
    near = need(2, 9, 1, town="Химки")
    lines = plan([need(1, 4, 4, town="Химки"), need(3, 30, 3), near], [hand(1)])
    assert told(lines) == [(1, 1, 4), (1, 2, 6)]


def test_and_elsewhere_when_there_is_nothing_left_nearby() -> None:
    assert told(plan([need(1, 4), need(2, 3)], [hand(1)])) == [(1, 1, 4), (1, 2, 3)]


def test_whoever_has_it_as_a_task_goes_there() -> None:
    mine = need(1, 30, assigned=frozenset({7}))
    lines = plan([mine, need(2, 25)], [hand(1, user_id=5), hand(2, user_id=7)])
    assert sorted(told(lines)) == [(1, 2, 10), (2, 1, 10)]


def test_whoever_has_a_task_elsewhere_is_kept_for_it() -> None:
    theirs = need(2, 25, assigned=frozenset({5}))
    lines = plan([need(1, 30), theirs], [hand(1, user_id=5), hand(2, user_id=7)])
    assert sorted(told(lines)) == [(1, 2, 10), (2, 1, 10)]


def test_the_telephone_calls_no_more_than_there_are_numbers() -> None:
    caller = hand(2, 50, Where.PHONE)
    lines = plan([need(1, 30, contacts=4), need(2, 20)], [hand(1), caller])
    assert told(lines) == [(1, 1, 10), (2, 1, 4)]
    assert plan([need(2, 20)], [caller]) == []


def test_nothing_is_planned_where_nothing_is_missing_or_nobody_is_free() -> None:
    assert plan([], []) == []
    assert plan([need(1, 0)], [hand(1)]) == []
    assert plan([need(1, 30)], [hand(1, 0)]) == []
    assert plan([need(1, -5)], [hand(1, -3)]) == []


def made_up(dice: random.Random) -> tuple[list[Need], list[Hand]]:
    needs = []
    for number in range(dice.randint(0, 40)):
        missing = dice.randint(0, 60)
        needs.append(
            need(
                number,
                missing,
                dice.randint(0, missing),
                contacts=dice.choice([0, 0, 5, 500]),
                town=dice.choice(["", "Химки", "Тула", "Ревда"]),
                assigned=frozenset(dice.sample(range(6), dice.randint(0, 2))),
            )
        )
    hands = [
        hand(number, dice.randint(0, 40), dice.choice(list(Where)), dice.choice([None, number]))
        for number in range(dice.randint(0, 6))
    ]
    return needs, hands


def test_whatever_is_asked_the_plan_keeps_its_word() -> None:
    dice = random.Random(17)  # noqa: S311  made-up days, not secrets
    for _ in range(400):
        needs, hands = made_up(dice)
        lines = plan(needs, hands)
        there, by_hand, by_phone = Counter[int](), Counter[int](), Counter[int]()
        for line in lines:
            assert line.forms > 0
            there[line.need.assessment_id] += line.forms
            by_hand[line.hand.number] += line.forms
            if line.hand.where is Where.PHONE:
                by_phone[line.need.assessment_id] += line.forms
        assert all(there[one.assessment_id] <= one.missing for one in needs)
        assert all(by_phone[one.assessment_id] <= one.contacts for one in needs)
        assert all(by_hand[one.number] <= one.capacity for one in hands)
        idle = {one.where for one in hands if by_hand[one.number] < one.capacity}
        lacking = [one for one in needs if there[one.assessment_id] < one.missing]
        if Where.FIELD in idle:
            assert not lacking
        if Where.PHONE in idle:
            assert all(by_phone[one.assessment_id] == one.contacts for one in lacking)


def test_the_same_question_has_the_same_answer_in_whatever_order_it_is_asked() -> None:
    dice = random.Random(18)  # noqa: S311  made-up days, not secrets
    for _ in range(100):
        needs, hands = made_up(dice)
        first = plan(needs, hands)
        dice.shuffle(needs)
        dice.shuffle(hands)
        assert sorted(told(plan(needs, hands))) == sorted(told(first))
