"""Keeping the service by its command: passwords, closed accounts, a campaign's days and stages; each leaves a trace."""

import json
import os
import socket
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from alembic import command
from build import PASSWORD, REGION, a_campaign, a_release, a_user, an_organization
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

import app as composition
from accounts import access, audit
from accounts.models import AuditEvent, Role, User
from surveys import queries
from surveys.clock import today
from surveys.db import alembic_config, db
from surveys.models import Campaign, Stage

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
Nok = Callable[..., Result]


@pytest.fixture
def nok(runner: FlaskCliRunner) -> Nok:
    """The command in this process, as `nok` on the command line."""
    return lambda *words: runner.invoke(composition.cli, [str(word) for word in words])


def acts() -> list[tuple[str, str, str]]:
    """What the trail holds, which must be whole."""
    db.session.rollback()
    assert list(audit.broken(db.session())) == []
    return [(one.actor, one.action, one.subject) for one in db.session.scalars(select(AuditEvent))]


def campaign(number: int) -> Campaign:
    db.session.rollback()
    return db.session.get_one(Campaign, number)


# People


def test_a_new_password_replaces_the_old_and_ends_open_sessions(nok, session) -> None:
    before = db.session.scalars(select(User).where(User.login == a_user(Role.COUNCIL))).one().get_id()
    told = nok("users", "password", " COUNCIL ", "--password", "another-long-one")
    assert (told.exit_code, told.stdout) == (0, "Готово: council\n")
    db.session.rollback()
    assert access.recognised(db.session(), "council", PASSWORD) is None
    user = access.recognised(db.session(), "council", "another-long-one")
    assert user is not None
    assert user.get_id() != before
    assert acts() == [("cli", "password-changed", "council")]


@ON_SQLITE
def test_a_password_not_given_is_made_up_and_printed(nok, session) -> None:
    a_user(Role.COUNCIL)
    [*_words, made] = nok("users", "password", "council").stdout.split()
    assert len(made) >= 16
    db.session.rollback()
    assert access.recognised(db.session(), "council", made) is not None


def test_a_closed_account_stays_out_until_it_is_opened(nok, client, session) -> None:
    a_user(Role.COUNCIL)
    assert nok("users", "close", "council").exit_code == 0
    db.session.rollback()
    assert access.recognised(db.session(), "council", PASSWORD) is None
    assert [row["active"] for row in json.loads(nok("users", "list", "--json").stdout)] == [False]
    assert nok("users", "open", "council").exit_code == 0
    db.session.rollback()
    assert access.recognised(db.session(), "council", PASSWORD) is not None
    assert [action for _actor, action, _subject in acts()] == ["user-closed", "user-opened"]


