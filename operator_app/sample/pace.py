"""How fast answers come, and how many there will be: the mean of the last days times the days left (ADR 0017).

Whole days only: today is not over, so it is counted in what is done and not in the mean. All is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

WINDOW = 14  # two whole weeks: every day of the week weighs the same
FEWEST = 7  # before a whole week has passed, nothing is foretold


@dataclass(frozen=True, slots=True)
class Calendar:
    """A campaign's days as they stand today: `days` whole ones from `first` on are looked at, `left` are to come."""

    today: date
    first: date
    days: int
    left: int

    @property
    def last(self) -> date:
        """The last whole day that is looked at."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def foretells(self) -> bool:
        """Have enough days passed to say what will be? When none is left there is nothing to foretell."""
        return self.left == 0 or self.days >= FEWEST


def calendar(
    starts_on: date, ends_on: date, today: date, first_answer: date | None, *, collects: bool = True
) -> Calendar:
    """The days to look at: at most the last fourteen whole ones, none before the first answer or the campaign."""
    began = max(starts_on, first_answer or today, today - timedelta(days=WINDOW))
    over = min(today, ends_on + timedelta(days=1))
    left = (ends_on - max(today, starts_on)).days + 1 if collects else 0
    return Calendar(today, began, max(0, (over - began).days), max(0, left))


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers by one channel: all there are, those of the days looked at, those of today."""

    done: int = 0
    lately: int = 0
    today: int = 0


def pace(counted: Mapping[str, Counted], days: Calendar) -> Fraction | None:
    """Answers a day over all channels; None before the first whole day."""
    return Fraction(sum(one.lately for one in counted.values()), days.days) if days.days else None


def forecast(counted: Mapping[str, Counted], days: Calendar) -> Fraction | None:
    """Answers on the last day, channel by channel; None while it is too early to say."""
    if not days.foretells:
        return None
    return sum((_of_channel(one, days) for one in counted.values()), Fraction(0))


def _of_channel(counted: Counted, days: Calendar) -> Fraction:
    """Never fewer than there are; today's answers are among those that today is expected to bring."""
    if not days.left:
        return Fraction(counted.done)
    expected = counted.done - counted.today + Fraction(counted.lately, days.days) * days.left
    return max(Fraction(counted.done), expected)


def shortfall(target: int, foretold: Fraction) -> int:
    """How many whole answers will be missing on the last day; half an answer is none."""
    return max(0, target - floor(foretold))


def official_missing(official: int, everyone: int, share: Fraction) -> int:
    """How many more official answers make this share of all there are, the new ones among them."""
    lacking = share * everyone - official
    return max(0, -floor(-lacking / (1 - share)))


def official_missing_of(official: int, target: int, share: Fraction) -> int:
    """How many more official answers make this share once the sample is full."""
    return max(0, -floor(-share * target) - official)
