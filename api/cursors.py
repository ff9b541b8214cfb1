"""Where a long list is taken up again: words that mean something to us alone."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlencode

from flask import current_app, request
from flask_babel import gettext as _

from api.problems import Problem


def written(*where: str | int) -> str:
    """A place of this act's list as a cursor."""
    plain = ":".join([str(request.endpoint), *map(str, where)])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(cursor: str | None, count: int) -> list[str] | None:
    """The place that a cursor of this very list names; None where none was given. Raises Problem."""
    if cursor is None:
        return None
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise _strange() from None
    endpoint, *where = plain.split(":")
    if endpoint != request.endpoint or len(where) != count or not all(where):
        raise _strange()
    return where


def number(text: str) -> int:
    """A number out of a cursor. Raises Problem."""
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise _strange()
    return int(text)


def refuse() -> NoReturn:
    """A cursor that means nothing here. Raises Problem."""
    raise _strange()


def _strange() -> Problem:
    """A page that is not there: the cursor is of the right kind, and of another list or of none."""
    wrong = {"name": "cursor", "detail": _("берётся из адреса next и только оттуда")}
    return Problem(404, _("Такой страницы нет: курсор не от этого списка. Начните без него."), errors=[wrong])


def page(items: list[Any], following: str | None, **also: Any) -> dict[str, Any]:
    """A page of a list with the address of the next one."""
    return {"items": items, "next": None if following is None else _address(following), **also}


def _address(cursor: str) -> str:
    asked: Mapping[str, str] = {**request.args.to_dict(), "cursor": cursor}
    return f"{current_app.config['BASE_URL']}{request.path}?{urlencode(asked)}"
