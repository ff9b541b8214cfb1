"""`nok reports …`: tables of earlier years brought in for comparison, explained, taken back."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from surveys import queries
from surveys.cli import PARTLY, answer, put, refusing
from surveys.db import db, writing
from surveys.happenings import tell
from surveys.models import Campaign, Region
from surveys.old_reports import bringing, keeping, tables, words
from surveys.old_reports.targets import short_title
from surveys.refusals import NotFound, Refusal
from surveys.releases import OldReport

reports_group = AppGroup("reports", help="Отчёты прошлых лет: сравнить и объяснить.")

SHOWN = 20
LONGEST_NAME = 255


@reports_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, help="За какой год отчёт.")
@click.option("--region", default="", help="Регион: сравнить с его ближайшей следующей кампанией.")
@click.option("--sector", type=click.Choice(nok.SECTORS), help="Сфера, если в регионе их несколько.")
@click.option("--campaign", "campaign_id", type=int, help="Номер кампании вместо региона и сферы.")
@click.option("--dry-run", is_flag=True, help="Только сказать, что было бы сделано.")
@click.option("--json", "as_json", is_flag=True, help="Отчёт для машины.")
def import_(
    file: Path,
    year: int,
    region: str,
    sector: str | None,
    campaign_id: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Загрузить таблицу показателей прошлого года для сравнения. В наши показатели она не входит.

    Пример: nok reports import otchet-2025.xlsx --year 2025 --region "Пензенская область" --dry-run
    """
    with refusing(file), writing() as session:
        campaign = _campaign(session, year, region, sector, campaign_id)
        report = bringing.bring(session, campaign, year, file, file.name[:LONGEST_NAME], "cli")
        told = _taken(session, report, campaign)
        tell(
            session, "cli", "old-report-taken", f"{campaign.id}/{report.id}", year=year, file=file.name[:200]
        )
        if dry_run:
            session.rollback()
    told["dry_run"] = dry_run
    answer(told, as_json, lambda: _in_words(told))
    raise SystemExit(PARTLY if told["refused"] or told["asked"] else 0)


def _campaign(
    session: Session, year: int, region: str, sector: str | None, campaign_id: int | None
) -> Campaign:
    """The campaign to compare with. Raises Refusal."""
    if campaign_id is not None:
        found = queries.campaign(session, campaign_id)
        if found is None:
            raise NotFound(f"Нет кампании № {campaign_id}. Список: nok campaigns list.")
        return found
    if not region:
        raise Refusal("Назовите регион (--region) или кампанию (--campaign).")
    known = select(Campaign).join(Region).where(Region.name == region, Campaign.year > year)
    if sector:
        known = known.where(Campaign.sector == sector)
    later = session.scalars(known.order_by(Campaign.year, Campaign.id)).all()
    if not later:
        raise Refusal(f"В регионе «{region}» нет кампании позже {year} года: сначала создайте её.")
    first = [one for one in later if one.year == later[0].year]
    if len(first) > 1:
        numbers = ", ".join(f"№ {one.id} ({one.sector})" for one in first)
        raise Refusal(f"Кампаний несколько: {numbers}. Уточните --sector или --campaign.")
    return first[0]


def _taken(session: Session, report: OldReport, campaign: Campaign) -> dict[str, Any]:
    """Take a draft; of what was taken already nothing is added."""
    before = keeping.about(report.content)
    asked: list[dict[str, Any]] = []
    if not before:
        found, told = bringing.prepared(session, report, campaign)
        bringing.take(report, found, told)
        called = {line.row: line.called for line in found.parsed.lines}
        asked = [{"row": row, "name": called[row], "reason": found.matches[row].why} for row in found.asked]
    told = report.content
    count = len(told["lines"])
    return {
        "accepted": 0 if before else count,
        "updated": 0,
        "repeated": count if before else 0,
        "refused": [{"sheet": told["sheet"], **one} for one in told["refused"]],
        "skipped": told["skipped"],
        "matched": len(told["figures"]),
        "asked": asked,
        "states": told["states"],
        "mistakes": [
            {"figure": at, "key": key, "text": words.said(key, at), "times": times}
            for at, key, times in told["kinds"]
        ],
        "batch": report.id,
    }


