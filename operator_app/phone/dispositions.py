"""How calls end, in the terms of AAPOR and in plain Russian: the data of outcomes.toml."""

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

from surveys.refusals import Refusal

Category = Literal["interview", "partial", "refusal", "contact", "noncontact", "unknown", "ineligible"]

COMPLETE, PARTIAL, BREAK_OFF, APPOINTMENT = "1.1", "1.2", "2.12", "2.36"
RELEASED, SEEN = "0.1", "0.2"  # no call and no code of AAPOR: put back uncalled; the same, the head knows
RELEASES = (RELEASED, SEEN)
TITLES = {
    "interview": _l("Опрос проведён"),
    "partial": _l("Опрос прерван после половины"),
    "refusal": _l("Отказ"),
    "contact": _l("Поговорили, опроса нет"),
    "noncontact": _l("Нужного человека не застали"),
    "unknown": _l("Неизвестно, получал ли услугу"),
    "ineligible": _l("Опрашивать некого"),
}


#: How the screen of a call groups them: the way there is told by what happened, not by the code.
GROUPS = (
    (_l("Не дозвонились"), ("unknown", "noncontact")),
    (_l("Поговорили, но опроса не будет"), ("refusal", "contact")),
    (_l("Опрашивать некого"), ("ineligible",)),
)


@dataclass(frozen=True, slots=True)
class Disposition:
    """One way for a call to end; `rest` is in minutes, `key` its key on the screen of a call."""

    code: str
    title: str
    category: Category
    after: Literal["final", "retry", "appointment"]
    at: Literal["call", "interview"]
    hint: str = ""
    rest: int = 0
    key: str = ""


@cache
def dispositions() -> dict[str, Disposition]:
    """Code → disposition, the most telling first."""
    return {told["code"]: Disposition(**told) for told in _data()["outcome"]}


@cache
def half() -> Fraction:
    """From what share of its questions on a broken off interview is partial (1.2), not a break-off (2.12)."""
    return Fraction(_data()["half"])


def disposition(code: str) -> Disposition:
    """The disposition with this code. Raises Refusal."""
    found = dispositions().get(code)
    if found is None:
        raise Refusal("Такого исхода звонка нет. Выберите один из предложенных.")
    return found


def offered() -> list[tuple[str, list[Disposition]]]:
    """(heading, dispositions) of the screen of a call, those with a key first; an appointment has a form of its own."""
    found = [one for one in dispositions().values() if one.at == "call" and one.after != "appointment"]
    found.sort(key=lambda one: one.key or "9")
    return [(str(title), [one for one in found if one.category in own]) for title, own in GROUPS]


def telling(before: str | None, now: str) -> str:
    """Of two outcomes of one contact the one that says more: a refusal outlives the busy tone after it."""
    order = list(dispositions())
    return now if before is None else min(before, now, key=order.index)


@cache
def _data() -> dict[str, Any]:
    with Path(__file__).with_name("outcomes.toml").open("rb") as file:
        return tomllib.load(file)
