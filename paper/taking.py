"""Scanned files → pages that were read → counted sheets; begun again after a crash, it goes on where it stopped.

Every file is sealed before anything else happens, and its pages are read from there one at a time. Pages are written
down twenty at a time; those that are there are never read again. The file itself goes when its last page is taken.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, NoReturn, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from paper import counting, files, fingerprints, joining, raw, reading, sums, vault
from paper.alone import alone
from paper.beginning import Begun, Given, begin, same_again
from paper.files import Aside, Page
from paper.files.limits import MOST_PAGES
from paper.known import Forms
from paper.marks import PageSeen
from paper.raw import Raw
from paper.report import ScanReport
from paper.tables import ScanBatch, ScannedPage
from paper.words import Reason
from surveys import queue
from surveys.batches import Batch, Kind, State
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.refusals import NotFound, Refusal

log = logging.getLogger("nok.scans")

PAGES_AT_ONCE = 20
SHEETS_AT_ONCE = 50

Progress = Callable[[int, int | None], None]
Read = Callable[[Any, Callable[..., Any]], PageSeen]


@queue.job("scans.read", _l("Читаем сканы"))
def _job(progress: queue.Progress, *, batch_id: int, by: str) -> dict[str, Any]:
    """Read a batch in the background."""
    report = take(batch_id, progress, by=by)
    return {
        "text": _(
            "Листов: %(sheets)s. Учтено: %(counted)s, ждут человека: %(review)s.",
            sheets=report.sheets, counted=report.counted, review=report.review,
        )
    }  # fmt: skip


def take(batch_id: int, progress: Progress, *, by: str = "service", read: Read | None = None) -> ScanReport:
    """Read what is not read yet, count what can be counted; in transactions of its own. Raises Refusal."""
    if read is None:
        must_read()
    reader = read or cast(Read, reading.read_page)
    session = db.session()
    batch = session.get(Batch, batch_id)
    if batch is None or batch.kind != Kind.SCANS:
        raise NotFound(_("Такого пакета сканов нет."))
    place = vault.path(batch.campaign_id, f"reading.{batch_id}")
    session.rollback()
    with alone(place):  # whoever comes second finds it read
        return _take(batch_id, progress, reader, by)


def _take(batch_id: int, progress: Progress, reader: Read, by: str) -> ScanReport:
    session = db.session()
    batch = session.get_one(Batch, batch_id)
    if batch.state in counting.GONE:
        raise Refusal(_("Этот пакет отменён."))
    if batch.state == State.UPLOADED:
        if session.get_one(Campaign, batch.campaign_id).stage != Stage.COLLECTING:
            _too_late(batch_id)
        work = _Work(batch_id, batch.campaign_id, vault.key_of(session, batch.campaign_id), progress, reader)
        session.rollback()
        work.read_all()
        _settle(batch_id, progress, work.done)
        _finished(batch_id, by)
    report = sums.report(db.session(), batch_id)
    db.session.rollback()
    return report


def must_read() -> None:
    """Raises Refusal, with the way to help it, where nothing is there to read with."""
    if not reading.available():
        raise Refusal(
            _("Чтение сканов не установлено. Установите дополнение: make omr (или pip install 'nok[omr]').")
        )
    if why := reading.broken():
        raise Refusal(
            _("Чтение сканов установлено, но не запускается (%(why)s). Установите заново: make omr.", why=why)
        )


class Taken(NamedTuple):
    """A page that was read (`seen`) or the reason why it could not be had; its picture is put away already."""

    number: int
    inner: str
    reason: str
    seen: PageSeen | None = None
    kept_as: str = ""


@dataclass
class _Work:
    """The reading of one batch: its files one after another, its pages written down in portions."""

    batch_id: int
    campaign_id: int
    key: bytes
    progress: Progress
    read: Read
    done: int = 0
    total: int = 0

    def read_all(self) -> None:
        session = db.session()
        listed = session.get_one(ScanBatch, self.batch_id).files
        there = _there(session, self.batch_id)
        session.rollback()
        self.done = sum(map(len, there.values()))
        self.total = self.done
        for number, one in enumerate(listed, 1):
            if one.get("raw"):
                with self._opened(one) as stream:
                    self.total += max(0, files.expected(stream) - len(there.get(number, ())))
        self.progress(self.done, max(self.total, 1))
        for number, one in enumerate(listed, 1):
            if one.get("refusal") and not one.get("sha256"):  # it could not even be taken down
                self._write(number, [] if there.get(number) else [Taken(0, "", one["refusal"])])
            elif one.get("raw"):
                self._read_file(number, one, there.get(number, set()))

    @contextmanager
    def _opened(self, one: dict[str, Any]) -> Iterator[IO[bytes]]:
        stream = raw.opened_raw(self.key, self.campaign_id, Raw(one["raw"], one["sha256"], one["size"]))
        try:
            yield cast(IO[bytes], stream)
        finally:
            stream.close()

    def _read_file(self, number: int, one: dict[str, Any], there: set[int]) -> None:
        left = MOST_PAGES - self.done + len(there)
        portion: list[Taken] = []
        forms = Forms(db.session())
        with self._opened(one) as stream:
            for page in files.pages(stream, lambda at: at not in there, max(0, left)):
                if page.number in there:
                    continue
                portion.append(self._taken(number, page, forms))
                self.done += 1
                self.progress(self.done, max(self.total, self.done))
                if len(portion) >= PAGES_AT_ONCE:
                    self._write(number, portion)
                    portion = []
        db.session.rollback()
        self._write(number, portion, last=True)

    def _taken(self, number: int, page: Page | Aside, forms: Forms) -> Taken:
        """Read, sealed and let go: of twenty pages that are written down together none is in memory any more."""
        if isinstance(page, Aside):
            return Taken(page.number, page.inner, page.reason)
        place = vault.place_of(self.batch_id, number, page.number)
        name = vault.put(self.key, self.campaign_id, page.kept(), place)
        return looked_at(page, self.read, forms)._replace(kept_as=name)

    def _write(self, number: int, portion: Sequence[Taken], *, last: bool = False) -> None:
        try:
            with writing() as session:
                locked: dict[str, Any] = {"with_for_update": True, "populate_existing": True}
                if session.get_one(Batch, self.batch_id, **locked).state != State.UPLOADED:
                    raise Refusal(_("Этот пакет отменён."))
                if session.get_one(ScanBatch, self.batch_id, **locked).destroyed_at is not None:
                    raise Refusal(_("Снимки этого пакета уничтожены: читать дальше нечего. Отмените пакет."))
                made = (row(self.batch_id, number, one) for one in portion)
                session.add_all(fingerprints.seal(self.key, self.campaign_id, page) for page in made)
                note(session, self.batch_id, number, portion, last=last)
        except Refusal:  # nobody will ever ask for these pictures
            for one in portion:
                if one.kept_as:
                    vault.path(self.campaign_id, one.kept_as).unlink(missing_ok=True)
            raise


def looked_at(page: Page, read: Read, forms: Forms) -> Taken:
    """What the reader saw; whatever breaks it must not hold up the pages behind."""
    try:
        return Taken(page.number, page.inner, "", read(page.for_reading(), forms.resolve))
    except ImportError:  # the reader itself is broken: nothing may be set aside for that
        raise
    except Exception as error:  # of any kind: the picture is kept, a person can look at it
        log.error("page %s is not read: %s", page.number, type(error).__name__)
        return Taken(page.number, page.inner, Reason.UNREADABLE)


def row(batch_id: int, file: int, one: Taken) -> ScannedPage:
    """A page as it is written down."""
    return ScannedPage(
        batch_id=batch_id,
        file=file,
        number=one.number,
        reason=one.reason,
        kept_as=one.kept_as,
        seen=one.seen.as_dict() if one.seen else {},
    )


def note(session: Session, batch_id: int, number: int, pages: Sequence[Taken], *, last: bool) -> None:
    """Beside the file: why it was refused, which files lie in it; and it goes when it was read to its end."""
    scans = session.get_one(ScanBatch, batch_id)
    told = dict(scans.files[number - 1])
    inside = list(told.get("inside", []))
    for page in pages:
        if page.inner and (not inside or inside[-1][1] != page.inner):
            inside.append([page.number, page.inner])
        if page.number == 0:
            told["refusal"] = page.reason
    if inside:
        told["inside"] = inside
    if last and told.get("raw"):
        vault.drop(session, session.get_one(Batch, batch_id).campaign_id, [told["raw"]])
        told["raw"] = ""
    if told != scans.files[number - 1]:
        scans.files = [*scans.files[: number - 1], told, *scans.files[number:]]


def _there(session: Session, batch_id: int) -> dict[int, set[int]]:
    """File → numbers of its pages that were read before."""
    found: dict[int, set[int]] = {}
    rows = select(ScannedPage.file, ScannedPage.number).where(ScannedPage.batch_id == batch_id)
    for file, number in session.execute(rows):
        found.setdefault(file, set()).add(number)
    return found


def _settle(batch_id: int, progress: Progress, pages: int) -> None:
    """In portions, so that nobody waits long for the pen."""
    try:
        with writing() as session:
            joining.batch_at_work(session, batch_id)
            joining.unsettled(session, batch_id)
        groups = joining.groups(db.session(), batch_id)
        db.session.rollback()
        for start in range(0, len(groups), SHEETS_AT_ONCE):
            with writing() as session:
                batch = joining.batch_at_work(session, batch_id)
                joining.join(session, batch, groups[start : start + SHEETS_AT_ONCE])
            progress(pages, pages)
    except Refusal:
        db.session.rollback()
        if db.session.get_one(Batch, batch_id).state not in counting.GONE:
            _too_late(batch_id)
        raise


def _too_late(batch_id: int) -> NoReturn:
    """The campaign closed meanwhile: every page that was read is of a sheet that waits. Raises Refusal."""
    db.session.rollback()
    with writing() as session:
        batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
        joining.join(session, batch, joining.groups(session, batch_id), counts=False)
    raise Refusal(_("Сбор ответов закончен: пакет не дочитан, его листы не учтены и ждут."))


def _finished(batch_id: int, by: str) -> None:
    with writing() as session:
        batch = joining.batch_at_work(session, batch_id)
        batch.state = State.COUNTED
        session.flush()
        report = sums.report(session, batch_id)
        batch.report = report.as_dict()
        audit.record(
            session, by, "scans-counted", f"{batch.campaign_id}/{batch_id}",
            sheets=report.sheets, counted=report.counted, waiting=report.review, repeated=report.repeated,
        )  # fmt: skip


__all__ = ["Begun", "Given", "ScanReport", "begin", "must_read", "same_again", "take"]