def _in_words(told: Mapping[str, Any]) -> str:
    lines = [
        "Пробный прогон, ничего не записано."
        if told["dry_run"]
        else f"Отчёт № {told['batch']}. Отменить: nok reports undo {told['batch']}",
        f"Организаций в отчёте: {told['accepted'] or told['repeated']}, узнано в кампании: {told['matched']}, "
        f"непринятых строк: {len(told['refused'])}.",
    ]
    if told["repeated"]:
        lines.append("Этот же файл уже загружен: ничего не добавлено.")
    if told["asked"]:
        lines.append(
            "Какие это организации, решает человек: nok run, раздел «Прошлые отчёты». Остались без ответа:"
        )
        lines += [f"  строка {one['row']}: {one['name']} — {one['reason']}" for one in told["asked"][:SHOWN]]
    lines += [
        f"  строка {one['row']}, {one['column']}: «{one['value']}» — {one['reason']}. {one['advice']}"
        for one in told["refused"][:SHOWN]
    ]
    lines += [
        f"  {short_title(one['figure'])}, организаций {one['times']}: {one['text']}"
        for one in told["mistakes"]
    ]
    return "\n".join(lines)


@reports_group.command("list")
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def list_reports(campaign_id: int, as_json: bool) -> None:
    """Отчёты прошлых лет, загруженные в кампанию.

    Пример: nok reports list --campaign 3
    """
    rows = [
        {
            "id": one.id,
            "year": one.year,
            "file": one.file_name,
            "taken": keeping.about(one.content),
            "organizations": len(one.content.get("figures") or {}),
            "made_by": one.made_by,
        }
        for one in keeping.of_campaign(db.session(), campaign_id)
    ]
    answer(rows, as_json, lambda: "\n".join(map(_line, rows)) or "Отчётов нет.")


def _line(row: Mapping[str, Any]) -> str:
    state = "загружен" if row["taken"] else "не разобран"
    return f"{row['id']:>5}  {row['year']}  {state:12} {row['organizations']:>6}  {row['file']}"


@reports_group.command("compare")
@click.argument("report_id", metavar="ОТЧЁТ", type=int)
@click.argument("out", type=click.Path(path_type=Path))
def compare(report_id: int, out: Path) -> None:
    """Сравнение по каждой организации и показателю: CSV или XLSX, по окончанию имени файла.

    Пример: nok reports compare 4 sravnenie.xlsx
    """
    session = db.session()
    with refusing(out):
        report = session.get(OldReport, report_id)
        if report is None or not keeping.about(report.content):
            raise NotFound(f"Нет отчёта № {report_id}. Список: nok reports list --campaign N.")
        campaign = session.get_one(Campaign, report.campaign_id)
        made = io.BytesIO()
        rules = bringing.rules_of(report, campaign)
        tables.write(made, report, rules, "xlsx" if out.suffix.lower() == ".xlsx" else "csv")
    put(out, made.getvalue())
    click.echo(f"Готово: {out}")


@reports_group.command("undo")
@click.argument("report_id", metavar="ОТЧЁТ", type=int)
def undo(report_id: int) -> None:
    """Убрать отчёт прошлого года: его чисел в сравнении больше не будет.

    Пример: nok reports undo 4
    """
    with refusing(f"Отчёт № {report_id}"), writing() as session:
        report = session.get(OldReport, report_id)
        if report is None:
            raise NotFound("такого отчёта нет. Список: nok reports list --campaign N.")
        tell(session, "cli", "old-report-undone", f"{report.campaign_id}/{report.id}", year=report.year)
        bringing.undo(session, report)
    click.echo("Отчёт убран.")
