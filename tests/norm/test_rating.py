"""Места: «равные итоги делят место, следующее не пропускается» (dense) или пропускается (competition)."""

from fractions import Fraction

import pytest

import nok
from nok import Figure
from nok.rating import places

TOTALS = {
    "a": Figure(Fraction("92.31")),
    "b": Figure(Fraction(95)),
    "c": Figure(Fraction(9231, 100)),
    "d": Figure(Fraction(60)),
    "e": None,
}


def test_equal_totals_share_a_place_and_the_next_is_not_skipped():
    assert places(TOTALS) == {"b": 1, "a": 2, "c": 2, "d": 3, "e": None}


def test_or_the_next_is_skipped():
    assert places(TOTALS, "competition") == {"b": 1, "a": 2, "c": 2, "d": 4, "e": None}


def test_what_is_printed_equal_is_equal_though_the_fractions_differ():
    nearly = {"a": Figure(Fraction("92.3149")), "b": Figure(Fraction("92.3051"))}
    assert [figure.printed for figure in nearly.values()] == ["92.31", "92.31"]
    assert places(nearly) == {"a": 1, "b": 1}


def test_a_hundredth_is_enough_to_part_them():
    assert places({"a": Figure(Fraction("92.305")), "b": Figure(Fraction("92.3049"))}) == {"a": 1, "b": 2}


def test_ten_is_more_than_nine_and_a_half_though_it_sorts_before_as_text():
    assert places({"a": Figure(Fraction("9.5")), "b": Figure(Fraction(10))}) == {"a": 2, "b": 1}


def test_the_order_of_the_input_is_the_order_of_the_answer():
    assert list(places(TOTALS)) == list(TOTALS)


def test_nobody_makes_an_empty_rating():
    assert places({}) == {}
    assert places({"e": None}) == {"e": None}


def test_an_unknown_way_with_ties_is_refused():
    with pytest.raises(nok.Refused, match="practice.ties"):
        places(TOTALS, "olympic")


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("85.50026", 2, "85.50"),
        ("90.775", 2, "90.78"),
        ("0.005", 2, "0.01"),
        ("0.0049999", 2, "0.00"),
        ("99.995", 2, "100.00"),
        ("100", 2, "100.00"),
        ("0", 2, "0.00"),
        ("85.45", 1, "85.5"),
        ("85.5", 0, "86"),
        ("84.5", 0, "85"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("-1.255", 2, "-1.26"),
        ("7.1", 3, "7.100"),
    ],
)
def test_a_half_is_rounded_up_and_never_to_even(value: str, places: int, shown: str):
    assert nok.printed(Fraction(value), places) == shown


def test_a_comma_for_people():
    assert nok.comma(nok.printed(Fraction(177, 2))) == "88,50"
