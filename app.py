"""The only place where all floors meet: the application and the command `nok`."""

import gettext
import logging
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask, Request, Response, current_app, request, url_for
from flask.cli import FlaskGroup, with_appcontext
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_babel import Babel
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import DatabaseError, DataError, OperationalError, ProgrammingError

import accounts.acts
import accounts.rooms
import api.rooms
import council.approval.cli
import council.approval.early
import council.pages
import council.rooms
import council.shelf
import demo.cli
import documents.bound.apart
import errors
import kiosk.cli
import kiosk.rooms
import nok.__main__
import nok.checking
import operator_app.doors
import operator_app.phone.cli
import operator_app.rooms
import paper.cli_scans
import paper.cli_sheets
import serve
import studio.rooms
import surveys.answers_cli
import surveys.campaign_cli
import surveys.cli
import surveys.inspections_cli
import surveys.reports_cli
import surveys.views
import surveys.worker
from accounts import access
from config import ROOT, Config, ConfigRefused
from documents.verify.file import verify_file
from surveys import db as database
from surveys import display, queue, reading
from surveys.headers import COMMON, MANNERS

STATIC_DAYS = 1

protection = CSRFProtect()


#: Pages that know nobody.
SAME_FOR_ALL = ("/q/", "/o/", "/ratings", "/api/", "/opendata/", "/sitemap", "/robots.txt", "/kiosk/")


class StaffSessions(SecureCookieSessionInterface):
    """Sessions for the staff only: a recipient's request has none, so nothing can ever be kept in it.

    Neither have public pages: they are the same for everybody, and caches keep them.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None on a recipient's page: Flask then refuses whoever would write to the session."""
        path = request.path
        if path.startswith(SAME_FOR_ALL) or path.startswith("/verify/") and path != "/verify/":
            return None
        return super().open_session(app, request)


def create_app(config: Config | None = None) -> Flask:
    """Собрать службу. Выше этого файла никого нет."""
    app = Flask(__name__)
    app.config.from_object(config or Config.from_environment())
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(days=STATIC_DAYS)
    # Answers are parameters of statements: an error must never carry them into a log.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True, "pool_pre_ping": not _embedded(app)}
    app.session_interface = StaffSessions()
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    database.init_app(app)
    queue.init_app(app)
    Babel(app, locale_selector=reading.language)
    display.init_app(app)
    reading.init_app(app)
    council.pages.init_app(app)
    council.shelf.init_app(app)
    council.portal.catalogue.init_app(app)
    access.init_app(app)
    accounts.acts.init_app(app)
    app.before_request(access.sized)  # before the token is looked for in the body
    protection.init_app(app)
    surveys.views.init_app(app)
    errors.register(app)
    _add_pages(app)
    _add_commands(app)
    return app


def _embedded(app: Flask) -> bool:
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")


def _add_pages(app: Flask) -> None:
    for blueprint in (
        surveys.views.bp,
        *accounts.rooms.BLUEPRINTS,
        *operator_app.rooms.BLUEPRINTS,
        *council.rooms.BLUEPRINTS,
        *kiosk.rooms.BLUEPRINTS,
        *studio.rooms.BLUEPRINTS,
        *api.rooms.BLUEPRINTS,
    ):
        app.register_blueprint(blueprint)
    for blueprint in api.rooms.BLUEPRINTS:
        protection.exempt(blueprint)  # no cookie is read there, so nobody's browser can be made to act
    protection.exempt(kiosk.device_views.bp)  # a token in a header, no cookie is read
    protection.exempt(surveys.views.submit)  # its own signed key does that work (docs/decisions/0009)
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/ready", view_func=ready)
    app.add_url_rule("/favicon.ico", view_func=icon)  # a browser's own PDF viewer asks for it by this name
    app.after_request(_mannered)
    app.context_processor(_viewer)
    app.context_processor(operator_app.doors.context)


def health() -> Response:
    """The process is alive."""
    return Response("ok\n", mimetype="text/plain")


