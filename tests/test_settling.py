"""What becomes of each physical sheet: counted, repeated, spoiled or waiting, and never lost on the way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from build import a_campaign, a_user, an_organization
from pile import FIRST, SECOND, Printer, a_run, begun, drawn, read, taken, zipped
from sqlalchemy import func, select

from accounts.models import Role, User
from paper import reading, settling, taking, vault
from paper.gathering import Picture, gathered
from paper.report import ScanReport
from paper.serials import PageCode
from paper.tables import Doubt, DoubtKind, ScanBatch, ScannedPage, ScannedSheet, SheetState
from surveys import queue, said
from surveys.batches import Batch, State
from surveys.comments import Comment
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Assessment, Campaign, Response, Stage
from surveys.recount import disagreements
from surveys.refusals import Refusal

ALL = {**FIRST, **SECOND}
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OTHERS = {**ALL, "comfort": "yes", "overall": "no"}


@pytest.fixture
def printer(session) -> Printer:
    """A collecting campaign, a hundred sheets printed for one clinic, somebody to decide."""
    code = an_organization()
    campaign_id = a_campaign()
    a_user(Role.OPERATOR, login="operator")
    a_run(campaign_id, code)
    return Printer(campaign_id, code)


def states() -> list[tuple[str, str]]:
    """(state, reason) of every sheet, in the order they were made."""
    db.session.rollback()
    rows = db.session.execute(select(ScannedSheet.state, ScannedSheet.reason).order_by(ScannedSheet.id))
    found = [(row.state, row.reason) for row in rows]
    db.session.rollback()
    return found


def counted() -> list[str]:
    """The answers that count."""
    found = sorted(db.session.scalars(select(Response.answers)))
    db.session.rollback()
    return found


def only(state: str) -> int:
    number = db.session.scalars(select(ScannedSheet.id).where(ScannedSheet.state == state)).one()
    db.session.rollback()
    return number


def does(act: Any, sheet_id: int, *told: Any) -> None:
    """A decision of the operator's about a sheet."""
    with writing() as session:
        user = session.scalars(select(User)).one()
        act(session, session.get_one(ScannedSheet, sheet_id), *told, user)


def number(report: ScanReport) -> int:
    """The batch's number."""
    assert report.batch is not None
    return report.batch


def adds_up(report: ScanReport) -> bool:
    told: dict[str, Any] = report.as_dict()
    sums: int = told["counted"] + told["review"] + told["repeated"] + len(told["spoiled"])
    return report.adds_up and bool(told["sheets"] == sums)


def test_sheets_are_counted_however_their_pages_were_shuffled(printer) -> None:
    pages = [page for serial in (1, 2, 3) for page in printer.sheet(serial, ALL)]
    report = taken(printer.campaign_id, [pages[at] for at in (3, 0, 5, 2, 4, 1)])
    assert (report.sheets, report.counted, report.pages) == (3, 3, 6)
    assert adds_up(report)
    assert len(counted()) == 3 and len(set(counted())) == 1
    with db.session() as session:
        kept = session.scalars(select(ScannedPage)).all()
        assert not any(page.seen["boxes"] for page in kept), "answers are in the responses alone"
        assert all(page.kept_as for page in kept)
        assert not list(disagreements(session, printer.campaign_id))


@ON_SQLITE
def test_what_is_no_sheet_of_ours_is_set_aside_with_its_reason(printer, session) -> None:
    other_campaign = a_campaign(title="Другая", year=2025)
    a_run(other_campaign, printer.code)
    elsewhere = Printer(other_campaign, printer.code)
    report = taken(
        printer.campaign_id,
        [
            drawn({"trouble": "cover"}),
            drawn({"trouble": "foreign"}),
            *elsewhere.sheet(1, ALL),
            printer.page(101, 1, ALL),
            printer.page(7, 1, ALL, forged=True),
            drawn({"trouble": "blank"}),
            *printer.sheet(8, {}),
            *printer.sheet(9, ALL),
        ],
    )
    assert [one.reason for one in report.spoiled] == [
        "foreign", "other_campaign", "unknown_number", "unknown_number", "empty",
    ]  # fmt: skip
    assert [(one.file, one.page) for one in report.spoiled][:2] == [("1.zip: 2.png", 1), ("1.zip: 3.png", 1)]
    assert (report.counted, report.blank, report.covers, report.sheets) == (1, 1, 1, 6), (
        "two sides of a sheet are one sheet"
    )
    assert adds_up(report)


