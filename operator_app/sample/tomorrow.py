"""Tomorrow's plan out of the campaign as it stands: who lacks answers, who is free, whom one may call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.models import Duty, User
from operator_app.sample import days
from operator_app.sample.cockpit import Cockpit, Row
from operator_app.sample.plan import Hand, Line, Need, Where, plan
from operator_app.team.tasks import Task

FORMS, CALLS = 20, 15
TASK_OF = {Where.FIELD: Task.INTERVIEW, Where.PHONE: Task.PHONE}


@dataclass(frozen=True, slots=True)
class Ask:
    """What the day may count on. `where`: user → at the organisations, by telephone, or absent from it."""

    where: Mapping[int, Where]
    forms: int = FORMS
    calls: int = CALLS
    extra: int = 0


def usual(team: Sequence[User]) -> dict[int, Where]:
    """Interviewers go out unless told otherwise."""
    return {user.id: Where.FIELD for user in team if user.duty == Duty.INTERVIEWER}


def day_of(found: Cockpit) -> date | None:
    """Tomorrow, or the last day when there is no tomorrow; None when nothing is collected any more."""
    if not found.calendar.left:
        return None
    tomorrow = max(found.calendar.today + timedelta(days=1), found.campaign.starts_on)
    return min(tomorrow, found.campaign.ends_on)


def planned(session: Session, found: Cockpit, team: Sequence[User], ask: Ask) -> list[Line]:
    """The lines of the plan; none when no day is left."""
    if day_of(found) is None:
        return []
    campaign_id = found.campaign.id
    contacts = days.contacts_left(session, campaign_id)
    whose = days.assigned(session, campaign_id, [Task.INTERVIEW, Task.PHONE])
    needs = [_need(row, contacts, whose) for row in found.rows if row.missing]
    return plan(needs, hands(team, ask))


def _need(row: Row, contacts: Mapping[int, int], whose: Mapping[int, frozenset[int]]) -> Need:
    return Need(
        assessment_id=row.assessment_id,
        name=row.name,
        municipality=row.municipality,
        missing=row.missing,
        shortfall=row.missing if row.shortfall is None else row.shortfall,
        contacts=contacts.get(row.assessment_id, 0),
        assigned=whose.get(row.assessment_id, frozenset()),
    )


def hands(team: Sequence[User], ask: Ask) -> list[Hand]:
    """Whoever works that day: the team by name, then those without an account."""
    found: list[Hand] = []
    for user in team:
        if (where := ask.where.get(user.id)) is not None:
            capacity = ask.calls if where is Where.PHONE else ask.forms
            found.append(Hand(len(found) + 1, user.name or user.login, where, capacity, user.id))
    for number in range(1, ask.extra + 1):
        name = _("Интервьюер без учётной записи № %(number)s", number=number)
        found.append(Hand(len(found) + 1, name, Where.FIELD, ask.forms))
    return found


def why(line: Line, found: Cockpit) -> str:
    """Why somebody is sent there, in words."""
    left = found.calendar.left
    if line.need.shortfall and found.calendar.foretells:
        told = _("к последнему дню не хватит %(count)s", count=line.need.shortfall)
    else:
        told = _("не хватает %(count)s", count=line.need.missing)
    return f"{told}, {days_left(left)}"


def days_left(left: int) -> str:
    """«осталось 9 дней»; the form of the verb goes with the number, so each of the three is written whole."""
    tens, ones = left % 100 // 10, left % 10
    if tens != 1 and ones == 1:
        return str(_("остался %(days)s день", days=left))
    if tens != 1 and 2 <= ones <= 4:
        return str(_("осталось %(days)s дня", days=left))
    return str(_("осталось %(days)s дней", days=left))
