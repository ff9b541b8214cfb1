"""The council's document of a campaign: drawn once for a release, in the background when it is long, then kept.

The parts lie in a folder beside the file until it is whole: what was killed in the middle goes on from there.
"""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from council import documents
from council.shelf import KEPT_SECONDS, PATIENCE_SECONDS, kept, read_inside, release_bytes, shelf
from documents import exports, keeping
from documents.bound import apart, press
from surveys import frozen, handover, queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.handover import digest
from surveys.jobs import Job, JobState
from surveys.queue import Progress, every_night, failed_lately, job, later
from surveys.refusals import Busy, NotFound, Undrawn
from surveys.releases import Release
from surveys.results import CampaignFacts, CampaignResults
from surveys.submissions import Package

#: Grows when the same figures would be drawn otherwise.
DRAWING = 2
#: Organisations: so many are drawn in a few seconds, more are left to the worker.
AT_ONCE = 8
NAME = "draw-council-report"
#: How files' names end → what of the drawn: with the data enclosed, and the plain one that archives take (ADR 0029).
KINDS: Mapping[str, str] = {"pdf": press.WHOLE, "a2u.pdf": press.ARCHIVE}
_drawing = Lock()


class State(NamedTuple):
    """How far a document is: there, or the job that draws it or failed to."""

    ready: bool
    job: Job | None

    @property
    def under_way(self) -> bool:
        """Is anybody drawing it?"""
        return self.job is not None and self.job.state in (JobState.WAITING, JobState.RUNNING)


def pdf_of(found: CampaignResults, kind: str, by: str, *, inside: bool) -> bytes:
    """The document of these results; `inside`: of what the council reads.

    Raises Busy while it is drawn, Undrawn where it could not be.
    """
    file = place(found.facts, kind, found, inside=inside)
    if not file.exists() and len(found.standings) <= AT_ONCE:
        if not _drawing.acquire(timeout=PATIENCE_SECONDS):
            raise Busy(file.name)
        try:
            if not file.exists():
                drawn(found, inside=inside)
        finally:
            _drawing.release()
    if not file.exists():
        if failed_lately(of(db.session(), found, inside=inside).job):
            raise Undrawn(file.name)
        with writing() as session:
            ask(session, found, by, inside=inside)
    if not file.exists():
        raise Busy(file.name)
    return file.read_bytes()


def ask(session: Session, found: CampaignResults, by: str, *, inside: bool, leads_to: str = "") -> Job:
    """Have it drawn, inside writing(); one drawing at a time each."""
    state = of(session, found, inside=inside)
    if state.under_way and state.job is not None:
        return state.job
    return later(session, NAME, by, leads_to=leads_to, **_wanted(found.facts, inside))


def approved(session: Session, release: Release, by: str, *, leads_to: str) -> None:
    """Have a large one drawn as soon as it is approved, inside writing(): it is ready when it is published."""
    found = shelf().released(release)
    if len(found.standings) > AT_ONCE and not of(session, found).ready:
        ask(session, found, by, inside=True, leads_to=leads_to)


def of(session: Session, found: CampaignResults, *, inside: bool = True) -> State:
    """How far the document of these results is."""
    if place(found.facts, "pdf", found, inside=inside).exists():
        return State(True, None)
    wanted = _wanted(found.facts, inside)
    asked = session.scalars(select(Job).where(Job.name == NAME).order_by(Job.asked_at.desc()).limit(50))
    return State(False, next((one for one in asked if one.arguments == wanted), None))


class NotDrawn(NamedTuple):
    """A release whose document could not be drawn, and the last job that tried."""

    release: Release
    job: Job


def not_drawn(session: Session, campaigns: Iterable[int]) -> list[NotDrawn]:
    """Of these campaigns: newest releases whose document is not there because its last drawing failed."""
    last: dict[tuple[int, int], Job] = {}
    for one in session.scalars(select(Job).where(Job.name == NAME).order_by(Job.asked_at)):
        last[one.arguments["campaign_id"], one.arguments["version"]] = one
    failed = {campaign for (campaign, _version), one in last.items() if one.state == JobState.FAILED}
    found = []
    for campaign_id in sorted(failed.intersection(campaigns)):
        release, *_older = [*frozen.releases(session, campaign_id), None]
        tried = last.get((campaign_id, release.version)) if release else None
        if release and tried and tried.state == JobState.FAILED and not _of(release.sha256, "pdf").exists():
            found.append(NotDrawn(release, tried))
    return found


