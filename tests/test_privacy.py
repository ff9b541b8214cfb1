"""Anonymity, looked for where it would be lost: in every table, in every log, in every column's name."""

import logging
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from build import CONTENT, a_campaign, a_release, an_inspection, an_organization, heard_about
from flask import Flask
from flask.testing import FlaskClient
from granian import cli
from planning import a_plan, lines
from spoken import said
from sqlalchemy import MetaData, select, text
from sqlalchemy.orm import Session

import serve
from surveys.clock import today
from surveys.comments import Comment
from surveys.db import Base, db, writing
from surveys.models import Campaign, Response, Stage
from surveys.opinions import CRITERIA, Opinion

TELLING = {
    "address": "203.0.113.77",
    "forwarded": "198.51.100.23",
    "browser": "Telltale/7.1 (Nokia 3310)",
    "cookie": "tracking-cookie-5f3a",
    "referrer": "from-her-own-page",
    "language": "tlh-KX",
}
FORM = "application/x-www-form-urlencoded"
KEY = re.compile(r'name="key" value="([^"]+)"')
WORDS = "Меня зовут Аглая, поставьте скамейку"
FORBIDDEN = re.compile(
    r"name|phone|tel|mail|ip$|addr|agent|browser|device|user|time|hour|created|session|cookie|geo"
)


def as_somebody(client: FlaskClient) -> FlaskClient:
    """Every request tells all that a browser and a proxy ever tell."""
    client.environ_base.update(
        REMOTE_ADDR=TELLING["address"],
        HTTP_X_FORWARDED_FOR=f"{TELLING['forwarded']}, 10.0.0.1",
        HTTP_X_REAL_IP=TELLING["forwarded"],
        HTTP_FORWARDED=f"for={TELLING['forwarded']}",
        HTTP_USER_AGENT=TELLING["browser"],
        HTTP_REFERER=f"https://example.org/{TELLING['referrer']}",
        HTTP_ACCEPT_LANGUAGE=TELLING["language"],
    )
    client.set_cookie("visitor", TELLING["cookie"])
    return client


