"""Погрешность выборки: между какими числами лежала бы оценка, если бы ответили все получатели услуг.

Случайна здесь только доля довольных: опросили не всех. То, что проверил оператор (1.1, 1.2, 2.1, 3.1, 3.2, Сожид), —
факты, у них погрешности нет. Чего нет (показатель не определен), у того нет и границ. Границы говорят о случайности
выборки и ни о чем другом: что отвечали не те или не так, из чисел не видно.

Как и почему именно так — docs/decisions/0023.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import NamedTuple

from nok.aggregate import branches, figures, pool
from nok.assessment import Result, assess
from nok.figure import Figure
from nok.observations import Observations, Share
from nok.practice import Practice
from nok.refusal import Refused
from nok.rules import Edition

#: z²: два стандартных отклонения вместо 1,96, чтобы покрытие не опускалось ниже 95 % (при одном ответе — 94,7 %).
Z_SQUARED = 4
#: Границы доли — целое число миллиардных, округленное наружу.
STEPS = 10**9
#: Границы в баллах хранят с четырьмя знаками, округленные наружу: на странице, в JSON и в выпуске число одно.
PLACES = 4


class Range(NamedTuple):
    """Нижняя и верхняя граница, с уверенностью не меньше 95 %. У доли — 0…1, у показателей и итога — баллы."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Intervals:
    """Границы пятнадцати показателей, пяти критериев и итога; None — не определено, равные границы — не случайно."""

    indicators: Mapping[str, Range | None]
    criteria: Mapping[str, Range | None]
    total: Range | None


@lru_cache(maxsize=65536)
def of_share(satisfied: int, answered: int, recipients: int | None = None) -> Range | None:
    """Границы доли У/n среди всех получателей услуг; None, если не ответил никто.

    Формула: все π, при которых |У/n − π| − 1/(2n) ≤ z·√(φ·π·(1 − π)/n), φ = (N − n)/(N − 1), z = 2. При У = 0 нижняя
    граница 0, при У = n верхняя — 1.
    Единицы: доля, 0…1. Символы: У — `satisfied`, n — `answered`, N — `recipients` (получатели за год), φ — поправка
    на конечную совокупность, π — доля среди всех N. N не известно или меньше n — φ = 1; ответили все — доля точна.
    Источник: Wilson, JASA 22 (1927) 209–212, с поправкой на непрерывность (Newcombe, Statistics in Medicine 17 (1998)
    857–872, метод 4); φ — Cochran, Sampling Techniques, 3-е изд. (1977), глава 2.
    Покрытие проверено перебором: tests/norm/test_uncertainty.py.
    """
    if not 0 <= satisfied <= answered:
        raise Refused("share", f"удовлетворены {satisfied}, а ответили {answered}")
    if not answered:
        return None
    if recipients == answered:
        return Range(Fraction(satisfied, answered), Fraction(satisfied, answered))
    low = 1 - _upper(answered - satisfied, answered, recipients)
    return Range(low, _upper(satisfied, answered, recipients))


