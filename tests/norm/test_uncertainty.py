"""The error of a sample: coverage by enumeration for a share, by simulation for the total, and what has no error."""

from fractions import Fraction
from math import comb
from random import Random

import pytest
from norm.published import FIRST_ORDER, ORDER, assessed, example

import nok
from nok.aggregate import pool
from nok.observations import Observations
from nok.uncertainty import STEPS, Range, bounds, intervals, of_house, of_share, surely_more

SHARES = {
    "stand": 1, "site": 1, "on_time": 1, "comfort": 1, "accessibility": 1, "first_contact": 1, "service_staff": 1,
    "remote_staff": 1, "recommend": 1, "schedule": 1, "overall": 1,
}  # fmt: skip


def covered(asked: int, of: int) -> float:
    """The least chance, over every number of content people among `of`, that the interval holds their share."""
    bounds = [of_share(yes, asked, of) or Range(Fraction(0), Fraction(0)) for yes in range(asked + 1)]
    whole = comb(of, asked)

    def chance(content: int) -> Fraction:
        share = Fraction(content, of)
        ways = range(max(0, asked - of + content), min(asked, content) + 1)
        return Fraction(
            sum(
                comb(content, yes) * comb(of - content, asked - yes)
                for yes in ways
                if bounds[yes].low <= share <= bounds[yes].high
            ),
            whole,
        )

    return float(min(map(chance, range(of + 1))))


@pytest.mark.parametrize(
    ("asked", "of"),
    [(1, 40), (3, 8), (5, 10), (10, 25), (20, 30), (40, 100), (80, 100), (99, 100), (60, 150)],
)
def test_a_share_is_inside_its_interval_ninety_five_times_of_a_hundred_whatever_it_is(
    asked: int, of: int
) -> None:
    assert covered(asked, of) >= 0.95


@pytest.mark.parametrize("asked", [2, 3, 5, 12, 40, 120])
def test_so_it_is_when_nobody_knows_how_many_there_are(asked: int) -> None:
    bounds = [of_share(yes, asked) or Range(Fraction(0), Fraction(0)) for yes in range(asked + 1)]
    for step in range(1, 300):
        share = (step / 300) ** 3
        hits = (
            comb(asked, yes) * share**yes * (1 - share) ** (asked - yes)
            for yes in range(asked + 1)
            if bounds[yes].low <= share <= bounds[yes].high
        )
        assert sum(hits) >= 0.95, share


def test_the_bound_is_the_one_of_the_formula_rounded_outwards() -> None:
    low, high = of_share(170, 200, 900) or (Fraction(0), Fraction(0))
    k, step = Fraction(4 * 700, 899 * 200), Fraction(1, STEPS)

    def excess(share: Fraction, centre: Fraction) -> Fraction:
        return (share - centre) ** 2 - k * share * (1 - share)

    assert excess(high - 2 * step, Fraction(341, 400)) < 0 <= excess(high, Fraction(341, 400))
    assert excess(low + 2 * step, Fraction(339, 400)) < 0 <= excess(low, Fraction(339, 400))


def test_nobody_answered_is_no_interval_and_everybody_answered_has_no_error() -> None:
    assert of_share(0, 0) is None
    assert of_share(9, 12, 12) == (Fraction(3, 4), Fraction(3, 4))


def test_more_answers_than_recipients_say_that_the_number_of_recipients_is_not_known() -> None:
    assert of_share(170, 200, 150) == of_share(170, 200)


def test_a_finite_house_makes_the_interval_narrower() -> None:
    wide, narrow = of_share(170, 200), of_share(170, 200, 400)
    assert wide is not None and narrow is not None
    assert wide.low < narrow.low < Fraction(170, 200) < narrow.high < wide.high


@pytest.mark.parametrize(("yes", "asked"), [(5, 4), (-1, 4)])
def test_what_is_no_share_is_refused(yes: int, asked: int) -> None:
    with pytest.raises(nok.Refused):
        of_share(yes, asked)


def _house(dice: Random, people: int, alike: float, content: float) -> list[dict[str, bool]]:
    """People whose answers are alike to a degree: with 1 each says one thing to everything, with 0 all are apart."""
    found = []
    for _ in range(people):
        mood = dice.random() < content
        found.append({name: mood if dice.random() < alike else dice.random() < content for name in SHARES})
    return found


