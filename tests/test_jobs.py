"""Long work in the background: asked for with its transaction, done once, taken up after a crash, seen by its asker."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from browser import axe
from build import PASSWORD, a_user, signed_in
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Duty, Role
from surveys import bell, queue
from surveys.clock import now
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.queue import Progress
from surveys.refusals import Refusal

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SAID = "Иванова: всё плохо"


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the job «count» of this test was told to count, in order."""
    counted: list[int] = []

    def count(progress: Progress, *, number: int) -> dict[str, Any]:
        progress(1, 2)
        counted.append(number)
        progress(2)
        return {"text": f"Посчитано: {number}."}

    def refuses(progress: Progress) -> dict[str, Any]:
        raise Refusal("Файл закрыт паролем. Снимите пароль и загрузите ещё раз.")

    def breaks(progress: Progress) -> dict[str, Any]:
        db.session.add(Job(id="half", name="x"))
        raise ValueError(SAID)

    works: dict[str, queue.Work] = {"count": count, "refuses": refuses, "breaks": breaks}
    monkeypatch.setattr(queue, "JOBS", works)
    monkeypatch.setattr(queue, "TITLES", dict.fromkeys(works, "Считаем"))
    return counted


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A queue that takes bells and wakes nobody; what was rung for."""
    rung: list[str] = []
    monkeypatch.setattr(bell.Bell, "ring", lambda self, job_id: rung.append(job_id))
    return rung


def asked(name: str = "count", by: str = "operator", **arguments: Any) -> str:
    with writing() as session:
        return queue.later(session, name, by, **arguments).id


def stored(job_id: str) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id)


def an_hour_old(job_id: str, **now: Any) -> None:
    with writing() as session:
        job = session.get_one(Job, job_id)
        job.asked_at -= timedelta(hours=1)
        for name, value in now.items():
            setattr(job, name, value)


def test_what_is_asked_for_is_done_after_the_commit(done) -> None:
    with writing() as session:
        queue.later(session, "count", "operator", number=7)
        assert done == []
    assert done == [7]
    [job] = db.session.scalars(select(Job))
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 2, 2, {"text": "Посчитано: 7."})
    assert job.ended_at is not None


def test_what_is_taken_back_is_never_done(done) -> None:
    with pytest.raises(Refusal), writing() as session:
        queue.later(session, "count", "operator", number=7)
        raise Refusal("передумали")
    asked(number=8)
    assert done == [8]


def test_a_savepoint_is_not_yet_a_commit(done) -> None:
    with writing() as session:
        with session.begin_nested():
            queue.later(session, "count", "operator", number=7)
        assert done == []
    assert done == [7]


def test_an_unknown_job_is_not_promised(done) -> None:
    with pytest.raises(LookupError):
        asked("nothing")


def test_a_bell_heard_twice_is_done_once(done) -> None:
    job_id = asked(number=7)
    queue.bell().ring(job_id)
    queue.perform(job_id)
    assert done == [7]


def test_a_refusal_is_told_as_it_is_and_what_broke_is_not(done, caplog) -> None:
    assert stored(asked("refuses")).result["error"].startswith("Файл закрыт паролем")
    broken = stored(asked("breaks"))
    assert (broken.state, broken.result) == (JobState.FAILED, {"error": str(queue.BROKEN)})
    assert "test_jobs.py" in caplog.text
    assert SAID not in caplog.text
    assert db.session.get(Job, "half") is None


def test_a_bell_that_nobody_heard_is_rung_again(done, deaf) -> None:
    job_id = asked(number=7)
    assert queue.take_up() == [], "it is on its way"
    an_hour_old(job_id)
    assert queue.take_up() == [job_id]
    assert deaf == [job_id, job_id]


def test_what_a_dead_worker_left_is_begun_anew_and_given_up_the_third_time(done, deaf) -> None:
    job_id = asked(number=7)
    long_ago = now() - timedelta(minutes=5)
    for attempt in (1, 2):
        an_hour_old(job_id, state=JobState.RUNNING, attempts=attempt, heard_at=long_ago)
        assert queue.take_up() == [job_id]
        assert stored(job_id).state == JobState.WAITING
    an_hour_old(job_id, state=JobState.RUNNING, attempts=3, heard_at=long_ago)
    assert queue.take_up() == []
    assert stored(job_id).state == JobState.FAILED
    assert "трижды" in stored(job_id).result["error"]


def test_whoever_was_heard_a_moment_ago_is_alive(done, deaf) -> None:
    job_id = asked(number=7)
    an_hour_old(job_id, state=JobState.RUNNING, attempts=1, heard_at=now())
    assert queue.take_up() == []
    assert stored(job_id).state == JobState.RUNNING
    assert queue.take_up(alone=True) == [job_id]


def test_one_taken_for_dead_writes_nothing_over_its_heir(done, monkeypatch) -> None:
    def slow(progress: Progress) -> dict[str, Any]:
        with writing() as session:
            session.scalars(select(Job)).one().attempts += 1
        return {"text": "первый"}

    monkeypatch.setitem(queue.JOBS, "count", slow)
    assert stored(asked()).state == JobState.RUNNING


def test_an_ended_job_is_forgotten_in_a_month(done) -> None:
    old, new = asked(number=1), asked(number=2)
    with writing() as session:
        session.get_one(Job, old).ended_at = now() - timedelta(days=31)
    queue.tidy()
    assert list(db.session.scalars(select(Job.id))) == [new]


def test_progress_is_written_down_while_the_job_stands_in_a_transaction(
    app: Flask, done, monkeypatch
) -> None:
    seen: list[tuple[int, int | None]] = []
    noticed = threading.Event()

    def slow(progress: Progress) -> dict[str, Any]:
        progress(3, 10)
        noticed.wait(10)
        return {}

    def write_down(statement: Any) -> None:
        given = statement.compile().params
        seen.append((given["done"], given["total"]))
        noticed.set()

    monkeypatch.setitem(queue.JOBS, "count", slow)
    monkeypatch.setattr(queue, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(queue, "_write_down", write_down)
    monkeypatch.setattr(bell.Bell, "ring", lambda self, job_id: None)
    job_id = asked()
    monkeypatch.setattr(bell.Bell, "immediate", False)
    queue.perform(job_id)
    assert seen == [(3, 10)]
    assert stored(job_id).done == 3


@ON_SQLITE
def test_the_queue_carries_numbers_as_text(app: Flask, session: Session, done, monkeypatch) -> None:
    monkeypatch.setattr(bell.Bell, "immediate", False)
    made = queue.bell()
    job_id = asked(number=7)
    assert done == []
    [carried] = made.huey.storage.enqueued_items()
    assert b"count" not in carried
    assert job_id.encode() in bytes(carried)
    assert (app.config["DATA_DIR"] / "queue.sqlite3").stat().st_mode & 0o777 == 0o600
    task = made.huey.dequeue()
    monkeypatch.setattr(bell.Bell, "immediate", True)
    task.execute()
    assert done == [7]


@ON_SQLITE
def test_a_queue_that_does_not_answer_keeps_the_job(app: Flask, done, monkeypatch, caplog) -> None:
    monkeypatch.setattr(bell.Bell, "immediate", False)
    app.config["REDIS_URL"] = "redis://127.0.0.1:1/0"
    job_id = asked(number=7)
    assert stored(job_id).state == JobState.WAITING
    assert "queue does not answer" in caplog.text


# Its page


@pytest.fixture
def running(page, done, deaf) -> str:
    signed_in(page, a_user(Role.OPERATOR))
    job_id = asked(number=7, leads_to="/operator/")
    with writing() as session:
        job = session.get_one(Job, job_id)
        job.state, job.done, job.total = JobState.RUNNING, 12_000, 98_400
    return job_id


def test_how_far_it_is_is_told_and_asked_again_without_a_script(page, running) -> None:
    shown = page.get(f"/operator/jobs/{running}").text
    assert "Сделано 12\N{NARROW NO-BREAK SPACE}000 из 98\N{NARROW NO-BREAK SPACE}400." in shown
    assert re.search(r'<progress[^>]* max="98400" value="12000"', shown)
    assert '<noscript><meta http-equiv="refresh"' in shown
    told = page.get(f"/operator/jobs/{running}/state").json
    assert (told["done"], told["total"], told["ended"], told["leads_to"]) == (
        12_000,
        98_400,
        False,
        "/operator/",
    )


def test_a_finished_job_leads_on_and_a_failed_one_says_why(page, running) -> None:
    an_hour_old(running, state=JobState.DONE, ended_at=now())
    assert page.get(f"/operator/jobs/{running}").location == "/operator/"
    an_hour_old(running, state=JobState.FAILED, result={"error": "Файл закрыт паролем."})
    shown = page.get(f"/operator/jobs/{running}").text
    assert "Файл закрыт паролем." in shown
    assert "refresh" not in shown


@ON_SQLITE
@pytest.mark.parametrize(("duty", "status"), [(Duty.HEAD, 200), (Duty.VERIFIER, 200), (Duty.INSPECTOR, 404)])
def test_anothers_job_is_for_those_who_answer_for_the_team(page, running, duty, status) -> None:
    signed_in(page, a_user(Role.OPERATOR, login="another", duty=duty))
    for path in (f"/operator/jobs/{running}", f"/operator/jobs/{running}/state"):
        assert page.get(path).status_code == status


@ON_SQLITE
def test_there_is_no_job_of_a_made_up_number(page, running) -> None:
    assert page.get(f"/operator/jobs/{'0' * 32}").status_code == 404
    assert page.get("/operator/jobs/%00").status_code == 404


def test_the_page_follows_a_job_to_its_end_by_itself(session, done, deaf, desk: Page) -> None:
    a_user(Role.OPERATOR)
    job_id = asked(number=7, leads_to="/operator/?done")
    desk.goto("/sign-in")
    desk.get_by_label("Логин").fill("operator")
    desk.get_by_label("Пароль").fill(PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/operator/")
    desk.goto(f"/operator/jobs/{job_id}")
    expect(desk.get_by_role("status")).to_have_text("Ждёт своей очереди.")
    expect(desk.get_by_text("Обновить")).to_be_hidden()
    an_hour_old(job_id, state=JobState.RUNNING, done=5, total=10)
    expect(desk.get_by_role("status")).to_have_text("Сделано 5 из 10.")
    expect(desk.get_by_role("progressbar")).to_have_js_property("value", 5)
    axe(desk)
    an_hour_old(job_id, state=JobState.DONE, ended_at=now())
    desk.wait_for_url("**/operator/?done")


def test_a_nightly_work_that_fails_spoils_nothing_of_the_rest(session, monkeypatch, caplog) -> None:
    done = []

    def broken() -> None:
        raise OSError("no disk")

    monkeypatch.setattr(queue, "NIGHTLY", [broken, lambda: done.append("after")])
    queue.tidy()
    assert done == ["after"]
    assert "broken" in caplog.text


def test_what_broke_is_told_to_the_administrator_and_a_refused_file_is_not(done, page, caplog) -> None:
    asked("refuses")
    asked("breaks")
    broken = asked("breaks")
    old = stored(asked("breaks"))
    with writing() as session:
        session.get_one(Job, old.id).ended_at = now() - timedelta(days=8)
    told = queue.failures(db.session())
    assert len(told) == 2 and {str(one.job.state) for one in told} == {"failed"}
    assert broken in {one.job.id for one in told} and broken in caplog.text
    a_user(Role.ADMIN)
    shown = signed_in(page, "admin").get("/admin/").text
    assert "Не получилось за неделю" in shown and broken in shown and old.id not in shown
