"""Scanned pages under lock: sealed by a key of their campaign, for as long as somebody may still look at them.

Everything lies in DATA_DIR/scans/<campaign>/, for the service's own user only. A page's name says which batch, file and
page it belongs to and ends in something random; the seal holds only under that name and in that campaign. Nothing
opens once the campaign is published, or its key's row is gone. Plain bytes never touch the disk.
"""

import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.orm import Session

from accounts import audit
from paper import crops, needed, untying
from paper.tables import Doubt, PaperKey, ScanBatch, ScannedPage
from surveys import sealing
from surveys.batches import Batch
from surveys.clock import now, today
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.queue import every_night
from surveys.refusals import NotFound
from surveys.sealing import Locked

ORPHAN_SECONDS = 24 * 60 * 60
_FIRST = text(
    "INSERT INTO paper_key (campaign_id, sealed) VALUES (:campaign_id, :sealed) "
    "ON CONFLICT (campaign_id) DO NOTHING"
)


def key_for(session: Session, campaign_id: int) -> bytes:
    """The campaign's key, made now if it has none; inside writing()."""
    if session.get(PaperKey, campaign_id) is None:
        made = sealing.sealed(_master(), sealing.fresh_key(), _row(campaign_id))
        session.execute(_FIRST, {"campaign_id": campaign_id, "sealed": made})
        session.expire_all()
    return key_of(session, campaign_id)


def key_of(session: Session, campaign_id: int) -> bytes:
    """The campaign's key. Raises NotFound when it is destroyed or the campaign published, Locked."""
    stored, campaign = session.get(PaperKey, campaign_id), session.get(Campaign, campaign_id)
    if stored is None or campaign is None or campaign.stage == Stage.PUBLISHED:
        raise NotFound(_("Снимки этой кампании уничтожены."))
    return sealing.opened(_master(), stored.sealed, _row(campaign_id))


def keep(session: Session, campaign_id: int, content: bytes, place: str) -> str:
    """Seal a page (`place`: «batch.file.number») and put it away; its name."""
    return put(key_of(session, campaign_id), campaign_id, content, place)


def put(key: bytes, campaign_id: int, content: bytes, place: str) -> str:
    """The same with the key in hand: no database is asked."""
    name = f"{place}.{secrets.token_hex(12)}"
    with created(path(campaign_id, name)) as file:
        file.write(sealing.sealed(key, content, f"scan/{campaign_id}/{name}"))
        file.flush()
        os.fsync(file.fileno())
    return name


def open_(session: Session, campaign_id: int, name: str) -> bytes:
    """A kept page again: JPEG or PNG. Raises NotFound once it is destroyed, Locked when it does not open."""
    key = key_of(session, campaign_id)
    try:
        if not name:
            raise FileNotFoundError
        content = path(campaign_id, name).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(_("Этот снимок уничтожен.")) from error
    return sealing.opened(key, content, f"scan/{campaign_id}/{name}")


def open_page(session: Session, page: ScannedPage) -> bytes:
    """The same by the page's row, which must be the very one it was kept for. Raises NotFound, Locked."""
    batch = session.get_one(Batch, page.batch_id)
    if page.kept_as and not page.kept_as.startswith(f"{place_of(page.batch_id, page.file, page.number)}."):
        raise Locked(_("Снимок не от этой страницы."))
    return open_(session, batch.campaign_id, page.kept_as)


def place_of(batch_id: int, file: int, number: int) -> str:
    """How a page is told from all others."""
    return f"{batch_id}.{file}.{number}"


def path(campaign_id: int, name: str) -> Path:
    """Where a sealed thing lies."""
    return _folder() / str(campaign_id) / name


def drop(session: Session, campaign_id: int, names: Iterable[str]) -> None:
    """Delete files once this transaction is committed."""
    session.info.setdefault(__name__, []).extend(path(campaign_id, name) for name in names if name)


