"""What will be on the last day: exact, never fewer than there are, silent while it is too early."""

import random
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

import pytest

from operator_app.sample import pace
from operator_app.sample.pace import Calendar, Counted, calendar, forecast

START, END = date(2026, 1, 12), date(2026, 12, 31)


def days(today: date, first: date | None = START, **given: bool) -> tuple[int, int]:
    found = calendar(START, END, today, first, **given)
    return found.days, found.left


def test_whole_days_are_counted_and_today_is_left_to_the_future() -> None:
    assert days(START) == (0, (END - START).days + 1)
    assert days(START + timedelta(days=1)) == (1, (END - START).days)
    assert days(date(2026, 6, 1)) == (14, 214)
    assert days(END) == (14, 1)


def test_before_the_campaign_and_after_its_last_day() -> None:
    assert days(START - timedelta(days=30), None) == (0, (END - START).days + 1)
    assert days(END + timedelta(days=1))[1] == 0
    assert days(END + timedelta(days=60)) == (0, 0)
    assert days(date(2026, 6, 1), collects=False)[1] == 0


def test_days_without_anybody_at_work_before_the_first_answer_do_not_count() -> None:
    assert days(date(2026, 6, 1), date(2026, 5, 29))[0] == 3
    assert days(date(2026, 6, 1), None)[0] == 0


def test_a_forecast_is_the_mean_times_the_days_left_by_each_channel() -> None:
    now = Calendar(date(2026, 6, 15), date(2026, 6, 1), days=14, left=10)
    counted = {"poster": Counted(done=30, lately=7), "paper": Counted(done=100, lately=0)}
    assert forecast(counted, now) == 100 + 30 + Fraction(7, 14) * 10
    assert pace.pace(counted, now) == Fraction(1, 2)


def test_what_came_today_is_not_counted_twice() -> None:
    now = Calendar(date(2026, 6, 15), date(2026, 6, 1), days=14, left=1)
    assert forecast({"poster": Counted(done=33, lately=14, today=3)}, now) == 33
    assert forecast({"poster": Counted(done=33, lately=70, today=3)}, now) == 35


@pytest.mark.parametrize("passed", range(7))
def test_before_a_whole_week_nothing_is_foretold(passed: int) -> None:
    now = Calendar(START + timedelta(days=passed), START, days=passed, left=100)
    assert forecast({"poster": Counted(done=9, lately=9)}, now) is None


def test_when_no_day_is_left_the_forecast_is_what_there_is() -> None:
    over = Calendar(END + timedelta(days=5), END, days=1, left=0)
    assert forecast({"poster": Counted(done=9, lately=9)}, over) == 9
    assert forecast({}, over) == 0


def test_a_part_of_a_questionnaire_is_none() -> None:
    assert pace.shortfall(100, Fraction(997, 10)) == 1
    assert pace.shortfall(100, Fraction(100)) == 0
    assert pace.shortfall(100, Fraction(250)) == 0


def test_no_forecast_is_ever_below_what_is_done_nor_beyond_the_last_day() -> None:
    dice = random.Random(17)  # noqa: S311  made-up days, not secrets
    for _ in range(500):
        now = Calendar(START, START, days=dice.randint(7, 14), left=dice.randint(0, 300))
        counted = {}
        for channel in ("poster", "paper", "phone"):
            lately, today = dice.randint(0, 90), dice.randint(0, 9)
            counted[channel] = Counted(dice.randint(0, 500) + lately + today, lately, today)
        done, foretold = sum(one.done for one in counted.values()), forecast(counted, now)
        assert foretold is not None
        mean = pace.pace(counted, now)
        assert mean is not None
        assert done <= foretold <= done + mean * now.left


SHARE = Fraction(1, 5)


@pytest.mark.parametrize(
    ("official", "everyone", "more"), [(0, 0, 0), (20, 100, 0), (19, 100, 2), (0, 100, 25), (0, 1, 1)]
)
def test_how_many_more_official_answers_make_a_fifth(official: int, everyone: int, more: int) -> None:
    assert pace.official_missing(official, everyone, SHARE) == more
    assert (official + more) >= SHARE * (everyone + more)
    assert more == 0 or (official + more - 1) < SHARE * (everyone + more - 1)


@pytest.mark.parametrize(("official", "target"), [(0, 0), (0, 601), (120, 601), (121, 601), (500, 601)])
def test_how_many_make_a_fifth_of_a_full_sample(official: int, target: int) -> None:
    more = pace.official_missing_of(official, target, SHARE)
    assert more == max(0, ceil(SHARE * target) - official)
