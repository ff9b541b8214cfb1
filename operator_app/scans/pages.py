"""The pages of scans: each gathers what its template shows and writes nothing."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts import access
from accounts.models import Duty
from operator_app import jobs
from operator_app.files.batches import job_of, names, under_way
from operator_app.scans import batches, sureness, words
from operator_app.scans.batches import Counts, Found
from operator_app.scans.forms import MOST_FILES, DestroyForm, UploadForm
from operator_app.scans.sureness import Left
from paper import needed, quality, reading, reviewing, settling
from paper import words as paper_words
from paper.tables import SheetState
from surveys import paging
from surveys.batches import State
from surveys.clock import local, today
from surveys.db import db
from surveys.display import thousands
from surveys.jobs import Job, JobState
from surveys.models import Campaign, Stage

PAGE_SIZE = 30
MOST_SHOWN = 200
STATES = words.SHEETS
#: Doors to pages that other modules draw; one that is not there is not offered.
FORMS, REVIEW = "scans.forms", "scans.review"


class Line(NamedTuple):
    """One batch of the list."""

    id: int
    title: str
    filled_on: date
    who: str
    files: str
    sheets: Counts
    state: str
    look: str
    url: str


def usual_day(campaign: Campaign) -> date:
    """Today, or the campaign's own day nearest to it."""
    return min(max(today(), campaign.starts_on), campaign.ends_on)


def listed(campaign: Campaign, form: UploadForm) -> ResponseReturnValue:
    """What was scanned, and the form for more; 422 when the form was refused."""
    session = db.session()
    page = paging.asked(request.args)
    total, found = batches.of_campaign(session, campaign.id, page, PAGE_SIZE)

    return render_template(
        "operator/scans/index.html",
        campaign=campaign,
        collects=campaign.stage == Stage.COLLECTING,
        reads=reading.available(),
        form=form,
        most_files=MOST_FILES,
        lines=lines(found),
        pages=paging.pages(
            page, total, PAGE_SIZE, lambda n: url_for("scans.index", campaign_id=campaign.id, page=n)
        ),
        ways=ways(campaign.id),
    ), 422 if form.errors else 200


def ways(campaign_id: int) -> dict[str, str]:
    """Where else one goes from here: «Бланки», and whatever else there is for the one who looks."""
    return {
        endpoint.partition(".")[2]: url_for(endpoint, campaign_id=campaign_id)
        for endpoint in (FORMS, REVIEW)
        if endpoint in current_app.view_functions and access.may_open(endpoint)
    }


def lines(found: list[Found]) -> list[Line]:
    """Batches of a list, with who brought them and where their sheets are."""
    session = db.session()
    known = names(session, {one.batch.made_by for one in found})
    counts, left = batches.counts(session, found), sureness.left(session, found)
    return [
        line(one, counts[one.batch.id], left[one.batch.id], known.get(one.batch.made_by, one.batch.made_by))
        for one in found
    ]


def line(found: Found, counts: Counts, left: Left, who: str) -> Line:
    """One batch in words."""
    told = [str(one.get("name", "")) for one in found.scans.files]
    state, look = state_of(found, counts, left)
    return Line(
        id=found.batch.id,
        title=_("Пакет № %(number)s", number=found.batch.id) + f" · {moment(found.batch.made_at)}",
        filled_on=found.scans.filled_on,
        who=who,
        files=told[0] if len(told) == 1 else _("файлов: %(count)s", count=thousands(len(told))),
        sheets=counts,
        state=state,
        look=look,
        url=url_for("scans.batch", campaign_id=found.batch.campaign_id, scans_id=found.batch.id),
    )


def state_of(found: Found, counts: Counts, left: Left) -> tuple[str, str]:
    """How far a batch is: words and their look."""
    if under_way(job_of(db.session(), found.batch)):
        return _("… читается"), "plain"
    if found.batch.state == State.UNDONE:
        return _("↩ отменён"), "plain"
    if found.batch.state == State.REFUSED:
        return _("✕ не принят"), "bad"
    if found.batch.state != State.COUNTED:
        return _("! не дочитан"), "bad"
    if not counts.sheets and all(one.get("refusal") for one in found.scans.files):
        return _("✕ не принят"), "bad"
    if counts.waiting or left.marks or left.words or (left.disputed and _checks()):
        return _("? ждёт человека"), "warn"
    return _("✓ разобран"), "ok"


