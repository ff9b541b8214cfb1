"""Keeping a visit: one door for the page and for a phone that was without a network.

A visit sent twice is one visit; nobody writes over what he has not seen; what is unfinished stays a draft.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from operator_app.inspections.payload import (
    BY_LIST,
    BY_OWN_LIST,
    CLIENT_KEY,
    Asked,
    Filled,
    VisitRefused,
    read,
)
from surveys import checklists
from surveys.campaigns import rules
from surveys.checklists import KINDS, MATERIALS, Checklist, Item
from surveys.models import Assessment, Campaign, Stage
from surveys.refusals import PinnedChanged, Refusal, Stale
from surveys.visits import Visit, VisitState


def save(
    session: Session,
    user: User,
    assessment: Assessment,
    payload: Mapping[str, Any],
    by: User | None = None,
) -> Visit:
    """Keep a user's visit (operator_app.inspections.payload says its shape); call inside `writing()`.

    `by`: who brings it in a file when that is somebody else: the trail and the visit name him. A finished one with
    anything left out stays a draft: `unfinished()` says what. Raises VisitRefused (errors by item), Stale,
    PinnedChanged (the list changed), Refusal.
    """
    collecting(assessment.campaign)
    edition, _practice = rules(assessment.campaign)
    kind, key = str(payload.get("kind") or ""), str(payload.get("client_key") or "")
    if kind not in KINDS or not CLIENT_KEY.fullmatch(key):
        raise Refusal(_("Запрос не понят: откройте проверку заново."))
    checklist = checklists.checklist(kind, assessment.organization.sector, edition)
    visit = _known(session, key)
    if visit is not None and (visit.assessment_id, visit.inspector) != (assessment.id, user.login):
        raise Refusal(_("Эту проверку ведёт другой человек. Откройте свою."))
    if payload.get("checklist_sha256") != checklist.content_hash:
        raise PinnedChanged(
            _("Перечень обновился, пока вы проверяли. Откройте проверку заново: ответы на месте.")
        )
    filled = read(payload, checklist, Asked.of(edition, assessment.organization))
    if visit is None:
        return _added(session, user, by or user, assessment, checklist, key, filled)
    return _changed(session, by or user, assessment, visit, checklist, filled, payload.get("version"))


def collecting(campaign: Campaign) -> None:
    """Raises Refusal when the campaign takes no inspections any more."""
    if campaign.stage != Stage.COLLECTING:
        raise Refusal(_("Сбор в этой кампании закончен: проверки больше не меняются."))


def unfinished(visit: Visit | Filled, checklist: Checklist) -> dict[str, str]:
    """Item's code or field's name → what is still to be done before the visit is finished."""
    left = {
        item.code: text
        for item in asked_items(visit, checklist)
        if (text := _left(visit.items, item)) is not None
    }
    for place in MATERIALS:
        if visit.counts.get(place) == BY_OWN_LIST:
            if visit.counts.get(f"{place}_required") is None:
                left[f"{place}_required"] = _("Впишите, сколько есть и сколько требуется.")
            if not visit.counts.get("own_list"):
                left["own_list"] = _("Назовите перечень, по которому считали.")
    for place in MATERIALS if checklist.kind == checklists.INSPECTION else ():
        if visit.counts.get(place) == BY_LIST and _nothing_applies(visit.items, checklist, place):
            left[place] = _("Неприменимо всё. Если проверять нечего, выберите «нет стенда» или «нет сайта».")
    return left


def asked_items(visit: Visit | Filled, checklist: Checklist) -> list[Item]:
    """The lines this visit answers: a stand or a site counted by another list, or absent, has none."""
    return [
        item
        for item in checklist.by_code.values()
        if item.block not in MATERIALS or visit.counts.get(item.block, BY_LIST) == BY_LIST
    ]


def answered(visit: Visit | Filled, checklist: Checklist) -> tuple[int, int]:
    """How many lines have an answer, of how many: «12 из 46»."""
    asked = asked_items(visit, checklist)
    return sum(bool(visit.items.get(item.code, {}).get("value")) for item in asked), len(asked)


def remaining(count: int) -> str:
    """What to say of a visit with so much left."""
    return str(ngettext("Остался %(count)s пункт.", "Осталось %(count)s пунктов.", count, count=count))


def _left(items: Mapping[str, Any], item: Item) -> str | None:
    answer = items.get(item.code, {})
    if not answer.get("value"):
        return str(_("нет ответа"))
    if answer["value"] == "na" and not answer.get("reason"):
        return str(_("назовите причину, почему это неприменимо"))
    if item.tried and answer["value"] == "yes" and not answer.get("tried"):
        return str(_("отметьте, как попробовали: способ должен работать"))
    return None


def _nothing_applies(items: Mapping[str, Any], checklist: Checklist, place: str) -> bool:
    return all(items.get(item.code, {}).get("value") == "na" for item in checklist.block(place).items)


def _known(session: Session, key: str) -> Visit | None:
    return session.scalar(select(Visit).where(Visit.client_key == key).with_for_update())


def _added(
    session: Session,
    user: User,
    by: User,
    assessment: Assessment,
    checklist: Checklist,
    key: str,
    filled: Filled,
) -> Visit:
    visit = Visit(
        assessment_id=assessment.id,
        kind=checklist.kind,
        inspector=user.login,
        brought_by=_bringer(user.login, by),
        client_key=key,
        version=1,
        **_content(checklist, filled),
    )
    try:
        with session.begin_nested():
            session.add(visit)
    except IntegrityError:  # the phone sent it twice at once: the other one has put it down
        found = _known(session, key)
        if found is None:
            raise
        return _changed(session, by, assessment, found, checklist, filled, None)
    _record(session, by, assessment, visit)
    return visit


def _changed(
    session: Session,
    by: User,
    assessment: Assessment,
    visit: Visit,
    checklist: Checklist,
    filled: Filled,
    version: object,
) -> Visit:
    content = _content(checklist, filled)
    if all(getattr(visit, name) == value for name, value in content.items()):
        return visit
    if visit.state == VisitState.CONFIRMED and all(
        getattr(visit, name) == value for name, value in content.items() if name != "state"
    ):
        return visit
    if visit.version != version:
        raise Stale(_("Проверку изменили с другого устройства. Откройте её заново и внесите своё ещё раз."))
    if visit.state == VisitState.CONFIRMED:
        raise Refusal(_("Проверка уже подтверждена. Чтобы исправить её, попросите вернуть её на доработку."))
    for name, value in content.items():
        setattr(visit, name, value)
    visit.brought_by = _bringer(visit.inspector, by)
    visit.version += 1
    session.flush()
    _record(session, by, assessment, visit)
    return visit


def _bringer(inspector: str, by: User) -> str | None:
    return None if by.login == inspector else by.login


def _content(checklist: Checklist, filled: Filled) -> dict[str, Any]:
    done = filled.done and not unfinished(filled, checklist)
    return {
        "state": VisitState.DONE if done else VisitState.DRAFT,
        "checklist": checklist.id,
        "checklist_sha256": checklist.content_hash,
        "visited_on": filled.visited_on,
        "items": filled.items,
        "counts": filled.counts,
        "note": filled.note,
    }


def _record(session: Session, by: User, assessment: Assessment, visit: Visit) -> None:
    subject = f"{assessment.campaign_id}/{assessment.organization.code}"
    told: dict[str, str | int | None] = {"visit": visit.id, "kind": visit.kind, "state": str(visit.state)}
    if visit.brought_by is not None:
        told["inspector"] = visit.inspector
    audit.record(session, by.login, "visit", subject, **told)


__all__ = ["VisitRefused", "answered", "asked_items", "collecting", "remaining", "save", "unfinished"]
