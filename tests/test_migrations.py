"""Migrations: head is what the models say, there is one head, and a way back."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask

from surveys import db as database
from surveys.db import Base, alembic_config, db


@pytest.fixture
def inside(app: Flask):
    with app.app_context():
        yield


def test_head_is_what_the_models_say(inside):
    assert {"response", "tally", "campaign", "user", "audit_event"} <= Base.metadata.tables.keys()
    command.check(alembic_config())
    assert database.at_head()


def test_there_is_one_head(inside):
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_there_is_a_way_back(inside):
    command.downgrade(alembic_config(), "base")
    assert not database.at_head()
    command.upgrade(alembic_config(), "head")
    assert database.at_head()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_embedded_connections_are_durable_and_keep_their_promises(inside):
    with db.engine.connect() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
