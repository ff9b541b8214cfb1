"""What an inspector sends, read strictly: the page's form and the phone's queue come to the same shape.

{"client_key", "kind", "checklist", "checklist_sha256", "visited_on": "2026-11-21", "note", "done": bool,
 "version": what the sender has seen (0: nothing kept yet),
 "items": {code: {"value": "yes|no|na", "reason", "note", "tried": {"how": "called|wrote|opened", "on"}}},
 "counts": {"stand": "list|own|none", "site": the same, "own_list": its name,
            "stand_present", "stand_required", "site_present", "site_required", "information_required",
            "waiting_mean", "waiting_term", "waiting_unit", "waiting_points"}}
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

import nok
from surveys.checklists import MATERIALS, TRIES, Checklist, Item
from surveys.clock import today
from surveys.models import Organization
from surveys.refusals import Refusal

MOST = 999
HIGHEST = 100
VALUES = ("yes", "no", "na")
BY_LIST, BY_OWN_LIST, NONE = "list", "own", "none"
WAYS = (BY_LIST, BY_OWN_LIST, NONE)
UNITS = ("days", "hours")
LONGEST, LONGEST_NOTE = 300, 4000
#: «60», «62,5», «200/3»: what Fraction reads besides (1e-999999999) may take it hours.
POINTS = re.compile(r"[0-9]{1,3}([.,][0-9]{1,6}|/0*[1-9][0-9]{0,5})?")
TIME = re.compile(r"[0-9]{1,4}([.,][0-9]{1,4})?")
CLIENT_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")


class VisitRefused(Refusal):
    """What was sent cannot be kept; `errors`: item's code or field's name → what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(dict.fromkeys(errors.values())))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Asked:
    """What is asked of this organisation besides the list: the wait (2.2) and the one norm of the edition of 2018."""

    waiting: bool
    common_norm: bool

    @classmethod
    def of(cls, edition: nok.Edition, organization: Organization) -> "Asked":
        """By the edition pinned and the organisation's sphere and kind."""
        return cls(
            waiting=edition.applies("2.2", organization.sector, organization.kind),
            common_norm=edition.indicators["1.1"].denominator == "common",
        )


@dataclass
class Filled:
    """A payload understood; what is written is kept as it was typed, without stray signs."""

    visited_on: date
    items: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    done: bool = False


def read(payload: Mapping[str, Any], checklist: Checklist, asked: Asked) -> Filled:
    """The payload as it is kept. Raises VisitRefused with every error."""
    errors: dict[str, str] = {}
    visited_on = _day(payload.get("visited_on"), "visited_on", errors)
    items = _items(payload.get("items"), checklist, errors)
    counts = _counts(payload.get("counts"), asked, errors) if checklist.kind == "inspection" else {}
    if errors or visited_on is None:
        raise VisitRefused(errors)
    note = said(payload.get("note"), LONGEST_NOTE)
    return Filled(visited_on, items, counts, note, payload.get("done") is True)


def said(value: object, longest: int = LONGEST) -> str:
    """A person's words as every database takes them: no zero byte, no half of a surrogate, not too long."""
    words = value if isinstance(value, str) else ""
    return words.replace("\0", "").encode("utf-8", "ignore").decode().strip()[:longest].rstrip()


def exact(typed: object) -> Fraction | None:
    """A number as it was typed, with a comma or a point; None when nothing was."""
    return Fraction(str(typed).replace(",", ".")) if typed else None


