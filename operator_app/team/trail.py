"""Who did what in a campaign: its part of the audit trail, by person, day and act."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from accounts.acts import ELSEWHERE
from accounts.models import AuditEvent
from paper.sums import where
from paper.tables import Doubt, ScanBatch, ScannedPage, ScannedSheet
from surveys import queries
from surveys.models import Assessment, Organization

MACHINE = re.compile(r"[a-z][a-z0-9._-]*|K[1-5]")
SCANS = "scan"  # with it the names of all acts about scans begin
OF_A_PLACE = ("scan changed", "scan settled")  # whose subject ends with the number of a doubt, not of a sheet
#: Parts of a subject that name an area of the desk.
AREAS = {"team": _l("команда"), "sample": _l("выборка"), "desk": _l("кампания целиком")}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the trail; what is empty is not asked."""

    who: str = ""
    act: str = ""
    day: date | None = None


def of_campaign(campaign_id: int) -> ColumnElement[bool]:
    """An act of this campaign: its subject is the campaign's number, or begins with it and a stroke."""
    number = str(campaign_id)
    mine = or_(AuditEvent.subject == number, AuditEvent.subject.startswith(f"{number}/", autoescape=True))
    return mine & AuditEvent.action.not_in(ELSEWHERE)


def _where(campaign_id: int, asked: Asked) -> list[ColumnElement[bool]]:
    found = [of_campaign(campaign_id)]
    if asked.who:
        found.append(AuditEvent.actor == asked.who)
    if asked.act:
        found.append(AuditEvent.action == asked.act)
    if asked.day is not None:
        found += [AuditEvent.at >= _utc(asked.day), AuditEvent.at < _utc(asked.day + timedelta(days=1))]
    return found


def _utc(day: date) -> datetime:
    """When this day of the server's calendar begins, as the trail writes time."""
    return datetime.combine(day, time.min).astimezone(UTC).replace(tzinfo=None)


def total(session: Session, campaign_id: int, asked: Asked) -> int:
    """How many acts match."""
    matching = select(func.count()).select_from(AuditEvent).where(*_where(campaign_id, asked))
    return session.scalar(matching) or 0


def events(
    session: Session, campaign_id: int, asked: Asked, size: int, skip: int = 0
) -> Sequence[AuditEvent]:
    """So many acts that match, the latest first."""
    return session.scalars(
        select(AuditEvent)
        .where(*_where(campaign_id, asked))
        .order_by(AuditEvent.id.desc())
        .limit(size)
        .offset(skip)
    ).all()


def known(session: Session, campaign_id: int) -> tuple[list[str], list[str]]:
    """Everybody who did something in the campaign, and every act that was done."""
    rows = session.execute(
        select(AuditEvent.actor, AuditEvent.action).where(of_campaign(campaign_id)).distinct()
    ).all()
    return sorted({actor for actor, _act in rows}), sorted({act for _actor, act in rows})


def last_days(session: Session, campaign_id: int) -> dict[str, datetime]:
    """Login → when he last did something in the campaign (UTC)."""
    rows = session.execute(
        select(AuditEvent.actor, func.max(AuditEvent.at))
        .where(of_campaign(campaign_id))
        .group_by(AuditEvent.actor)
    )
    return {actor: at for actor, at in rows}


def names(session: Session, campaign_id: int, found: Sequence[AuditEvent]) -> dict[str, str]:
    """What these acts are about: code → name of an organisation; of acts about scans subject → the sheet's number."""
    codes = {part for event in found for part in event.subject.split("/")[1:]}
    rows = session.execute(
        select(Organization.code, queries.DISPLAY_NAME)
        .join(Assessment, Assessment.organization_id == Organization.id)
        .where(Assessment.campaign_id == campaign_id, Organization.code.in_(codes))
    )
    return {**{code: name for code, name in rows}, **_sheets(session, found)}


def _sheets(session: Session, found: Sequence[AuditEvent]) -> dict[str, str]:
    told: dict[str, str] = {}
    for event in found:
        key = _scan(event)
        _campaign, *rest = event.subject.split("/")
        if key in told or not key or len(rest) < 2 or not rest[1].isdigit():
            continue
        number: int | None = int(rest[1])
        if event.action in OF_A_PLACE:
            number = session.scalar(select(Doubt.sheet_id).where(Doubt.id == number))
        sheet = session.get(ScannedSheet, number) if number else None
        if sheet is not None:
            told[key] = _sheet(session, sheet)
    return told


def _scan(event: AuditEvent) -> str:
    """By what `names` knows the sheet of an act about scans: a doubt may have the number of another sheet."""
    if not (event.action or "").startswith(SCANS):
        return ""
    return f"{'place' if event.action in OF_A_PLACE else 'sheet'} {event.subject}"


def _sheet(session: Session, sheet: ScannedSheet) -> str:
    """By the number printed on it; a sheet without one by the place where it lies in its files."""
    if sheet.serial is not None:
        return str(_("лист № %(number)s", number=sheet.serial))
    first = select(ScannedPage.file, ScannedPage.number).where(ScannedPage.sheet_id == sheet.id)
    lies = session.execute(first.order_by(ScannedPage.file, ScannedPage.number).limit(1)).first()
    scans = session.get(ScanBatch, sheet.batch_id)
    if lies is None or scans is None:
        return str(_("лист без номера"))
    file, page = where(scans, *lies)
    return str(_("лист без номера: %(file)s, страница %(page)s", file=file, page=page))


def about(event: AuditEvent, known: Mapping[str, str]) -> str:
    """What an act was about, without the campaign's own number: an organisation by name, a sheet by its number."""
    parts = event.subject.split("/")[1:]
    if parts and parts[0].isdigit() and _scan(event):
        batch = _("пакет № %(number)s", number=parts[0])
        return ", ".join(part for part in (batch, known.get(_scan(event), "")) if part)
    told = (_part(part, known) for part in parts)
    return ", ".join(part for part in told if part)


def _part(part: str, known: Mapping[str, str]) -> str:
    if part in AREAS:
        return str(AREAS[part])
    if MACHINE.fullmatch(part):  # a section's or a check's own name: the act says enough
        return ""
    return known.get(part, f"№ {part}" if part.isdigit() else part)
