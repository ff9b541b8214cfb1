"""A release goes before everybody's eyes; a mistake found later begins a correction beside it, never an edit."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Role, Seat, User
from surveys import campaigns, frozen, handover
from surveys.clock import to_the_second
from surveys.happenings import tell
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal, Stale
from surveys.releases import Release
from surveys.submissions import PackageState


def waiting(session: Session, campaign_id: int) -> Release | None:
    """The newest release, if it is approved and not published yet."""
    newest = next(iter(frozen.releases(session, campaign_id)), None)
    return newest if newest is not None and newest.published_at is None else None


def authorities(session: Session, campaign: Campaign) -> int:
    """How many of the authority could publish in this region."""
    found = session.scalar(
        select(func.count())
        .select_from(User)
        .where(
            User.active,
            User.role == Role.AUTHORITY,
            or_(User.region_id.is_(None), User.region_id == campaign.region_id),
        )
    )
    return int(found or 0)


def may_publish(session: Session, user: User, campaign: Campaign) -> bool:
    """The authority publishes (norms A6); where the service knows none in the region, the council's chair does."""
    if user.role == Role.AUTHORITY:
        return True
    chairs = user.role == Role.COUNCIL and user.seat == Seat.CHAIR
    return chairs and not authorities(session, campaign)


def publish(session: Session, campaign_id: int, login: str) -> Release:
    """Put the newest approved release in force, inside writing(). Raises Refusal, Stale."""
    campaign = handover.locked(session, campaign_id)
    made = waiting(session, campaign_id)
    if made is None:
        raise Stale(
            _(
                "Публиковать нечего: утверждённого и ещё не опубликованного выпуска у кампании № %(id)s нет.",
                id=campaign_id,
            )
        )
    last = handover.latest(session, campaign_id)
    if last is not None and (last.id != made.package_id or handover.corrects(campaign) == last.number):
        raise Refusal(_("Начато исправление: опубликуют следующий выпуск, когда совет его утвердит."))
    made.published_by, made.published_at = login, to_the_second()
    campaign.stage = Stage.PUBLISHED
    session.flush()
    subject = f"{campaign_id}/{made.version}"
    tell(session, login, "release-published", subject, version=made.version, sha256=made.sha256)
    return made


def correct(
    session: Session, campaign_id: int, login: str, reason: str, collect_until: date | None, today: date
) -> None:
    """Let the operator submit a corrected package; what is published stays in force. Raises Refusal, Stale."""
    campaign = handover.locked(session, campaign_id)
    last = handover.latest(session, campaign_id)
    if not frozen.releases(session, campaign_id) or handover.open_to_submission(campaign, last):
        raise Stale(_("Исправлять сейчас нечего: утверждённых результатов нет или исправление уже начато."))
    if last is not None and last.state == PackageState.SUBMITTED:
        raise Stale(_("Исправленный пакет уже у совета."))
    if collect_until is not None and collect_until < today:
        raise Refusal(_("Последний день сбора уже прошёл. Укажите день не раньше сегодняшнего."))
    handover.begin_correction(campaign, last, reason)
    campaign.stage = Stage.REVIEW
    if collect_until is not None:
        campaign.stage, campaign.ends_on = Stage.COLLECTING, collect_until
        session.flush()
        campaigns.check_alone(session, campaign)
    session.flush()
    tell(session, login, "correction-opened", str(campaign_id), reason=reason)
