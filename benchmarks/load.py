"""A server of ours under wrk, on loopback, for a bounded time."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import serve
from config import ROOT

CONNECTIONS = 32
POST_LUA = """
local lines = {}
for line in io.lines(os.getenv("BODIES")) do lines[#lines + 1] = line end
local at = 0
function request()
  at = at + 1
  local line = lines[at] or error("no more bodies")
  local tab = line:find("\\t", 1, true)
  return wrk.format("POST", line:sub(1, tab - 1),
    {["Content-Type"] = "application/x-www-form-urlencoded"}, line:sub(tab + 1))
end
"""


@dataclass(frozen=True)
class Load:
    """What wrk saw: requests a second, the 99th percentile in milliseconds, answers that were not 2xx or 3xx."""

    rate: float
    p99: float
    requests: int
    refused: int


class NoWrk(Exception):
    """The load generator is not installed."""


@contextmanager
def served(target: str, environment: dict[str, str] | None = None) -> Iterator[str]:
    """The very server of `nok serve` on a free port; yields its address."""
    port = _free_port()
    command = serve.command(target, "127.0.0.1", port)
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, cwd=ROOT)  # noqa: S603
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wrk(
    url: str, seconds: int, *, gzip: bool = False, bodies: Path | None = None, script: Path | None = None
) -> Load:
    """Load one address for so many seconds with 32 connections. Raises NoWrk."""
    program = shutil.which("wrk")
    if program is None:
        raise NoWrk("нет программы wrk: apt-get install wrk")
    command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += ["-H", "Accept-Encoding: gzip"] if gzip else []
    command += ["-s", str(script)] if script else []
    environment = {**os.environ, "BODIES": str(bodies or "")}
    done = subprocess.run(  # noqa: S603
        [*command, url], capture_output=True, text=True, check=True, env=environment
    )
    return _read(done.stdout)


def _read(text: str) -> Load:
    latency = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    rate, requests = re.search(r"Requests/sec:\s+([\d.]+)", text), re.search(r"(\d+) requests in", text)
    if latency is None or rate is None or requests is None:
        raise ValueError(f"wrk said something else: {text}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[latency[2]]
    return Load(
        float(rate[1]), float(latency[1]) * scale, int(requests[1]), int(refused[1]) if refused else 0
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start")
