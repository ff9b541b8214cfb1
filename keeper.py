"""Keeps the server and its worker together: `python keeper.py -- WORKER… -- SERVER…`. Standard library only.

It ends when the server does, and nothing outlives it: on Linux even its own sudden death reaches the others.
A worker that fell is started again.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.2
LONGEST_PAUSE = 60.0
PR_SET_PDEATHSIG = 1

Process = subprocess.Popen[bytes]


def main(words: Sequence[str]) -> int:
    """The server's own exit code, 0 when it was asked to stop."""
    beside = words.index("--", 1)
    worker_words, server_words = words[1:beside], words[beside + 1 :]
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    server, worker = started(server_words), started(worker_words)
    pause, again = 1.0, 0.0
    while not asked and server.poll() is None:
        time.sleep(LOOK_SECONDS)
        if worker.poll() is None:
            continue
        if not again:
            again = time.monotonic() + pause
        elif time.monotonic() >= again:
            worker, pause, again = started(worker_words), min(pause * 2, LONGEST_PAUSE), 0.0
    code = server.poll()
    ended(worker, server)
    return 0 if asked or code is None else code


def started(words: Sequence[str]) -> Process:
    """A child in a group of its own: Ctrl+C comes to the keeper alone, who passes it on."""
    return subprocess.Popen(words, process_group=0, preexec_fn=_die_with_me)  # noqa: S603,PLW1509  our own words


def ended(*children: Process) -> None:
    """Ask each to end with whoever it started, and insist when it takes too long."""
    for child in children:
        _tell(child, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        _tell(child, signal.SIGKILL)
        child.wait()


def _tell(child: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # a fallen server leaves processes of its own behind
        os.killpg(child.pid, number)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_me() -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
