"""Scanned pages lie sealed, open only where they belong, and go on their day."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from build import a_campaign, an_organization
from flask import current_app
from scanning import a_batch, a_sheet
from sqlalchemy import delete, select

from paper import raw, vault
from paper.raw import NotTaken
from paper.tables import PaperKey, ScanBatch, ScannedPage, SheetState
from surveys.batches import Batch
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.refusals import NotFound
from surveys.sealing import Locked

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SECRET = b"what somebody marked " * 20


@pytest.fixture
def campaign_id(session) -> int:
    """A campaign that collects and has a key."""
    an_organization()
    number = a_campaign()
    with writing() as session:
        vault.key_for(session, number)
    return number


def kept(campaign_id: int, content: bytes = SECRET, place: str = "1.1.1") -> str:
    name = vault.keep(db.session(), campaign_id, content, place)
    db.session.rollback()
    return name


def opens(campaign_id: int, name: str) -> bytes:
    try:
        return vault.open_(db.session(), campaign_id, name)
    finally:
        db.session.rollback()


@ON_SQLITE
def test_a_page_lies_as_noise_for_the_services_own_user(campaign_id) -> None:
    name = kept(campaign_id)
    place = vault.path(campaign_id, name)
    assert name.startswith("1.1.1.") and len(name) > 20
    assert b"somebody" not in place.read_bytes()
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert opens(campaign_id, name) == SECRET


@ON_SQLITE
def test_moved_changed_or_under_another_secret_it_does_not_open(campaign_id) -> None:
    one, other = kept(campaign_id), kept(campaign_id, place="1.1.2")
    os.replace(vault.path(campaign_id, one), vault.path(campaign_id, other))
    with pytest.raises(Locked):
        opens(campaign_id, other)
    with pytest.raises(NotFound):
        opens(campaign_id, one)
    damaged = kept(campaign_id)
    content = bytearray(vault.path(campaign_id, damaged).read_bytes())
    content[40] ^= 1
    vault.path(campaign_id, damaged).write_bytes(content)
    with pytest.raises(Locked):
        opens(campaign_id, damaged)
    whole = kept(campaign_id)
    current_app.config["SECRET_KEY"] = "another secret of at least thirty-two signs"
    with pytest.raises(Locked):
        opens(campaign_id, whole)


def test_without_its_key_or_once_published_nothing_of_a_campaign_opens(campaign_id) -> None:
    name = kept(campaign_id)
    with writing() as session:
        session.get_one(Campaign, campaign_id).stage = Stage.PUBLISHED
    with pytest.raises(NotFound):
        opens(campaign_id, name)
    vault.nightly()
    assert db.session.get(PaperKey, campaign_id) is None
    with writing() as session:
        session.get_one(Campaign, campaign_id).stage = Stage.COLLECTING
        session.execute(delete(PaperKey))
    with pytest.raises(NotFound):
        opens(campaign_id, name)


def test_the_night_destroys_what_is_due_and_what_nobody_refers_to(campaign_id) -> None:
    with writing() as session:
        due, later = (a_batch(session, campaign_id) for _number in range(2))
        for batch in (due, later):
            a_sheet(session, batch, None, 1, SheetState.WAITING)
        for page in session.scalars(select(ScannedPage)):
            page.seen = {**page.seen, "hand": "a drawing of somebody's marks"}
        session.get_one(ScanBatch, due.id).destroy_on = today()
        session.get_one(ScanBatch, later.id).destroy_on = today() + timedelta(days=1)
        numbers = (due.id, later.id)
    stray, fresh = kept(campaign_id, place="9.9.9"), kept(campaign_id, place="9.9.8")
    old = time.time() - 2 * vault.ORPHAN_SECONDS
    for file in Path(current_app.config["DATA_DIR"], "scans", str(campaign_id)).iterdir():
        if file.name != fresh:
            os.utime(file, (old, old))
    vault.nightly()
    left = {page.batch_id: page.kept_as for page in db.session.scalars(select(ScannedPage))}
    assert left[numbers[0]] == "" and left[numbers[1]]
    hands = {page.batch_id: page.seen["hand"] for page in db.session.scalars(select(ScannedPage))}
    assert hands[numbers[0]] == "" and hands[numbers[1]]
    assert db.session.get_one(ScanBatch, numbers[0]).destroyed_at is not None
    lying = {file.name for file in vault.path(campaign_id, "").iterdir()}
    assert lying == {left[numbers[1]], fresh}, f"{stray} is nobody's"
    assert vault.open_page(db.session(), db.session.scalars(
        select(ScannedPage).where(ScannedPage.batch_id == numbers[1])).one())  # fmt: skip


@ON_SQLITE
def test_nothing_is_deleted_when_the_transaction_fails(campaign_id) -> None:
    with writing() as session:
        batch = a_batch(session, campaign_id)
        a_sheet(session, batch, None, 1, SheetState.WAITING)
        number = batch.id
    with pytest.raises(RuntimeError), writing() as session:
        vault.destroy(session, session.get_one(ScanBatch, number))
        raise RuntimeError
    page = db.session.scalars(select(ScannedPage)).one()
    assert vault.open_page(db.session(), page)
    page.kept_as = "7.7.7.somebody else's"
    with pytest.raises(Locked):
        vault.open_page(db.session(), page)
    db.session.rollback()


@ON_SQLITE
def test_an_uploaded_file_is_read_from_anywhere_and_never_lies_plain(campaign_id) -> None:
    content = os.urandom(2 * raw.CHUNK + 777)
    key = vault.key_of(db.session(), campaign_id)
    told = raw.take_down(key, campaign_id, io.BytesIO(content))
    assert told.size == len(content)
    lying = vault.path(campaign_id, told.name)
    assert content[:64] not in lying.read_bytes() and lying.stat().st_mode & 0o777 == 0o600
    with raw.opened_raw(key, campaign_id, told) as stream:
        for start, length in (
            (raw.CHUNK - 5, 10),
            (0, 7),
            (2 * raw.CHUNK + 770, 100),
            (raw.CHUNK, raw.CHUNK),
        ):
            stream.seek(start)
            assert stream.read(length) == content[start : start + length]
        assert stream.seek(-10, io.SEEK_END) == len(content) - 10
        stream.seek(0)
        assert stream.read() == content
    lying.write_bytes(lying.read_bytes()[: raw.CHUNK])
    with raw.opened_raw(key, campaign_id, told) as stream, pytest.raises(Locked):
        stream.read()


@ON_SQLITE
def test_a_file_too_large_or_empty_leaves_nothing_behind(campaign_id, monkeypatch) -> None:
    monkeypatch.setattr(raw, "MOST_BYTES", 1000)
    key = vault.key_of(db.session(), campaign_id)
    for content in (b"x" * 1001, b""):
        with pytest.raises(NotTaken):
            raw.take_down(key, campaign_id, io.BytesIO(content))
    assert list(vault.path(campaign_id, "").iterdir()) == []
    assert db.session.scalars(select(Batch)).all() == []


def test_two_who_come_first_get_one_key(campaign_id) -> None:
    with writing() as session:
        first = vault.key_for(session, campaign_id)
    with writing() as session:
        assert vault.key_for(session, campaign_id) == first
