"""Batches of one campaign: which there are, who works on one now, what undoing one would take away.

Every change of state is one UPDATE with the state it changes from, so of two who press at once one does the work.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from operator_app.files.storage import Kept
from surveys import queue
from surveys.answers import handing
from surveys.batches import Batch, Declared, Kind, Replaced, State
from surveys.channels import Channel
from surveys.clock import to_the_second
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Inspection, Response
from surveys.refusals import NotFound, Stale

FILES = (Kind.ANSWERS, Kind.COUNTERS, Kind.CHECKLISTS)
UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


class Taken(NamedTuple):
    """What stands in the figures because of one batch."""

    responses: int
    organizations: int
    replaced: int
    declared: int
    inspections: int
    kept: int


def of_campaign(session: Session, campaign_id: int, page: int, size: int) -> tuple[int, Sequence[Batch]]:
    """How many files there are, and one page of them, newest first."""
    mine = (Batch.campaign_id == campaign_id, Batch.kind.in_(FILES))
    total = session.scalar(select(func.count()).select_from(Batch).where(*mine)) or 0
    found = select(Batch).where(*mine).order_by(Batch.id.desc()).limit(size).offset((page - 1) * size)
    return total, session.scalars(found).all()


def one(session: Session, campaign_id: int, batch_id: int) -> Batch:
    """A file of this campaign. Raises NotFound."""
    found = session.get(Batch, batch_id)
    if found is None or found.campaign_id != campaign_id or found.kind not in FILES:
        raise NotFound(str(batch_id))
    return found


def twins(session: Session, batch: Batch) -> Sequence[Batch]:
    """Batches of the very same bytes that are counted in this campaign."""
    mine = (Batch.campaign_id == batch.campaign_id, Batch.kind.in_(FILES), Batch.id != batch.id)
    same = (Batch.file_sha256 == batch.file_sha256, Batch.file_sha256 != "", Batch.state == State.COUNTED)
    return session.scalars(select(Batch).where(*mine, *same).order_by(Batch.id)).all()


def job_of(session: Session, batch: Batch) -> Job | None:
    """The last work on a file, under way or ended."""
    return session.get(Job, batch.job_id) if batch.job_id else None


def under_way(job: Job | None) -> bool:
    """Is somebody working on it now?"""
    return job is not None and job.state in UNDER_WAY


def names(session: Session, logins: Collection[str]) -> Mapping[str, str]:
    """Login → how the person is called."""
    found = session.execute(select(User.login, User.name).where(User.login.in_(logins)))
    return {login: name or login for login, name in found}


def bring(
    session: Session,
    kept: Kept,
    name: str,
    job: str,
    leads_to: Callable[[int], str],
    *,
    campaign_id: int,
    kind: str,
    channel: Channel | None,
    by: str,
    mapping: Mapping[str, Any] | None = None,
    **detail: str,
) -> Batch:
    """A new batch of a file that is kept, and the asking to read it, in the caller's transaction.

    `leads_to`: the batch's number → where the asker goes on; `detail` is for the trail.
    """
    batch = Batch(
        campaign_id=campaign_id,
        kind=kind,
        state=State.UPLOADED,
        channel=channel.number if channel else None,
        file_name=name,
        file_sha256=kept.sha256,
        kept_as=kept.name,
        mapping={**(mapping or {}), **({"channel": channel.id} if channel else {})},
        made_by=by,
        made_at=to_the_second(),
    )
    session.add(batch)
    session.flush()
    asked = queue.later(session, job, by, leads_to=leads_to(batch.id), batch_id=batch.id, by=by)
    batch.job_id, subject = asked.id, f"{campaign_id}/{batch.id}"
    audit.record(session, by, "file-uploaded", subject, file=name, sha256=kept.sha256, **detail)
    return batch


def begin(
    batch: Batch,
    seen: str,
    states: Collection[State],
    name: str,
    by: str,
    leads_to: str,
    *,
    token: str = "",
    **changes: Any,
) -> None:
    """Ask for work on a file as it was seen: with this last job, in one of these states. Raises Stale.

    Whoever pressed a moment earlier has put a job of their own there, and this one is not asked for.
    A program's asking is told to the trail: `token` is the name of its token.
    """
    busy = select(Job.id).where(Job.id == Batch.job_id, Job.state.in_(UNDER_WAY)).exists()
    with writing() as session:
        job = queue.later(session, name, by, leads_to=leads_to, batch_id=batch.id, by=by)
        won = session.execute(
            update(Batch)
            .where(Batch.id == batch.id, Batch.state.in_(states), ~busy)
            .where(func.coalesce(Batch.job_id, "") == seen)
            .values(job_id=job.id, **changes)
            .returning(Batch.id)
            .execution_options(synchronize_session=False)
        )
        if won.first() is None:
            raise Stale(_("Пока вы смотрели, с этим файлом уже поработали. Дважды ничего не сделано."))
        if token:
            act = "file-count-asked" if name == "files.count" else "file-undo-asked"
            audit.record(session, by, act, f"{batch.campaign_id}/{batch.id}", token=token)


def changed(
    session: Session, batch_id: int, states: Collection[State], *besides: ColumnElement[bool], **values: Any
) -> bool:
    """Change a file that nobody works on, in one of these states; False when somebody was faster."""
    busy = select(Job.id).where(Job.id == Batch.job_id, Job.state.in_(UNDER_WAY)).exists()
    done = session.execute(
        update(Batch)
        .where(Batch.id == batch_id, Batch.state.in_(states), ~busy, *besides)
        .values(**values)
        .returning(Batch.id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


def taken(session: Session, batch_id: int) -> Taken:
    """What undoing a counted batch would take out of the figures, and how many older forms it would bring back."""
    responses, organizations = session.execute(
        select(func.count(), func.count(Response.assessment_id.distinct())).where(
            Response.batch_id == batch_id
        )
    ).one()
    replaced = session.scalar(select(func.count()).select_from(Replaced).where(Replaced.batch_id == batch_id))
    counted = select(func.count(), func.coalesce(func.sum(Declared.responses), 0))
    places, declared = session.execute(counted.where(Declared.batch_id == batch_id)).one()
    seen = (
        session.scalar(select(func.count()).select_from(Inspection).where(Inspection.batch_id == batch_id))
        or 0
    )
    kept = handing.to_hand_over(session, batch_id)
    return Taken(responses - kept, organizations or places or seen, replaced or 0, declared, seen, kept)


def kept_names() -> set[str]:
    """The files that some batch still needs."""
    alive = (State.UPLOADED, State.CHECKED)
    return set(db.session.scalars(select(Batch.kept_as).where(Batch.state.in_(alive), Batch.kept_as != "")))
