"""Критерий 4. Доброжелательность, вежливость работников организации.

4.1 «Пперв.конт.уд = Уперв.конт/Чобщ·100», вес 0,4. 4.2 «Показ.услуг.уд = Уоказ.услуг/Чобщ·100», вес 0,4.
4.3 «Пвежл.дист.уд = Увежл.дист/Чобщ-дист·100» — делится на тех, кто обращался дистанционно, вес 0,2.
"""

from fractions import Fraction

from norm.published import assessed, points, rules


def test_first_contact_and_service_are_shares_of_those_who_answered():
    assert points(assessed(), "4.1") == 95
    assert points(assessed(), "4.2") == 94


def test_remote_courtesy_is_a_share_of_those_who_used_remote_ways():
    assert points(assessed(), "4.3") == Fraction(8800, 95)


def test_the_criterion_weighs_four_four_and_two_tenths():
    expected = Fraction(4, 10) * 95 + Fraction(4, 10) * 94 + Fraction(2, 10) * Fraction(8800, 95)
    assert points(assessed(), "K4") == expected


def test_nobody_used_remote_ways_so_the_other_two_weigh_a_half_each():
    result = assessed(answers={"remote_staff": None})
    assert points(result, "K4") == Fraction(1, 2) * 95 + Fraction(1, 2) * 94
    assert rules(result) == [("undefined", "4.3")]


def test_nobody_satisfied_is_zero_and_not_undefined():
    result = assessed(answers={"remote_staff": [0, 95]})
    assert points(result, "4.3") == 0
    assert not result.warnings
