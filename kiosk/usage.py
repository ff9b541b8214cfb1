"""How much a device was used: answers that were counted, by the week, so that one that is fed or shunned is seen.

Only weeks that are over are told, and of a week with few answers only that they were few: whoever opens the page
every hour must not learn that this morning's only visitor has answered.
"""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys.clock import monday, today
from surveys.models import Response

WEEKS = 12


class Week(NamedTuple):
    """The Monday, and how many answers the device gave until Sunday; None: some, but fewer than may be told."""

    monday: date
    counted: int | None


class Usage(NamedTuple):
    """Answers of one device: of all weeks of which a number may be told, of how many none may; the last weeks."""

    counted: int
    few: int
    weeks: list[Week]


def of(session: Session, kiosk_id: int, since: date, smallest: int) -> Usage:
    """What a device made on this day has gathered in the weeks that are over; of fewer than `smallest` no number."""
    ending = monday(today())
    found = (
        select(Response.day, func.count())
        .where(Response.kiosk_id == kiosk_id, Response.day < ending)
        .group_by(Response.day)
    )
    by_week: dict[date, int] = {}
    for day, count in session.execute(found):
        by_week[monday(day)] = by_week.get(monday(day), 0) + count
    first = min([monday(since), *by_week])
    shown = range(1, min(WEEKS, (ending - first).days // 7) + 1)
    return Usage(
        sum(count for count in by_week.values() if count >= smallest),
        sum(count < smallest for count in by_week.values()),
        [_week(ending - timedelta(weeks=ago), by_week, smallest) for ago in shown],
    )


def _week(start: date, by_week: dict[date, int], smallest: int) -> Week:
    counted = by_week.get(start, 0)
    return Week(start, counted if counted == 0 or counted >= smallest else None)
