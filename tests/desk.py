"""A campaign's desk with one of each thing on it: what the addresses of the operator's pages are filled with."""

from typing import Any

from build import a_user
from sqlalchemy import select

from accounts.models import Role, User
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.queue import now


def furnished(campaign_id: int, code: str) -> dict[str, Any]:
    """URL parameter → its value, after putting the thing on the desk of this campaign and organisation."""
    return {"user_id": _somebody(), "job_id": _a_job()}


def _somebody() -> int:
    login = a_user(Role.AUTHORITY, login="somebody")
    return db.session.scalars(select(User.id).where(User.login == login)).one()


def _a_job() -> str:
    """Long work of the operator's, half done."""
    with writing() as session:
        session.add(
            Job(
                id="j" * 32,
                name="files.check",
                arguments={},
                state=JobState.RUNNING,
                done=12_000,
                total=98_400,
                asked_by=Role.OPERATOR.value,
                asked_at=now(),
                heard_at=now(),
            )
        )
    return "j" * 32
