"""`nok posters`: one poster, one file for the printing house, an archive or a folder."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from studio import disk
from surveys import bundles, inert, paper, posters, qr, queries
from surveys.bundles import Order
from surveys.cli import REFUSED, put
from surveys.db import db
from surveys.languages import languages as known_languages
from surveys.models import Organization

SIZES = {one.upper() if one[0] == "a" else one: one for one in paper.FORMATS if one != "code"}


@click.command("posters")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--organization", "codes", multiple=True, help="Код организации; можно несколько раз.")
@click.option("--campaign", "campaign_id", type=int, help="Все организации кампании.")
@click.option(
    "--format", "kind", type=click.Choice(["pdf", "png", "svg"]), default="pdf", show_default=True,
    help="png и svg — только код; у экранов png — весь экран.",
)  # fmt: skip
@click.option(
    "--size", type=click.Choice(list(SIZES)), default="A4", show_default=True,
    help="Плакат A3–A6, leaflet — памятка А5, tent — карточка, sticker — наклейка, wide и tall — экраны.",
)  # fmt: skip
@click.option(
    "--design", type=click.Choice(list(paper.SKINS)), default="calm", show_default=True,
    help="calm — спокойный, bold — яркий, copy — для ксерокса.",
)  # fmt: skip
@click.option("--place", "places", multiple=True, help="Место плаката: «Регистратура»; можно несколько раз.")
@click.option("--language", "languages", multiple=True, default=["ru"], help="Язык: один или два.")
@click.option("--zip", "as_zip", is_flag=True, help="Один архив, в нём же список.")
@with_appcontext
def posters_command(
    out: Path,
    codes: tuple[str, ...],
    campaign_id: int | None,
    kind: str,
    size: str,
    design: str,
    places: tuple[str, ...],
    languages: tuple[str, ...],
    as_zip: bool,
) -> None:
    """Плакаты с QR-кодом: один файл, архив или папка, в которой по файлу на организацию.

    Прерванную работу над архивом или общим PDF та же команда продолжит.

    Пример: nok posters plakaty.pdf --campaign 1 --size A3 --place Регистратура
    """
    session = db.session()
    if campaign_id is not None and queries.campaign(session, campaign_id) is None:
        raise click.BadParameter(f"Нет кампании № {campaign_id}.")
    known = set(session.scalars(select(Organization.code).where(Organization.code.in_(codes))))
    for code in codes:
        if code not in known:
            raise click.BadParameter(f"Нет организации с кодом «{code}».")
    for one in languages:
        if one not in known_languages():
            raise click.BadParameter(f"Нет языка «{one}». Есть: {', '.join(known_languages())}.")
    chosen = posters.chosen(codes, campaign_id)
    total = posters.how_many(session, chosen) * max(1, len(places))
    if not total:
        raise click.ClickException("Нет организаций: сначала загрузите их.")
    choice = paper.Choice.of(SIZES[size], design)
    if kind == "pdf" and choice.format.pixels:
        raise click.UsageError("Экран бывает только картинкой: добавьте --format png.")
    if kind != "pdf" and not choice.format.pixels:
        choice = paper.Choice.of("code", design)
    one_file = out.suffix.lower() == f".{kind}" and not as_zip
    if one_file and kind != "pdf" and total > 1:
        raise click.UsageError(f"В один файл {kind} помещается один код: укажите папку или --zip.")
    feed = posters.run(chosen, current_app.config["BASE_URL"], places, languages)
    with click.progressbar(
        length=total, label="Плакаты", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        try:
            if as_zip or one_file and total > 1:
                order = Order("zip" if as_zip else "pdf", choice, kind)
                _room(out, order, total)
                _bundle(out, order, feed, [*codes, campaign_id, *places, "|", *languages], bar)
            else:
                _files(out, choice, kind, feed, one_file, bar)
        except (paper.UnsuitablePoster, qr.UnreadableCode) as error:
            click.echo(str(error), err=True)
            raise SystemExit(REFUSED) from error
    click.echo(f"Готово: {out}")


def _room(out: Path, order: Order, total: int) -> None:
    there = next(one for one in out.absolute().parents if one.exists())
    try:
        disk.room(there, order, total)
    except disk.NoRoom as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _bundle(out: Path, order: Order, feed: Callable[[int], Any], asked: list[Any], bar: Any) -> None:
    """Made in a folder beside, named by what was asked, so that the same command goes on and another does not."""
    name = sha256(json.dumps([str(order), asked]).encode()).hexdigest()[:12]
    folder = out.with_name(f".{out.name}.{name}.part")
    try:
        made = bundles.make(folder, order, feed, lambda count: bar.update(count - bar.pos))
        made.file.replace(out)
        made.list.replace(_list_beside(out))
        shutil.rmtree(folder)
    except OSError as error:
        words = f"{out}: сюда не записать. Проверьте путь, права и место на диске."
        raise click.ClickException(words) from error
    _left_out(made.refused)


def _left_out(count: int) -> None:
    if count:
        click.echo(f"Не сделано плакатов: {count}. Почему, сказано в списке.", err=True)


def _list_beside(out: Path) -> Path:
    """Beside and not inside: a folder or an archive holds posters only."""
    return out.with_name(f"{out.stem}-{bundles.LIST}")


def _files(
    out: Path, choice: paper.Choice, kind: str, feed: Callable[[int], Iterator[tuple[int, paper.Poster]]], alone: bool,
    bar: Any,
) -> None:  # fmt: skip
    """One file, or a folder with one file each: one that cannot be made is named in the list, the others are made."""
    rows, refused = [bundles.headings()], 0
    for _organization, poster in feed(0):
        where = bundles.file_name(poster, kind)
        try:
            put(out if alone else out / where, paper.made(poster, choice, kind))
        except (paper.UnsuitablePoster, qr.UnreadableCode) as error:
            if alone:
                raise
            where, refused = bundles.refusal(error), refused + 1
        rows.append(bundles.row(poster, where))
        bar.update(1)
    if not alone:
        put(_list_beside(out), inert.table(rows))
        _left_out(refused)
