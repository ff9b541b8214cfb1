"""What the staff's acts are called in Russian: the one place for every trail that is shown.

A campaign's act has the subject "<campaign>" or "<campaign>/<what>"; an act about accounts has a login.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

#: Acts whose subject is no campaign.
ELSEWHERE = frozenset(
    {
        "sign-in",
        "user-added",
        "user-changed",
        "user-closed",
        "user-opened",
        "password-changed",
        "organizations-imported",
        "phone-file",
        "token-made",
        "token-revoked",
        "kiosk-made",
        "kiosk-changed",
        "kiosk-paired",
        "kiosk-revoked",
        "kiosk-moved",
        "kiosk-file",
        "poster-seen",
        "poster-taken-back",
        "site-checked",
    }
)

ACTS: Mapping[str, Any] = MappingProxyType(
    {
        "sign-in": _l("вход"),
        "user-added": _l("сотрудник добавлен"),
        "user-changed": _l("данные сотрудника изменены"),
        "user-closed": _l("вход сотруднику закрыт"),
        "user-opened": _l("вход сотруднику открыт"),
        "password-changed": _l("пароль заменён"),
        "organizations-imported": _l("список организаций загружен"),
        "phone-file": _l("записи с телефона инспектора загружены файлом"),
        "token-made": _l("ключ программы сделан"),
        "token-revoked": _l("ключ программы отозван"),
        "kiosk-made": _l("терминал заведён"),
        "kiosk-changed": _l("настройки терминала изменены"),
        "kiosk-paired": _l("терминал подключён"),
        "kiosk-revoked": _l("терминал отключён"),
        "kiosk-moved": _l("терминал отдан другой организации"),
        "kiosk-file": _l("файл терминала загружен"),
        "kiosk-answer-decided": _l("два ответа терминала под одним именем рассмотрены"),
        "poster-seen": _l("плакат сфотографирован проверяющим"),
        "poster-taken-back": _l("снимок плаката удалён"),
        "site-checked": _l("сайт организации проверен"),
        "sites-checked": _l("сайты организаций проверены"),
        "campaign-created": _l("кампания создана"),
        "campaign-changed": _l("кампания изменена"),
        "entry-changed": _l("кто может отвечать: изменено"),
        "codes-issued": _l("одноразовые коды сделаны"),
        "codes-withdrawn": _l("одноразовые коды отозваны"),
        "posters-asked": _l("заказаны плакаты для всех"),
        "inspection": _l("проверка сохранена"),
        "visit": _l("визит записан"),
        "visit-returned": _l("визит возвращён инспектору"),
        "visits-compared": _l("два визита сверены"),
        "checklists-imported": _l("таблица чек-листов учтена"),
        "checklists-undone": _l("таблица чек-листов отменена"),
        "answers-imported": _l("анкеты из файла учтены"),
        "answers-undone": _l("файл отменён: его анкеты сняты"),
        "file-uploaded": _l("файл загружен"),
        "file-refused": _l("файл не принят"),
        "file-count-asked": _l("программа попросила учесть файл"),
        "file-undo-asked": _l("программа попросила отменить файл"),
        "file-dropped": _l("файл отложен без учёта"),
        "file-reviewed": _l("замечания к файлу просмотрены"),
        "old-report-brought": _l("прошлый отчёт загружен"),
        "old-report-changed": _l("прошлый отчёт разобран иначе"),
        "old-report-taken": _l("прошлый отчёт принят для сравнения"),
        "old-report-undone": _l("прошлый отчёт убран"),
        "contacts-imported": _l("список телефонов загружен"),
        "contacts-wiped": _l("телефоны стёрты"),
        "comment-opened": _l("подлинник слов открыт"),
        "comments-through": _l("слова людей пропущены"),
        "comment-withheld": _l("слова человека решено не показывать"),
        "comments-audience": _l("решено, кто читает слова людей"),
        "comments-wiped": _l("подлинники слов уничтожены"),
        "keying share": _l("доля второго ввода изменена"),
        "stack opened": _l("пачка анкет открыта"),
        "stack closed": _l("пачка анкет закрыта"),
        "stack reopened": _l("пачка анкет снова открыта"),
        "stack undone": _l("пачка анкет отменена"),
        "sheets accepted unchecked": _l("анкеты приняты без второго ввода"),
        "sheet decided": _l("расхождение в анкете разобрано"),
        "sheet sent back": _l("анкета отдана на новый ввод"),
        "sheet spoiled": _l("анкета признана испорченной"),
        "sheets printed": _l("бланки анкет напечатаны"),
        "scans-uploaded": _l("сканы загружены"),
        "scans-counted": _l("сканы прочитаны"),
        "scans-undone": _l("пакет сканов отменён"),
        "scan-number": _l("номер листа введён человеком"),
        "scan-number-taken": _l("номер листа снят: введён неверно"),
        "scan-returned": _l("отложенный лист снова ждёт решения"),
        "scan-marked": _l("лист не пустой: отметки прочтёт человек"),
        "scan-as-is": _l("лист учтён без другой стороны"),
        "scan-whole": _l("лист учтён заново, с обеими сторонами"),
        "scan-copy": _l("ксерокопия листа учтена как другой человек"),
        "scan-repeat": _l("лист признан повтором"),
        "scan-spoiled": _l("лист отложен с причиной"),
        "scans-destroyed": _l("снимки листов уничтожены"),
        "scans-destroy-on": _l("день уничтожения снимков изменён"),
        "scans share": _l("доля слепой проверки чтения изменена"),
        "scan settled": _l("спорное место снимка решено вторым человеком"),
        "scan changed": _l("решение о месте снимка изменено"),
        "report-words": _l("раздел отчёта изменён"),
        "report-drafted-again": _l("раздел отчёта составлен заново"),
        "check-explained": _l("замечание проверки объяснено"),
        "package-submitted": _l("отчёт передан совету"),
        "package-returned": _l("отчёт возвращён с замечаниями"),
        "package-accepted": _l("отчёт принят советом"),
        "vote": _l("голос члена совета"),
        "meeting": _l("данные заседания записаны"),
        "objections-opened": _l("организациям показаны их результаты"),
        "objection": _l("возражение организации"),
        "objection-answered": _l("ответ совета на возражение"),
        "release-approved": _l("результаты утверждены"),
        "release-published": _l("результаты опубликованы"),
        "release-frozen": _l("выпуск составлен по опубликованному раньше"),
        "correction-opened": _l("исправление утверждённого начато"),
        "report-signed": _l("отчёт совета подписан"),
        "signature-brought": _l("готовая подпись под отчётом загружена"),
        "remark": _l("замечание совета"),
        "remark-withdrawn": _l("замечание совета снято"),
        "remark-answered": _l("ответ на замечание"),
        "remark-closed": _l("замечание закрыто советом"),
        "plan-begun": _l("план по устранению недостатков начат"),
        "plan-proposed": _l("в план добавлены новые недостатки"),
        "plan-sent": _l("план отправлен на утверждение"),
        "plan-approved": _l("план утверждён"),
        "plan-returned": _l("план возвращён организации"),
        "plan-reopened": _l("утверждённый план открыт для изменений"),
        "plan-left": _l("изменения плана отменены"),
        "measure-added": _l("строка плана добавлена"),
        "measure-changed": _l("строка плана изменена"),
        "measure-dropped": _l("строка не включена в план"),
        "measure-restored": _l("строка возвращена в план"),
        "measure-done": _l("ход мероприятия записан"),
        "proof-added": _l("подтверждение мероприятия добавлено"),
        "proof-removed": _l("подтверждение мероприятия убрано"),
        "target-changed": _l("норма организации изменена"),
        "floor-changed": _l("порог опроса людей с инвалидностью изменён"),
        "plan-assigned": _l("план на день назначен"),
        "inspection-waiting": _l("время ожидания внесено"),
        "calls-let-on": _l("интервьюеру снова разрешено звонить"),
        "tasks-given": _l("организации назначены"),
        "tasks-shared": _l("организации поделены поровну"),
        "tasks-moved": _l("организации переданы другому"),
        "tasks-taken": _l("назначение снято"),
        "tasks-dated": _l("срок назначения изменён"),
    }
)

DETAILS: Mapping[str, Any] = MappingProxyType(
    {
        "what": _l("что"),
        "task": _l("дело"),
        "count": _l("сколько"),
        "due": _l("срок"),
        "recipients": _l("получателей"),
        "target": _l("норма"),
        "reason": _l("причина"),
        "floor": _l("порог"),
        "file": _l("файл"),
        "accepted": _l("принято"),
        "updated": _l("заменено"),
        "repeated": _l("повторов"),
        "refused": _l("отказано"),
        "taken": _l("снято"),
        "contacts": _l("телефонов"),
        "sheets": _l("листов"),
        "pages": _l("страниц"),
        "counted": _l("учтено"),
        "waiting": _l("ждут"),
        "share": _l("доля, %"),
        "permille": _l("из тысячи"),
        "enlisted": _l("внесено организаций"),
        "to": _l("кому"),
        "whose": _l("у кого"),
        "files": _l("файлов"),
        "serial": _l("номер листа"),
        "copy": _l("копия"),
        "why": _l("причина"),
        "whom": _l("кому"),
        "choice": _l("голос"),
        "upheld": _l("обосновано"),
        "version": _l("выпуск"),
        "number": _l("протокол"),
        "seat": _l("место в совете"),
        "measure": _l("номер строки"),
        "on": _l("закончено"),
        "approver": _l("кто утвердил"),
        "signer": _l("кто подписал"),
        "checked": _l("проверено"),
        "token": _l("ключ"),
        "device": _l("терминал"),
    }
)

#: What the code writes into the trail for itself, as people read it.
VALUES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "choice": MappingProxyType(
            {"for": _l("за"), "against": _l("против"), "abstain": _l("воздержался")},
        ),
        "upheld": MappingProxyType({"yes": _l("да"), "no": _l("нет")}),
        "checked": MappingProxyType(
            {"whole": _l("подпись и файл"), "digest": _l("файл"), "nothing": _l("службой не проверено")},
        ),
        "seat": MappingProxyType(
            {"chair": _l("председатель"), "secretary": _l("секретарь"), "member": _l("член совета")},
        ),
        "why": MappingProxyType(
            {
                "empty": _l("пустой лист"),
                "foreign": _l("не наша анкета"),
                "unreadable": _l("не прочитать"),
                "by_hand": _l("введён вручную или отсканирован заново"),
            }
        ),
    }
)
DAYS = frozenset({"due", "on"})


def act(action: str) -> str:
    """An act in Russian; one that has no words yet is shown as it is written."""
    return str(ACTS.get(action, action))


def details(told: Mapping[str, Any]) -> str:
    """«норма: 250, причина: контракт № 12»; what has no words or no value is left out."""
    known = ((DETAILS[name], _value(name, value)) for name, value in told.items() if name in DETAILS)
    return ", ".join(f"{name}: {value}" for name, value in known if value not in (None, "", 0))


def _value(name: str, value: Any) -> Any:
    """«23.11.2026» for a day, Russian for a word of the code's own; all else as it is written."""
    if name in DAYS and value:
        try:
            return f"{date.fromisoformat(str(value)):%d.%m.%Y}"
        except ValueError:
            return value
    return VALUES.get(name, {}).get(value, value)


def init_app(app: Flask) -> None:
    """Give the words to every template."""
    app.jinja_env.filters.update({"act": act, "act_details": details})
