"""What would raise the score: every step is the calculator's own answer to a changed number."""

from fractions import Fraction

import pytest
from norm.published import FIRST_ORDER, assessed, points

import nok
from nok.gains import ANSWER, ITEM, PERCENT, WAITING, Gain, gains


def of(found: list[Gain], what: str, kind: str) -> Gain:
    return next(gain for gain in found if (gain.what, gain.kind) == (what, kind))


def total(result: nok.Result) -> Fraction:
    return points(result, "total") or Fraction(0)


@pytest.mark.parametrize(
    ("what", "at", "left", "inspection", "everything"),
    [
        ("stand", "1.1", 3, {"stand": {"present": 15, "required": 17}}, {"stand": {"present": 17, "required": 17}}),
        ("site", "1.1", 1, {"site": {"present": 19, "required": 19}}, {"site": {"present": 19, "required": 19}}),
        ("remote_ways", "1.2", 2, {"remote_ways": 4}, {"remote_ways": 5}),
        ("comfort", "2.1", 3, {"comfort": 5}, {"comfort": 7}),
        ("equipment", "3.1", 2, {"equipment": 4}, {"equipment": 5}),
        ("accessibility", "3.2", 2, {"accessibility": 5}, {"accessibility": 6}),
    ],
)  # fmt: skip
def test_one_more_line_of_a_check_list_is_worth_what_the_calculator_says(
    what: str, at: str, left: int, inspection: dict[str, object], everything: dict[str, object]
) -> None:
    before = total(assessed())
    gain = of(gains(assessed()), what, ITEM)
    assert (gain.at, gain.left) == (at, left)
    assert gain.points == total(assessed(inspection)) - before > 0
    assert gain.all_points == total(assessed(everything)) - before


def test_known_points_of_the_published_example() -> None:
    found = gains(assessed())
    assert of(found, "equipment", ITEM).points == Fraction(20 * 3, 10 * 5)
    assert of(found, "remote_ways", ITEM).points == Fraction(
        10 * 3, 10 * 5
    )  # 90 points and 10 to the ceiling
    assert of(found, "overall", PERCENT).points == Fraction(1, 10)
    assert of(found, "overall", ANSWER).points == Fraction(100, 200) * Fraction(1, 2) / 5
    assert of(found, "waiting_points", WAITING).points == Fraction(40, 2) * Fraction(4, 10) / 5


@pytest.mark.parametrize("edition", [nok.edition("344n-2024"), FIRST_ORDER], ids=["separate", "common"])
@pytest.mark.parametrize("name", ["stand", "site", "comfort", "accessibility", "remote_staff", "overall"])
def test_one_answer_and_one_percent_of_each_share(name: str, edition: nok.Edition) -> None:
    result = assessed({"information_required": 19}, edition=edition)
    yes, asked = result.observations.answers[name]
    found = gains(result)
    more = assessed({"information_required": 19}, {name: [yes + 1, asked]}, edition=edition)
    assert of(found, name, ANSWER).points == total(more) - total(result)
    common = edition is FIRST_ORDER and name in ("stand", "site")
    percent = of(found, name, PERCENT).points
    assert percent == (total(more) - total(result)) * Fraction(200 if common else asked, 100)


def test_the_most_rewarding_step_comes_first_and_nothing_without_a_reward() -> None:
    found = gains(assessed())
    worth = [gain.worth for gain in found]
    assert worth == sorted(worth, reverse=True) and min(worth) > 0
    assert gains(assessed()) == found


def test_at_the_ceiling_a_further_line_brings_nothing() -> None:
    assert not [
        gain for gain in gains(assessed({"comfort": 5})) if gain.what == "comfort" and gain.kind == ITEM
    ]


def test_what_does_not_apply_is_no_missing_line() -> None:
    found = gains(assessed(), {"comfort": 1, "equipment": 0})
    assert of(found, "comfort", ITEM).left == 1
    assert not [gain for gain in found if gain.what in ("equipment", "remote_ways") and gain.kind == ITEM]


def test_each_higher_step_of_waiting_is_named() -> None:
    found = [gain for gain in gains(assessed({"waiting_points": 10})) if gain.kind == WAITING]
    assert [gain.to for gain in found] == [100, 60, 40, 20]


def test_what_is_perfect_or_undefined_is_not_raised() -> None:
    found = gains(assessed(answers={"overall": [200, 200], "accessibility": None}))
    assert not {"overall"} & {gain.what for gain in found}
    assert not [gain for gain in found if gain.at == "3.3"]


def test_a_share_near_the_end_rises_to_a_hundred_and_no_further() -> None:
    found = gains(assessed(answers={"overall": [399, 400]}))
    assert of(found, "overall", PERCENT).points == of(found, "overall", ANSWER).points


def test_a_lost_weight_makes_the_others_worth_more() -> None:
    lonely = gains(assessed(answers={"accessibility": None}))
    assert of(lonely, "equipment", ITEM).points == Fraction(20, 5) * Fraction(3, 7)


def test_without_a_total_the_points_of_the_criterion_speak() -> None:
    nobody = dict.fromkeys(("recommend", "schedule", "overall"))
    found = gains(assessed(answers=nobody))
    assert found and all(gain.points is None and gain.criterion > 0 for gain in found)


def test_culture_takes_waiting_from_its_siblings_and_a_theatre_only_two_criteria() -> None:
    library = gains(assessed(sector="culture"))
    assert of(library, "comfort", PERCENT).points == Fraction(1, 10)
    assert not [gain for gain in library if gain.at == "2.2"]
    theatre = gains(assessed(sector="culture", kind="performing_arts"))
    assert {gain.at[0] for gain in theatre} == {"1", "3"}
    assert of(theatre, "equipment", ITEM).points == Fraction(20 * 3, 10) / 2


def test_a_practice_that_rounds_gives_rounded_points() -> None:
    found = gains(assessed(practice=nok.Practice(rounding="indicators", places=0)))
    assert all(gain.points and gain.points.denominator == 1 for gain in found)
