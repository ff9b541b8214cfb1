"""Критерий 1. Открытость и доступность информации об организации.

1.1 «Пинф = ½·(Истенд/Инорм-стенд + Исайт/Инорм-сайт)·100», вес 0,3.
1.2 «Пдист = Тдист·Сдист, Тдист = 30 за способ; 4 и более способов — 100», вес 0,3.
1.3 «Поткр.уд = ½·(Устенд/Уобщ-стенд + Усайт/Уобщ-сайт)·100», вес 0,4.
Первоначальная редакция: «Пинф = (Истенд + Исайт)/(2·Инорм)·100», «Поткр.уд = (Устенд + Усайт)/(2·Чобщ)·100».
«K1 = 0,3·Пинф + 0,3·Пдист + 0,4·Поткр.уд».
"""

from fractions import Fraction

import pytest
from norm.published import FIRST_ORDER, assessed, note, points, rules

import nok

REFUSING = nok.Practice(one_sided_openness="refuse")


def test_information_is_the_mean_of_two_shares_each_by_its_own_requirement():
    assert points(assessed(), "1.1") == Fraction(1, 2) * (Fraction(14, 17) + Fraction(18, 19)) * 100


def test_the_first_edition_divides_both_sides_by_one_requirement():
    result = assessed({"information_required": 19}, edition=FIRST_ORDER)
    assert points(result, "1.1") == Fraction(14 + 18, 2 * 19) * 100


def test_the_first_edition_needs_its_one_requirement_and_says_so():
    result = assessed(edition=FIRST_ORDER)
    assert points(result, "1.1") is None
    assert ("undefined", "1.1") in rules(result)
    assert "общий знаменатель" in next(step for step in result.trace if step.at == "1.1").substituted


@pytest.mark.parametrize(("side", "what"), [("stand", 14), ("site", 18)])
def test_more_found_than_the_first_edition_requires_is_refused(side: str, what: int):
    with pytest.raises(nok.Refused, match="inspection.information_required") as refusal:
        assessed(
            {
                "stand": None,
                "site": None,
                side: {"present": what, "required": 20},
                "information_required": 13,
            },
            edition=FIRST_ORDER,
        )
    assert str(what) in refusal.value.reason


def test_an_organisation_without_a_stand_is_judged_by_its_site_with_a_warning():
    result = assessed({"stand": None})
    assert points(result, "1.1") == Fraction(1800, 19)
    assert rules(result) == [("one_sided_openness", "1.1")]
    assert "по сайту" in note(result, "1.1")


def test_an_organisation_without_a_site_is_judged_by_its_stand():
    assert points(assessed({"site": None}), "1.1") == Fraction(1400, 17)


def test_one_side_of_the_first_edition_is_divided_by_the_requirement_once():
    result = assessed({"stand": None, "information_required": 20}, edition=FIRST_ORDER)
    assert points(result, "1.1") == Fraction(1800, 20)


def test_a_side_of_which_nothing_is_required_is_as_if_it_were_not():
    assert points(assessed({"stand": {"present": 0, "required": 0}}), "1.1") == Fraction(1800, 19)


def test_one_side_is_refused_by_the_practice_that_refuses_it():
    with pytest.raises(nok.Refused, match="inspection.stand"):
        assessed({"stand": None}, practice=REFUSING)
    with pytest.raises(nok.Refused, match="answers.site"):
        assessed(answers={"site": None}, practice=REFUSING)


def test_neither_stand_nor_site_leaves_the_indicator_undefined_and_the_weights_to_the_rest():
    result = assessed({"stand": None, "site": None})
    assert points(result, "1.1") is None
    assert rules(result) == [("undefined", "1.1")]
    remote, open_to = points(result, "1.2"), points(result, "1.3")
    assert remote is not None and open_to is not None
    assert points(result, "K1") == (Fraction(3, 10) * remote + Fraction(4, 10) * open_to) / Fraction(7, 10)


@pytest.mark.parametrize(
    ("ways", "expected"), [(0, 0), (1, 30), (2, 60), (3, 90), (4, 100), (5, 100), (900, 100)]
)
def test_each_remote_way_gives_thirty_points_and_four_give_all(ways: int, expected: int):
    assert points(assessed({"remote_ways": ways}), "1.2") == expected


def test_satisfaction_with_openness_is_the_mean_of_two_shares_of_those_who_answered():
    assert points(assessed(), "1.3") == Fraction(1, 2) * (Fraction(150, 160) + Fraction(120, 130)) * 100


def test_the_first_edition_divides_satisfaction_by_all_respondents():
    assert points(assessed(edition=FIRST_ORDER), "1.3") == Fraction(150 + 120, 2 * 200) * 100


def test_the_first_edition_needs_the_number_of_respondents():
    assert points(assessed(edition=FIRST_ORDER, respondents=None), "1.3") is None
    assert points(assessed(edition=FIRST_ORDER, respondents=0), "1.3") is None


def test_more_satisfied_than_respondents_is_refused():
    with pytest.raises(nok.Refused, match="^respondents: "):
        assessed(edition=FIRST_ORDER, respondents=149)


@pytest.mark.parametrize("nobody", [None, [0, 0]])
def test_nobody_used_the_stand_so_the_site_speaks_for_both(nobody: object):
    result = assessed(answers={"stand": nobody})
    assert points(result, "1.3") == Fraction(12000, 130)
    assert rules(result) == [("one_sided_openness", "1.3")]


def test_nobody_used_either_so_there_is_no_indicator():
    result = assessed(answers={"stand": None, "site": [0, 0]})
    assert points(result, "1.3") is None
    assert rules(result) == [("undefined", "1.3")]


def test_the_criterion_weighs_three_three_and_four_tenths():
    result = assessed()
    expected = (
        Fraction(3, 10) * Fraction(28600, 323) + Fraction(3, 10) * 90 + Fraction(4, 10) * Fraction(9675, 104)
    )
    assert points(result, "K1") == expected
    assert nok.printed(expected, 4) == "90.7750"
