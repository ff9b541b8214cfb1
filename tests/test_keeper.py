"""Server and worker live and die together: a real keeper over two made-up children."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from waiting import until

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 15.0  # seconds: less than after which the keeper kills
#: Writes its number into a file named by its first word, and lives on; `stubborn` has a child of its own.
CHILD = """
import os, subprocess, sys, time
if len(sys.argv) > 2:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
time.sleep(600)
"""


class Kept:
    """A keeper and what it keeps."""

    def __init__(self, folder: Path) -> None:
        self.files = {name: folder / name for name in ("worker", "server")}
        child = [sys.executable, "-c", CHILD]
        worker, server = [*child, str(self.files["worker"])], [*child, str(self.files["server"]), "stubborn"]
        words = [sys.executable, str(ROOT / "keeper.py"), "--", *worker, "--", *server]
        self.keeper = subprocess.Popen(words)
        until(
            lambda: all(file.exists() and file.read_text() for file in self.files.values()), patience=PATIENCE
        )
        self.all = {self.pid("worker"), self.pid("server")}
        self.all |= {child.pid for child in psutil.Process(self.pid("server")).children()}

    def pid(self, name: str) -> int:
        """The last one started under this name."""
        return int(self.files[name].read_text().split()[-1])

    def alive(self) -> set[int]:
        """Who of them lives."""
        return {pid for pid in self.all if _runs(pid)}


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.keeper.kill()
    made.keeper.wait()
    for pid in made.alive():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_end_it_takes_everybody_along(kept: Kept, number: signal.Signals) -> None:
    kept.keeper.send_signal(number)
    assert kept.keeper.wait(PATIENCE) == 0
    until(lambda: not kept.alive(), patience=PATIENCE)


def test_its_own_sudden_death_reaches_the_children(kept: Kept) -> None:
    kept.keeper.kill()
    until(lambda: not kept.alive() & {kept.pid("worker"), kept.pid("server")}, patience=PATIENCE)


def test_a_server_that_fell_takes_the_rest_along_and_its_failure_is_told(kept: Kept) -> None:
    os.kill(kept.pid("server"), signal.SIGKILL)
    assert kept.keeper.wait(PATIENCE) != 0
    until(lambda: not kept.alive(), patience=PATIENCE)


def test_a_worker_that_fell_is_started_again(kept: Kept) -> None:
    first = kept.pid("worker")
    os.kill(first, signal.SIGKILL)
    until(lambda: kept.pid("worker") != first, patience=PATIENCE)
    kept.all.add(kept.pid("worker"))
    assert kept.keeper.poll() is None
