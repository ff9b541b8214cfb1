"""Scanned files read and counted for trial: everything is done as it would be, and nothing of it stays."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy.orm import Session

from paper import counting, files, fingerprints, joining, reading, sums, vault
from paper.beginning import Given, batch_of, collecting, known_files, sheets_in
from paper.files import Aside, Page
from paper.files.limits import MOST_PAGES
from paper.known import Forms
from paper.report import ScanReport
from paper.tables import ScanBatch
from paper.taking import Progress, Read, Taken, looked_at, must_read, note, row
from surveys.db import db, writing

Tried = list[Taken]


def try_(
    campaign_id: int, given: Sequence[Given], *, filled_on: date, progress: Progress, read: Read | None = None
) -> ScanReport:
    """What `begin` and `take` would do; what was seen on the pages is kept in memory, no picture is. Raises Refusal."""
    if read is None:
        must_read()
    reader = read or cast(Read, reading.read_page)
    session = db.session()
    forms = Forms(session)
    collecting(session, campaign_id)
    known = known_files(session, campaign_id)
    told: list[tuple[dict[str, Any], Tried]] = []
    same: list[tuple[str, int]] = []
    done = 0
    for one in given:
        with one.plain() as (stream, sha256):
            if sha256 in known or any(sha256 == other["sha256"] for other, _pages in told):
                same.append((one.name, known.get(sha256, 0)))
                continue
            tried: Tried = []
            for page in files.pages(stream, most=max(0, MOST_PAGES - done)):
                tried.append(_taken(page, reader, forms))
                done += 1
                progress(done, done + 1)
        told.append(({"name": one.name, "sha256": sha256}, tried))
    session.rollback()
    with writing() as pen:
        report = _settled(pen, campaign_id, told, same, filled_on)
        pen.rollback()
    return report


def _taken(page: Page | Aside, read: Read, forms: Forms) -> Taken:
    if isinstance(page, Aside):
        return Taken(page.number, page.inner, page.reason)
    return looked_at(page, read, forms)


def _settled(
    session: Session,
    campaign_id: int,
    told: Sequence[tuple[dict[str, Any], Tried]],
    same: Sequence[tuple[str, int]],
    filled_on: date,
) -> ScanReport:
    counting.at_work(session, campaign_id)
    key = vault.key_for(session, campaign_id)
    listed = [one for one, _tried in told]
    batch = batch_of(session, campaign_id, listed, "cli")
    batch.mapping = {
        "same": [[name, other, sheets_in(session, other, name)] for name, other in same if other]
    }
    session.add(ScanBatch(batch_id=batch.id, filled_on=filled_on, sample_share=0, files=listed))
    session.flush()
    for number, (_one, tried) in enumerate(told, 1):
        session.add_all(fingerprints.seal(key, campaign_id, row(batch.id, number, one)) for one in tried)
        session.flush()
        note(session, batch.id, number, tried, last=True)
    session.flush()
    joining.join(session, batch, joining.groups(session, batch.id))
    session.flush()
    report = sums.report(session, batch.id)
    report.batch, report.dry_run = None, True
    return report
