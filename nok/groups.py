"""Доля довольных по способам опроса: где она отличается больше, чем могла бы случайно, и что нельзя показать.

Способы не смешиваются с оценкой: доля организации считается по всем ответам вместе. Малую группу не показывают, иначе
по итогу, который опубликован, можно узнать ответ одного человека; и не показывают ничего, из чего она вычитается.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from nok.observations import Share
from nok.uncertainty import of_share, surely_more

#: Меньше скольких ответов доля группы не показывается, если служба не выбрала больше.
SMALLEST = 5

#: Меньше скольких «да» или «нет» не бывает в скрытом вместе, пока рядом что-нибудь показано.
OF_A_KIND = 2


class Group(NamedTuple):
    """Ответы одной группы на один вопрос; `differs`: 1 — выше остальных, −1 — ниже, 0 — может быть случайность."""

    share: Share | None
    differs: int


def shown(parts: Mapping[str, Share], smallest: int = SMALLEST) -> dict[str, Share | None]:
    """Группа → ее ответы; None — скрыто: ответивших меньше `smallest`, или по ней вычисляется скрытое.

    Правило: сумма скрытого восстанавливается вычитанием из опубликованного итога, поэтому вместе с ним скрывается
    следующая по малости группа, пока в скрытом меньше двух групп, меньше `smallest` ответов, меньше двух «да» или
    меньше двух «нет»; не хватило — скрыто все. Одного «да» и одного «нет» мало: скрытая лишняя группа сама говорила
    бы, что без нее остальные ответили одинаково. Когда единодушен весь итог, ответы всех известны из него.
    Единицы: ответы.
    Источник: пороговое правило с дополняющим скрытием (Hundepool и др., Statistical Disclosure Control, 2012, глава 4).
    """
    asked = {group: part for group, part in parts.items() if part.answered}
    by_size = sorted(asked, key=lambda group: (asked[group].answered, group))
    hidden = [group for group in by_size if asked[group].answered < smallest]
    for group in by_size[len(hidden) :]:
        if not hidden or _safe([asked[one] for one in hidden], smallest):
            break
        hidden.append(group)
    return {group: None if group in hidden else part for group, part in asked.items()}


def _safe(hidden: Sequence[Share], smallest: int) -> bool:
    """Можно ли знать сумму этих групп, не узнав ни одной малой."""
    answered, satisfied = (sum(part[at] for part in hidden) for at in (1, 0))
    of_a_kind = min(satisfied, answered - satisfied)
    return len(hidden) > 1 and answered >= smallest and of_a_kind >= OF_A_KIND


def compared(parts: Mapping[str, Share | None], whole: Share | None) -> dict[str, Group]:
    """Каждая показанная группа против всех остальных ответов вместе.

    Формула: доля группы a = У₁/n₁, остальных b = (У − У₁)/(n − n₁); разница отмечается, когда d² больше суммы квадратов
    обращенных друг к другу погрешностей (`surely_more`), без поправки на конечную совокупность.
    Единицы: доли, 0…1. Символы: У, n — `whole`, ответы по всем способам; У₁, n₁ — ответы группы.
    Источник: как у `nok.uncertainty.of_share` и `surely_more`.
    """
    return {group: Group(part, _differs(part, whole)) for group, part in parts.items()}


def _differs(part: Share | None, whole: Share | None) -> int:
    if part is None or whole is None:
        return 0
    rest = Share(whole.satisfied - part.satisfied, whole.answered - part.answered)
    if rest.satisfied < 0 or rest.answered < rest.satisfied:
        return 0
    own, others = of_share(*part), of_share(*rest)
    if own is None or others is None:
        return 0
    a, b = Fraction(*part), Fraction(*rest)
    return int(surely_more(a, own, b, others)) - int(surely_more(b, others, a, own))
