"""What the forms beside the survey call things, in plain words."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

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


def reviews(said: Mapping[str, int]) -> str:
    """«7 отзывов: исправлено — 4, частично — 2, не знают — 1»; «отзывов пока нет»."""
    total = sum(said.values())
    if not total:
        return str(_("отзывов пока нет"))
    how_many = ngettext("%(count)s отзыв", "%(count)s отзывов", total, count=total)
    return f"{how_many}: {listed(COUNTED, said)}"


def listed(names: Mapping[str, object], said: Mapping[str, int]) -> str:
    """What was said and how often, without what nobody said."""
    return ", ".join(f"{name} — {said[item]}" for item, name in names.items() if said.get(item))
