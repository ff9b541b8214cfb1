"""`nok results`: figures of a campaign or of one organisation as data or a document; the recount."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from council import bound, documents, files
from council.shelf import kept, shelf
from documents import exports
from surveys import frozen, queries, recount
from surveys.cli import put
from surveys.db import db
from surveys.refusals import Refusal
from surveys.results import CampaignResults


@click.command("results")
@click.option("--campaign", "campaign_id", type=int, help="Номер кампании.")
@click.option("--organization", "code", help="Код организации; без него — вся кампания.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["json", "csv", "xlsx", "pdf", "a2u.pdf", "docx"]),
    default="json",
    show_default=True,
)
@click.option(
    "--version", type=click.IntRange(1, 32767), help="Номер выпуска; без него — тот, что действует."
)
@click.option("--output", type=click.Path(path_type=Path), help="Куда записать; без него — на экран.")
@click.option(
    "--recount", "recounts", is_flag=True, help="Пересчитать по самим ответам и сверить со счётчиками."
)
@with_appcontext
def results_command(
    campaign_id: int | None,
    code: str | None,
    kind: str,
    version: int | None,
    output: Path | None,
    recounts: bool,
) -> None:
    """Показатели кампании или одной организации.

    Пример: nok results --campaign 1 --organization K7M4PX2D --format pdf --output itog.pdf

    xlsx — вся кампания с живыми формулами, docx — документ кампании для правки, a2u.pdf — отчёт для архива.
    """
    if recounts:
        raise SystemExit(_recount(campaign_id))
    if campaign_id is None:
        raise click.UsageError("Укажите --campaign НОМЕР (список: nok campaigns list).")
    content = _content(_results(campaign_id, version), code, kind)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    put(output, content)
    click.echo(f"Готово: {output}", err=True)


def _results(campaign_id: int, version: int | None) -> CampaignResults:
    campaign = queries.campaign(db.session(), campaign_id)
    if campaign is None:
        raise click.BadParameter(f"Нет кампании № {campaign_id}.")
    if version is not None:
        release = frozen.release(db.session(), campaign_id, version)
        if release is None:
            raise click.BadParameter(f"У кампании № {campaign_id} нет выпуска № {version}.")
        return shelf().released(release)
    try:
        return kept(campaign)
    except Refusal as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error


def _content(found: CampaignResults, code: str | None, kind: str) -> bytes:
    base = current_app.config["BASE_URL"]
    if code is None:
        if kind == "csv":
            return exports.campaign_csv(found)
        if kind in bound.KINDS:
            file = bound.place(found.facts, kind, found, inside=False)
            if not file.exists():
                bound.drawn(found, _tell, inside=False)
            return file.read_bytes()
        if kind in files.KINDS:
            return files.made(found, kind, inside=False)
        return exports.json_text(exports.campaign_json(found)).encode()
    if code not in found.by_code:
        raise click.BadParameter(f"В кампании № {found.facts.id} нет организации с кодом «{code}».")
    if kind in files.KINDS or kind == "a2u.pdf":
        raise click.UsageError(f"{kind} — о кампании целиком: уберите --organization.")
    standing = found.by_code[code]
    if kind == "csv":
        return exports.organization_csv(standing, found.facts)
    if kind == "pdf":
        return documents.organization_pdf(standing, found.facts, url=f"{base}/o/{code}", means=found.means)
    return exports.json_text(exports.organization_json(standing, found.facts)).encode()


def _tell(done: int, total: int) -> None:
    """On a terminal, and nowhere else, say how far the drawing is."""
    if sys.stderr.isatty():
        click.echo(f"\rРисуем отчёт: {done} из {total}", nl=done == total, err=True)


def _recount(campaign_id: int | None) -> int:
    session = db.session()
    chosen = [campaign_id] if campaign_id is not None else [c.id for c in queries.campaigns(session)]
    wrong = 0
    for number in chosen:
        if queries.campaign(session, number) is None:
            raise click.BadParameter(f"Нет кампании № {number}.")
        for one in recount.disagreements(session, number):
            wrong += 1
            click.echo(
                f"кампания № {number}, объект {one.assessment_id}, канал {one.channel}, {one.column}: "
                f"счётчик {one.tally}, по ответам {one.responses}",
                err=True,
            )
    click.echo("Счётчики сходятся с ответами." if not wrong else f"Расхождений: {wrong}.")
    return 1 if wrong else 0
