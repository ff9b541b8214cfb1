"""Refusals and HTTP errors → one page per audience, known by the address: a wrong one has no blueprint."""

import logging
import secrets
import traceback
from typing import NamedTuple

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from api import problems
from surveys import codes, queries
from surveys.db import db
from surveys.refusals import (
    BadKey,
    Busy,
    Held,
    NotAsked,
    NotFound,
    NothingOpen,
    PinnedChanged,
    Refusal,
    Stale,
    Undrawn,
    UnknownCode,
)

log = logging.getLogger("nok")

STAFF = ("/operator", "/council", "/organization", "/admin", "/tokens", "/sign-")


class Words(NamedTuple):
    """What a page says: a heading and what the reader can do."""

    title: str
    text: str


HTTP_WORDS = {
    400: Words(_l("Запрос не понят"), _l("Вернитесь на предыдущую страницу и попробуйте ещё раз.")),
    403: Words(
        _l("Эта страница не для вашей роли"), _l("Войдите под другим именем или вернитесь на главную.")
    ),
    404: Words(
        _l("Такой страницы нет"),
        _l("Если вы набирали адрес вручную, проверьте его. Если пришли по ссылке — она могла устареть."),
    ),
    405: Words(_l("Так эта страница не открывается"), _l("Вернитесь на главную и начните оттуда.")),
    413: Words(
        _l("Слишком длинный текст или большой файл"),
        _l("Столько принять нельзя. Вернитесь назад: сократите текст или разделите файл на части."),
    ),
    429: Words(_l("Слишком много попыток"), _l("Подождите минуту и попробуйте ещё раз.")),
    500: Words(_l("На нашей стороне что-то сломалось"), _l("Попробуйте ещё раз через несколько минут.")),
    503: Words(_l("Служба сейчас не отвечает"), _l("Попробуйте ещё раз через несколько минут.")),
}

#: Said to a recipient instead.
RECIPIENT_WORDS = {
    413: Words(
        _l("Слишком длинный текст"),
        _l("Вернитесь назад, сократите то, что написали своими словами, и отправьте ещё раз."),
    )
}

REFUSAL_WORDS: dict[type[Refusal], tuple[int, Words]] = {
    UnknownCode: (
        404,
        Words(_l("Такого кода нет"), _l("Проверьте код на плакате: в нём восемь знаков, буквы латинские.")),
    ),
    NothingOpen: (
        410,
        Words(
            _l("Опрос сейчас не проводится"),
            _l("Сбор ответов об этой организации закончен или ещё не начат."),
        ),
    ),
    BadKey: (400, Words(_l("Страница анкеты устарела"), _l("Откройте анкету ещё раз по коду с плаката."))),
    Busy: (
        503,
        Words(
            _l("Документ готовится"),
            _l("Он большой и рисуется один раз для всех. Откройте его через минуту."),
        ),
    ),
    Undrawn: (
        503,
        Words(
            _l("Документ не получился"),
            _l(
                "Мы об этом знаем. Откройте его через час: попробуем снова. Те же цифры есть на странице результатов."
            ),
        ),
    ),
    NotAsked: (
        404,
        Words(
            _l("Об этом сейчас не спрашивают"),
            _l(
                "Оценку или план ещё не опубликовали либо изменили. На странице организации видно, о чём можно сказать."
            ),
        ),
    ),
    NotFound: (404, HTTP_WORDS[404]),
    PinnedChanged: (
        500,
        Words(
            _l("Правила расчёта изменились после закрепления"),
            _l("Показывать результаты по другим правилам нельзя. Сообщите администратору службы."),
        ),
    ),
}

#: Seconds after which it is worth asking again.
RETRY_AFTER: dict[type[Refusal], int] = {Busy: 60, Undrawn: 3600}


def register(app: Flask) -> None:
    """Give every failure its page, and the log one careful account of it instead of Flask's own."""
    app.log_exception = lambda *_told: None  # type: ignore[method-assign]
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(DataError, _no_such_value)
    app.register_error_handler(InternalServerError, _broken)


