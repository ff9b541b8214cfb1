"""The sample of sure answers that a person reads as well, without knowing it: how large it is, and its drawing."""

import secrets
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import audit
from paper.tables import Doubt, DoubtKind, ScanBatch, ScannedSheet, SheetState
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal

USUAL_SHARE = 20
HIGHEST_SHARE = 1_000
FEWEST, AMONG = (10, 20)  # of a batch's first twenty sheets at least ten answers, so that a rate exists
LOTS = 10**9
chance = secrets.SystemRandom()


def share_of(campaign: Campaign) -> int:
    """Of a thousand answers read surely, how many a person reads as well: for batches brought from now on."""
    told = (campaign.desk or {}).get("scans", {}).get("sample_share", USUAL_SHARE)
    return int(told)


def set_share(session: Session, campaign: Campaign, share: int, login: str) -> None:
    """Another share for batches brought from now on. Raises Refusal."""
    if campaign.stage != Stage.COLLECTING:
        raise Refusal(_("Сбор ответов закончен: анкеты больше не принимаются и не меняются."))
    desk = campaign.desk or {}
    campaign.desk = {**desk, "scans": {**desk.get("scans", {}), "sample_share": share}}
    audit.record(session, login, "scans share", str(campaign.id), permille=share)


def drawn(session: Session, batch: ScanBatch, sure: Sequence[str]) -> list[str]:
    """Which of one sheet's sure answers go to a person as well: drawn anew for each answer.

    `sure`: the questions on the sheet's path that were read surely. While a batch's sheets are few, often enough for
    the fewest. Call it once a sheet, before the sheet's own samples are written.
    """
    if not batch.sample_share or not sure:
        return []
    bound = batch.sample_share * LOTS // 1_000
    picked = {question for question in sure if secrets.randbelow(LOTS) < bound}
    rest = [question for question in sure if question not in picked]
    chance.shuffle(rest)
    picked.update(rest[: max(0, _owed(*_so_far(session, batch.batch_id)) - len(picked))])
    return [question for question in sure if question in picked]


def _owed(read: int, chosen: int) -> int:
    """How many answers this sheet must give at least, so that the first twenty give the fewest: by lot, and surely."""
    left, owed = AMONG - read, FEWEST - chosen
    if left <= 0 or owed <= 0:
        return 0
    whole, part = divmod(owed, left)
    return whole + (secrets.randbelow(left) < part)


def _so_far(session: Session, batch_id: int) -> tuple[int, int]:
    """(sheets of the batch with a sample drawn or passed over, answers chosen)."""
    read = session.scalar(
        select(func.count())
        .select_from(ScannedSheet)
        .where(
            ScannedSheet.batch_id == batch_id,
            ScannedSheet.state.in_((SheetState.COUNTED, SheetState.WAITING)),
        )
    )
    chosen = session.scalar(
        select(func.count()).where(Doubt.batch_id == batch_id, Doubt.kind == DoubtKind.SAMPLE)
    )
    return int(read or 0), int(chosen or 0)
