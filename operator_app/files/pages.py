"""The pages of the files: each gathers what its template shows and writes nothing."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import access
from operator_app import jobs
from operator_app.files import batches, blanks, mapping, screens, storage
from operator_app.files.forms import UploadForm
from operator_app.files.kinds import look_of
from surveys import overview, paging
from surveys.answers import Look
from surveys.batches import Batch, State
from surveys.db import db
from surveys.jobs import Job, JobState
from surveys.models import Campaign, Stage

PAGE_SIZE = 30
MOST_OFFERED = 500
WAITING = (State.UPLOADED, State.CHECKED)


def listed(campaign: Campaign, form: UploadForm) -> ResponseReturnValue:
    """What was brought, and the form for one more; 422 when the form was refused."""
    session = db.session()
    page = paging.asked(request.args)
    total, found = batches.of_campaign(session, campaign.id, page, PAGE_SIZE)

    return render_template(
        "operator/files/index.html",
        campaign=_line(campaign),
        collects=campaign.stage == Stage.COLLECTING,
        form=form,
        lines=screens.lines(session, found),
        pages=paging.pages(
            page, total, PAGE_SIZE, lambda n: url_for("files.index", campaign_id=campaign.id, page=n)
        ),
        blanks=blanks.offered(campaign),
        tokens_url=url_for("tokens.index") if access.may_open("tokens.index") else None,
    ), 422 if form.errors else 200


def of(campaign: Campaign, batch: Batch) -> ResponseReturnValue:
    """A file, as far as it is: worked on, waiting for its columns, or reported on."""
    job = batches.job_of(db.session(), batch)
    if job is not None and batches.under_way(job):
        return _page("working", campaign, batch, job=jobs.shown(job))
    return columns(campaign, batch) if batch.state == State.UPLOADED else _report(campaign, batch)


def columns(campaign: Campaign, batch: Batch, told: dict[str, Any] | None = None, refusal: str = "") -> Any:
    """How the columns are understood; with a refusal, as they were sent."""
    busy = batches.under_way(batches.job_of(db.session(), batch))
    if batch.state not in WAITING or busy:
        return of(campaign, batch)
    seen = look(batch)
    if seen is None:
        return _page("unread", campaign, batch)
    chosen = {
        **seen.mapping,
        **{int(index): target for index, target in (told or {}).get("columns", {}).items()},
    }
    session = db.session()
    return _page(
        "columns",
        campaign,
        batch,
        seen=seen,
        columns=mapping.columns(seen),
        chosen=chosen,
        previewed=mapping.previewed(seen),
        notes=mapping.notes(seen),
        gaps=mapping.gaps(seen),
        absent=mapping.absent(seen),
        has_organization=mapping.has_organization(seen),
        organizations=blanks.organizations(session, campaign.id, MOST_OFFERED),
        twins=screens.lines(session, batches.twins(session, batch)),
        told=told or batch.mapping,
        refusal=refusal,
    ), 422 if refusal else 200


def look(batch: Batch) -> Look | None:
    """How the file was understood, while it is kept."""
    told = storage.read_look(batch.kept_as) if batch.kept_as else None
    return look_of(told) if told else None


def undoing(campaign: Campaign, batch: Batch) -> ResponseReturnValue:
    """What would disappear; anything but a counted file is shown as it is."""
    if batch.state != State.COUNTED or batches.under_way(batches.job_of(db.session(), batch)):
        return of(campaign, batch)
    return _page("undo", campaign, batch, taken=batches.taken(db.session(), batch.id))


def _report(campaign: Campaign, batch: Batch) -> ResponseReturnValue:
    session, report = db.session(), batch.report
    reviewer = batch.reviewed_by or ""
    return _page(
        "report",
        campaign,
        batch,
        report=report,
        reasons=screens.reasons(report),
        warnings=screens.reasons(report, "warnings"),
        broken=screens.broken_promises(report) if batch.state == State.COUNTED else (),
        needs_eyes=screens.needs_eyes(report),
        reviewer=batches.names(session, {reviewer}).get(reviewer, reviewer),
        twins=screens.lines(session, batches.twins(session, batch)),
        listed=bool(batch.kept_as) and storage.place_of(batch.kept_as, storage.REFUSED).exists(),
    )


def _page(name: str, campaign: Campaign, batch: Batch, **given: Any) -> str:
    session = db.session()
    return render_template(
        f"operator/files/{name}.html",
        campaign=_line(campaign),
        batch=batch,
        line=screens.lines(session, [batch])[0],
        failure=_failure(batches.job_of(session, batch)),
        collects=campaign.stage == Stage.COLLECTING,
        **given,
    )


def _failure(job: Job | None) -> str:
    """Why the last work came to nothing, if it did."""
    return str(job.result.get("error", "")) if job is not None and job.state == JobState.FAILED else ""


def _line(campaign: Campaign) -> overview.Line:
    address = url_for("operator.campaign", campaign_id=campaign.id)
    return overview.lines(db.session(), [campaign], lambda _campaign: address)[0]