CONFLICTS: dict[type[Refusal], Words] = {
    Stale: Words(_l("Пока вы работали, это изменил другой"), ""),
    Held: Words(_l("С этим сейчас работает другой"), ""),
}


def _refused(refusal: Exception) -> ResponseReturnValue:
    for kind, words in CONFLICTS.items():
        if isinstance(refusal, kind):
            return _page(409, Words(words.title, str(refusal)))
    status, words = next(
        (found for kind, found in REFUSAL_WORDS.items() if isinstance(refusal, kind)),
        (400, Words(_("Не получилось"), str(refusal))),
    )
    if status >= 500:
        log.error("refused: %s: %s", type(refusal).__name__, refusal)
    after = next((seconds for kind, seconds in RETRY_AFTER.items() if isinstance(refusal, kind)), None)
    return _page(status, words, {"Retry-After": str(after)} if after else None)


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    words = Words(
        _("Страница устарела"),
        _(
            "Вы долго не нажимали кнопку, и страница перестала действовать. Вернитесь назад, обновите её и повторите."
        ),
    )
    return _page(400, words)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if problems.asked_by_a_machine():
        allowed = {name: value for name, value in error.get_headers() if name == "Allow"}
        return problems.of(code, headers=allowed)
    words = HTTP_WORDS.get(code, HTTP_WORDS[400 if code < 500 else 500])
    return _page(code, RECIPIENT_WORDS.get(code, words) if _audience() == "survey" else words)


def _no_database(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("database: %s", str(error.orig).partition("\n")[0])
    return _page(503, HTTP_WORDS[503])


def _no_such_value(error: DataError) -> ResponseReturnValue:
    """A number too long, a zero byte: the database takes no such thing, and nobody sends it by accident."""
    db.session.rollback()
    return _page(400, HTTP_WORDS[400])


def _broken(error: InternalServerError) -> ResponseReturnValue:
    if isinstance(error.original_exception, OperationalError):  # met while another failure's page was drawn
        return _no_database(error.original_exception)
    request_id = secrets.token_hex(4)
    log.error("request %s failed\n%s", request_id, _told(error.original_exception or error))
    if problems.asked_by_a_machine():
        return problems.of(500, number=request_id)
    return render_template("errors/500.html", request_id=request_id), 500


def _told(error: BaseException) -> str:
    """Where it broke and by what kind of fault; words only where nobody's answers can stand in them.

    PostgreSQL quotes the row that it refused, and a fault in the survey may quote what was said, or a number called.
    """
    told, quiet, cause = "", request.path.startswith("/q/") or request.blueprint == "phone", error
    while True:
        quiet = quiet or isinstance(cause, DBAPIError)
        words = "" if quiet else f": {cause}"
        told += "".join(traceback.format_tb(cause.__traceback__)) + type(cause).__name__ + words
        below = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
        if below is None:
            return told
        told, cause = f"{told}\nbecause of\n", below


def _page(status: int, words: Words, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    request_id = secrets.token_hex(4)
    if status >= 500:
        log.error("request %s: %s %s", request_id, status, request.endpoint)
    if problems.asked_by_a_machine():
        return problems.of(
            status, str(words.text), headers=headers, number=request_id if status >= 500 else ""
        )
    sent = request.method == "POST"
    page = render_template(
        [f"errors/{_audience()}.html", "errors/any.html"],
        title=words.title,
        text=words.text,
        kept=False if sent and status < 500 else None,  # what broke may have been counted before
        again=sent and status >= 500,
        place=_place() if status < 500 else "",
        request_id=request_id if status >= 500 else None,
    )
    return page, status, headers or {}


def _place() -> str:
    """The code of the organisation that a recipient's page was about, if there is such."""
    code = request.path.removeprefix("/q/").partition("/")[0]
    known = _audience() == "survey" and codes.possible(code)
    return code if known and queries.organization(db.session(), code) else ""


def _audience() -> str:
    if request.path.startswith("/q/"):
        return "survey"
    return "staff" if request.path.startswith(STAFF) else "any"
