"""Что повысило бы балл: сколько баллов итога принес бы каждый следующий шаг.

Второй формулы здесь нет: в наблюдениях меняется одно число, и тот же `nok.assess` считает заново, точно. Поэтому
потолки (100 баллов), перераспределенные веса и правила театров учтены сами собой. Не определенное не повышается.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from nok.assessment import Result, assess
from nok.indicators import unit_points
from nok.observations import Norm, Observations, Share
from nok.refusal import Refused
from nok.rules import Edition, Indicator

#: Роды шагов: пункт чек-листа, следующая ступень ожидания, еще один довольный, один процентный пункт доли.
ITEM, WAITING, ANSWER, PERCENT = "item", "waiting", "answer", "percent"


@dataclass(frozen=True, slots=True)
class Gain:
    """Один шаг: `at` — показатель, `what` — что меняется (`comfort`, `stand`, `on_time`), `kind` — род шага.

    `points` — баллы итога за один шаг (None, когда итог не определен), `criterion` — баллы критерия за него же;
    `left` — сколько таких шагов осталось, `all_points` — баллы итога за все сразу; `to` — ступень Сожид.
    """

    at: str
    what: str
    kind: str
    points: Fraction | None
    criterion: Fraction
    left: int = 1
    all_points: Fraction | None = None
    to: Fraction | None = None

    @property
    def worth(self) -> Fraction:
        """Баллы итога, а где итога нет — баллы критерия."""
        return self.criterion if self.points is None else self.points


def gains(result: Result, missing: Mapping[str, int] | None = None) -> list[Gain]:
    """Шаги, которые повысили бы оценку, самый выгодный первым; шаг без прибавки не называется.

    Формула: прибавка = Sn(с измененным числом) − Sn. Единицы: баллы, 0…100, точно. Символы: Sn — итог организации.
    Источник: раздел 344н каждого показателя, через `nok.assess`.
    `missing` — сколько пунктов блока не хватает, если известно (неприменимые не в счет); иначе весь список редакции.
    """
    found = [gain for gain in _all(result, missing) if gain.worth > 0]
    kinds = (ITEM, WAITING, PERCENT, ANSWER)
    return sorted(found, key=lambda g: (-g.worth, -g.criterion, kinds.index(g.kind), g.at, g.what))


def _all(result: Result, missing: Mapping[str, int] | None) -> Iterator[Gain]:
    seen, edition = result.observations, result.edition
    for number in edition.sphere(seen.sector).weights:
        rule = edition.indicators[number]
        if result.indicators[number] is None:
            continue
        if rule.measure == "materials":
            yield from _materials(result, rule)
        elif rule.measure == "items":
            yield from _items(result, rule, missing)
        else:
            yield from _waiting(result, rule)
            for name in rule.answers:
                yield from _share(result, rule, name)


def _gain(
    result: Result,
    rule: Indicator,
    what: str,
    kind: str,
    changed: Observations,
    whole: Observations | None = None,
    left: int = 1,
    to: Fraction | None = None,
) -> Iterator[Gain]:
    """Прибавка шага; пересчет, от которого практика отказалась, шагом не бывает."""
    try:
        after = assess(changed, result.edition, result.practice)
        most = after if whole is None else assess(whole, result.edition, result.practice)
    except Refused:
        return
    before, then = result.criteria[rule.criterion], after.criteria[rule.criterion]
    if before is None or then is None:
        return
    yield Gain(
        rule.number,
        what,
        kind,
        _more(result, after),
        then.exact - before.exact,
        left,
        _more(result, most),
        to,
    )


def _more(before: Result, after: Result) -> Fraction | None:
    if before.total is None or after.total is None:
        return None
    return after.total.exact - before.total.exact


def _materials(result: Result, rule: Indicator) -> Iterator[Gain]:
    """1.1: еще один материал на стенде или на сайте."""
    seen = result.observations
    for side, norm in (("stand", seen.stand), ("site", seen.site)):
        left = norm.required - norm.present if norm else 0
        if norm is None or not left:
            continue
        one, every = (Norm(norm.present + found, norm.required) for found in (1, left))
        more, most = (
            replace(seen, stand=n) if side == "stand" else replace(seen, site=n) for n in (one, every)
        )
        yield from _gain(result, rule, side, ITEM, more, most, left)


def _items(result: Result, rule: Indicator, missing: Mapping[str, int] | None) -> Iterator[Gain]:
    """1.2, 2.1, 3.1, 3.2: еще один пункт; у сложенных филиалов — там, где пунктов меньше всего."""
    seen = result.observations
    units = seen.checklist[rule.block]
    fewest = units.index(min(units))
    listed = len(result.edition.items(rule.block, seen.sector)) - units[fewest]
    left = min(listed, missing.get(rule.block, 0)) if missing is not None else listed
    if left <= 0 or unit_points(rule, units[fewest]) == rule.at_most:
        return
    one, every = ((*units[:fewest], units[fewest] + more, *units[fewest + 1 :]) for more in (1, left))
    more, most = (replace(seen, checklist={**seen.checklist, rule.block: counts}) for counts in (one, every))
    yield from _gain(result, rule, rule.block, ITEM, more, most, left)


def _waiting(result: Result, rule: Indicator) -> Iterator[Gain]:
    """2.2: каждая ступень Сожид выше нынешней; сколько это дней или часов, говорит сама шкала."""
    seen = result.observations
    if rule.measure != "waiting" or seen.waiting_points is None:
        return
    for points in _steps_of_waiting(result.edition):
        if points > seen.waiting_points:
            higher = replace(seen, waiting_points=points)
            yield from _gain(result, rule, "waiting_points", WAITING, higher, to=points)


def _steps_of_waiting(edition: Edition) -> list[Fraction]:
    scale = edition.waiting
    return sorted({scale.equals, scale.half_or_less, *(points for _less_by, points in scale.bands)})


def _share(result: Result, rule: Indicator, name: str) -> Iterator[Gain]:
    """Доли: еще один довольный среди тех же ответивших; доля больше на один процентный пункт (до 100 %)."""
    seen = result.observations
    pair = seen.answers.get(name)
    if pair is None:
        return
    common = rule.measure == "openness" and rule.denominator == "common"
    of = seen.respondents if common else pair.answered
    left = pair.answered - pair.satisfied
    if not of or not left:
        return
    one, every = (_answered(seen, name, pair.satisfied + more) for more in (1, left))
    yield from _gain(result, rule, name, ANSWER, one, every, left)
    # Доли сферы в сотых: знаменатель вопроса (и общий, если он общий) в сто раз больше, прибавка — сам знаменатель.
    scaled = {n: Share(100 * s, 100 * a) for n, (s, a) in seen.answers.items()}
    scaled[name] = Share(min(100 * pair.satisfied + of, 100 * pair.answered), 100 * pair.answered)
    finer = replace(seen, answers=scaled, respondents=seen.respondents and 100 * seen.respondents)
    yield from _gain(result, rule, name, PERCENT, finer)


def _answered(seen: Observations, name: str, satisfied: int) -> Observations:
    pair = Share(satisfied, seen.answers[name].answered)
    return replace(seen, answers={**seen.answers, name: pair})
