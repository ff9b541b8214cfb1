"""Long work as whoever asked for it sees it: how far it is, what came of it, where to go on."""

from flask import Blueprint, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts import access
from accounts.models import Duty, Role
from surveys.clock import now
from surveys.db import db
from surveys.display import thousands
from surveys.jobs import Job, JobState, Shown
from surveys.queue import TITLES
from surveys.refusals import NotFound

bp = Blueprint("jobs", __name__, url_prefix="/operator/jobs")
access.only(bp, Role.OPERATOR)

LONG_WAIT_SECONDS = 30


def shown(job: Job) -> Shown:
    """A job in words; other pages show it by the same component."""
    title = str(TITLES.get(job.name, _("Работа")))
    return Shown.of(job, title, _words(job), url_for("jobs.state", job_id=job.id))


def _words(job: Job) -> str:
    if job.state == JobState.FAILED:
        return str(job.result.get("error", ""))
    if job.state == JobState.DONE:
        return str(job.result.get("text") or _("Готово."))
    if job.state == JobState.WAITING:
        late = (now() - job.asked_at).total_seconds() > LONG_WAIT_SECONDS
        words = _l("Ещё не началось: впереди другая долгая работа.") if late else _l("Ждёт своей очереди.")
        return str(words)
    if not job.total:
        return str(_("Идёт."))
    return str(_("Сделано %(done)s из %(total)s.", done=thousands(job.done), total=thousands(job.total)))


@bp.get("/<job_id>")
def show(job_id: str) -> ResponseReturnValue:
    """The page of one job; when it is done it leads on by itself."""
    job = _job(job_id)
    if job.state == JobState.DONE and job.leads_to:
        return redirect(job.leads_to, 303)
    return render_template("operator/job.html", job=shown(job))


@bp.get("/<job_id>/state")
def state(job_id: str) -> ResponseReturnValue:
    """The same for progress.js."""
    told = shown(_job(job_id))
    return jsonify(
        {name: getattr(told, name) for name in ("text", "done", "total", "ended", "failed", "leads_to")}
    )


def _job(job_id: str) -> Job:
    """One's own job, or anybody's for those who answer for the team."""
    user, found = access.the_user(), db.session.get(Job, job_id[:32])
    if found is None or (found.asked_by != user.login and user.duty not in (Duty.HEAD, Duty.VERIFIER)):
        raise NotFound(job_id)
    return found
