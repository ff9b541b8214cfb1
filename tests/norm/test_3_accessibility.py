"""Критерий 3. Доступность услуг для инвалидов.

3.1 «Порг.дост = Торг.дост·Сорг.дост, 20 за условие; 5 и более — 100», вес 0,3.
3.2 «Пуслуг.дост = Туслуг.дост·Суслуг.дост, 20 за условие; 5 и более — 100 (в списке 6)», вес 0,4.
3.3 «Пдост.уд = Удост/Чинв·100», вес 0,3.
«Никого из инвалидов не опросили (Чинв = 0): не установлено» — решает практика, никогда не 0 и не 100.
"""

from fractions import Fraction

import pytest
from norm.published import ORDER, assessed, note, points, rules

import nok


@pytest.mark.parametrize(("items", "expected"), [(0, 0), (3, 60), (5, 100), (6, 100)])
def test_each_piece_of_equipment_gives_twenty_points_and_five_give_all(items: int, expected: int):
    assert points(assessed({"equipment": items}), "3.1") == expected


@pytest.mark.parametrize(("items", "expected"), [(0, 0), (4, 80), (5, 100), (6, 100)])
def test_each_condition_of_access_gives_twenty_points_and_five_of_six_give_all(items: int, expected: int):
    assert len(ORDER.items("accessibility", "health")) == 6
    assert points(assessed({"accessibility": items}), "3.2") == expected


def test_satisfaction_is_a_share_of_people_with_disabilities():
    assert points(assessed(), "3.3") == 75


def test_the_criterion_weighs_three_four_and_three_tenths():
    assert points(assessed(), "K3") == Fraction(3, 10) * 60 + Fraction(4, 10) * 80 + Fraction(3, 10) * 75


@pytest.mark.parametrize("nobody", [None, [0, 0]])
def test_nobody_with_a_disability_was_asked_so_the_weights_go_to_the_rest(nobody: object):
    result = assessed(answers={"accessibility": nobody})
    assert points(result, "3.3") is None
    assert points(result, "K3") == (Fraction(3, 10) * 60 + Fraction(4, 10) * 80) / Fraction(7, 10)
    assert rules(result) == [("undefined", "3.3")]
    assert "undefined=renormalise" in note(result, "K3")


def test_or_the_missing_one_is_the_mean_of_its_siblings():
    practice = nok.Practice(undefined="mean_of_siblings")
    result = assessed(answers={"accessibility": None}, practice=practice)
    assert points(result, "3.3") is None
    assert points(result, "K3") == Fraction(3, 10) * 60 + Fraction(4, 10) * 80 + Fraction(3, 10) * 70
    assert "среднее остальных" in result.warnings[0].text
    assert "undefined=mean_of_siblings" in note(result, "K3")


def test_or_nothing_is_calculated_at_all():
    with pytest.raises(nok.Refused, match=r"answers\.accessibility: показатель 3\.3 не определен"):
        assessed(answers={"accessibility": None}, practice=nok.Practice(undefined="refuse"))


@pytest.mark.parametrize("undefined", ["renormalise", "mean_of_siblings"])
def test_with_two_missing_the_third_is_the_criterion(undefined: str):
    practice = nok.Practice(undefined=undefined)
    result = assessed({"equipment": None, "accessibility": None}, practice=practice)
    assert points(result, "K3") == 75


@pytest.mark.parametrize("undefined", ["renormalise", "mean_of_siblings"])
def test_with_all_missing_there_is_no_criterion_and_no_total(undefined: str):
    nothing = {"equipment": None, "accessibility": None}
    result = assessed(nothing, {"accessibility": None}, practice=nok.Practice(undefined=undefined))
    assert (points(result, "K3"), result.total) == (None, None)
    assert rules(result) == [("undefined", "3.1"), ("undefined", "3.2"), ("undefined", "3.3")]
