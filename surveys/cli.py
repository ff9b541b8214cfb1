"""`nok organizations …`, `nok campaigns …`, `nok questionnaires …`, `nok posters`."""

import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from surveys import library, organizations, paper, posters, queries, registry
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


@click.command("posters")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--organization", "codes", multiple=True, help="Код организации; можно несколько раз.")
@click.option("--campaign", "campaign_id", type=int, help="Все организации кампании.")
@click.option("--format", "kind", type=click.Choice(["pdf", "png", "svg"]), default="pdf", show_default=True)
@click.option("--size", type=click.Choice(["A3", "A4", "A5", "A6"]), default="A4", show_default=True)
@click.option("--place", "places", multiple=True, help="Место плаката: «Регистратура»; можно несколько раз.")
@click.option("--zip", "as_zip", is_flag=True, help="Один архив.")
@with_appcontext
def posters_command(
    out: Path,
    codes: tuple[str, ...],
    campaign_id: int | None,
    kind: str,
    size: str,
    places: tuple[str, ...],
    as_zip: bool,
) -> None:
    """Плакаты с QR-кодом: один файл или папка, в которой по файлу на организацию.

    Пример: nok posters plakat.pdf --organization K7M4PX2D
    """
    session = db.session()
    campaign = queries.campaign(session, campaign_id) if campaign_id is not None else None
    if campaign_id is not None and campaign is None:
        raise click.BadParameter(f"Нет кампании № {campaign_id}.")
    found = [one.id for one in posters.wanted(session, codes, campaign)]
    known = {one for one in session.scalars(select(Organization.code).where(Organization.code.in_(codes)))}
    for code in codes:
        if code not in known:
            raise click.BadParameter(f"Нет организации с кодом «{code}».")
    if not found:
        raise click.ClickException("Нет организаций: сначала загрузите их.")
    wanted_as_one = out.suffix.lower() == f".{kind}" and not as_zip
    if wanted_as_one and kind != "pdf" and len(found) * max(1, len(places)) > 1:
        raise click.UsageError(f"В один файл {kind} помещается один код: укажите папку или --zip.")
    try:
        if wanted_as_one and kind == "pdf":
            put(out, paper.posters_pdf(_posters(found, places), size))
        else:
            drawn = ((_name(one, kind), _drawn(one, kind, size)) for one in _posters(found, places))
            _write(out, drawn, alone=wanted_as_one, as_zip=as_zip)
    except paper.UnsuitablePoster as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    click.echo(f"Готово: {out}")


def _posters(ids: list[int], places: tuple[str, ...]) -> Iterator[paper.Poster]:
    """A poster for each organisation and place; a place that is new to it gets its number."""
    base_url = current_app.config["BASE_URL"]
    with click.progressbar(ids, label="Плакаты", file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        for organization_id in shown:
            for place in places or ("",):
                if place:
                    with writing() as session:
                        posters.number_place(session, session.get_one(Organization, organization_id), place)
                organization = db.session().get_one(Organization, organization_id)
                yield posters.of(db.session(), organization, base_url, place)


def _name(poster: paper.Poster, kind: str) -> str:
    """A file of its own for each code: «K7M4PX2D.pdf», «K7M4PX2D-2.pdf» for the second place."""
    place = "" if poster.place_number is None else f"-{poster.place_number}"
    return f"{poster.code}{place}.{kind}"


def _drawn(poster: paper.Poster, kind: str, size: str) -> bytes:
    if kind == "png":
        return paper.poster_png(poster)
    return paper.poster_svg(poster).encode() if kind == "svg" else paper.poster_pdf(poster, size)


def _write(out: Path, files: Iterator[tuple[str, bytes]], *, alone: bool, as_zip: bool) -> None:
    """One file, an archive, or a folder with one file each."""
    if as_zip:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files:
                archive.writestr(name, content)
        put(out, packed.getvalue())
    elif alone:
        put(out, next(files)[1])
    else:
        for name, content in files:
            put(out / name, content)


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
