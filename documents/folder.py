"""Reports as files: drawn once in the background under the hash of what they say, kept beside the database.

A draft is a file of its own each time its figures, its words or its day change; a package's never changes.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents import keeping
from documents.presentation import dated
from documents.report_docx import report_docx
from documents.report_pdf import report_pdf
from surveys.clock import today
from surveys.db import db
from surveys.handover import canonical, digest
from surveys.jobs import Job, JobState
from surveys.queue import Progress, every_night, job, later
from surveys.refusals import NotFound
from surveys.submissions import Package

#: Grows when the same report would be drawn otherwise.
DRAWING = 2
KEPT_SECONDS = 14 * 86_400
KINDS = ("pdf", "docx")
NAME = "draw-report"


class Drawn(NamedTuple):
    """A report's files: its key, whether they are there, the job that draws them if they are not."""

    key: str
    ready: bool
    job: Job | None


def draft_stamp() -> dict[str, Any]:
    """What is printed on a report that was not submitted."""
    day = today()
    return {
        "state": str(_("Проект: совету не отправлен")),
        "foot": str(_("Проект отчёта, составлен %(day)s", day=dated(day))),
        "day": day.isoformat(),
        "sha256": "",
    }


def package_stamp(package: Package) -> dict[str, Any]:
    """What is printed on the report of a package: whatever is decided about it later, its document stays."""
    day = package.submitted_at.date()
    return {
        "state": str(_("Пакет № %(number)s, отправлен %(day)s", number=package.number, day=dated(day))),
        "foot": str(
            _("Пакет № %(number)s · SHA-256 %(hash)s…", number=package.number, hash=package.sha256[:16])
        ),
        "day": day.isoformat(),
        "sha256": package.sha256,
    }


def of(session: Session, report: Mapping[str, Any], stamp: Mapping[str, Any]) -> Drawn:
    """How far the files of this report are."""
    key = digest([DRAWING, report, stamp])
    if all((folder() / f"{key}.{kind}").exists() for kind in KINDS):
        return Drawn(key, True, None)
    asked = select(Job).where(Job.name == NAME).order_by(Job.asked_at.desc()).limit(50)
    return Drawn(
        key, False, next((one for one in session.scalars(asked) if one.arguments["key"] == key), None)
    )


def ask(
    session: Session, report: Mapping[str, Any], stamp: Mapping[str, Any], by: str, leads_to: str
) -> Job | None:
    """Have the files drawn, inside writing(); None when they are there already. One drawing at a time each."""
    found = of(session, report, stamp)
    if found.ready:
        return None
    if found.job is not None and found.job.state in (JobState.WAITING, JobState.RUNNING):
        return found.job
    keeping.put(folder() / f"{found.key}.json", canonical({"report": report, "stamp": stamp}))
    return later(session, NAME, by, leads_to=leads_to, key=found.key)


@job(NAME, _l("Составляем документы отчёта"))
def draw(progress: Progress, key: str) -> dict[str, Any]:
    """Both files of a report that was put down under this key; what is there already stays."""
    source = folder() / f"{key}.json"
    if not source.exists():
        raise NotFound(key)
    held = json.loads(source.read_bytes())
    db.session.rollback()  # drawing takes a minute: nothing is read meanwhile
    if not (folder() / f"{key}.pdf").exists():
        parts = folder() / f"{key}.parts"
        keeping.put(folder() / f"{key}.pdf", report_pdf(held["report"], held["stamp"], parts, progress))
        shutil.rmtree(parts, ignore_errors=True)
    if not (folder() / f"{key}.docx").exists():
        keeping.put(folder() / f"{key}.docx", report_docx(held["report"], held["stamp"]))
    return {"text": str(_("Документы готовы."))}


def read(key: str, kind: str) -> bytes:
    """A drawn file. Raises NotFound."""
    file = folder() / f"{key}.{kind}"
    if kind not in KINDS or not file.exists():
        raise NotFound(key)
    return file.read_bytes()


def folder() -> Path:
    """Where the files are."""
    return Path(current_app.config["DATA_DIR"]) / "reports"


@every_night
def sweep() -> None:
    """Drop what was drawn a fortnight ago: it can be drawn again, a package's word for word."""
    keeping.sweep(folder().glob("*"), KEPT_SECONDS)
    keeping.sweep_parts(folder(), KEPT_SECONDS)
