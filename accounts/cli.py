"""`nok users …` and `nok audit …`."""

import json
import secrets

import click
from flask.cli import AppGroup
from sqlalchemy import select

from accounts import access, audit
from accounts.models import Duty, Role, User
from surveys import queries
from surveys.db import db, writing
from surveys.models import Region

users = AppGroup("users", help="Учётные записи сотрудников.")
trail = AppGroup("audit", help="Журнал действий сотрудников.")


@users.command("add")
@click.argument("login")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="Роль.")
@click.option(
    "--duty",
    type=click.Choice([duty.value for duty in Duty]),
    help="Обязанность в команде оператора; без неё — руководитель.",
)
@click.option("--name", default="", help="Имя, каким его видят другие.")
@click.option("--region", help="Показывать только этот регион.")
@click.option("--organization", "code", help="Код организации (для роли organization).")
@click.option("--password", help="Пароль; без него придумаем и напечатаем.")
def add(
    login: str,
    role: str,
    duty: str | None,
    name: str,
    region: str | None,
    code: str | None,
    password: str | None,
) -> None:
    """Завести сотрудника.

    Пример: nok users add petrov --role operator --duty interviewer --name "Петров И. С."
    """
    chosen = password or secrets.token_urlsafe(12)
    if duty and role != Role.OPERATOR:
        raise click.BadParameter("Обязанность (--duty) бывает только у роли operator.")
    try:
        with writing() as session:
            user = _user(login, role, name, region, code, access.hashed(chosen))
            user.duty = (duty or Duty.HEAD.value) if role == Role.OPERATOR else None
            session.add(user)
            told = {"duty": user.duty} if user.duty else {}
            audit.record(session, "cli", "user-added", user.login, role=role, **told)
    except access.WeakPassword as error:
        raise click.BadParameter(str(error)) from error
    click.echo(f"Готово: {login.strip().lower()}" + ("" if password else f", пароль: {chosen}"))


def _user(login: str, role: str, name: str, region: str | None, code: str | None, password_hash: str) -> User:
    session, lowered = db.session(), login.strip().lower()
    if not lowered or len(lowered) > 60:
        raise click.BadParameter("Логин: от одного до 60 знаков.")
    if session.scalar(select(User.id).where(User.login == lowered)):
        raise click.BadParameter(f"Логин «{lowered}» уже занят.")
    organization = queries.organization(session, code) if code else None
    if code and organization is None:
        raise click.BadParameter(f"Нет организации с кодом «{code}».")
    if role == Role.ORGANIZATION and organization is None:
        raise click.BadParameter("Для роли organization укажите --organization КОД.")
    found = session.scalar(select(Region).where(Region.name == region)) if region else None
    if region and found is None:
        raise click.BadParameter(f"Нет региона «{region}».")
    return User(
        login=lowered,
        role=role,
        name=name or lowered,
        password_hash=password_hash,
        region_id=found.id if found else None,
        organization_id=organization.id if organization else None,
    )


@users.command("password")
@click.argument("login")
@click.option("--password", help="Новый пароль; без него придумаем и напечатаем.")
def password(login: str, password: str | None) -> None:
    """Дать новый пароль; открытые входы этого сотрудника закрываются.

    Пример: nok users password ivanova
    """
    chosen = password or secrets.token_urlsafe(12)
    try:
        fresh = access.hashed(chosen)
    except access.WeakPassword as error:
        raise click.BadParameter(str(error)) from error
    with writing() as session:
        user = _found(login)
        user.password_hash, user.epoch = fresh, user.epoch + 1
        audit.record(session, "cli", "password-changed", user.login)
    click.echo(f"Готово: {login.strip().lower()}" + ("" if password else f", пароль: {chosen}"))


@users.command("close")
@click.argument("login")
def close(login: str) -> None:
    """Закрыть сотруднику вход; сделанное им остаётся.

    Пример: nok users close ivanova
    """
    _let_in(login, False)
    click.echo(f"Вход закрыт: {login.strip().lower()}")


@users.command("open")
@click.argument("login")
def open_(login: str) -> None:
    """Снова открыть вход.

    Пример: nok users open ivanova
    """
    _let_in(login, True)
    click.echo(f"Вход открыт: {login.strip().lower()}")


def _let_in(login: str, active: bool) -> None:
    with writing() as session:
        user = _found(login)
        user.active, user.epoch = active, user.epoch + 1
        audit.record(session, "cli", "user-opened" if active else "user-closed", user.login)


def _found(login: str) -> User:
    user: User | None = db.session.scalar(select(User).where(User.login == login.strip().lower()))
    if user is None:
        raise click.BadParameter(f"Нет сотрудника с логином «{login}».")
    return user


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def list_(as_json: bool) -> None:
    """Кто заведён.

    Пример: nok users list
    """
    found = db.session.scalars(select(User).order_by(User.login)).all()
    rows = [{"login": u.login, "role": u.role, "name": u.name, "active": u.active} for u in found]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['login']:20} {row['role']:14} {row['name']}")


@trail.command("verify")
def verify() -> None:
    """Проверить, что журнал не правили.

    Пример: nok audit verify
    """
    wrong = list(audit.broken(db.session()))
    for number, what in wrong:
        click.echo(f"запись № {number}: {what}", err=True)
    if wrong:
        raise SystemExit(1)
    click.echo("Журнал цел.")
