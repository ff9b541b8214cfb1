"""What is asked beside an address, checked by the very contract that is published."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _

from api.contract.acts import Parameter
from api.contract.document import BY_ENDPOINT
from api.contract.shapes import Schema
from api.problems import Problem


def given() -> dict[str, Any]:
    """Every parameter of this act by name, those not asked as their default or None. Raises Problem."""
    act, wrong = BY_ENDPOINT[str(request.endpoint)], list[Mapping[str, str]]()
    told: dict[str, Any] = {}
    for one in act.asks:
        if one.where == "path":
            continue
        try:
            told[one.name] = _value(one)
        except ValueError as error:
            wrong.append({"name": one.name, "detail": str(error)})
    wrong += _unknown({one.name for one in act.asks if one.where == "query"})
    if wrong:
        names = ", ".join(one["name"] for one in wrong)
        raise Problem(400, _("Проверьте параметры: %(names)s.", names=names), errors=wrong)
    return told


def _unknown(known: set[str]) -> Iterator[Mapping[str, str]]:
    """A misspelt name would otherwise be read as «everything»."""
    listed = ", ".join(sorted(known)) or _("ни одного")
    for name in request.args:
        if name not in known:
            yield {"name": name[:60], "detail": _("такого параметра нет; есть: %(names)s", names=listed)}


def _value(one: Parameter) -> Any:
    """Raises ValueError, which says what was expected."""
    if one.where == "header":
        found = request.headers.getlist(one.name)
    else:
        found = request.args.getlist(one.name)
    if not found:
        if one.required:
            raise ValueError(_("не задан"))
        return one.schema.get("default")
    if len(found) > 1:
        raise ValueError(_("задан дважды"))
    return _read(found[0], one.schema)


def _read(typed: str, schema: Schema) -> Any:
    if schema["type"] == "integer":
        return _whole(typed, schema)
    if schema["type"] == "boolean":
        if typed not in ("true", "false"):
            raise ValueError(_("ожидалось true или false"))
        return typed == "true"
    if "enum" in schema and typed not in schema["enum"]:
        raise ValueError(_("ожидалось одно из: %(values)s", values=", ".join(schema["enum"])))
    if "pattern" in schema and not re.fullmatch(schema["pattern"].strip("^$"), typed, re.ASCII):
        raise ValueError(_("значение не того вида"))
    if not schema.get("minLength", 0) <= len(typed) <= schema.get("maxLength", len(typed)):
        raise ValueError(_("пусто или слишком длинно"))
    return typed.replace("\0", "\ufffd")  # no database takes a zero byte, and no name has one


def _whole(typed: str, schema: Schema) -> int:
    least, most = schema["minimum"], schema["maximum"]
    if not re.fullmatch(r"[0-9]{1,10}", typed) or not least <= int(typed) <= most:
        raise ValueError(_("ожидалось целое число от %(least)s до %(most)s", least=least, most=most))
    return int(typed)
