"""Why a sheet waits or is spoiled, why a page belongs to no sheet, why a file is refused: one place for the words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from paper.reasons import Reason as Reason

UNTAKEN = frozenset(
    {
        Reason.DAMAGED,
        Reason.TOO_LARGE,
        Reason.BOMB,
        Reason.TOO_MANY,
        Reason.REST,
        Reason.NOT_A_PICTURE,
        Reason.HEIC,
        Reason.ENCRYPTED,
        Reason.FILE_TOO_LARGE,
        Reason.EMPTY_FILE,
        Reason.NESTED,
    }
)
"""Pages that could not even be had: nobody knows what is on them."""

WORDS: Mapping[str, Any] = MappingProxyType(
    {
        Reason.DOUBTS: _l("Есть сомнительные отметки: их смотрит человек"),
        Reason.MISSING_SIDE: _l("Нет другой стороны листа"),
        Reason.COPY: _l("Лист с этим номером уже есть, а отметки другие: похоже на ксерокопию"),
        Reason.NO_NUMBER: _l("Номер листа не читается"),
        Reason.NO_PLACES: _l("Не видно угловых меток: отсканируйте лист ещё раз или введите анкету вручную"),
        Reason.TWO_SHEETS: _l("На снимке два листа сразу: отсканируйте их по одному"),
        Reason.ORIGINAL_UNDONE: _l("Пакет, где этот лист был учтён, отменён"),
        Reason.MORE: _l("Лист уже учтён без одной стороны, а теперь пришла и она"),
        Reason.DESTROYED: _l("Снимки уничтожены раньше, чем с листом решили: читать больше нечего"),
        Reason.UNREAD_AGAIN: _l("Отметки не удалось прочитать со снимка ещё раз"),
        Reason.CLOSED: _l("Сбор ответов закончился, пока сканы читались: лист не учтён"),
        Reason.FOREIGN: _l("Не наша анкета"),
        Reason.OTHER_CAMPAIGN: _l("Лист другой кампании"),
        Reason.UNKNOWN_NUMBER: _l("Листа с таким номером служба не печатала"),
        Reason.EMPTY: _l("Пустой лист: ни одного ответа"),
        Reason.UNREADABLE: _l("Не прочитать"),
        Reason.BY_HAND: _l("Введён вручную или отсканирован заново"),
        Reason.DAMAGED: _l("Страница повреждена и не открывается"),
        Reason.TOO_LARGE: _l(
            "Снимок слишком велик: отсканируйте лист с разрешением 200–300 точек на дюйм или уменьшите снимок"
        ),
        Reason.BOMB: _l("Снимок записан необычно, служба его не откроет: сохраните его заново"),
        Reason.TOO_MANY: _l("Страниц больше 5000: разделите файл на части"),
        Reason.REST: _l(
            "Файл слишком тяжёл для службы, отсюда и до конца он не открыт: сохраните его заново"
        ),
        Reason.NOT_A_PICTURE: _l("Это не скан: подойдут PDF, TIFF, JPEG, PNG и ZIP с ними"),
        Reason.HEIC: _l(
            "Снимок в формате HEIC: в телефоне выберите «Наиболее совместимый» формат или пришлите JPEG"
        ),
        Reason.ENCRYPTED: _l("Файл закрыт паролем: сохраните его без пароля"),
        Reason.FILE_TOO_LARGE: _l("Файл больше 200 МБ: разделите его на части"),
        Reason.EMPTY_FILE: _l("Файл пуст"),
        Reason.NESTED: _l("Архив в архиве: распакуйте внутренний"),
        Reason.BLANK: _l("Пустой оборот"),
        Reason.COVER: _l("Сопроводительный лист"),
    }
)


def said(reason: str) -> str:
    """A reason in Russian; one that has no words is shown as it is written."""
    return str(WORDS.get(reason, reason))
