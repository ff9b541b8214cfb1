"""A finished visit → the inspection that the figures are computed from."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from accounts import access, audit
from accounts.models import Duty, Role, User
from operator_app.inspections.payload import BY_LIST, BY_OWN_LIST, exact
from operator_app.inspections.visiting import collecting, unfinished
from surveys import checklists
from surveys.campaigns import rules
from surveys.checklists import EDITION_BLOCKS, INSPECTION, MATERIALS, Checklist
from surveys.models import Assessment, Inspection
from surveys.refusals import PinnedChanged, Refusal, Stale
from surveys.visits import Evidence, Visit, VisitState

CONFIRMS = (Duty.HEAD, Duty.VERIFIER)
WAITING = ("waiting_mean", "waiting_term", "waiting_points")
ANOTHER = _l("Свою проверку и ту, что загрузили сами, подтверждает другой: руководитель или верификатор.")


def confirm(session: Session, user: User, visit: Visit, seen: int, visit_seen: int) -> Inspection:
    """Make the visit the organisation's inspection; `seen`: the version of the inspection before it (0: none).

    Call inside `writing()`. Raises Refusal, Stale, PinnedChanged.
    """
    assessment = session.get_one(Assessment, visit.assessment_id)
    if visit.state == VisitState.CONFIRMED and visit.version == visit_seen + 1:
        return session.get_one(Inspection, assessment.id)  # the button was pressed twice
    collecting(assessment.campaign)
    if visit.version != visit_seen:
        raise Stale(_("Пока вы смотрели, проверку изменили. Прочитайте её ещё раз."))
    _ready(session, user, visit)
    inspection = into_inspection(session, user, assessment, visit, seen)
    visit.state = VisitState.CONFIRMED
    visit.version += 1
    return inspection


def into_inspection(
    session: Session, user: User, assessment: Assessment, visit: Visit, seen: int
) -> Inspection:
    """Put what the visit found into the inspection's row, the next version of it. Raises Stale, PinnedChanged."""
    checklist, edition = current_list(assessment, visit)
    # Two who confirm at once take turns at the organisation: the row of its inspection may not be there yet.
    session.execute(select(Assessment.id).where(Assessment.id == assessment.id).with_for_update())
    inspection = session.scalar(
        select(Inspection).where(Inspection.assessment_id == assessment.id).with_for_update()
    )
    if (inspection.version if inspection else 0) != seen:
        raise Stale(_("Пока вы смотрели, подтвердили другую проверку. Откройте страницу заново."))
    if inspection is None:
        inspection = Inspection(assessment_id=assessment.id, version=0)
        session.add(inspection)
    for name, value in columns(visit, checklist, edition).items():
        setattr(inspection, name, value)
    inspection.visit_id, inspection.batch_id, inspection.version = visit.id, None, seen + 1
    session.flush()
    subject = f"{assessment.campaign_id}/{assessment.organization.code}"
    audit.record(session, user.login, "inspection", subject, visit=visit.id, version=inspection.version)
    return inspection


def current_list(assessment: Assessment, visit: Visit) -> tuple[Checklist, nok.Edition]:
    """The list by which the visit was made, as it is now. Raises PinnedChanged when it changed since."""
    edition, _practice = rules(assessment.campaign)
    checklist = checklists.checklist(visit.kind, assessment.organization.sector, edition)
    if checklist.content_hash != visit.checklist_sha256:
        raise PinnedChanged(
            _("Проверка сделана по прежней редакции перечня. Верните её на доработку: ответы останутся.")
        )
    return checklist, edition


def give_back(session: Session, user: User, visit: Visit, visit_seen: int) -> None:
    """Return a visit to its inspector as a draft; the inspection stays as it was until the next confirmation."""
    assessment = session.get_one(Assessment, visit.assessment_id)
    collecting(assessment.campaign)
    if visit.version != visit_seen:
        raise Stale(_("Пока вы смотрели, проверку изменили. Прочитайте её ещё раз."))
    visit.state = VisitState.DRAFT
    visit.version += 1
    subject = f"{assessment.campaign_id}/{assessment.organization.code}"
    audit.record(session, user.login, "visit-returned", subject, visit=visit.id)


def may_confirm(session: Session, user: User, *visits: Visit) -> bool:
    """The head or a verifier; what one found or brought oneself only when there is nobody else to confirm it."""
    if user.duty not in CONFIRMS:
        return False
    involved = set().union(*(hands(session, visit) for visit in visits))
    return user.login not in involved or not _others(session, visits[0], involved)


def hands(session: Session, visit: Visit) -> set[str]:
    """Logins of whoever had a hand in a visit: the inspector, and who brought it or its pictures in a file."""
    brought = session.scalars(select(Evidence.added_by).where(Evidence.visit_id == visit.id).distinct())
    return {visit.inspector, *brought, *([visit.brought_by] if visit.brought_by else [])}


