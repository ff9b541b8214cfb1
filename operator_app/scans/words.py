"""What the pages of scans say: states of sheets and batches, what a person can do about a sheet that waits."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from paper.tables import SheetState
from paper.words import Reason, said

SHEETS: Mapping[SheetState, Any] = {
    SheetState.WAITING: _l("ждёт человека"),
    SheetState.COUNTED: _l("учтён"),
    SheetState.REPEATED: _l("повтор"),
    SheetState.SPOILED: _l("испорчен"),
}

#: What to do about a sheet that waits.
ADVICE: Mapping[str, Any] = {
    Reason.DOUBTS: _l("Посмотрите сомнительные места: лист учтётся сам, когда решено последнее."),
    Reason.MISSING_SIDE: _l(
        "Найдите лист и отсканируйте другую сторону: служба соединит их по номеру. "
        "Если человек её не заполнял, учтите лист как есть."
    ),
    Reason.COPY: _l(
        "Посмотрите на отметки. Если бланк размножили на ксероксе, это другой человек; если лист отсканировали "
        "дважды — тот же."
    ),
    Reason.NO_NUMBER: _l("Введите номер, напечатанный внизу листа: пятнадцать цифр."),
    Reason.NO_PLACES: _l(
        "Отсканируйте лист ещё раз целиком, с полями. Если не получается, введите анкету по клавишам в разделе "
        "«Бумага», а здесь отложите лист."
    ),
    Reason.TWO_SHEETS: _l("Отсканируйте эти листы по одному, а этот снимок отложите как испорченный."),
    Reason.ORIGINAL_UNDONE: _l(
        "Пакет, в котором лист был учтён, отменили. Если ответы на нём настоящие, учтите его здесь."
    ),
    Reason.MORE: _l(
        "Посмотрите на обе стороны. Если они одного листа, учтите его заново целиком; прежний ответ заменится."
    ),
    Reason.DESTROYED: _l(
        "Найдите бумажный лист по номеру и введите анкету по клавишам в разделе «Бумага», а здесь отложите лист. "
        "Если бумаги больше нет, отложите его: узнать ответы уже неоткуда."
    ),
    Reason.UNREAD_AGAIN: _l(
        "Введите анкету по клавишам в разделе «Бумага», а здесь отложите лист. Если так со многими листами, "
        "скажите администратору: возможно, на сервере нет чтения сканов."
    ),
    Reason.CLOSED: _l(
        "Учесть его уже нельзя. Если сбор откроют снова, продолжите чтение пакета: лист учтётся."
    ),
}

#: Why a person sets a sheet aside.
SPOILED: Mapping[str, Any] = {
    Reason.UNREADABLE: _l("Не прочитать: залит, порван, смазан"),
    Reason.EMPTY: _l("Пустой: ни одного ответа"),
    Reason.FOREIGN: _l("Не наша анкета"),
    Reason.BY_HAND: _l("Введён вручную или отсканирован заново"),
}


def why_not(reason: str) -> str:
    """Why a sheet is not counted, in the words among which a person chose."""
    return str(SPOILED.get(reason) or said(reason))
