"""How the service is served: granian, processes of eight threads (docs/decisions/0010), and a worker beside it."""

import os
import socket
import sys

import click
from flask.cli import with_appcontext

from config import ROOT
from surveys.db import at_head

TARGET = "app:create_app"
THREADS = 8  # those who wait for a commit hold nothing, and the next to come may share it


def command(target: str, host: str, port: int, workers: int = 2, log_level: str = "error") -> list[str]:
    """The server's command line for a factory of applications."""
    options = {
        "--interface": "wsgi",
        "--working-dir": str(ROOT),
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": str(THREADS),
        "--log-level": log_level,
    }
    words = [word for option in options.items() for word in option]
    # said aloud: a variable of the environment must not begin a list of who came from where
    return [sys.executable, "-m", "granian", "--factory", "--no-access-log", *words, target]


def address(host: str, port: int) -> str:
    """The address that people and posters are given: NOK_BASE_URL, else where the server listens."""
    return os.environ.get("NOK_BASE_URL", "").rstrip("/") or f"http://{host}:{port}"


def worker() -> list[str]:
    """The command line of `nok worker`, whatever folder one stands in."""
    return [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from app import main; main()",
        "worker",
    ]


def become(host: str, port: int, workers: int = 2, beside: bool = True) -> None:
    """Turn this process into the server, a worker beside it. Raises click.ClickException when the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            words = f"Порт {port} на {host} занят или недоступен: укажите другой (--port)."
            raise click.ClickException(words) from error
    os.environ["NOK_BASE_URL"] = address(host, port)
    click.echo(f"Служба работает: {address(host, port)}   (остановить: Ctrl+C)")
    sys.stdout.flush()
    line = command(TARGET, host, port, workers)
    if beside:
        line = [sys.executable, str(ROOT / "keeper.py"), "--", *worker(), "--", *line]
    os.execv(line[0], line)  # noqa: S606  our own interpreter


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="На каком адресе слушать.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="На каком порту слушать."
)
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Сколько процессов."
)
@click.option(
    "--no-worker", is_flag=True, help="Без фоновой работы: её делает отдельно запущенный nok worker."
)
@with_appcontext
def serve_command(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Запустить службу и фоновую работу при ней.

    Пример: nok serve --port 8000
    """
    if not at_head():
        raise click.ClickException("База данных не готова: выполните nok migrate.")
    become(host, port, workers, beside=not no_worker)
