"""Sheets for every organisation of a campaign as one archive: drawn in the background, kept beside the database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_STORED, ZipFile

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from paper import printing
from paper.tables import PrintRun
from surveys import queue
from surveys.db import db
from surveys.jobs import Job
from surveys.models import Assessment, Campaign
from surveys.queue import Progress
from surveys.refusals import Refusal

MOST = 40_000
"""Sheets of an archive: sixteen boxes of paper, some 60 MB."""
KEPT_SECONDS = 14 * 86_400
NAME = "paper.sheets"


class Archive(NamedTuple):
    """An archive that is there."""

    file: Path
    size: int
    made_at: datetime


def print_all(session: Session, campaign: Campaign, count: int, *, print: str, by: str, leads_to: str) -> Job:
    """A run of so many sheets for each organisation, inside writing(), and the job that draws them."""
    of_campaign = Assessment.campaign_id == campaign.id
    number = session.scalar(select(func.count()).select_from(Assessment).where(of_campaign)) or 0
    if not number:
        raise Refusal(_("В кампании нет организаций."))
    if number * count > MOST:
        least = MOST // number
        told = _("Организаций %(number)s: вышло бы больше %(most)s анкет.", number=number, most=MOST)
        if not least:
            raise Refusal(told)
        raise Refusal(told + " " + _("Укажите не больше %(least)s на каждую.", least=least))
    found = session.scalars(select(Assessment).where(of_campaign).order_by(Assessment.id)).unique().all()
    runs = [printing.print_run(session, campaign, one, count, print=print, by=by).id for one in found]
    return queue.later(session, NAME, by, leads_to=leads_to, campaign_id=campaign.id, runs=runs)


@queue.job(NAME, _l("Готовим бланки для всех организаций"))
def draw(progress: Progress, *, campaign_id: int, runs: Sequence[int]) -> dict[str, Any]:
    """One archive with a PDF for each of the runs, in the place of the last one."""
    place = _place(campaign_id)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.with_suffix(f".{time.monotonic_ns()}.part")
    try:
        with ZipFile(part, "w", ZIP_STORED) as packed:
            for done, number in enumerate(runs):
                progress(done, len(runs))
                session = db.session()
                run = session.get_one(PrintRun, number)
                code = session.get_one(Assessment, run.assessment_id).organization.code
                packed.writestr(f"{code}-{run.first:06}.pdf", printing.pdf(session, run))
                session.rollback()
        part.chmod(0o600)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    progress(len(runs), len(runs))
    return {"text": str(_("Бланки готовы."))}


def of(campaign_id: int) -> Archive | None:
    """The campaign's last archive, while it is kept."""
    place = _place(campaign_id)
    try:
        seen = place.stat()
    except FileNotFoundError:
        return None
    return Archive(place, seen.st_size, datetime.fromtimestamp(seen.st_mtime, UTC).replace(tzinfo=None))


@queue.every_night
def sweep() -> None:
    """Let go what was drawn a fortnight ago: each run can be drawn again."""
    for file in _folder().glob("*"):
        if file.stat().st_mtime < time.time() - KEPT_SECONDS:
            file.unlink(missing_ok=True)


def _place(campaign_id: int) -> Path:
    return _folder() / f"{campaign_id}.zip"


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "sheets"
