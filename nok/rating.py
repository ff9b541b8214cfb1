"""Места в рейтинге. Равны те, у кого напечатано одно и то же: 92,31 и 92,31 стоят рядом."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

from nok.figure import Figure
from nok.practice import CHOICES
from nok.refusal import Refused, shown

K = TypeVar("K", bound=Hashable)


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
