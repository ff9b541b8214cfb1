"""Migrations: head is what the models say, there is one head, and a way back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from spoken import comments, original
from sqlalchemy.exc import IntegrityError

from accounts.models import ApiToken
from kiosk.tables import Kiosk, KioskCode
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


def test_the_desk_comes_to_a_database_in_use_and_nothing_is_lost(inside):
    command.downgrade(alembic_config(), "0001")
    told = (
        "INSERT INTO region (id, name) VALUES (1, 'г. Москва')",
        "INSERT INTO pinned (id, kind, name, sha256, content) VALUES (1, 'edition', '344n-2024', 'e', ''), "
        "(2, 'questionnaire', 'bus-gov-13', 'q', '')",
        "INSERT INTO organization (id, code, key, name, short_name, inn, ogrn, kpp, oktmo, agency_id, sector, address, "
        "website, search) VALUES (1, 'K7M4PX2D', 'k', 'Школа', '', '', '', '', '', '', 'education', '', '', 'школа')",
        "INSERT INTO campaign (id, title, year, sector, region_id, starts_on, ends_on, stage, edition_id, practice, "
        'practice_sha256, operator, council, "order", shows_interim, demo) VALUES '
        "(1, 'Школы', 2026, 'education', 1, 739000, 739300, 'collecting', 1, '{}', '', '', '', '', false, false)",
        "INSERT INTO assessment (id, campaign_id, organization_id) VALUES (1, 1, 1)",
        "INSERT INTO inspection (assessment_id, inspected_on, remote_ways, comfort, equipment, accessibility) "
        "VALUES (1, 739100, '[\"telephone\"]', '[]', '[]', '[]')",
        "INSERT INTO response (key, assessment_id, questionnaire_id, channel, place, day, answers) "
        "VALUES (4611686018427387904, 1, 2, 1, 0, 739100, '1112111211211')",
        'INSERT INTO "user" (id, login, name, role, password_hash, active, epoch) VALUES '
        "(1, 'ivanov', 'Иванов', 'operator', '', true, 0), (2, 'petrova', 'Петрова', 'council', '', true, 0)",
    )
    with db.engine.begin() as connection:
        for statement in told:
            connection.exec_driver_sql(statement)
    command.upgrade(alembic_config(), "head")
    with db.engine.begin() as connection:
        users = connection.exec_driver_sql('SELECT login, duty FROM "user" ORDER BY id').all()
        response = connection.exec_driver_sql("SELECT key, answers, batch_id FROM response").all()
        inspection = connection.exec_driver_sql(
            "SELECT inspected_on, version, visit_id FROM inspection"
        ).all()
    assert users == [("ivanov", "head"), ("petrova", None)]
    assert response == [(4611686018427387904, "1112111211211", None)]
    assert inspection == [(739100, 1, None)]
    command.downgrade(alembic_config(), "0001")
    with db.engine.begin() as connection:
        kept = connection.exec_driver_sql(
            "SELECT count(*) FROM response JOIN inspection USING (assessment_id)"
        )
        assert kept.scalar() == 1


def test_a_batch_in_use_learns_of_scans_and_forgets_them_on_the_way_back(inside):
    command.downgrade(alembic_config(), "0002")
    batch = (
        "INSERT INTO batch (id, campaign_id, kind, state, file_name, file_sha256, kept_as, mapping, report, made_by, "
        "made_at) VALUES ({}, 1, '{}', 'counted', '', '', '', '{{}}', '{{}}', 'ivanov', '2026-01-01 00:00:00')"
    )
    with db.engine.begin() as connection:
        for statement in (
            "INSERT INTO region (id, name) VALUES (1, 'г. Москва')",
            "INSERT INTO pinned (id, kind, name, sha256, content) VALUES (1, 'edition', '344n-2024', 'e', '')",
            "INSERT INTO campaign (id, title, year, sector, region_id, starts_on, ends_on, stage, edition_id, "
            "practice, practice_sha256, operator, council, \"order\", shows_interim, demo) VALUES (1, 'Школы', 2026, "
            "'education', 1, 739000, 739300, 'collecting', 1, '{}', '', '', '', '', false, false)",
            batch.format(1, "keying"),
        ):
            connection.exec_driver_sql(statement)
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.exec_driver_sql(batch.format(2, "scans"))
    command.upgrade(alembic_config(), "head")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(batch.format(2, "scans"))
        connection.exec_driver_sql(
            "INSERT INTO scan_batch (batch_id, filled_on, sample_share, files) VALUES (2, 739100, 20, '[]')"
        )
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.exec_driver_sql(batch.format(3, "nonsense"))
    command.downgrade(alembic_config(), "0002")
    with db.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT id, kind FROM batch").all() == [(1, "keying")]


def test_a_council_in_use_gets_a_chair_and_a_curator_leaves_on_the_way_back(inside):
    command.downgrade(alembic_config(), "0003")
    user = (
        'INSERT INTO "user" (id, login, name, role, password_hash, active, epoch) '
        "VALUES ({}, '{}', '', '{}', '', true, 0)"
    )
    with db.engine.begin() as connection:
        connection.exec_driver_sql(user.format(1, "sidorova", "council"))
        connection.exec_driver_sql(user.format(2, "root", "admin"))
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.exec_driver_sql(user.format(3, "orlova", "curator"))
    command.upgrade(alembic_config(), "head")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(user.format(3, "orlova", "curator"))
        seats = connection.exec_driver_sql('SELECT login, seat FROM "user" ORDER BY id').all()
    assert seats == [("sidorova", "chair"), ("root", None), ("orlova", None)]
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE \"user\" SET seat = 'member' WHERE login = 'root'")
    command.downgrade(alembic_config(), "0003")
    with db.engine.begin() as connection:
        left = connection.exec_driver_sql('SELECT login, role, active FROM "user" ORDER BY id').all()
    assert left[2] == ("orlova", "authority", False) and len(left) == 3


def test_a_token_made_before_it_had_rights_stays_and_may_do_nothing(inside):
    command.downgrade(alembic_config(), "0004")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            'INSERT INTO "user" (id, login, name, role, password_hash, active, epoch) '
            "VALUES (1, 'ivanov', '', 'admin', '', true, 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO api_token (id, user_id, name, sha256, made_at, ends_on) "
            "VALUES (1, 1, 'выгрузка', 'a', '2026-01-01 00:00:00', 739300)"
        )
    command.upgrade(alembic_config(), "head")
    token = db.session.get_one(ApiToken, 1)
    assert (token.name, token.rights, token.scope) == ("выгрузка", [], [])
    db.session.remove()
    command.downgrade(alembic_config(), "0004")
    with db.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT name FROM api_token").all() == [("выгрузка",)]


def test_words_that_lay_plain_are_sealed_and_come_back_on_the_way_back(inside):
    command.downgrade(alembic_config(), "0007")
    told = (
        "INSERT INTO region (id, name) VALUES (1, 'г. Москва')",
        "INSERT INTO pinned (id, kind, name, sha256, content) VALUES (1, 'edition', '344n-2024', 'e', '')",
        "INSERT INTO organization (id, code, key, name, short_name, inn, ogrn, kpp, oktmo, agency_id, sector, address, "
        "website, search) VALUES (1, 'K7M4PX2D', 'k', 'Школа', '', '', '', '', '', '', 'education', '', '', 'школа')",
        "INSERT INTO campaign (id, title, year, sector, region_id, starts_on, ends_on, stage, edition_id, practice, "
        'practice_sha256, operator, council, "order", shows_interim, demo, desk) VALUES '
        "(1, 'Школы', 2026, 'education', 1, 739000, 739300, 'collecting', 1, '{}', '', '', '', '', false, false, '{}')",
        "INSERT INTO assessment (id, campaign_id, organization_id) VALUES (1, 1, 1)",
        "INSERT INTO proposal (key, assessment_id, month, text) VALUES "
        "(4611686018427387904, 1, 739069, 'Врач Иванова'), (7, 1, 739098, 'Скамейку'), (0, 1, 739098, 'Скамейку')",
        "INSERT INTO opinion_words (key, form, assessment_id, month, text) VALUES (9, 1, 1, 739098, 'Не так')",
    )
    with db.engine.begin() as connection:
        for statement in told:
            connection.exec_driver_sql(statement)
    command.upgrade(alembic_config(), "head")
    found = comments()
    assert [(one.key, one.form, one.state, original(one)) for one in found] == [
        (0, 3, "waiting", "Скамейку"),
        (7, 3, "waiting", "Скамейку"),
        (9, 1, "waiting", "Не так"),
        (4611686018427387904, 3, "waiting", "Врач Иванова"),
    ]
    assert found[0].same == found[1].same != found[2].same
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        with db.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        assert "Скамейку".encode() not in Path(str(db.engine.url.database)).read_bytes()
    command.downgrade(alembic_config(), "0007")
    with db.engine.begin() as connection:
        plain = connection.exec_driver_sql("SELECT key, text FROM proposal ORDER BY key").all()
        other = connection.exec_driver_sql("SELECT form, text FROM opinion_words").all()
    assert plain == [(0, "Скамейку"), (7, "Скамейку"), (4611686018427387904, "Врач Иванова")]
    assert other == [(1, "Не так")]


def test_a_kiosk_in_use_goes_on_in_russian_and_where_it_stands(inside):
    command.downgrade(alembic_config(), "0012")
    told = (
        "INSERT INTO region (id, name) VALUES (1, 'г. Москва')",
        "INSERT INTO organization (id, code, key, name, short_name, inn, ogrn, kpp, oktmo, agency_id, sector, address, "
        "website, search) VALUES (1, 'K7M4PX2D', 'k', 'Школа', '', '', '', '', '', '', 'education', '', '', 'школа')",
        "INSERT INTO kiosk (id, organization_id, name, place, form, opens, closes, idle_seconds, aloud, made_on, "
        "waiting, stuck, \"full\", release) VALUES (1, 1, 'У входа', 0, '', '', '', 45, true, 739000, 0, 0, false, '')",
        "INSERT INTO kiosk_code (code, claim_sha256, ends_at, kiosk_id) VALUES ('481207', 'c', '2026-11-22', 1)",
    )
    with db.engine.begin() as connection:
        for statement in told:
            connection.exec_driver_sql(statement)
    command.upgrade(alembic_config(), "head")
    kiosk = db.session.get_one(Kiosk, 1)
    assert (kiosk.name, kiosk.languages, kiosk.moved_to) == ("У входа", ["ru"], None)
    assert db.session.get_one(KioskCode, "481207").kiosk_id == 1
    db.session.remove()
    command.downgrade(alembic_config(), "0012")
    with db.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT name FROM kiosk").all() == [("У входа",)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_embedded_connections_are_durable_and_keep_their_promises(inside):
    with db.engine.connect() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
