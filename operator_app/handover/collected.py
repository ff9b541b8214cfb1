"""Checks of what was collected: silent organisations, thin samples, figures that are not there."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from flask_babel import gettext as _

import nok
from operator_app.handover.desk import Desk
from operator_app.handover.finding import BLOCKS, EXPLAIN, NOTE, Finding, Place, counted, place_of
from surveys.display import thousands
from surveys.results import Standing


def nothing_collected(desk: Desk) -> Iterator[Finding]:
    """A package of nothing."""
    for found in counted(desk):
        if not found.standings:
            yield Finding(
                "no_organizations",
                BLOCKS,
                _("В кампании нет организаций"),
                _("Загрузите список организаций."),
            )
        elif not found.responses:
            yield Finding(
                "no_answers",
                BLOCKS,
                _("В кампании нет ни одной анкеты"),
                _("Отправлять пока нечего: соберите ответы."),
                door="files.index",
            )


def empty_organizations(desk: Desk) -> Iterator[Finding]:
    """Organisations that nobody answered about."""
    silent = [
        place_of(one)
        for found in counted(desk)
        for one in found.standings
        if found.responses and not one.responses
    ]
    if silent:
        yield Finding(
            "empty",
            EXPLAIN,
            _("Организации без анкет: %(n)s", n=len(silent)),
            _("Соберите ответы или напишите, почему их нет: закрыта на ремонт, объединена, не пустила."),
            silent,
            "sample.index",
        )


def thin_samples(desk: Desk) -> Iterator[Finding]:
    """Organisations below their target; the empty ones are told apart."""
    thin = [
        place_of(one, _thin(one, one.target))
        for found in counted(desk)
        for one in found.standings
        if one.target is not None and 0 < one.responses < one.target
    ]
    if thin:
        yield Finding(
            "thin",
            EXPLAIN,
            _("Меньше нормы анкет: организаций %(n)s", n=len(thin)),
            _("Доберите анкеты или напишите, почему собрать норму не удалось."),
            thin,
            "sample.index",
        )


def _thin(one: Standing, target: int) -> str:
    share = nok.comma(nok.printed(Fraction(one.responses * 100, target), 1))
    return str(
        _(
            "%(count)s из %(target)s (%(share)s %%), не хватает %(missing)s",
            count=thousands(one.responses),
            target=thousands(target),
            share=share,
            missing=thousands(target - one.responses),
        )
    )


def targets_unknown(desk: Desk) -> Iterator[Finding]:
    """Without the number of recipients nobody knows how many to ask."""
    unknown = [place_of(one) for found in counted(desk) for one in found.standings if one.target is None]
    if unknown:
        yield Finding(
            "no_target",
            NOTE,
            _("Норма анкет неизвестна: организаций %(n)s", n=len(unknown)),
            _("Загрузите число получателей услуг за прошлый год: по нему считается норма."),
            unknown,
        )


def undefined_indicators(desk: Desk) -> Iterator[Finding]:
    """Which indicators have no figure, and why; of silent organisations only that they are silent."""
    seen = [one for found in counted(desk) for one in found.standings if one.responses and one.inspected]
    places = [place_of(one, " ".join(told)) for one in seen if (told := _undefined(one, _unanswered))]
    if places:
        yield Finding(
            "undefined",
            EXPLAIN,
            _("Показатели, которые не определены: организаций %(n)s", n=len(places)),
            _("Опросите тех, кого не спросили, или напишите, почему таких людей не нашлось."),
            places,
            "sample.index",
        )
    untimed = [place_of(one, " ".join(told)) for one in seen if (told := _undefined(one, _untimed))]
    if untimed:
        yield Finding(
            "untimed",
            EXPLAIN,
            _("Время ожидания не записано, показателя 2.2 нет: организаций %(n)s", n=len(untimed)),
            _("Впишите время ожидания в проверку или напишите, почему его не измерили."),
            untimed,
            "inspections.index",
        )


def _undefined(one: Standing, why: Callable[[Standing, str], bool]) -> list[str]:
    told = one.result.warnings
    return [warning.text for warning in told if warning.rule == "undefined" and why(one, warning.at)]


def _untimed(one: Standing, indicator: str) -> bool:
    """The inspection, not the people asked, left 2.2 without a figure."""
    return indicator == "2.2" and one.observations.waiting_points is None


def _unanswered(one: Standing, indicator: str) -> bool:
    return not _untimed(one, indicator)


def refused_results(desk: Desk) -> Iterator[Finding]:
    """Results that the practice, or the counts, refuse to compute."""
    places = [
        place_of(one, warning.text)
        for found in counted(desk)
        for one in found.standings
        for warning in one.result.warnings
        if warning.rule == "refused"
    ]
    if places:
        yield Finding(
            "refused",
            EXPLAIN,
            _("Результат не посчитан: организаций %(n)s", n=len(places)),
            _("Так решает практика расчёта этой кампании. Соберите недостающее или объясните."),
            places,
        )


def not_inspected(desk: Desk) -> Iterator[Finding]:
    """Organisations without an inspection: no criterion of theirs is whole, and they have no place."""
    places = [place_of(one) for found in counted(desk) for one in found.standings if not one.inspected]
    if places:
        yield Finding(
            "not_inspected",
            EXPLAIN,
            _("Организации без проверки: %(n)s", n=len(places)),
            _("Проведите проверку по чек-листу или напишите, почему это невозможно."),
            places,
            "inspections.index",
        )


def official_share(desk: Desk) -> Iterator[Finding]:
    """Order 777н: at least a fifth through bus.gov.ru."""
    for found in counted(desk):
        target = nok.edition(found.facts.edition).digital.target
        if found.digital_share is not None and found.digital_share < target:
            now, needed = (nok.comma(nok.printed(share * 100, 1)) for share in (found.digital_share, target))
            yield Finding(
                "official_share",
                EXPLAIN,
                _(
                    "Через bus.gov.ru пришло %(now)s %% анкет, нужно не меньше %(needed)s %%",
                    now=now,
                    needed=needed,
                ),
                _("Внесите ответы с bus.gov.ru или напишите, почему доля меньше."),
                door="sample.index",
            )


def disability_floor(desk: Desk) -> Iterator[Finding]:
    """Organisations at which fewer people answered on accessibility than 3.3 should stand on."""
    places = [
        place_of(one, _("%(n)s из %(floor)s", n=told.answered, floor=told.floor))
        for found in counted(desk)
        for one in found.standings
        if (told := desk.accessible[one.code]).low
    ]
    if places:
        yield Finding(
            "disability_floor",
            EXPLAIN,
            _("Мало ответов людей с инвалидностью о доступности: организаций %(n)s", n=len(places)),
            _("На них держится показатель 3.3. Доберите ответы или напишите, почему не удалось."),
            places,
            "sample.index",
        )


def unverified_rules(desk: Desk) -> Iterator[Finding]:
    """Rules that these results used and nobody has compared with the official text."""
    told = {
        warning.text
        for found in counted(desk)
        for one in found.standings
        for warning in one.result.warnings
        if warning.rule == "unverified"
    }
    if told:
        yield Finding(
            "unverified",
            NOTE,
            _("Применены правила, не сверенные с официальным текстом"),
            _("Делать ничего не нужно: отчёт говорит об этом сам."),
            [Place("", text) for text in sorted(told)],
        )
