"""Опубликованный пример, на котором держатся проверки, и способ менять в нем по одному числу."""

from collections.abc import Mapping
from copy import deepcopy
from fractions import Fraction
from typing import Any

import nok

ORDER = nok.edition("344n-2024")
FIRST_ORDER = nok.edition("344n-2018")
USUAL = nok.Practice()

EXAMPLE: dict[str, Any] = {
    "id": "Пример",
    "sector": "health",
    "kind": None,
    "respondents": 200,
    "inspection": {
        "stand": {"present": 14, "required": 17},
        "site": {"present": 18, "required": 19},
        "information_required": None,
        "remote_ways": 3,
        "comfort": 4,
        "equipment": 3,
        "accessibility": 4,
        "waiting_points": 60,
    },
    "answers": {
        "stand": [150, 160],
        "site": [120, 130],
        "on_time": [180, 200],
        "comfort": [170, 200],
        "accessibility": [9, 12],
        "first_contact": [190, 200],
        "service_staff": [188, 200],
        "remote_staff": [88, 95],
        "recommend": [176, 200],
        "schedule": [182, 200],
        "overall": [184, 200],
    },
}


def example(
    inspection: Mapping[str, Any] | None = None, answers: Mapping[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """The example with some numbers changed, as JSON has it."""
    made = deepcopy(EXAMPLE)
    made.update(changes)
    made["inspection"].update(inspection or {})
    made["answers"].update(answers or {})
    return made


def assessed(
    inspection: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    *,
    edition: nok.Edition = ORDER,
    practice: nok.Practice = USUAL,
    **changes: Any,
) -> nok.Result:
    """The result of the example with some numbers changed."""
    seen = nok.Observations.read(example(inspection, answers, **changes))
    return nok.assess(seen, edition, practice)


def points(result: nok.Result, at: str) -> Fraction | None:
    """Exact points of an indicator, a criterion or the total."""
    figure = {**result.indicators, **result.criteria, "total": result.total}[at]
    return None if figure is None else figure.exact


def rules(result: nok.Result) -> list[tuple[str, str]]:
    """Which warnings a result carries, and where."""
    return [(warning.rule, warning.at) for warning in result.warnings]


def note(result: nok.Result, at: str) -> str:
    """What the trace says about one figure."""
    return next(step.note for step in result.trace if step.at == at)
