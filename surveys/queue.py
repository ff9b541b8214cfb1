"""Long work in the background: asked for in a transaction, done by `nok worker`, seen through its row.

The row of `job` is the truth, the queue is only a doorbell (docs/decisions/0011): a bell that nobody heard is rung
again within a minute, and what a dead worker left is begun anew. So every job must be idempotent.
"""

import logging
import secrets
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple, cast

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from surveys.bell import Bell
from surveys.clock import now
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.refusals import Refusal

log = logging.getLogger("nok.jobs")

MOST_ATTEMPTS = 3
BEAT_SECONDS = 1.0
HEARD_EVERY = timedelta(seconds=15)
DEAD_AFTER = timedelta(seconds=90)
FORGOTTEN_AFTER = timedelta(seconds=60)
KEPT = timedelta(days=30)
AGAIN_AFTER = timedelta(hours=1)
RECENT, MOST_TOLD = timedelta(days=7), 20
BROKEN = _l("На нашей стороне что-то сломалось. Попробуйте ещё раз; если не поможет, скажите администратору.")
GIVEN_UP = _l("Работа трижды прерывалась вместе со службой. Скажите об этом администратору.")

Work = Callable[..., dict[str, Any]]
JOBS: dict[str, Work] = {}
TITLES: dict[str, Any] = {}
NIGHTLY: list[Callable[[], None]] = []
OFTEN: list[Callable[[], None]] = []


@dataclass
class Progress:
    """How far a job is: `progress(done, total)` from anywhere in it, its own write transaction too.

    It costs nothing: another thread writes it down now and then.
    """

    done: int = 0
    total: int | None = None

    def __call__(self, done: int, total: int | None = None) -> None:
        self.done = done
        self.total = self.total if total is None else total


def job(name: str, title: object) -> Callable[[Work], Work]:
    """Register `f(progress, **arguments) -> dict` as a job; `title` says to whoever waits what is being done.

    `f` may be begun again after a crash: it looks first what is done already, and writes in whole transactions.
    """

    def registered(work: Work) -> Work:
        JOBS[name], TITLES[name] = work, title
        return work

    return registered


def every_night(work: Callable[[], None]) -> Callable[[], None]:
    """Register what is done once a night; several workers may do it at once."""
    NIGHTLY.append(work)
    return work


def now_and_then(work: Callable[[], None]) -> Callable[[], None]:
    """Register what is done every ten minutes; several workers may do it at once."""
    OFTEN.append(work)
    return work


def later(session: Session, name: str, by: str, /, *, leads_to: str = "", **arguments: Any) -> Job:
    """Ask for a job inside a write transaction; it is begun after the commit, and never if that fails.

    `leads_to` is the address where the asker goes on when it ends. Arguments are what JSON can hold.
    """
    if name not in JOBS:
        raise LookupError(name)
    asked = Job(id=secrets.token_hex(16), name=name, arguments=arguments, asked_by=by, asked_at=now())
    asked.leads_to = leads_to
    session.add(asked)
    session.flush()
    session.info.setdefault(__name__, []).append(asked.id)
    return asked


def failed_lately(found: Job | None) -> bool:
    """Did it fail within the hour? Then whoever merely opens an address does not ask for it again."""
    if found is None or found.state != JobState.FAILED or found.ended_at is None:
        return False
    return found.ended_at > now() - AGAIN_AFTER


class Failure(NamedTuple):
    """A job that broke: what it was to do, and its row, whose number the log names too."""

    title: str
    job: Job


def failures(session: Session) -> list[Failure]:
    """What broke on our side within a week, the last first; a refused file is its owner's matter."""
    asked = select(Job).where(Job.state == JobState.FAILED, Job.ended_at > now() - RECENT)
    asked = asked.order_by(Job.asked_at.desc())
    ours = {str(BROKEN), str(GIVEN_UP)}
    found = [one for one in session.scalars(asked) if one.result.get("error") in ours]
    return [Failure(str(TITLES.get(one.name, one.name)), one) for one in found[:MOST_TOLD]]


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    if not session.in_nested_transaction():
        for job_id in session.info.pop(__name__, ()):
            bell().ring(job_id)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(__name__, None)


def init_app(app: Flask) -> None:
    """Give the application its bell."""
    answers: dict[str, Callable[..., object]] = {
        "perform": perform,
        "every_minute": take_up,
        "now_and_then": tidy_often,
        "every_night": tidy,
    }
    app.extensions["nok_bell"] = Bell(app, answers)


def bell() -> Bell:
    """The bell of this application."""
    return cast(Bell, current_app.extensions["nok_bell"])


