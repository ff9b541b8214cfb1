"""What a column of an old report may hold: who, one of the twenty-one figures, or a count behind a figure."""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import nok
from nok.rules import CRITERIA

Target = str

SKIP, UNKNOWN = "@skip", ""
NAME, INN, OGRN, CODE, MUNICIPALITY = "name", "inn", "ogrn", "code", "municipality"
WHO: Mapping[Target, object] = {
    NAME: _l("Наименование организации"),
    INN: _l("ИНН"),
    OGRN: _l("ОГРН"),
    CODE: _l("Код организации в нашей службе"),
    MUNICIPALITY: _l("Муниципалитет"),
}
INDICATORS = tuple(f"{k}.{n}" for k in range(1, 6) for n in range(1, 4))
TOTAL = "total"
FIGURES = (*INDICATORS, *CRITERIA, TOTAL)
RESPONSES = "responses"


class Share(NamedTuple):
    """Where a share's counts stand: those who said yes, those who answered; `own`: others cannot stand in for them."""

    yes: Target
    of: Target
    own: bool


#: A question of the norm → its counts.
SHARES: Mapping[str, Share] = {
    "stand": Share("stand_yes", "stand_of", own=True),
    "site": Share("site_yes", "site_of", own=True),
    "on_time": Share("on_time_yes", "on_time_of", own=False),
    "comfort": Share("comfort_yes", "comfort_of", own=False),
    "accessibility": Share("accessibility_yes", "accessibility_of", own=True),
    "first_contact": Share("first_contact_yes", "first_contact_of", own=False),
    "service_staff": Share("service_staff_yes", "service_staff_of", own=False),
    "remote_staff": Share("remote_staff_yes", "remote_staff_of", own=True),
    "recommend": Share("recommend_yes", "recommend_of", own=False),
    "schedule": Share("schedule_yes", "schedule_of", own=False),
    "overall": Share("overall_yes", "overall_of", own=False),
}
#: A block of a check-list → how many of its items were there.
BLOCKS: Mapping[str, Target] = {
    "remote_ways": "items_remote_ways",
    "comfort": "items_comfort",
    "equipment": "items_equipment",
    "accessibility": "items_accessibility",
}
COUNTS: Mapping[Target, object] = {
    RESPONSES: _l("Чобщ: сколько опрошено"),
    "stand_present": _l("Истенд: материалов на стенде"),
    "stand_required": _l("Инорм-стенд: сколько требуется"),
    "site_present": _l("Исайт: материалов на сайте"),
    "site_required": _l("Инорм-сайт: сколько требуется"),
    "information_required": _l("Инорм: сколько требуется, общее число"),
    "items_remote_ways": _l("Сдист: сколько дистанционных способов"),
    "stand_yes": _l("Устенд: довольны стендом"),
    "stand_of": _l("Уобщ-стенд: ответили о стенде"),
    "site_yes": _l("Усайт: довольны сайтом"),
    "site_of": _l("Уобщ-сайт: ответили о сайте"),
    "items_comfort": _l("Скомф: сколько комфортных условий"),
    "waiting_points": _l("Сожид: баллы за время ожидания"),
    "on_time_yes": _l("Усвоевр: получили услугу вовремя"),
    "on_time_of": _l("ответили о сроке"),
    "comfort_yes": _l("Укомф: довольны комфортностью"),
    "comfort_of": _l("ответили о комфортности"),
    "items_equipment": _l("Сорг.дост: сколько условий на территории"),
    "items_accessibility": _l("Суслуг.дост: сколько условий доступности"),
    "accessibility_yes": _l("Удост: инвалидов, довольных доступностью"),
    "accessibility_of": _l("Чинв: сколько опрошено инвалидов"),
    "first_contact_yes": _l("Уперв.конт: довольны вежливостью при первом обращении"),
    "first_contact_of": _l("ответили о первом обращении"),
    "service_staff_yes": _l("Уоказ.услуг: довольны вежливостью при оказании услуги"),
    "service_staff_of": _l("ответили о вежливости при оказании услуги"),
    "remote_staff_yes": _l("Увежл.дист: довольны вежливостью на расстоянии"),
    "remote_staff_of": _l("Чобщ-дист: обращались дистанционно"),
    "recommend_yes": _l("Уреком: готовы рекомендовать"),
    "recommend_of": _l("ответили, готовы ли рекомендовать"),
    "schedule_yes": _l("Уорг.усл: довольны организационными условиями"),
    "schedule_of": _l("ответили об организационных условиях"),
    "overall_yes": _l("Ууд: довольны в целом"),
    "overall_of": _l("ответили о довольстве в целом"),
}
TARGETS = frozenset({*WHO, *FIGURES, *COUNTS})


def figure_title(at: str, edition: nok.Edition) -> str:
    """«1.1. Соответствие информации…», «К1. Открытость…», «Итог»."""
    if at == TOTAL:
        return str(_("Итоговый показатель"))
    if at in edition.criteria:
        return f"К{at[1]}. {edition.criteria[at].title}"
    return f"{at}. {edition.indicators[at].title}"


def short_title(at: str) -> str:
    """«1.1», «К1», «Итог»: for a narrow column."""
    if at == TOTAL:
        return str(_("Итог"))
    return f"К{at[1]}" if at in CRITERIA else at


def choices(edition: nok.Edition) -> list[tuple[Target, str]]:
    """Every meaning a column may be given, in the order in which people look for it."""
    return [
        *((target, str(title)) for target, title in WHO.items()),
        *((at, figure_title(at, edition)) for at in FIGURES),
        *((target, str(title)) for target, title in COUNTS.items()),
    ]
