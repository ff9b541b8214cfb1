"""Места в рейтинге. Равны те, у кого напечатано одно и то же: 92,31 и 92,31 стоят рядом."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from math import ceil, isqrt
from typing import NamedTuple, TypeVar

from nok.figure import Figure
from nok.practice import CHOICES
from nok.refusal import Refused, shown
from nok.uncertainty import Range

K = TypeVar("K", bound=Hashable)

#: Итоги и погрешности сравниваются целыми числами миллионных долей балла, погрешность округлена вверх.
UNITS = 10**6
#: На сколько частей по величине погрешности делятся точки: поиск в каждой части двоичный.
PARTS = 16


def places(totals: Mapping[K, Figure | None], ties: str = "dense") -> dict[K, int | None]:
    """Ключ → место; без итога места нет.

    Сравниваются напечатанные итоги: две организации с 92,31 делят место, хотя точные дроби различаются.
    `dense` не пропускает следующее место (1, 1, 2), `competition` пропускает (1, 1, 3).
    """
    if ties not in CHOICES["ties"]:
        known = ", ".join(map(str, CHOICES["ties"]))
        raise Refused("practice.ties", f"нет решения «{shown(ties)}», есть: {known}")
    printed = {key: Fraction(figure.printed) for key, figure in totals.items() if figure is not None}
    ahead: dict[Fraction, int] = {}
    for count, value in enumerate(sorted(printed.values(), reverse=True)):
        ahead.setdefault(value, len(ahead) if ties == "dense" else count)
    return {key: ahead[printed[key]] + 1 if key in printed else None for key in totals}


def ranges(
    totals: Mapping[K, Figure | None], bounds: Mapping[K, Range | None], ties: str = "dense"
) -> dict[K, tuple[int, int] | None]:
    """Ключ → места от и до, которые допускают данные; официальное место всегда среди них.

    Формула: от = 1 + (сколько мест заведомо выше), до = (сколько мест не заведомо ниже, считая свое). B заведомо выше
    A, когда T_B − T_A > √((T_B − l_B)² + (u_A − T_A)²); место заведомо выше, когда такова хоть одна организация на нем,
    и заведомо ниже, когда таковы все. При `competition` вместо мест считаются организации.
    Единицы: места. Символы: T — напечатанный итог, l и u — его границы (`nok.uncertainty.intervals`).
    Источник: попарное сравнение, как у `nok.uncertainty.surely_more`; уверенность 95 % — у каждого сравнения отдельно.
    """
    if ties not in CHOICES["ties"]:
        known = ", ".join(map(str, CHOICES["ties"]))
        raise Refused("practice.ties", f"нет решения «{shown(ties)}», есть: {known}")
    rated = {key: _point(figure, bounds[key]) for key, figure in totals.items() if figure is not None}
    points = [*rated.values()] if ties == "competition" else _by_place(rated.values())
    above = _Ahead((point.at, point.below) for point in points)
    under = _Ahead((-point.at, point.above) for point in points)

    @cache
    def of(own: _Point) -> tuple[int, int]:
        return 1 + above.count(own.at, own.above), len(points) - under.count(-own.at, own.below)

    return {key: of(rated[key]) if key in rated and bounds[key] else None for key in totals}


class _Point(NamedTuple):
    """Напечатанный итог и погрешности вниз и вверх от него, в UNITS."""

    at: int
    below: int
    above: int


def _point(figure: Figure, bounds: Range | None) -> _Point:
    at = Fraction(figure.printed) * UNITS
    low, high = bounds or (figure.exact, figure.exact)
    return _Point(int(at), max(0, ceil(at - low * UNITS)), max(0, ceil(high * UNITS - at)))


def _by_place(points: Iterable[_Point]) -> list[_Point]:
    """Одна точка на место: выше — хоть одной организацией, ниже — всеми."""
    found: dict[int, _Point] = {}
    for at, below, above in points:
        known = found.get(at, _Point(at, below, above))
        found[at] = _Point(at, min(known.below, below), max(known.above, above))
    return [*found.values()]


class _Ahead:
    """Сколько точек заведомо дальше данной: x − at > √(e² + d²), у каждой точки своя погрешность e.

    Точки разложены по величине e на PARTS частей: внутри части ответ известен двоичным поиском всюду, кроме узкой
    полосы между наименьшей и наибольшей e.
    """

    def __init__(self, points: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(points, key=lambda point: point[1])
        size = -(-len(ordered) // PARTS) or 1
        self._parts = [sorted(ordered[n : n + size]) for n in range(0, len(ordered), size)]
        self._places = [[x for x, _error in part] for part in self._parts]
        self._errors = [(ordered[n][1], ordered[n : n + size][-1][1]) for n in range(0, len(ordered), size)]

    def count(self, at: int, error: int) -> int:
        """Сколько точек дальше `at`, если погрешность самой `at` в их сторону — `error`."""
        total, own = 0, error * error
        for part, places, (least, most) in zip(self._parts, self._places, self._errors, strict=True):
            sure = bisect_right(places, at + isqrt(most * most + own))
            maybe = bisect_right(places, at + isqrt(least * least + own))
            total += len(places) - sure
            total += sum((x - at) ** 2 > e * e + own for x, e in part[maybe:sure])
        return total
