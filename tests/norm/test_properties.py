"""Свойства, верные для любых чисел: от 0 до 100; больше довольных — не меньше баллов; порядок не важен.

Граница округления. Пусть h — половина последнего печатаемого знака. Критерий — взвешенное среднее, ошибку
показателей он наследует не больше наибольшей. При `criteria`: критерий ±h, итог — среднее критериев ±h и
свое округление ±h, всего 2h. При `indicators`: показатель ±h, критерий ±2h, итог ±3h. Среднее вместо
неопределенного показателя и критерии театров округляются на один шаг больше, поэтому с ними ±4h.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from norm.arithmetic import worked_out
from norm.published import FIRST_ORDER, ORDER, points

import nok

LIMIT = 1000
EDITIONS = st.sampled_from([FIRST_ORDER, ORDER])
counts = st.integers(0, LIMIT)
pairs = st.tuples(counts, counts).map(sorted)
absent = st.none()
practices = st.builds(
    nok.Practice,
    undefined=st.sampled_from(["renormalise", "mean_of_siblings"]),
    rounding=st.sampled_from(["end", "indicators", "criteria"]),
    places=st.sampled_from([2, 1, 0]),
    performing_arts=st.sampled_from(["k1_k3_only", "all_five"]),
    branches=st.sampled_from(["pool", "mean"]),
)


def sides() -> st.SearchStrategy[Any]:
    return st.one_of(absent, pairs.map(lambda pair: {"present": pair[0], "required": pair[1]}))


def organisations(sector: st.SearchStrategy[str]) -> st.SearchStrategy[nok.Observations]:
    """Any organisation that makes sense, with gaps."""
    few = st.one_of(absent, st.integers(0, 9))
    inspection = {
        "stand": sides(),
        "site": sides(),
        "information_required": st.sampled_from([None, LIMIT]),
        "remote_ways": few,
        "comfort": few,
        "equipment": few,
        "accessibility": few,
        "waiting_points": st.one_of(absent, st.fractions(0, 100, max_denominator=99)),
    }
    whole = {
        "sector": sector,
        "respondents": st.sampled_from([None, LIMIT]),
        "inspection": st.fixed_dictionaries(inspection),
        "answers": st.fixed_dictionaries({question: st.one_of(absent, pairs) for question in nok.QUESTIONS}),
    }
    return st.fixed_dictionaries(whole).map(nok.Observations.read)


def theatres() -> st.SearchStrategy[nok.Observations]:
    return organisations(st.just("culture")).map(lambda seen: replace(seen, kind="performing_arts"))


anywhere = organisations(st.sampled_from(nok.SECTORS))
anything = st.one_of(anywhere, theatres())


def everything(result: nok.Result) -> dict[str, Fraction | None]:
    return {at: points(result, at) for at in [*result.indicators, *result.criteria, "total"]}


@given(anything, EDITIONS, practices)
def test_every_figure_is_between_0_and_100_and_undefined_ones_are_warned_of(
    seen: nok.Observations, edition: nok.Edition, practice: nok.Practice
):
    result = nok.assess(seen, edition, practice)
    assert all(value is None or 0 <= value <= 100 for value in everything(result).values())
    warned = {warning.at for warning in result.warnings if warning.rule == "undefined"}
    missing = {at for at, figure in result.indicators.items() if figure is None}
    assert warned == missing or seen.kind and warned <= missing
    assert (result.total is None) == any(figure is None for figure in result.criteria.values())


@given(anything, EDITIONS, practices, st.sampled_from(nok.QUESTIONS))
def test_one_more_satisfied_never_lowers_anything(
    seen: nok.Observations, edition: nok.Edition, practice: nok.Practice, question: str
):
    share = seen.answers.get(question)
    if share is None or share.satisfied == share.answered:
        return
    happier = {**seen.answers, question: share._replace(satisfied=share.satisfied + 1)}
    before = everything(nok.assess(seen, edition, practice))
    after = everything(nok.assess(replace(seen, answers=happier), edition, practice))
    for at, value in before.items():
        later = after[at]
        assert (value is None and later is None) or (
            value is not None and later is not None and later >= value
        )


@given(st.lists(anything, max_size=6), st.randoms(), practices)
def test_the_order_of_organisations_changes_nothing(
    rows: list[nok.Observations], random: Any, practice: nok.Practice
):
    results = {n: nok.assess(row, ORDER, practice) for n, row in enumerate(rows)}
    shuffled = list(results)
    random.shuffle(shuffled)
    places = nok.rating.places({n: results[n].total for n in results}, practice.ties)
    assert places == nok.rating.places({n: results[n].total for n in shuffled}, practice.ties)
    assert nok.aggregate.averages(results.values()) == nok.aggregate.averages(results[n] for n in shuffled)


@given(st.lists(organisations(st.just("social")), min_size=1, max_size=4), practices)
def test_pooling_branches_is_summing_counts(units: list[nok.Observations], practice: nok.Practice):
    pooled = nok.aggregate.pool(units)
    for question in nok.QUESTIONS:
        heard = [unit.answers[question] for unit in units if question in unit.answers]
        summed = (sum(s.satisfied for s in heard), sum(s.answered for s in heard)) if heard else None
        assert pooled.answers.get(question) == summed
    result = nok.assess(pooled, ORDER, nok.Practice())
    for number, rule in ORDER.indicators.items():
        share = pooled.answers.get(rule.answers[0]) if rule.measure == "share" else None
        if share:
            assert points(result, number) == Fraction(100 * share.satisfied, share.answered)
    backwards = nok.aggregate.branches(units[::-1], ORDER, practice)
    assert backwards == nok.aggregate.branches(units, ORDER, practice)


@given(anywhere, EDITIONS)
def test_one_branch_is_the_organisation_itself_pooled_or_averaged(
    seen: nok.Observations, edition: nok.Edition
):
    alone = nok.assess(seen, edition)
    for way in ("pool", "mean"):
        figures = nok.aggregate.branches([seen], edition, nok.Practice(branches=way))
        assert {at: figure and figure.exact for at, figure in figures.items()} == everything(alone)


@given(anything, EDITIONS, practices)
def test_a_stage_of_rounding_changes_the_total_by_no_more_than_its_bound(
    seen: nok.Observations, edition: nok.Edition, practice: nok.Practice
):
    exact = points(nok.assess(seen, edition, replace(practice, rounding="end")), "total")
    total = points(nok.assess(seen, edition, practice), "total")
    if exact is None or total is None:
        assert exact is total
        return
    steps = {"end": 0, "criteria": 2, "indicators": 3}[practice.rounding]
    one_more = practice.undefined == "mean_of_siblings" or seen.kind is not None
    half = Fraction(1, 2 * 10**practice.places)
    assert abs(total - exact) <= half * (steps + (one_more and steps > 0))


@given(anything, EDITIONS, practices)
def test_the_arithmetic_of_every_step_gives_its_figure(
    seen: nok.Observations, edition: nok.Edition, practice: nok.Practice
):
    result = nok.assess(seen, edition, practice)
    rounding = Fraction(1, 2 * 10**practice.places) if practice.rounding != "end" else 0
    for step in result.trace:
        value = points(result, step.at)
        if value is None:
            assert step.exact is None
        else:
            assert abs(worked_out(step.substituted) - value) <= rounding + Fraction(1, 10**5), step


@given(anything)
def test_observations_survive_being_written(seen: nok.Observations):
    assert nok.Observations.read(seen.as_dict()) == seen


@given(st.fractions(0, 100), st.sampled_from([0, 1, 2, 3]))
def test_what_is_printed_is_the_nearest_and_a_half_goes_up(value: Fraction, places: int):
    shown = Fraction(nok.printed(value, places))
    half = Fraction(1, 2 * 10**places)
    assert shown == nok.rounded(value, places)
    assert -half < value - shown + half <= 2 * half or value - shown == -half
    assert value - shown < half


@given(st.integers(0, LIMIT), st.integers(1, LIMIT), st.sampled_from(["days", "hours"]))
def test_waiting_longer_never_gives_more(wait: int, term: int, unit: str):
    fewer = nok.waiting_points(Fraction(wait + 1, 3), term, unit, ORDER)
    assert fewer <= nok.waiting_points(Fraction(wait, 3), term, unit, ORDER)


@given(
    st.fixed_dictionaries(
        {question: st.tuples(st.just(0), st.integers(1, LIMIT)) for question in nok.QUESTIONS}
    )
)
def test_the_plain_formulas_of_the_order_written_once_more_agree(asked: dict[str, tuple[int, int]]):
    satisfied = {question: (answered * 2 // 3, answered) for question, (_, answered) in asked.items()}
    share = {question: Fraction(100 * yes, answered) for question, (yes, answered) in satisfied.items()}
    row = {
        "sector": "health",
        "inspection": {
            "stand": {"present": 3, "required": 7},
            "site": {"present": 5, "required": 9},
            "remote_ways": 2,
            "comfort": 3,
            "equipment": 1,
            "accessibility": 6,
            "waiting_points": 40,
        },
        "answers": {question: list(pair) for question, pair in satisfied.items()},
    }
    w3, w4, w2, w5 = Fraction(3, 10), Fraction(4, 10), Fraction(2, 10), Fraction(5, 10)
    k1 = w3 * (Fraction(300, 7) + Fraction(500, 9)) / 2 + w3 * 60 + w4 * (share["stand"] + share["site"]) / 2
    k2 = w3 * 60 + w4 * (40 + share["on_time"]) / 2 + w3 * share["comfort"]
    k3 = w3 * 20 + w4 * 100 + w3 * share["accessibility"]
    k4 = w4 * share["first_contact"] + w4 * share["service_staff"] + w2 * share["remote_staff"]
    k5 = w3 * share["recommend"] + w2 * share["schedule"] + w5 * share["overall"]
    result = nok.assess(nok.Observations.read(row), ORDER)
    assert [points(result, id) for id in ORDER.criteria] == [k1, k2, k3, k4, k5]
    assert points(result, "total") == (k1 + k2 + k3 + k4 + k5) / 5
