"""Is a file the release that it names? Both told part by part, small enough to be handed over and held side by side.

A figure that follows from its counts may still stand under another's name, or among fewer organisations.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from nok.difference import Difference, called
from nok.enclosed import is_object
from nok.figure import comma
from nok.refusal import shown

#: A longer text is told by its beginning and its hash.
LONGEST = 400
#: Of an object that anybody may have written no more keys are looked at: what is missing then differs.
MOST_KEYS = 300
#: What a release and a file name differently, or what stands at its own place in the answer.
APART = ("format", "campaign", "rules", "release", "organizations", "organization")
#: What a file of a whole campaign must hold if the release does.
OF_THE_WHOLE = ("responses", "digital_share", "own_digital_share", "means", "municipalities")
#: Releases that are older than these have none, and files made of them have them empty.
GROWN = re.compile(r"(recipients|place_range|intervals|by_channel|with_branches\.(codes|intervals))$")
#: Their keys have dots of their own.
DOTTED = ("means.", "indicators.", "campaign.hashes.", "campaign.questionnaires.")
EMPTY = ("null", "{}", "[]")
AS_THERE = "в выпуске"
NAMED = {
    "name": "название",
    "short_name": "краткое название",
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "address": "адрес",
    "municipality": "муниципалитет",
    "region": "регион",
    "sector": "сфера",
    "kind": "вид организации",
    "recipients": "получателей услуг за год",
    "target": "норма анкет",
    "channels": "анкеты по способам сбора",
    "by_channel": "ответы по способам сбора",
    "profile": "кто отвечал",
    "deficiencies": "недостатки",
    "intervals": "границы погрешности",
    "with_branches": "цифры вместе с филиалами",
    "campaign": "сведения о кампании",
    "campaign.title": "название кампании",
    "campaign.year": "год кампании",
    "campaign.council": "совет",
    "campaign.operator": "оператор",
    "campaign.practice": "решения расчёта",
    "rules": "правила",
    "means": "средние по кампании",
    "meeting": "заседание совета",
}


def of(content: Mapping[str, Any]) -> dict[str, Any]:
    """A release's or a result's content as its parts: of the campaign, and of each organisation by its code."""
    whole = "organizations" in content
    rows = content["organizations"] if whole else [content["organization"]]
    return {
        "whole": whole,
        "campaign": dict(_of_campaign(content)),
        "organizations": {row["code"]: dict(_of_row(row)) for row in rows},
    }


def unlike(told: Mapping[str, Any], stored: Mapping[str, Any]) -> list[Difference]:
    """What in a file's parts is not as in those of the release that it names."""
    theirs, ours = told["organizations"], stored["organizations"]
    found = list(_campaign(told, stored))
    for code, row in theirs.items():
        if code in ours:
            found += _row((code, _name(ours[code])), row, ours[code])
        else:
            found.append(Difference(code, _name(row), "организация", "есть", "такой нет", AS_THERE))
    gone = [code for code in ours if code not in theirs] if told["whole"] else []
    return found + [
        Difference(code, _name(ours[code]), "организация", "нет", "есть", AS_THERE) for code in gone
    ]


def _of_campaign(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _flat("", {key: value for key, value in content.items() if key not in (*APART, "means")})
    yield from _flat("means.", content.get("means"))
    campaign, rules = content["campaign"], content.get("rules")
    yield from _flat("campaign.", {key: told for key, told in campaign.items() if not is_object(told)})
    for key in ("practice", "hashes", "questionnaires"):
        yield from _flat(f"campaign.{key}.", campaign.get(key))
    if is_object(rules):  # the practice's hash follows from it, and is recounted
        yield from _flat("rules.practice.", rules.get("practice"))
        yield from _flat("rules.edition.", rules.get("edition"))
    release = content.get("release")
    if is_object(release):
        yield from _flat("release.", {key: release.get(key) for key in ("version", "short", "sha256")})


def _of_row(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    house, result = row.get("with_branches"), row["result"]
    own = {key: value for key, value in row.items() if key not in ("result", "with_branches")}
    yield from _flat("", own)
    yield "with_branches", "{}" if is_object(house) else _text(house)
    yield from _flat("with_branches.", house)
    for part in ("indicators", "criteria"):
        yield from _flat(f"{part}.", result[part])
    yield from _flat("result.", {key: result.get(key) for key in ("total", "warnings")})


def _flat(before: str, told: object) -> Iterator[tuple[str, str]]:
    """Keys of one object; one with a dot could pass for a key of an inner one."""
    for key, value in islice(told.items() if is_object(told) else (), MOST_KEYS):
        if before in DOTTED or "." not in key:
            yield before + shown(key, 80), _text(value)


def _text(value: object) -> str:
    """One spelling, whether decimals were read exactly or not."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=float)
    if len(text) <= LONGEST:
        return text
    return text[:40] + "…" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _campaign(told: Mapping[str, Any], stored: Mapping[str, Any]) -> Iterator[Difference]:
    theirs = told["campaign"]
    needed = ("campaign.", "rules.", *(OF_THE_WHOLE if told["whole"] else ()))
    ours = {key: text for key, text in stored["campaign"].items() if key in theirs or key.startswith(needed)}
    yield from _row(("", ""), theirs, ours)


def _row(whose: tuple[str, str], theirs: Mapping[str, str], ours: Mapping[str, str]) -> Iterator[Difference]:
    grown = [
        key for key, text in theirs.items() if key not in ours and GROWN.match(key) and text not in EMPTY
    ]
    for key in [*ours, *grown]:
        stated, stored = theirs.get(key, "null"), ours.get(key, "null")
        if stated != stored:
            yield Difference(*whose, _called(key), *_both(stated, stored))


def _called(key: str) -> str:
    outer, _dot, inner = key.partition(".")
    if outer in ("indicators", "criteria", "result"):
        return called(inner)
    if outer == "means":
        return called(key)
    near = ".".join(key.split(".")[:2])
    return NAMED.get(near) or NAMED.get(outer) or called(outer)


def _both(stated: str, stored: str) -> tuple[str, str, str]:
    """The two values in words; what is too long to be read is only said to be another."""
    one, other = _said(stated), _said(stored)
    if one is None or other is None or one == other:
        return "не то же", "как в выпуске", "должно быть"
    return one, other, AS_THERE


def _said(text: str) -> str | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    if value is None or value == "":
        return "нет"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f"«{shown(value, 120)}»"
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, int) for one in value):
        return f"{value[0]}–{value[1]}"
    printed = value.get("printed") if is_object(value) else None
    return shown(comma(printed)) if isinstance(printed, str) else None


def _name(row: Mapping[str, str]) -> str:
    for key in ("short_name", "name"):
        said = json.loads(row[key]) if row.get(key, "").endswith('"') else ""
        if isinstance(said, str) and said:
            return said
    return ""
