"""Why an answer goes to a person, in Russian; the words themselves are the reader's (`paper.deciding`)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

TITLES: Mapping[str, Any] = MappingProxyType(
    {
        "two": _l("отмечены два ответа"),
        "corrected": _l("исправление"),
        "faint": _l("бледная отметка"),
        "unclear": _l("непонятная отметка"),
        "outside": _l("отметка мимо квадрата"),
        "off_path": _l("ответ на вопрос, который не задавали"),
        "low": _l("чтение не уверено"),
    }
)


def title(why: str) -> str:
    """A reason in Russian; one that has no words yet is «другое»."""
    return str(TITLES.get(why) or _("другое"))
