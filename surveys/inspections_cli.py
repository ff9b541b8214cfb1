"""`nok inspections …`: operators' tables of check-lists taken in, and a batch of them taken back."""

from pathlib import Path

import click
from flask.cli import AppGroup

from surveys import checklist_tables
from surveys.answers.shapes import Options, Report
from surveys.cli import PARTLY, answer, refusing
from surveys.db import writing

inspections_group = AppGroup("inspections", help="Проверки организаций.")


@inspections_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
@click.option("--sheet", default="", help="Лист книги, если не первый с чек-листами.")
@click.option("--only-if-clean", is_flag=True, help="Одна негодная строка — и не загружать ничего.")
@click.option(
    "--refused", "refused_to", type=click.Path(path_type=Path), help="Куда сложить непринятые строки (CSV)."
)
@click.option("--dry-run", is_flag=True, help="Только сказать, что было бы сделано.")
@click.option("--json", "as_json", is_flag=True, help="Отчёт для машины.")
def import_(
    file: Path,
    campaign_id: int,
    sheet: str,
    only_if_clean: bool,
    refused_to: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Загрузить таблицу чек-листов: строка — организация, столбцы «На СТЕНДЕ…», «На САЙТЕ…» и другие.

    Пример: nok inspections import chek-list.xlsx --campaign 3 --dry-run
    """
    options = Options(sheet=sheet, only_if_clean=only_if_clean)
    with refusing(file):
        report = checklist_tables.take(
            file, options, campaign_id=campaign_id, by="cli", dry_run=dry_run, refused_to=refused_to
        )
    told = report.as_dict(None)
    answer(told, as_json, lambda: in_words(report))
    raise SystemExit(PARTLY if report.refused else 0)


@inspections_group.command("undo")
@click.argument("batch_id", type=int)
def undo(batch_id: int) -> None:
    """Отменить загруженную таблицу: вернутся прежние проверки.

    Пример: nok inspections undo 12
    """
    with refusing(f"Пакет № {batch_id}"), writing() as session:
        undone = checklist_tables.undo(session, batch_id, "cli")
    click.echo(f"Отменено. Убрано проверок: {undone.removed}, возвращено прежних: {undone.restored}.")


def in_words(report: Report) -> str:
    """What became of a table, for a person."""
    lines = ["Пробный прогон, ничего не записано."] if report.dry_run else []
    if report.stopped:
        lines.append("Ничего не загружено: есть непринятые строки.")
    elif report.batch is not None and not report.dry_run:
        lines.append(f"Пакет № {report.batch}. Отменить: nok inspections undo {report.batch}")
    lines.append(
        f"Новых проверок: {report.accepted}, заменено: {report.updated}, без изменений: {report.repeated}, "
        f"непринятых строк: {len(report.refused)}."
    )
    for one in (*report.refused, *report.warnings):
        where = f"{one.column}: «{one.value}» — " if one.value else f"{one.column}: " if one.column else ""
        lines.append(f"  строка {one.row}, {where}{one.reason}. {one.advice}".rstrip())
    return "\n".join(lines)