def icon() -> Response:
    """The sign in the browser's tab."""
    drawn = Path(str(current_app.static_folder), "icons", "favicon.svg").read_bytes()
    return Response(drawn, mimetype="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def ready() -> Response:
    """The database answers and stands at the newest migration."""
    try:
        at_head = database.at_head()
    except OperationalError:
        at_head = False
    return Response("ready\n" if at_head else "not ready\n", 200 if at_head else 503, mimetype="text/plain")


def _mannered(response: Response) -> Response:
    if MANNERS[0][0] not in response.headers:  # a survey page brings its own
        response.headers.extend(COMMON)
    if request.blueprint in access.GUARDED or request.endpoint == "accounts.sign_in":
        response.headers["Cache-Control"] = "no-store"  # a shared desk, and whoever presses «back» on it
    return response


def _viewer() -> dict[str, Any]:
    """Who is signed in, for the bar of the staff's pages."""
    if request.blueprint in access.GUARDED and current_user.is_authenticated:
        user = access.the_user()
        return {"viewer": {"name": user.name, "sign_out_url": url_for("accounts.sign_out")}}
    return {"viewer": None}


def _add_commands(app: Flask) -> None:
    for one in (
        surveys.cli.organization_group,
        surveys.campaign_cli.campaign_group,
        surveys.answers_cli.answers_group,
        surveys.inspections_cli.inspections_group,
        surveys.reports_cli.reports_group,
        surveys.cli.questionnaire_group,
        *accounts.rooms.COMMANDS,
        kiosk.cli.kiosks_group,
        operator_app.phone.cli.contacts,
        paper.cli_scans.scans_group,
        *council.rooms.COMMANDS,
        documents.bound.apart.draw_command,
        paper.cli_sheets.sheets_command,
    ):
        app.cli.add_command(one)


def _app_for_command() -> Flask:
    """The application behind a command; an embedded database is made ready without being asked."""
    app = create_app()
    if _embedded(app):
        database.migrate(app)
        with app.app_context():
            _freeze_the_early()
    return app


def _freeze_the_early() -> None:
    """What was published before there were releases gets one, so that everybody reads it out of a release."""
    for line in council.approval.early.freeze_all(database.db.session()):
        click.echo(line, err=True)


@click.group(
    cls=FlaskGroup,
    create_app=_app_for_command,
    add_default_commands=False,
    add_version_option=False,
    help="НОК: независимая оценка качества, от QR-кода до результата для общественного совета.",
)
def cli() -> None:
    """Команда `nok`."""


cli.params.clear()  # Flask's own options: this service is told by NOK_* alone


@cli.command(
    "indicators",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    help="Показатели по Порядку № 344н: JSON на входе, JSON на выходе; без базы данных.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def indicators(arguments: tuple[str, ...]) -> None:
    """The very calculator that `python -m nok indicators` runs on a bare Python."""
    raise SystemExit(nok.__main__.main(["indicators", *arguments]))


@cli.command(
    "verify",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    help="Пересчитать опубликованный результат (PDF или JSON) и назвать цифры, которые не сошлись; без базы данных.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """What `python -m nok verify` does on a bare Python, and documents opened beside."""
    raise SystemExit(nok.checking.main(arguments, verify_file))


@cli.command("migrate")
@with_appcontext
def migrate() -> None:
    """Привести базу данных к последней миграции.

    Пример: nok migrate
    """
    database.migrate()
    _freeze_the_early()
    click.echo("База данных в порядке.")


@cli.command("config")
def show_config() -> None:
    """Показать, что сейчас в силе, без секретов.

    Пример: nok config
    """
    for name, value in Config.from_environment().without_secrets().items():
        click.echo(f"{name} = {value}")


cli.add_command(demo.cli.demo_command)
cli.add_command(serve.serve_command)
cli.add_command(surveys.worker.worker_command)


def speak_russian() -> None:
    """Give click its own words in Russian, whatever the machine's locale (translations/ru/LC_MESSAGES/click.po)."""
    os.environ["LANGUAGE"] = "ru"
    gettext.bindtextdomain("click", str(ROOT / "translations"))
    gettext.textdomain("click")


def main() -> None:
    """The console script: what was refused is one clear line and exit code 2."""
    os.environ.setdefault("FLASK_SKIP_DOTENV", "1")
    speak_russian()
    logging.captureWarnings(True)
    try:
        cli(prog_name="nok")
    except ConfigRefused as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except DataError:
        click.echo("База данных не приняла значение: оно слишком длинное или не того вида.", err=True)
        sys.exit(2)
    except (OperationalError, ProgrammingError):
        click.echo("База данных не отвечает или не приведена к последней миграции (nok migrate).", err=True)
        sys.exit(1)
    except DatabaseError:
        click.echo("Файл базы данных повреждён или это не база данных. Восстановите его из копии.", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(
            f"{error.filename or 'Файл'}: не прочитать и не записать. Проверьте путь и права.", err=True
        )
        sys.exit(1)
