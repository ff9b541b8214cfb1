"""The OpenAPI 3.1 document, put together of the acts and the schemas."""

from collections.abc import Mapping
from typing import Any

from api.contract.acts import Operation, Parameter
from api.contract.file_schemas import FILED
from api.contract.filing import FILING
from api.contract.reading import READING
from api.contract.schemas import READ
from api.contract.shapes import Schema, obj, ref, text

VERSION = "1.0.0"
PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
OPERATIONS: tuple[Operation, ...] = (*READING, *FILING)
BY_ENDPOINT: Mapping[str, Operation] = {one.endpoint: one for one in OPERATIONS}
ABOUT = (
    "Опубликованные результаты независимой оценки читает кто угодно, без ключа. Файлы с ответами загружает программа"
    " оператора с ключом. Отдельных анкет здесь нет: только счёты."
)
ALWAYS = {
    429: "слишком много запросов: подождите, сколько сказано в Retry-After",
    500: "сломалось на нашей стороне",
    503: "служба сейчас не отвечает",
}
WITHOUT_LEAVE = {401: "нет ключа или он больше не действует", 403: "ключ этого не разрешает"}
FILE: Schema = {"type": "string", "contentMediaType": "application/octet-stream", "minLength": 1}


def document(base_url: str) -> dict[str, Any]:
    """The whole document for a service at this address."""
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "НОК: независимая оценка качества",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{base_url}{PREFIX}"}],
        "tags": [{"name": part} for part in dict.fromkeys(one.part for one in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": {**READ, **FILED},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Ключ программы: nok_…"}
            },
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.id,
        "tags": [one.part],
        "summary": one.title,
        "description": one.about,
        "responses": _responses(one),
    }
    if one.asks:
        told["parameters"] = [_parameter(asked) for asked in one.asks]
    if one.takes:
        told["requestBody"] = {"required": True, "content": {kind: _body(kind) for kind in one.takes}}
    if one.bearer:
        told["security"] = [{"token": []}]
    return told


def _parameter(asked: Parameter) -> dict[str, Any]:
    return {
        "name": asked.name,
        "in": asked.where,
        "required": asked.required,
        "description": asked.about,
        "schema": asked.schema,
    }


def _body(kind: str) -> dict[str, Any]:
    if kind.startswith("multipart/"):
        return {"schema": obj(file=FILE)}
    return {"schema": {**FILE, "contentMediaType": kind}}


def _responses(one: Operation) -> dict[str, Any]:
    given = {
        str(status): {
            "description": when,
            "headers": _headers(one, status),
            "content": {"application/json": {"schema": ref(schema) if schema else {"type": "object"}}},
        }
        for status, (schema, when) in one.gives.items()
    }
    if "no-store" not in one.kept:
        given["304"] = {"description": "у вас уже есть это: ETag тот же"}
    fails = {**one.fails, **(WITHOUT_LEAVE if one.bearer else {}), **ALWAYS}
    refused = {
        str(status): {"description": when, "content": {PROBLEM: {"schema": ref("Problem")}}}
        for status, when in sorted(fails.items())
    }
    return {**given, **refused}


def _headers(one: Operation, status: int) -> dict[str, Any]:
    told = {"Cache-Control": ("как долго можно хранить ответ", True)}
    if "no-store" not in one.kept:
        told["ETag"] = ("отпечаток ответа для If-None-Match", True)
    if any(asked.name == "cursor" for asked in one.asks):
        told["Link"] = ("следующая страница: rel=next", False)
    if status == 202:
        told["Location"] = ("где смотреть, что с файлом", True)
    return {
        name: {"description": about, "required": required, "schema": text()}
        for name, (about, required) in told.items()
    }