def _upper(satisfied: int, answered: int, recipients: int | None) -> Fraction:
    """Больший корень (1 + k)·π² − (2a + k)·π + a² = 0, где a = У/n + 1/(2n), k = z²·φ/n."""
    if satisfied == answered:
        return Fraction(1)
    known = recipients is not None and recipients > answered
    rest, of = (recipients - answered, recipients - 1) if known and recipients else (1, 1)
    # k = top/whole и a = ends/whole, чтобы под корнем стояло целое число
    whole = 2 * answered * of
    top, ends = 2 * Z_SQUARED * rest, (2 * satisfied + 1) * of
    root = isqrt((top * top * whole + 4 * top * ends * (whole - ends)) * STEPS * STEPS // whole) + 1
    steps = -(-((2 * ends + top) * STEPS + root) // (2 * (whole + top)))
    return min(Fraction(steps, STEPS), Fraction(1))


def intervals(result: Result, recipients: int | None = None) -> Intervals:
    """Границы показателей, критериев и итога одной организации.

    Формула: нижняя граница — тот же расчет, где каждая доля стоит на своей нижней границе, верхняя — где на верхней.
    Единицы: баллы, 0…100, после округления практики. Символы: N — `recipients`, получатели услуг за год.
    Источник: сложение погрешностей зависимых долей — MOVER при корреляции 1 (Zou, Donner, Statistics in Medicine 27
    (2008) 1693–1702). Как связаны ответы одного человека, из сумм не видно, а при любой связи погрешность не больше.
    """
    seen, edition, practice = result.observations, result.edition, result.practice
    try:
        low, high = (assess(_moved(seen, edition, recipients, end), edition, practice) for end in (0, 1))
    except Refused:  # расчета нет, нет и границ
        return Intervals(dict.fromkeys(result.indicators), dict.fromkeys(result.criteria), None)
    return Intervals(
        {at: _between(low.indicators[at], high.indicators[at]) for at in result.indicators},
        {at: _between(low.criteria[at], high.criteria[at]) for at in result.criteria},
        _between(low.total, high.total),
    )


def bounds(result: Result, recipients: int | None = None) -> dict[str, Range]:
    """Границы всего, что зависит от случая, под именами «1.3»…«5.3», «K1»…«K5», «total»; точного и неопределенного нет.

    Формула, символы и источник — у `intervals`. Единицы: баллы, PLACES знаков после запятой, округлены наружу.
    """
    found = intervals(result, recipients)
    named = {**found.indicators, **found.criteria, "total": found.total}
    return {at: _outwards(one) for at, one in named.items() if one is not None and one.low != one.high}


def of_house(
    units: Sequence[Observations], recipients: Sequence[int | None], edition: Edition, practice: Practice
) -> dict[str, Range]:
    """Границы цифр головной организации вместе с филиалами, имена как у `bounds`; способ — по решению `branches`.

    Формула: `pool` — границы одной организации со сложенными ответами и N = ΣNᵢ; `mean` — T ± √Σ(Tᵢ − границаᵢ)²/m, где
    Tᵢ — цифры m подразделений, у которых она есть: их выборки независимы.
    Единицы: баллы, PLACES знаков, округлены наружу. Символы: Nᵢ — `recipients`; если хоть одно не известно или меньше
    числа опрошенных, φ = 1.
    Источник: Σnᵢ(1 − nᵢ/Nᵢ) ≤ n(1 − n/N) (неравенство Коши), поэтому сложенная выборка погрешность не занижает;
    MOVER для суммы независимых оценок (Zou, Donner, 2008).
    """
    results = [assess(unit, edition, practice) for unit in units]
    if practice.branches == "pool":
        heard = [unit.respondents or 0 for unit in units]
        known = [count for count, asked in zip(recipients, heard, strict=True) if count and count >= asked]
        whole = assess(pool(units), edition, practice)
        return bounds(whole, sum(known) if len(known) == len(units) else None)
    found = {}
    own = [bounds(result, count) for result, count in zip(results, recipients, strict=True)]
    for at, figure in branches(units, edition, practice).items():
        parts = [(told.exact, own[n].get(at)) for n, one in enumerate(results) if (told := figures(one)[at])]
        if figure is not None and any(span for _, span in parts):
            below, above = (
                _root(sum(((value - span[end]) ** 2 for value, span in parts if span), Fraction(0)))
                / len(parts)
                for end in (0, 1)
            )
            low, high = max(figure.exact - below, Fraction(0)), min(figure.exact + above, Fraction(100))
            found[at] = _outwards(Range(low, high))
    return found


def _root(square: Fraction) -> Fraction:
    """Корень, округленный вверх до миллиардной."""
    return Fraction(isqrt(square.numerator * square.denominator * STEPS**2) + 1, square.denominator * STEPS)


def _outwards(one: Range) -> Range:
    scale = 10**PLACES
    low = one.low.numerator * scale // one.low.denominator
    high = -(-one.high.numerator * scale // one.high.denominator)
    return Range(Fraction(low, scale), Fraction(high, scale))


def _between(low: Figure | None, high: Figure | None) -> Range | None:
    return None if low is None or high is None else Range(low.exact, high.exact)


def _moved(seen: Observations, edition: Edition, recipients: int | None, end: int) -> Observations:
    """Те же наблюдения, где доли стоят на своих нижних (0) или верхних (1) границах, точно."""
    common = {
        name
        for rule in edition.indicators.values()
        if rule.measure == "openness" and rule.denominator == "common"
        for name in rule.answers
    }
    everybody = seen.respondents or 0
    answers = {}
    for name, (satisfied, answered) in seen.answers.items():
        share = of_share(satisfied, everybody if name in common else answered, recipients)
        bound = share[end] if share else Fraction(0)
        scale = STEPS * everybody if name in common and everybody else bound.denominator
        answers[name] = Share(bound.numerator * scale // bound.denominator, scale)
    return replace(seen, answers=answers, respondents=seen.respondents and STEPS * everybody)


def surely_more(more: Fraction, its: Range, less: Fraction, other: Range) -> bool:
    """Больше ли первое число второго настолько, что случайностью двух разных выборок это не объяснить.

    Формула: d = a − b > √((a − a₋)² + (b₊ − b)²). Единицы: любые, одни у всех чисел. Символы: a — `more`, b — `less`,
    a₋ — `its.low`, b₊ — `other.high`.
    Источник: MOVER для разности независимых оценок (Zou, Donner, 2008). Уверенность 95 % — у одного сравнения.
    """
    apart, below, above = more - less, more - its.low, other.high - less
    return apart > 0 and apart * apart > below * below + above * above
