"""Packages between the operator and the council: submitted, returned with remarks, accepted (norms A6).

A package holds the report and the checks as they stood; nothing here edits either. What the two sides disagree about
is settled by the next package, numbered one more.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import campaigns, gate
from surveys.clock import to_the_second
from surveys.happenings import tell
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal, Stale
from surveys.submissions import Package, PackageState, Remark

#: Of a campaign's desk: which accepted package is being corrected.
CORRECTS = "corrects"
#: And what the council asked to correct in it.
REASON = "correction_reason"
#: A package's figure by its name in documents, in the order in which differences are told.
TOTALS = ("total", "K1", "K2", "K3", "K4", "K5")


def packages(session: Session, campaign_id: int) -> Sequence[Package]:
    """Every package of a campaign, the newest first; their reports are not read."""
    return session.scalars(
        select(Package).where(Package.campaign_id == campaign_id).order_by(Package.number.desc())
    ).all()


def latest(session: Session, campaign_id: int) -> Package | None:
    """The newest package, if any was submitted."""
    return session.scalar(
        select(Package).where(Package.campaign_id == campaign_id).order_by(Package.number.desc()).limit(1)
    )


def package(session: Session, campaign_id: int, number: int) -> Package | None:
    """One package by its number."""
    return session.scalar(select(Package).where(Package.campaign_id == campaign_id, Package.number == number))


def canonical(value: object) -> bytes:
    """JSON of which there is one spelling: what a fingerprint is taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """SHA-256 of that spelling."""
    return hashlib.sha256(canonical(value)).hexdigest()


def fingerprint(found: Package) -> str:
    """SHA-256 over everything in a package that must never change."""
    return digest([found.campaign_id, found.number, found.checks, found.report])


def locked(session: Session, campaign_id: int) -> Campaign:
    """The campaign for one writer at a time, inside writing(): two who submit or decide at once come in turn."""
    gate.shut(session.connection(), campaign_id)  # the last answer under way is in the figures, or is refused
    return session.get_one(Campaign, campaign_id, with_for_update={"of": Campaign}, populate_existing=True)


def told(found: Package) -> bool:
    """Are the council's remarks the operator's to read? Until the decision they may still be withdrawn."""
    return found.state != PackageState.SUBMITTED


def open_to_submission(campaign: Campaign, last: Package | None) -> bool:
    """May a package be submitted now: none yet, the last one came back, or what it became is being corrected?"""
    if campaign.stage == Stage.PUBLISHED:
        return False
    if last is None or last.state == PackageState.RETURNED:
        return True
    return last.state == PackageState.ACCEPTED and corrects(campaign) == last.number


def corrects(campaign: Campaign) -> int | None:
    """The accepted package whose release is being corrected, if one is."""
    number: int | None = (campaign.desk or {}).get(CORRECTS)
    return number


def begin_correction(campaign: Campaign, last: Package | None, reason: str) -> None:
    """The next package corrects what the last one became; submitting it ends this by itself."""
    told = {CORRECTS: last.number if last else None, REASON: reason}
    campaign.desk = {**(campaign.desk or {}), **told}


def correction_reason(campaign: Campaign, last: Package | None) -> str:
    """What the council asked to correct, while it waits for the next package; empty: it corrects nothing."""
    return str((campaign.desk or {}).get(REASON, "")) if open_to_submission(campaign, last) else ""


def submit(
    session: Session,
    campaign: Campaign,
    actor: str,
    checks: Sequence[Mapping[str, Any]],
    report: Mapping[str, Any],
) -> Package:
    """Freeze a package under the next number. The campaign is locked and out of collecting by then. Raises Stale."""
    last = latest(session, campaign.id)
    if not open_to_submission(campaign, last):
        raise Stale(_("Пакет уже отправлен совету. Откройте страницу отчёта заново."))
    made = Package(
        campaign_id=campaign.id,
        number=last.number + 1 if last else 1,
        # As the database will give it back, so that the fingerprint is of what is read again.
        checks=json.loads(canonical(checks)),
        report=json.loads(canonical(report)),
        submitted_by=actor,
        submitted_at=to_the_second(),
    )
    made.sha256 = fingerprint(made)
    session.add(made)
    session.flush()
    tell(session, actor, "package-submitted", f"{campaign.id}/{made.number}", sha256=made.sha256)
    return made


def decided(session: Session, found: Package, actor: str, state: PackageState, note: str = "") -> None:
    """Put down a decision inside writing(). Raises Stale where another was put down meanwhile."""
    session.refresh(found, ["state"], with_for_update=True)
    if found.state != PackageState.SUBMITTED:
        raise Stale(_("По этому пакету решение уже принято. Откройте его заново и посмотрите, какое."))
    found.state, found.note = state, note
    found.decided_by, found.decided_at = actor, to_the_second()
    tell(session, actor, f"package-{state}", f"{found.campaign_id}/{found.number}")


def returned(
    session: Session, found: Package, actor: str, note: str, collect_until: date | None, today: date
) -> None:
    """Send a package back; with a day, the campaign collects again until then. Raises Refusal, Stale."""
    campaign = locked(session, found.campaign_id)
    decided(session, found, actor, PackageState.RETURNED, note)
    if not any(remark.answer is None for remark in found.remarks):
        raise Refusal(_("Сначала напишите хотя бы одно замечание: оператор должен знать, что исправить."))
    if collect_until is None:
        return
    if collect_until < today:
        raise Refusal(_("Последний день сбора уже прошёл. Укажите день не раньше сегодняшнего."))
    campaigns.move(session, campaign, Stage.COLLECTING)
    campaign.ends_on = collect_until
    session.flush()
    campaigns.check_alone(session, campaign)


