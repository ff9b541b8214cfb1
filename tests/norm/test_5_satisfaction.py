"""Критерий 5. Удовлетворенность условиями оказания услуг.

5.1 «Преком = Уреком/Чобщ·100», вес 0,3. 5.2 «Порг.усл.уд = Уорг.усл/Чобщ·100», вес 0,2.
5.3 «Пуд = Ууд/Чобщ·100», вес 0,5. Чобщ — «число опрошенных, ответивших на соответствующий вопрос анкеты».
"""

from fractions import Fraction

from norm.published import FIRST_ORDER, assessed, points


def test_each_is_a_share_of_those_who_answered_that_question():
    result = assessed(answers={"recommend": [30, 40], "schedule": [1, 2], "overall": [2, 3]}, respondents=200)
    assert [points(result, at) for at in ("5.1", "5.2", "5.3")] == [75, 50, Fraction(200, 3)]


def test_the_first_edition_too_divides_these_by_those_who_answered():
    result = assessed(answers={"recommend": [30, 40]}, respondents=200, edition=FIRST_ORDER)
    assert points(result, "5.1") == 75


def test_the_criterion_weighs_three_two_and_five_tenths():
    assert points(assessed(), "K5") == Fraction(3, 10) * 88 + Fraction(2, 10) * 91 + Fraction(5, 10) * 92