def test_a_missing_side_waits_and_is_joined_when_it_comes_in_another_batch(printer) -> None:
    front, back = printer.sheet(5, ALL)
    first = taken(printer.campaign_id, [front])
    assert (first.review, first.waiting) == (1, {"missing_side": 1})
    assert with_session(settling.waiting, printer.campaign_id) == 1
    second = taken(printer.campaign_id, [back])
    assert states() == [("counted", "")]
    assert (second.sheets, second.pages) == (0, 1) and adds_up(second)
    assert with_session(settling.report, first.batch).counted == 1
    assert len(counted()) == 1


def with_session(asked: Any, *told: Any) -> Any:
    found = asked(db.session(), *told)
    db.session.rollback()
    return found


@ON_SQLITE
def test_a_missing_side_may_be_counted_as_it_is(printer) -> None:
    report = taken(printer.campaign_id, [printer.page(5, 2, ALL)])
    does(settling.count_as_is, only("waiting"))
    assert states() == [("counted", "")] and len(counted()) == 1
    assert with_session(settling.report, report.batch).counted == 1
    assert counted()[0].count("0") > 10, "the other side has no answers"


def test_the_same_sheet_again_is_a_repeat_and_another_hand_waits(printer) -> None:
    taken(printer.campaign_id, printer.sheet(5, ALL))
    again = taken(printer.campaign_id, [*printer.sheet(5, ALL), drawn({"trouble": "blank"})])
    assert (again.repeated, again.counted) == (1, 0)
    copy = taken(printer.campaign_id, printer.sheet(5, OTHERS, hand="two"))
    assert (copy.review, copy.waiting) == (1, {"copy": 1})
    assert len(counted()) == 1
    does(settling.another_person, only("waiting"))
    assert len(counted()) == 2 and states()[-1] == ("counted", "")
    third = taken(printer.campaign_id, [*printer.sheet(5, OTHERS, hand="two"), drawn({"trouble": "blank"})])
    assert third.repeated == 1, "the copy is known too"


@ON_SQLITE
def test_a_person_may_say_that_the_other_marks_are_the_same_sheet(printer) -> None:
    taken(printer.campaign_id, printer.sheet(5, ALL))
    taken(printer.campaign_id, printer.sheet(5, ALL, hand="rescanned dimly"))
    does(settling.repeat, only("waiting"))
    assert [state for state, _reason in states()] == ["counted", "repeated"]
    assert len(counted()) == 1


@ON_SQLITE
def test_a_photocopy_in_one_batch_is_told_apart_by_its_neighbours(printer) -> None:
    report = taken(
        printer.campaign_id,
        [*printer.sheet(5, ALL), *printer.sheet(5, OTHERS, hand="two"), *printer.sheet(6, ALL)],
    )
    assert (report.counted, report.review, report.sheets) == (2, 1, 3)
    assert adds_up(report)
    waiting = with_session(lambda session: session.get_one(ScannedSheet, only("waiting")))
    sides = {page.side for page in with_session(pages_of, waiting.id)}
    assert sides == {1, 2}, "its own two sides"


def pages_of(session: Any, sheet_id: int) -> Any:
    return session.scalars(select(ScannedPage).where(ScannedPage.sheet_id == sheet_id)).all()


@ON_SQLITE
def test_sides_of_photocopies_that_lie_apart_are_never_mixed(printer) -> None:
    one, two = printer.sheet(5, ALL), printer.sheet(5, OTHERS, hand="two")
    apart = drawn({"trouble": "blank"})
    report = taken(printer.campaign_id, [one[0], apart, two[0], apart, one[1], apart, two[1]])
    assert (report.counted, report.waiting) == (0, {"copy": 4})
    assert counted() == [] and adds_up(report)


