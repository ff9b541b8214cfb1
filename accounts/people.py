"""Accounts of the staff: made, changed, closed, given a new password — by the administrator's page or a command."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import Role, Seat, User
from surveys import queries
from surveys.models import Region
from surveys.refusals import Refusal

LONGEST_LOGIN = 60


#: No sign that is taken for another when a password is copied by hand (l, I, 1, O, 0).
SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"


def fresh_password() -> str:
    """A password nobody has thought of: sixteen signs in fours, eighty bits."""
    signs = "".join(secrets.choice(SIGNS) for _number in range(16))
    return "-".join(signs[start : start + 4] for start in range(0, 16, 4))


def found(session: Session, login: str) -> User:
    """The one with this login. Raises Refusal."""
    user: User | None = session.scalar(select(User).where(User.login == login.strip().lower()))
    if user is None:
        raise Refusal(_("Нет сотрудника с логином «%(login)s».", login=login))
    return user


def names(session: Session, logins: Iterable[str | None]) -> dict[str, str]:
    """Login → the person's name as pages show it; the login where there is no name, or nobody any more."""
    asked = {login for login in logins if login}
    rows = session.execute(select(User.login, User.name).where(User.login.in_(asked)))
    told = {login: name for login, name in rows}
    return {login: told.get(login) or login for login in asked}


def make(session: Session, login: str, password: str, **told: str | None) -> User:
    """A new account; `told` as in `facts`. Raises Refusal, access.WeakPassword."""
    lowered = login.strip().lower()
    if not lowered or len(lowered) > LONGEST_LOGIN:
        raise Refusal(_("Логин: от одного до 60 знаков."))
    if not (lowered.isascii() and lowered.isprintable()) or " " in lowered:
        raise Refusal(_("Логин пишут латинскими буквами и цифрами, без пробелов: например petrov."))
    if session.scalar(select(User.id).where(User.login == lowered)):
        raise Refusal(_("Логин «%(login)s» уже занят.", login=lowered))
    user = User(login=lowered, password_hash=access.hashed(password), **_facts(session, lowered, told))
    session.add(user)
    session.flush()
    return user


def change(session: Session, user: User, **told: str | None) -> list[str]:
    """Give an account another name, role, duty, seat, region or organisation; what changed. Raises Refusal.

    Whoever may do something else now signs in anew.
    """
    fresh = _facts(session, user.login, told)
    changed = [name for name, value in fresh.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, fresh[name])
    if set(changed) - {"name"}:
        user.epoch += 1
    return changed


def renew_password(user: User, password: str) -> None:
    """Another password; open sessions end. Raises access.WeakPassword."""
    user.password_hash, user.epoch = access.hashed(password), user.epoch + 1


def let_in(user: User, active: bool) -> None:
    """Close or open the account; open sessions end, what was done stays."""
    user.active, user.epoch = active, user.epoch + 1


def _facts(session: Session, login: str, told: Mapping[str, str | None]) -> dict[str, Any]:
    """role, duty, seat, name, region, organization (a code) as columns. Raises Refusal."""
    role, duty, seat = str(told.get("role") or ""), told.get("duty"), told.get("seat")
    if role not in {one.value for one in Role}:
        raise Refusal(_("Нет роли «%(role)s».", role=role))
    if role == Role.OPERATOR and not duty:
        raise Refusal(_("Выберите обязанность в команде оператора. Руководителю открыто всё."))
    if duty and role != Role.OPERATOR:
        raise Refusal(_("Обязанность бывает только у роли «Оператор»."))
    if seat and role != Role.COUNCIL:
        raise Refusal(_("Место в совете бывает только у роли «Общественный совет»."))
    code, region = told.get("organization"), told.get("region")
    organization = queries.organization(session, code) if code else None
    if code and organization is None:
        raise Refusal(_("Нет организации с кодом «%(code)s».", code=code))
    if role == Role.ORGANIZATION and organization is None:
        raise Refusal(_("Для роли «Организация» укажите код организации."))
    place = session.scalar(select(Region).where(Region.name == region)) if region else None
    if region and place is None:
        raise Refusal(_("Нет региона «%(region)s».", region=region))
    return {
        "role": role,
        "duty": duty if role == Role.OPERATOR else None,
        "seat": (seat or Seat.MEMBER.value) if role == Role.COUNCIL else None,
        "name": (told.get("name") or "").strip() or login,
        "region_id": place.id if place else None,
        "organization_id": organization.id if organization else None,
    }
