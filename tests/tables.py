"""Tables of answers as operators bring them, written to files; what became of them."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import func, select

from surveys import answers, counts, library
from surveys.answers import Options
from surveys.db import db
from surveys.models import Response

FULL = library.questionnaire("675n-full")
NAME = "Городская поликлиника № 12"
OTHER = "Городская больница № 5"
SAID: dict[str, object] = {
    "stand_seen": "Да",
    "stand": "Да",
    "site_seen": "Нет",
    "site": "",
    "on_time": "Да",
    "comfort": "Нет",
    "disability": "Нет",
    "accessibility": "",
    "first_contact": "Да",
    "service_staff": "Да",
    "remote_used": "Нет",
    "remote_staff": "",
    "recommend": "Да",
    "schedule": "Да",
    "overall": "Да",
    "proposals": "",
    "sex": "Женский",
    "age": "45",
}
Rows = list[list[Any]]


def xlsx(file: Path, rows: Sequence[Sequence[Any]], title: str = "Ответы на форму (1)") -> Path:
    """The rows as the first sheet of a book."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    book.save(file)
    return file


def as_csv(
    file: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", separator: str = ";"
) -> Path:
    """The rows as Excel or a form saves them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def google(*people: dict[str, object], stamped: bool = True) -> Rows:
    """An export of Google Forms: a stamp, the organisation, the questions in the Order's words."""
    rows: Rows = [["Отметка времени", "Выберите организацию", *(q.wording for q in FULL.questions)]]
    for number, person in enumerate(people):
        said = {**SAID, **person}
        stamp = datetime(2026, 3, 1, 9 + number // 60, number % 60, 7)  # noqa: DTZ001
        rows.append([stamp, said.get("organization", NAME), *(said[q.id] for q in FULL.questions)])
    return rows if stamped else [row[1:] for row in rows]


def numbered(*people: dict[str, object]) -> Rows:
    """The same with «№ анкеты» instead of the stamp; each person may bring `number`."""
    rows = google(*people)
    rows[0][0] = "№ анкеты"
    for place, (row, person) in enumerate(zip(rows[1:], people, strict=True), 1):
        row[0] = person.get("number", place)
    return rows


def take(
    path: Path, campaign_id: int, *, dry_run: bool = False, refused_to: Path | None = None, **options: Any
) -> answers.Report:
    """The file through the engine."""
    return answers.take(
        path, Options(**options), campaign_id=campaign_id, by="head", dry_run=dry_run, refused_to=refused_to
    )


def told(report: answers.Report) -> tuple[int, int, int, int]:
    """Accepted, updated, repeated, refused."""
    return report.accepted, report.updated, report.repeated, len(report.refused)


def stored() -> int:
    """Responses in the database."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Response)) or 0


def figures(campaign_id: int) -> dict[str, tuple[int, int] | None]:
    """Numerators and denominators over all organisations of the campaign."""
    db.session.rollback()
    total: dict[str, tuple[int, int] | None] = {}
    for heard in counts.heard(db.session(), campaign_id).values():
        for name, share in heard.answers().items():
            before = total.get(name)
            total[name] = (
                (before[0] + share[0], before[1] + share[1]) if before and share else share or before
            )
    return total


def responses(campaign_id: int) -> int:
    """How many are counted in the campaign's figures."""
    db.session.rollback()
    return sum(heard.responses for heard in counts.heard(db.session(), campaign_id).values())
