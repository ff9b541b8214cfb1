"""Сожид: баллы за среднее время ожидания против установленного срока.

«превышает срок — 0; равно сроку — 10; меньше на 1 день (1 час) — 20; меньше на 2 дня (2 часа) — 40;
меньше на 3 дня (3 часа) и более, но не на половину — 60; меньше не менее чем на половину срока — 100».
"""

from decimal import Decimal
from fractions import Fraction

import pytest
from norm.published import ORDER

import nok

UNITS = ("days", "hours")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    ("wait", "term", "expected"),
    [
        (25, 24, 0),
        (24, 24, 10),
        (23, 24, 20),
        (22, 24, 40),
        (21, 24, 60),
        (13, 24, 60),
        (12, 24, 100),
        (0, 24, 100),
        (15, 14, 0),
        (14, 14, 10),
        (13, 14, 20),
        (12, 14, 40),
        (11, 14, 60),
        (8, 14, 60),
        (7, 14, 100),
        (1, 14, 100),
    ],
)
def test_the_bands_of_twenty_four_and_of_fourteen(wait: int, term: int, unit: str, expected: int):
    assert nok.waiting_points(wait, term, unit, ORDER) == expected


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        ("14.0001", 0),
        ("14", 10),
        ("13.9999", 10),
        ("13.0001", 10),
        ("13", 20),
        ("12.9999", 20),
        ("12.0001", 20),
        ("12", 40),
        ("11.0001", 40),
        ("11", 60),
        ("7.0001", 60),
        ("7", 100),
        ("6.9999", 100),
    ],
)
def test_a_band_is_reached_only_when_passed_whole(wait: str, expected: int):
    assert nok.waiting_points(Fraction(wait), 14, "days", ORDER) == expected


def test_less_than_the_term_by_under_one_unit_counts_as_equal_because_the_norm_is_silent():
    assert nok.waiting_points(Fraction(27, 2), 14, "days", ORDER) == ORDER.waiting.under_one_step == 10
    assert any("меньше чем на 1 день" in line for line in ORDER.unverified)


@pytest.mark.parametrize(("wait", "term"), [(1, 2), (Fraction(1, 2), 1), (2, 4), (Fraction(5, 2), 5)])
def test_half_of_a_short_term_is_a_hundred_though_only_a_unit_or_two_less(wait: Fraction, term: int):
    assert nok.waiting_points(wait, term, "hours", ORDER) == 100


def test_decimals_are_read_exactly():
    assert nok.waiting_points(Decimal("13.0"), Decimal("14"), "days", ORDER) == 20


@pytest.mark.parametrize(
    ("wait", "term", "unit", "place"),
    [
        (1.5, 14, "days", "mean_wait"),
        (True, 14, "days", "mean_wait"),
        (-1, 14, "days", "mean_wait"),
        (1, 0, "days", "term"),
        (1, -14, "days", "term"),
        (1, Decimal("NaN"), "days", "term"),
        (1, Decimal("Infinity"), "days", "term"),
        (1, 14, "weeks", "unit"),
        ("1", 14, "days", "mean_wait"),
    ],
)
def test_time_that_is_not_an_exact_length_is_refused(wait: int, term: int, unit: str, place: str):
    with pytest.raises(nok.Refused) as refusal:
        nok.waiting_points(wait, term, unit, ORDER)
    assert refusal.value.place == place


def test_the_mean_wait_is_the_plain_mean_of_the_answers():
    assert nok.mean_wait({7: 10, 14: 30}) == Fraction(7 * 10 + 14 * 30, 40)
    assert nok.mean_wait({Fraction(1, 2): 1, Fraction(3, 2): 1, Fraction(9): 0}) == 1
    assert nok.mean_wait({Decimal("0.1"): 1, Decimal("0.2"): 1}) == Fraction(3, 20)


def test_nobody_answered_so_there_is_no_mean_wait():
    assert nok.mean_wait({}) is None
    assert nok.mean_wait({7: 0}) is None


@pytest.mark.parametrize("people", [-1, True, 1.0])
def test_people_are_counted_in_whole_numbers(people: int):
    with pytest.raises(nok.Refused, match="answers"):
        nok.mean_wait({7: people})
