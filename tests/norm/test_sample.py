"""Выборка: «40 % получателей за прошлый год, но не больше 600»; «не менее 20 % — официальные сервисы»."""

from fractions import Fraction

import pytest
from norm.published import FIRST_ORDER, ORDER

import nok
from nok.sample import digital_share, own_digital_share, target


@pytest.mark.parametrize(
    ("recipients", "expected"),
    [
        (0, 0),
        (1, 1),
        (2, 1),
        (3, 2),
        (5, 2),
        (6, 3),
        (100, 40),
        (1498, 600),
        (1500, 600),
        (1501, 600),
        (10**8, 600),
    ],
)
def test_forty_per_cent_rounded_up_but_no_more_than_six_hundred(recipients: int, expected: int):
    assert target(recipients) == target(recipients, FIRST_ORDER) == expected


@pytest.mark.parametrize("recipients", [-1, True, 10.0, "10"])
def test_recipients_are_counted_in_whole_numbers(recipients: int):
    with pytest.raises(nok.Refused, match="recipients"):
        target(recipients)


def test_only_official_services_count_and_our_own_are_shown_beside():
    channels = {"official": 20, "poster": 50, "site": 5, "kiosk": 5, "paper": 15, "phone": 5}
    assert digital_share(channels, ORDER) == ORDER.digital.target == Fraction(1, 5)
    assert own_digital_share(channels, ORDER) == Fraction(60, 100)


def test_without_answers_there_is_no_share():
    assert digital_share({}, ORDER) is None
    assert digital_share({"paper": 0}, ORDER) is None
    assert digital_share({"paper": 3}, ORDER) == 0
