"""Места: «равные итоги делят место, следующее не пропускается» (dense) или пропускается (competition)."""

from fractions import Fraction
from random import Random
from time import process_time

import pytest

import nok
from nok import Figure
from nok.rating import places, ranges
from nok.uncertainty import Range

TOTALS = {
    "a": Figure(Fraction("92.31")),
    "b": Figure(Fraction(95)),
    "c": Figure(Fraction(9231, 100)),
    "d": Figure(Fraction(60)),
    "e": None,
}


def test_equal_totals_share_a_place_and_the_next_is_not_skipped():
    assert places(TOTALS) == {"b": 1, "a": 2, "c": 2, "d": 3, "e": None}


def test_or_the_next_is_skipped():
    assert places(TOTALS, "competition") == {"b": 1, "a": 2, "c": 2, "d": 4, "e": None}


def test_what_is_printed_equal_is_equal_though_the_fractions_differ():
    nearly = {"a": Figure(Fraction("92.3149")), "b": Figure(Fraction("92.3051"))}
    assert [figure.printed for figure in nearly.values()] == ["92.31", "92.31"]
    assert places(nearly) == {"a": 1, "b": 1}


def test_a_hundredth_is_enough_to_part_them():
    assert places({"a": Figure(Fraction("92.305")), "b": Figure(Fraction("92.3049"))}) == {"a": 1, "b": 2}


def test_ten_is_more_than_nine_and_a_half_though_it_sorts_before_as_text():
    assert places({"a": Figure(Fraction("9.5")), "b": Figure(Fraction(10))}) == {"a": 2, "b": 1}


def test_the_order_of_the_input_is_the_order_of_the_answer():
    assert list(places(TOTALS)) == list(TOTALS)


def test_nobody_makes_an_empty_rating():
    assert places({}) == {}
    assert places({"e": None}) == {"e": None}


def test_an_unknown_way_with_ties_is_refused():
    with pytest.raises(nok.Refused, match="practice.ties"):
        places(TOTALS, "olympic")


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("85.50026", 2, "85.50"),
        ("90.775", 2, "90.78"),
        ("0.005", 2, "0.01"),
        ("0.0049999", 2, "0.00"),
        ("99.995", 2, "100.00"),
        ("100", 2, "100.00"),
        ("0", 2, "0.00"),
        ("85.45", 1, "85.5"),
        ("85.5", 0, "86"),
        ("84.5", 0, "85"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("-1.255", 2, "-1.26"),
        ("7.1", 3, "7.100"),
    ],
)
def test_a_half_is_rounded_up_and_never_to_even(value: str, places: int, shown: str):
    assert nok.printed(Fraction(value), places) == shown


def test_a_comma_for_people():
    assert nok.comma(nok.printed(Fraction(177, 2))) == "88,50"


def around(total: str, below: str, above: str) -> tuple[Figure, Range]:
    exact = Fraction(total)
    return Figure(exact), Range(exact - Fraction(below), exact + Fraction(above))


def allowed(given: dict[str, tuple[Figure, Range]], ties: str = "dense") -> dict[str, tuple[int, int] | None]:
    totals = {key: figure for key, (figure, _bounds) in given.items()}
    return ranges(totals, {key: bounds for key, (_figure, bounds) in given.items()}, ties)


def test_places_nearer_than_their_errors_are_one_range():
    given = {"a": around("95", "1", "1"), "b": around("90", "2", "2"), "c": around("89", "2", "2")}
    assert allowed(given) == {"a": (1, 1), "b": (2, 3), "c": (2, 3)}


def test_each_end_of_an_error_speaks_only_to_its_own_side():
    given = {"a": around("95", "1", "9"), "b": around("90", "9", "1")}
    assert allowed(given) == {"a": (1, 1), "b": (2, 2)}
    given = {"a": around("95", "9", "1"), "b": around("90", "1", "9")}
    assert allowed(given) == {"a": (1, 2), "b": (1, 2)}


def test_one_that_nobody_knows_moves_the_others_by_one_place_only():
    sure = {str(n): around(str(90 - 2 * n), "0.5", "0.5") for n in range(5)}
    found = allowed({**sure, "few": around("70", "30", "30")})
    assert [found[str(n)] for n in range(5)] == [(n + 1, n + 2) for n in range(5)]
    assert found["few"] == (1, 6)


def test_shared_places_are_counted_as_the_practice_counts_them():
    given = {"a": around("95", "1", "1"), "b": around("95", "1", "1"), "c": around("80", "1", "1")}
    assert allowed(given) == {"a": (1, 1), "b": (1, 1), "c": (2, 2)}
    assert allowed(given, "competition") == {"a": (1, 2), "b": (1, 2), "c": (3, 3)}


def test_without_a_total_or_bounds_there_is_no_range():
    totals = {"a": Figure(Fraction(90)), "b": None, "c": Figure(Fraction(80))}
    bounds = {"a": Range(Fraction(89), Fraction(91)), "b": None, "c": None}
    assert ranges(totals, bounds) == {"a": (1, 1), "b": None, "c": None}
    assert ranges({}, {}) == {}


def _plainly(given: dict[str, tuple[Figure, Range]], ties: str) -> dict[str, tuple[int, int] | None]:
    """The definition, pair by pair."""
    official = places({key: figure for key, (figure, _bounds) in given.items()}, "dense")
    groups = official if ties == "dense" else {key: n for n, key in enumerate(given)}

    def ahead(more: str, less: str) -> bool:
        (a, its), (b, other) = given[more], given[less]
        top, bottom = Fraction(a.printed), Fraction(b.printed)
        errors = max(Fraction(0), top - its.low), max(Fraction(0), other.high - bottom)
        return top > bottom and (top - bottom) ** 2 > sum(error**2 for error in errors)

    def of(key: str) -> tuple[int, int]:
        above = {groups[other] for other in given if ahead(other, key)}
        level = {groups[other] for other in given if not ahead(key, other)}
        return 1 + len(above), len(level)

    return {key: of(key) for key in given}


@pytest.mark.parametrize("ties", ["dense", "competition"])
@pytest.mark.parametrize("places_printed", [2, 0])
def test_the_quick_count_is_the_plain_one_and_holds_the_official_place(ties: str, places_printed: int):
    dice = Random(f"{ties} {places_printed}")  # noqa: S311
    given = {}
    for n in range(60):
        exact = Fraction(dice.randrange(7000, 9900), 100)
        errors = (Fraction(dice.randrange(0, 1 + dice.choice((3, 30, 300))), 10) for _ in "ab")
        given[str(n)] = (Figure(exact, places_printed), Range(exact - next(errors), exact + next(errors)))
    found = allowed(given, ties)
    assert found == _plainly(given, ties)
    official = places({key: figure for key, (figure, _bounds) in given.items()}, ties)
    for key, place in official.items():
        low, high = found[key] or (0, 0)
        assert place and low <= place <= high


def test_five_thousand_organisations_are_no_long_wait():
    dice = Random(5)  # noqa: S311
    given = {}
    for n in range(5000):
        exact, error = (
            Fraction(dice.randrange(700000, 990000), 10**4),
            Fraction(dice.randrange(50, 3000), 100),
        )
        given[str(n)] = (Figure(exact), Range(exact - error, exact + error))
    begun = process_time()
    assert len(allowed(given)) == 5000
    assert process_time() - begun < 10
