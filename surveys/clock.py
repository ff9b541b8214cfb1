"""Today, this moment and the service's own place, in one place."""

from datetime import UTC, date, datetime, timedelta


def today() -> date:
    """The server's own day: a campaign opens and closes by the local calendar."""
    return date.today()  # noqa: DTZ011


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def now() -> datetime:
    """This moment as the database keeps it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def to_the_second() -> datetime:
    """This moment without its fractions: what is kept and shown of what somebody did."""
    return now().replace(microsecond=0)


def local(moment: datetime) -> datetime:
    """A moment of the database by the clock of the service's own place."""
    return moment.replace(tzinfo=UTC).astimezone()
