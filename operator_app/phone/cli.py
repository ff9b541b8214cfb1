"""`nok contacts …`."""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from operator_app.phone import forgetting, lists
from surveys import queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal

contacts = AppGroup("contacts", help="Номера для телефонного опроса.")

REFUSED, PARTLY = 2, 1


@contacts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
@click.option("--dry-run", is_flag=True, help="Только сказать, что было бы сделано.")
@click.option("--json", "as_json", is_flag=True, help="Отчёт для машины; номеров в нём нет.")
def import_(file: Path, campaign_id: int, dry_run: bool, as_json: bool) -> None:
    """Загрузить номера из CSV или XLSX; в базу они ложатся запечатанными.

    Пример: nok contacts import spisok.xlsx --campaign 1 --dry-run
    """
    try:
        campaign = _collecting(campaign_id)
        lines, report = lists.read_list(db.session(), campaign, file)
        secret = current_app.config["SECRET_KEY"]
        lists.load(secret, campaign_id, lines, report, "cli", dry_run=dry_run)
    except Refusal as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    shown = report.as_dict(dry_run=dry_run)
    click.echo(json.dumps(shown, ensure_ascii=False, indent=1) if as_json else _in_words(report, dry_run))
    raise SystemExit(PARTLY if report.refused else 0)


@contacts.command("wipe")
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
def wipe(campaign_id: int) -> None:
    """Стереть все номера кампании и ключ к ним, не дожидаясь её конца. Вернуть их будет нельзя.

    Пример: nok contacts wipe --campaign 1
    """
    _campaign(campaign_id)
    with writing() as session:
        left = forgetting.wipe(session, campaign_id, "cli")
    click.echo(f"Стёрто номеров: {left}. Ключ уничтожен.")


def _campaign(campaign_id: int) -> Campaign:
    found = queries.campaign(db.session(), campaign_id)
    if found is None:
        raise click.BadParameter(f"Нет кампании № {campaign_id}.")
    return found


def _collecting(campaign_id: int) -> Campaign:
    found = _campaign(campaign_id)
    if found.stage != Stage.COLLECTING or found.ends_on < today():
        raise Refusal("Кампания уже не собирает ответов: номера загружать незачем.")
    return found


def _in_words(report: lists.Report, dry_run: bool) -> str:
    words = ["Пробный прогон, ничего не записано."] if dry_run else []
    words.append(
        f"Новых номеров: {report.accepted}, уже были: {report.repeated}, отклонено строк: {len(report.refused)}."
    )
    words += [f"  строка {one.row}, {one.column}: {one.reason}" for one in report.refused]
    return "\n".join(words)
