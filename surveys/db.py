"""The database: one Base, one way of writing, and the manners of SQLite and PostgreSQL."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, Dialect, Engine, Integer, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
BUSY_MILLISECONDS = 15_000

CONSTRAINT_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Constraints are named by rule, so that every migration can find them on both databases."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)


db = SQLAlchemy(model_class=Base)

# SQLite makes a 64-bit key the row's own address only under the name INTEGER.
Key = BigInteger().with_variant(Integer(), "sqlite")


class Day(TypeDecorator[date]):
    """A day as its proleptic ordinal: 3 bytes in a row of which there will be ten million."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        return None if value is None else value.toordinal()

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromordinal(value)


def init_app(app: Flask) -> None:
    """Bind the database to this application and teach its connections their manners."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            if db.engine.url.database:
                own_file(Path(db.engine.url.database))
            _teach_sqlite(db.engine, app.config["SQLITE_SYNCHRONOUS"])


def own_file(file: Path) -> None:
    """Proposals and password hashes are for the service's own user only; SQLite gives its journals the same mode."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _teach_sqlite(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing() -> Iterator[Session]:
    """One write transaction, committed at the end: the only way in which this project writes.

    What was read before is read again inside (nothing stale is written); an exception leaves nothing behind.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside writing()")
    session.rollback()
    with in_line():
        session.connection(execution_options={"writes": True})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


_lines = threading.local()


@contextmanager
def in_line() -> Iterator[None]:
    """This thread's turn among SQLite's writers of all processes; within its turn it may write several times.

    SQLite's own busy handler sleeps and starves (0.3 s at the tail), hence a lock of ours; and as a lock does not
    queue those who wait, there are two: whoever waits for `turn` already holds `gate`, so nobody overtakes it.
    """
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not path or path in _turns():
        yield
        return
    gate, turn = _descriptor(f"{path}.gate"), _descriptor(f"{path}.turn")
    fcntl.flock(gate, fcntl.LOCK_EX)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
    finally:
        fcntl.flock(gate, fcntl.LOCK_UN)
    _turns().add(path)
    try:
        yield
    finally:
        _turns().discard(path)
        fcntl.flock(turn, fcntl.LOCK_UN)


def _turns() -> set[str]:
    """Databases on which it is this thread's turn."""
    held: set[str] = _lines.__dict__.setdefault("held", set())
    return held


def _descriptor(path: str) -> int:
    """This thread's own descriptor of a lock's file (a lock belongs to a descriptor)."""
    opened: dict[tuple[str, int], int] = _lines.__dict__.setdefault("opened", {})
    mine = (path, os.getpid())  # a descriptor inherited by a fork would share its parent's lock
    if mine not in opened:
        opened[mine] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return opened[mine]


def alembic_config() -> AlembicConfig:
    """Alembic's configuration without a file of its own."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def migrate(app: Flask | None = None) -> None:
    """Bring the database of this application to the newest migration."""
    with (app or current_app).app_context(), in_line():
        command.upgrade(alembic_config(), "head")


def at_head() -> bool:
    """Does the database stand at the newest migration? Raises OperationalError when it does not answer."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
