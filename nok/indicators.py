"""Пятнадцать показателей, пять видов измерений. Что чем измеряется, говорит редакция, а не код."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from nok.figure import weighted
from nok.observations import Observations
from nok.practice import Practice
from nok.refusal import Refused
from nok.rules import Indicator

TWO_SIDED = ("materials", "openness")


class Gap(NamedTuple):
    """Почему показателя нет: где во входе пусто и что это значит. Никогда не 0 и не 100."""

    place: str
    reason: str


class Side(NamedTuple):
    """Стенд или сайт в показателях 1.1 и 1.3: сколько есть и на сколько делится."""

    name: str
    have: int
    of: int


def measured(rule: Indicator, seen: Observations, practice: Practice) -> Fraction | Gap:
    """Показатель в баллах, 0…100, точно; или чего для него не хватает."""
    return MEASURES[rule.measure](rule, seen, practice)


def sides(rule: Indicator, seen: Observations) -> tuple[Side, ...]:
    """Стороны, о которых есть данные. Общий знаменатель редакции 2018 года — Инорм или Чобщ."""
    materials = rule.measure == "materials"
    pairs = {"stand": seen.stand, "site": seen.site} if materials else seen.answers
    found = [Side(name, *pair) for name in ("stand", "site") if (pair := pairs.get(name)) and pair[1]]
    if rule.denominator == "separate":
        return tuple(found)
    place, whole = common(rule, seen)
    for side in found:
        if whole and side.have > whole:
            raise Refused(place, f"общий знаменатель {whole}, а в числителе {side.have} ({side.name})")
    return tuple(Side(side.name, side.have, whole) for side in found) if whole else ()


def common(rule: Indicator, seen: Observations) -> tuple[str, int | None]:
    """Общий знаменатель редакции 2018 года и где он записан: Инорм для 1.1, Чобщ для 1.3."""
    if rule.measure == "materials":
        return "inspection.information_required", seen.information_required
    return "respondents", seen.respondents


def _two_sided(rule: Indicator, seen: Observations, practice: Practice) -> Fraction | Gap:
    """1.1 и 1.3: среднее двух долей; о стороне, которой нет, решает практика."""
    found = sides(rule, seen)
    if not found:
        return _nothing(rule, seen)
    if len(found) == 2:
        (_, a, b), (_, c, d) = found
        return Fraction(50 * (a * d + c * b), b * d)
    (name, have, of) = found[0]
    if practice.one_sided_openness == "refuse":
        other = "site" if name == "stand" else "stand"
        where = "inspection" if rule.measure == "materials" else "answers"
        raise Refused(f"{where}.{other}", f"для показателя {rule.number} есть данные только с одной стороны")
    return Fraction(100 * have, of)


def _nothing(rule: Indicator, seen: Observations) -> Gap:
    place, whole = common(rule, seen)
    if rule.denominator == "common" and not whole:
        return Gap(place, "не указан общий знаменатель, на который делит эта редакция")
    if rule.measure == "materials":
        return Gap("inspection.stand", "нет ни стенда, ни сайта или они не обследованы")
    return Gap("answers.stand", "ни о стенде, ни о сайте никто не ответил")


def _items(rule: Indicator, seen: Observations, _: Practice) -> Fraction | Gap:
    """1.2, 2.1, 3.1, 3.2: баллы за каждый пункт, не больше 100; у сложенных филиалов — среднее."""
    units = seen.checklist.get(rule.block)
    if not units:
        return Gap(f"inspection.{rule.block}", "не обследовано или неприменимо")
    if len(units) == 1:
        return unit_points(rule, units[0])
    return weighted((unit_points(rule, count), 1) for count in units) or Fraction(0)


def unit_points(rule: Indicator, count: int) -> Fraction:
    """Баллы за столько-то пунктов в одном подразделении."""
    return min(rule.points_per_item * count, rule.at_most)


def _waiting(rule: Indicator, seen: Observations, _: Practice) -> Fraction | Gap:
    """2.2: среднее Сожид и доли получивших услугу своевременно; без любой половины показателя нет."""
    if seen.waiting_points is None:
        return Gap("inspection.waiting_points", "нет баллов за время ожидания (Сожид)")
    on_time = seen.answers.get(rule.answers[0])
    if on_time is None:
        return Gap(f"answers.{rule.answers[0]}", "на вопрос никто не ответил")
    return (seen.waiting_points + Fraction(100 * on_time.satisfied, on_time.answered)) / 2


def _share(rule: Indicator, seen: Observations, _: Practice) -> Fraction | Gap:
    """2.3, 3.3, 4.1–5.3: доля удовлетворенных среди ответивших на этот вопрос."""
    share = seen.answers.get(rule.answers[0])
    if share is None:
        return Gap(f"answers.{rule.answers[0]}", "на вопрос никто не ответил")
    return Fraction(100 * share.satisfied, share.answered)


MEASURES: Mapping[str, Callable[[Indicator, Observations, Practice], Fraction | Gap]] = {
    "materials": _two_sided,
    "items": _items,
    "openness": _two_sided,
    "waiting": _waiting,
    "share": _share,
}