def test_doubts_hold_a_sheet_and_samples_and_words_do_not(printer) -> None:
    report = taken(
        printer.campaign_id,
        [
            *printer.sheet(1, ALL, doubtful=["comfort"]),
            *printer.sheet(2, ALL, words=0.02),
            *printer.sheet(3, {**ALL, "stand_seen": "no", "stand": ""}),
        ],
        share=1000,
    )
    assert (report.counted, report.waiting, report.doubts) == (2, {"doubts": 1}, 1)
    doubts = {(one.kind, one.question, one.read) for one in with_session(all_doubts)}
    assert (DoubtKind.DOUBT, "comfort", "no") in doubts
    assert (DoubtKind.WORDS, "proposals", None) in doubts
    sampled = [one for one in with_session(all_doubts) if one.kind == DoubtKind.SAMPLE]
    assert len(sampled) == 4 + 5 + 4, "a thousand of a thousand; what is off the path is not asked"
    with writing() as session:
        doubt = session.scalars(select(Doubt).where(Doubt.kind == DoubtKind.DOUBT)).one()
        doubt.decided, doubt.decided_by = "yes", session.scalars(select(User.id)).one()
        session.flush()
        settling.at_work(session, printer.campaign_id)
        settling.settle_sheet(session, session.get_one(ScannedSheet, doubt.sheet_id))
    assert [state for state, _reason in states()] == ["counted"] * 3
    assert len(set(counted())) == 3, "one person's answer is another now"


def all_doubts(session: Any) -> Any:
    return session.scalars(select(Doubt)).all()


@ON_SQLITE
def test_a_wrong_reading_is_put_right_under_the_same_key(printer) -> None:
    taken(printer.campaign_id, printer.sheet(1, ALL))
    before = counted()
    with writing() as session:
        settling.correct(session, session.scalars(select(ScannedSheet)).one(), "overall", "no")
    after = counted()
    assert len(after) == 1 and after != before
    with db.session() as session:
        assert not list(disagreements(session, printer.campaign_id))


@ON_SQLITE
def test_only_words_on_a_sheet_are_an_answer_too(printer) -> None:
    report = taken(printer.campaign_id, printer.sheet(1, {}, words=0.02))
    assert report.counted == 1


@ON_SQLITE
def test_a_number_typed_by_a_person_finds_its_sheet(printer, monkeypatch) -> None:
    front, back = printer.sheet(5, ALL)
    taken(printer.campaign_id, [front, drawn({"trouble": "no_number", "kept": back.hex()[:10]})])
    sheet_id = with_session(lambda session: session.scalars(
        select(ScannedSheet.id).where(ScannedSheet.reason == "no_number")).one())  # fmt: skip
    digits = PageCode(printer.campaign_id, 5, 2).digits
    with pytest.raises(Refusal, match="Пятнадцать|пятнадцать"):
        does(settling.give_number, sheet_id, "1" * 15)
    does(settling.give_number, sheet_id, f"{digits[:5]} {digits[5:]}")
    assert states() == [("waiting", "no_places")], "no corner marks: one sheet, its back unread"
    does(settling.count_as_is, only("waiting"))
    assert states() == [("counted", "")]


def test_a_batch_is_undone_whole_and_its_repeats_take_its_place(printer) -> None:
    first = taken(
        printer.campaign_id, [*printer.sheet(1, ALL), *printer.sheet(2, ALL), *printer.sheet(3, ALL)[:1]]
    )
    second = taken(printer.campaign_id, [*printer.sheet(1, ALL), *printer.sheet(4, ALL)])
    assert (second.repeated, second.counted) == (1, 1)
    with writing() as session:
        assessment = session.scalars(select(Assessment)).one()
        said.keep(session, number(first), assessment.id, assessment.campaign.starts_on, "Побольше стульев")
    with writing() as session:
        assert settling.undo(session, number(first), "operator") == 1, "only what counts no more"
    assert len(counted()) == 2, "sheet 1 is the second batch's own now, sheet 2 is gone"
    report = with_session(settling.report, second.batch)
    assert (report.counted, report.repeated) == (2, 0)
    assert with_session(settling.waiting, printer.campaign_id) == 0
    with db.session() as session:
        assert session.scalar(select(func.count()).select_from(Comment)) == 0
        assert set(session.scalars(select(Response.batch_id))) == {second.batch}
        assert not list(disagreements(session, printer.campaign_id))
    with pytest.raises(Refusal), writing() as session:
        settling.undo(session, number(first), "operator")