@ON_SQLITE
@pytest.mark.parametrize("words", [["password", "nobody"], ["close", "nobody"], ["open", "nobody"]])
def test_nobody_of_that_name_is_said_so(nok, session, words) -> None:
    told = nok("users", *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "nobody" in told.stderr
    assert acts() == []


@ON_SQLITE
def test_a_weak_new_password_leaves_the_old_one(nok, session) -> None:
    a_user(Role.COUNCIL)
    told = nok("users", "password", "council", "--password", "short")
    assert told.exit_code == 2
    assert "не меньше 10" in told.stderr
    db.session.rollback()
    assert access.recognised(db.session(), "council", PASSWORD) is not None
    assert acts() == []


# Campaigns


def test_a_campaign_gets_a_new_name_and_a_new_last_day(nok, session) -> None:
    an_organization()
    number = a_campaign()
    told = nok(
        "campaigns", "change", number, "--title", "Поликлиники", "--to", f"{today().year}-12-30", "--interim"
    )
    assert (told.exit_code, told.stdout) == (0, f"Кампания № {number} изменена.\n")
    changed = campaign(number)
    assert (changed.title, changed.ends_on, changed.shows_interim) == (
        "Поликлиники",
        date(today().year, 12, 30),
        True,
    )
    nok("campaigns", "change", number, "--no-interim")
    assert (campaign(number).title, campaign(number).shows_interim) == ("Поликлиники", False)
    assert acts() == [("cli", "campaign-changed", str(number))] * 2


def test_late_organisations_are_put_on_the_list_once(nok, session) -> None:
    an_organization()
    number = a_campaign()
    an_organization("Поликлиника, открытая в мае", recipients_per_year=200)
    for told in ("Внесено организаций: 1.", "Внесено организаций: 0."):
        assert (
            nok("campaigns", "change", number, "--enlist").stdout == f"Кампания № {number} изменена. {told}\n"
        )
    db.session.rollback()
    targets = [assessment.target for assessment, _inspection in queries.assessed(db.session(), number)]
    assert targets[0] is None
    assert (targets[1] or 0) > 0


def test_a_campaign_goes_from_collecting_through_review_to_publication_and_not_back(nok, session) -> None:
    an_organization()
    number = a_campaign()
    road = [("published", 2), ("review", 0), ("collecting", 0), ("review", 0), ("published", 2)]
    assert [nok("campaigns", "change", number, "--stage", stage).exit_code for stage, _ in road] == [
        c for _, c in road
    ]
    assert campaign(number).stage == Stage.REVIEW
    a_release(number)
    for stage in ("review", "collecting"):
        told = nok("campaigns", "change", number, "--stage", stage)
        assert (told.exit_code, told.stdout) == (2, "")
        assert "не возвращают" in told.stderr
    assert campaign(number).stage == Stage.PUBLISHED
    assert len(acts()) == 3


def days(first: date, last: date) -> list[str]:
    return ["--from", first.isoformat(), "--to", last.isoformat()]


PLAN = ["--title", "Ещё одна", "--year", today().year, "--sector", "health", "--region", REGION]


def test_one_code_leads_to_one_campaign_whatever_is_changed(nok, session) -> None:
    an_organization()
    spring, autumn = date(today().year, 5, 31), date(today().year, 9, 1)
    first = a_campaign(ends_on=spring)
    told = nok("campaigns", "create", *PLAN, *days(spring, autumn))
    assert told.exit_code == 2
    assert f"№ {first}" in told.stderr
    assert nok("campaigns", "create", *PLAN, *days(autumn, date(today().year, 12, 31))).exit_code == 0
    told = nok("campaigns", "change", first, "--to", autumn)
    assert (told.exit_code, told.stdout) == (2, "")
    assert campaign(first).ends_on == spring
    assert nok("campaigns", "change", first, "--to", autumn - timedelta(days=1)).exit_code == 0
    assert nok("campaigns", "change", first, "--stage", "review", "--to", autumn).exit_code == 0
    assert nok("campaigns", "change", first, "--stage", "collecting").exit_code == 2
    assert campaign(first).stage == Stage.REVIEW


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["99", "--enlist"], "№ 99"),
        (["9" * 30, "--enlist"], "№ 9999"),
        (["1", "--to", "2001-01-01"], "раньше, чем началась"),
        (["1", "--to", "31.02.2026"], "31.02.2026"),
        (["1", "--stage", "forgotten"], "forgotten"),
    ],
)
def test_a_change_that_cannot_be_is_refused(nok, session, words, said) -> None:
    an_organization()
    a_campaign()
    told = nok("campaigns", "change", *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert said in told.stderr
    assert acts() == []


# The service


@ON_SQLITE
def test_a_service_is_not_started_on_an_old_database(app: Flask, nok, session, monkeypatch) -> None:
    monkeypatch.setattr(os, "execv", lambda *_words: pytest.fail("started"))
    command.downgrade(alembic_config(), "base")
    told = nok("serve")
    assert told.exit_code == 1
    assert "nok migrate" in told.stderr


@ON_SQLITE
def test_a_taken_port_is_said_so(nok, session, monkeypatch) -> None:
    monkeypatch.setattr(os, "execv", lambda *_words: pytest.fail("started"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = nok("serve", "--port", taken.getsockname()[1])
    assert told.exit_code == 1
    assert "занят" in told.stderr


@ON_SQLITE
def test_the_server_is_told_where_to_listen_and_what_to_call_itself(nok, session, monkeypatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setenv("NOK_BASE_URL", "https://nok.example.ru/")
    monkeypatch.setattr(os, "execv", lambda _program, words: started.append(words))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    told = nok("serve", "--port", port, "--workers", "3")
    assert told.exit_code == 0
    assert "https://nok.example.ru" in told.stdout
    [words] = started
    options = dict(zip(words, words[1:], strict=False))
    assert (options["--port"], options["--workers"], words[-1]) == (port, "3", "app:create_app")
