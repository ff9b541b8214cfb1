"""The interval of a share, against published values and its own definition."""

from fractions import Fraction
from math import comb

import pytest

from nok.interval import clopper_pearson
from nok.refusal import Refused

#: found, of, low %, high %: the exact 95 % interval as printed in textbooks and by R's binom.test.
KNOWN = [
    (0, 10, "0.00", "30.85"),
    (1, 10, "0.25", "44.50"),
    (5, 10, "18.71", "81.29"),
    (10, 10, "69.15", "100.00"),
    (0, 30, "0.00", "11.57"),
    (0, 100, "0.00", "3.62"),
    (3, 1200, "0.05", "0.73"),
    (7, 20, "15.39", "59.22"),
    (15, 148, "5.78", "16.17"),
]


@pytest.mark.parametrize(("found", "of", "low", "high"), KNOWN)
def test_the_interval_is_the_published_one(found: int, of: int, low: str, high: str) -> None:
    bounds = clopper_pearson(found, of)
    assert bounds is not None
    assert [f"{float(bound * 100):.2f}" for bound in bounds] == [low, high]


@pytest.mark.parametrize(("found", "of"), [(0, 1), (1, 1), (2, 7), (6, 40), (39, 40), (40, 81)])
def test_each_bound_leaves_out_no_more_than_its_half_of_the_odds(found: int, of: int) -> None:
    def at_most(number: int, share: Fraction) -> Fraction:
        return sum((comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(number + 1)), Fraction(0))

    low, high = clopper_pearson(found, of) or (Fraction(0), Fraction(0))
    half, step = Fraction(25, 1000), Fraction(1, 10**9)
    if found < of:
        assert at_most(found, high) <= half < at_most(found, high - step)
    if found:
        assert 1 - at_most(found - 1, low) <= half < 1 - at_most(found - 1, low + step)


def test_nothing_checked_is_no_interval_and_never_a_nought() -> None:
    assert clopper_pearson(0, 0) is None


def test_the_interval_is_wide_over_few_and_narrow_over_many() -> None:
    widths = [
        high - low for low, high in (clopper_pearson(n // 100, n) or (0, 0) for n in (100, 1_000, 100_000))
    ]
    assert widths[0] > widths[1] > widths[2]
    assert widths[2] < Fraction(2, 1000)


@pytest.mark.parametrize(("found", "of"), [(-1, 5), (6, 5), (1, -1), (True, 2), (1.0, 2)])
def test_what_is_no_count_is_refused(found: int, of: int) -> None:
    with pytest.raises(Refused):
        clopper_pearson(found, of)
