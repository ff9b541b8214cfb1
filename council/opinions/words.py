"""What the forms beside the survey call things, in plain words."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from documents.presentation import CAPTIONS
from surveys.display import NO_BREAK

#: Form 4, in the order in which it asks.
VERDICTS = {
    "done": _l("Да, исправлено"),
    "partly": _l("Исправлено частично"),
    "not": _l("Нет, не исправлено"),
    "unknown": _l("Не знаю, не видел(а)"),
}
#: The same beside a count.
COUNTED = {
    "done": _l("исправлено"),
    "partly": _l("частично"),
    "not": _l("не исправлено"),
    "unknown": _l("не знают"),
}


#: Form 2, from the lowest step; what the steps are called is the norm's own.
STEPS = {
    "1": _l("неудовлетворительно"),
    "2": _l("ниже среднего"),
    "3": _l("удовлетворительно"),
    "4": _l("хорошо"),
    "5": _l("отлично"),
    "0": _l("не могу оценить"),
}
#: The same beside a count.
STEPS_COUNTED = {**STEPS, "0": _l("не смогли оценить")}
#: The five criteria as a visitor knows them; the official titles stand beside.
CRITERIA = {
    "K1": _l("Понятно ли, куда и с чем обращаться: стенд, сайт, ответы на вопросы"),
    "K2": _l("Удобно ли здесь: помещения, чистота, ожидание"),
    "K3": _l("Удобно ли человеку с инвалидностью"),
    "K4": _l("Вежливы ли работники"),
    "K5": _l("Довольны ли вы в целом"),
}


#: The same in a table or a list.
CRITERIA_SHORT = {name: CAPTIONS[name] for name in CRITERIA}


def reviews(said: Mapping[str, int]) -> str:
    """«7 отзывов: исправлено — 4, частично — 2, не знают — 1»; «отзывов пока нет»."""
    total = sum(said.values())
    if not total:
        return str(_("отзывов пока нет"))
    how_many = ngettext("%(count)s отзыв", "%(count)s отзывов", total, count=total)
    return f"{how_many}: {listed(COUNTED, said)}"


def listed(names: Mapping[str, object], said: Mapping[str, int]) -> str:
    """What was said and how often, without what nobody said."""
    heard = ((name, said.get(item)) for item, name in names.items())
    return ", ".join(f"{name}{NO_BREAK}—{NO_BREAK}{count}" for name, count in heard if count)
