"""Workbooks of campaigns, kept beside their other documents: a small one is made at once, a large one by the worker."""

import time
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from council.shelf import kept, read_inside, shelf
from documents import exports
from documents.workbook.book import campaign_xlsx
from surveys import queries
from surveys.db import db, writing
from surveys.handover import digest
from surveys.jobs import Job, JobState
from surveys.queue import Progress, every_night, job, later
from surveys.refusals import Busy, NotFound
from surveys.results import CampaignResults

#: Grows when the same figures would make another workbook.
MAKING = 1
#: Organisations: so many are written in half a second, more are left to the worker.
AT_ONCE = 300
KEPT_SECONDS = 2 * 86_400
NAME = "make-workbook"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(found: CampaignResults, by: str, *, inside: bool) -> bytes:
    """The workbook of these results; `inside`: of what the council reads. Raises Busy while the worker makes it."""
    file = _file(found)
    if not file.exists() and len(found.standings) <= AT_ONCE:
        _put(file, campaign_xlsx(found))
    if not file.exists():
        _ask(found.facts.id, by, inside)
    if not file.exists():
        raise Busy(file.name)
    return file.read_bytes()


@job(NAME, _l("Составляем таблицу с формулами"))
def make(progress: Progress, campaign_id: int, inside: bool) -> dict[str, Any]:
    """Make a campaign's workbook, unless it is there; the figures are those of now."""
    campaign = queries.campaign(db.session(), campaign_id)
    if campaign is None:
        raise NotFound(str(campaign_id))
    found = read_inside(campaign) if inside else kept(campaign)
    file = _file(found)
    db.session.rollback()  # writing takes seconds: nothing is read meanwhile
    if not file.exists():
        _put(file, campaign_xlsx(found, progress))
    return {"text": str(_("Таблица готова."))}


def _ask(campaign_id: int, by: str, inside: bool) -> None:
    wanted: dict[str, Any] = {"campaign_id": campaign_id, "inside": inside}
    with writing() as session:
        under_way = Job.state.in_((JobState.WAITING, JobState.RUNNING))
        asked = session.scalars(select(Job).where(Job.name == NAME, under_way))
        if not any(one.arguments == wanted for one in asked):
            later(session, NAME, by, **wanted)


def _file(found: CampaignResults) -> Path:
    key = digest([MAKING, found.facts.stage, exports.campaign_json(found)])
    return shelf().folder / f"{key}.xlsx"


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_suffix(f".{time.monotonic_ns()}.part")
    part.write_bytes(content)
    part.replace(file)


@every_night
def sweep() -> None:
    """Drop what was made days ago: it can be made again."""
    for file in shelf().folder.glob("*.xlsx"):
        if file.stat().st_mtime < time.time() - KEPT_SECONDS:
            file.unlink(missing_ok=True)
