"""The check-list behind a figure, item by item, with what proves it, as far as the council may see (norms A6).

Before the operator hands anything over, proofs are the operator's own. After that the council sees those of the visit
that the figures were taken from; drafts, visits not confirmed and visits of mystery clients never.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from documents.presentation import block as block_title
from surveys import checklists, handover, inspected
from surveys.checklists import INSPECTION, MATERIALS, Checklist
from surveys.inspected import ITEM_BLOCKS
from surveys.models import Assessment, Inspection
from surveys.results import Standing
from surveys.visits import Evidence, Visit, VisitState

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
ORDER = (NO, NOT_APPLICABLE, YES, "")  # what was not found is what is asked about
BY_LIST = "list"


class Thing(NamedTuple):
    """One item: found, not found or not applicable; what the inspector added; what proves it."""

    title: str
    value: str
    words: Sequence[str] = ()
    proofs: Sequence[Evidence] = ()


class Part(NamedTuple):
    """One block of the check-list; `counted` says it in numbers where there are no items to name."""

    title: str
    things: Sequence[Thing]
    counted: str = ""


class Seen(NamedTuple):
    """What stands behind a figure; `notices` say what is not shown and why."""

    parts: Sequence[Part]
    notices: Sequence[str]
    inspection: Inspection | None


def blocks_of(edition: nok.Edition, key: str) -> Sequence[str]:
    """Blocks of the check-list that a figure follows from: of 1.1 the stand and the site, of 2.2 none."""
    if key == "1.1":
        return MATERIALS
    indicator = edition.indicators.get(key)
    return (indicator.block,) if indicator and indicator.block else ()


def seen(session: Session, assessment: Assessment, one: Standing, blocks: Sequence[str]) -> Seen:
    """The items of these blocks, in one look."""
    inspection = session.get(Inspection, assessment.id)
    if inspection is None or not one.inspected or not blocks:
        return Seen((), (), inspection)
    counted = one.observations.as_dict().get("inspection") or {}
    now = inspected.counts(inspection) or {}
    if any(counted.get(block) != now.get(block) for block in blocks):
        return Seen((), (_("После того как цифры утвердили, проверку изменили: пункты не показаны."),), None)
    visit = session.get(Visit, inspection.visit_id) if inspection.visit_id else None
    if visit is None or visit.state != VisitState.CONFIRMED:
        return Seen(
            _of_table(inspection, one, blocks),
            (_("Проверка взята из таблицы, снимков при ней нет."),),
            inspection,
        )
    made = _checklist(visit, one)
    if made is None:
        return Seen(
            _of_table(inspection, one, blocks),
            (_("Перечень с тех пор изменился, снимки не показаны."),),
            inspection,
        )
    handed = handover.latest(session, assessment.campaign_id) is not None
    proofs = _proofs(session, visit.id) if handed else {}
    notices = () if handed else (_("Снимки и ссылки совет увидит, когда оператор отправит пакет."),)
    return Seen([_part(visit, made, block, proofs) for block in blocks], notices, inspection)


def proof(session: Session, campaign_id: int, evidence_id: int) -> Evidence | None:
    """A proof that the council may see."""
    if handover.latest(session, campaign_id) is None:
        return None
    return session.scalar(
        select(Evidence)
        .join(Visit, Visit.id == Evidence.visit_id)
        .join(Inspection, Inspection.visit_id == Visit.id)
        .join(Assessment, Assessment.id == Inspection.assessment_id)
        .where(
            Evidence.id == evidence_id,
            Visit.state == VisitState.CONFIRMED,
            Assessment.campaign_id == campaign_id,
        )
    )


def _checklist(visit: Visit, one: Standing) -> Checklist | None:
    """The list by which the visit was made; None when it is not the one of now."""
    try:
        made = checklists.checklist(INSPECTION, one.sector, nok.edition(one.result.edition.id))
    except nok.Refused:
        return None
    return made if made.content_hash == visit.checklist_sha256 else None


def _proofs(session: Session, visit_id: int) -> Mapping[str, list[Evidence]]:
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    for one in session.scalars(select(Evidence).where(Evidence.visit_id == visit_id).order_by(Evidence.id)):
        found[one.item].append(one)
    return found


def _part(visit: Visit, made: Checklist, block: str, proofs: Mapping[str, Sequence[Evidence]]) -> Part:
    listed = made.block(block)
    if block in MATERIALS and visit.counts.get(block, BY_LIST) != BY_LIST:
        return Part(listed.title, (), _own_list(visit.counts, block))
    things = []
    for item in listed.items:
        said: Mapping[str, Any] = visit.items.get(item.code, {})
        words = [said[name] for name in ("reason", "note", "decided") if said.get(name)]
        things.append(Thing(item.title, said.get("value", ""), words, proofs.get(item.code, ())))
    return Part(listed.title, sorted(things, key=lambda thing: ORDER.index(thing.value)))


def _own_list(counts: Mapping[str, Any], block: str) -> str:
    if counts[block] == "none":
        return str(_("стенда нет") if block == "stand" else _("сайта нет"))
    present, required = counts.get(f"{block}_present", "—"), counts.get(f"{block}_required", "—")
    return str(_("По своему перечню организации: есть %(n)s из %(of)s.", n=present, of=required))


def _of_table(inspection: Inspection, one: Standing, blocks: Iterable[str]) -> list[Part]:
    """Of an inspection that came as a table: what the edition lists, found or not."""
    return [
        Part(block_title(block), list(_told(inspection, one, block)), _pair(inspection, block))
        for block in blocks
    ]


def _pair(inspection: Inspection, block: str) -> str:
    if block not in MATERIALS:
        return ""
    present, required = getattr(inspection, f"{block}_present"), getattr(inspection, f"{block}_required")
    if required is None:
        return str(_("стенда нет") if block == "stand" else _("сайта нет"))
    return str(_("Есть %(n)s из %(of)s.", n=present, of=required))


def _told(inspection: Inspection, one: Standing, block: str) -> Iterator[Thing]:
    missing = inspection.missing.get(block, ())
    if block not in ITEM_BLOCKS:
        yield from (Thing(title, NO) for title in missing)
        return
    found, not_applicable = getattr(inspection, block), inspection.not_applicable.get(block, {})
    items = one.result.edition.items(block, one.sector)
    yield from (Thing(item.title, NO) for item in items if item.code not in {*found, *not_applicable})
    yield from (
        Thing(item.title, NOT_APPLICABLE, [not_applicable[item.code]])
        for item in items
        if item.code in not_applicable
    )
    yield from (Thing(item.title, YES) for item in items if item.code in found)
