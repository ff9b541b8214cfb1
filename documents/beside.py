"""What stands beside an organisation's figures, arranged for reading: what would raise the score, shares by channel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

import nok
from nok.gains import ANSWER, ITEM, PERCENT, WAITING, Gain
from surveys.channels import GROUPS
from surveys.display import NARROW, thousands
from surveys.measures import MEASURE
from surveys.results import Standing

LEAST = Fraction(1, 200)  # below it two decimals show nothing


@dataclass(frozen=True)
class Raise:
    """One line: the indicator, the step in words, what it is worth, what all such steps at once are worth."""

    number: str
    words: str
    points: str
    everything: str
    note: str = ""


@dataclass(frozen=True)
class Raising:
    """The whole table; `of_total` is false where there is no total and the points are of a criterion."""

    lines: Sequence[Raise]
    of_total: bool


@dataclass(frozen=True)
class Answered:
    """One group's answers to one question; without a share too few answered to show it."""

    share: Fraction | None
    answered: int
    differs: int


@dataclass(frozen=True)
class Effect:
    """Shares by the way people were asked: a line a question, a column a group; empty when all came one way."""

    groups: Sequence[str]
    lines: Sequence[tuple[str, str, Sequence[Answered | None]]]
    marked: int
    hidden: int


def raising(standing: Standing) -> Raising:
    """The table «что повысило бы балл»."""
    found = standing.gains
    answers = {gain.what: gain for gain in found if gain.kind == ANSWER}
    steps = [gain for gain in found if gain.kind == WAITING]
    lines = []
    for gain in found:
        if gain.kind == ITEM:
            lines.append(_item(gain, standing))
        elif gain.kind == PERCENT:
            lines.append(_percent(gain, answers.get(gain.what)))
        elif gain.kind == WAITING and gain is steps[-1]:  # the nearest step, and what the best one is worth
            words = _waiting(gain, standing.result.edition)
            lines.append(Raise(gain.at, words, _plus(gain.worth), _plus(steps[0].worth)))
    return Raising(lines, standing.result.total is not None)


def _item(gain: Gain, standing: Standing) -> Raise:
    words = {
        "stand": _("Стенд: ещё один обязательный материал"),
        "site": _("Сайт: ещё один обязательный материал"),
        "remote_ways": _("Ещё один работающий способ связи на сайте"),
        "comfort": _("Ещё одно комфортное условие"),
        "equipment": _("Ещё одно оборудование для инвалидов"),
        "accessibility": _("Ещё одно условие доступности услуг"),
    }
    missing = "; ".join(standing.deficiencies.get(gain.what, ())) or thousands(gain.left)
    note = _("не хватает: %(what)s", what=missing)
    return Raise(gain.at, words[gain.what], _plus(gain.worth), _all(gain), note)


def _percent(gain: Gain, answer: Gain | None) -> Raise:
    note = ""
    if answer is not None:
        note = _("один ответ «да» вместо «нет»: %(points)s", points=_plus(answer.worth))
    words = _("%(share)s: на один процентный пункт больше", share=MEASURE[gain.what].title)
    return Raise(gain.at, words, _plus(gain.worth), _all(answer) if answer else "", note)


def _waiting(gain: Gain, edition: nok.Edition) -> str:
    scale, to = edition.waiting, gain.to
    if to == scale.half_or_less:
        return str(_("Ожидание: не больше половины установленного срока"))
    for less_by, points in scale.bands:
        if points == to:
            return str(
                ngettext(
                    "Ожидание: на %(count)s день (час) меньше установленного срока",
                    "Ожидание: на %(count)s дней (часов) меньше установленного срока",
                    less_by,
                    count=less_by,
                )
            )
    return str(_("Ожидание: не дольше установленного срока"))


def _plus(points: Fraction) -> str:
    return f"+{nok.comma(nok.printed(points))}" if points >= LEAST else str(_("меньше +0,01"))


def _all(gain: Gain) -> str:
    return "" if gain.all_points is None else _plus(gain.all_points)


def effect(standing: Standing, edition: nok.Edition) -> Effect:
    """Each share that feeds a score of this sphere, by channel group, against all the others together."""
    rows = dict(_compared(standing, edition))
    seen = {group for parts in rows.values() for group in parts}
    groups = [group for group in GROUPS if group in seen]
    if len(groups) < 2:
        return Effect((), (), 0, 0)
    cells = [part for parts in rows.values() for part in parts.values()]
    return Effect(
        groups,
        [
            (_feeds(question), MEASURE[question].title, [_cell(parts.get(group)) for group in groups])
            for question, parts in rows.items()
        ],
        sum(1 for part in cells if part.differs),
        sum(1 for part in cells if part.share is None),
    )


def differences(standing: Standing, edition: nok.Edition) -> dict[str, dict[str, int]]:
    """Question → group → 1 above the others, −1 below, 0 no more than chance; hidden groups are not named."""
    return {
        question: {group: part.differs for group, part in parts.items() if part.share is not None}
        for question, parts in _compared(standing, edition)
    }


def _compared(
    standing: Standing, edition: nok.Edition
) -> Iterator[tuple[str, Mapping[str, nok.groups.Group]]]:
    measured = [edition.indicators[number] for number in edition.sphere(standing.sector).weights]
    for question in (name for rule in measured for name in rule.answers):
        if parts := standing.by_channel.get(question):
            whole = standing.observations.answers.get(question)
            yield question, nok.groups.compared(parts, whole)


def _feeds(question: str) -> str:
    return MEASURE[question].indicator


def _cell(part: nok.groups.Group | None) -> Answered | None:
    if part is None:
        return None
    if part.share is None:
        return Answered(None, 0, 0)
    return Answered(Fraction(*part.share), part.share.answered, part.differs)


def gains_json(standing: Standing) -> list[dict[str, Any]]:
    """The same for machines, exact to fractions of a point; `total` is null where there is no total."""
    return [
        {
            "at": gain.at,
            "what": gain.what,
            "kind": gain.kind,
            "to": _ratio(gain.to),
            "left": gain.left,
            "total": _ratio(gain.points),
            "criterion": _ratio(gain.criterion),
            "all_at_once": _ratio(gain.all_points),
        }
        for gain in standing.gains
    ]


def _ratio(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def spanned(one: nok.Range | None, places: int = 1) -> str:
    """«83,1–87,9», on one line; one decimal is enough for what chance alone decides."""
    if one is None:
        return ""
    low, high = (nok.comma(nok.printed(end, min(places, 1))) for end in one)
    return f"{low}–{high}"


def ranged(places: tuple[int, int] | None) -> str:
    """«3–7», or «3» when the data leave no doubt."""
    if places is None:
        return ""
    low, high = places
    return thousands(low) if low == high else f"{thousands(low)}–{thousands(high)}"


def share_of(cell: Answered) -> str:
    """«92 %»."""
    return "" if cell.share is None else f"{nok.printed(cell.share * 100, 0)}{NARROW}%"
