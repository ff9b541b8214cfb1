"""`nok demo`: the main job on the embedded database, from nothing to a page that opens."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

import serve
from demo import build
from surveys import queries
from surveys.clock import today
from surveys.db import db, migrate
from surveys.models import Assessment, Campaign, Organization


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Только подготовить, не запускать службу.")
@click.option("--host", default="127.0.0.1", show_default=True, help="На каком адресе слушать.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="На каком порту слушать."
)
@click.option("--organizations", "count", type=click.IntRange(4, 100_000), help="Сколько организаций взять.")
@with_appcontext
def demo_command(no_serve: bool, host: str, port: int, count: int | None) -> None:
    """Показать всё в работе: настоящие организации, помеченные демонстрационные ответы, пользователи всех ролей.

    Пример: nok demo --port 8000
    """
    migrate()
    accounts = build.build(current_app.config["SECRET_KEY"], count, _progress)
    _tell(serve.address(host, port), accounts)
    if not no_serve:
        serve.become(host, port)


def _progress(items: Sequence[int], label: str) -> AbstractContextManager[Iterable[int]]:
    if not sys.stderr.isatty():
        return nullcontext(items)
    return click.progressbar(items, label=label, file=sys.stderr)


def _tell(base_url: str, accounts: Sequence[build.Account]) -> None:
    session = db.session()
    click.echo("Демонстрация готова. Организации настоящие, ответы придуманы и помечены.\n")
    click.echo("Анкеты (то, что открывает QR-код):")
    for campaign in queries.campaigns(session):
        if campaign.year == today().year and campaign.demo:
            organization = _first(campaign)
            click.echo(f"  {base_url}/q/{organization.code}  {organization.display_name[:70]}")
    click.echo(f"\nРезультаты: {base_url}/ratings")
    click.echo(f"Вход для сотрудников: {base_url}/sign-in")
    for account in accounts:
        click.echo(f"  {account.login:14} пароль {account.password}   {account.title}")
    click.echo()


def _first(campaign: Campaign) -> Organization:
    return db.session.scalars(
        select(Organization)
        .join(Assessment, Assessment.organization_id == Organization.id)
        .where(Assessment.campaign_id == campaign.id)
        .order_by(Organization.id)
        .limit(1)
    ).one()
