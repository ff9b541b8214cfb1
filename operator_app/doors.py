"""The doors of one campaign's desk: shown to whoever may open them."""

from typing import Any, NamedTuple

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from accounts import access

DOORS = (
    ("operator.campaign", _l("Организации")),
    ("sample.index", _l("Выборка")),
    ("files.index", _l("Файлы")),
    ("phone.index", _l("Телефон")),
    ("keying.index", _l("Бумага")),
    ("scans.index", _l("Сканы")),
    ("inspections.index", _l("Проверки")),
    ("comments.index", _l("Слова")),
    ("passes.index", _l("Коды")),
    ("team.index", _l("Команда")),
    ("handover.index", _l("Отчёт")),
)


class Door(NamedTuple):
    """One section of a campaign's desk; `here`: the reader stands in it."""

    title: str
    url: str
    here: bool


def doors(campaign_id: int) -> list[Door]:
    """The sections of this campaign that the one who is signed in may open."""
    mine = request.blueprint
    return [
        Door(str(title), url_for(endpoint, campaign_id=campaign_id), endpoint.partition(".")[0] == mine)
        for endpoint, title in DOORS
        if endpoint in current_app.view_functions and access.may_open(endpoint)
    ]


def context() -> dict[str, Any]:
    """For the templates: `desk_doors(campaign_id)`."""
    return {"desk_doors": doors}
