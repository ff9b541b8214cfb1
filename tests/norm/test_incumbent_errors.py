"""Ошибки скрипта, которым считали до нас: каждая стала проверкой.

Таблицы сопоставлялись по номеру строки, среднее ожидание взвешивалось номером строки, ступень 60 баллов
была недостижима, без опрошенных инвалидов терялось до 30 баллов K3, доли выходили за 100 %.
"""

from fractions import Fraction

import pytest
from norm.published import FIRST_ORDER, ORDER, assessed, example, points

import nok


@pytest.mark.parametrize(
    ("wait", "term"), [(wait, 24) for wait in range(13, 22)] + [(wait, 14) for wait in (8, 9, 11)]
)
def test_error_1_between_half_the_term_and_three_less_is_sixty_and_not_a_hundred(wait: int, term: int):
    assert nok.waiting_points(wait, term, "hours", ORDER) == 60


def test_error_2_the_mean_wait_does_not_depend_on_the_order_of_rows():
    bands = {7: 10, 10: 5, 14: 1}
    backwards = dict(reversed(bands.items()))
    assert nok.mean_wait(bands) == nok.mean_wait(backwards) == Fraction(7 * 10 + 10 * 5 + 14, 16)


def test_error_3_each_organisation_keeps_its_own_score_whatever_the_order():
    good, bad = example(id="Ясень"), example(answers={"overall": [0, 200]}, id="Акация")
    for rows in ([good, bad], [bad, good], sorted([good, bad], key=lambda row: str(row["id"]))):
        results = [nok.assess(nok.Observations.read(row), ORDER) for row in rows]
        shares = {result.observations.id: points(result, "5.3") for result in results}
        assert shares == {"Ясень": 92, "Акация": 0}


def test_error_4_one_organisation_without_a_yes_takes_the_question_from_nobody():
    silent, heard = assessed(answers={"schedule": [0, 200]}), assessed()
    assert points(silent, "5.2") == 0
    assert points(heard, "5.2") == 91


def test_error_4_no_disabled_respondent_costs_no_points():
    nobody = assessed({"equipment": 5, "accessibility": 5}, {"accessibility": None})
    assert points(nobody, "K3") == 100
    assert [warning.at for warning in nobody.warnings] == ["3.3"]


def test_error_4_nobody_wrote_so_there_is_no_number_and_no_nan():
    result = assessed(answers={"remote_staff": [0, 0]})
    assert result.as_dict()["indicators"]["4.3"] is None
    assert points(result, "K4") == Fraction(95 + 94, 2)


def test_error_5_a_share_never_passes_a_hundred():
    with pytest.raises(nok.Refused, match=r"answers\.site"):
        assessed(answers={"site": [131, 130]})


def test_error_6_equipment_is_capped_in_every_sector():
    for sector in nok.SECTORS:
        for edition in (ORDER, FIRST_ORDER):
            assert points(assessed({"equipment": 9}, sector=sector, edition=edition), "3.1") == 100


def test_error_6_branches_are_not_rounded_to_whole_points():
    units = [nok.Observations.read(example(answers={"overall": [share, 200]})) for share in (184, 185)]
    figure = nok.aggregate.branches(units, ORDER, nok.Practice(branches="mean"))["total"]
    assert figure and figure.exact.denominator > 1


def test_error_7_two_organisations_may_have_one_name_and_keep_their_places():
    totals = {
        ("1027700132195", "Школа"): assessed().total,
        ("1037700255284", "Школа"): assessed(sector="culture").total,
    }
    assert list(nok.rating.places(totals).values()) == [2, 1]


def test_a_half_is_not_rounded_to_even():
    result = assessed(answers={"overall": [1, 8]}, practice=nok.Practice(rounding="indicators", places=0))
    assert nok.printed(Fraction(25, 2), 0) == "13"
    assert points(result, "5.3") == 13
