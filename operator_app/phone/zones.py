"""Whose clock: the respondent's time zone, and the hours when one may ring there."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from surveys import clock

MOSCOW = "Europe/Moscow"
ABOUT_MOSCOW = re.compile(r"(?:мск|msk)\s*([+\-\u2212\u2013]?\s*\d{1,2})?")
ABOUT_GREENWICH = re.compile(r"(?:utc|gmt)\s*([+\-\u2212\u2013]\s*\d{1,2})(?::?00)?")


@dataclass(frozen=True)
class Calling:
    """When to ring, how often, and how long a contact is held: as the data file says."""

    from_hour: int
    to_hour: int
    most_attempts: int
    contact_minutes: int
    interview_minutes: int
    appointment_days: int
    most_releases: int
    release_minutes: int
    regions: dict[str, str]
    choices: dict[str, str]


@cache
def calling() -> Calling:
    """The data of calling.toml."""
    with Path(__file__).with_name("calling.toml").open("rb") as file:
        told = tomllib.load(file)
    return Calling(**{name: told[name] for name in Calling.__dataclass_fields__})


def of_region(name: str) -> str:
    """The zone in which most of a region lives; Moscow's where the data file does not say."""
    return _by_region(name) or MOSCOW


def _by_region(name: str) -> str | None:
    words = re.findall(r"[а-я]+", name.lower().replace("ё", "е"))
    known = calling().regions
    found = [stem for stem in known if any(word.startswith(stem) for word in words)]
    return known[max(found, key=len)] if found else None


@lru_cache(maxsize=1000)
def understood(typed: str) -> str | None:
    """«МСК+2», «UTC+5», «Екатеринбург» or an IANA name → an IANA name; None for anything else."""
    text = " ".join(typed.strip().lower().replace("ё", "е").split())
    by_name = _by_name()
    if text in by_name and "/" in text:
        return by_name[text]
    for pattern, shift in ((ABOUT_MOSCOW, 0), (ABOUT_GREENWICH, -3)):
        if match := pattern.fullmatch(text):
            hours = re.sub(r"\s", "", match[1] or "0").replace("\u2212", "-").replace("\u2013", "-")
            return _by_shift(int(hours) + shift)
    return _by_town(text)


@cache
def _by_name() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones()}


def _by_shift(hours: int) -> str | None:
    signs = {f"МСК{'' if n == 0 else f'{n:+d}'}".replace("-", "\u2212"): n for n in range(-1, 10)}
    return next(
        (zone for zone, title in calling().choices.items() if signs[title.rpartition(", ")[2]] == hours), None
    )


def _by_town(text: str) -> str | None:
    for zone, title in calling().choices.items():
        if text in [town.lower() for town in title.split(", ")[:-1]]:
            return zone
    return _by_region(text)


def title(zone: str) -> str:
    """The zone as it is chosen on the screen; one that is not offered there by its difference from Moscow."""
    known = calling().choices.get(zone)
    return known or f"{zone.rpartition('/')[2].replace('_', ' ')}, {_shift(zone)}"


def offered(zone: str) -> str:
    """The zone under which the screen offers this one: the same clock, one name."""
    moment = clock.now()
    shown = local(moment, zone).utcoffset()
    same = (other for other in calling().choices if local(moment, other).utcoffset() == shown)
    return zone if zone in calling().choices else next(same, zone)


def _shift(zone: str) -> str:
    moment = clock.now()
    apart = local(moment, zone).utcoffset(), local(moment, MOSCOW).utcoffset()
    hours = ((apart[0] or timedelta()) - (apart[1] or timedelta())) / timedelta(hours=1)
    return f"МСК{hours:+g}".replace("-", "\u2212") if hours else "МСК"


def local(moment: datetime, zone: str) -> datetime:
    """A moment kept in UTC, by the clock of a zone."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))


def in_utc(told: datetime, zone: str) -> datetime:
    """A time by the clock of a zone, as tables keep it."""
    return told.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def may_ring(moment: datetime, zone: str) -> bool:
    """Is it day there? From the first hour on, and no later than the last has struck."""
    return calling().from_hour <= local(moment, zone).hour < calling().to_hour
