"""Точный доверительный интервал доли (Клоппер — Пирсон): сколько ошибок может быть на самом деле.

Границы считаются десятичными числами с шестьюдесятью знаками и отдаются дробями, округлёнными наружу до 10⁻⁹: в
печатаемых знаках двоичных чисел с плавающей точкой нет.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction

from nok.refusal import Refused

CONFIDENCE = Fraction(95, 100)
STEPS = 10**9

_EXACT = Context(
    prec=60, rounding=ROUND_HALF_EVEN, Emin=-999_999_999_999_999_999, Emax=999_999_999_999_999_999
)


def clopper_pearson(
    found: int, of: int, confidence: Fraction = CONFIDENCE
) -> tuple[Fraction, Fraction] | None:
    """Границы доли, если из `of` проверенных нашли `found`; None, если не проверяли ничего. Refused — не счёт."""
    for number in (found, of):
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise Refused("interval", "сколько нашли и сколько проверили — целые, не меньше нуля")
    if found > of:
        raise Refused("interval", "нашли больше, чем проверили")
    if not of:
        return None
    with localcontext(_EXACT):
        tail = Decimal(1) - Decimal(confidence.numerator) / Decimal(confidence.denominator)
        low = Fraction(0) if found == 0 else 1 - _upper(of - found, of, tail / 2)
        high = Fraction(1) if found == of else _upper(found, of, tail / 2)
    return low, high


def _upper(found: int, of: int, tail: Decimal) -> Fraction:
    """Наименьшая доля из шагов 10⁻⁹, при которой найти `found` или меньше — редкость не чаще `tail`."""
    below, above = 0, STEPS
    while above - below > 1:
        middle = (below + above) // 2
        if _at_most(found, of, Decimal(middle) / STEPS, tail):
            above = middle
        else:
            below = middle
    return Fraction(above, STEPS)


def _at_most(found: int, of: int, share: Decimal, tail: Decimal) -> bool:
    """Верно ли, что вероятность найти не больше `found` при такой доле не превышает `tail`: сумма до первого «нет»."""
    odds = share / (1 - share)
    term = total = (1 - share) ** of
    for number in range(found):
        term = term * (of - number) / (number + 1) * odds
        total += term
        if total > tail:
            return False
    return total <= tail
