"""The audit trail: whole as it was written, and no link of it changed, dropped or slipped in unseen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, func, select, update

from accounts import audit
from accounts.models import AuditEvent
from surveys.db import db, writing

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def trail(session: object) -> None:
    """Five acts."""
    for number in range(1, 6):
        with writing() as write:
            audit.record(
                write, "ivanova", "inspection", f"1/Ж{number}", note="«да»", number=number, empty=None
            )


def broken() -> list[tuple[int, str]]:
    db.session.rollback()
    return list(audit.broken(db.session()))


def test_an_empty_trail_and_an_untouched_one_hold(trail, runner: FlaskCliRunner) -> None:
    assert broken() == []
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 5
    told = runner.invoke(args=["audit", "verify"])
    assert (told.exit_code, told.stdout) == (0, "Журнал цел.\n")
    with writing() as session:
        session.execute(delete(AuditEvent))
    assert broken() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "petrov"),
        ("action", "sign-in"),
        ("subject", "1/Ж9"),
        ("detail", {"note": "«нет»", "number": 3, "empty": None}),
        ("at", datetime(2020, 1, 1)),  # noqa: DTZ001  stored without a zone
        ("previous", "f" * 64),
        ("sha256", "0" * 64),
    ],
)
def test_a_changed_link_is_found(trail, runner: FlaskCliRunner, column: str, value: object) -> None:
    with writing() as session:
        session.execute(update(AuditEvent).where(AuditEvent.id == 3).values({column: value}))
    assert (3, "содержание изменено после записи") in broken()
    told = runner.invoke(args=["audit", "verify"])
    assert told.exit_code == 1
    assert "запись № 3" in told.stderr
    assert told.stdout == ""


def test_a_link_changed_and_sealed_anew_is_found_by_the_next(trail) -> None:
    with writing() as session:
        event = session.get_one(AuditEvent, 3)
        event.actor = "petrov"
        event.sha256 = audit.fingerprint(event)
    assert broken() == [(4, "не продолжает предыдущую запись")]


@pytest.mark.parametrize("number", [1, 3])
def test_a_dropped_link_is_found(trail, runner: FlaskCliRunner, number: int) -> None:
    with writing() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.id == number))
    assert broken() == [(number, f"нет записей с № {number} по № {number}")]
    assert runner.invoke(args=["audit", "verify"]).exit_code == 1


def test_a_dropped_link_is_found_though_the_rest_moved_up(trail) -> None:
    with writing() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.id == 3))
        for number in (4, 5):
            session.execute(update(AuditEvent).where(AuditEvent.id == number).values(id=number - 1))
    assert {number for number, _what in broken()} == {3, 4}


def test_an_inserted_link_is_found(trail) -> None:
    with writing() as session:
        for number in (5, 4):
            session.execute(update(AuditEvent).where(AuditEvent.id == number).values(id=number + 1))
        before = session.get_one(AuditEvent, 3)
        slipped = AuditEvent(
            id=4,
            at=before.at,
            actor="petrov",
            action="sign-in",
            subject="petrov",
            detail={},
            previous=before.sha256,
        )
        slipped.sha256 = audit.fingerprint(slipped)
        session.add(slipped)
    assert {number for number, _what in broken()} == {5, 6}


def test_those_who_write_at_once_make_one_chain(app: Flask) -> None:
    def act(number: int) -> None:
        with app.app_context(), writing() as session:
            audit.record(session, f"user-{number}", "sign-in", str(number))

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(act, range(18)))
    assert broken() == []
    assert sorted(db.session.scalars(select(AuditEvent.id))) == list(range(1, 19))


def test_an_act_that_failed_leaves_no_link(trail) -> None:
    with pytest.raises(RuntimeError), writing() as session:
        audit.record(session, "ivanova", "inspection", "1/Ж6")
        raise RuntimeError("half way")
    assert broken() == []
    assert db.session.scalar(select(func.max(AuditEvent.id))) == 5
