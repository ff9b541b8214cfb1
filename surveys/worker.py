"""`nok worker`: the process that does what was asked for."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from surveys import laying, queue  # noqa: F401  what is laid anew is done here
from surveys.db import at_head, db

THREADS = 2  # a short document is not kept waiting by a long file
NICENESS = 10  # whoever answers a survey comes first
LAST_SECONDS = 5  # on Ctrl+C; what was not finished is begun anew at the next start


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Делать долгую работу: проверять и учитывать файлы, рисовать отчёты. `nok serve` запускает это сам.

    Пример: nok worker
    """
    if not at_head():
        raise click.ClickException("База данных не готова: выполните nok migrate.")
    db.session.remove()
    os.nice(NICENESS)
    with _the_only_one():
        queue.take_up(alone=db.engine.dialect.name == "sqlite")
        db.session.remove()
        click.echo("Фоновая работа идёт.   (остановить: Ctrl+C)")
        huey = queue.bell().huey
        huey.create_consumer(workers=THREADS, max_delay=0.3, shutdown_timeout=LAST_SECONDS).run()
    os._exit(0)  # threads in the middle of a job do not hold the exit


@contextmanager
def _the_only_one() -> Iterator[None]:
    """One worker to a folder of data; a second one waits, and takes over when the first is gone."""
    file = Path(current_app.config["DATA_DIR"], "worker.lock")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo("С этой папкой данных уже работает другой: жду, пока он закончит.")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
