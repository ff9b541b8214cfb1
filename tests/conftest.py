"""Fixtures of the whole suite: the application on a fresh database, its client, its command.

`database`, and whatever stands on it, runs a test twice, on SQLite and on PostgreSQL; a test in a browser
runs on SQLite alone. To choose: `@pytest.mark.parametrize("database", ["postgres"], indirect=True)`.

The application is imported by the fixtures that need it: tests of the norm start without the web.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import remembered
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import HealthCheck, settings
from manners import AloneClient, AloneRunner, MannerlyClient
from sqlalchemy.orm import Session

from config import Config

pytest_plugins = ["browser", "databases"]

ENGINES = ("sqlite", "postgres")
LAST_LINES = 20
# A busy machine is no defect, here as in the browser.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108
"""Where files of tests lie if so many bytes are free: a fresh database of 300 files takes a tenth of the time."""
IN_A_BROWSER = frozenset({"browser", "live_server"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--bless`: a golden never updates itself in a passing run."""
    parser.addoption(
        "--bless", action="store_true", help="rewrite tests/golden, then fail: read the difference"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Where tests run in several processes, the one that listens tells."""
    if "TMPDIR" not in os.environ and _roomy():
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
    remembered.share_rules()
    remembered.share_statements()
    gc.set_threshold(100_000, 50, 100)  # many small worlds, none kept: looking for rings costs a seventh
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(config))


def _roomy() -> bool:
    """May files be written there, many, and scripts among them run?"""
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(MEMORY).free > ROOM


class ToldAtOnce:
    """What failed is said when it fails: a run that is cut short has said it already."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The name, and the last lines of why."""
        told = self.config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and told is not None:
            told.ensure_newline()
            told.write_line(f"{report.when} {report.nodeid}")
            told.write_line("\n".join(report.longreprtext.splitlines()[-LAST_LINES:]))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both engines for every test that stands on a database and did not choose for itself."""
    if "database" not in metafunc.fixturenames or _chosen(metafunc.definition):
        return
    engines = ENGINES[:1] if IN_A_BROWSER & set(metafunc.fixturenames) else ENGINES
    metafunc.parametrize("database", engines, indirect=True)


def _chosen(test: pytest.Item) -> bool:
    return any("database" in mark.args[0] for mark in test.iter_markers("parametrize"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever opens a page is marked `browser`, so that `-m "not browser"` works."""
    for item in items:
        if IN_A_BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.fixture
def config(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> Config:
    """A closed little world; its BASE_URL is where `live_server` answers, if the test has one."""
    if "live_server" in request.fixturenames:
        return Config.for_tests(database, tmp_path, base_url=request.getfixturevalue("address"))
    return Config.for_tests(database, tmp_path)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The whole application on a fresh database."""
    from databases import let_go

    from app import create_app

    made = create_app(config)
    remembered.share(made)
    made.test_client_class, made.test_cli_runner_class = AloneClient, AloneRunner
    yield made
    let_go(made)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Requests without a network and without manners."""
    return app.test_client()


@pytest.fixture
def page(app: Flask) -> MannerlyClient:
    """Requests whose every HTML page must be well mannered, refusals too."""
    return MannerlyClient(app, app.response_class)


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command `nok`, in this process."""
    return app.test_cli_runner()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context; ended with the test, nothing is committed by itself."""
    from surveys.db import db

    with app.app_context():
        yield db.session()