def perform(job_id: str) -> None:
    """Do a waiting job, unless somebody has begun it already."""
    claim = _claimed(job_id)
    if claim is None:
        return
    name, arguments, attempt = claim
    progress = Progress()
    with _heartbeat(job_id, attempt, progress):
        state, result = _outcome(job_id, name, arguments, progress)
    db.session.remove()
    ended = {"state": state, "result": result, "ended_at": now()}
    with writing() as session:
        session.execute(_mine(job_id, attempt).values(**ended, done=progress.done, total=progress.total))


def _claimed(job_id: str) -> tuple[str, dict[str, Any], int] | None:
    taken = (
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.WAITING)
        .values(state=JobState.RUNNING, attempts=Job.attempts + 1, heard_at=now())
        .returning(Job.name, Job.arguments, Job.attempts)
    )
    with writing() as session:
        found = session.execute(taken).one_or_none()
    return (found.name, found.arguments, found.attempts) if found else None


def _mine(job_id: str, attempt: int) -> Any:
    """Whoever was taken for dead and is not writes nothing over the work of an heir."""
    return update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.attempts == attempt)


def _outcome(
    job_id: str, name: str, arguments: dict[str, Any], progress: Progress
) -> tuple[JobState, dict[str, Any]]:
    try:
        return JobState.DONE, JOBS[name](progress, **arguments)
    except Refusal as refusal:
        return JobState.FAILED, {"error": str(refusal) or str(BROKEN)}
    except (
        Exception
    ) as error:  # whoever waits is told that it broke; the log is told where, and nobody's answers
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("job %s (%s) failed\n%s%s", job_id, name, frames, type(error).__name__)
        return JobState.FAILED, {"error": str(BROKEN)}


@contextmanager
def _heartbeat(job_id: str, attempt: int, progress: Progress) -> Iterator[None]:
    """Write down now and then how far the job is, and that its worker lives.

    By a thread of its own, as the job may stand in a write transaction; on SQLite the thread then waits its turn.
    """
    if bell().immediate:  # here whoever asked still holds the turn
        yield
        return
    app, stop = current_app._get_current_object(), threading.Event()  # type: ignore[attr-defined]

    def beat() -> None:
        told: tuple[int, int | None] = (0, None)
        heard = now()
        while not stop.wait(BEAT_SECONDS):
            far = (progress.done, progress.total)
            if far != told or now() - heard > HEARD_EVERY:
                told, heard = far, now()
                with app.app_context():
                    _write_down(_mine(job_id, attempt).values(done=far[0], total=far[1], heard_at=heard))

    thread = threading.Thread(target=beat, name=f"heart-{job_id[:8]}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _write_down(statement: Any) -> None:
    try:
        with writing() as session:
            session.execute(statement)
    except SQLAlchemyError as error:
        log.warning("progress is not written down: %s", type(error).__name__)


def take_up(alone: bool = False) -> Sequence[str]:
    """Begin anew what dead workers left, ring again for what nobody heard; the numbers of what was rung for.

    `alone`: no other worker can be alive, so whatever runs is dead.
    """
    dead = Job.state == JobState.RUNNING
    forgotten = Job.state == JobState.WAITING
    if not alone:
        dead &= Job.heard_at < now() - DEAD_AFTER
        forgotten &= Job.asked_at < now() - FORGOTTEN_AFTER
    if db.session.scalar(select(Job.id).where(dead).limit(1)) is not None:
        with writing() as session:
            given_up = {"state": JobState.FAILED, "result": {"error": str(GIVEN_UP)}, "ended_at": now()}
            hopeless = dead & (Job.attempts >= MOST_ATTEMPTS)
            for job_id in session.scalars(select(Job.id).where(hopeless)):
                log.error("job %s given up: its worker died %s times", job_id, MOST_ATTEMPTS)
            session.execute(update(Job).where(hopeless).values(**given_up))
            session.execute(update(Job).where(dead).values(state=JobState.WAITING))
    waiting = db.session.scalars(select(Job.id).where(forgotten).order_by(Job.asked_at)).all()
    db.session.rollback()
    if not waiting or not bell().is_quiet():
        return []
    for job_id in waiting:
        bell().ring(job_id)
    return waiting


def tidy() -> None:
    """The work of a night; what fails spoils nothing of the rest."""
    _each("nightly", NIGHTLY)


def tidy_often() -> None:
    """The work of every ten minutes, in the same way."""
    _each("frequent", OFTEN)


def _each(when: str, works: Sequence[Callable[[], None]]) -> None:
    for work in works:
        try:
            work()
        except Exception as error:  # of any kind: the next one must have its turn
            db.session.rollback()
            told = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s %s failed\n%s", when, work.__name__, told)


@every_night
def _forget_ended() -> None:
    with writing() as session:
        session.execute(delete(Job).where(Job.ended_at < now() - KEPT))
