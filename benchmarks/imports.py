"""A table of 100,000 questionnaires taken in, beside an openpyxl and ORM loop and beside the bare floor, same run.

The floor reads the sheet with calamine and puts the rows in by one executemany: no validation, no tallies, no keys.
The loop does what a first version would: openpyxl, an object a row, a session a thousand rows; it counts tallies too.
"""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from benchmarks import world
from surveys import answers, library, queries, recount
from surveys.answers import Options
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Response
from surveys.questionnaire import Questionnaire, heard, increments, packed

ROWS = int(os.environ.get("NOK_BENCH_ROWS", "100000"))
LOOPED = int(os.environ.get("NOK_BENCH_LOOPED", str(ROWS)))
ORGANIZATIONS = 300
ORM_FLUSH = 1_000


def measure() -> dict[str, Any]:
    """Write the table, look at it, take it in; the floor and the loop on databases of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "answers.xlsx"
        form = library.questionnaire("675n-full")
        _write(file, form, ROWS)
        floor = _timed(lambda: _floor(file, folder / "floor.sqlite3"))
        looked, ours, again, undone, held, agreed = _ours(folder / "ours", file)
        looped = _timed(lambda: _loop(file, folder / "loop")) * ROWS / LOOPED
        memory = _memory(folder / "memory", file)
        size = file.stat().st_size / 2**20
    return {
        "orm_loop_over_import": looped / ours,
        "floor_over_import": floor / ours,
        "look_seconds": looked,
        "tallies_agree": agreed,
        "memory_mb": memory,
        "seconds": {
            "import": ours,
            "writer_waits_at_most": held,
            "same_file_again": again,
            "undo": undone,
            "floor": floor,
            "orm_loop": looped,
        },
        "rows": ROWS,
        "file_mb": size,
    }


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _write(file: Path, form: Questionnaire, rows: int) -> None:
    """An export of Google Forms; one in ten left words, one in seven answers is «нет»."""
    chance = random.Random(1)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Ответы на форму (1)")
    sheet.append(["Отметка времени", "Выберите организацию", *(q.wording for q in form.questions)])
    stamp = datetime(today().year, 1, 10, 9)  # noqa: DTZ001
    for number in range(rows):
        stamp += timedelta(seconds=chance.randrange(1, 200))
        sheet.append(
            [
                stamp,
                f"Городская поликлиника № {chance.randrange(ORGANIZATIONS)}",
                *_person(form, chance, number),
            ]
        )
    book.save(file)


def _person(form: Questionnaire, chance: random.Random, number: int) -> list[object]:
    said: dict[str, object] = {}
    for question in form.questions:
        if question.kind == "yes_no":
            asked = all(said.get(other) == "Да" for other in question.when)
            said[question.id] = ("Да" if chance.random() < 0.86 else "Нет") if asked else None
        elif question.kind == "text":
            said[question.id] = f"Поставьте скамейку {number}" if chance.random() < 0.1 else None
        else:
            said[question.id] = (
                chance.choice(["Женский", "Мужской"])
                if question.profile == "sex"
                else chance.randrange(18, 90)
            )
    return list(said.values())


def _floor(file: Path, database: Path) -> None:
    with CalamineWorkbook.from_path(file) as book:
        rows = book.get_sheet_by_index(0).iter_rows()
        next(rows)
        connection = sqlite3.connect(database)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE response "
            "(key INTEGER PRIMARY KEY, assessment_id, questionnaire_id, channel, place, day, answers)"
        )
        given = (
            (number, 1, 1, 7, 0, 1, "".join(str(cell)[:1] for cell in row[2:17]))
            for number, row in enumerate(rows)
        )
        connection.executemany("INSERT INTO response VALUES (?, ?, ?, ?, ?, ?, ?)", given)
        connection.commit()
        connection.close()


def _ours(folder: Path, file: Path) -> tuple[float, float, float, float, float, bool]:
    folder.mkdir()
    app, campaign_id, _codes = world.made(folder, ORGANIZATIONS)
    with app.app_context():
        session = db.session()
        looked = _timed(lambda: answers.look(session, file, session.get_one(Campaign, campaign_id), "import"))
        session.rollback()
        stop = threading.Event()
        waits: list[float] = []
        other = threading.Thread(target=_neighbour, args=(app, stop, waits))
        other.start()
        begun = time.perf_counter()
        report = answers.take(file, Options(), campaign_id=campaign_id, by="bench")
        ours = time.perf_counter() - begun
        stop.set()
        other.join()
        assert (report.accepted, len(report.refused)) == (ROWS, 0), report.as_dict(3)
        again = _timed(lambda: answers.take(file, Options(), campaign_id=campaign_id, by="bench"))
        agreed = not list(recount.disagreements(db.session(), campaign_id))
        db.session.rollback()
        undone = _timed(lambda: _undo(report.batch or 0))
        agreed = agreed and not list(recount.disagreements(db.session(), campaign_id))
        db.session.rollback()
    return looked, ours, again, undone, max(waits, default=0.0), agreed


def _neighbour(app: Any, stop: threading.Event, waits: list[float]) -> None:
    """Somebody else who writes: how long the import makes them wait."""
    with app.app_context():
        while not stop.wait(0.2):
            begun = time.perf_counter()
            with writing():
                pass
            waits.append(time.perf_counter() - begun)


def _undo(batch_id: int) -> None:
    with writing() as session:
        answers.undo(session, batch_id, "bench")


def _loop(file: Path, folder: Path) -> None:
    """openpyxl, an object a row, the same checks; tallies as objects too."""
    folder.mkdir()
    app, campaign_id, _codes = world.made(folder, ORGANIZATIONS)
    with app.app_context(), writing() as session:
        number = CHANNELS["import"].number
        pinned = session.get_one(Campaign, campaign_id).questionnaire_of(number)
        form = library.questionnaire(pinned.name)
        sheet = load_workbook(file, read_only=True).worksheets[0]
        words = {"Да": "yes", "Нет": "no"}
        totals: dict[int, list[int]] = {}
        places = {
            one.organization.name: one.id for one, _inspection in queries.assessed(session, campaign_id)
        }
        for place, row in enumerate(sheet.iter_rows(min_row=2, max_row=LOOPED + 1, values_only=True)):
            told = {q.id: words.get(str(cell), "") for q, cell in zip(form.questions, row[2:], strict=True)}
            said = packed(form, heard(form, told, blanks=True).answers)
            assessment = places[str(row[1])]
            plus = increments(form, said)
            totals[assessment] = [
                a + b for a, b in zip(totals.get(assessment, [0] * len(plus)), plus, strict=True)
            ]
            session.add(
                Response(key=place + 1, assessment_id=assessment, questionnaire_id=pinned.id, channel=number, place=0,
                         day=today(), answers=said)
            )  # fmt: skip
            if place % ORM_FLUSH == 0:
                session.flush()


def _memory(folder: Path, file: Path) -> int:
    """The largest resident size of a process that takes the file in, in megabytes."""
    folder.mkdir()
    world.made(folder, ORGANIZATIONS)
    environment = {**os.environ, "NOK_DATA_DIR": str(folder), "NOK_SECRET_KEY": world.SECRET}
    program = (
        "import resource, sys; from app import create_app; from pathlib import Path; from surveys import answers\n"
        "with create_app().app_context():\n"
        "    answers.take(Path(sys.argv[1]), answers.Options(), campaign_id=1, by='bench')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)