def destroy(session: Session, batch: ScanBatch) -> int:
    """Destroy the pictures of a batch, after the commit of this transaction; how many there were.

    What only a look at them could tell is asked no more: samples and words that nobody has come to. The fingerprints of
    the marks go too, the names of the files, and what tells of which counted sheet a decision was.
    """
    needed.locked(session, batch)
    campaign_id = session.get_one(Batch, batch.batch_id).campaign_id
    pages = select(ScannedPage.kept_as).where(
        ScannedPage.batch_id == batch.batch_id, ScannedPage.kept_as != ""
    )
    names = list(session.scalars(pages))
    drop(session, campaign_id, [*names, *(str(one.get("raw", "")) for one in batch.files)])
    session.execute(
        update(ScannedPage)
        .where(ScannedPage.batch_id == batch.batch_id)
        .values(kept_as="")
        .execution_options(synchronize_session="fetch")
    )
    needed.left_behind(session, batch.batch_id)
    untying.untie(session, batch.batch_id)
    untying.forget_names(session, batch)
    batch.destroyed_at = now()
    return len(names)


@every_night
def nightly() -> None:
    """Destroy what is due, what belongs to published campaigns, and what nobody refers to."""
    due = select(ScanBatch.batch_id).where(ScanBatch.destroy_on <= today(), ScanBatch.destroyed_at.is_(None))
    published = (
        select(ScanBatch.batch_id)
        .join(Batch, Batch.id == ScanBatch.batch_id)
        .join(Campaign, Campaign.id == Batch.campaign_id)
        .where(Campaign.stage == Stage.PUBLISHED, ScanBatch.destroyed_at.is_(None))
    )
    left = (  # of a reading that went on while its batch was destroyed
        select(ScannedPage.batch_id)
        .join(ScanBatch, ScanBatch.batch_id == ScannedPage.batch_id)
        .where(ScannedPage.kept_as != "", ScanBatch.destroyed_at.is_not(None))
    )
    for batch_id in {*db.session.scalars(due), *db.session.scalars(published), *db.session.scalars(left)}:
        with writing() as session:
            gone = destroy(session, session.get_one(ScanBatch, batch_id))
            campaign_id = session.get_one(Batch, batch_id).campaign_id
            audit.record(session, "service", "scans-destroyed", f"{campaign_id}/{batch_id}", pages=gone)
    db.session.rollback()
    _untie_published()
    with writing() as session:
        over = select(Campaign.id).where(Campaign.stage == Stage.PUBLISHED)
        session.execute(delete(PaperKey).where(PaperKey.campaign_id.in_(over)))
    sweep()


def _untie_published() -> None:
    """What still leads to sheets of published campaigns, whose pictures may be gone for long."""
    tied = (
        select(Doubt.batch_id)
        .join(Batch, Batch.id == Doubt.batch_id)
        .join(Campaign, Campaign.id == Batch.campaign_id)
        .where(Campaign.stage == Stage.PUBLISHED, Doubt.sheet_id.is_not(None))
        .distinct()
    )
    for batch_id in db.session.scalars(tied).all():
        with writing() as session:
            untying.untie(session, batch_id, wholly=True)
    db.session.rollback()


def sweep() -> None:
    """Delete files that no row speaks of: a crash left them."""
    alive = set(db.session.scalars(select(ScannedPage.kept_as).where(ScannedPage.kept_as != "")))
    for files in db.session.scalars(select(ScanBatch.files)):
        alive.update(str(one.get("raw", "")) for one in files)
    db.session.rollback()
    for file in _folder().glob("*/*"):
        with suppress(FileNotFoundError):
            if file.name not in alive and time.time() - file.stat().st_mtime > ORPHAN_SECONDS:
                file.unlink()


def created(place: Path) -> IO[bytes]:
    """A file of the vault to be written, for the service's own user only."""
    for folder in (place.parent.parent, place.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"], "scans")


def _master() -> bytes:
    return sealing.drawn(str(current_app.config["SECRET_KEY"]).encode(), b"paper keys")


def _row(campaign_id: int) -> str:
    return f"paper/{campaign_id}"


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    if not session.in_nested_transaction():
        places = session.info.pop(__name__, ())
        for place in places:
            place.unlink(missing_ok=True)
        if places:
            crops.forget()


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(__name__, None)
