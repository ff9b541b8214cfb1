"""Serving: a full submission and the survey page against the smallest page of the same server, in one run."""

import gzip
import sqlite3
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import load, world
from surveys.db import db
from surveys.intake import TALLY_KEY, _add_tallies, _insert_responses
from surveys.measures import TALLY_COLUMNS

ROUNDS = 3
SECONDS = 6
ORGANIZATIONS = 500
BODIES = 40_000


def measure() -> dict[str, Any]:
    """Ratios of medians of three rounds; every round visits hello, the page and both crowds in turn."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        app, _campaign, codes = world.made(data_dir, ORGANIZATIONS)
        with app.app_context():
            db.engine.dispose()
        script = data_dir / "post.lua"
        script.write_text(load.POST_LUA)
        environment = {"NOK_SECRET_KEY": world.SECRET, "NOK_DATA_DIR": str(data_dir)}
        with (
            load.served("benchmarks.hello:create_app") as hello,
            load.served("app:create_app", environment) as ours,
        ):
            weight = _weight(f"{ours}/q/{codes[0]}")
            _round(hello, ours, codes, data_dir, script, seconds=1)  # both processes awake, nothing compared
            rounds, limits = [], []
            for number in range(ROUNDS):
                rounds.append(_round(hello, ours, codes, data_dir, script))
                limits.append(_engine_limit(data_dir / f"limit{number}.sqlite3", data_dir / "nok.sqlite3"))
        stored = _stored(data_dir / "nok.sqlite3")
    return _summary(rounds, weight, stored, median(limits))


def _round(
    hello: str, ours: str, codes: Any, data_dir: Path, script: Path, seconds: int = SECONDS
) -> dict[str, load.Load]:
    spread, one = data_dir / "spread.tsv", data_dir / "one.tsv"
    spread.write_text("\n".join(world.bodies(codes, BODIES)))
    one.write_text("\n".join(world.bodies(codes[:1], BODIES)))
    return {
        "hello": load.wrk(f"{hello}/hello", seconds),
        "page": load.wrk(f"{ours}/q/{codes[0]}", seconds, gzip=True),
        "spread": load.wrk(ours, seconds, bodies=spread, script=script),
        "one": load.wrk(ours, seconds, bodies=one, script=script),
    }


def _weight(url: str) -> dict[str, int]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})  # noqa: S310  our own loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        body = answer.read()
    return {"page_gzip_bytes": len(body), "page_bytes": len(gzip.decompress(body))}


def _stored(file: Path) -> tuple[int, int]:
    """Rows of responses, and what the tallies say."""
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT count(*) FROM response").fetchone()[0]
        told = connection.execute("SELECT sum(responses) FROM tally").fetchone()[0]
    return rows, told


def _engine_limit(file: Path, like: Path) -> float:
    """The same transaction by the bare driver, one client, synchronous=FULL: transactions a second."""
    with sqlite3.connect(like) as source, sqlite3.connect(file) as target:
        for (statement,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE name IN ('response', 'tally')"
        ):
            target.execute(statement)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    insert, tally = _insert_responses("sqlite", 1), _add_tallies("sqlite", 1)
    ones = (1,) * (1 + len(TALLY_COLUMNS))
    count, begun = 5_000, time.perf_counter()
    for number in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(insert, (number * 7919, 1, 1, 1, 0, 1, "1" * 15, None))
        connection.execute(tally, (*(1,) * len(TALLY_KEY), *ones))
        connection.execute("COMMIT")
    return count / (time.perf_counter() - begun)


def _summary(
    rounds: list[dict[str, load.Load]], weight: dict[str, int], stored: tuple[int, int], limit: float
) -> dict[str, Any]:
    rate = {name: median(one[name].rate for one in rounds) for name in rounds[0]}
    p99 = {name: median(one[name].p99 for one in rounds) for name in rounds[0]}
    taken = sum(one[name].requests for one in rounds for name in ("spread", "one"))
    return {
        "submission_of_hello": rate["spread"] / rate["hello"],
        "submission_to_one_of_hello": rate["one"] / rate["hello"],
        "page_of_hello": rate["page"] / rate["hello"],
        "submission_of_engine_limit": rate["spread"] / limit,
        "submission_p99_ms": p99["spread"],
        "submission_to_one_p99_ms": p99["one"],
        **weight,
        "per_second": {**rate, "engine_limit": limit},
        "answered": taken,
        "stored": stored[0],
        "tallied": stored[1],
        "refused": sum(one[name].refused for one in rounds for name in one),
    }
