"""Observations: what was inspected and answered about one organisation, as exact counts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from nok.refusal import Refused, at, shown
from nok.rules import BLOCKS, QUESTIONS
from nok.sphere import SECTORS
from nok.strict_json import Flaw

LARGEST = 10**9
RATIO = re.compile(r"([0-9]{1,18})/([0-9]{1,18})")
KEYS = ("id", "sector", "kind", "respondents", "inspection", "answers")
INSPECTION = ("stand", "site", "information_required", *BLOCKS, "waiting_points")


class Norm(NamedTuple):
    """Materials found and required, on a stand or a site (Истенд и Инорм-стенд, Исайт и Инорм-сайт)."""

    present: int
    required: int


class Share(NamedTuple):
    """How many answered «yes» of those who answered this question at all."""

    satisfied: int
    answered: int


@dataclass(frozen=True, slots=True)
class Observations:
    """What is absent was not inspected or not asked; it makes an indicator undefined, never 0 or 100.

    `checklist` holds a count for each inspected unit: one for an organisation, several for pooled branches.
    """

    sector: str
    id: str | None = None
    kind: str | None = None
    respondents: int | None = None
    stand: Norm | None = None
    site: Norm | None = None
    information_required: int | None = None
    checklist: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    waiting_points: Fraction | None = None
    answers: Mapping[str, Share] = field(default_factory=dict)

    @classmethod
    def read(cls, content: object, place: str = "", *, pooled: bool = False) -> "Observations":
        """From the JSON of contracts §3; a refusal names the place. `pooled` also takes what `pool` wrote."""
        given = _object(content, place, KEYS)
        inside, asked = at(place, "inspection"), at(place, "answers")
        inspection = _part(given.get("inspection"), inside, INSPECTION)
        answers = _part(given.get("answers"), asked, QUESTIONS)
        return cls(
            sector=_sector(given, place),
            id=_text(given.get("id"), at(place, "id")),
            kind=_text(given.get("kind"), at(place, "kind")),
            respondents=_count(given.get("respondents"), at(place, "respondents")),
            stand=_norm(inspection.get("stand"), at(inside, "stand")),
            site=_norm(inspection.get("site"), at(inside, "site")),
            information_required=_count(
                inspection.get("information_required"), at(inside, "information_required")
            ),
            checklist={
                block: units
                for block in BLOCKS
                if (units := _units(inspection.get(block), at(inside, block), pooled))
            },
            waiting_points=_points(inspection.get("waiting_points"), at(inside, "waiting_points")),
            answers={
                name: share
                for name in QUESTIONS
                if (share := _share(answers.get(name), at(asked, name))) and share.answered
            },
        )

    def as_dict(self) -> dict[str, Any]:
        """The JSON of contracts §3, every key present; `read` gives the same observations back."""
        blocks = {block: self.checklist.get(block) for block in BLOCKS}
        points = self.waiting_points
        return {
            "id": self.id,
            "sector": self.sector,
            "kind": self.kind,
            "respondents": self.respondents,
            "inspection": {
                "stand": self.stand and self.stand._asdict(),
                "site": self.site and self.site._asdict(),
                "information_required": self.information_required,
                **{
                    block: units[0] if units and len(units) == 1 else units and [*units]
                    for block, units in blocks.items()
                },
                "waiting_points": None
                if points is None
                else int(points)
                if points.denominator == 1
                else str(points),
            },
            "answers": {name: [*self.answers[name]] if name in self.answers else None for name in QUESTIONS},
        }


def _refuse(value: object, place: str, reason: str) -> Refused:
    if isinstance(value, Flaw):
        inside = "" if value.key is None else shown(value.key)
        return Refused(at(place, inside), value.reason)
    return Refused(place, reason)


def _object(content: object, place: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise _refuse(content, place, "здесь должен быть объект {…}")
    for key in content:
        if key not in known:
            raise Refused(at(place, shown(str(key))), f"неизвестный ключ, есть: {', '.join(known)}")
    return content


def _part(content: object, place: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    return {} if content is None else _object(content, place, known)


def _sector(given: Mapping[str, Any], place: str) -> str:
    if "sector" not in given:
        raise Refused(at(place, "sector"), "нет ключа, без сферы посчитать нельзя")
    sector: object = given["sector"]
    if not isinstance(sector, str) or sector not in SECTORS:
        raise _refuse(sector, at(place, "sector"), f"нет такой сферы, есть: {', '.join(SECTORS)}")
    return sector


def _text(value: object, place: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _refuse(value, place, "здесь должен быть текст в кавычках или null")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused(place, "в тексте половина знака (суррогат), такой текст нельзя записать")
    return value


def _count(value: object, place: str) -> int | None:
    if value is None:
        return None
    if type(value) is not int:
        raise _refuse(value, place, "здесь должно быть целое число")
    if value < 0:
        raise Refused(place, "число меньше нуля")
    if value > LARGEST:
        raise Refused(place, "слишком большое число")
    return value


def _known_count(value: object, place: str) -> int:
    count = _count(value, place)
    if count is None:
        raise Refused(place, "здесь должно быть целое число")
    return count


def _units(value: object, place: str, pooled: bool) -> tuple[int, ...]:
    if pooled and isinstance(value, list):
        return tuple(_known_count(unit, f"{place}[{n}]") for n, unit in enumerate(value))
    count = _count(value, place)
    return () if count is None else (count,)


def _norm(value: object, place: str) -> Norm | None:
    if value is None:
        return None
    given = _object(value, place, Norm._fields)
    present, required = (_known_count(given.get(key), at(place, key)) for key in Norm._fields)
    if present > required:
        raise Refused(place, f"найдено {present}, а требуется {required}: найденного не может быть больше")
    return Norm(present, required)


def _share(value: object, place: str) -> Share | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _refuse(value, place, "здесь должна быть пара [удовлетворены, ответили] или null")
    satisfied, answered = (_known_count(count, f"{place}[{n}]") for n, count in enumerate(value))
    if satisfied > answered:
        raise Refused(
            place, f"удовлетворены {satisfied}, а ответили {answered}: довольных не может быть больше"
        )
    return Share(satisfied, answered)


def _points(value: object, place: str) -> Fraction | None:
    if value is None:
        return None
    ratio = RATIO.fullmatch(value) if isinstance(value, str) else None
    if ratio and int(ratio[2]):
        value = Fraction(int(ratio[1]), int(ratio[2]))
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise _refuse(value, place, 'здесь должно быть число от 0 до 100, дробь "p/q" или null')
    if not 0 <= value <= 100:
        raise Refused(place, "баллы бывают от 0 до 100")
    return Fraction(value)
