"""Two inspectors at one organisation: where they differ, how far they agree, and the decision on each difference."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from operator_app.inspections.confirming import ANOTHER, current_list, into_inspection, may_confirm
from operator_app.inspections.payload import BY_LIST, VisitRefused, said
from operator_app.inspections.visiting import asked_items, collecting
from surveys.checklists import INSPECTION, MATERIALS, Checklist
from surveys.models import Assessment, Inspection
from surveys.refusals import Refusal, Stale
from surveys.visits import Visit, VisitState

SIDES = ("a", "b")
#: What is counted and not ticked is decided as a whole.
GROUPS = {
    "stand": ("stand", "stand_present", "stand_required", "own_list"),
    "site": ("site", "site_present", "site_required", "own_list"),
    "information_required": ("information_required",),
    "waiting": ("waiting_mean", "waiting_term", "waiting_unit", "waiting_points"),
}


@dataclass(frozen=True)
class Agreement:
    """How far two inspectors agree over the items both answered; `kappa` is None where chance alone explains all."""

    items: int
    same: int
    kappa: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """The share of equal answers; None when nothing was answered by both."""
        return Fraction(self.same, self.items) if self.items else None


@dataclass(frozen=True)
class Compared:
    """Both visits side by side: codes of items and groups that differ, codes of items that agree."""

    differ: Sequence[str]
    agree: Sequence[str]
    agreement: Agreement


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Cohen's kappa, exactly: (p − e) / (1 − e), where e is the agreement to expect by chance."""
    same = sum(one == other for one, other in pairs)
    if not pairs:
        return Agreement(0, 0, None)
    first, second = Counter(one for one, _o in pairs), Counter(other for _o, other in pairs)
    chance = Fraction(sum(first[value] * second[value] for value in first), len(pairs) ** 2)
    observed = Fraction(same, len(pairs))
    return Agreement(len(pairs), same, None if chance == 1 else (observed - chance) / (1 - chance))


def compared(one: Visit, other: Visit, checklist: Checklist) -> Compared:
    """Where two finished visits by one list differ; what only one of them asked is decided with its group."""
    asked = {item.code for item in asked_items(other, checklist)}
    both = [item.code for item in asked_items(one, checklist) if item.code in asked]
    pairs = [(value(one, code), value(other, code)) for code in both]
    differ = [code for code, (left, right) in zip(both, pairs, strict=True) if left != right]
    groups = [group for group in GROUPS if counted(one, group) != counted(other, group)]
    agree = [code for code in both if code not in set(differ)]
    return Compared([*groups, *differ], agree, agreement(pairs))


def value(visit: Visit, code: str) -> str:
    """The answer to an item; empty when there is none."""
    return str(visit.items.get(code, {}).get("value") or "")


def counted(visit: Visit, group: str) -> dict[str, Any]:
    """What a visit counted for a group; the name of a list matters only where one was used."""
    return {name: visit.counts[name] for name in GROUPS[group] if _matters(visit, group, name)}


def _matters(visit: Visit, group: str, name: str) -> bool:
    if name == "own_list" and visit.counts.get(group, BY_LIST) in (BY_LIST, "none"):
        return False
    return name in visit.counts


def waiting(visits: Sequence[Visit]) -> list[Visit]:
    """Of an organisation's visits the two that are to be compared: the last finished one of each of two inspectors."""
    last = {
        visit.inspector: visit
        for visit in sorted(visits, key=lambda visit: visit.id)
        if visit.kind == INSPECTION and visit.state == VisitState.DONE
    }
    return sorted(last.values(), key=lambda visit: visit.id)[:2] if len(last) > 1 else []


def stamp(visit: Visit) -> str:
    """Which visit, and as of which change: what the one who decides has seen."""
    return f"{visit.id}.{visit.version}"


def decide(session: Session, user: User, one: Visit, other: Visit, told: Mapping[str, Any]) -> Inspection:
    """Both visits into one inspection; `told`: "choices" and "reasons" by difference, "seen", "versions" (stamps).

    The decision is a visit of its own, made by whoever decides; both stay as they were found, confirmed.
    Call inside `writing()`. Raises VisitRefused (what is not decided), Stale, Refusal, PinnedChanged.
    """
    assessment = session.get_one(Assessment, one.assessment_id)
    collecting(assessment.campaign)
    if [stamp(one), stamp(other)] != list(told["versions"]):
        raise Stale(_("Пока вы смотрели, одну из проверок изменили. Сравните их ещё раз."))
    if {one.state, other.state} != {VisitState.DONE}:
        raise Refusal(_("Сравнивают две завершённые проверки."))
    if not may_confirm(session, user, one, other):
        raise Refusal(str(ANOTHER))
    checklist, _edition = current_list(assessment, one)
    current_list(assessment, other)
    made = _decided(user, (one, other), checklist, told)
    session.add(made)
    session.flush()
    inspection = into_inspection(session, user, assessment, made, told["seen"])
    for visit in (one, other):
        visit.state = VisitState.CONFIRMED
        visit.version += 1
    subject = f"{assessment.campaign_id}/{assessment.organization.code}"
    differences = len(compared(one, other, checklist).differ)
    audit.record(
        session,
        user.login,
        "visits-compared",
        subject,
        first=one.id,
        second=other.id,
        differences=differences,
    )
    return inspection


def _decided(user: User, visits: tuple[Visit, Visit], checklist: Checklist, told: Mapping[str, Any]) -> Visit:
    one, other = visits
    found = compared(one, other, checklist)
    sides = dict(zip(SIDES, visits, strict=True))
    choices, reasons = told["choices"], {code: said(told["reasons"].get(code)) for code in found.differ}
    errors = {
        code: _("Выберите, чей ответ верен, и напишите почему.")
        for code in found.differ
        if choices.get(code) not in sides or not reasons[code]
    }
    if errors:
        raise VisitRefused(errors)
    taken = {code: sides[choices[code]] for code in found.differ}
    items, counts = dict(one.items), dict(one.counts)
    for code, chosen in taken.items():
        if code in GROUPS:
            _take_group(code, chosen, checklist, items, counts)
    for code, chosen in taken.items():
        if code not in GROUPS:
            items[code] = {**chosen.items[code], "decided": reasons[code]}
    groups = {code: reasons[code] for code in taken if code in GROUPS}
    return Visit(
        assessment_id=one.assessment_id,
        kind=INSPECTION,
        state=VisitState.CONFIRMED,
        checklist=checklist.id,
        checklist_sha256=checklist.content_hash,
        inspector=user.login,
        visited_on=max(one.visited_on, other.visited_on),
        items=items,
        counts={**counts, "decided": groups, "compared": [one.id, other.id]},
        note="",
        version=1,
        client_key=sha256(f"{stamp(one)} {stamp(other)}".encode()).hexdigest()[:40],
    )


def _take_group(
    group: str, chosen: Visit, checklist: Checklist, items: dict[str, Any], counts: dict[str, Any]
) -> None:
    """Counts of a group as the chosen visit has them; with a stand or a site come its lines."""
    for name in GROUPS[group]:
        if name != "own_list":
            counts.pop(name, None)
    counts.update(counted(chosen, group))
    if group in MATERIALS:
        for item in checklist.block(group).items:
            items.pop(item.code, None)
            if item.code in chosen.items:
                items[item.code] = chosen.items[item.code]
