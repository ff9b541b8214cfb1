"""Средние: «Sou = ΣSoun/Nou, Su = ΣSou/Qu — простые, не взвешенные числом анкет»; филиалы — по практике."""

from fractions import Fraction

import pytest
from norm.published import FIRST_ORDER, ORDER, USUAL, assessed, example, points

import nok
from nok.aggregate import Territory, averages, branches, country, mean, pool, territory

HEAD = nok.Observations.read(example(id="Головная"))
BRANCH = nok.Observations.read(
    example(
        {
            "stand": {"present": 1, "required": 10},
            "site": None,
            "comfort": 1,
            "remote_ways": 4,
            "waiting_points": 20,
        },
        {"overall": [10, 100], "accessibility": None},
        id="Филиал",
        respondents=100,
    )
)
MEAN = nok.Practice(branches="mean")


def test_a_mean_is_plain_and_exact():
    assert mean([Fraction(1), Fraction(2), Fraction(2)]) == Fraction(5, 3)
    assert mean([]) is None


def test_a_region_is_the_mean_of_its_sectors_and_not_of_its_organisations():
    region = territory([("health", Fraction(60)), ("health", Fraction(80)), ("culture", Fraction(100))])
    assert region == Territory({"health": Fraction(70), "culture": Fraction(100)}, Fraction(85))


def test_a_municipality_of_one_sector_is_that_sector():
    assert territory([("mse", Fraction(90)), ("mse", Fraction(91))]).overall == Fraction(181, 2)


def test_a_country_is_the_mean_of_its_regions_sector_by_sector_and_overall():
    first = territory([("health", Fraction(60)), ("culture", Fraction(100))])
    second = territory([("health", Fraction(90))])
    whole = country([first, second])
    assert whole.sectors == {"health": Fraction(75), "culture": Fraction(100)}
    assert whole.overall == (Fraction(80) + Fraction(90)) / 2


def test_an_empty_territory_has_no_mean():
    assert territory([]) == Territory({}, None) == country([])


def test_averages_leave_out_what_is_undefined():
    results = [
        assessed(),
        assessed(answers={"accessibility": None}),
        assessed(answers={"accessibility": [0, 12]}),
    ]
    means = averages(results)
    assert means["3.3"] == nok.Figure(Fraction(75 + 0, 2))
    expected = sum(points(result, "total") or Fraction(0) for result in results) / 3
    assert means["total"] == nok.Figure(Fraction(expected))
    assert set(means) == {*ORDER.indicators, *ORDER.criteria, "total"}


def test_an_average_of_nothing_is_nothing():
    assert averages([]) == {}
    assert averages([assessed(answers={"accessibility": None})], 1)["3.3"] is None


def test_pooled_branches_are_one_organisation_of_summed_counts():
    together = pool([HEAD, BRANCH])
    assert (together.id, together.respondents) == ("Головная", 300)
    assert together.stand == (15, 27)
    assert together.site == (18, 19)
    assert together.answers["overall"] == (194, 300)
    assert together.answers["accessibility"] == (9, 12)
    figures = branches([HEAD, BRANCH], ORDER, USUAL)
    assert figures["5.3"] == nok.Figure(Fraction(19400, 300))
    assert figures["total"] == nok.assess(together, ORDER).total


def test_items_of_check_lists_are_not_summed_four_conditions_in_two_houses_are_not_eight():
    together = nok.assess(pool([HEAD, BRANCH]), ORDER)
    assert points(together, "2.1") == Fraction(80 + 20, 2)
    assert points(together, "1.2") == Fraction(90 + 100, 2)
    assert together.trace[1].substituted == "(min(30·3; 100) + min(30·4; 100))/2"
    assert together.observations.waiting_points == 40


def test_pooled_observations_can_be_written_and_read_again_only_as_pooled():
    together = pool([HEAD, BRANCH])
    assert nok.Observations.read(together.as_dict(), pooled=True) == together
    with pytest.raises(nok.Refused, match=r"inspection\.remote_ways: здесь должно быть целое число"):
        nok.Observations.read(together.as_dict())


def test_or_branches_are_the_equal_mean_of_totals():
    figures = branches([HEAD, BRANCH], ORDER, MEAN)
    totals = [points(nok.assess(unit, ORDER), "total") or Fraction(0) for unit in (HEAD, BRANCH)]
    assert figures["total"] == nok.Figure((totals[0] + totals[1]) / 2)
    assert figures["3.3"] == nok.Figure(Fraction(75))


def test_the_mean_of_branches_is_rounded_at_its_stage():
    practice = nok.Practice(branches="mean", rounding="criteria", places=1)
    figures = branches([HEAD, BRANCH], ORDER, practice)
    assert all(figures[at].exact * 10 % 1 == 0 for at in ("K1", "K5", "total"))  # type: ignore[union-attr]
    assert figures["1.1"] == nok.Figure((Fraction(28600, 323) + 10) / 2, 1)


def test_one_requirement_of_the_first_edition_is_summed_only_when_every_branch_has_it():
    given = [nok.Observations.read(example({"information_required": 20})) for _ in range(2)]
    assert pool(given).information_required == 40
    assert branches(given, FIRST_ORDER, USUAL)["1.1"] == nok.assess(given[0], FIRST_ORDER).indicators["1.1"]
    assert pool([given[0], HEAD]).information_required is None


def test_what_no_branch_has_the_pool_has_not():
    bare = nok.Observations("health")
    assert pool([bare, bare]) == nok.Observations("health")


def test_branches_of_different_sectors_are_refused():
    other = nok.Observations("culture")
    with pytest.raises(nok.Refused, match="одной сферы"):
        pool([HEAD, other])


def test_nothing_cannot_be_pooled():
    with pytest.raises(nok.Refused, match="ни одного подразделения"):
        pool([])
