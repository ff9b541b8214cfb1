"""Критерий 2. Комфортность условий предоставления услуг.

2.1 «Пкомф.усл = Ткомф·Скомф, 20 за условие; 5 и более — 100», вес 0,3.
2.2 «Пожид = (Сожид + Усвоевр/Чобщ·100)/2», вес 0,4.
2.3 «Пкомф.уд = Укомф/Чобщ·100», вес 0,3.
«K2 = 0,3·Пкомф.усл + 0,4·Пожид + 0,3·Пкомф.уд».
Культура, образование: «показатель 2.2 принимается равным среднему 2.1 и 2.3 →
K2 = 0,5·Пкомф.усл + 0,5·Пкомф.уд».
"""

from fractions import Fraction

import pytest
from norm.published import ORDER, assessed, note, points, rules

import nok


@pytest.mark.parametrize(("conditions", "expected"), [(0, 0), (1, 20), (4, 80), (5, 100), (7, 100)])
def test_each_condition_gives_twenty_points_and_five_give_all(conditions: int, expected: int):
    assert points(assessed({"comfort": conditions}), "2.1") == expected


def test_comfort_not_inspected_is_undefined_not_zero():
    result = assessed({"comfort": None})
    assert points(result, "2.1") is None
    assert points(result, "K2") == (Fraction(4, 10) * 75 + Fraction(3, 10) * 85) / Fraction(7, 10)


def test_waiting_is_the_mean_of_its_points_and_the_share_served_on_time():
    assert points(assessed(), "2.2") == Fraction(60 + 90, 2)


@pytest.mark.parametrize(
    ("written", "meant"), [(60, Fraction(60)), ("170/3", Fraction(170, 3)), ("0/7", Fraction(0))]
)
def test_waiting_points_may_be_a_fraction(written: object, meant: Fraction):
    assert points(assessed({"waiting_points": written}), "2.2") == (meant + 90) / 2


@pytest.mark.parametrize("missing", [({"waiting_points": None}, {}), ({}, {"on_time": None})])
def test_half_of_waiting_is_no_waiting(missing: tuple[dict[str, object], dict[str, object]]):
    result = assessed(*missing)
    assert points(result, "2.2") is None
    assert rules(result) == [("undefined", "2.2")]


def test_satisfaction_with_comfort_is_a_share_of_those_who_answered():
    assert points(assessed(answers={"comfort": [1, 3]}), "2.3") == Fraction(100, 3)


def test_the_criterion_weighs_three_four_and_three_tenths():
    assert points(assessed(), "K2") == Fraction(795, 10)


@pytest.mark.parametrize("sector", ["culture", "education"])
def test_culture_and_education_take_waiting_as_the_mean_of_the_other_two(sector: str):
    result = assessed(sector=sector)
    assert points(result, "2.2") == Fraction(80 + 85, 2)
    assert points(result, "K2") == Fraction(1, 2) * 80 + Fraction(1, 2) * 85
    assert "равен среднему 2.1 и 2.3" in note(result, "2.2")
    assert "вес поровну перешел к 2.1 и 2.3" in note(result, "K2")


def test_in_culture_waiting_is_heard_and_changes_nothing():
    heard = assessed({"waiting_points": 0}, {"on_time": [0, 200]}, sector="culture")
    assert heard.criteria == assessed({"waiting_points": None}, {"on_time": None}, sector="culture").criteria


@pytest.mark.parametrize(
    ("sector", "measured"),
    [("health", True), ("social", True), ("mse", True), ("culture", False), ("education", False)],
)
def test_the_edition_says_which_sectors_measure_waiting(sector: str, measured: bool):
    assert ORDER.applies("2.2", sector) is measured
    assert ("2.2" in ORDER.weights(sector)) is measured
    assert ORDER.weights(sector)["2.1"] == (Fraction(3, 10) if measured else Fraction(1, 2))


def test_in_culture_without_comfort_both_2_1_and_2_2_are_missing_and_2_3_is_the_criterion():
    result = assessed({"comfort": None}, sector="culture")
    assert points(result, "2.2") is None
    assert points(result, "K2") == 85
    assert rules(result) == [("undefined", "2.1"), ("undefined", "2.2")]


def test_in_culture_with_neither_there_is_no_criterion_and_no_total():
    result = assessed({"comfort": None}, {"comfort": None}, sector="culture")
    assert (points(result, "K2"), result.total) == (None, None)
    assert all("поэтому нет критерия и итога" in w.text for w in result.warnings if w.at in ("2.1", "2.3"))


def test_rounding_indicators_does_not_bend_the_halves_of_culture():
    practice = nok.Practice(rounding="indicators", places=2)
    result = assessed(answers={"comfort": [5, 7]}, sector="culture", practice=practice)
    assert points(result, "2.3") == Fraction("71.43")
    assert points(result, "K2") == nok.rounded((80 + Fraction("71.43")) / 2, 2)
