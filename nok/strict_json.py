"""JSON, read strictly. What JSON allows and arithmetic does not forgive is refused where it stands."""

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from nok.refusal import Refused

LONGEST = 30  # digits of one number: no honest count or share needs more
DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?0*[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Flaw:
    """A value that must not be counted with: what is wrong, and under which key when it is a doubled one."""

    reason: str
    key: str | None = None


def loads(content: bytes) -> Any:
    """UTF-8 without BOM → values; decimals are exact `Fraction`s. What cannot be read at all is refused."""
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Refused("", "файл начинается с метки BOM, нужен UTF-8 без нее")
    try:
        return json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=lambda name: Flaw(f"{name} — не число"),
        )
    except UnicodeDecodeError as error:
        raise Refused("", f"это не UTF-8: байт {error.start + 1}") from error
    except json.JSONDecodeError as error:
        raise Refused("", f"это не JSON: строка {error.lineno}, знак {error.colno}") from error
    except RecursionError as error:
        raise Refused("", "слишком глубокая вложенность") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Flaw:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return Flaw("ключ задан дважды", twice)


def _whole(text: str) -> int | Flaw:
    return int(text) if len(text) <= LONGEST else Flaw("слишком большое число")


def _decimal(text: str) -> Fraction | Flaw:
    if len(text) > LONGEST or not DECIMAL.fullmatch(text):
        return Flaw("слишком длинное или слишком большое число")
    return Fraction(text)
