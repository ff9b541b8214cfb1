"""Columns of the wait in a table of check-lists: the mean wait and the term, or the points as the operator has them."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import nok
from surveys.answers.places import plain
from surveys.answers.shapes import Column, Target

MEAN, TERM, UNIT, POINTS = "waiting:mean", "waiting:term", "waiting:unit", "waiting:points"
TITLES: dict[Target, str] = {
    MEAN: "Среднее время ожидания",
    TERM: "Установленный срок",
    UNIT: "Ожидание: дни или часы",
    POINTS: "Баллы за ожидание (Сожид)",
}
HIGHEST = 100
NUMBER = re.compile(r"[0-9]{1,4}([.,][0-9]{1,4})?")
_UNITS = {
    "days": ("д", "дн", "дни", "дней", "день", "дня", "сутки", "суток"),
    "hours": ("ч", "час", "часы", "часов", "часа"),
}
_PHRASES: tuple[tuple[Target, tuple[str, ...]], ...] = (
    (POINTS, ("баллы за ожидание", "баллы за время ожидания", "сожид")),
    (UNIT, ("единица ожидания", "единица времени", "единица измерения ожидания", "в чем измерено")),
    (TERM, ("установленный срок", "срок ожидания")),
    (MEAN, ("среднее время ожидания", "среднее ожидание", "время ожидания")),
)


def target_of(heading: str, *, loose: bool) -> Target:
    """Which of the wait's columns a heading names; empty when none. Loosely, «ожид…» is the wait whatever follows."""
    text = plain(heading)
    if loose and text.startswith("ожид"):
        return MEAN
    return next((target for target, said in _PHRASES if any(text.startswith(one) for one in said)), "")


def facts(columns: Sequence[Column], cell: Callable[[Column], str], edition: nok.Edition) -> dict[str, Any]:
    """An inspection's columns of the wait; none when it was not measured. Raises ValueError (four words)."""
    told = {column.target: (column, cell(column)) for column in reversed(columns) if column.target in TITLES}
    mean, points = (
        _number(told.get(target), *bounds) for target, bounds in ((MEAN, ()), (POINTS, (HIGHEST,)))
    )
    if mean is None and points is None:
        return {}
    term = _number(told.get(TERM))
    if mean is not None and (term == 0 or (term is None and points is None)):
        column, value = told.get(TERM) or told[MEAN]
        raise ValueError(
            column.name, value, "по одному ожиданию баллы не посчитать", "Впишите и установленный срок."
        )
    unit = _unit(told) if mean is not None else None
    if mean is not None and term is not None and unit:
        points = nok.waiting_points(mean, term, unit, edition)
    return {
        "waiting_mean": _written(mean),
        "waiting_term": _written(term if mean is not None else None),
        "waiting_unit": unit,
        "waiting_points": _written(points),
    }


def _number(told: tuple[Column, str] | None, most: int | None = None) -> Fraction | None:
    if told is None or not told[1]:
        return None
    column, value = told
    if not NUMBER.fullmatch(value):
        raise ValueError(column.name, value, "ожидалось число", "Впишите число, например 10 или 2,5.")
    number = Fraction(value.replace(",", "."))
    if most is not None and number > most:
        raise ValueError(column.name, value, "баллов бывает от 0 до 100", "Впишите число от 0 до 100.")
    return number


def _unit(told: Mapping[Target, tuple[Column, str]]) -> str:
    """As its own column says, else as a heading does, else days."""
    if UNIT in told and told[UNIT][1]:
        column, value = told[UNIT]
        for unit, words in _UNITS.items():
            if value.casefold().strip(". ") in words:
                return unit
        raise ValueError(column.name, value, "ожидались дни или часы", "Впишите «дни» или «часы».")
    above = {
        word for target in (MEAN, TERM) if target in told for word in plain(told[target][0].heading).split()
    }
    return "hours" if above & set(_UNITS["hours"]) else "days"


def _written(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"
