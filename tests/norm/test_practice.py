"""Practice: где порядок молчит, решение названо, посчитано и напечатано. Первое из списка — обычное."""

import json
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from norm.arithmetic import worked_out
from norm.published import EXAMPLE, ORDER, assessed, note, points, rules

import nok

THEATRE: dict[str, Any] = {"sector": "culture", "kind": "performing_arts"}


def mean_of(result: nok.Result, *criteria: str) -> Fraction:
    known = [value for id in criteria if (value := points(result, id)) is not None]
    return sum(known, Fraction(0)) / len(criteria)


def test_the_usual_practice_is_the_first_choice_of_each():
    assert nok.Practice().as_dict() == {key: next(iter(choices)) for key, choices in nok.CHOICES.items()}


def test_the_choices_are_those_that_were_decided():
    assert {key: list(choices) for key, choices in nok.CHOICES.items()} == {
        "undefined": ["renormalise", "mean_of_siblings", "refuse"],
        "one_sided_openness": ["use_the_other", "refuse"],
        "rounding": ["end", "indicators", "criteria"],
        "places": [2, 1, 0],
        "performing_arts": ["k1_k3_only", "all_five"],
        "branches": ["pool", "mean"],
        "ties": ["dense", "competition"],
    }


def test_each_choice_has_a_sentence_of_its_own():
    sentences = [text for choices in nok.CHOICES.values() for text in choices.values()]
    assert len(set(sentences)) == len(sentences)
    assert all(text.endswith(".") and text[0].isupper() for text in sentences)
    practice = nok.Practice(ties="competition", places=0)
    assert practice.sentences()[3] == nok.CHOICES["places"][0]
    assert practice.sentences()[6] == nok.CHOICES["ties"]["competition"]


def test_a_practice_is_pinned_by_what_it_says():
    text = json.dumps(nok.Practice().as_dict(), sort_keys=True)
    assert nok.Practice().content_hash == sha256(text.encode()).hexdigest()
    assert nok.Practice.of({}).content_hash == nok.Practice().content_hash
    assert nok.Practice(places=1).content_hash != nok.Practice().content_hash


@pytest.mark.parametrize("places", [2, 1, 0, "2", "1", "0"])
def test_a_practice_read_from_a_mapping_is_the_same(places: object):
    practice = nok.Practice.of({"places": places, "rounding": "criteria"})
    assert practice == nok.Practice(places=int(str(places)), rounding="criteria")
    assert nok.Practice.of(practice.as_dict()) == practice


@pytest.mark.parametrize(
    ("chosen", "place"),
    [
        ({"undefined": "zero"}, "practice.undefined"),
        ({"undefind": "refuse"}, "practice.undefind"),
        ({"places": 3}, "practice.places"),
        ({"places": "02"}, "practice.places"),
        ({"places": True}, "practice.places"),
        ({"places": 2.0}, "practice.places"),
        ({"ties": ["dense"]}, "practice.ties"),
        ({"rounding": None}, "practice.rounding"),
        ({"branches": 2}, "practice.branches"),
    ],
)
def test_a_choice_nobody_made_is_refused_with_the_ones_there_are(chosen: dict[str, object], place: str):
    with pytest.raises(nok.Refused) as refusal:
        nok.Practice.of(chosen)
    assert refusal.value.place == place


def test_rounding_at_the_end_rounds_only_what_is_printed():
    figure = assessed().indicators["1.1"]
    assert figure and figure.exact == Fraction(28600, 323)
    assert figure.printed == "88.54"


def test_rounding_indicators_rounds_them_and_everything_after():
    practice = nok.Practice(rounding="indicators")
    result = assessed(practice=practice)
    assert points(result, "1.1") == Fraction("88.54")
    assert points(result, "K1") == Fraction("90.77")  # 26,562 + 27 + 37,212 = 90,774
    assert points(result, "K4") == Fraction("94.13")
    assert points(result, "total") == Fraction("85.50")
    assert "88,544892 → 88,54" in note(result, "1.1")


def test_rounding_criteria_leaves_indicators_alone():
    result = assessed(practice=nok.Practice(rounding="criteria"))
    assert points(result, "1.1") == Fraction(28600, 323)
    assert points(result, "K1") == Fraction("90.78")
    assert points(result, "total") == Fraction("85.50")
    assert "90,775006 → 90,78" in note(result, "K1")


