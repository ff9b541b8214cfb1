"""«Исходные»: an organisation's counts, exactly what the calculator takes, each in a column of its own."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from documents.workbook.places import COUNTS, NO, YES
from nok.rules import BLOCKS, QUESTIONS
from surveys.display import sector
from surveys.results import Standing

__all__ = ["NO", "YES", "counted", "groups", "heads", "municipality"]

_HEADS = {
    "code": _l("Код"),
    "name": _l("Организация"),
    "inn": _l("ИНН"),
    "municipality": _l("Муниципалитет"),
    "sector": _l("Сфера"),
    "kind": _l("Вид"),
    "inspected": _l("Проверка проведена"),
    "respondents": _l("Анкет (Чобщ)"),
    "target": _l("Норма анкет"),
    "stand.present": _l("Стенд: есть (Истенд)"),
    "stand.required": _l("Стенд: нужно (Инорм-стенд)"),
    "site.present": _l("Сайт: есть (Исайт)"),
    "site.required": _l("Сайт: нужно (Инорм-сайт)"),
    "information_required": _l("Общая норма (Инорм)"),
    "remote_ways": _l("Способы связи (Сдист)"),
    "comfort": _l("Комфорт (Скомф)"),
    "equipment": _l("Оборудование (Сорг.дост)"),
    "accessibility": _l("Доступность (Суслуг.дост)"),
    "waiting_points": _l("Баллы Сожид"),
}
_QUESTIONS = {
    "stand": _l("1.3 стенд"),
    "site": _l("1.3 сайт"),
    "on_time": _l("2.2 вовремя"),
    "comfort": _l("2.3 комфорт"),
    "accessibility": _l("3.3 доступность"),
    "first_contact": _l("4.1 первый контакт"),
    "service_staff": _l("4.2 обслуживание"),
    "remote_staff": _l("4.3 на расстоянии"),
    "recommend": _l("5.1 советуют"),
    "schedule": _l("5.2 график"),
    "overall": _l("5.3 в целом"),
}


def heads() -> list[str]:
    """The headings of all columns."""
    told = {"satisfied": _("да"), "answered": _("ответили")}
    return [str(_HEADS.get(key) or told[key.rpartition(".")[2]]) for key in COUNTS]


def groups() -> dict[int, str]:
    """What stands over several columns, by the first of them."""
    questions = {COUNTS.index(f"{key}.satisfied"): str(_QUESTIONS[key]) for key in QUESTIONS}
    seen = {"stand.present": _("Материалы"), BLOCKS[0]: _("Найдено пунктов")}
    return {**questions, **{COUNTS.index(key): words for key, words in seen.items()}}


def counted(standing: Standing) -> dict[str, object]:
    """What the calculator takes, by the column it stands in; None: not inspected, not asked."""
    seen = standing.observations
    told: dict[str, object] = {
        "code": standing.code,
        "name": standing.name,
        "inn": standing.inn,
        "municipality": municipality(standing),
        "sector": sector(standing.sector),
        "kind": standing.kind or "",
        "inspected": YES if standing.inspected else NO,
        "respondents": seen.respondents,
        "target": standing.target,
        "information_required": seen.information_required,
        "waiting_points": seen.waiting_points,
    }
    for side, norm in (("stand", seen.stand), ("site", seen.site)):
        told[f"{side}.present"], told[f"{side}.required"] = norm or (None, None)
    for block in BLOCKS:
        told[block] = next(iter(seen.checklist.get(block, ())), None)
    for question in QUESTIONS:
        share = seen.answers.get(question)
        told[f"{question}.satisfied"], told[f"{question}.answered"] = share or (None, None)
    return told


def municipality(standing: Standing) -> str:
    """Where it is; a cell is never empty, a mean is taken by it."""
    return standing.municipality or str(_("Муниципалитет не указан"))
