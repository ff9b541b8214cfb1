"""Enclosed: a published result read as data. What cannot be recomputed at all is refused, in words for a reader."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from nok.refusal import Refused, at, shown
from nok.strict_json import Flaw, loads

RELEASE, RESULT = "nok-release/1", "nok-result/1"
FORMATS = (RELEASE, RESULT)
MOST_BYTES = 256 * 1024 * 1024
FOREIGN = {
    b"%PDF": "это документ PDF: его проверяет команда nok verify, а здесь нужен вложенный в него файл JSON",
    b"PK\x03\x04": "это архив или книга Excel, а нужен файл JSON",
    b"<": "это веб-страница или XML, а нужен файл JSON: скачайте его по ссылке «JSON»",
}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file's content. `whole`: every organisation of the campaign is in it, so places and means can be checked."""

    format: str
    content: Mapping[str, Any]
    campaign: Mapping[str, Any]
    organizations: Sequence[Mapping[str, Any]]
    whole: bool
    sha256: str

    def place(self, number: int) -> str:
        """Where in the file an organisation stands."""
        return f"organizations[{number}]" if self.whole else "organization"


def canonical(value: object) -> bytes:
    """JSON of which there is one spelling: what a fingerprint is taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def respelt(content: bytes) -> str:
    """SHA-256 of the same data in the one spelling: a file saved with other spaces is the same file."""
    return hashlib.sha256(canonical(json.loads(content))).hexdigest()


def read(content: bytes) -> Enclosed:
    """A release or a result from a file's bytes. Raises Refused."""
    given = _parsed(content)
    if not isinstance(given, Mapping):
        raise Refused("", f"это не файл результатов: внутри нет объекта {{…}}. Проверяются {_known()}")
    named = given.get("format")
    if "format" not in given and "sector" in given:
        raise Refused("", "это вход калькулятора, в нём нет результата: посчитайте командой nok indicators")
    if named not in FORMATS:
        told = f"формат «{shown(named)}»" if isinstance(named, str) else "формат не назван"
        raise Refused("format", f"{told}: это не файл результатов этой службы. Проверяются {_known()}")
    campaign = _object(given, "campaign", "")
    whole = "organizations" in given or named == RELEASE
    listed = _list(given, "organizations") if whole else [_object(given, "organization", "")]
    if not listed:
        raise Refused("organizations", "в файле нет ни одной организации: проверять нечего")
    made = Enclosed(named, given, campaign, listed, whole, hashlib.sha256(content).hexdigest())
    for number, organization in enumerate(listed):
        _whole(organization, made.place(number))
    return made


def _known() -> str:
    return " и ".join(FORMATS)


def _parsed(content: bytes) -> Any:
    if not content.strip():
        raise Refused("", "файл пуст")
    if len(content) > MOST_BYTES:
        raise Refused("", f"файл больше {MOST_BYTES // 1024 // 1024} МиБ: это не результат этой службы")
    start = content.lstrip()[:8]
    for mark, words in FOREIGN.items():
        if start.startswith(mark):
            raise Refused("", words)
    try:
        given = loads(content)
    except Refused as refused:
        if isinstance(refused.__cause__, json.JSONDecodeError) and _cut(refused.__cause__):
            raise Refused("", "файл обрывается: он скачан или сохранён не до конца") from None
        raise
    _flawless(given, "")
    return given


def _cut(error: json.JSONDecodeError) -> bool:
    """Did the text end where more was expected?"""
    return error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string")


def _flawless(value: object, place: str) -> None:
    """A doubled key, NaN or a monstrous number anywhere: which of two values was meant nobody can say."""
    stack: list[tuple[object, str]] = [(value, place)]
    while stack:
        one, here = stack.pop()
        if isinstance(one, Flaw):
            raise Refused(at(here, "" if one.key is None else shown(one.key)), one.reason)
        if isinstance(one, Mapping):
            stack += [(inner, at(here, shown(str(key)))) for key, inner in one.items()]
        elif isinstance(one, list):
            stack += [(inner, f"{here}[{n}]") for n, inner in enumerate(one)]


def _whole(organization: object, place: str) -> None:
    """What every organisation must have to be recomputed."""
    if not is_object(organization):
        raise Refused(place, "здесь должен быть объект {…}")
    for key in ("code", "name"):
        if not isinstance(organization.get(key), str):
            raise Refused(at(place, key), "нет этой части файла, без неё не проверить")
    _object(organization, "input", place)
    result = _object(organization, "result", place)
    for key in ("indicators", "criteria"):
        _object(result, key, at(place, "result"))


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Is it a JSON object?"""
    return isinstance(value, Mapping)


def _object(given: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    value = given.get(key)
    if not is_object(value):
        raise Refused(at(place, key), "нет этой части файла, без неё не проверить")
    return value


def _list(given: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    value = given.get(key)
    if not isinstance(value, list):
        raise Refused(key, "нет этой части файла, без неё не проверить")
    return value
