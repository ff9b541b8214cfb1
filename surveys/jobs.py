"""Long work in the background, with progress. (the table; the queue itself stands in surveys.queue)"""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import JSON, CheckConstraint, DateTime, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNDER_WAY = text(
    "state in ('waiting', 'running')"
)  # asked for every minute; of those that ended it holds none


class Job(Base):
    """One piece of long work: who asked, how far it is, what came of it. `id` is random: nobody guesses another's.

    `attempts` and `heard_at` tell whether whoever began it is still alive; `leads_to` is where the asker goes on.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="state"),
        Index("ix_job_state", "state", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default=JobState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    leads_to: Mapped[str] = mapped_column(String(300), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    heard_at: Mapped[datetime | None] = mapped_column(DateTime)
    asked_by: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime] = mapped_column(DateTime)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime)


class Shown(NamedTuple):
    """A job for components/progress.html; `total` None: nobody knows yet how much there is."""

    title: str
    state: str
    text: str
    done: int
    total: int | None
    ended: bool
    failed: bool
    state_url: str
    leads_to: str

    @classmethod
    def of(cls, job: Job, title: str, text: str, state_url: str) -> "Shown":
        """How far it is, in whoever's words."""
        failed, ended = job.state == JobState.FAILED, job.ended_at is not None
        return cls(title, job.state, text, job.done, job.total, ended, failed, state_url, job.leads_to)
