"""`nok tokens …`: keys with which an operator's programs bring files."""

import json
from datetime import timedelta
from typing import Any

import click
from flask.cli import AppGroup

from accounts import people, tokens
from accounts.cli import refused_plainly
from accounts.models import ApiToken, Right
from surveys.clock import today
from surveys.db import db, writing

tokens_group = AppGroup("tokens", help="Ключи программ для /api/v1.")


@tokens_group.command("make")
@click.argument("login")
@click.option("--name", required=True, help="Зачем ключ: так он назван в списке и в журнале.")
@click.option(
    "--campaign", "campaigns", type=int, multiple=True, required=True, help="Номер кампании; можно несколько."
)
@click.option(
    "--right",
    "rights",
    type=click.Choice([right.value for right in Right]),
    multiple=True,
    default=[right.value for right in Right],
    help="Что можно: upload, commit, undo; без указания — всё.",
)
@click.option(
    "--days",
    type=click.IntRange(1, tokens.MOST_DAYS),
    default=tokens.USUAL_DAYS,
    show_default=True,
    help="Сколько дней действует.",
)
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def make(
    login: str, name: str, campaigns: tuple[int, ...], rights: tuple[str, ...], days: int, as_json: bool
) -> None:
    """Сделать ключ сотруднику оператора и один раз напечатать его.

    Пример: nok tokens make petrov --name "Выгрузка из CRM" --campaign 3 --right upload
    """
    with refused_plainly(), writing() as session:
        owner, ends_on = people.found(session, login), today() + timedelta(days=days)
        token, secret = tokens.make(
            session, owner, name, rights=rights, campaigns=campaigns, ends_on=ends_on, by="cli"
        )
        told = {**_facts(token), "token": secret}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"Ключ № {told['id']}, действует по {told['ends_on']}. Второй раз его не покажет никто:")
    click.echo(secret)


@tokens_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def list_(as_json: bool) -> None:
    """Какие ключи есть.

    Пример: nok tokens list
    """
    rows = [_facts(token) for token in tokens.known(db.session())]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        state = "отозван" if row["revoked"] else f"по {row['ends_on']}"
        used = f"был в деле {row['used_on']}" if row["used_on"] else "ещё не был в деле"
        click.echo(f"{row['id']:>5}  {row['login']:16} {state:14} {used:24} {row['name']}")


@tokens_group.command("revoke")
@click.argument("token_id", metavar="КЛЮЧ", type=int)
def revoke(token_id: int) -> None:
    """Отозвать ключ навсегда.

    Пример: nok tokens revoke 4
    """
    with refused_plainly(), writing() as session:
        tokens.revoke(session, tokens.one(session, token_id), "cli")
    click.echo(f"Ключ № {token_id} отозван.")


def _facts(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "login": token.user.login,
        "rights": token.rights,
        "campaigns": [one.campaign_id for one in token.scope],
        "ends_on": token.ends_on.isoformat(),
        "used_on": token.used_on.isoformat() if token.used_on else None,
        "revoked": token.revoked_at is not None,
    }
