"""`nok organizations …`, `nok questionnaires …`, and what all commands share."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from surveys import library, organizations, registry
from surveys.db import db, writing
from surveys.happenings import tell
from surveys.models import Organization
from surveys.refusals import Refusal

organization_group = AppGroup("organizations", help="Организации.")
questionnaire_group = AppGroup("questionnaires", help="Анкеты.")

REFUSED = 2
PARTLY = 1


@contextmanager
def refusing(what: object) -> Iterator[None]:
    """One clear line and the code of what was refused."""
    try:
        yield
    except Refusal as error:
        click.echo(f"{what}: {error}", err=True)
        raise SystemExit(REFUSED) from error


def answer(told: Any, as_json: bool, words: Callable[[], str]) -> None:
    """What came of it, for a machine or for a person."""
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else words())


@organization_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Только сказать, что было бы сделано.")
@click.option("--strict", is_flag=True, help="Одна негодная строка — и не загружать ничего.")
@click.option("--json", "as_json", is_flag=True, help="Отчёт для машины.")
def import_(file: Path, dry_run: bool, strict: bool, as_json: bool) -> None:
    """Загрузить список организаций из CSV или XLSX.

    Пример: nok organizations import spisok.csv --dry-run
    """
    try:
        parsed = registry.parsed(file)
    except registry.FileRefused as error:
        click.echo(f"{file}: {error}", err=True)
        raise SystemExit(REFUSED) from error
    with writing() as session:
        report = organizations.take_in(session, parsed, strict=strict)
        counts = {"accepted": report.accepted, "updated": report.updated, "refused": len(report.refused)}
        tell(session, "cli", "organizations-imported", file.name[:200], **counts)
        if dry_run:
            session.rollback()
    told = {**report.as_dict(), "dry_run": dry_run}
    answer(told, as_json, lambda: organizations.in_words(told))
    raise SystemExit(PARTLY if report.refused else 0)


@organization_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def list_organizations(as_json: bool) -> None:
    """Все организации и их коды.

    Пример: nok organizations list --json
    """
    found = db.session.scalars(select(Organization).order_by(Organization.id))
    if as_json:
        click.echo(json.dumps([organizations.facts(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(f"{one.code}  {one.sector:10} {one.inn:12} {one.display_name}")


@questionnaire_group.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Проверить файл анкеты: что неверно, в каком вопросе и что сделать.

    Пример: nok questionnaires check moya-anketa.toml
    """
    problems = library.check(file)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise SystemExit(REFUSED)
    click.echo("Анкета в порядке.")


@questionnaire_group.command("list")
def list_questionnaires() -> None:
    """Какие анкеты есть.

    Пример: nok questionnaires list
    """
    for one in library.questionnaires():
        click.echo(f"{one.id:24} {one.version:8} {one.title}")


def put(file: Path, content: bytes) -> None:
    """Written beside and renamed, so that no half file is ever left. Raises click.ClickException."""
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        words = f"{file}: сюда не записать. Проверьте путь, права и место на диске."
        raise click.ClickException(words) from error
