"""`nok scans …`: stacks of scanned forms taken in, listed, taken back, destroyed."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, cast

import click
from flask.cli import AppGroup
from sqlalchemy import select

from accounts import audit
from paper import needed, sums, taking, undoing, vault
from paper.report import ScanReport
from paper.tables import ScanBatch
from paper.trying import try_
from paper.words import UNTAKEN, said
from surveys import queries
from surveys.batches import Batch
from surveys.cli import PARTLY, REFUSED, answer, refusing
from surveys.clock import today
from surveys.db import db, writing
from surveys.refusals import NotFound, Refusal

scans_group = AppGroup("scans", help="Отсканированные бумажные анкеты.")

STATES = {"uploaded": "читается", "counted": "прочитан", "undone": "отменён", "refused": "не принят"}
FAILED = 1
MOST_LINES = 50


@scans_group.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
@click.option(
    "--filled-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="День, когда анкеты заполнены (ГГГГ-ММ-ДД); иначе сегодня.",
)
@click.option("--dry-run", is_flag=True, help="Только сказать, что было бы сделано.")
@click.option("--json", "as_json", is_flag=True, help="Отчёт для машины.")
def import_(
    files: tuple[Path, ...], campaign_id: int, filled_on: datetime | None, dry_run: bool, as_json: bool
) -> None:
    """Прочитать и учесть сканы анкет: PDF, TIFF, JPEG, PNG, ZIP или папку с ними.

    Прерванное чтение продолжает та же команда с теми же файлами.

    Пример: nok scans import pachka.pdf --campaign 3 --dry-run
    """
    day = filled_on.date() if filled_on else today()
    _must_read()
    with refusing("Сканы"):
        _must_be_known(campaign_id, day)
        with ExitStack() as opened, _shown() as progress:
            given = [taking.Given(name, _Later(place, opened)) for name, place in _listed(files)]
            report = _taken(campaign_id, given, day, progress, dry_run=dry_run)
    answer(report.as_dict(), as_json, lambda: in_words(report))
    raise SystemExit(_code(report))


def _taken(
    campaign_id: int, given: Sequence[taking.Given], day: date, progress: taking.Progress, *, dry_run: bool
) -> ScanReport:
    if dry_run:
        return try_(campaign_id, given, filled_on=day, progress=progress)
    begun = taking.begin(campaign_id, given, filled_on=day, by="cli", background=False)
    for batch_id in {number for _name, number in begun.same if number != begun.batch_id}:
        if batch_id in _unfinished(campaign_id):  # a file of an interrupted batch among others: it is read on
            taking.take(batch_id, progress, by="cli")
    if begun.batch_id is None:
        return taking.same_again(campaign_id, begun)
    report = taking.take(begun.batch_id, progress, by="cli")
    report.same_files = {**dict(begun.same), **report.same_files}
    return report


def _unfinished(campaign_id: int) -> list[int]:
    found = sums.unfinished(db.session(), campaign_id)
    db.session.rollback()
    return found


def _code(report: ScanReport) -> int:
    """0: nothing was refused; 1: something was; 2: there was nothing that could be taken."""
    if not report.spoiled:
        return 0
    untaken = all(one.reason in UNTAKEN for one in report.spoiled)
    alone = report.sheets == len(report.spoiled) and not report.blank + report.covers
    return REFUSED if untaken and alone else PARTLY


def in_words(report: ScanReport) -> str:
    """The report for a person."""
    lines = [f"Пакет № {report.batch}." if report.batch else "Ничего не записано."]
    lines += [_again(name, other, report.batch) for name, other in report.same_files.items()]
    lines.append(
        f"Листов: {report.sheets} = учтено {report.counted} + ждут человека {report.review} "
        f"+ повторов {report.repeated} + испорчено {len(report.spoiled)}."
    )
    lines.append(
        f"Страниц: {report.pages} = на листах {report.of_sheets} + пустых оборотов {report.blank} "
        f"+ сопроводительных листов {report.covers}."
    )
    lines += [f"  ждут: {count} — {said(reason)}" for reason, count in sorted(report.waiting.items())]
    for one in report.spoiled[:MOST_LINES]:
        place = f"{one.file}, стр. {one.page}" if one.page else one.file
        lines.append(f"  {place}: {one.why}")
    if len(report.spoiled) > MOST_LINES:
        lines.append(f"  … и ещё {len(report.spoiled) - MOST_LINES}: все — с --json.")
    return "\n".join(lines)


def _again(name: str, other: int, here: int | None) -> str:
    if other == here:
        return f"Файл «{name}» назван дважды: прочитан один раз."
    found = sums.report(db.session(), other)
    db.session.rollback()
    return (
        f"Файл «{name}» уже есть в пакете № {other}; в том пакете учтено {found.counted}, ждут человека "
        f"{found.review}, испорчено {len(found.spoiled)}."
    )


def _listed(files: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """(name, place) of every file, folders gone through. Raises Refusal."""
    for file in files:
        if file.is_dir():
            inner = sorted(one for one in file.rglob("*") if one.is_file() and not one.name.startswith("."))
            if not inner:
                raise Refusal(f"В папке {file} нет файлов.")
            yield from ((str(one.relative_to(file)), one) for one in inner)
        elif file.is_file():
            yield file.name, file
        else:
            raise Refusal(f"Файла {file} нет.")


class _Later:
    """A file that is opened when it is first read, and closed at its end: a folder may hold thousands."""

    def __new__(cls, place: Path, opened: ExitStack) -> IO[bytes]:  # type: ignore[misc]
        made = super().__new__(cls)
        made.place, made.stack, made.file = place, opened, None
        return cast(IO[bytes], made)

    place: Path
    stack: ExitStack
    file: IO[bytes] | None

    def __getattr__(self, name: str) -> Any:
        if self.file is None or self.file.closed:
            self.file = self.stack.enter_context(self.place.open("rb"))
        return getattr(self.file, name)


def _must_read() -> None:
    try:
        taking.must_read()
    except Refusal as error:
        click.echo(str(error), err=True)
        raise SystemExit(FAILED) from error


def _must_be_known(campaign_id: int, day: date) -> None:
    if queries.campaign(db.session(), campaign_id) is None:
        raise NotFound(f"Нет кампании № {campaign_id}. Список: nok campaigns list.")
    db.session.rollback()
    if day > today():
        raise Refusal("День заполнения ещё не наступил.")


@contextmanager
def _shown() -> Iterator[Callable[[int, int | None], None]]:
    """A bar on a terminal, nothing elsewhere."""
    with click.progressbar(
        length=1, label="Страницы", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def progress(done: int, total: int | None = None) -> None:
            bar.length = max(total or done, 1)
            bar.update(done - bar.pos)

        yield progress


@scans_group.command("list")
@click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def list_(campaign_id: int, as_json: bool) -> None:
    """Пакеты сканов кампании: что с листами, когда уничтожены снимки.

    Пример: nok scans list --campaign 3
    """
    session = db.session()
    mine = select(Batch, ScanBatch).join(ScanBatch, ScanBatch.batch_id == Batch.id)
    rows = []
    for batch, scans in session.execute(mine.where(Batch.campaign_id == campaign_id).order_by(Batch.id)):
        told = sums.report(session, batch.id).as_dict()
        destroyed = scans.destroyed_at.isoformat(timespec="seconds") if scans.destroyed_at else None
        due = scans.destroy_on.isoformat() if scans.destroy_on else None
        rows.append(
            {**told, "state": batch.state, "file": batch.file_name, "destroy_on": due, "destroyed": destroyed}
        )
    answer(rows, as_json, lambda: "\n".join(map(_line, rows)) or "Пакетов нет.")


def _line(row: dict[str, Any]) -> str:
    counted = f"листов {row['sheets']}, учтено {row['counted']}, ждут {row['review']}"
    return f"{row['batch']:>5}  {STATES.get(row['state'], row['state']):9}  {counted}  {row['file']}"


@scans_group.command("undo")
@click.argument("batch_id", metavar="ПАКЕТ", type=int)
def undo(batch_id: int) -> None:
    """Отменить пакет целиком: его анкеты уходят из всех цифр.

    Пример: nok scans undo 12
    """
    with refusing(f"Пакет № {batch_id}"), writing() as session:
        gone = undoing.undo(session, batch_id, "cli")
    click.echo(f"Пакет № {batch_id} отменён. Из показателей ушло анкет: {gone}.")


@scans_group.command("destroy")
@click.argument("batch_id", metavar="ПАКЕТ", type=int)
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Не сейчас, а в этот день.")
@click.option("--sure", is_flag=True, help="Сейчас, хотя не всё набрано и проверено.")
def destroy(batch_id: int, on: datetime | None, *, sure: bool) -> None:
    """Уничтожить снимки пакета; учтённые анкеты остаются.

    Пример: nok scans destroy 12 --on 2027-01-31
    """
    with refusing(f"Пакет № {batch_id}"), writing() as session:
        scans = session.get(ScanBatch, batch_id)
        if scans is None:
            raise NotFound("Такого пакета сканов нет.")
        subject = f"{session.get_one(Batch, batch_id).campaign_id}/{batch_id}"
        if on is not None and on.date() <= today():
            raise Refusal("Этот день уже наступил. Чтобы уничтожить снимки сейчас, не указывайте --on.")
        if on is not None:
            scans.destroy_on = on.date()
            audit.record(session, "cli", "scans-destroy-on", subject, due=on.date().isoformat())
            words = f"Снимки пакета № {batch_id} будут уничтожены {on.date():%d.%m.%Y}."
        else:
            needed.locked(session, scans)
            _may_go(needed.of(session, session.get_one(Batch, batch_id)), sure=sure)
            count = vault.destroy(session, scans)
            audit.record(session, "cli", "scans-destroyed", subject, pages=count)
            words = f"Снимки пакета № {batch_id} уничтожены: {count}."
    click.echo(words)


def _may_go(still: needed.Needed, *, sure: bool) -> None:
    """Raises Refusal: somebody still needs the pictures, or something is lost with them and nobody said «sure»."""
    if still.unread:
        raise Refusal("пакет не дочитан. Дочитайте его или отмените: nok scans undo.")
    if still.forbids:
        raise Refusal(
            f"снимки ещё нужны: листов ждёт {still.sheets}, мест не решено {still.places}. Разберите их на странице "
            "«Сканы» или назначьте день: --on."
        )
    if still.loses and not sure:
        raise Refusal(
            f"со снимками пропадут ненабранные слова ({still.words}) и непроверенные ответы слепой выборки "
            f"({still.samples}). Если это не нужно, повторите с --sure."
        )
