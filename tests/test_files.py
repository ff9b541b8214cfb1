"""The way of a file over the pages: brought, understood, checked, counted or let go, undone; two at once; bad files.

How a table is read is no matter of these tests: a reader of their own stands behind the pages.
"""

import csv
import os
import re
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from build import a_campaign, a_user, an_organization, signed_in
from filing import Desk, batch, kept
from manners import MannerlyClient
from sqlalchemy import select

from accounts.models import AuditEvent, Duty, Role
from operator_app.files import kinds, storage, work
from surveys import bell, queue
from surveys.answers import (
    ORGANIZATION,
    SKIP,
    UNKNOWN,
    Column,
    FileUntakable,
    Fit,
    Found,
    Look,
    Options,
    Report,
    Understood,
)
from surveys.batches import Batch, Kind, State
from surveys.clock import now
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal
from surveys.tabular import FileRefused

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CHOICES = (
    (ORGANIZATION, "Организация"),
    ("overall", "13. Довольны ли вы в целом"),
    ("comfort", "4. Удобно ли было"),
)


class Clerk:
    """A reader of a file whose every row is a form; `told` is what it was asked, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.remembered: dict[int, str] = {}
        self.refusal: Exception | None = None
        self.meanwhile = 0

    def look(self, session: Any, path: Path, campaign: Campaign, channel: str, **given: Any) -> Look:
        self.told.append("look")
        if self.refusal:
            raise self.refusal
        heads, *rows = csv.reader(path.read_text("utf-8").splitlines(), delimiter=";")
        meant = given["columns"] or {0: ORGANIZATION, 1: "overall", 2: UNKNOWN}
        columns = [
            Column(
                place,
                "ABC"[place],
                head,
                meant[place],
                1.0,
                meant[place] != UNKNOWN,
                (),
                tuple(r[place] for r in rows),
            )
            for place, head in enumerate(heads)
        ]
        shown = [Understood(n, row[0], {"overall": row[1]}) for n, row in enumerate(rows, 2)]
        return Look(
            kind="answers", sheet="", sheets=("Ответы",), header_rows=(1,), headings=tuple(heads),
            headings_sha256="0" * 64, columns=tuple(columns), questionnaire=given["questionnaire"] or "675n-full",
            fits=(Fit("675n-full", "Полная", 2, 15), Fit("bus-gov-13", "Короткая", 1, 13)), choices=CHOICES,
            missing=("stand_seen",), preview=tuple(shown), rows=len(rows),
        )  # fmt: skip

    def remember(self, session: Any, seen: Look, columns: dict[int, str]) -> None:
        self.remembered = columns

    def take(self, path: Path, options: Options, *, batch_id: int, dry_run: bool, **given: Any) -> Report:
        self.told.append("check" if dry_run else "count")
        if self.refusal:
            raise self.refusal
        rows = [row.split(";") for row in path.read_text("utf-8").splitlines()[1:]]
        bad = [n for n, row in enumerate(rows, 2) if row[1] not in ("да", "нет")]
        report = Report(rows=len(rows), accepted=len(rows) - len(bad), dry_run=dry_run)
        report.refused = [
            Found(n, "B: Удовлетворены ли Вы", "может быть", "непонятный ответ", "Впишите «да».") for n in bad
        ]
        given["refused_to"].write_text("строка;столбец\n4;B\n", "utf-8")
        if not dry_run:
            report.accepted, report.repeated = report.accepted - self.meanwhile, self.meanwhile
        with writing() as session:
            batch = session.get_one(Batch, batch_id)
            batch.state = State.CHECKED if dry_run else State.COUNTED
            batch.report = {**batch.report, **report.as_dict()}
            batch.mapping = options.as_dict()
        return report

    def undo(self, session: Any, batch_id: int, by: str) -> None:
        self.told.append("undo")
        session.get_one(Batch, batch_id).state = State.UNDONE


def acts() -> list[str]:
    return [event.action for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Clerk:
    made = Clerk()
    readers: Mapping[str, Any] = {Kind.ANSWERS: made, Kind.COUNTERS: made}
    monkeypatch.setattr(kinds, "READERS", readers)
    return made


@pytest.fixture
def desk(page: MannerlyClient, clerk: Clerk) -> Desk:
    an_organization()
    campaign_id = a_campaign()
    signed_in(page, a_user(Role.OPERATOR))
    return Desk(page, campaign_id)


def test_a_file_goes_its_whole_way_and_is_not_kept_longer(app, desk, clerk) -> None:
    assert desk.brought().status_code == 303
    assert (batch().state, batch().file_name, clerk.told) == (State.UPLOADED, "ответы.csv", ["look"])
    assert kept(app) == ["", "look.json"]
    columns = desk.shown()
    assert "Проверьте, верно ли служба поняла столбцы" in columns
    assert re.search(r'<option value="overall" selected>', columns)
    assert "! не понято" in columns
    assert "может быть" in columns
    desk.sent("columns", check="1", **{"col-2": SKIP})
    assert clerk.remembered == {0: ORGANIZATION, 1: "overall", 2: SKIP}
    checked = desk.shown()
    assert batch().state == State.CHECKED
    assert re.search("Учесть 2 ", checked)
    assert "Непонятный ответ" in checked
    assert re.search("строка 4, столбец.{0,3}B", checked)
    assert desk.client.get(f"{desk.address}/{batch().id}/refused.csv").data.startswith("строка".encode())
    desk.sent("count")
    assert batch().state == State.COUNTED
    assert kept(app) == ["refused.csv"], "what people said is not kept longer than is needed"
    assert "Учтено не то" not in desk.shown()
    assert desk.sent("undo").status_code == 303
    assert batch().state == State.UNDONE
    assert kept(app) == []
    assert clerk.told == ["look", "check", "count", "undo"]
    assert acts() == ["file-uploaded"], "the rest is told by whoever reads"


def test_a_file_is_kept_for_the_service_alone_under_a_name_that_says_nothing(app, desk) -> None:
    desk.brought()
    place = storage.folder() / batch().kept_as
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert re.fullmatch("[0-9a-f]{32}", place.name)
    assert len(batch().file_sha256) == 64


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "kept_as"),
    [
        ("C:\\Мои документы\\..\\Иванова \0 анкеты.csv", "Иванова анкеты.csv"),
        ("../../etc/passwd", "passwd"),
        ("<b>\r\nX: y</b>.csv", "b>.csv"),
        ("..", ".."),
        ("\ud800", "файл"),
        (None, "файл"),
        ("а" * 300 + ".csv", "а" * 255),
    ],
)
def test_a_files_name_is_a_line_of_text_and_no_path(given, kept_as) -> None:
    assert storage.plain_name(given) == kept_as


def test_other_columns_are_shown_again_and_nothing_is_checked(desk, clerk) -> None:
    desk.brought()
    answer = desk.sent("columns", again="1", **{"col-2": "comfort"})
    assert answer.status_code == 303
    assert clerk.told == ["look", "look"]
    assert re.search(r'<option value="comfort" selected>', desk.shown())
    desk.sent("columns", check="1", questionnaire="bus-gov-13")
    assert clerk.told == ["look"] * 3, "of another questionnaire the columns are proposed anew"
    assert batch().mapping["questionnaire"] == "bus-gov-13"


def test_the_choices_of_the_page_reach_the_reader(desk) -> None:
    desk.brought(channel="phone")
    chosen = {
        "off_path": "refuse",
        "only_if_clean": "1",
        "separate": "1",
        "organization": " K7M4PX2D ",
        "col-2": SKIP,
    }
    desk.sent("columns", check="1", **chosen)
    told = Options.from_dict(batch().mapping)
    assert (told.channel, told.off_path, told.only_if_clean, told.separate) == ("phone", "refuse", True, True)
    assert told.organization == "K7M4PX2D"
    assert "учесть файл только целиком" in desk.shown()
    assert "Учесть 2" not in desk.shown()


@ON_SQLITE
@pytest.mark.parametrize(
    "given", [{"col-1": "no_such"}, {"off_path": "x"}, {"questionnaire": "epgu-5"}, {"sheet": "Лист9"}]
)
def test_what_no_page_of_ours_sends_is_refused(desk, clerk, given) -> None:
    desk.brought()
    answer = desk.sent("columns", check="1", **given)
    assert answer.status_code == 400
    assert "Эта страница устарела" in answer.text
    assert clerk.told == ["look"]


def test_one_question_in_two_columns_is_asked_about(desk, clerk) -> None:
    desk.brought()
    answer = desk.sent("columns", check="1", **{"col-2": "overall"})
    assert answer.status_code == 422
    assert "выбран у двух столбцов" in answer.text
    assert len(re.findall('<option value="overall" selected>', answer.text)) == 2, (
        "what was chosen stays chosen"
    )
    assert clerk.told == ["look"]


def test_nothing_is_counted_of_a_file_that_is_let_go(app, desk, clerk) -> None:
    desk.brought()
    desk.sent("columns", check="1")
    assert "Ничего не загружено" in desk.client.get(desk.sent("drop").location).text
    assert batch().state == State.DROPPED
    assert kept(app) == []
    desk.sent("count")
    assert clerk.told == ["look", "check"]
    assert acts() == ["file-uploaded", "file-dropped"]


# Two at once


def test_pressed_twice_it_is_counted_once(desk, clerk) -> None:
    desk.brought()
    desk.sent("columns", check="1")
    stale = desk.shown()
    assert [desk.sent("count", stale).status_code for _ in range(3)] == [303] * 3
    assert clerk.told.count("count") == 1
    assert "Дважды ничего не сделано" in desk.shown()


def test_whoever_looks_at_an_old_page_is_told(app, desk, clerk) -> None:
    desk.brought()
    desk.sent("columns", check="1")
    stale = desk.shown()
    other = MannerlyClient(app, app.response_class)
    signed_in(other, a_user(Role.OPERATOR, login="petrova", duty=Duty.VERIFIER))
    theirs = Desk(other, batch().campaign_id)
    theirs.sent("columns", stale, again="1", **{"col-2": SKIP})
    answer = desk.sent("count", stale)
    assert "с этим файлом уже поработали" in desk.client.get(answer.location).text
    assert clerk.told.count("count") == 0


def test_while_somebody_works_on_a_file_nobody_else_begins(desk, clerk, monkeypatch) -> None:
    desk.brought()
    desk.sent("columns", check="1")
    page = desk.shown()
    monkeypatch.setattr(bell.Bell, "ring", lambda self, job_id: None)
    desk.sent("count", page)
    running = db.session.get_one(Job, batch().job_id)
    assert running.state == JobState.WAITING
    working = desk.shown()
    assert "Ждёт своей очереди" in working
    assert '<noscript><meta http-equiv="refresh"' in working
    for what in ("count", "columns", "drop"):
        assert desk.sent(what, f'name="seen" value="{running.id}"', check="1").status_code == 303
    assert [job.name for job in db.session.scalars(select(Job).where(Job.state == JobState.WAITING))] == [
        "files.count"
    ]
    assert batch().state == State.CHECKED


def test_a_crash_in_the_middle_counts_nothing_twice(app, desk, clerk, monkeypatch) -> None:
    desk.brought()
    desk.sent("columns", check="1")
    forget = storage.forget
    monkeypatch.setattr(storage, "forget", lambda *_given, **_more: (_ for _ in ()).throw(KeyboardInterrupt))
    desk.sent("count")
    monkeypatch.setattr(storage, "forget", forget)
    assert batch().state == State.COUNTED
    assert queue.take_up(alone=True) == [batch().job_id]
    assert clerk.told.count("count") == 1
    assert kept(app) == ["refused.csv"], "and the heir finishes what was left"


def test_a_promise_that_was_not_kept_is_explained(desk, clerk) -> None:
    desk.brought()
    desk.sent("columns", check="1")
    clerk.meanwhile = 1
    desk.sent("count")
    shown = desk.shown()
    assert "Учтено не то, что обещала проверка" in shown
    assert batch().report["promised"] == {"accepted": 2, "updated": 0, "repeated": 0, "refused_rows": 1}


def test_the_very_same_file_is_named_and_may_go_on(desk, clerk) -> None:
    desk.brought()
    desk.sent("columns", check="1")
    desk.sent("count")
    first = batch().id
    desk.brought(name="тот же.csv")
    for page in (desk.shown(), (desk.sent("columns", check="1"), desk.shown())[1]):
        assert "Точно такой же файл уже учтён" in page
        assert f"/files/{first}" in page
    desk.sent("count")
    assert batch().state == State.COUNTED


# The report in somebody's hands


def test_a_report_with_refusals_waits_for_somebodys_eyes(desk) -> None:
    desk.brought()
    desk.sent("columns", check="1")
    desk.sent("count")
    assert "! не просмотрен" in desk.client.get(desk.address).text
    desk.sent("reviewed")
    assert batch().reviewed_by == "operator"
    assert "Просмотрено верификатором: operator" in desk.shown()
    assert "! не просмотрен" not in desk.client.get(desk.address).text
    assert acts()[-1] == "file-reviewed"


def test_undoing_says_first_what_would_disappear(desk) -> None:
    desk.brought()
    assert "Отменить эту загрузку?" not in desk.shown("/undo"), "nothing is counted yet"
    desk.sent("columns", check="1")
    desk.sent("count")
    asked = desk.shown("/undo")
    assert "Исчезнет анкет" in asked
    assert batch().state == State.COUNTED


# Files that cannot be taken


@pytest.mark.parametrize(
    "refusal", [FileRefused("Файл под паролем: снимите пароль."), FileUntakable("В файле нет заголовков.")]
)
def test_a_file_that_cannot_be_taken_is_not_kept_and_says_why(app, desk, clerk, refusal) -> None:
    clerk.refusal = refusal
    shown = desk.client.get(desk.brought().location).text
    assert str(refusal) in shown
    assert (batch().state, kept(app)) == (State.REFUSED, [])
    assert "✕ не принят" in desk.client.get(desk.address).text
    assert acts() == ["file-uploaded", "file-refused"]


def test_a_mapping_that_does_not_fit_keeps_the_file(app, desk, clerk) -> None:
    desk.brought()
    clerk.refusal = FileUntakable("Ни один столбец не назван организацией.")
    for what in ("again", "check"):
        desk.sent("columns", **{what: "1"})
        assert "Ни один столбец не назван организацией." in desk.shown()
        assert (batch().state, kept(app)) == (State.UPLOADED, ["", "look.json"])


def test_what_broke_is_said_without_quoting_anybody(desk, clerk, caplog) -> None:
    desk.brought()
    clerk.refusal = ValueError("Иванова: может быть")
    desk.sent("columns", check="1")
    assert "что-то сломалось" in desk.shown()
    assert "Иванова" not in caplog.text
    clerk.refusal = None
    desk.sent("columns", check="1")
    assert batch().state == State.CHECKED


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"content": b""}, "Файл пуст"),
        ({"kind": "nothing"}, "Что в файле"),
        ({"channel": "poster"}, "Как собирали"),
        ({"name": ""}, "Выберите файл"),
    ],
)
def test_an_upload_that_makes_no_sense_stays_on_its_page(app, desk, given, said) -> None:
    answer = desk.brought(**given)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(select(Batch.id)) is None
    assert kept(app) == []


@ON_SQLITE
def test_a_file_over_the_limit_is_refused_and_nothing_of_it_stays(app, desk, monkeypatch) -> None:
    monkeypatch.setattr(storage, "MOST_BYTES", 1000)
    answer = desk.brought(b"x" * 1001)
    assert answer.status_code == 422
    assert "Файл больше 50 МБ" in answer.text
    assert kept(app) == []
    monkeypatch.setitem(vars(app.view_functions["files.upload"]), "takes", (3000, 100, False))
    answer = desk.brought(b"x" * 4000)
    assert answer.status_code == 413
    assert "большой файл" in answer.text


@ON_SQLITE
def test_a_full_disk_is_said_so(app, desk, monkeypatch) -> None:
    def full(_place: Path) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "_created", full)
    answer = desk.brought()
    assert answer.status_code == 422
    assert "нет места" in answer.text


@pytest.mark.parametrize("what", ["", "columns", "count", "drop", "undo", "reviewed"])
@ON_SQLITE
def test_a_campaign_that_collects_no_more_takes_nothing(desk, clerk, what) -> None:
    desk.brought()
    with writing() as session:
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    answer = desk.sent(what) if what else desk.brought()
    assert answer.status_code == 400
    assert "больше не собирает" in answer.text
    assert clerk.told == ["look"]
    assert desk.client.get(desk.address).status_code == 200


@ON_SQLITE
def test_a_file_of_another_campaign_is_not_here(desk) -> None:
    desk.brought()
    elsewhere = a_campaign(title="Прошлая", year=2020)
    for what in ("", "/columns", "/undo", "/refused.csv"):
        assert desk.client.get(f"/operator/campaigns/{elsewhere}/files/{batch().id}{what}").status_code == 404


# What is forgotten by itself


def test_a_file_that_nobody_came_back_for_is_let_go_in_two_weeks(app, desk) -> None:
    desk.brought()
    work.sweep()
    assert batch().state == State.UPLOADED
    with writing() as session:
        session.scalars(select(Batch)).one().made_at -= timedelta(days=15)
    past = time.time() - 2 * 86_400
    for file in storage.folder().iterdir():
        os.utime(file, (past, past))
    work.sweep()
    assert batch().state == State.DROPPED
    assert kept(app) == []
    assert "Файл ждал две недели" in desk.shown()


def test_the_list_is_shown_by_pages(desk) -> None:
    with writing() as session:
        for number in range(31):
            session.add(
                Batch(campaign_id=int(desk.address.split("/")[3]), kind=Kind.ANSWERS, state=State.DROPPED, channel=6,
                      file_name=f"файл {number}.csv", made_by="operator", made_at=now())
            )  # fmt: skip
    assert "файл 0.csv" not in desk.client.get(desk.address).text
    assert "файл 0.csv" in desk.client.get(f"{desk.address}?page=2").text
    assert desk.client.get(f"{desk.address}?page=x").status_code == 200


def test_a_refusal_of_the_campaign_is_told_and_the_file_waits(desk, clerk) -> None:
    desk.brought()
    clerk.refusal = Refusal("Кампания больше не собирает ответы.")
    desk.sent("columns", check="1")
    assert "Кампания больше не собирает ответы." in desk.shown()
    assert batch().state == State.UPLOADED