def rivals(session: Session, visit: Visit) -> list[Visit]:
    """Finished visits of other inspectors at the same organisation that wait as well."""
    return list(
        session.scalars(
            select(Visit)
            .where(
                Visit.assessment_id == visit.assessment_id,
                Visit.kind == INSPECTION,
                Visit.state == VisitState.DONE,
                Visit.inspector != visit.inspector,
            )
            .order_by(Visit.id)
        )
    )


def columns(visit: Visit, checklist: Checklist, edition: nok.Edition) -> dict[str, Any]:
    """A finished visit as the columns of an inspection."""
    found: dict[str, Any] = {"inspected_on": visit.visited_on, "missing": {}, "not_applicable": {}}
    for place in MATERIALS:
        found |= _materials(visit, checklist, place, found["missing"])
    for block in EDITION_BLOCKS:
        found[block] = [
            item.name for item in checklist.block(block).items if _value(visit, item.code) == "yes"
        ]
    for item in checklist.by_code.values():
        if _value(visit, item.code) == "na" and visit.counts.get(item.block, BY_LIST) == BY_LIST:
            reasons = found["not_applicable"].setdefault(item.block, {})
            reasons[item.name] = visit.items[item.code]["reason"]
    found["information_required"] = visit.counts.get("information_required")
    return found | waited(visit.counts, edition)


def _materials(
    visit: Visit, checklist: Checklist, place: str, missing: dict[str, list[str]]
) -> dict[str, int | None]:
    """Истенд and Инорм (or those of the site); what is absent is named."""
    way = visit.counts.get(place, BY_LIST)
    present: int | None = None
    required: int | None = None
    if way == BY_OWN_LIST:
        present, required = visit.counts[f"{place}_present"], visit.counts[f"{place}_required"]
        if present < required:
            missing[place] = [
                f"Есть {present} из {required} материалов по перечню «{visit.counts['own_list']}»; "
                "чего нет, в нём не названо"
            ]
    elif way == BY_LIST:
        items = checklist.block(place).items
        absent = [item.title for item in items if _value(visit, item.code) == "no"]
        present = sum(_value(visit, item.code) == "yes" for item in items)
        required = present + len(absent)
        if absent:
            missing[place] = absent
    return {f"{place}_present": present, f"{place}_required": required}


def waited(counts: Mapping[str, Any], edition: nok.Edition) -> dict[str, str | None]:
    """Points out of the measured wait and the term where both are there, else the points as written."""
    told = {name: exact(counts.get(name)) for name in WAITING}
    mean, term, unit = told["waiting_mean"], told["waiting_term"], counts.get("waiting_unit")
    if mean is not None and term is not None and unit:
        told["waiting_points"] = nok.waiting_points(mean, term, unit, edition)
    written = {
        name: None if value is None else f"{value.numerator}/{value.denominator}"
        for name, value in told.items()
    }
    return {**written, "waiting_unit": unit if mean is not None else None}


def typed(value: str | None) -> str:
    """«5/2» as one types it: 2,5; what has no short decimal stays a fraction, which the fields take too."""
    if not value:
        return ""
    scaled = Fraction(value) * 10_000
    if scaled.denominator != 1:
        return value
    return str(Decimal(scaled.numerator).scaleb(-4)).rstrip("0").rstrip(".").replace(".", ",")


def _value(visit: Visit, code: str) -> str:
    return str(visit.items.get(code, {}).get("value") or "")


def _ready(session: Session, user: User, visit: Visit) -> None:
    if visit.kind != INSPECTION or visit.state != VisitState.DONE:
        raise Refusal(_("Подтвердить можно только завершённую проверку."))
    if not may_confirm(session, user, visit):
        raise Refusal(str(ANOTHER))
    if rivals(session, visit):
        raise Refusal(_("Эту организацию проверили двое. Сравните проверки и решите, где они расходятся."))
    checklist, _edition = current_list(session.get_one(Assessment, visit.assessment_id), visit)
    if unfinished(visit, checklist):
        raise Refusal(_("В проверке не хватает ответов. Верните её на доработку."))


def _others(session: Session, visit: Visit, involved: Collection[str]) -> bool:
    """Is there anybody else, who had no hand in it, to confirm it?"""
    region = session.get_one(Assessment, visit.assessment_id).campaign.region_id
    staff: Iterable[User] = session.scalars(
        select(User).where(
            User.role == Role.OPERATOR,
            User.duty.in_(CONFIRMS),
            User.active.is_(True),
            User.login.not_in(sorted(involved)),
        )
    )
    return any(access.may_see(other, region) for other in staff)


__all__ = [
    "columns",
    "confirm",
    "current_list",
    "give_back",
    "hands",
    "into_inspection",
    "may_confirm",
    "rivals",
    "typed",
    "waited",
]