@pytest.mark.parametrize(
    ("places", "shown"),
    [(2, ("88.54", "90.78", "85.50")), (1, ("88.5", "90.8", "85.5")), (0, ("89", "91", "86"))],
)
def test_places_are_how_many_digits_are_printed(places: int, shown: tuple[str, ...]):
    result = assessed(practice=nok.Practice(places=places))
    figures = [result.indicators["1.1"], result.criteria["K1"], result.total]
    assert tuple(figure.printed for figure in figures if figure) == shown


def test_whole_indicators_make_whole_criteria_and_a_whole_total():
    result = assessed(practice=nok.Practice(rounding="indicators", places=0))
    everything = [*result.indicators.values(), *result.criteria.values(), result.total]
    assert all(figure and figure.exact.denominator == 1 for figure in everything)


def test_theatres_are_measured_by_the_first_and_third_criteria():
    result = assessed(**THEATRE)
    mean = mean_of(result, "K1", "K3")
    assert [points(result, id) for id in ("K2", "K4", "K5", "total")] == [mean] * 4
    assert rules(result) == [("performing_arts", "total"), ("unverified", "edition")]
    assert "измеряются K1 и K3, остальные (K2, K4, K5)" in result.warnings[0].text
    assert "театры и концертные организации" in result.warnings[1].text


def test_a_theatre_shows_what_was_asked_and_says_it_does_not_count():
    result = assessed(answers={"overall": None}, **THEATRE)
    assert points(result, "5.1") == 88
    assert note(result, "5.1").startswith("В итог не идет")
    assert ("undefined", "5.3") not in rules(result)
    assert note(result, "5.3").startswith("В итог не идет")


def test_nothing_is_refused_for_what_does_not_count():
    result = assessed(answers={"overall": None}, practice=nok.Practice(undefined="refuse"), **THEATRE)
    assert result.total is not None


def test_a_theatre_without_its_third_criterion_has_no_total():
    nothing = {"equipment": None, "accessibility": None}
    result = assessed(nothing, {"accessibility": None}, **THEATRE)
    assert result.total is None
    assert result.criteria["K1"] is not None
    assert result.criteria["K2"] is None
    assert next(step for step in result.trace if step.at == "K2").substituted == "не определено: K3"


def test_or_theatres_are_measured_by_all_five():
    practice = nok.Practice(performing_arts="all_five")
    assert assessed(practice=practice, **THEATRE).criteria == assessed(sector="culture").criteria
    assert not assessed(practice=practice, **THEATRE).warnings


def test_a_theatre_rounds_at_its_stage_too():
    result = assessed(practice=nok.Practice(rounding="criteria"), **THEATRE)
    mean = nok.rounded(mean_of(result, "K1", "K3"), 2)
    assert points(result, "K5") == mean


@pytest.mark.parametrize("kind", ["circus", "", "K1"])
def test_an_unknown_kind_is_refused(kind: str):
    with pytest.raises(nok.Refused, match="^kind: "):
        assessed(sector="culture", kind=kind)


def test_a_theatre_outside_culture_is_refused():
    with pytest.raises(nok.Refused, match="^kind: "):
        assessed(sector="health", kind="performing_arts")


@pytest.mark.parametrize("undefined", ["renormalise", "mean_of_siblings"])
@pytest.mark.parametrize("rounding", ["end", "indicators", "criteria"])
def test_the_trace_of_a_gap_gives_the_figure_under_each_practice(undefined: str, rounding: str):
    practice = nok.Practice(undefined=undefined, rounding=rounding)
    result = assessed({"equipment": None}, {"accessibility": None, "stand": [2, 3]}, practice=practice)
    for step in result.trace:
        exact = points(result, step.at)
        if exact is not None:
            stage = practice.rounding != "end"
            assert abs(worked_out(step.substituted) - exact) <= Fraction(1, 200) * stage + Fraction(
                1, 10**5
            ), step


def test_observations_and_edition_are_not_touched_by_assessing():
    before = nok.Observations.read(EXAMPLE)
    nok.assess(before, ORDER, nok.Practice(rounding="indicators"))
    assert before == nok.Observations.read(EXAMPLE)
