"""`nok sheets`: printed forms with serials, as a PDF; and the same run once more when the printer jammed."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from paper import printing
from paper.layout import PRINTS
from paper.tables import FormEdition, PrintRun
from surveys import queries
from surveys.channels import CHANNELS
from surveys.cli import put
from surveys.db import db, writing
from surveys.models import Assessment, Campaign
from surveys.refusals import NotFound, Refusal

REFUSED = 2


@click.command("sheets")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--campaign", "campaign_id", type=int, help="Номер кампании.")
@click.option("--organization", "code", default="", help="Код организации.")
@click.option("--count", type=int, help=f"Сколько анкет, от 1 до {printing.MOST}.")
@click.option(
    "--print",
    "kind",
    type=click.Choice(PRINTS),
    default="usual",
    show_default=True,
    help="Обычный или крупный шрифт.",
)
@click.option(
    "--run", "run_id", type=int, help="Напечатать ещё раз: номер прежней печати, те же номера листов."
)
@click.option("--no-cover", is_flag=True, help="Без сопроводительного листа.")
@click.option("--json", "as_json", is_flag=True, help="Отчёт для машины.")
@with_appcontext
def sheets_command(
    out: Path,
    campaign_id: int | None,
    code: str,
    count: int | None,
    kind: str,
    run_id: int | None,
    no_cover: bool,
    as_json: bool,
) -> None:
    """Бумажные анкеты с номерами: бланк, который служба потом прочтёт со скана.

    Пример: nok sheets ankety.pdf --campaign 3 --organization K7M4PX2D --count 50

    Ещё раз те же листы: nok sheets ankety.pdf --run 7
    """
    try:
        _check(out, campaign_id, code, count, run_id)
        session = db.session()
        run = _known(session, run_id) if run_id is not None else _new(campaign_id, code, count or 0, kind)
        told = _told(db.session(), run, out)
        with click.progressbar(
            length=told["count"], label="Анкеты", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            pdf = printing.pdf(db.session(), run, cover=not no_cover, tick=lambda: bar.update(1))
    except Refusal as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    put(out, pdf)
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else _in_words(told))


def _check(out: Path, campaign_id: int | None, code: str, count: int | None, run_id: int | None) -> None:
    """Everything that can be refused before a serial is given out."""
    if out.exists():
        raise Refusal(f"{out}: такой файл уже есть. Назовите другой: напечатанное не затираем.")
    folder = out.absolute().parent
    if not folder.is_dir():
        raise Refusal(f"{out}: такой папки нет.")
    if not os.access(folder, os.W_OK):
        raise Refusal(f"{out}: в эту папку нельзя записать.")
    if run_id is not None:
        if campaign_id is not None or code or count is not None:
            raise Refusal("--run печатает прежние листы: без --campaign, --organization и --count.")
    elif campaign_id is None or not code or count is None:
        raise Refusal("Скажите, что печатать: --campaign, --organization и --count; или --run.")
    elif not 1 <= count <= printing.MOST:
        raise Refusal(f"--count: за один раз печатают от 1 до {printing.MOST} анкет.")


def _known(session: Session, run_id: int) -> PrintRun:
    found = session.get(PrintRun, run_id) if 0 < run_id <= queries.LARGEST_NUMBER else None
    if found is None:
        raise NotFound(f"Печати № {run_id} нет.")
    return found


def _new(campaign_id: int | None, code: str, count: int, kind: str) -> PrintRun:
    session = db.session()
    campaign = queries.campaign(session, campaign_id or 0)
    if campaign is None:
        raise NotFound(f"Кампании № {campaign_id} нет. Список: nok campaigns list")
    organization = queries.organization(session, code)
    if organization is None:
        raise NotFound(f"Организации с кодом «{code}» нет. Список: nok organizations list")
    assessment = queries.assessment(session, campaign.id, organization.id)
    if assessment is None:
        raise Refusal(f"Организации «{organization.name}» нет в кампании № {campaign.id}.")
    printing.form_of(campaign.questionnaire_of(CHANNELS["paper"].number), kind)  # long: not while others wait
    held = (campaign.id, assessment.id)
    session.rollback()
    with writing() as write:
        found, about = write.get_one(Campaign, held[0]), write.get_one(Assessment, held[1])
        made = printing.print_run(write, found, about, count, print=kind, by="cli").id
    return db.session().get_one(PrintRun, made)


def _told(session: Session, run: PrintRun, out: Path) -> dict[str, Any]:
    edition = session.get_one(FormEdition, run.edition_id)
    return {
        "file": str(out),
        "run": run.id,
        "campaign": run.campaign_id,
        "organization": session.get_one(Assessment, run.assessment_id).organization.code,
        "first": run.first,
        "last": run.first + run.count - 1,
        "count": run.count,
        "print": edition.print,
        "sides": len(edition.geometry["sides"]),
    }


def _in_words(told: dict[str, Any]) -> str:
    sides = "на обеих сторонах" if told["sides"] > 1 else "на одной стороне"
    return (
        f"Готово: {told['file']}. Печать № {told['run']}, анкет {told['count']}, номера "
        f"{told['first']:06}–{told['last']:06}. Печатайте {sides} листа A4 без масштабирования."
    )
