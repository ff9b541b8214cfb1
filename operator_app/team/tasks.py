"""What one of the team may be asked to do at an organisation, and who can."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Duty, Role, User
from surveys.models import Campaign


class Task(StrEnum):
    """The kinds of work that are given out by organisation."""

    INTERVIEW = "interview"
    INSPECTION = "inspection"
    MYSTERY = "mystery"
    PHONE = "phone"
    KEYING = "keying"


TITLES: Mapping[str, Any] = MappingProxyType(
    {
        Task.INTERVIEW: _l("Опрос на месте"),
        Task.INSPECTION: _l("Проверка"),
        Task.MYSTERY: _l("Тайный клиент"),
        Task.PHONE: _l("Телефонный опрос"),
        Task.KEYING: _l("Ввод бумажных анкет"),
    }
)
_INDOORS = frozenset({Duty.HEAD, Duty.VERIFIER, Duty.INTERVIEWER})
_OUTDOORS = frozenset({Duty.HEAD, Duty.VERIFIER, Duty.INSPECTOR})
WHO_CAN: Mapping[str, frozenset[Duty]] = MappingProxyType(
    {
        Task.INTERVIEW: frozenset(Duty),
        Task.INSPECTION: _OUTDOORS,
        Task.MYSTERY: _OUTDOORS,
        Task.PHONE: _INDOORS,
        Task.KEYING: _INDOORS,
    }
)


def members(session: Session, campaign: Campaign) -> list[User]:
    """The campaign's team: the operator's users who may sign in and see its region, by name."""
    found = session.scalars(
        select(User).where(
            User.role == Role.OPERATOR,
            User.active.is_(True),
            User.region_id.is_(None) | (User.region_id == campaign.region_id),
        )
    )
    return sorted(found, key=lambda user: (user.name or user.login, user.id))


def with_former(session: Session, team: list[User], ids: Iterable[int]) -> list[User]:
    """The team, and those of these users who are no longer in it: what they had is still to be handed on."""
    gone = set(ids) - {user.id for user in team}
    former = session.scalars(select(User).where(User.id.in_(gone))) if gone else ()
    return [*team, *sorted(former, key=lambda user: (user.name or user.login, user.id))]


def able(team: list[User], task: str) -> list[User]:
    """Those whose duty lets them do it."""
    return [user for user in team if user.duty in WHO_CAN[task]]