def _checks() -> bool:
    """May whoever looks decide as the second person? Others are not told of disputes: some were about samples."""
    return access.the_user().duty in (Duty.HEAD, Duty.VERIFIER)


def moment(at: datetime) -> str:
    """A moment by the clock of the service's own place."""
    return str(format_datetime(local(at), "d MMMM, HH:mm", rebase=False))


def of(campaign: Campaign, found: Found) -> ResponseReturnValue:
    """A batch, as far as it is: read now, or reported on."""
    job = job_of(db.session(), found.batch)
    if job is not None and under_way(job):
        return page("working", campaign, found, job=jobs.shown(job))
    return _report(campaign, found, job)


def _report(campaign: Campaign, found: Found, job: Job | None) -> ResponseReturnValue:
    session, user = db.session(), access.the_user()
    left = sureness.left(session, [found])[found.batch.id]
    sure = (
        None if left.marks else sureness.sure_share(session, found.batch.id)
    )  # it tells doubts from samples
    mine = [one for one in reviewing.disputes(session, campaign, user) if one.batch_id == found.batch.id]
    files = batches.files(session, found)
    return page(
        "batch",
        campaign,
        found,
        failure=str(job.result.get("error", "")) if job is not None and job.state == JobState.FAILED else "",
        unread=found.batch.state not in (State.COUNTED, State.UNDONE, State.REFUSED),
        undone=found.batch.state == State.UNDONE,
        report=settling.report(session, found.batch.id),
        waiting=[
            (reason, count, _said(reason), words.ADVICE.get(reason, ""))
            for reason, count in batches.waiting_by_reason(session, found.batch.id).items()
        ],
        waits=batches.places(session, found, (SheetState.WAITING,), MOST_SHOWN),
        spoiled=batches.places(session, found, (SheetState.SPOILED,), MOST_SHOWN),
        repeated=batches.places(session, found, (SheetState.REPEATED,), MOST_SHOWN),
        files=files,
        refused=[file for file in files if file.refusal],
        left=left,
        all_marks=reviewing.left(session, campaign.id),
        all_words=reviewing.left(session, campaign.id, words=True),
        disputed=left.disputed if _checks() else 0,
        my_disputes=len(mine),
        review=ways(campaign.id).get("review", ""),
        sure=sure,
        sure_percent=_percent(sure[1]) if sure else "",
        quality=quality.of_batch(session, found.batch.id) if _checks() else None,
        may_undo=_checks(),
        may_destroy=user.duty == Duty.HEAD,
    )


def _said(reason: str) -> str:
    return paper_words.said(reason) if reason else str(_l("Ждёт человека"))


def _percent(share: Fraction) -> str:
    """Two places and never rounded up to a whole: «99,98 %»."""
    hundredths = int(share * 10_000)
    return f"{hundredths // 100},{hundredths % 100:02}\u202f%"


def undoing(campaign: Campaign, found: Found) -> ResponseReturnValue:
    """What undoing a batch takes away; one that is read at this moment is shown as it is."""
    if under_way(job_of(db.session(), found.batch)):
        return of(campaign, found)
    elsewhere = batches.also_elsewhere(db.session(), found.batch.id)
    return page("undo", campaign, found, elsewhere=elsewhere)


def destroying(campaign: Campaign, found: Found, form: DestroyForm) -> ResponseReturnValue:
    """What is lost with the pictures, and when; 422 when the form was refused."""
    if found.scans.destroyed_at is not None or under_way(job_of(db.session(), found.batch)):
        return of(campaign, found)
    left = sureness.left(db.session(), [found])[found.batch.id]
    return page(
        "destroy",
        campaign,
        found,
        form=form,
        left=left,
        needed=needed.of(db.session(), found.batch),
    ), 422 if form.errors else 200


def page(name: str, campaign: Campaign, found: Found, **given: Any) -> str:
    """A page of one batch."""
    session = db.session()
    return render_template(
        f"operator/scans/{name}.html",
        campaign=campaign,
        collects=campaign.stage == Stage.COLLECTING,
        batch=found.batch,
        scans=found.scans,
        line=lines([found])[0],
        counts=batches.counts(session, [found])[found.batch.id],
        most_shown=MOST_SHOWN,
        here={"campaign_id": campaign.id, "scans_id": found.batch.id},
        **given,
    )
