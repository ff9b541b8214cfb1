"""Posters of a campaign made in the background: the job, the folder it grows in, how it is told of."""

import secrets
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from studio import disk
from surveys import bundles, display, paper, posters
from surveys.bundles import Order
from surveys.db import db
from surveys.jobs import Job, JobState
from surveys.queue import KEPT, Progress, every_night, job, later
from surveys.refusals import Refusal

NAME = "studio.posters"


class Shown(NamedTuple):
    """One bundle in a list of them."""

    title: str
    asked_at: datetime
    text: str
    failed: bool
    page_url: str
    file_url: str
    list_url: str


def ask(
    session: Session, campaign_id: int, base_url: str, by: str, leads_to: str, wanted: dict[str, Any]
) -> Job:
    """Have posters made, unless the same person's same wish waits or is carried out; inside writing()."""
    under_way = Job.name == NAME, Job.asked_by == by, Job.state.in_((JobState.WAITING, JobState.RUNNING))
    given = {"campaign_id": campaign_id, "base_url": base_url, "wanted": wanted}
    for found in session.scalars(select(Job).where(*under_way)):
        if {name: found.arguments[name] for name in given} == given:
            return found
    key = secrets.token_hex(8)
    return later(
        session,
        NAME,
        by,
        leads_to=leads_to,
        campaign_id=campaign_id,
        base_url=base_url,
        key=key,
        wanted=wanted,
    )


@job(NAME, _l("Делаем плакаты"))
def draw(
    progress: Progress, campaign_id: int, base_url: str, key: str, wanted: dict[str, Any]
) -> dict[str, Any]:
    """Make them, or go on where a killed worker stopped: the folder says where."""
    chosen = posters.chosen(campaign_id=campaign_id)
    total = posters.how_many(db.session(), chosen) * max(1, len(wanted["places"]))
    progress(0, total)
    feed = posters.run(chosen, base_url, wanted["places"], wanted["languages"])
    lies = sum(one.stat().st_size for one in folder(key).glob("*"))
    room(wanted, total, lies)
    try:
        with disk.filling(folder(key)):
            made = bundles.make(folder(key), order(wanted), feed, progress)
    except paper.UnsuitablePoster as error:  # the address of the service: no poster of any could be made
        raise Refusal(str(error)) from error
    count = made.count - made.refused
    text = ngettext(
        "%(shown)s плакат готов.", "%(shown)s плакатов готово.", count, shown=display.thousands(count)
    )
    if made.refused:
        text += " " + ngettext(
            "%(shown)s не получился: почему, сказано в списке.",
            "%(shown)s не получились: почему, сказано в списке.",
            made.refused,
            shown=display.thousands(made.refused),
        )
    return {"text": text, "bytes": made.file.stat().st_size}


def order(wanted: dict[str, Any]) -> Order:
    """What was asked for, as the press takes it."""
    choice = paper.Choice.of(wanted["format"], wanted["skin"])
    return Order(wanted["kind"], choice, choice.format.kinds[0], listed=True)


def room(wanted: dict[str, Any], count: int, made: int = 0) -> None:
    """Is there room for so many, `made` bytes of which lie there? Raises disk.NoRoom."""
    disk.room(Path(current_app.config["DATA_DIR"]), order(wanted), count, made)


def folder(key: str) -> Path:
    """Where a bundle grows and lies."""
    return Path(current_app.config["DATA_DIR"], "posters", key)


def shown(job: Job) -> Shown:
    """A bundle in words."""
    wanted, ready = job.arguments["wanted"], job.state == JobState.DONE
    choice = paper.Choice.of(wanted["format"], wanted["skin"])
    kind = _("архив") if wanted["kind"] == "zip" else _("один PDF")
    titles = [str(choice.format.title), str(choice.skin.title), str(kind), *wanted["places"]]
    here = {"campaign_id": job.arguments["campaign_id"], "bundle_id": job.id}
    return Shown(
        title=", ".join(titles),
        asked_at=job.asked_at,
        text=_words(job),
        failed=job.state == JobState.FAILED,
        page_url="" if job.ended_at else url_for("jobs.show", job_id=job.id),
        file_url=url_for("studio.bundle", what="file", **here) if ready else "",
        list_url=url_for("studio.bundle", what="list", **here) if ready else "",
    )


def _words(job: Job) -> str:
    if job.state == JobState.FAILED:
        return str(job.result.get("error", ""))
    if job.state == JobState.DONE:
        size = _("%(number)s МБ", number=display.thousands(max(1, round(job.result["bytes"] / 2**20))))
        return f"{job.result['text']} {size}"
    return str(_("Делается."))


@every_night
def _forget_old() -> None:
    """Bundles that nobody can be led to any more."""
    home = Path(current_app.config["DATA_DIR"], "posters")
    for one in home.glob("*"):
        if time.time() - one.stat().st_mtime > KEPT.total_seconds():
            shutil.rmtree(one, ignore_errors=True)
