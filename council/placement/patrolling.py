"""The patrol of sites: a job that opens organisations' main pages and writes down what it found."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from council.placement import looking
from council.placement.looking import Look, Sought
from council.placement.sites import Manners, Opener
from surveys import queue
from surveys.clock import today
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Assessment, Organization
from surveys.placement import PATROL, SiteCheck, SiteState
from surveys.queue import Progress

log = logging.getLogger("nok.placement")

JOB = "placement.sites"
AT_ONCE = 8
TOGETHER = 20  # looks written down in one transaction: a killed patrol loses no more
LONGEST_ADDRESS = 500


@queue.job(JOB, _l("Открываем сайты организаций"))
def patrol(
    progress: Progress, *, by: str, since: str, campaign_id: int | None = None, code: str = ""
) -> dict[str, Any]:
    """Open the sites of a campaign, or of one organisation. Begun again, it leaves out what it has opened since."""
    db.session.rollback()
    sought = [one for one in _sought(db.session(), campaign_id, code, since)]
    db.session.rollback()
    found = 0
    for done, looks in enumerate(checked(sought, lambda far: progress(far, len(sought))), 1):
        progress(min(done * TOGETHER, len(sought)), len(sought))
        found += sum(look.state is SiteState.FOUND for _one, look in looks)
        with writing() as session:
            for one, look in looks:
                keep(session, one.organization_id, look)
    with writing() as session:
        if code:
            audit.record(session, by, "site-checked", code, found=found)
        else:
            audit.record(session, by, "sites-checked", str(campaign_id), count=len(sought), found=found)
    text = ngettext(
        "Проверен %(count)s сайт.", "Проверено сайтов: %(count)s.", len(sought), count=len(sought)
    )
    return {"count": len(sought), "found": found, "text": text}


def checked(
    sought: Sequence[Sought], told: Callable[[int], object] = lambda far: None
) -> Iterator[list[tuple[Sought, Look]]]:
    """Each site opened, several at once, in parts as they come; needs the application, not the database."""
    opener, base_url = _opener(manners()), str(current_app.config["BASE_URL"])
    part: list[tuple[Sought, Look]] = []
    with ThreadPoolExecutor(AT_ONCE, "patrol") as threads:
        asked = {threads.submit(_looked, opener, one, base_url): one for one in sought}
        for far, ended in enumerate(as_completed(asked), 1):
            part.append((asked[ended], ended.result()))
            told(far)
            if len(part) == TOGETHER:
                yield part
                part = []
    if part:
        yield part


def _looked(opener: Opener, sought: Sought, base_url: str) -> Look:
    """A look; what one odd page does to us must not end the patrol of the others."""
    try:
        return looking.look(opener, sought, base_url)
    except Exception as error:
        log.warning("site of %s: %s", sought.code, type(error).__name__)
        return Look(SiteState.UNREACHABLE)


@cache
def _opener(manners: Manners) -> Opener:
    """One a process: two patrols at once are still one request a host a second."""
    return Opener(manners)


def manners() -> Manners:
    """How we open sites: as whom, with where to ask about it."""
    base = current_app.config["BASE_URL"]
    agent = f"{PATROL} (+{base}; looks for the QR code of the quality survey)"
    return Manners(agent, private=bool(current_app.config["SITE_CHECK_PRIVATE"]))


def keep(session: Session, organization_id: int, look: Look) -> None:
    """Write a look down over the one before; inside writing()."""
    row = session.get(SiteCheck, organization_id)
    if row is None:
        row = SiteCheck(organization_id=organization_id, checked_on=today(), state=look.state)
        session.add(row)
    row.checked_on, row.state, row.how, row.leads_to = today(), look.state, look.how, look.leads_to
    row.address = look.address[:LONGEST_ADDRESS]
    if look.state is SiteState.FOUND:
        row.found_on = today()


def ask(session: Session, by: str, *, campaign_id: int | None = None, code: str = "", leads_to: str) -> str:
    """Ask for a patrol, unless the same one waits or goes on; inside writing(). The number of the job."""
    given = {"by": by, "since": today().isoformat(), "campaign_id": campaign_id, "code": code}
    under_way = Job.name == JOB, Job.state.in_((JobState.WAITING, JobState.RUNNING))
    for job in session.scalars(select(Job).where(*under_way)):
        if {**job.arguments, "by": by} == given:
            return job.id
    return queue.later(session, JOB, by, leads_to=leads_to, **given).id


def sought(session: Session, campaign_id: int | None, codes: Sequence[str]) -> list[Sought]:
    """Whose sites: those of a campaign, of these codes, or of these codes within it."""
    query = select(Organization).order_by(Organization.id)
    if campaign_id is not None:
        of_it = select(Assessment.organization_id).where(Assessment.campaign_id == campaign_id)
        query = query.where(Organization.id.in_(of_it))
    if codes:
        query = query.where(Organization.code.in_(codes))
    return [Sought(one.id, one.code, one.agency_id, one.website) for one in session.scalars(query)]


def _sought(session: Session, campaign_id: int | None, code: str, since: str) -> Iterator[Sought]:
    """Those that were not opened since the patrol was asked for; one organisation always."""
    known = {one.organization_id: one.checked_on.isoformat() for one in session.scalars(select(SiteCheck))}
    for one in sought(session, campaign_id, [code] if code else []):
        if code or known.get(one.organization_id, "") < since:
            yield one
