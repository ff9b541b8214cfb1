"""`nok kiosks …`: devices from the command line."""

import json
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from accounts.cli import refused_plainly
from kiosk import carried, devices, moving, pairing, watching
from surveys.db import db, writing
from surveys.languages import RUSSIAN

kiosks_group = AppGroup("kiosks", help="Терминалы в залах организаций.")

JSON = click.option("--json", "as_json", is_flag=True, help="Для машины.")


@kiosks_group.command("pair")
@click.argument("code", metavar="КОД")
@click.option("--kiosk", "kiosk_id", type=int, help="Номер терминала, который уже заведён.")
@click.option("--organization", metavar="КОД", help="Код организации: завести терминал и подключить сразу.")
@click.option("--name", default="Терминал", show_default=True, help="Как его назвать.")
@click.option("--place", default="", help="Место, как на плакате.")
@click.option(
    "--language", "languages", multiple=True, default=[RUSSIAN], help="Язык экрана; первый — для каждого."
)
def pair(
    code: str,
    kiosk_id: int | None,
    organization: str | None,
    name: str,
    place: str,
    languages: tuple[str, ...],
) -> None:
    """Подключить экран, который показывает этот код.

    Пример: nok kiosks pair 481207 --organization K7M4PX2D --place регистратура
    """
    if (kiosk_id is None) == (organization is None):
        raise click.UsageError("Укажите либо --kiosk НОМЕР, либо --organization КОД.")
    with refused_plainly(), writing() as session:
        if kiosk_id is not None:
            kiosk = devices.one(session, kiosk_id)
        else:
            wanted = devices.Wanted(name=name, place=place, languages=languages)
            kiosk = devices.make(session, str(organization), wanted, "cli")
        pairing.paired(session, kiosk, code, "cli")
        told = f"Терминал № {kiosk.id} «{kiosk.name}» подключён: {kiosk.organization.display_name}"
    click.echo(told)


@kiosks_group.command("list")
@JSON
def list_(as_json: bool) -> None:
    """Какие терминалы есть и как они.

    Пример: nok kiosks list
    """
    rows = [_facts(line) for line in watching.lines(db.session())]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(
            f"{row['id']:>5}  {row['organization']}  {row['state']:16} {row['waiting']:>6}  {row['name']}"
        )


@kiosks_group.command("revoke")
@click.argument("kiosk_id", metavar="НОМЕР", type=int)
def revoke(kiosk_id: int) -> None:
    """Отключить терминал; ответы, которые на нём остались, не пропадут.

    Пример: nok kiosks revoke 4
    """
    with refused_plainly(), writing() as session:
        pairing.revoke(session, devices.one(session, kiosk_id), "cli")
    click.echo(f"Терминал № {kiosk_id} отключён.")


@kiosks_group.command("move")
@click.argument("kiosk_id", metavar="НОМЕР", type=int)
@click.argument("organization", metavar="КОД")
@click.option("--place", default="", help="Место там, как на плакате.")
def move(kiosk_id: int, organization: str, place: str) -> None:
    """Отдать терминал другой организации; ответы, которые на нём лежат, посчитаются прежней.

    Пример: nok kiosks move 4 K7M4PX2D --place регистратура
    """
    with refused_plainly(), writing() as session:
        moved = moving.move(session, devices.one(session, kiosk_id), organization, place, "cli")
        told = f"Терминал № {kiosk_id} теперь № {moved.id}: {moved.organization.display_name}"
    click.echo(told)


@kiosks_group.command("import")
@click.argument("file", type=click.File("rb"))
@JSON
def import_(file: BinaryIO, as_json: bool) -> None:
    """Учесть ответы из файла, который сохранил терминал без сети. Тот же файл второй раз ничего не добавит.

    Пример: nok kiosks import kiosk-3-2026-11-22.jsonl
    """
    with refused_plainly():
        report = carried.taken(file, "cli")
    if as_json:
        told = {
            "accepted": report.counted,
            "repeated": report.repeated,
            "refused": [{"reason": reason, "count": count} for reason, count in report.reasons.items()],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(f"Учтено: {report.counted}, повторов: {report.repeated}, отказано: {report.refused}.")
        for reason, count in report.reasons.items():
            click.echo(f"  {count} × {reason}")
    if report.refused:
        raise SystemExit(1)


def _facts(line: watching.Line) -> dict[str, Any]:
    kiosk = line.kiosk
    return {
        "id": kiosk.id,
        "organization": kiosk.organization.code,
        "name": kiosk.name,
        "place": line.place,
        "state": line.word,
        "waiting": kiosk.waiting,
        "stuck": kiosk.stuck,
        "release": kiosk.release,
        "answered_on": kiosk.answered_on.isoformat() if kiosk.answered_on else None,
    }
