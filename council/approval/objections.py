"""Organisations see their figures before the council approves, and object within the days that it gives."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import frozen, handover
from surveys.clock import to_the_second
from surveys.happenings import tell
from surveys.models import Assessment
from surveys.refusals import Refusal, Stale
from surveys.releases import Objection
from surveys.submissions import Package, PackageState


def of(session: Session, campaign_id: int) -> Sequence[Objection]:
    """Every objection of a campaign, to its earlier packages too."""
    return session.scalars(
        select(Objection)
        .join(Package, Package.id == Objection.package_id)
        .where(Package.campaign_id == campaign_id)
        .order_by(Objection.id)
    ).all()


def of_organization(session: Session, assessment_id: int) -> Sequence[Objection]:
    """What one organisation objected in one campaign."""
    asked = select(Objection).where(Objection.assessment_id == assessment_id).order_by(Objection.id)
    return session.scalars(asked).all()


def shown(session: Session, campaign_id: int) -> Package | None:
    """The package whose figures organisations may see now, if the council has opened them."""
    found = handover.latest(session, campaign_id)
    if found is None or found.objections_until is None or found.state == PackageState.RETURNED:
        return None
    return found


def taken(found: Package, today: date) -> bool:
    """May organisations still object to this package?"""
    until = found.objections_until
    return found.state == PackageState.SUBMITTED and until is not None and today <= until


def approved_at(found: Package) -> datetime | None:
    """When the council approved this package, if it has."""
    return found.decided_at if found.state == PackageState.ACCEPTED else None


def in_force(session: Session, found: Package) -> bool:
    """Is this package what everybody reads by now?"""
    published = frozen.in_force(session, found.campaign_id)
    return published is not None and published.package_id == found.id


def opened(session: Session, found: Package, login: str, until: date, today: date) -> None:
    """Show organisations their figures and take objections until this day. Raises Refusal, Stale."""
    session.refresh(found, ["state", "objections_until"], with_for_update=True)
    if found.state != PackageState.SUBMITTED:
        raise Stale(_("По этому пакету решение уже принято: возражения к нему больше не принимают."))
    if until < today:
        raise Refusal(_("Последний день возражений уже прошёл. Укажите день не раньше сегодняшнего."))
    if found.objections_until is not None and until < found.objections_until:
        raise Refusal(_("Срок возражений можно только продлить: организациям уже назван более поздний день."))
    found.objections_until = until
    subject = f"{found.campaign_id}/{found.number}"
    tell(session, login, "objections-opened", subject, due=until.isoformat())


def raised(
    session: Session, found: Package, assessment: Assessment, login: str, figure: str, text: str, today: date
) -> Objection:
    """An organisation's objection. Raises Stale when the days are over or the council has decided."""
    session.refresh(found, ["state", "objections_until"], with_for_update=True)
    if found.state != PackageState.SUBMITTED or found.objections_until is None:
        raise Stale(_("Возражения сейчас не принимают: совет уже принял решение или вернул отчёт оператору."))
    if today > found.objections_until:
        raise Stale(_("Срок возражений закончился. Ваше возражение не записано."))
    made = Objection(
        package_id=found.id,
        assessment_id=assessment.id,
        figure=figure,
        text=text,
        author=login,
        at=to_the_second(),
    )
    session.add(made)
    session.flush()
    subject = f"{found.campaign_id}/{found.number}"
    code = assessment.organization.code
    tell(session, login, "objection", subject, objection=made.id, code=code, figure=figure)
    return made


def answered(
    session: Session, campaign_id: int, objection_id: int, login: str, upheld: bool, text: str
) -> None:
    """The council's answer, given once. Raises Stale."""
    made = session.get(Objection, objection_id, with_for_update=True, populate_existing=True)
    package = session.get(Package, made.package_id) if made else None
    if made is None or package is None or package.campaign_id != campaign_id:
        raise Stale(_("Такого возражения нет."))
    if made.answered_at is not None:
        raise Stale(_("На это возражение уже ответили: «%(text)s».", text=made.answer))
    made.upheld, made.answer = upheld, text
    made.answered_by, made.answered_at = login, to_the_second()
    subject = f"{campaign_id}/{package.number}"
    outcome = "yes" if upheld else "no"
    tell(session, login, "objection-answered", subject, objection=made.id, upheld=outcome)
