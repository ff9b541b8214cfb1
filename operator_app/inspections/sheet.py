"""A visit as a page: what was typed → the payload that is kept, and a visit (or a refused payload) → rows to draw."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from operator_app.inspections.payload import BY_OWN_LIST, Asked
from surveys.checklists import INSPECTION, TRIES, Checklist, Item
from surveys.clock import today
from surveys.visits import Evidence, Visit

COUNTS = (
    "stand",
    "site",
    "own_list",
    "stand_present",
    "stand_required",
    "site_present",
    "site_required",
    "information_required",
    "waiting_mean",
    "waiting_term",
    "waiting_unit",
    "waiting_points",
)
FINISH = "finish"


@dataclass(frozen=True)
class Row:
    """One line of the list with what is written in it."""

    item: Item
    number: int
    value: str
    reason: str
    own_reason: str
    note: str
    how: str
    on: str
    error: str
    proofs: Sequence[Evidence]


@dataclass(frozen=True)
class Sheet:
    """All that the page of a visit shows; `left`: item or field → what is still to be done."""

    checklist: Checklist
    asked: Asked
    rows: Mapping[str, Sequence[Row]]
    counts: Mapping[str, Any]
    visited_on: str
    note: str
    version: int
    client_key: str
    errors: Mapping[str, str]
    left: Mapping[str, str] = field(default_factory=dict)
    tries: Mapping[str, str] = field(default_factory=lambda: TRIES)


def payload_of(form: MultiDict[str, str], checklist: Checklist) -> dict[str, Any]:
    """The page's fields in the shape that `visiting.save` takes."""
    return {
        "client_key": form.get("client_key", ""),
        "kind": checklist.kind,
        "checklist": checklist.id,
        "checklist_sha256": form.get("checklist_sha256", ""),
        "visited_on": form.get("visited_on", ""),
        "version": form.get("version", 0, type=int),
        "items": {code: _answer(form, code) for code in checklist.by_code},
        "counts": _counts(form) if checklist.kind == INSPECTION else {},
        "note": form.get("note", ""),
        "done": form.get("act") == FINISH,
    }


def drawn(
    checklist: Checklist,
    asked: Asked,
    filled: Mapping[str, Any],
    errors: Mapping[str, str],
    left: Mapping[str, str],
    proofs: Iterable[Evidence],
) -> Sheet:
    """The page of a payload, or of a visit as `written` tells it."""
    by_item: dict[str, list[Evidence]] = {}
    for proof in proofs:
        by_item.setdefault(proof.item, []).append(proof)
    numbers = {code: number for number, code in enumerate(checklist.by_code, 1)}
    rows = {
        block.code: [
            _row(
                item, numbers[item.code], filled["items"].get(item.code, {}), checklist, errors, left, by_item
            )
            for item in block.items
        ]
        for block in checklist.blocks
    }
    return Sheet(
        checklist=checklist,
        asked=asked,
        rows=rows,
        counts={name: filled["counts"].get(name, "") for name in COUNTS},
        visited_on=filled["visited_on"],
        note=filled["note"],
        version=filled["version"],
        client_key=filled["client_key"],
        errors=errors,
        left=left,
    )


def written(visit: Visit | None) -> dict[str, Any]:
    """A visit in the payload's shape; a new one is empty but for the day and its key."""
    if visit is None:
        fresh = {"visited_on": today().isoformat(), "client_key": secrets.token_hex(16)}
        return {"items": {}, "counts": {}, "note": "", "version": 0, **fresh}
    return {
        "items": visit.items,
        "counts": visit.counts,
        "note": visit.note,
        "version": visit.version,
        "visited_on": visit.visited_on.isoformat(),
        "client_key": visit.client_key,
    }


def _counts(form: MultiDict[str, str]) -> dict[str, Any]:
    """The name of one's own list stands at the stand and at the site; it is one."""
    named = "own_list" if form.get("stand") == BY_OWN_LIST else "own_list_site"
    return {**{name: form.get(name, "") for name in COUNTS}, "own_list": form.get(named, "")}


def _answer(form: MultiDict[str, str], code: str) -> dict[str, Any]:
    own = form.get(f"own:{code}", "").strip()
    return {
        "value": form.get(f"value:{code}", ""),
        "reason": own or form.get(f"reason:{code}", ""),
        "note": form.get(f"note:{code}", ""),
        "tried": {"how": form.get(f"how:{code}", ""), "on": form.get(f"on:{code}", "")},
    }


def _row(
    item: Item,
    number: int,
    answer: Mapping[str, Any],
    checklist: Checklist,
    errors: Mapping[str, str],
    left: Mapping[str, str],
    proofs: Mapping[str, Sequence[Evidence]],
) -> Row:
    reason, tried = answer.get("reason") or "", answer.get("tried") or {}
    usual = reason in checklist.reasons
    answered = bool(answer.get("value"))
    return Row(
        item=item,
        number=number,
        value=answer.get("value") or "",
        reason=reason if usual else "",
        own_reason="" if usual else reason,
        note=answer.get("note") or "",
        how=tried.get("how") or "",
        on=tried.get("on") or "",
        error=errors.get(item.code) or (_sentence(left.get(item.code, "")) if answered else ""),
        proofs=proofs.get(item.code, ()),
    )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
