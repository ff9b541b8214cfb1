"""Made-up visits by the real check-lists, seeded by the assessment's number: the same every time, marked as such."""

import random
from datetime import date, timedelta
from typing import Any

import nok
from operator_app.inspections.confirming import columns
from operator_app.inspections.payload import Asked
from surveys import checklists
from surveys.checklists import INSPECTION, MATERIALS, MYSTERY, Checklist
from surveys.models import Assessment, Inspection
from surveys.visits import Visit, VisitState

INSPECTOR, SECOND = "inspector", "verifier"
THERE = {"stand": 0.93, "site": 0.95}
USUALLY = 0.78
INAPPLICABLE = 0.03
WAITS = ("7", "10", "11", "12", "13")
TERM = "14"
NOTES = ("", "", "", "сказали, что повесят на неделе", "есть, но устарело", "на входе не видно")
#: Of so many organisations one has a draft, a visit that waits, two that differ, a mystery client.
DRAFT, WAITING, DIFFER, SECRET = 17, 11, 13, 7


def confirmed(assessment: Assessment, edition: nok.Edition, on: date) -> tuple[Visit, Inspection]:
    """A visit that was confirmed and the inspection made of it."""
    checklist = checklists.checklist(INSPECTION, assessment.organization.sector, edition)
    visit = _visit(assessment, edition, checklist, on, "confirmed")
    visit.state = VisitState.CONFIRMED
    found = Inspection(assessment_id=assessment.id, **columns(visit, checklist, edition))
    return visit, found


def others(assessment: Assessment, edition: nok.Edition, on: date) -> list[Visit]:
    """What is still open at some organisations of a campaign that collects."""
    sector, made = assessment.organization.sector, []
    checklist = checklists.checklist(INSPECTION, sector, edition)
    if assessment.id % DRAFT == 1:
        draft = _visit(assessment, edition, checklist, on, "draft")
        draft.items = dict(list(draft.items.items())[: len(draft.items) // 2])
        draft.state = VisitState.DRAFT
        made.append(draft)
    elif assessment.id % WAITING == 3:
        made.append(_visit(assessment, edition, checklist, on, "waiting"))
    elif assessment.id % DIFFER == 5:
        one = _visit(assessment, edition, checklist, on, "first")
        made += [one, _second(assessment, edition, checklist, on, one)]
    if assessment.id % SECRET == 2:
        secret = checklists.checklist(MYSTERY, sector, edition)
        made.append(_visit(assessment, edition, secret, on, "mystery"))
    return made


def _second(
    assessment: Assessment, edition: nok.Edition, checklist: Checklist, on: date, one: Visit
) -> Visit:
    """Another inspector a day later, who saw most things the same way."""
    chance, other = (
        random.Random(f"second {assessment.id}"),
        _visit(assessment, edition, checklist, on, "second"),
    )
    kept = {code: answer for code, answer in one.items.items() if chance.random() < 0.7}
    other.items, other.inspector = {**other.items, **kept}, SECOND
    other.counts, other.visited_on = one.counts, on + timedelta(days=1)
    return other


def _visit(assessment: Assessment, edition: nok.Edition, checklist: Checklist, on: date, which: str) -> Visit:
    chance = random.Random(f"visit {which} {assessment.id}")
    counts: dict[str, Any] = dict.fromkeys(MATERIALS, "list") if checklist.kind == INSPECTION else {}
    if counts and Asked.of(edition, assessment.organization).waiting:
        counts |= {"waiting_mean": chance.choice(WAITS), "waiting_term": TERM, "waiting_unit": "days"}
    return Visit(
        assessment_id=assessment.id,
        kind=checklist.kind,
        state=VisitState.DONE,
        checklist=checklist.id,
        checklist_sha256=checklist.content_hash,
        inspector=INSPECTOR,
        visited_on=on,
        items={item.code: _answer(item, checklist, on, chance) for item in checklist.by_code.values()},
        counts=counts,
        note="",
        version=1,
        client_key=f"demo-{which}-{assessment.id}",
    )


def _answer(item: checklists.Item, checklist: Checklist, on: date, chance: random.Random) -> dict[str, Any]:
    if item.block in MATERIALS and chance.random() < INAPPLICABLE:
        return {"value": "na", "reason": chance.choice(checklist.reasons[:2])}
    if chance.random() < THERE.get(item.block, USUALLY):
        tried = {"tried": {"how": item.tried, "on": on.isoformat()}} if item.tried else {}
        return {"value": "yes", **tried}
    note = chance.choice(NOTES)
    return {"value": "no", **({"note": note} if note else {})}
