"""The long work on a file, each step a job: read it, check it, count it, undo it. Any may be begun again."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from accounts import audit
from operator_app.files import batches, kinds, storage
from surveys import queue
from surveys.answers import FileUntakable, Options
from surveys.batches import Batch, State
from surveys.channels import BY_NUMBER
from surveys.clock import now
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.queue import Progress
from surveys.tabular import FileRefused

PROMISED = ("accepted", "updated", "repeated", "refused_rows")


@queue.job("files.look", _l("Читаем файл"))
def look(progress: Progress, *, batch_id: int, by: str) -> dict[str, Any]:
    """Understand the columns, as proposed or as chosen in the batch's mapping; nothing is counted."""
    batch, session = _batch(batch_id), db.session()
    if batch.state not in (State.UPLOADED, State.CHECKED):
        return {}
    asked, first = Options.from_dict(batch.mapping), storage.read_look(batch.kept_as) is None
    try:
        seen = kinds.reader(batch).look(
            session,
            storage.place_of(batch.kept_as),
            session.get_one(Campaign, batch.campaign_id),
            BY_NUMBER[batch.channel].id if batch.channel else "",
            questionnaire=asked.questionnaire or None,
            sheet=asked.sheet,
            columns=dict(asked.columns) or None,
        )
    except (FileRefused, FileUntakable) as refusal:
        if not first and isinstance(refusal, FileUntakable):
            raise
        return _refused(batch_id, by, str(refusal))
    storage.write_look(batch.kept_as, kinds.told(seen))
    session.rollback()
    with writing() as write:
        kept = write.get_one(Batch, batch_id)
        confirmed = {str(index): target for index, target in seen.mapping.items()}
        understood = {
            "columns": confirmed,
            "questionnaire": seen.questionnaire,
            "kind": seen.kind,
            "sheet": seen.sheet,
        }
        kept.mapping, kept.kind = {**kept.mapping, **understood}, seen.kind
    return {}


@queue.job("files.check", _l("Проверяем файл, ничего не записывая"))
def check(progress: Progress, *, batch_id: int, by: str) -> dict[str, Any]:
    """Say row by row what would be counted."""
    batch = _batch(batch_id)
    if batch.state not in (State.UPLOADED, State.CHECKED):
        return {}
    try:
        _take(batch, by, progress, dry_run=True)
    except FileRefused as refusal:
        return _refused(batch_id, by, str(refusal))
    with writing() as session:
        checked = session.get_one(Batch, batch_id)
        promised = {name: checked.report.get(name, 0) for name in PROMISED}
        checked.report = {**checked.report, "promised": promised}
    return {}


@queue.job("files.read", _l("Читаем и проверяем файл"))
def read(progress: Progress, *, batch_id: int, by: str) -> dict[str, Any]:
    """Both for a program: what is surely understood is checked at once; of the rest a person is asked."""
    look(progress, batch_id=batch_id, by=by)
    batch = _batch(batch_id)
    told = storage.read_look(batch.kept_as) if batch.state == State.UPLOADED else None
    if told and not kinds.look_of(told).unsure:
        check(progress, batch_id=batch_id, by=by)
    return {}


@queue.job("files.count", _l("Учитываем анкеты"))
def count(progress: Progress, *, batch_id: int, by: str) -> dict[str, Any]:
    """Count what was checked, once: a batch that is counted already is left as it is."""
    batch = _batch(batch_id)
    if batch.state == State.CHECKED:
        _take(batch, by, progress, dry_run=False)
        batch = _batch(batch_id)
    if batch.state == State.COUNTED:
        storage.forget(batch.kept_as, refused_too=False)
    return {}


@queue.job("files.undo", _l("Убираем загруженное"))
def undo(progress: Progress, *, batch_id: int, by: str) -> dict[str, Any]:
    """Take a counted file out of every figure."""
    batch = _batch(batch_id)
    if batch.state != State.COUNTED:
        return {}
    reader, name = kinds.reader(batch), batch.kept_as
    with writing() as session:
        reader.undo(session, batch_id, by)
    storage.forget(name)
    return {}


def _batch(batch_id: int) -> Batch:
    db.session.rollback()
    return db.session.get_one(Batch, batch_id)


def _take(batch: Batch, by: str, progress: Progress, *, dry_run: bool) -> None:
    reader, options, place = kinds.reader(batch), Options.from_dict(batch.mapping), batch.kept_as
    given: dict[str, Any] = {
        "campaign_id": batch.campaign_id,
        "batch_id": batch.id,
        "file_name": batch.file_name,
    }
    db.session.rollback()
    reader.take(
        storage.place_of(place),
        options,
        by=by,
        dry_run=dry_run,
        refused_to=storage.place_of(place, storage.REFUSED),
        progress=progress,
        **given,
    )


def _refused(batch_id: int, by: str, why: str) -> dict[str, Any]:
    """A file that cannot be taken at all is let go at once; its row says why."""
    with writing() as session:
        batch = session.get_one(Batch, batch_id)
        name, campaign_id = batch.kept_as, batch.campaign_id
        batch.state, batch.report, batch.kept_as = State.REFUSED, {"refusal": why}, ""
        audit.record(session, by, "file-refused", f"{campaign_id}/{batch_id}")
    storage.forget(name)
    return {}


@queue.every_night
def sweep() -> None:
    """Let go of files that nobody came back for, and of what no batch needs."""
    old = now() - timedelta(days=storage.KEPT_DAYS)
    waiting = (State.UPLOADED, State.CHECKED)
    with writing() as session:
        stale = update(Batch).where(Batch.state.in_(waiting), Batch.made_at < old, Batch.kept_as != "")
        session.execute(
            stale.values(state=State.DROPPED, report={"refusal": _("Файл ждал две недели и удалён.")})
        )
    storage.sweep(batches.kept_names())
