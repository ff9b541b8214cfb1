"""What the screen says to whoever looks after it: always Russian, as the administrator's own pages are."""

from flask_babel import lazy_gettext as _l

from kiosk.wording import Forms, Text, counted

SERVICE: dict[str, Text | Forms] = {
    "revoked_title": _l("Терминал отключён"),
    "revoked_text": _l("Администратор службы подключит его по коду."),
    "pair_title": _l("Подключение терминала"),
    "pair_text": _l(
        "Откройте кабинет администратора, раздел «Терминалы», и введите этот код. "
        "Или наведите на рисунок телефон, с которого вы вошли в кабинет."
    ),
    "pair_qr": _l("QR-код: тот же код для телефона администратора"),
    "pair_minutes": counted(
        _l("Код живёт {count} минуту, потом появится новый."),
        _l("Код живёт {count} минуты, потом появится новый."),
        _l("Код живёт {count} минут, потом появится новый."),
    ),
    "pair_offline": _l("Нет сети. Код появится, когда служба ответит."),
    "pair_kept": counted(
        _l("На терминале ждёт {count} ответ: он не пропадёт."),
        _l("На терминале ждут {count} ответа: они не пропадут."),
        _l("На терминале ждут {count} ответов: они не пропадут."),
    ),
    "not_safe_title": _l("Терминал не может работать по этому адресу"),
    "not_safe_text": _l("Браузер даёт запечатывать ответы только по адресу, который начинается с https://."),
    "no_store_title": _l("Браузер не даёт ничего записывать"),
    "no_store_text": _l("Выйдите из приватного режима или разрешите сайту хранить данные."),
    "outdated_title": _l("Терминал открыт в другой вкладке"),
    "outdated_text": _l("Закройте лишнюю вкладку."),
    "service": _l("Служебный экран"),
    "service_name": _l("Терминал"),
    "service_waiting": _l("Ответов ждёт отправки"),
    "service_stuck": _l("Не приняты службой"),
    "service_way": _l("Связь"),
    "service_release": _l("Версия"),
    "service_room": _l("Занято места"),
    "service_kept": _l("Браузер обещал не стирать"),
    "service_yes": _l("да"),
    "service_no": _l("нет"),
    "service_save": _l("Сохранить ответы в файл"),
    "service_saved": _l(
        "Файл отдан браузеру: проверьте, что он в папке загрузок. Ответы остались и на терминале, "
        "дважды они не посчитаются."
    ),
    "service_send": _l("Отправить сейчас"),
    "service_close": _l("Закрыть"),
    "way_online": _l("есть"),
    "way_offline": _l("сети нет"),
    "way_down": _l("служба не отвечает"),
    "way_revoked": _l("терминал не подключён"),
    "megabytes": _l("{count} МБ"),
    "gigabytes": _l("{count} ГБ"),
}