@pytest.fixture
def here(session: Session) -> str:
    code = an_organization()
    a_campaign(shows_interim=True)
    return code


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger down to the last detail, SQL with what it was given among them."""
    with caplog.at_level(logging.DEBUG):
        for name in ("sqlalchemy.engine", "sqlalchemy.pool", "nok", "app", "werkzeug"):
            caplog.set_level(logging.DEBUG, name)
        yield caplog


def key_of(client: FlaskClient, address: str) -> str:
    found = KEY.search(client.get(address).text)
    assert found is not None
    return found[1]


def everything_stored() -> str:
    """Every row of every table the database has, known to us or not, as text."""
    db.session.rollback()
    found = MetaData()
    found.reflect(db.engine)
    assert found.tables.keys() > Base.metadata.tables.keys()  # alembic's own as well
    rows = (row for table in found.sorted_tables for row in db.session.execute(select(table)))
    return "\n".join(str(tuple(row)) for row in rows)


@pytest.mark.parametrize("way", ["the lane", "the application"])
def test_a_whole_journey_leaves_nothing_of_the_visitor(app, here, everything_logged, capfd, way) -> None:
    client = as_somebody(app.test_client())
    kind = FORM if way == "the lane" else f"{FORM}; charset=utf-8"
    address = f"/q/{here}"
    key = key_of(client, address)
    assert client.post(address, data={"key": key, "overall": "yes"}, content_type=kind).status_code == 422
    whole = {**CONTENT, "proposals": WORDS, "key": key}
    sent = client.post(address, data=urlencode(whole).encode(), content_type=kind)
    assert sent.status_code == 303
    for path in (
        sent.location,
        address,
        f"{address}?again=1",
        f"/o/{here}",
        "/ratings/1",
        "/nowhere",
        "/q/AAAAAAAA",
    ):
        assert client.get(path).status_code in (200, 404)
    assert client.get("/council/").status_code == 302
    told = everything_logged.text + "".join(capfd.readouterr())
    stored = everything_stored()
    assert said() == [WORDS] and WORDS not in stored, "words lie sealed"
    assert "INSERT INTO response" in told, "the search itself works"
    for name, value in TELLING.items():
        assert value not in stored, name
        assert value not in told, name
    assert key not in stored
    assert WORDS not in told


def test_the_day_is_all_that_is_kept_of_the_time_and_words_lie_apart(app, here) -> None:
    client = app.test_client()
    client.post(f"/q/{here}", data={**CONTENT, "proposals": WORDS, "key": key_of(client, f"/q/{here}")})
    db.session.rollback()
    [response], [proposal] = (
        db.session.scalars(select(Response)).all(),
        db.session.scalars(select(Comment)).all(),
    )
    assert response.key != proposal.key
    assert proposal.month.day == 1
    assert not hasattr(response, "proposal")


def test_rows_keep_no_order_of_arrival(app, here) -> None:
    client = app.test_client()
    order = []
    for number in range(12):
        answers = {**CONTENT, "overall": "yes" if number % 2 else "no"}
        address = f"/q/{here}?again={number + 1}"
        client.post(address, data={**answers, "key": key_of(client, address)})
        db.session.rollback()
        order += [key for key in db.session.scalars(select(Response.key)) if key not in order]
    assert len(order) == 12
    assert order not in (sorted(order), sorted(order, reverse=True))
    if db.engine.dialect.name == "sqlite":  # no hidden row number beside the key
        numbers = db.session.execute(text("SELECT rowid, key FROM response")).all()
        assert all(row == key for row, key in numbers)


def test_the_other_forms_leave_nothing_of_the_visitor_either(app, session, everything_logged, capfd) -> None:
    code = an_organization()
    campaign_id = a_campaign()
    an_inspection(campaign_id, code)
    heard_about(code, campaign_id, CONTENT, key="before")
    a_release(campaign_id)
    a_plan(campaign_id, code)
    a_campaign(title="Идёт", year=today().year + 1, starts_on=today())
    client, keys = as_somebody(app.test_client()), []
    forms = {
        "agree": {"agreed": "no", "criteria": "K2", "words": WORDS},
        "scores": dict.fromkeys(CRITERIA, "3"),
        f"measures/{lines()[0].id}": {"verdict": "not", "words": WORDS},
    }
    for path, given in forms.items():
        address = f"/q/{code}/{path}"
        keys.append(key_of(client, address))
        assert client.post(address, data={"key": keys[-1]}).status_code == 422
        sent = client.post(address, data={"key": keys[-1], **given})
        assert sent.status_code == 303
        for seen in (sent.location, address, f"{address}/kept", f"/q/{code}", f"/o/{code}"):
            assert client.get(seen).status_code == 200, seen
    told, stored = everything_logged.text + "".join(capfd.readouterr()), everything_stored()
    assert "INSERT INTO opinion" in told, "the search itself works"
    assert said() == [WORDS, WORDS] and WORDS not in stored, "words lie sealed"
    for name, value in TELLING.items():
        assert value not in stored, name
        assert value not in told, name
    assert WORDS not in told
    assert not [key for key in keys if key in stored]
    rows, words = db.session.scalars(select(Opinion)).all(), db.session.scalars(select(Comment)).all()
    assert not {one.key for one in rows} & {one.key for one in words}
    assert {one.month.day for one in words} == {1}


def test_the_server_is_told_to_keep_no_list_of_who_came(monkeypatch) -> None:
    monkeypatch.setenv("GRANIAN_LOG_ACCESS_ENABLED", "true")
    words = serve.command("app:create_app", "127.0.0.1", 8000)
    with cli.cli.make_context("granian", words[3:], auto_envvar_prefix="GRANIAN") as told:
        assert told.params["log_access_enabled"] is False


@pytest.mark.parametrize("table", ["response", "comment", "opinion"])
def test_there_is_no_column_for_a_person(table) -> None:
    columns = Base.metadata.tables[table].columns.keys()
    assert [name for name in columns if FORBIDDEN.search(name)] == []


def test_there_is_no_way_from_words_to_answers() -> None:
    tables = Base.metadata.tables
    known = {key.target_fullname for key in tables["comment"].foreign_keys}
    assert known == {"assessment.id", "measure.id"}
    led = [
        name
        for name, table in tables.items()
        for key in table.foreign_keys
        if key.target_fullname.startswith(("response.", "opinion."))
    ]
    assert led == []


@pytest.fixture
def broken(app: Flask, here: str) -> str:
    """A service as it runs, whose database takes no answer any more and tells why at length."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with writing() as session:
        if db.engine.dialect.name == "postgresql":
            for table, column in (("comment", "state"), ("response", "answers")):
                session.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT never CHECK ({column} = '')"))
        else:
            session.execute(
                text(
                    "CREATE TRIGGER never BEFORE INSERT ON comment "
                    "BEGIN SELECT RAISE(ABORT, 'never') WHERE new.state <> ''; END"
                )
            )
    return here


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data"])
def test_a_failing_submission_tells_the_log_what_broke_and_nothing_that_was_said(
    app, broken, caplog, capfd, kind
) -> None:
    client = as_somebody(app.test_client())
    key = key_of(client, f"/q/{broken}")
    given = {**CONTENT, "proposals": WORDS, "key": key}
    answer = client.post(f"/q/{broken}", data=given, content_type=kind)
    assert answer.status_code == 500
    assert "Это не ваша ошибка" in answer.text
    told = caplog.text + "".join(capfd.readouterr())
    assert "IntegrityError" in told
    assert "intake.py" in told, "the log says where it broke"
    for value in (*TELLING.values(), WORDS, "Аглая", key, "not_used"):
        assert value not in told
    assert not re.search(r"[1-3-]{9,}", told), "no packed answers"
    assert "Failing row" not in told
    db.session.rollback()
    assert db.session.scalars(select(Response.key)).all() == []


def test_a_refused_submission_says_nothing_to_the_log(app, here, everything_logged, capfd) -> None:
    client = as_somebody(app.test_client())
    key = key_of(client, f"/q/{here}")
    with writing() as session:
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    assert client.post(f"/q/{here}", data={**CONTENT, "proposals": WORDS, "key": key}).status_code == 410
    told = everything_logged.text + "".join(capfd.readouterr())
    assert not [value for value in (*TELLING.values(), WORDS, key) if value in told]
    assert WORDS not in everything_stored()
