"""All that the screen says: given to it as data, for it has to speak without the server.

A counted text is a row of forms under the names that browsers give to Russian plurals (Intl.PluralRules).
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

Text = Any
Forms = Mapping[str, Text]


def _counted(one: Text, few: Text, many: Text) -> Forms:
    return {"one": one, "few": few, "many": many}


PERSON: dict[str, Text | Forms] = {
    "title": _l("Как вас здесь приняли?"),
    "invitation": _counted(
        _l("{count} вопрос. Анонимно: мы не узнаем, кто вы."),
        _l("{count} вопроса. Анонимно: мы не узнаем, кто вы."),
        _l("{count} вопросов. Анонимно: мы не узнаем, кто вы."),
    ),
    "start": _l("Начать"),
    "by_phone": _l("Или ответьте со своего телефона"),
    "by_phone_hint": _l("Наведите камеру на этот код или откройте адрес:"),
    "progress": _l("Вопрос {number} из {count}"),
    "back": _l("Назад"),
    "to_start": _l("На первый экран"),
    "skip": _l("Пропустить"),
    "larger": _l("Крупнее"),
    "smaller": _l("Мельче"),
    "contrast": _l("Контраст"),
    "contrast_off": _l("Обычный вид"),
    "aloud": _l("Вслух"),
    "hush": _l("Тише"),
    "leave": _l("Закончить"),
    "leave_title": _l("Закончить и стереть ответы?"),
    "leave_text": _l("Анкета не отправлена: она не считается, и её никто не увидит."),
    "leave_yes": _l("Стереть"),
    "leave_no": _l("Вернуться"),
    "still_here": _l("Вы ещё здесь?"),
    "still_text": _l("Скоро начатая анкета сотрётся, и её никто не увидит."),
    "still_spoken": _counted(
        _l("Вы ещё здесь? Через {count} секунду начатая анкета сотрётся. Нажмите «Продолжить»."),
        _l("Вы ещё здесь? Через {count} секунды начатая анкета сотрётся. Нажмите «Продолжить»."),
        _l("Вы ещё здесь? Через {count} секунд начатая анкета сотрётся. Нажмите «Продолжить»."),
    ),
    "still_yes": _l("Да, продолжить"),
    "still_no": _l("Начать заново"),
    "review_title": _l("Это все вопросы"),
    "review_text": _l("Нажмите «Отправить», и ответы будут учтены."),
    "send": _l("Отправить"),
    "thanks": _l("Спасибо!"),
    "thanks_text": _l("Ваши ответы записаны. Кто отвечал, не узнает никто."),
    "thanks_words": _l("Хотите добавить своими словами? Напишите с телефона:"),
    "ready": _l("Готово"),
    "not_kept": _l("Ответы не записались"),
    "not_kept_text": _l("На терминале кончилось место. Ответьте, пожалуйста, со своего телефона."),
}
SHUT: dict[str, Text | Forms] = {
    "demo": _l("Демонстрация: ответы не настоящие"),
    "closed_title": _l("Опрос сейчас не проводится"),
    "closed_text": _l("Когда начнётся следующий, приглашение появится здесь."),
    "hours_title": _l("Терминал сейчас закрыт"),
    "hours_text": _l("Здесь отвечают с {opens} до {closes}. С телефона можно в любое время."),
    "full_title": _l("Терминал сейчас не берёт ответов"),
    "full_text": _l("На нём кончилось место. Ответьте, пожалуйста, со своего телефона."),
    "revoked_title": _l("Терминал отключён"),
    "revoked_text": _l("Администратор службы подключит его по коду."),
    "pair_title": _l("Подключение терминала"),
    "pair_text": _l(
        "Откройте кабинет администратора, раздел «Терминалы», и введите этот код. "
        "Или наведите на рисунок телефон, с которого вы вошли в кабинет."
    ),
    "pair_qr": _l("QR-код: тот же код для телефона администратора"),
    "pair_minutes": _counted(
        _l("Код живёт {count} минуту, потом появится новый."),
        _l("Код живёт {count} минуты, потом появится новый."),
        _l("Код живёт {count} минут, потом появится новый."),
    ),
    "pair_offline": _l("Нет сети. Код появится, когда служба ответит."),
    "pair_kept": _counted(
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
}
SERVICE: dict[str, Text | Forms] = {
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


def words() -> dict[str, Any]:
    """Every text by its name, in the language of the page."""
    said = {**PERSON, **SHUT, **SERVICE}
    return {
        name: {form: str(text) for form, text in told.items()} if isinstance(told, Mapping) else str(told)
        for name, told in said.items()
    }