def _of(people: list[dict[str, bool]]) -> nok.Result:
    counts = {name: [sum(one[name] for one in people), len(people)] for name in SHARES}
    return assessed(answers=counts, respondents=len(people))


@pytest.mark.parametrize(
    ("alike", "content", "asked", "people"),
    [(0.0, 0.9, 40, 400), (0.7, 0.9, 40, 400), (1.0, 0.9, 40, 400), (1.0, 0.97, 25, 60), (0.8, 0.6, 12, 300)],
)
def test_the_total_of_the_whole_house_is_inside_ninety_five_times_of_a_hundred(
    alike: float, content: float, asked: int, people: int
) -> None:
    dice = Random(f"{alike} {content} {asked}")  # noqa: S311
    house = _house(dice, people, alike, content)
    truth = _of(house).total
    inside, times = 0, 240
    for _ in range(times):
        bounds = intervals(_of(dice.sample(house, asked)), people).total
        inside += bounds is not None and truth is not None and bounds.low <= truth.exact <= bounds.high
    assert inside >= 0.95 * times


def test_what_was_inspected_has_no_error_and_what_was_asked_has() -> None:
    found, result = intervals(assessed(), 900), assessed()
    for at in ("1.1", "1.2", "2.1", "3.1", "3.2"):
        figure = result.indicators[at]
        assert figure and found.indicators[at] == (figure.exact, figure.exact)
    for at in ("1.3", "2.2", "2.3", "3.3", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3"):
        bounds, figure = found.indicators[at], result.indicators[at]
        assert bounds and figure and bounds.low < figure.exact < bounds.high
    for at, figure in result.criteria.items():
        bounds = found.criteria[at]
        assert bounds and figure and bounds.low < figure.exact < bounds.high


def test_an_indicator_of_a_share_has_the_bounds_of_that_share() -> None:
    share = of_share(170, 200, 900)
    assert share and intervals(assessed(), 900).indicators["2.3"] == (share.low * 100, share.high * 100)


def test_the_undefined_has_no_bounds_and_its_weight_goes_to_the_others() -> None:
    result = assessed(answers={"accessibility": None})
    found = intervals(result)
    assert result.indicators["3.3"] is None and found.indicators["3.3"] is None
    k3 = result.criteria["K3"]
    assert k3 and found.criteria["K3"] == (k3.exact, k3.exact)  # only what was inspected is left of it
    assert found.total is not None


def test_without_a_criterion_there_is_no_interval_of_the_total() -> None:
    nobody = dict.fromkeys(("recommend", "schedule", "overall"))
    found = intervals(assessed(answers=nobody))
    assert found.criteria["K5"] is None and found.total is None
    assert found.criteria["K4"] is not None


def test_a_refused_calculation_has_no_interval() -> None:
    seen = nok.Observations.read(example(answers={"overall": None}))
    strict = nok.Practice(undefined="refuse")
    empty = nok.Result(
        seen, ORDER, strict, dict.fromkeys(ORDER.indicators), dict.fromkeys(ORDER.criteria), None, ()
    )
    assert intervals(empty).total is None


def test_a_practice_that_rounds_rounds_the_bounds_as_well() -> None:
    found = intervals(assessed(practice=nok.Practice(rounding="indicators", places=0)), 900)
    ends = [
        end
        for bounds in (*found.indicators.values(), *found.criteria.values(), found.total)
        for end in bounds or ()
    ]
    assert ends and all(end.denominator == 1 for end in ends)


def test_one_side_of_openness_is_the_whole_of_it() -> None:
    share = of_share(150, 160, 900)
    found = intervals(assessed(answers={"site": None}), 900).indicators["1.3"]
    assert share and found == (share.low * 100, share.high * 100)


def test_a_theatres_other_criteria_move_with_its_first_and_third() -> None:
    found = intervals(assessed(sector="culture", kind="performing_arts"), 900)
    ends = [found.criteria[at] for at in ("K1", "K3", "K2")]
    (k1, k3, k2) = (bounds or Range(Fraction(0), Fraction(0)) for bounds in ends)
    assert k2 == ((k1.low + k3.low) / 2, (k1.high + k3.high) / 2) == found.total


def test_an_edition_with_one_denominator_takes_the_share_of_everybody() -> None:
    result = assessed({"information_required": 19}, edition=FIRST_ORDER)
    found = intervals(result, 900).indicators["1.3"]
    stand, site = (of_share(yes, 200, 900) for yes in (150, 120))
    assert stand and site and found == ((stand.low + site.low) * 50, (stand.high + site.high) * 50)


@pytest.mark.parametrize("edition", [ORDER, FIRST_ORDER], ids=["separate", "common"])
def test_when_everybody_answered_every_figure_is_its_own_bound(edition: nok.Edition) -> None:
    everybody = {name: [3 * n + 100, 211] for n, name in enumerate(SHARES)}
    result = assessed({"information_required": 19}, everybody, edition=edition, respondents=211)
    assert bounds(result, 211) == {}
    total = intervals(result, 211).total
    assert total and result.total and total == (result.total.exact, result.total.exact)
    assert len(bounds(result, 212)) > 10


def test_a_difference_is_more_than_chance_only_beyond_both_errors_together() -> None:
    near, far = Range(Fraction(87), Fraction(93)), Range(Fraction(82), Fraction(88))
    assert not surely_more(Fraction(90), near, Fraction(86), Range(Fraction(83), Fraction(89)))
    assert surely_more(Fraction(90), near, Fraction(85), far)
    assert not surely_more(Fraction(85), far, Fraction(90), near)
    assert not surely_more(Fraction(85), Range(Fraction(85), Fraction(85)), Fraction(85), far)


def test_a_false_difference_is_rarer_than_one_in_twenty() -> None:
    dice, wrong, times = Random(7), 0, 400  # noqa: S311
    for _ in range(times):
        yes, others = (sum(dice.random() < 0.9 for _ in range(60)) for _ in "ab")
        one, other = of_share(yes, 60), of_share(others, 60)
        assert one and other
        pairs = [(Fraction(yes, 60), one), (Fraction(others, 60), other)]
        wrong += surely_more(*pairs[0], *pairs[1]) or surely_more(*pairs[1], *pairs[0])
    assert wrong <= times / 20


HOUSE = [
    Observations.read(example()),
    Observations.read(example(answers={"overall": [10, 100], "accessibility": None}, respondents=100)),
]


def test_a_house_that_is_pooled_is_one_organisation_with_all_its_recipients() -> None:
    pooled = assessed_of(pool(HOUSE))
    assert of_house(HOUSE, [800, 400], ORDER, nok.Practice()) == bounds(pooled, 1200)
    for recipients in ([800, None], [800, 40]):
        assert of_house(HOUSE, recipients, ORDER, nok.Practice()) == bounds(pooled), (
            "unknown, or fewer than asked"
        )


def test_errors_of_the_parts_of_a_mean_add_as_squares() -> None:
    mean = nok.Practice(branches="mean")
    found = of_house(HOUSE, [None, None], ORDER, mean)
    own = [bounds(assessed_of(unit)) for unit in HOUSE]
    figures = [assessed_of(unit).indicators["5.3"] for unit in HOUSE]
    middle = sum(one.exact for one in figures if one) / 2
    below = sum((one.exact - spans["5.3"].low) ** 2 for one, spans in zip(figures, own, strict=True) if one)
    low = middle - found["5.3"].low
    assert below / 4 <= low * low <= below / 4 + Fraction(1, 100)
    assert own[0]["3.3"].low - found["3.3"].low <= Fraction(1, 1000), "only the head was asked about it"
    assert "1.2" not in found and "2.1" not in found


def test_two_equal_parts_are_known_better_than_one() -> None:
    one = HOUSE[:1]
    spans = of_house(one * 2, [None, None], ORDER, nok.Practice(branches="mean"))["total"]
    alone = of_house(one, [None], ORDER, nok.Practice(branches="mean"))["total"]
    assert (spans.high - spans.low) ** 2 * 2 <= (alone.high - alone.low) ** 2 + Fraction(1, 10)


def test_a_house_in_which_everybody_answered_has_no_error() -> None:
    everybody = {name: [1, 2] for name in SHARES}
    unit = Observations.read(example(answers=everybody, respondents=2))
    for way in ("pool", "mean"):
        assert of_house([unit, unit], [2, 2], ORDER, nok.Practice(branches=way)) == {}


def assessed_of(unit: Observations) -> nok.Result:
    return nok.assess(unit, ORDER)
