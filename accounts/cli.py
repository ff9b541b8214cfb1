"""`nok users …` and `nok audit …`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy import select

from accounts import access, audit, people
from accounts.models import Duty, Role, Seat, User
from surveys.db import db, writing
from surveys.refusals import Refusal

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
@click.option(
    "--seat",
    type=click.Choice([seat.value for seat in Seat]),
    help="Место в совете (для роли council); без него — член совета.",
)
@click.option("--name", default="", help="Имя, каким его видят другие.")
@click.option("--region", help="Показывать только этот регион.")
@click.option("--organization", "code", help="Код организации (для роли organization).")
@click.option("--password", help="Пароль; без него придумаем и напечатаем.")
def add(
    login: str,
    role: str,
    duty: str | None,
    seat: str | None,
    name: str,
    region: str | None,
    code: str | None,
    password: str | None,
) -> None:
    """Завести сотрудника.

    Пример: nok users add petrov --role operator --duty interviewer --name "Петров И. С."
    """
    chosen = password or people.fresh_password()
    if role == Role.ORGANIZATION and not code:
        raise click.BadParameter("Для роли organization укажите --organization КОД.")
    chosen_duty = duty or (Duty.HEAD.value if role == Role.OPERATOR else None)
    told = {"role": role, "duty": chosen_duty, "seat": seat, "name": name, "region": region}
    told["organization"] = code
    with refused_plainly(), writing() as session:
        user = people.make(session, login, chosen, **told)
        audit.record(session, "cli", "user-added", user.login, role=role, duty=user.duty, seat=user.seat)
    click.echo(f"Готово: {login.strip().lower()}" + ("" if password else f", пароль: {chosen}"))


@contextmanager
def refused_plainly() -> Iterator[None]:
    """A refusal of what was typed is the command's own complaint."""
    try:
        yield
    except (Refusal, access.WeakPassword) as refusal:
        raise click.BadParameter(str(refusal)) from refusal


@users.command("change")
@click.argument("login")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Новая роль.")
@click.option(
    "--duty", type=click.Choice([duty.value for duty in Duty]), help="Новая обязанность в команде оператора."
)
@click.option("--seat", type=click.Choice([seat.value for seat in Seat]), help="Новое место в совете.")
@click.option("--name", help="Новое имя.")
@click.option("--region", help="Показывать только этот регион; пустое слово — все.")
@click.option("--organization", "code", help="Код организации (для роли organization).")
def change(
    login: str,
    role: str | None,
    duty: str | None,
    seat: str | None,
    name: str | None,
    region: str | None,
    code: str | None,
) -> None:
    """Изменить роль, обязанность, место в совете, имя или регион сотрудника.

    Пример: nok users change ivanova --seat chair
    """
    with refused_plainly(), writing() as session:
        user = people.found(session, login)
        kept_duty = user.duty if (role or user.role) == Role.OPERATOR else None
        told = {
            "role": role or user.role,
            "duty": duty or kept_duty or (Duty.HEAD.value if role == Role.OPERATOR else None),
            "seat": seat or (user.seat if (role or user.role) == Role.COUNCIL else None),
            "name": user.name if name is None else name,
            "region": (user.region.name if user.region else "") if region is None else region,
            "organization": code or (user.organization.code if user.organization else None),
        }
        changed = people.change(session, user, **told)
        audit.record(session, "cli", "user-changed", user.login, what=", ".join(changed))
    click.echo(f"Изменено: {login.strip().lower()}" if changed else "Менять нечего: всё так и было.")


@users.command("password")
@click.argument("login")
@click.option("--password", help="Новый пароль; без него придумаем и напечатаем.")
def password(login: str, password: str | None) -> None:
    """Дать новый пароль; открытые входы этого сотрудника закрываются.

    Пример: nok users password ivanova
    """
    chosen = password or people.fresh_password()
    with refused_plainly(), writing() as session:
        user = people.found(session, login)
        people.renew_password(user, chosen)
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
    with refused_plainly(), writing() as session:
        user = people.found(session, login)
        people.let_in(user, active)
        audit.record(session, "cli", "user-opened" if active else "user-closed", user.login)


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def list_(as_json: bool) -> None:
    """Кто заведён.

    Пример: nok users list
    """
    found = db.session.scalars(select(User).order_by(User.login)).all()
    rows = [
        {
            "login": u.login,
            "role": u.role,
            "duty": u.duty,
            "seat": u.seat,
            "name": u.name,
            "active": u.active,
        }
        for u in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['login']:20} {row['role']:14} {row['duty'] or row['seat'] or '':12} {row['name']}")


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
