"""`nok campaigns publish` and `nok campaigns freeze`: the same doors as the pages, for whoever keeps the service."""

import click
from flask.cli import with_appcontext

from council.approval import early, publishing
from surveys.campaign_cli import REFUSED, campaign_group
from surveys.db import db, writing
from surveys.refusals import Refusal


@campaign_group.command("publish")
@click.argument("campaign_id", metavar="НОМЕР", type=int)
@with_appcontext
def publish(campaign_id: int) -> None:
    """Опубликовать выпуск, который совет утвердил.

    Пример: nok campaigns publish 3
    """
    try:
        with writing() as session:
            version = publishing.publish(session, campaign_id, "cli").version
    except Refusal as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    click.echo(f"Кампания № {campaign_id}: опубликован выпуск № {version}.")


@campaign_group.command("freeze")
@click.argument("campaign_id", metavar="[НОМЕР]", type=int, required=False)
@with_appcontext
def freeze(campaign_id: int | None) -> None:
    """Составить выпуски для кампаний, опубликованных до того, как служба стала их хранить.

    Пример: nok campaigns freeze
    """
    refused = 0
    waiting = early.without_release(db.session())
    for number in [one for one in waiting if campaign_id in (None, one)]:
        try:
            early.freeze(number)
        except Refusal as error:
            refused += 1
            click.echo(f"Кампания № {number}: {error}", err=True)
        else:
            click.echo(f"Кампания № {number}: выпуск № 1 составлен.")
    if not waiting or (campaign_id is not None and campaign_id not in waiting):
        click.echo(
            "Выпуски есть у всех опубликованных кампаний." if campaign_id is None else "Выпуск не нужен."
        )
    if refused:
        raise SystemExit(REFUSED)
