"""A real `nok worker` beside a real application: what is asked for in one process is done in another."""

import io
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from build import a_campaign, an_organization
from databases import let_go
from flask import Flask
from waiting import PATIENCE_SECONDS, until

from operator_app.files import storage
from surveys import queue
from surveys.batches import Batch, Kind, State
from surveys.channels import CHANNELS
from surveys.clock import now
from surveys.db import db, migrate, writing
from surveys.jobs import Job, JobState

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
TABLE = "Организация;Удовлетворены ли Вы в целом условиями оказания услуг в организации?\nПоликлиника;да\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"NOK_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}


@pytest.fixture
def service(environment: dict[str, str]) -> Iterator[Flask]:
    """The application as it is in service: jobs go through the queue's file."""
    from app import create_app
    from config import Config

    made = create_app(Config.from_environment(environment))
    migrate(made)
    with made.app_context():
        an_organization()
        a_campaign()
        yield made
    let_go(made)


@pytest.fixture
def begun(environment: dict[str, str]) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker; whatever was started is ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        words = [sys.executable, "-c", "from app import main; main()", "worker"]
        started.append(subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL))
        return started[-1]

    yield begin
    for one in started:
        one.kill()
        one.wait()


def a_file() -> str:
    """A file that waits to be read, asked for; the job's number."""
    kept = storage.keep(io.BytesIO(TABLE.encode()))
    with writing() as session:
        batch = Batch(
            campaign_id=1, kind=Kind.ANSWERS, state=State.UPLOADED, channel=CHANNELS["paper"].number, file_name="a.csv",
            kept_as=kept.name, mapping={"channel": "paper"}, made_by="operator", made_at=now(),
        )  # fmt: skip
        session.add(batch)
        session.flush()
        batch.job_id = queue.later(session, "files.look", "operator", batch_id=batch.id, by="operator").id
        return batch.job_id


def state(job_id: str) -> str:
    db.session.rollback()
    return db.session.get_one(Job, job_id).state


def test_what_waited_for_a_worker_and_what_came_later_are_done(service: Flask, begun) -> None:
    before = a_file()
    worker = begun()
    until(lambda: state(before) == JobState.DONE)
    after = a_file()
    until(lambda: state(after) == JobState.DONE)
    assert {storage.read_look(one.kept_as) is not None for one in db.session.query(Batch)} == {True}
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE_SECONDS) == 0


def test_a_second_worker_takes_over_what_the_first_left(service: Flask, begun) -> None:
    first, job_id = begun(), a_file()
    until(lambda: state(job_id) == JobState.DONE)
    second = begun()
    with writing() as session:
        session.get_one(Job, job_id).state = JobState.RUNNING
    first.kill()
    first.wait()
    until(lambda: state(job_id) == JobState.DONE)
    assert db.session.get_one(Job, job_id).attempts == 2
    assert second.poll() is None