def test_an_undone_batch_takes_its_side_out_of_anothers_sheet(printer) -> None:
    front, back = printer.sheet(5, ALL)
    first = taken(printer.campaign_id, [front])
    second = taken(printer.campaign_id, [back])
    with writing() as session:
        settling.undo(session, number(second), "operator")
    assert counted() == []
    assert with_session(settling.report, first.batch).waiting == {"missing_side": 1}


@ON_SQLITE
def test_the_same_file_adds_nothing_and_says_so(printer) -> None:
    pages = printer.sheet(1, ALL)
    first = taken(printer.campaign_id, pages)
    again = begun(printer.campaign_id, pages)
    assert (again.batch_id, again.same) == (None, (("1.zip", first.batch),))
    told = taking.same_again(printer.campaign_id, again)
    assert (told.sheets, told.repeated, told.counted) == (1, 1, 0)
    mixed = taken(printer.campaign_id, pages, printer.sheet(2, ALL))
    assert (mixed.counted, mixed.repeated, mixed.same_files) == (1, 1, {"1.zip": first.batch})


def test_two_batches_at_once_join_one_sheet_and_count_another_once(printer, app) -> None:
    """Fronts come in one batch and backs in another, a third sheet in both, at the same moment."""
    fronts = [printer.page(serial, 1, ALL) for serial in range(1, 6)]
    backs = [printer.page(serial, 2, ALL) for serial in range(1, 6)]
    both = printer.sheet(9, ALL)
    batches = [begun(printer.campaign_id, pages).batch_id for pages in ([*fronts, *both], [*backs, *both])]
    start = threading.Barrier(2)

    def work(batch_id: int) -> None:
        with app.app_context():
            start.wait()
            taking.take(batch_id, lambda done, total: None, read=read)

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, batches))
    found = [state for state, _reason in states()]
    assert sorted(found) == ["counted"] * 6 + ["repeated"]
    assert len(counted()) == 6
    reports = [with_session(settling.report, batch_id) for batch_id in batches]
    assert all(map(adds_up, reports)) and sum(one.pages for one in reports) == 14


@ON_SQLITE
def test_a_page_that_breaks_the_reader_holds_up_nobody(printer) -> None:
    def breaks(picture: Any, resolve: Any) -> Any:
        seen = read(picture, resolve)
        if seen.code and seen.code.serial == 1:
            raise ZeroDivisionError
        return seen

    made = begun(printer.campaign_id, [*printer.sheet(1, ALL)[:1], *printer.sheet(2, ALL)])
    report = taking.take(made.batch_id or 0, lambda done, total: None, read=breaks)
    assert (report.counted, [one.reason for one in report.spoiled]) == (1, ["unreadable"])
    assert all(with_session(lambda session: session.scalars(select(ScannedPage.kept_as)).all()))


@ON_SQLITE
def test_the_job_reads_what_was_brought(printer, monkeypatch) -> None:
    monkeypatch.setattr(reading, "available", lambda: True)
    monkeypatch.setattr(reading, "read_page", read)
    told = taking.Given("1.zip", zipped(printer.sheet(1, ALL)))
    day = with_session(lambda session: session.get_one(Campaign, printer.campaign_id).starts_on)
    made = taking.begin(
        printer.campaign_id, [told], filled_on=day, by="operator", leads_to="/scans/{batch_id}"
    )
    job = db.session.get_one(Job, made.job_id)
    assert (job.name, job.leads_to) == ("scans.read", f"/scans/{made.batch_id}")
    db.session.rollback()
    queue.take_up(alone=True)
    queue.perform(made.job_id or "")
    assert len(counted()) == 1
    done = db.session.get_one(Job, made.job_id)
    assert done.state == JobState.DONE and "Учтено: 1" in done.result["text"]


