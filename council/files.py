"""Files of a campaign's results beside its PDF: the workbook with formulas, the document to be edited.

A small one is made at once, a large one by the worker; either is kept for whoever asks next.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from council.bound import proposals
from council.shelf import KEPT_SECONDS, kept, read_inside, shelf
from documents import exports, keeping
from documents.council_report import council_report, stamp
from documents.report_docx import report_docx
from documents.workbook.book import campaign_xlsx
from surveys import handover, queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.handover import digest
from surveys.jobs import Job, JobState
from surveys.queue import Progress, every_night, failed_lately, job, later
from surveys.refusals import Busy, NotFound, Undrawn
from surveys.results import CampaignResults

#: Grows when the same figures would make another file.
MAKING = 1
#: Organisations: so many are written in about half a second, more are left to the worker.
AT_ONCE = 300
NAME = "make-results-file"
KINDS = ("xlsx", "docx")
Told = Callable[[int, int], None]


def file_of(found: CampaignResults, kind: str, by: str, *, inside: bool) -> bytes:
    """A file of these results; `inside`: of what the council reads.

    Raises Busy while the worker makes it, Undrawn where it could not.
    """
    file = _place(found, kind, inside=inside)
    if not file.exists() and len(found.standings) <= AT_ONCE:
        keeping.put(file, made(found, kind, inside=inside))
    if not file.exists():
        _ask(by, {"campaign_id": found.facts.id, "kind": kind, "inside": inside})
    if not file.exists():
        raise Busy(file.name)
    return file.read_bytes()


def made(found: CampaignResults, kind: str, progress: Told | None = None, *, inside: bool) -> bytes:
    """The file, made now."""
    if kind == "xlsx":
        return campaign_xlsx(found, progress)
    report = council_report(found, proposals(found.facts, inside=inside))
    db.session.rollback()  # writing takes seconds: nothing is read meanwhile
    return report_docx(report, stamp(found.facts, today().isoformat()))


@job(NAME, _l("Составляем файл результатов"))
def make(progress: Progress, campaign_id: int, kind: str, inside: bool) -> dict[str, Any]:
    """Make a file of a campaign's results, unless it is there."""
    campaign = queries.campaign(db.session(), campaign_id)
    if campaign is None:
        raise NotFound(str(campaign_id))
    found = read_inside(campaign) if inside else kept(campaign)
    file = _place(found, kind, inside=inside)
    if not file.exists():
        keeping.put(file, made(found, kind, progress, inside=inside))
    return {"text": str(_("Файл готов."))}


def _ask(by: str, wanted: dict[str, Any]) -> None:
    with writing() as session:
        asked = session.scalars(select(Job).where(Job.name == NAME).order_by(Job.asked_at.desc()).limit(50))
        last = next((one for one in asked if one.arguments == wanted), None)
        if failed_lately(last):
            raise Undrawn(str(wanted["kind"]))
        if last is None or last.state not in (JobState.WAITING, JobState.RUNNING):
            later(session, NAME, by, **wanted)


def _place(found: CampaignResults, kind: str, *, inside: bool) -> Path:
    told: list[Any] = [MAKING, found.facts.stage, "inside" if inside else "outside"]
    if kind == "docx":  # it says the day, and the operator's proposals
        package = handover.latest(db.session(), found.facts.id) if inside or found.facts.issue else None
        told += [today().isoformat(), package.sha256 if package else ""]
    if found.facts.issue:  # its hash says what thousands of organisations would have to be written out for
        told.append(found.facts.issue.sha256)
    elif (
        len(found.standings) > AT_ONCE
    ):  # growing figures must not ask for another file before this one is made
        newest = handover.latest(db.session(), found.facts.id) if inside else None
        told += [today().isoformat(), [newest.sha256, newest.state] if newest else []]
    else:
        told.append(exports.campaign_json(found))
    return shelf().folder / f"{digest(told)}.{kind}"


@every_night
def sweep() -> None:
    """Drop what was made days ago: it can be made again."""
    for kind in (*KINDS, "csv", "json"):  # open data too: the same release gives the same bytes
        keeping.sweep(shelf().folder.glob(f"*.{kind}"), KEPT_SECONDS)
