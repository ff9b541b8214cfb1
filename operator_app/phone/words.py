"""What the interviewer says: words.toml with the names of this call put in."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


class Doubt(NamedTuple):
    """What a person may say before agreeing, and what to answer once."""

    said: str
    answer: str


class Words(NamedTuple):
    """The script of one call, in the order it is spoken."""

    opening: Sequence[str]
    consent: str
    doubts: Sequence[Doubt]
    hearing: Sequence[str]
    farewell: str
    break_off: str


def words(*, name: str, me: str, operator: str, organization: str, questions: str) -> Words:
    """The words for one call; whoever has no name is greeted without one."""
    told = _data()
    greeting = told["greeting" if operator else "greeting_without_operator"]
    if not name:
        greeting = greeting.replace(", {name}", "")
    names = {
        "name": name,
        "me": me,
        "operator": operator,
        "organization": organization,
        "questions": questions,
    }
    return Words(
        opening=[_said(text, names) for text in (greeting, told["purpose"], told["anonymity"])],
        consent=_said(told["consent"], names),
        doubts=[Doubt(one["said"], _said(one["answer"], names)) for one in told["doubt"]],
        hearing=[one["text"] for one in told["hearing"]],
        farewell=told["farewell"],
        break_off=told["break_off"],
    )


def _said(text: str, names: Mapping[str, str]) -> str:
    """Names are put in once: a brace inside a name is no place for another."""
    pieces = text.split("{")
    put = (names[name] + rest for name, _, rest in (piece.partition("}") for piece in pieces[1:]))
    return pieces[0] + "".join(put)


@cache
def _data() -> dict[str, Any]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)