def _day(value: object, name: str, errors: dict[str, str]) -> date | None:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(str(value or "").strip(), form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        if day > today():
            errors[name] = _("Этот день ещё не наступил.")
        return day
    errors[name] = _("Укажите день проверки цифрами, например 21.11.2026.")
    return None


def _items(told: object, checklist: Checklist, errors: dict[str, str]) -> dict[str, Any]:
    items = told if isinstance(told, Mapping) else {}
    for code in items.keys() - checklist.by_code.keys():
        errors[said(str(code), 80)] = _("В этом перечне нет такого пункта. Откройте страницу заново.")
    found = {item.code: _item(items.get(item.code), item, errors) for item in checklist.by_code.values()}
    return {code: answer for code, answer in found.items() if answer}


def _item(told: object, item: Item, errors: dict[str, str]) -> dict[str, Any]:
    """One answer; only what is not empty is kept."""
    answer = told if isinstance(told, Mapping) else {}
    value = answer.get("value") or ""
    if value and value not in VALUES:
        errors[item.code] = _("Выберите «есть», «нет» или «неприменимо».")
        return {}
    kept: dict[str, Any] = {"value": value, "note": said(answer.get("note"))}
    if value == "na":
        kept["reason"] = said(answer.get("reason"))
    tried = answer.get("tried")
    if item.tried and value in ("yes", "no") and isinstance(tried, Mapping) and tried.get("how"):
        kept["tried"] = _try(tried, item, errors)
    return {name: what for name, what in kept.items() if what}


def _try(tried: Mapping[str, Any], item: Item, errors: dict[str, str]) -> dict[str, str]:
    if tried["how"] not in TRIES:
        errors[item.code] = _("Выберите, как вы это попробовали.")
        return {}
    on = _day(tried["on"], item.code, errors) if tried.get("on") else None
    return {"how": tried["how"], **({"on": on.isoformat()} if on else {})}


def wait_alone(given: Mapping[str, str]) -> dict[str, Any]:
    """What a visit's `counts` would say of the wait. Raises VisitRefused."""
    errors: dict[str, str] = {}
    kept = _waited(given, errors)
    if errors:
        raise VisitRefused(errors)
    return {name: what for name, what in kept.items() if what != ""}


def _counts(told: object, asked: Asked, errors: dict[str, str]) -> dict[str, Any]:
    given = told if isinstance(told, Mapping) else {}
    kept: dict[str, Any] = {}
    for place in MATERIALS:
        kept |= _place(given, place, errors)
    if BY_OWN_LIST in (kept["stand"], kept["site"]):
        kept["own_list"] = said(given.get("own_list"), 200)
    if asked.common_norm:
        kept["information_required"] = _number(given, "information_required", errors)
    if asked.waiting:
        kept |= _waited(given, errors)
    return {name: what for name, what in kept.items() if what not in (None, "")}


def _place(given: Mapping[str, Any], place: str, errors: dict[str, str]) -> dict[str, Any]:
    """The stand or the site: by our list, by the operator's own (two counts), or there is none."""
    way = given.get(place) or BY_LIST
    if way not in WAYS:
        errors[place] = _("Выберите, как проверяли.")
    if way != BY_OWN_LIST:
        return {place: way}
    has, must = f"{place}_present", f"{place}_required"
    present, required = _number(given, has, errors), _number(given, must, errors)
    if not errors.keys() & {has, must}:
        if (present is None) != (required is None):
            errors[has if present is None else must] = _("Заполните оба числа.")
        elif required == 0:
            errors[must] = _("Если требовать нечего, выберите «нет стенда» или «нет сайта».")
        elif present is not None and required is not None and present > required:
            errors[has] = _("Здесь больше, чем требуется. Проверьте оба числа.")
    return {place: way, has: present, must: required}


def _number(given: Mapping[str, Any], name: str, errors: dict[str, str]) -> int | None:
    typed = str(given.get(name) if given.get(name) is not None else "").strip()
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", typed):
        errors[name] = _("Введите целое число от 0 до 999.")
        return None
    return int(typed)


def _waited(given: Mapping[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    names = ("waiting_mean", "waiting_term", "waiting_points")
    typed = {name: said(str(given.get(name) or ""), 40) for name in names}
    mean, term, points = (typed[name] for name in names)
    for name, value in (("waiting_mean", mean), ("waiting_term", term)):
        if value and not TIME.fullmatch(value):
            errors[name] = _("Введите число, например 10 или 2,5.")
    if "waiting_term" not in errors and term and not exact(term):
        errors["waiting_term"] = _("Срок не бывает нулевым.")
    if bool(mean) != bool(term):
        missing = "waiting_term" if mean else "waiting_mean"
        errors.setdefault(missing, _("Нужны и ожидание, и срок: по одному баллы не посчитать."))
    if points and not POINTS.fullmatch(points):
        errors["waiting_points"] = _("Введите число от 0 до 100, например 60.")
    elif points and (exact(points) or 0) > HIGHEST:
        errors["waiting_points"] = _("Баллов бывает от 0 до 100.")
    unit = given.get("waiting_unit") or UNITS[0]
    if unit not in UNITS:
        errors["waiting_unit"] = _("Выберите дни или часы.")
    return {**typed, "waiting_unit": unit if mean else ""}
