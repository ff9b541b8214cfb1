"""Сожид: баллы за среднее время ожидания против установленного срока (первая половина показателя 2.2).

Порядок называет целые ступени: равно сроку, меньше на 1, 2, 3 дня (часа), меньше на половину срока и больше.
Среднее бывает дробным: 12,4 дня при сроке 14 — это «меньше на 1 день», ступень достигнута, только когда
пройдена целиком. Ожидание короче срока, но меньше чем на единицу, порядок не называет: считаем осторожно, как
«равно сроку». Половина срока проверяется первой: при сроке 2 дня ожидание 1 день — это половина, 100 баллов.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from nok.figure import weighted
from nok.refusal import Refused
from nok.rules import Edition

Exact = int | Fraction | Decimal
Wait = TypeVar("Wait", bound=int | Fraction | Decimal)


def waiting_points(mean_wait: Exact, term: Exact, unit: str, edition: Edition) -> Fraction:
    """Баллы Сожид, 0…100. Ожидание и срок — в одних единицах: `days` (дни) или `hours` (часы)."""
    scale = edition.waiting
    if unit not in scale.units:
        raise Refused("unit", f"срок измеряется в: {', '.join(scale.units)}")
    wait, limit = _exact(mean_wait, "mean_wait"), _exact(term, "term")
    if wait < 0 or limit <= 0:
        raise Refused("mean_wait" if wait < 0 else "term", "время не бывает отрицательным, а срок — нулевым")
    if wait > limit:
        return scale.exceeds
    if 2 * wait <= limit:
        return scale.half_or_less
    if wait == limit:
        return scale.equals
    passed = [points for less_by, points in scale.bands if limit - wait >= less_by]
    return passed[-1] if passed else scale.under_one_step


def mean_wait(answers: Mapping[Wait, int]) -> Fraction | None:
    """Среднее время по ответам «столько ждали → столько человек»; None, если не ответил никто."""
    if any(
        isinstance(people, bool) or not isinstance(people, int) or people < 0 for people in answers.values()
    ):
        raise Refused("answers", "число ответивших — целое, не меньше нуля")
    return weighted((_exact(wait, "answers"), people) for wait, people in answers.items() if people)


def _exact(value: Exact, place: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal):
        raise Refused(place, "время задается точно: целым числом, дробью или десятичным числом")
    if isinstance(value, Decimal) and not value.is_finite():
        raise Refused(place, "время — конечное число")
    return Fraction(value)
