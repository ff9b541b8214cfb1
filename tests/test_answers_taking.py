"""Files of answers as operators have them: counted once, refused with a reason, undone whole."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from build import a_campaign, an_organization
from sqlalchemy import func, select

from surveys import answers, counts, library, queries, recount
from surveys.answers import Options
from surveys.db import db, writing
from surveys.models import Proposal, Response

FULL = library.questionnaire("675n-full")
SAID = {
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
NAME = "Городская поликлиника № 12"
Write = Callable[..., Path]


@pytest.fixture
def campaign(session) -> int:
    an_organization(NAME, inn="7718084659")
    an_organization("Городская больница № 5", address="Мира, 1")
    return a_campaign()


@pytest.fixture
def table(tmp_path: Path) -> Write:
    """Writes rows as XLSX or CSV."""

    def write(rows: Sequence[Sequence[object]], name: str = "answers.xlsx", encoding: str = "utf-8-sig") -> Path:
        file = tmp_path / name
        if name.endswith("xlsx"):
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(list(row))
            book.save(file)
        else:
            text = io.StringIO(newline="")
            csv.writer(text, delimiter=";").writerows(rows)
            file.write_bytes(text.getvalue().encode(encoding))
        return file

    return write


def google(*people: dict[str, object], first: datetime = datetime(2026, 3, 1, 9, 1, 5)) -> list[list[object]]:  # noqa: DTZ001
    """An export of Google Forms: a stamp, the organisation, the wordings."""
    heading: list[object] = ["Отметка времени", "Выберите организацию", *(q.wording for q in FULL.questions)]
    rows: list[list[object]] = [heading]
    for number, person in enumerate(people):
        said = {**SAID, **person}
        stamp = first.replace(minute=number % 60, hour=9 + number // 60)
        rows.append([stamp, said.get("organization", NAME), *(said[q.id] for q in FULL.questions)])
    return rows


def take(path: Path, campaign: int, *, dry_run: bool = False, **options) -> answers.Report:
    return answers.take(path, Options(**options), campaign_id=campaign, by="head", dry_run=dry_run)


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Response)) or 0


def heard(campaign: int) -> counts.Heard:
    db.session.rollback()
    return max(counts.heard(db.session(), campaign).values(), key=lambda one: one.responses)


def told(report: answers.Report) -> tuple[int, int, int, int]:
    return report.accepted, report.updated, report.repeated, len(report.refused)


@pytest.mark.parametrize("name", ["answers.xlsx", "answers.csv"])
def test_a_form_of_google_is_counted_as_it_is(campaign, table, name) -> None:
    report = take(table(google({}, {"overall": "нет "}, {"disability": "ДА", "accessibility": "да"}), name), campaign)
    assert (told(report), report.warnings) == ((3, 0, 0, 0), [])
    assert stored() == 3
    found = heard(campaign).answers()
    assert (found["overall"], found["stand"], found["site"]) == ((2, 3), (3, 3), None)
    assert found["accessibility"] == (1, 1)
    assert heard(campaign).profile()["age_45_59"] == 3
    assert list(recount.disagreements(db.session(), campaign)) == []


def test_the_same_file_twice_adds_nothing(campaign, table) -> None:
    file = table(google({}, {}, {"overall": "Нет"}))
    assert told(take(file, campaign)) == (3, 0, 0, 0)
    assert told(take(file, campaign, dry_run=True)) == (0, 0, 3, 0)
    assert told(take(file, campaign)) == (0, 0, 3, 0)
    assert stored() == 3


def test_a_dry_run_says_what_would_be_done_and_does_nothing(campaign, table) -> None:
    report = take(table(google({}, {"overall": "может быть"})), campaign, dry_run=True)
    assert (told(report), report.batch, stored()) == ((1, 0, 0, 1), None, 0)
    [one] = report.refused
    assert (one.row, one.value, one.reason) == (3, "может быть", "такого ответа нет")
    assert one.column.startswith("Q: ")
