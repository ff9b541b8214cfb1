"""Nothing leads from answers to a serial once nobody needs it; what is needed lies under the campaign's key."""

import time

import looking
import pytest
from build import a_campaign, a_user, an_organization
from flask import Flask
from looking import user
from pile import FIRST, SECOND, Printer, a_run, taken
from sqlalchemy import delete, select
from test_reviewing import Team, only

from accounts.models import Role
from operator_app.scans import review_log
from paper import counting, crops, decided, fingerprints, quality, reviewing, settling, vault
from paper.decided import Kept
from paper.tables import Doubt, DoubtKind, PaperKey, ScanBatch, ScannedPage, ScannedSheet, SheetState
from surveys.batches import Batch
from surveys.comments import Comment
from surveys.db import db, writing
from surveys.intake import response_key
from surveys.models import Campaign, Response, Stage
from surveys.sealing import Locked

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ALL = {**FIRST, **SECOND}


@pytest.fixture
def team(app: Flask, session: object) -> Team:
    return Team()


@pytest.fixture
def printer(session) -> Printer:
    code, campaign_id = an_organization(), a_campaign()
    a_user(Role.OPERATOR, login="operator")
    a_run(campaign_id, code)
    return Printer(campaign_id, code)


def test_fingerprints_lie_sealed_open_for_their_page_alone_and_go_with_the_batch(printer: Printer) -> None:
    report = taken(printer.campaign_id, [*printer.sheet(1, ALL), *printer.sheet(2, {**FIRST})])
    pages = db.session.scalars(select(ScannedPage).order_by(ScannedPage.id)).all()
    noise = [page.seen["hand"] for page in pages]
    assert not any("one [" in told or "stand" in told for told in noise)
    assert len({len(told) for told in noise}) == 1, "a page without marks is as long as any other"
    assert fingerprints.of(db.session(), pages[0]).startswith("one [")
    assert fingerprints.of(db.session(), pages[3]) == ""
    pages[0].seen = {**pages[0].seen, "hand": noise[1]}
    with pytest.raises(Locked):
        fingerprints.of(db.session(), pages[0])
    db.session.rollback()
    with writing() as session:
        settling.undo(session, report.batch or 0, "operator")
    gone = db.session.scalars(select(ScannedPage)).all()
    assert {page.seen["hand"] for page in gone} == {""}
    assert len({fingerprints.of(db.session(), page) for page in gone}) == 4, "alike to nothing"


def test_without_the_campaigns_key_nobody_finds_the_answers_of_a_serial(printer: Printer) -> None:
    taken(printer.campaign_id, printer.sheet(1, ALL))
    [sheet] = db.session.scalars(select(ScannedSheet))
    [key] = db.session.scalars(select(Response.key))
    assert key == counting.key_of(sheet) != response_key("scan", sheet.run_id, 1, 0)
    with writing() as session:
        settling.correct(session, session.get_one(ScannedSheet, sheet.id), "overall", "no")
    assert db.session.scalars(select(Response.key)).all() == [key], "put right under the same"
    with writing() as session:
        session.execute(delete(PaperKey))
        session.expire_all()
        vault.key_for(session, printer.campaign_id)
    assert counting.key_of(db.session.get_one(ScannedSheet, sheet.id)) != key


def of_nothing() -> list[Doubt]:
    db.session.rollback()
    return list(db.session.scalars(select(Doubt).where(Doubt.sheet_id.is_(None), Doubt.page_id.is_(None))))


def test_destroyed_pictures_leave_decisions_of_no_sheet_and_the_rates_as_they_were(team: Team) -> None:
    team.sheets(3, two=("comfort",))
    for doubt, value in zip(team.hand("one"), ("yes", "yes", "?"), strict=True):
        team.say("one", doubt, value)
    [batch_id] = db.session.scalars(select(ScanBatch.batch_id))
    before, numbers = quality.of_batch(db.session(), batch_id), set(db.session.scalars(select(Doubt.id)))
    with writing() as session:
        vault.destroy(session, session.get_one(ScanBatch, batch_id))
    assert quality.of_batch(db.session(), batch_id) == before and before.by_people == 2
    cut = of_nothing()
    assert [one.decided for one in cut] == ["yes", "yes"]
    assert not {one.id for one in cut} & numbers, "the order of the rows tells nothing"
    [waits] = db.session.scalars(select(Doubt).where(Doubt.sheet_id.is_not(None)))
    assert waits.decided == "?", "a second person has to say, and its sheet waits for that"
    told = db.session.scalars(reviewing.looked_at(team.campaign_id)).all()
    assert {one.id for one in told} == {one.id for one in [*cut, waits]}, "the log tells them"
    assert team.say("checks", waits, "no", second=True) is Kept.SAVED
    assert len(of_nothing()) == 3, "decided after the pictures went: of no sheet at once"


