"""`nok answers …`: files of answers taken in, a table to fill in, batches and their undoing."""

import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import answers, queries
from surveys.answers import mapping, settings, sheets, telling
from surveys.answers.shapes import Options
from surveys.batches import Batch
from surveys.channels import BY_NUMBER
from surveys.cli import PARTLY, answer, put, refusing
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Organization
from surveys.refusals import NotFound, Refusal

answers_group = AppGroup("answers", help="Ответы из файлов.")

LARGEST_MAPPING = 256 * 1024
INFERRED = ("stand_seen", "site_seen")
STATES = {
    "uploaded": "загружен",
    "checked": "проверен",
    "counted": "посчитан",
    "undone": "отменён",
    "dropped": "не нужен",
    "refused": "не принят",
}


@answers_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
@click.option(
    "--channel",
    type=click.Choice(settings.TAKEN_FROM_FILES),
    default="import",
    show_default=True,
    help="Каким каналом собраны ответы.",
)
@click.option("--questionnaire", default="", help="Анкета, если не та, что у канала.")
@click.option(
    "--mapping", "mapping_file", type=click.Path(path_type=Path), help="TOML или JSON: столбец → вопрос."
)
@click.option("--organization", default="", help="Код организации, если весь файл о ней одной.")
@click.option("--sheet", default="", help="Лист книги, если не первый с таблицей.")
@click.option(
    "--off-path",
    type=click.Choice(["drop", "refuse"]),
    default="drop",
    show_default=True,
    help="Ответ мимо фильтра: не считать его или не принимать строку.",
)
@click.option(
    "--infer",
    "inferred",
    type=click.Choice(INFERRED),
    multiple=True,
    help="Нет столбца с этим фильтром: считать, что ответившие дальше обращались.",
)
@click.option(
    "--separate", is_flag=True, help="Анкеты без номера и времени — другие люди, даже если ответы те же."
)
@click.option("--only-if-clean", is_flag=True, help="Одна негодная строка — и не считать ничего.")
@click.option(
    "--refused", "refused_to", type=click.Path(path_type=Path), help="Куда сложить непринятые строки (CSV)."
)
@click.option("--dry-run", is_flag=True, help="Только сказать, что было бы сделано.")
@click.option("--json", "as_json", is_flag=True, help="Отчёт для машины.")
def import_(
    file: Path,
    campaign_id: int,
    channel: str,
    questionnaire: str,
    mapping_file: Path | None,
    organization: str,
    sheet: str,
    off_path: Any,
    inferred: tuple[str, ...],
    separate: bool,
    only_if_clean: bool,
    refused_to: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Посчитать ответы из XLSX или CSV: наш шаблон, выгрузка Google или Яндекс Форм, готовые счётчики.

    Пример: nok answers import otvety.xlsx --campaign 3 --channel paper --dry-run
    """
    options = Options(
        channel=channel,
        questionnaire=questionnaire,
        sheet=sheet,
        organization=organization,
        off_path=off_path,
        infer_filters=frozenset(inferred),
        only_if_clean=only_if_clean,
        separate=separate,
    )
    with refusing(file):
        if mapping_file is not None:
            options = _mapped(file, options, campaign_id, mapping_file)
        with _shown() as progress:
            report = answers.take(
                file,
                options,
                campaign_id=campaign_id,
                by="cli",
                dry_run=dry_run,
                refused_to=refused_to,
                progress=progress,
            )
    answer(report.as_dict(None), as_json, lambda: telling.in_words(report, refused_to))
    raise SystemExit(PARTLY if report.refused else 0)


@contextmanager
def _shown() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    with click.progressbar(length=1, label="Строки", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield progress


def _mapped(file: Path, options: Options, campaign_id: int, mapping_file: Path) -> Options:
    """The options with columns as the file of the mapping names them."""
    told = _told(mapping_file)
    session = db.session()
    here = settings.setting(session, campaign_id, options)
    opened = sheets.opened(file, here.questionnaire, sheet=options.sheet, headings=told, head=sheets.HEAD)
    columns = mapping.by_headings(told, opened, mapping.proposals(opened, here))
    session.rollback()
    return Options(
        **{**vars(options), "columns": columns, "kind": opened.kind, "known_headings": tuple(told)}
    )


def _told(file: Path) -> Mapping[str, str]:
    """«Заголовок» = «вопрос» out of TOML or JSON; under a table «columns» as well."""
    try:
        raw = file.read_bytes()[:LARGEST_MAPPING].decode("utf-8-sig")
        told = (
            json.loads(raw)
            if file.suffix.lower() == ".json" or raw.lstrip().startswith("{")
            else tomllib.loads(raw)
        )
    except OSError as error:
        raise Refusal(f"Файл соответствия {file} не читается.") from error
    except (ValueError, RecursionError) as error:
        raise Refusal(f"Файл соответствия {file} не разбирается: нужен TOML или JSON в UTF-8.") from error
    inner = told.get("columns", told) if isinstance(told, dict) else told
    if not isinstance(inner, dict) or not all(isinstance(value, str | None) for value in inner.values()):
        raise Refusal(f"Файл соответствия {file}: ожидалось «заголовок столбца» = «код вопроса».")
    return {str(heading): target or "" for heading, target in inner.items()}


@answers_group.command("template")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
@click.option(
    "--channel",
    type=click.Choice(settings.TAKEN_FROM_FILES),
    default="import",
    show_default=True,
    help="Канал.",
)
@click.option("--questionnaire", default="", help="Анкета, если не та, что у канала.")
def template(out: Path, campaign_id: int, channel: str, questionnaire: str) -> None:
    """Таблица, которую остаётся заполнить: вопросы, списки ответов, коды организаций.

    Пример: nok answers template shablon.xlsx --campaign 3 --channel paper
    """
    session = db.session()
    with refusing(out):
        campaign = _campaign(session, campaign_id)
        form, _pinned = settings.questionnaire_of(campaign, channel, questionnaire)
        content = answers.template(form, _organizations(session, campaign_id))
    put(out, content)
    click.echo(f"Готово: {out}")


def _campaign(session: Session, campaign_id: int) -> Campaign:
    campaign = queries.campaign(session, campaign_id)
    if campaign is None:
        raise NotFound(f"Нет кампании № {campaign_id}. Список: nok campaigns list.")
    return campaign


def _organizations(session: Session, campaign_id: int) -> list[Organization]:
    listed = (
        select(Organization)
        .join(Assessment, Assessment.organization_id == Organization.id)
        .where(Assessment.campaign_id == campaign_id)
    )
    return list(session.scalars(listed))


@answers_group.command("batches")
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def batches(campaign_id: int, as_json: bool) -> None:
    """Что загружено в кампанию: пакеты по порядку.

    Пример: nok answers batches --campaign 3
    """
    session = db.session()
    with refusing("Пакеты"):
        _campaign(session, campaign_id)
    rows = [
        _facts(one)
        for one in session.scalars(select(Batch).where(Batch.campaign_id == campaign_id).order_by(Batch.id))
    ]
    answer(rows, as_json, lambda: "\n".join(map(_line, rows)) or "Пакетов нет.")


def _facts(batch: Batch) -> dict[str, Any]:
    counted = {
        name: batch.report.get(name, 0) for name in ("accepted", "updated", "repeated", "refused_rows")
    }
    return {
        "id": batch.id,
        "kind": batch.kind,
        "state": batch.state,
        "channel": BY_NUMBER[batch.channel].id if batch.channel is not None else None,
        "file": batch.file_name,
        "made_by": batch.made_by,
        "made_at": batch.made_at.isoformat(timespec="seconds"),
        **counted,
    }


def _line(row: Mapping[str, Any]) -> str:
    state = STATES.get(row["state"], row["state"])
    counted = f"новых {row['accepted']}, исправлено {row['updated']}, не принято {row['refused_rows']}"
    return f"{row['id']:>5}  {row['made_at'][:16]}  {state:10}  {counted}  {row['file']}"


@answers_group.command("undo")
@click.argument("batch_id", metavar="ПАКЕТ", type=int)
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def undo(batch_id: int, as_json: bool) -> None:
    """Отменить пакет целиком: его ответы уходят, заменённые им возвращаются.

    Пример: nok answers undo 12
    """
    with refusing(f"Пакет № {batch_id}"), writing() as session:
        done = answers.undo(session, batch_id, "cli")
    told = {
        "removed": done.removed,
        "restored": done.restored,
        "words": done.words,
        "declared": done.declared,
        "kept": done.kept,
    }
    words = (
        f"Пакет № {batch_id} отменён. Снято анкет: {done.removed}, возвращено прежних: {done.restored}, "
        f"снято предложений: {done.words}, снято организаций со счётчиками: {done.declared}."
        + (f" Осталось анкет, которые есть и в других посчитанных файлах: {done.kept}." if done.kept else "")
    )
    answer(told, as_json, lambda: words)