def remark(
    session: Session, found: Package, actor: str, place: str, text: str, code: str = "", figure: str = ""
) -> Remark:
    """A remark of the council, to a cell of the table if told. Raises Stale when the package is decided upon."""
    session.refresh(found, ["state"], with_for_update=True)
    if found.state != PackageState.SUBMITTED:
        raise Stale(_("По этому пакету решение уже принято: замечания к нему больше не пишут."))
    made = Remark(
        package_id=found.id,
        place=place,
        text=text,
        author=actor,
        at=to_the_second(),
        code=code,
        figure=figure,
    )
    session.add(made)
    session.flush()
    tell(session, actor, "remark", f"{found.campaign_id}/{found.number}", remark=made.id, place=place)
    return made


def withdrawn(session: Session, found: Package, actor: str, remark_id: int) -> None:
    """Take a remark back before the decision. Raises Stale."""
    session.refresh(found, ["state"], with_for_update=True)
    made = session.get(Remark, remark_id)
    if made is None or made.package_id != found.id or found.state != PackageState.SUBMITTED:
        raise Stale(_("Этого замечания уже нет или по пакету принято решение."))
    session.delete(made)
    tell(session, actor, "remark-withdrawn", f"{found.campaign_id}/{found.number}", remark=remark_id)


def answered(
    session: Session, found: Package, actor: str, remark_id: int, text: str, seen: str | None
) -> None:
    """The operator's answer to a remark; `seen` is the answer it was written over. Raises Stale."""
    made = session.get(Remark, remark_id, with_for_update=True, populate_existing=True)
    gone = made is None or made.package_id != found.id or made.closed_at is not None
    if made is None or gone or found.state != PackageState.RETURNED:
        raise Stale(_("На это замечание сейчас не отвечают. Откройте страницу отчёта заново."))
    if (made.answer or "") != (seen or ""):
        raise Stale(
            _("На это замечание уже ответил другой: «%(text)s». Ваш ответ не записан.", text=made.answer)
        )
    made.answer, made.answered_by, made.answered_at = text, actor, to_the_second()
    tell(session, actor, "remark-answered", f"{found.campaign_id}/{found.number}", remark=remark_id)


def closed(session: Session, found: Package, actor: str, remark_id: int, words: str = "") -> None:
    """The council is content with the answer, or ends a remark by `words` of its own. Raises Stale."""
    made = session.get(Remark, remark_id, with_for_update=True, populate_existing=True)
    if made is None or made.package_id != found.id or made.closed_at is not None:
        raise Stale(_("Это замечание уже закрыто, или оператор на него ещё не ответил."))
    at = to_the_second()
    if words:
        session.refresh(found, ["state"])
        if made.answer is not None or awaits_answers(session, found):
            raise Stale(_("На это замечание отвечает или уже ответил оператор: откройте пакет заново."))
        made.answer, made.answered_by, made.answered_at = words, actor, at
    elif made.answer is None:
        raise Stale(_("Это замечание уже закрыто, или оператор на него ещё не ответил."))
    made.closed_by, made.closed_at = actor, at
    tell(session, actor, "remark-closed", f"{found.campaign_id}/{found.number}", remark=remark_id)


def awaits_answers(session: Session, found: Package) -> bool:
    """Does the operator answer the remarks to this package now?"""
    newest = latest(session, found.campaign_id)
    return found.state == PackageState.RETURNED and newest is not None and newest.id == found.id


def open_remarks(session: Session, campaign_id: int) -> Sequence[tuple[Remark, int]]:
    """Remarks to a campaign's packages that the council has not closed, each with its package's number."""
    asked = (
        select(Remark, Package.number)
        .join(Package, Package.id == Remark.package_id)
        .where(Package.campaign_id == campaign_id, Remark.closed_at.is_(None))
        .order_by(Remark.id)
    )
    return [(one, number) for one, number in session.execute(asked)]


@dataclass(frozen=True)
class Difference:
    """One figure that is not what it was in the package before; None: undefined or not there."""

    code: str
    name: str
    figure: str
    was: str | None
    now: str | None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Printed figures and counts of questionnaires that differ between the data of two reports."""
    old, new = (_organizations(report) for report in (before, after))
    found: list[Difference] = []
    for code in [*new, *(code for code in old if code not in new)]:
        was, now = _told(old.get(code)), _told(new.get(code))
        name = (new.get(code) or old[code])["name"]
        found += [
            Difference(code, name, key, was.get(key), now.get(key))
            for key in dict.fromkeys([*now, *was])
            if was.get(key) != now.get(key)
        ]
    return found


def rewritten(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Titles of sections whose words differ between two reports."""
    old = {section["key"]: section["text"] for section in before["sections"]}
    return [one["title"] for one in after["sections"] if one["text"] != old.get(one["key"])]


def _organizations(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["code"]: one for one in report["data"]["organizations"]}


def _told(organization: Mapping[str, Any] | None) -> dict[str, str | None]:
    return dict(_figures(organization)) if organization else {}


def _figures(organization: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    result = organization["result"]
    figures = {"total": result["total"], **result["criteria"], **result["indicators"]}
    yield "responses", str(organization["responses"])
    for key in dict.fromkeys([*TOTALS, *figures]):
        figure = figures.get(key)
        yield key, figure["printed"].replace(".", ",") if figure else None
