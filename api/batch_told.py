"""A file as the program that brought it reads of it: counts, columns, rows that were refused; no answers."""

from typing import Any

from flask import current_app, url_for

from accounts.models import ApiToken
from api.told import address, links
from operator_app.files import batches, kinds, storage
from surveys.answers import Look
from surveys.batches import Batch, State
from surveys.channels import BY_NUMBER
from surveys.db import db
from surveys.jobs import JobState

COUNTED = ("rows", "accepted", "updated", "repeated", "refused_rows", "warned_rows")
WAITING = (State.UPLOADED, State.CHECKED)


def batch(found: Batch) -> dict[str, Any]:
    """How far a file is, and what may be done with it."""
    job = batches.job_of(db.session(), found)
    working = batches.under_way(job)
    seen = None if working else _look(found)
    failed = job is not None and job.state == JobState.FAILED
    error = str(job.result.get("error", "")) if job is not None and failed else ""
    here = {"batch_id": found.id}
    desk = url_for("files.batch", campaign_id=found.campaign_id, batch_id=found.id)
    return {
        "id": found.id,
        "campaign": found.campaign_id,
        "kind": found.kind,
        "channel": BY_NUMBER[found.channel].id if found.channel else None,
        "file": {"name": found.file_name, "sha256": found.file_sha256},
        "state": found.state,
        "working": working,
        "progress": {"done": job.done, "total": job.total} if job is not None and working else None,
        "error": error or str(found.report.get("refusal", "")),
        "report": _report(found.report),
        "columns": [_column(one) for one in seen.columns] if seen else [],
        "needs_person": found.state == State.UPLOADED and seen is not None,
        "made_at": f"{found.made_at.isoformat(timespec='seconds')}Z",
        "links": {
            **links(
                self=("api_files.batch", here),
                rows=("api_files.rows", here),
                commit=("api_files.commit", here),
                undo=("api_files.undo", here),
            ),
            "desk": f"{current_app.config['BASE_URL']}{desk}",
        },
    }


def _look(found: Batch) -> Look | None:
    """How a file is understood, while it waits to be counted."""
    told = storage.read_look(found.kept_as) if found.state in WAITING and found.kept_as else None
    return kinds.look_of(told) if told else None


def _report(report: dict[str, Any]) -> dict[str, Any] | None:
    if "accepted" not in report:
        return None
    notes = [str(note) for note in report.get("notes", ())]
    return {"notes": notes, **{name: report.get(name, 0) for name in COUNTED}}


def _column(one: Any) -> dict[str, Any]:
    return {"letter": one.letter, "heading": one.heading, "target": one.target, "sure": one.sure}


def token(one: ApiToken) -> dict[str, Any]:
    """What a token allows."""
    reached = [
        {
            "id": place.campaign_id,
            "title": place.campaign.title,
            "year": place.campaign.year,
            "stage": place.campaign.stage,
            "links": {"answers": address("api_files.upload", campaign_id=place.campaign_id)},
        }
        for place in one.scope
    ]
    return {
        "name": one.name,
        "rights": one.rights,
        "ends_on": one.ends_on.isoformat(),
        "campaigns": reached,
    }
