"""All that the screen says to a visitor: given to it as data, for it has to speak without the server.

A counted text is a row of forms under the names that browsers give to Russian plurals (Intl.PluralRules); a language
that has other plurals takes the last form for them. What is said to staff stands in caretaking.py.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

Text = Any
Forms = Mapping[str, Text]


def counted(one: Text, few: Text, many: Text) -> Forms:
    """A counted text; a language of other plurals says the same in several of its forms."""
    return {"one": one, "few": few, "many": many}


PERSON: dict[str, Text | Forms] = {
    "page": _l("Терминал независимой оценки"),
    "languages": _l("Язык экрана"),
    "awaits_review": _l("Этот перевод ещё не проверил носитель языка."),
    "title": _l("Как вас здесь приняли?"),
    "invitation": counted(
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
    "further": _l("Дальше"),
    "upward": _l("К началу экрана"),
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
    "still_spoken": counted(
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
}


def words() -> dict[str, Any]:
    """Every text of a visitor by its name, in the language of the moment."""
    return said({**PERSON, **SHUT})


def said(texts: Mapping[str, Text | Forms]) -> dict[str, Any]:
    """Texts as data."""
    return {
        name: {form: str(text) for form, text in told.items()} if isinstance(told, Mapping) else str(told)
        for name, told in texts.items()
    }
