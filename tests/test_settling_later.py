"""What comes later: pictures destroyed, a batch undone, a side found, the campaign closed; nothing is lost by it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from build import a_campaign, a_user, an_organization
from pile import FIRST, SECOND, Printer, a_run, begun, drawn, read, taken, zipped
from sqlalchemy import func, select

from accounts.models import Role, User
from paper import needed, settling, taking, vault
from paper.tables import Doubt, DoubtKind, ScanBatch, ScannedPage, ScannedSheet, SheetState
from surveys import said
from surveys.batches import Batch, State
from surveys.clock import now, today
from surveys.comments import Comment
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Assessment, Campaign, Response, Stage
from surveys.recount import disagreements
from surveys.refusals import Refusal

ALL = {**FIRST, **SECOND}
OTHERS = {**ALL, "comfort": "yes", "overall": "no"}
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def printer(session) -> Printer:
    """A collecting campaign, a hundred sheets printed for one clinic, somebody to decide."""
    code = an_organization()
    campaign_id = a_campaign()
    a_user(Role.OPERATOR, login="operator")
    a_run(campaign_id, code)
    return Printer(campaign_id, code)


def states(batch_id: int | None = None) -> list[tuple[str, str]]:
    db.session.rollback()
    asked = select(ScannedSheet.state, ScannedSheet.reason).order_by(ScannedSheet.id)
    if batch_id is not None:
        asked = asked.where(ScannedSheet.batch_id == batch_id)
    found = [(row.state, row.reason) for row in db.session.execute(asked)]
    db.session.rollback()
    return found


def counted(campaign_id: int) -> int:
    found = db.session.scalar(select(func.count()).select_from(Response)) or 0
    assert not list(disagreements(db.session(), campaign_id))
    db.session.rollback()
    return found


def destroyed(batch_id: int | None) -> None:
    with writing() as session:
        vault.destroy(session, session.get_one(ScanBatch, batch_id))


def undone(batch_id: int | None) -> int:
    with writing() as session:
        return settling.undo(session, batch_id or 0, "operator")


def still(batch_id: int | None) -> needed.Needed:
    found = needed.of(db.session(), db.session.get_one(Batch, batch_id))
    db.session.rollback()
    return found


def take(batch_id: int | None, reader: Any = read) -> Any:
    return taking.take(batch_id or 0, lambda done, total: None, read=reader)


def test_a_sheet_whose_picture_is_gone_waits_and_the_others_are_counted(printer) -> None:
    front, back = printer.sheet(5, ALL)
    first = taken(printer.campaign_id, [front])
    second = taken(printer.campaign_id, [front, drawn({"trouble": "blank"})])
    assert second.repeated == 1
    destroyed(second.batch)
    undone(first.batch)
    third = taken(printer.campaign_id, [back, *printer.sheet(6, ALL), *printer.sheet(7, ALL)])
    assert third.counted == 2 and third.adds_up
    assert states(second.batch) == [("waiting", "destroyed")]
    assert counted(printer.campaign_id) == 2


def test_a_sheet_handed_on_keeps_its_disputes_and_asks_for_its_words_again(printer) -> None:
    first = taken(printer.campaign_id, printer.sheet(5, ALL, words=0.02), share=1000)
    second = taken(
        printer.campaign_id, [*printer.sheet(5, ALL, words=0.02), drawn({"trouble": "blank"})], share=1000
    )
    assert second.repeated == 1
    with writing() as session:
        user, assessment = session.scalars(select(User.id)).one(), session.scalars(select(Assessment)).one()
        said.keep(session, first.batch or 0, assessment.id, assessment.campaign.starts_on, "Побольше стульев")
        for doubt in session.scalars(select(Doubt)):
            if doubt.kind == DoubtKind.WORDS:
                doubt.decided, doubt.decided_by = "typed", user
            elif doubt.question == "comfort":
                doubt.decided, doubt.decided_by = "yes", user
        number = session.scalar(select(func.count()).select_from(Doubt))
    assert undone(first.batch) == 0, "nothing went out"
    with db.session() as session:
        assert session.scalar(select(func.count()).select_from(Comment)) == 0
        doubts = {one.question: one for one in session.scalars(select(Doubt))}
        assert len(doubts) == number and {one.batch_id for one in doubts.values()} == {second.batch}
        assert (doubts["proposals"].decided, doubts["comfort"].decided) == (None, "yes")
        pages = set(session.scalars(select(ScannedPage.id).where(ScannedPage.batch_id == second.batch)))
        assert {one.page_id for one in doubts.values()} <= pages
    assert counted(printer.campaign_id) == 1


def test_pictures_destroyed_while_they_are_read_are_not_kept(printer) -> None:
    made = begun(printer.campaign_id, [*printer.sheet(5, ALL), *printer.sheet(6, ALL)])
    seen: list[int] = []

    def meanwhile(picture: Any, resolve: Any) -> Any:
        found = read(picture, resolve)
        seen.append(1)
        if len(seen) == 2:
            db.session.rollback()
            destroyed(made.batch_id)
        return found

    with pytest.raises(Refusal, match="уничтожены"):
        take(made.batch_id, meanwhile)
    db.session.rollback()
    assert list(vault.path(printer.campaign_id, "").iterdir()) == []
    assert db.session.scalars(select(ScannedPage)).all() == []


@ON_SQLITE
def test_the_night_finds_pictures_that_outlived_their_batch(printer) -> None:
    report = taken(printer.campaign_id, printer.sheet(5, ALL))
    with writing() as session:
        session.get_one(ScanBatch, report.batch).destroyed_at = now()
    vault.nightly()
    assert set(db.session.scalars(select(ScannedPage.kept_as))) == {""}
    assert list(vault.path(printer.campaign_id, "").iterdir()) == []


def test_pictures_that_another_batch_waits_for_are_needed(printer) -> None:
    first = taken(printer.campaign_id, [printer.page(5, 1, ALL)])
    second = taken(
        printer.campaign_id, [printer.page(5, 2, ALL, doubtful=["overall"]), *printer.sheet(6, ALL)]
    )
    assert (states(second.batch), states(first.batch)) == ([("counted", "")], [("waiting", "doubts")])
    assert still(second.batch) == needed.Needed(sheets=1, places=1), (
        "its back was lent to a sheet of the first"
    )
    copy = taken(printer.campaign_id, printer.sheet(6, OTHERS, hand="two"))
    assert still(second.batch).sheets == 2, "a copy is compared with it"
    assert still(copy.batch).forbids
    with writing() as session:
        session.get_one(Campaign, printer.campaign_id).stage = Stage.REVIEW
    assert not still(second.batch).forbids, "nobody can decide any more"


def test_on_its_day_sheets_that_wait_say_that_the_pictures_are_gone(printer) -> None:
    report = taken(
        printer.campaign_id,
        [
            *printer.sheet(1, ALL, doubtful=["comfort"]),
            drawn({"trouble": "no_number"}),
            printer.page(2, 1, ALL),
            *printer.sheet(3, ALL, words=0.02),
        ],
        share=1000,
    )
    assert still(report.batch)._replace(samples=0) == needed.Needed(sheets=3, places=1, words=1)
    with writing() as session:
        session.get_one(ScanBatch, report.batch).destroy_on = today()
    vault.nightly()
    found = [reason for state, reason in states() if state == SheetState.WAITING]
    assert sorted(found) == ["destroyed", "destroyed", "missing_side"]
    assert db.session.scalars(select(Doubt).where(Doubt.decided_by.is_(None))).all() == []
    db.session.rollback()
    taken(printer.campaign_id, [printer.page(2, 2, ALL)])
    assert "missing_side" not in [reason for _state, reason in states()], "what was read of it was kept"
    assert counted(printer.campaign_id) == 2


def test_two_who_read_one_batch_read_it_once(printer, app) -> None:
    made = begun(printer.campaign_id, [page for serial in range(1, 9) for page in printer.sheet(serial, ALL)])
    start, seen = threading.Barrier(2), []

    def reads(picture: Any, resolve: Any) -> Any:
        seen.append(1)
        return read(picture, resolve)

    def work(_number: int) -> int:
        with app.app_context():
            start.wait()
            return int(take(made.batch_id, reads).counted)

    with ThreadPoolExecutor(2) as workers:
        assert list(workers.map(work, range(2))) == [8, 8]
    assert len(seen) == 16 and counted(printer.campaign_id) == 8


@ON_SQLITE
def test_the_same_file_while_it_is_read_asks_for_no_second_job(printer) -> None:
    pages = printer.sheet(1, ALL)

    def brought() -> taking.Begun:
        told = taking.Given("1.zip", zipped(pages))
        return taking.begin(
            printer.campaign_id, [told], filled_on=today(), by="operator", leads_to="/{batch_id}"
        )

    first = brought()
    with writing() as session:  # as long as it is read
        session.get_one(Batch, first.batch_id).state = State.UPLOADED
        session.get_one(Job, first.job_id).state = JobState.RUNNING
    again = brought()
    assert (again.batch_id, again.job_id, again.resumed) == (first.batch_id, first.job_id, True)
    assert len(db.session.scalars(select(Job)).all()) == 1


@pytest.mark.parametrize("both", [True, False])
def test_a_side_that_comes_after_the_sheet_was_counted_without_it_waits_for_a_person(printer, both) -> None:
    front, back = printer.sheet(5, ALL)
    taken(printer.campaign_id, [front])
    decided(settling.count_as_is)
    whole = taken(printer.campaign_id, [front, back, drawn({"trouble": "blank"})] if both else [back])
    assert whole.waiting == {"more": 1}
    if not both:
        return
    decided(settling.count_whole)
    assert states() == [("repeated", ""), ("counted", "")]
    assert counted(printer.campaign_id) == 1
    assert sum(sign in "12" for sign in db.session.scalars(select(Response.answers)).one()) == 5, "both sides"


def decided(act: Any) -> None:
    with writing() as session:
        sheet = session.scalars(select(ScannedSheet).where(ScannedSheet.state == SheetState.WAITING)).one()
        act(session, sheet, session.scalars(select(User)).one())


def test_a_campaign_that_closes_while_it_is_read_leaves_sheets_that_wait(printer) -> None:
    made = begun(printer.campaign_id, [*printer.sheet(1, ALL), *printer.sheet(2, ALL)])

    def stage(to: Stage) -> None:
        db.session.rollback()
        with writing() as session:
            session.get_one(Campaign, printer.campaign_id).stage = to

    def closing(picture: Any, resolve: Any) -> Any:
        found = read(picture, resolve)
        stage(Stage.REVIEW)
        return found

    for _again in range(2):
        with pytest.raises(Refusal, match="не дочитан"):
            take(made.batch_id, closing)
        db.session.rollback()
        told = settling.report(db.session(), made.batch_id or 0)
        assert (told.sheets, told.waiting, told.adds_up, told.finished) == (2, {"closed": 2}, True, False)
    stage(Stage.COLLECTING)
    assert (take(made.batch_id).counted, counted(printer.campaign_id)) == (2, 2)
    assert db.session.get_one(Batch, made.batch_id).state == State.COUNTED