@job(NAME, _l("Рисуем отчёт совета"))
def draw(progress: Progress, campaign_id: int, version: int, inside: bool) -> dict[str, Any]:
    """Draw the document of a release, or of the figures of now, unless it is there."""
    campaign = queries.campaign(db.session(), campaign_id)
    if campaign is None:
        raise NotFound(str(campaign_id))
    if version:
        release = frozen.release(db.session(), campaign_id, version)
        if release is None:
            raise NotFound(f"{campaign_id}/{version}")
        found = shelf().released(release)
    else:
        found = read_inside(campaign) if inside else kept(campaign)
    if not place(found.facts, "pdf", found, inside=inside).exists():
        drawn(found, progress, inside=inside)
    return {"text": str(_("Отчёт готов."))}


def drawn(found: CampaignResults, progress: press.Told | None = None, *, inside: bool) -> None:
    """Draw both variants and keep them."""
    places = {kind: place(found.facts, kind, found, inside=inside) for kind in KINDS}
    folder = places["pdf"].with_suffix(".parts")
    parts = press.planned(folder)
    if parts is None:
        address = f"{current_app.config['BASE_URL']}/ratings/{found.facts.id}"
        said = proposals(found.facts, inside=inside)
        parts = documents.put_down(
            folder, found, url=address, release=release_bytes(found.facts), proposals=said
        )
    db.session.rollback()  # drawing takes minutes: nothing is read meanwhile
    apart.draw(folder, parts, progress)
    for kind in sorted(KINDS):  # the one that is asked for comes last
        (folder / KINDS[kind]).replace(places[kind])
    shutil.rmtree(folder, ignore_errors=True)


def proposals(facts: CampaignFacts, *, inside: bool) -> str:
    """The operator's proposals: everybody reads those that were approved, the council those of the newest package."""
    if facts.issue is None and not inside:
        return ""
    session = db.session()
    package: Package | None = handover.latest(session, facts.id)
    if facts.issue is not None:
        release = frozen.release(session, facts.id, facts.issue.version)
        package = session.get(Package, release.package_id) if release and release.package_id else None
    sections = package.report["sections"] if package else []
    found: str = next((one["text"] for one in sections if one["key"] == "proposals"), "")
    return found


def place(
    facts: CampaignFacts, kind: str, found: CampaignResults | None = None, *, inside: bool = True
) -> Path:
    """Where the document is, or will be: a release's by its hash for good, of growing figures by the day.

    What takes a worker minutes is of the day's figures when it was asked for: an answer that comes meanwhile must
    not ask for another. What is drawn at once is of the figures of now.
    """
    if facts.issue is not None:
        return _of(facts.issue.sha256, kind)
    package = handover.latest(db.session(), facts.id) if inside else None
    figures = exports.campaign_json(found) if found and len(found.standings) <= AT_ONCE else {}
    read = "inside" if inside else "outside"
    # A package that was returned is not what the council reads any more.
    whose = [package.sha256, package.state] if package else []
    told = [DRAWING, today().isoformat(), read, whose, facts.stage, figures]
    return shelf().folder / f"{digest(told)}.{kind}"


def _of(sha256: str, kind: str) -> Path:
    return shelf().folder.parent / "releases" / f"{sha256}-{DRAWING}.{kind}"


def _wanted(facts: CampaignFacts, inside: bool) -> dict[str, Any]:
    version = facts.issue.version if facts.issue else 0
    return {"campaign_id": facts.id, "version": version, "inside": inside and not version}


@every_night
def sweep() -> None:
    """Drop what was begun days ago and never ended."""
    for folder in (shelf().folder, shelf().folder.parent / "releases"):
        keeping.sweep_parts(folder, KEPT_SECONDS)
