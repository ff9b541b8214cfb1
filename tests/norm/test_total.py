"""Итог: «Sn = (K1 + K2 + K3 + K4 + K5)/5», и опубликованный пример до последней напечатанной цифры.

«K = 90,7750 / 79,5000 / 72,5000 / 94,1263 / 90,6000, S = 85,5003.
Без 2.2: Пожид = 82,5, K2 = 82,5000, S = 86,1003.»
"""

import json
from fractions import Fraction

from norm.arithmetic import worked_out
from norm.published import EXAMPLE, ORDER, assessed, example, points

import nok

CRITERIA = ("K1", "K2", "K3", "K4", "K5")


def to_four_places(result: nok.Result) -> list[str]:
    return [nok.printed(points(result, at) or Fraction(-1), 4) for at in (*CRITERIA, "total")]


def test_the_published_example_is_reproduced_to_its_last_digit():
    assert to_four_places(assessed()) == ["90.7750", "79.5000", "72.5000", "94.1263", "90.6000", "85.5003"]
    total = assessed().total
    assert total and total.printed == "85.50"


def test_and_without_2_2():
    result = assessed(sector="culture")
    assert to_four_places(result) == ["90.7750", "82.5000", "72.5000", "94.1263", "90.6000", "86.1003"]
    assert result.total and result.total.printed == "86.10"
    assert points(result, "2.2") == Fraction("82.5")


def test_the_total_is_the_plain_mean_of_five():
    result = assessed()
    assert points(result, "total") == sum(points(result, at) or 0 for at in CRITERIA) / 5


def test_nothing_inspected_and_nobody_asked_is_no_result_and_fifteen_warnings():
    result = nok.assess(nok.Observations("health"), ORDER)
    assert result.total is None
    assert not any([*result.indicators.values(), *result.criteria.values()])
    assert [warning.at for warning in result.warnings] == list(ORDER.indicators)


def test_a_result_as_json_has_every_place_and_survives_json():
    shown = assessed(answers={"accessibility": None}).as_dict()
    assert shown == json.loads(json.dumps(shown))
    assert list(shown) == [
        "id",
        "edition",
        "practice",
        "indicators",
        "criteria",
        "total",
        "warnings",
        "trace",
    ]
    assert list(shown["indicators"]) == list(ORDER.indicators)
    assert shown["indicators"]["3.3"] is None
    assert shown["indicators"]["1.2"] == {"exact": "90/1", "value": 90.0, "printed": "90.00"}
    assert shown["warnings"][0].keys() == {"rule", "at", "text"}


def test_observations_written_and_read_again_are_the_same():
    seen = nok.Observations.read(example({"waiting_points": "170/3"}, {"site": [0, 0]}))
    again = nok.Observations.read(seen.as_dict())
    assert again == seen
    assert nok.Observations.read(EXAMPLE).as_dict() == EXAMPLE


def test_every_figure_has_a_step_and_its_arithmetic_gives_the_figure():
    result = assessed()
    for step in result.trace:
        exact = points(result, step.at)
        assert exact is not None
        assert step.exact == f"{exact.numerator}/{exact.denominator}"
        assert abs(worked_out(step.substituted) - exact) < Fraction(1, 10**5), step
    assert [step.at for step in result.trace] == [*ORDER.indicators, *CRITERIA, "total"]


def test_a_step_says_symbol_paragraph_formula_and_numbers():
    step = assessed().trace[0]
    assert (step.symbol, step.paragraph) == ("Пинф", "344н, раздел 1, показатель 1.1")
    assert step.formula == "½·(Истенд/Инорм-стенд + Исайт/Инорм-сайт)·100"
    assert step.substituted == "½·(14/17 + 18/19)·100"
    assert step.note == "Печатается 88,54, дальше идет точное значение."
