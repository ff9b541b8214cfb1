"""Schemathesis asks /api/v1 what nobody thought of, by the contract and against it; the same questions every time."""

from collections.abc import Callable, Iterable
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from machines import Program, a_token, a_world, table
from schemathesis import Case, GenerationMode, openapi
from schemathesis.schemas import APIOperation

from api.contract.document import PREFIX
from api.contract.filing import FILES
from surveys import frozen
from surveys.db import db

EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 6}

for kind in FILES:
    openapi.media_type(kind, st.sampled_from([table({}), b"\xff\x00", b"a;b\n1;2\n"]))


def alone(app: Flask) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application as a server calls it: without the context of the test around it."""
    return lambda environ, start: Context().run(app, environ, start)


@pytest.fixture
def known(session) -> dict[str, Any]:
    """A world with a file of a program's in it: what an address may be filled with."""
    return a_world()


@pytest.mark.slow
def test_the_service_keeps_its_contract(app, known) -> None:
    campaign, published = known["collecting"], known["published"]
    secret = a_token(campaign)
    brought = Program(app, secret).brings(campaign, table({}, {"overall": "может быть"}))
    release = frozen.in_force(db.session(), published)
    assert release is not None
    real = {"code": known["codes"][0], "typed": release.short, "questionnaire": "675n-full"}
    real |= {"batch_id": brought.json["id"], "campaign_id": published}
    db.session.rollback()
    schema = openapi.from_wsgi(f"{PREFIX}/openapi.json", alone(app))
    asked = 0
    for found in schema.get_all_operations():
        act: APIOperation[Any, Any, Any, Any] = found.ok()  # type: ignore[union-attr]
        here = {**real, "campaign_id": campaign} if act.method == "post" else real
        names = [one.name for one in act.path_parameters]
        for mode, examples in EXAMPLES.items():
            filled = {name: here[name] for name in names} if mode is GenerationMode.POSITIVE else None
            if mode is GenerationMode.POSITIVE or names or len(act.query) or len(act.body):
                asked += keeps(act, mode, examples, secret, filled)
    assert asked > 120


def keeps(
    act: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    examples: int,
    secret: str,
    filled: dict[str, Any] | None,
) -> int:
    """Ask one act of the contract so many times; how often it was asked."""
    asked = 0

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=act.as_strategy(mode, path_parameters=filled))
    def ask(case: Case[Any]) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})

    ask()
    return asked
