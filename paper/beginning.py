"""Files of scans on their way in: sealed, told from those that came before, given a batch and a job."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import IO, Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import audit
from paper import counting, raw, sampling, vault
from paper.raw import NotTaken, Raw
from paper.report import ScanReport
from paper.tables import ScanBatch, ScannedPage
from surveys import clock, queue
from surveys.batches import Batch, Kind, State
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Campaign, Stage
from surveys.refusals import NotFound, Refusal

LONGEST_NAME = 255
FEW_NAMES = 3


class Given(NamedTuple):
    """A file somebody brings: its name and its bytes."""

    name: str
    stream: IO[bytes]

    @contextmanager
    def plain(self) -> Iterator[tuple[IO[bytes], str]]:
        """Its bytes as they are, and their fingerprint."""
        digest = hashlib.sha256()
        while piece := self.stream.read(raw.CHUNK):
            digest.update(piece)
        self.stream.seek(0)
        yield self.stream, digest.hexdigest()


class Begun(NamedTuple):
    """What `begin` made of the files. `batch_id` is None when there was nothing new in them.

    `same`: (name, batch in which the very same file is); `resumed`: the files belong to a batch that was interrupted.
    """

    batch_id: int | None
    job_id: str | None = None
    same: tuple[tuple[str, int], ...] = ()
    resumed: bool = False


def begin(
    campaign_id: int, files: Sequence[Given], *, filled_on: date, by: str, sample_share: int | None = None,
    destroy_on: date | None = None, background: bool = True, leads_to: str = "",
) -> Begun:  # fmt: skip
    """Take files down, sealed, in transactions of its own; never inside writing(). Raises Refusal.

    `background`: the job «scans.read» is asked for in the same transaction; otherwise call `take` yourself.
    `leads_to` may hold «{batch_id}». `sample_share`: of a thousand sure answers; otherwise the campaign's own.
    """
    with writing() as session:
        collecting(session, campaign_id)
        key = vault.key_for(session, campaign_id)
    taken, refused = [], []
    for one in files:
        name = one.name[-LONGEST_NAME:]
        try:
            taken.append((name, raw.take_down(key, campaign_id, one.stream)))
        except NotTaken as refusal:
            refused.append((name, refusal))
    if refused and not taken:
        raise Refusal("\n".join(f"{name}: {refusal}" for name, refusal in refused))
    with writing() as session:
        collecting(session, campaign_id)
        counting.at_work(session, campaign_id)  # two people with one file: the second sees the first's
        return _begun(
            session, campaign_id, taken, refused, by,
            {"filled_on": filled_on, "sample_share": sample_share, "destroy_on": destroy_on},
            leads_to if background else None,
        )  # fmt: skip


def collecting(session: Session, campaign_id: int) -> Campaign:
    """The campaign, as long as it takes answers. Raises Refusal."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(_("Нет кампании № %(number)s.", number=campaign_id))
    if campaign.stage != Stage.COLLECTING:
        raise Refusal(_("Сбор ответов закончен: анкеты больше не принимаются и не меняются."))
    return campaign


def _begun(
    session: Session, campaign_id: int, taken: Sequence[tuple[str, Raw]],
    refused: Sequence[tuple[str, NotTaken]], by: str, told: dict[str, Any], leads_to: str | None,
) -> Begun:  # fmt: skip
    known = known_files(session, campaign_id)
    fresh: dict[str, dict[str, Any]] = {}
    same, twice = [], []
    for name, one in taken:
        if one.sha256 in known or one.sha256 in fresh:
            vault.drop(session, campaign_id, [one.name])
        if one.sha256 in known:
            same.append((name, known[one.sha256]))
        elif one.sha256 in fresh:
            twice.append(name)
        else:
            fresh[one.sha256] = {"name": name, "sha256": one.sha256, "size": one.size, "raw": one.name}
    if not fresh and not refused:
        old = {batch_id for _name, batch_id in same}
        going = [batch_id for batch_id in old if session.get_one(Batch, batch_id).state == State.UPLOADED]
        if len(old) == 1 and going:
            job_id = _asked(session, going[0], by, leads_to)
            return Begun(going[0], job_id, (), resumed=True)
        return Begun(None, None, tuple(same))
    listed = [*fresh.values(), *({"name": name, "refusal": str(why.reason)} for name, why in refused)]
    batch = batch_of(session, campaign_id, listed, by)
    batch.mapping = {"same": [[name, other, sheets_in(session, other, name)] for name, other in same]}
    if told["sample_share"] is None:
        told["sample_share"] = sampling.share_of(session.get_one(Campaign, campaign_id))
    session.add(ScanBatch(batch_id=batch.id, files=listed, **told))
    session.flush()
    job_id = _asked(session, batch.id, by, leads_to)
    audit.record(session, by, "scans-uploaded", f"{campaign_id}/{batch.id}", files=len(listed))
    return Begun(batch.id, job_id, (*same, *((name, batch.id) for name in twice)))


def known_files(session: Session, campaign_id: int) -> dict[str, int]:
    """Fingerprints of the files of this campaign → the batch they are in; those of undone batches left aside."""
    rows = session.execute(
        select(ScanBatch.batch_id, ScanBatch.files)
        .join(Batch, Batch.id == ScanBatch.batch_id)
        .where(Batch.campaign_id == campaign_id, Batch.state.not_in(counting.GONE))
    )
    return {one["sha256"]: batch_id for batch_id, files in rows for one in files if "sha256" in one}


def batch_of(session: Session, campaign_id: int, listed: Sequence[dict[str, Any]], by: str) -> Batch:
    """A batch of scans whose files are still to be read."""
    names = ", ".join(one["name"] for one in listed[:FEW_NAMES]) + ("…" if len(listed) > FEW_NAMES else "")
    batch = Batch(
        campaign_id=campaign_id,
        kind=Kind.SCANS,
        state=State.UPLOADED,
        channel=counting.PAPER,
        questionnaire_id=session.get_one(Campaign, campaign_id).questionnaire_of(counting.PAPER).id,
        file_name=names[:LONGEST_NAME],
        made_by=by,
        made_at=clock.to_the_second(),
    )
    session.add(batch)
    session.flush()
    return batch


def _asked(session: Session, batch_id: int, by: str, leads_to: str | None) -> str | None:
    """The job, unless whoever calls does it himself (None)."""
    if leads_to is None:
        return None
    batch = session.get_one(Batch, batch_id)
    known = session.get(Job, batch.job_id) if batch.job_id else None
    if known is not None and known.state in (JobState.WAITING, JobState.RUNNING):
        return known.id  # somebody reads it already
    where = leads_to.replace("{batch_id}", str(batch_id))
    job = queue.later(session, "scans.read", by, leads_to=where, batch_id=batch_id, by=by)
    batch.job_id = job.id
    return job.id


def sheets_in(session: Session, batch_id: int, name: str) -> int:
    """How many sheets the very same file gave when it came first."""
    scans = session.get_one(ScanBatch, batch_id)
    number = next((at for at, one in enumerate(scans.files, 1) if one.get("name") == name), 0)
    pages = select(func.count(ScannedPage.sheet_id.distinct())).where(ScannedPage.batch_id == batch_id)
    return session.scalar(pages.where(ScannedPage.file == number) if number else pages) or 0


def same_again(campaign_id: int, begun: Begun) -> ScanReport:
    """The report when every file was there before: nothing is added, and it is said how many sheets they hold."""
    session, told = db.session(), ScanReport(batch=None)
    for name, batch_id in begun.same:
        told.same_files[name] = batch_id
        told.repeated += sheets_in(session, batch_id, name)
    session.rollback()
    return told
