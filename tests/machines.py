"""A program with a token, and one without: what the tests of /api/v1 share."""

import csv
import io
import json
from typing import Any

from build import a_campaign, a_release, a_user, an_inspection, an_organization, heard_about
from flask import Flask
from handing import SAID
from jsonschema_rs import Draft202012Validator, Registry
from werkzeug.test import TestResponse

from accounts import people, tokens
from accounts.models import Right, Role
from api.contract.document import BY_ENDPOINT, PREFIX, document
from surveys import library
from surveys.clock import today
from surveys.db import db, writing

NAME = "Городская поликлиника № 12"
FULL = library.questionnaire("675n-full")
CONTRACT = document("http://127.0.0.1:8000")
ANSWERED = {
    "stand_seen": "Да",
    "stand": "Да",
    "site_seen": "Нет",
    "site": "",
    "disability": "Нет",
    "accessibility": "",
    "remote_used": "Нет",
    "remote_staff": "",
    "proposals": "",
    "sex": "Женский",
    "age": 45,
}


def strict(schema: Any) -> Any:
    """The same schema that forgives no property it does not name."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: strict(value) for key, value in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema:
        told["additionalProperties"] = False
    return told


ROOT = {"components": strict(CONTRACT["components"])}


def agrees(answer: TestResponse, endpoint: str) -> Any:
    """The answer's JSON, after it was held against the contract of this act."""
    act = BY_ENDPOINT[endpoint]
    status, told = answer.status_code, json.loads(answer.get_data())
    if status in act.gives:
        assert answer.content_type == "application/json"
        schema = act.gives[status][0]
    else:
        known = CONTRACT["paths"][act.path][act.method]["responses"]
        assert str(status) in known, f"{endpoint} answered {status}"
        assert answer.content_type == "application/problem+json"
        schema = "Problem"
    if schema:
        Draft202012Validator(
            {"$ref": f"urn:nok#/components/schemas/{schema}"},
            registry=Registry([("urn:nok", ROOT)]),
            validate_formats=True,
        ).validate(told)
    return told


def a_token(campaign_id: int, *rights: Right, login: str = "operator") -> str:
    """A token's secret for this campaign; every right unless told."""
    with writing() as session:
        owner = people.found(session, login)
        given = {"rights": rights or list(Right), "campaigns": [campaign_id], "ends_on": today()}
        return tokens.make(session, owner, "Выгрузка из CRM", by="admin", **given)[1]  # type: ignore[arg-type]


def table(*rows: dict[str, object]) -> bytes:
    """Answers as a form exports them, a row a person; a row names what is not usual about it."""
    out = io.StringIO(newline="")
    made = csv.writer(out, delimiter=";")
    made.writerow(["№ анкеты", "Организация", *(question.wording for question in FULL.questions)])
    for number, row in enumerate(rows, 1):
        said = {**ANSWERED, **row}
        cells = (said.get(question.id, "Да") for question in FULL.questions)
        made.writerow([number, said.get("organization", NAME), *cells])
    return out.getvalue().encode()


class Program:
    """A program that speaks to /api/v1."""

    def __init__(self, app: Flask, secret: str = "") -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **headers: str) -> TestResponse:
        """An address of the section."""
        return self.client.get(f"{PREFIX}{path}", headers={**self.headers, **headers})

    def post(self, path: str, data: Any = b"", kind: str = "", **headers: str) -> TestResponse:
        """An act, with a body of this type."""
        told = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.post(f"{PREFIX}{path}", data=data, headers=told, content_type=kind or None)

    def brings(self, campaign_id: int, content: bytes, asked: str = "channel=paper", **headers: str) -> Any:
        """A file as the body of a request."""
        path = f"/campaigns/{campaign_id}/answers?{asked}"
        return self.post(path, content, "text/csv", **headers)


def a_world() -> dict[str, Any]:
    """A published campaign of three organisations and a collecting one; an operator; what addresses are filled with."""
    codes = [
        an_organization(NAME, inn="7718084659"),
        an_organization("Детская больница № 7", address="Мира, 1"),
        an_organization("Стоматология № 3", address="Мира, 3"),
    ]
    year = today().year
    published = a_campaign(title="Прошлогодняя", year=year - 1)
    collecting = a_campaign()
    for place, code in enumerate(codes):
        an_inspection(published, code, stand_present=14 - place)
        for number in range(4):
            assert heard_about(code, published, SAID, key=(published, code, number)).value == "counted"
    a_release(published)
    a_user(Role.OPERATOR)
    db.session.rollback()
    return {"codes": codes, "published": published, "collecting": collecting, "year": year - 1}
