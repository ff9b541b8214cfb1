"""Refusals as programs read them: RFC 9457, in Russian, the same in every place."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.contract.document import PREFIX, PROBLEM

#: What a refusal is called when nobody has said it better.
TITLES: Mapping[int, Any] = {
    400: _l("Запрос не понят"),
    401: _l("Нужен действующий ключ"),
    403: _l("Ключ этого не разрешает"),
    404: _l("Такого здесь нет"),
    405: _l("Так к этому адресу не обращаются"),
    409: _l("Сейчас этого сделать нельзя"),
    410: _l("Этого больше нет"),
    413: _l("Слишком много"),
    415: _l("Файл не того типа"),
    422: _l("Это имя загрузки уже занято"),
    429: _l("Слишком много запросов"),
    500: _l("На нашей стороне что-то сломалось"),
    503: _l("Служба сейчас не отвечает"),
}
#: What to do, where the refusal itself has not said.
DETAILS: Mapping[int, Any] = {
    400: _l("Проверьте адрес и параметры по описанию."),
    404: _l("Проверьте адрес. Неопубликованных результатов здесь нет."),
    405: _l("Какие способы подходят, сказано в заголовке Allow."),
    413: _l("Столько принять нельзя. Разделите файл на части."),
    500: _l(
        "Повторите через несколько минут. Если не поможет, назовите администратору номер из поля instance."
    ),
    503: _l("Повторите через несколько минут."),
}


class Problem(Exception):
    """A refusal with its status; `detail` says in Russian what exactly and what to do."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers or {}


def asked_by_a_machine() -> bool:
    """Does whoever asks read JSON? Known by the address: a wrong one has no blueprint."""
    return request.path.startswith(f"{PREFIX}/")


def answer(problem: Problem) -> Response:
    """The refusal as it goes out."""
    return of(problem.status, problem.detail, errors=problem.errors, headers=problem.headers)


def of(
    status: int,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    number: str = "",
) -> Response:
    """A refusal of this status; `number` is that of the log."""
    told: dict[str, Any] = {
        "type": f"{current_app.config['BASE_URL']}/api/#{status}",
        "title": str(TITLES.get(status) or HTTPStatus(status).phrase),
        "status": status,
        "detail": detail or str(DETAILS.get(status, "")),
    }
    if number:
        told["instance"] = f"urn:nok:{number}"
    if errors:
        told["errors"] = [dict(one) for one in errors]
    body = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    response = Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, content_type=PROBLEM)
    response.headers.setdefault("Content-Language", "ru")
    return response


def nothing(what: str = "") -> Problem:
    """There is no such thing, or nobody may know that there is."""
    return Problem(404, what or _("Такого нет, или оно не опубликовано."))