def test_an_undone_or_published_batch_is_tied_to_nothing(team: Team) -> None:
    for _time in range(2):
        team.sheets(1, two=("comfort", "overall"))
    first, *_others = team.hand("one")
    team.say("one", first, "yes")
    undone = first.batch_id
    with writing() as session:
        settling.undo(session, undone, "head")
    assert [(one.batch_id, one.uncounted) for one in of_nothing()] == [(undone, True)]
    [other, _more] = team.hand("one")
    team.say("one", other, "no")
    with writing() as session:
        session.get_one(Campaign, team.campaign_id).stage = Stage.PUBLISHED
    vault.nightly()
    assert len(of_nothing()) == 2
    assert db.session.scalars(select(Doubt.sheet_id)).all() == [None, None]
    assert quality.of_batch(db.session(), other.batch_id).by_people == 0, "its sheet never counted"


def test_a_words_change_after_the_log_told_the_reading_does_not_undo_blindness(
    team: Team, app: Flask
) -> None:
    team.sheets(1, share=1000)
    sample = team.handed("one", "comfort")
    assert sample.read == "yes"
    assert team.say("one", sample, "no") is Kept.SAVED
    with app.test_request_context():
        assert list(review_log._rows(db.session(), team.campaign_id)) == [], "not told while it is open"
    assert team.say("one", sample, "yes") is Kept.SAVED
    kept = db.session.get_one(Doubt, sample.id, populate_existing=True)
    assert (kept.first, kept.decided) == ("no", "yes")
    [dispute] = reviewing.disputes(db.session(), team.campaign, user("checks"))
    assert quality.of_batch(db.session(), sample.batch_id).rate.compared == 0
    assert team.say("checks", dispute, "no", second=True) is Kept.SAVED
    rate = quality.of_batch(db.session(), sample.batch_id).rate
    assert (rate.wrong, rate.compared) == (1, 1)
    with app.test_request_context():
        assert len(list(review_log._rows(db.session(), team.campaign_id))) == 1


@ON_SQLITE
def test_words_of_a_sheet_that_counts_no_more_are_not_taken(team: Team) -> None:
    [number] = team.sheets(words=True)
    [doubt] = team.hand("one", words=True)
    with writing() as session:
        session.get_one(ScannedSheet, number).state = SheetState.WAITING
    with writing() as session:
        told = (session, team.campaign, user("one"), str(doubt.place), "Скамейку")
        assert decided.type_words(*told) is Kept.TAKEN
    assert only(DoubtKind.WORDS).decided is None
    assert db.session.scalars(select(Comment)).all() == []


@ON_SQLITE
def test_names_of_files_go_with_the_pictures(team: Team) -> None:
    team.sheets()
    with writing() as session:
        scans = session.scalars(select(ScanBatch)).one()
        batch = session.get_one(Batch, scans.batch_id)
        scans.files = [{**one, "inside": [[1, "Иванова.png"]]} for one in scans.files]
        batch.file_name, batch.mapping = "Иванова.pdf", {"same": [["Иванова.pdf", 1, 3]]}
        batch.report = {"spoiled": [{"file": "Иванова.pdf", "page": 1, "reason": ""}]}
        prints = [one["sha256"] for one in scans.files]
        vault.destroy(session, scans)
    told = [db.session.get_one(ScanBatch, batch.id).files]
    stored = db.session.get_one(Batch, batch.id)
    assert "Иванова" not in f"{told} {stored.file_name} {stored.mapping} {stored.report}"
    assert [one["sha256"] for one in told[0]] == prints, "the same file is known again"
    assert stored.file_name == "файл 1, файл 2"


def test_decoded_pages_are_let_go_unasked_and_when_pictures_are_destroyed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crops, "_cache", crops._Cache())  # another's watcher may sleep for half a minute
    monkeypatch.setattr(crops, "KEPT_SECONDS", 0.1)
    crops._decoded(looking.picture(set()))
    assert crops._cache._kept
    until = time.monotonic() + 5
    while crops._cache._kept and time.monotonic() < until:
        time.sleep(0.05)
    assert not crops._cache._kept
    monkeypatch.setattr(crops, "KEPT_SECONDS", 30.0)
    crops._decoded(looking.picture(set()))
    crops.forget()
    assert not crops._cache._kept