def test_reading_goes_on_where_it_was_cut_off(printer) -> None:
    pages = [page for serial in range(1, 16) for page in printer.sheet(serial, ALL)]
    made = begun(printer.campaign_id, pages)
    seen = []

    def dying(picture: Any, resolve: Any) -> Any:
        seen.append(1)
        if len(seen) == 26:
            raise KeyboardInterrupt  # as hard as kill -9: nothing after it is run by us
        return read(picture, resolve)

    assert made.batch_id is not None
    with pytest.raises(KeyboardInterrupt):
        taking.take(made.batch_id, lambda done, total: None, read=dying)
    db.session.rollback()
    assert with_session(settling.unfinished, printer.campaign_id) == [made.batch_id]
    assert begun(printer.campaign_id, pages).resumed
    told = []
    report = taking.take(
        made.batch_id, lambda done, total: told.append((done, total)), read=counting_read(seen)
    )
    assert len(seen) == 26 + 10, "twenty pages were written down before; they are not read again"
    assert told[0] == (20, 30) and told[-1] == (30, 30)
    assert (report.counted, report.pages) == (15, 30)
    assert taking.take(made.batch_id, lambda done, total: None, read=read).counted == 15, "idempotent"
    assert len(counted()) == 15
    with db.session() as session:
        assert session.get_one(ScanBatch, made.batch_id).files[0]["raw"] == "", "the file itself is gone"


def counting_read(seen: list[int]) -> Any:
    def reads(picture: Any, resolve: Any) -> Any:
        seen.append(1)
        return read(picture, resolve)

    return reads


def test_after_the_campaign_has_closed_nothing_is_counted(printer) -> None:
    made = begun(printer.campaign_id, printer.sheet(1, ALL))
    waiting = taken(printer.campaign_id, printer.sheet(2, ALL)[:1])
    with writing() as session:
        session.get_one(Campaign, printer.campaign_id).stage = Stage.REVIEW
    with pytest.raises(Refusal, match="закончен"):
        taking.take(made.batch_id or 0, lambda done, total: None, read=read)
    db.session.rollback()
    for act in (settling.count_as_is, settling.repeat, settling.another_person):
        with pytest.raises(Refusal, match="закончен"):
            does(act, only("waiting"))
    with pytest.raises(Refusal), writing() as session:
        settling.undo(session, number(waiting), "operator")
    with pytest.raises(Refusal):
        begun(printer.campaign_id, printer.sheet(3, ALL))
    assert counted() == []


@ON_SQLITE
def test_pictures_are_destroyed_and_the_counts_stay(printer) -> None:
    report = taken(
        printer.campaign_id, [*printer.sheet(1, ALL, words=0.02), *printer.sheet(2, ALL)], share=1000
    )
    with writing() as session:
        assert vault.destroy(session, session.get_one(ScanBatch, report.batch)) == 4
    with db.session() as session:
        page = session.scalars(select(ScannedPage).limit(1)).one()
        with pytest.raises(Refusal, match="уничтожен"):
            vault.open_page(session, page)
        assert session.scalars(select(Doubt)).all() == []
        assert session.scalars(select(ScannedSheet.state)).all() == [SheetState.COUNTED] * 2
        assert session.get_one(Batch, report.batch).state == State.COUNTED


def test_neighbours_are_paired_and_strays_are_not() -> None:
    def picture(number: int, side: int, hand: str) -> Picture:
        return Picture(number, 1, number, side, hand, True)

    alone = gathered([picture(9, 2, "a"), picture(1, 1, "b")], 2)
    assert [len(one.pictures) for one in alone] == [2], "one of each side is one sheet"
    twice = gathered([picture(1, 1, "a"), picture(2, 2, "b"), picture(5, 2, "d"), picture(6, 1, "c")], 2)
    assert [{one.hand for one in sheet.pictures} for sheet in twice] == [{"a", "b"}, {"c", "d"}]
    rescanned = gathered([picture(1, 1, "a"), picture(3, 2, "b"), picture(5, 1, "a"), picture(7, 2, "b")], 2)
    assert [len(one.pictures) for one in rescanned] == [2, 2]
    strays = gathered([picture(1, 1, "a"), picture(3, 1, "c"), picture(5, 2, "b")], 2)
    assert [one.certain for one in strays] == [False, False, False]
