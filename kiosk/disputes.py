"""Two different answers under one name: the counted one stands, the other waits here until a person has decided.

It cannot happen by chance: a name is 128 random bits. It happens when somebody meddled with a device or a file, or by a
defect of ours; so nothing is decided by itself, and what was decided is remembered and not asked again.
"""

from collections.abc import Collection
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import access, audit
from kiosk.settings import CHANNEL
from kiosk.tables import Dispute, Verdict
from surveys import gate, library
from surveys.clock import today
from surveys.intake import Finished, accept_all, withdraw
from surveys.models import Assessment, Campaign, Response, Stage
from surveys.questionnaire import Question, unpacked
from surveys.refusals import NotFound, Refusal, Stale

LONGEST_REASON = 500


class Apart(NamedTuple):
    """A question on which two answers differ: what the counted one says and what the other; None: not asked."""

    question: Question
    one: str | None
    other: str | None


def keep(session: Session, finished: Finished) -> None:
    """Lay aside what came under a counted name, unless it is known already; inside writing()."""
    known = session.scalars(select(Dispute).where(Dispute.key == finished.key)).all()
    counted = session.get(Response, finished.key)
    if any(finished.answers in (one.answers, one.displaced) for one in known) or counted is None:
        return
    dispute = Dispute(
        key=finished.key,
        kiosk_id=finished.kiosk_id,
        assessment_id=finished.assessment_id,
        questionnaire_id=finished.questionnaire_id,
        place=finished.place,
        day=finished.day,
        answers=finished.answers,
        arrived_on=today(),
    )
    session.add(dispute)


def spoilt(session: Session, keys: Collection[int]) -> set[int]:
    """Names under which nothing is counted any more: a person has said so."""
    found = select(Dispute.key).where(Dispute.key.in_(keys), Dispute.verdict == Verdict.NEITHER)
    return set(session.scalars(found))


def seen(session: Session) -> list[Dispute]:
    """Those of campaigns that the one who is signed in may see: waiting ones first, then the latest."""
    campaigns = [campaign.id for campaign in access.campaigns_seen(session)]
    found = (
        select(Dispute)
        .join(Assessment, Assessment.id == Dispute.assessment_id)
        .where(Assessment.campaign_id.in_(campaigns))
        .order_by((Dispute.verdict == Verdict.WAITING).desc(), Dispute.id.desc())
        .limit(200)
    )
    return list(session.scalars(found))


def waiting(session: Session, kiosk_id: int) -> int:
    """How many answers of this device wait for a person."""
    found = select(func.count()).where(Dispute.kiosk_id == kiosk_id, Dispute.verdict == Verdict.WAITING)
    return session.scalar(found) or 0


def one(session: Session, dispute_id: int, *, locked: bool = False) -> Dispute:
    """One that the one who is signed in may see. Raises NotFound."""
    found = session.get(Dispute, dispute_id, with_for_update=locked or None, populate_existing=locked)
    if found is None:
        raise NotFound(str(dispute_id))
    access.campaign_seen(session, found.assessment.campaign_id)
    return found


def collects(dispute: Dispute) -> bool:
    """May figures of its campaign still change?"""
    return dispute.assessment.campaign.stage == Stage.COLLECTING


def apart(session: Session, dispute: Dispute) -> tuple[list[Apart], int]:
    """Where the two differ, and on how many they agree: no more of a person is shown than is needed."""
    counted = session.get(Response, dispute.key)
    before = dispute.displaced or (counted.answers if counted else "")
    form = library.pinned(dispute.questionnaire.name, dispute.questionnaire.sha256)
    other = unpacked(form, dispute.answers)
    try:
        first = unpacked(form, before)
    except ValueError:  # answers to another questionnaire: nothing can be laid side by side
        first = {}
    found = [Apart(q, first.get(q.id), other.get(q.id)) for q in form.closed]
    differing = [pair for pair in found if pair.one != pair.other]
    return differing, sum(pair.one is not None for pair in found if pair.one == pair.other)


def decide(session: Session, dispute: Dispute, verdict: Verdict, reason: str, by: str) -> None:
    """What a person has decided of a locked dispute; inside writing(). Raises Refusal, Stale."""
    if dispute.verdict != Verdict.WAITING:
        raise Stale(_("Этот ответ уже рассмотрен."))
    reason = reason.strip()
    if verdict is not Verdict.FIRST:
        if not reason:
            raise Refusal(_("Напишите причину: её увидит всякий, кто проверит это решение."))
        _change(session, dispute, verdict)
    _settled(dispute, verdict, reason, by)
    if verdict is Verdict.NEITHER:
        others = select(Dispute).where(Dispute.key == dispute.key, Dispute.verdict == Verdict.WAITING)
        for other in session.scalars(others):
            _settled(other, verdict, reason, by)
    subject = f"{dispute.assessment.campaign_id}/{dispute.id}"
    audit.record(session, by, "kiosk-answer-decided", subject, verdict=verdict.value, reason=reason)


def _settled(dispute: Dispute, verdict: Verdict, reason: str, by: str) -> None:
    dispute.verdict, dispute.reason = verdict, reason[:LONGEST_REASON]
    dispute.decided_by, dispute.decided_on = by, today()


def _change(session: Session, dispute: Dispute, verdict: Verdict) -> None:
    campaign_id = dispute.assessment.campaign_id
    gate.hold_open(session.connection(), [campaign_id])
    stage = session.scalar(select(Campaign.stage).where(Campaign.id == campaign_id))
    if stage != Stage.COLLECTING:
        raise Refusal(_("Сбор ответов закончен: учтённый ответ остаётся, менять его нельзя."))
    counted = session.get(Response, dispute.key)
    dispute.displaced = counted.answers if counted else ""
    if counted is not None:
        session.expunge(counted)
    withdraw(session, [dispute.key])
    if verdict is Verdict.SECOND:
        accept_all(session, [_finished(dispute)])


def _finished(dispute: Dispute) -> Finished:
    pinned = dispute.questionnaire
    return Finished(
        key=dispute.key,
        campaign_id=dispute.assessment.campaign_id,
        assessment_id=dispute.assessment_id,
        questionnaire=library.pinned(pinned.name, pinned.sha256),
        questionnaire_id=pinned.id,
        channel=CHANNEL.number,
        place=dispute.place,
        day=dispute.day,
        answers=dispute.answers,
        kiosk_id=dispute.kiosk_id,
    )
