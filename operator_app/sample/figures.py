"""The campaign as a whole: sums, the 777н gauge, the pace by channel, and what calls for attention."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from flask_babel import gettext as _

import nok
from nok.rules import Digital
from operator_app.sample import pace
from operator_app.sample.cockpit import Cockpit, Row, State
from surveys.channels import CHANNELS

LAGGING = (State.SHORT, State.OVER)
KINDS = {
    State.ENOUGH: "ok",
    State.ON_TIME: "ok",
    State.SHORT: "bad",
    State.OVER: "bad",
    State.EARLY: "plain",
    State.UNKNOWN: "warn",
}


@dataclass(frozen=True, slots=True)
class Gauge:
    """Official digital services against the share that 777н asks for, and our own digital channels beside them."""

    asked: Fraction
    official: int
    share: Fraction | None
    own_share: Fraction | None
    missing_now: int
    missing_full: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A campaign's sums. `met` counts no organisation's surplus towards another's lack."""

    target: int | None
    without_target: int
    done: int
    met: int
    share: Fraction | None
    forecast: int | None
    lagging: int
    lacking: int
    disabled: int
    below_floor: int


def whole(found: Cockpit) -> Whole:
    """The sums over all organisations."""
    known = [row for row in found.rows if row.target is not None]
    target, met = sum(row.target or 0 for row in known), sum(min(row.done, row.target or 0) for row in known)
    foretold = [row.forecast for row in found.rows if row.forecast is not None]
    return Whole(
        target=target if known else None,
        without_target=len(found.rows) - len(known),
        done=sum(row.done for row in found.rows),
        met=met,
        share=Fraction(met, target) if target else None,
        forecast=floor(sum(foretold)) if foretold else None,
        lagging=sum(row.state in LAGGING for row in found.rows),
        lacking=sum(row.shortfall or 0 for row in found.rows),
        disabled=sum(row.disabled for row in found.rows),
        below_floor=sum(below_floor(row) for row in found.rows),
    )


def below_floor(row: Row) -> bool:
    """Fewer people with disabilities have answered on accessibility than 3.3 should stand on."""
    return row.below_floor


def gauge(found: Cockpit, edition: nok.Edition, target: int | None) -> Gauge:
    """How far the official services are from their share, now and with the sample full."""
    rule: Digital = edition.digital
    official = sum(found.channels.get(name, 0) for name in rule.counts)
    everyone = sum(found.channels.values())
    full = max(target, everyone) if target is not None else None
    return Gauge(
        asked=rule.target,
        official=official,
        share=nok.sample.digital_share(found.channels, edition),
        own_share=nok.sample.own_digital_share(found.channels, edition),
        missing_now=pace.official_missing(official, everyone, rule.target),
        missing_full=None if full is None else pace.official_missing_of(official, full, rule.target),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One channel: all it brought, what it brought on the days looked at, what that is a day."""

    channel: str
    done: int
    lately: int
    pace: Fraction | None


def by_channel(found: Cockpit) -> list[Line]:
    """Channels that brought anything, in their own order."""
    now = found.calendar
    lines = []
    for channel in CHANNELS:
        if found.channels.get(channel) or found.daily.get(channel):
            lately = sum(n for day, n in found.daily.get(channel, {}).items() if day < now.today)
            mean = Fraction(lately, now.days) if now.days else None
            lines.append(Line(channel, found.channels.get(channel, 0), lately, mean))
    return lines


def by_day(found: Cockpit) -> list[tuple[date, Mapping[str, int], int]]:
    """The days looked at, the latest first: what each channel brought, and all together."""
    last = found.calendar
    days = [last.first + timedelta(days=n) for n in range(last.days)]
    told: list[tuple[date, Mapping[str, int], int]] = []
    for day in reversed(days):
        counts = {channel: n for channel, found_days in found.daily.items() if (n := found_days.get(day, 0))}
        told.append((day, counts, sum(counts.values())))
    return told


def words(row: Row) -> str:
    """An organisation's state as a person says it."""
    lacking = row.shortfall or 0
    told = {
        State.ENOUGH: _("набрано"),
        State.ON_TIME: _("успеваем"),
        State.SHORT: _("не успеем: не хватит %(count)s", count=lacking),
        State.OVER: _("не набрано: не хватило %(count)s", count=lacking),
        State.EARLY: _("рано судить"),
        State.UNKNOWN: _("нет нормы: неизвестно число получателей"),
    }
    return str(told[row.state])
