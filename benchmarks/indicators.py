"""Indicators from tallies against an SQL recount of every response, on one database, equal to each other."""

import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from benchmarks import world
from surveys import counts, library, recount, results
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.db import db
from surveys.measures import TALLY_COLUMNS
from surveys.models import Campaign
from surveys.questionnaire import packed, path

ROUNDS = 3
ORGANIZATIONS = int(os.environ.get("NOK_BENCH_ORGANIZATIONS", "20000"))
RESPONSES = int(os.environ.get("NOK_BENCH_RESPONSES", "10000000"))
PATTERNS = 4_096
T = TypeVar("T")


def measure() -> dict[str, Any]:
    """Fill a tenth, time the reading; fill the rest, time the reading and the recount."""
    with tempfile.TemporaryDirectory() as folder:
        app, campaign_id, _codes = world.made(Path(folder), ORGANIZATIONS)
        file = Path(folder, "nok.sqlite3")
        with app.app_context():
            campaign = db.session().get_one(Campaign, campaign_id)
            pinned = campaign.questionnaire_of(CHANNELS["poster"].number)
            facts = (campaign_id, pinned.id, pinned.name)
            db.session.rollback()
            _fill(file, facts, RESPONSES // 10, seed=1)
            few = _timed(lambda: _indicators(campaign_id))[0]
            _fill(file, facts, RESPONSES - RESPONSES // 10, seed=2)
            many, from_tallies = _timed(lambda: _indicators(campaign_id))
            anew, from_responses = _timed(lambda: _recounted(facts), rounds=1)
            whole, _ = _timed(
                lambda: results.of_campaign(db.session(), db.session().get_one(Campaign, campaign_id))
            )
            size = file.stat().st_size
    return {
        "recount_over_tallies": anew / many,
        "equal": from_tallies == from_responses,
        "ten_times_the_responses_cost": many / few,
        "seconds": {
            "tallies": many,
            "tallies_at_a_tenth": few,
            "recount": anew,
            "with_criteria_and_total": whole,
        },
        "organizations": ORGANIZATIONS,
        "responses": RESPONSES,
        "bytes_a_response": size / RESPONSES,
    }


def _indicators(campaign_id: int) -> dict[int, dict[str, tuple[int, int] | None]]:
    """Every organisation's shares as exact numerators and denominators."""
    session = db.session()
    found = {one: heard.answers() for one, heard in counts.heard(session, campaign_id).items()}
    session.rollback()
    return found


def _recounted(facts: tuple[int, int, str]) -> dict[int, dict[str, tuple[int, int] | None]]:
    """The same out of the responses themselves."""
    campaign_id, pinned_id, name = facts
    session = db.session()
    found: dict[int, counts.Heard] = {}
    for row in recount.recounted(session, campaign_id, pinned_id, library.questionnaire(name)):
        found.setdefault(row[0], counts.Heard()).add(row[1], row[2], row[3:])
    session.rollback()
    return {one: heard.answers() for one, heard in found.items()}


def _timed(act: Callable[[], T], rounds: int = ROUNDS) -> tuple[float, T]:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        result = act()
        times.append(time.perf_counter() - begun)
    return median(times), result


def _fill(file: Path, facts: tuple[int, int, str], count: int, seed: int) -> None:
    """Responses by the bare driver, then the tallies anew out of them."""
    campaign_id, pinned_id, name = facts
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-1000000")
    assessments = [row[0] for row in connection.execute("SELECT id FROM assessment ORDER BY id")]
    connection.executemany(
        "INSERT OR IGNORE INTO response (key, assessment_id, questionnaire_id, channel, place, day, answers) "
        "VALUES (?, ?, ?, ?, 0, ?, ?)",
        _rows(assessments, pinned_id, name, count, seed),
    )
    connection.execute("DELETE FROM tally")
    connection.commit()
    columns = ", ".join(("responses", *TALLY_COLUMNS))
    marks = ", ".join("?" * (5 + len(TALLY_COLUMNS)))
    session = db.session()
    rows = [
        (row[0], row[1], pinned_id, 0, *row[2:])
        for row in recount.recounted(session, campaign_id, pinned_id, library.questionnaire(name))
    ]
    session.rollback()
    connection.executemany(
        f"INSERT INTO tally (assessment_id, channel, questionnaire_id, slot, {columns}) VALUES ({marks})",  # noqa: S608
        rows,
    )
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _rows(
    assessments: list[int], pinned_id: int, name: str, count: int, seed: int
) -> Iterator[tuple[Any, ...]]:
    chance, day = random.Random(seed), today().toordinal()
    patterns, channel = _patterns(name, chance), CHANNELS["poster"].number
    for number in range(count):
        yield (
            number * 2 + seed - 1,
            assessments[number % len(assessments)],
            pinned_id,
            channel,
            day - number % 300,
            patterns[chance.randrange(PATTERNS)],
        )


def _patterns(name: str, chance: random.Random) -> list[str]:
    questionnaire = library.questionnaire(name)
    made = []
    for _ in range(PATTERNS):
        said = {q.id: chance.choice(q.choices).value for q in questionnaire.closed}
        asked = {q.id: said[q.id] for q in path(questionnaire, said) if q.closed}
        made.append(packed(questionnaire, asked))
    return made
