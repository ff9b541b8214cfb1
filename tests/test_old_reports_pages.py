"""Old reports in the browser: the head brings one, confirms and takes it; the council reads; nobody else."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from build import TOKEN, a_campaign, a_user, an_organization, signed_in, within
from flask.testing import FlaskClient
from old_table import HEADINGS, POINTS, a_book, reckoned, row
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import AuditEvent, Duty, Role
from surveys import old_reports
from surveys.db import db
from surveys.releases import OldReport

INNS = ("7718084659", "7707083893", "7736050003")


@pytest.fixture
def codes(session: Session) -> list[str]:
    return [an_organization(f"Поликлиника № {n}", inn=inn) for n, inn in enumerate(INNS, 1)]


@pytest.fixture
def address(codes: list[str], client: FlaskClient) -> str:
    for role in (Role.OPERATOR, Role.COUNCIL, Role.CURATOR, Role.AUTHORITY):
        a_user(role)
    signed_in(client, Role.OPERATOR.value)
    return f"/operator/campaigns/{a_campaign(year=2026)}/old-reports"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Two known by INN, one whose INN is another's; one К2 of two indicators, one total divided by four."""
    two = {**reckoned(POINTS), "K2": 82.5}
    two["total"] = round((two["K1"] + 82.5 + two["K3"] + two["K4"] + two["K5"]) / 5, 2)
    four = reckoned(POINTS)
    four["total"] = round(sum(four[f"K{n}"] for n in range(1, 6)) / 4, 2)
    return a_book(
        tmp_path / "отчёт.xlsx",
        [
            HEADINGS,
            row(1, "Поликлиника № 1", INNS[0], two),
            row(2, "Поликлиника № 2", INNS[1], four),
            row(3, "Поликлиника № 3", "5008006211", reckoned(POINTS)),
            row(4, "Поликлиника № 4", "5008006212", {**reckoned(POINTS), "1.1": 250}),
        ],
    )


def token(client: FlaskClient) -> str:
    found = TOKEN.search(client.get("/sign-in", follow_redirects=True).text)
    assert found is not None
    return found[1]


def sent(client: FlaskClient, address: str, **given: object) -> TestResponse:
    return client.post(address, data={"csrf_token": token(client), **given}, follow_redirects=True)


def brought(client: FlaskClient, address: str, file: Path, year: str = "2025") -> TestResponse:
    return sent(client, address, file=(BytesIO(file.read_bytes()), file.name), year=year)


def confirmed(client: FlaskClient, page: TestResponse, **given: str) -> TestResponse:
    """The form of the columns as it stands on this page, with what is given."""
    chosen = {
        name: within(r'<option value="([^"]*)" selected>', body)
        for name, body in re.findall(r'<select name="(col-\d+)".*?>(.*?)</select>', page.text, re.DOTALL)
    }
    return sent(client, f"{page.request.path}/columns", **{**chosen, **given})


def listed(client: FlaskClient, address: str) -> set[str]:
    """Numbers of the clinics in the list."""
    page = client.get(address).text.partition('id="list"')[2].replace("\u00a0", " ")
    return set(re.findall(r"Поликлиника № (\d)</a>", page))


def test_from_a_file_to_the_council(client, address, codes, table) -> None:
    page = brought(client, address, table)
    assert page.status_code == 200
    assert "По отчёту прошлого оператора" in page.text
    assert "название то же, а ИНН другой" in page.text and "баллы бывают от 0 до 100" in page.text
    done = confirmed(client, page, take="1", **{"org-4": codes[2]})
    assert "К2 посчитан как среднее двух показателей, 2.1 и 2.3, а не трёх" in done.text
    assert "сумма критериев делена на 4, а не на 5" in done.text
    assert old_reports.reported(db.session(), codes, 2025).keys() == set(codes)
    here = done.request.path
    db.session.rollback()
    told = client.get(f"{here}/rows/2")
    assert "Итог, если посчитать всё заново" in told.text and "+3,00" in told.text
    assert client.get(f"{here}/rows/9").status_code == 404
    assert listed(client, f"{here}?kind=K2|two_of_three") == {"1"}
    assert listed(client, here) == {"1", "2"}
    assert listed(client, f"{here}?show=all") == {"1", "2", "3"}
    assert listed(client, f"{here}?show=all&q=поликлиника+3") == {"3"}
    assert client.get(f"{here}?kind=K2|nonsense").status_code == 404
    for ending in ("csv", "xlsx"):
        assert client.get(f"{here}/comparison.{ending}").status_code == 200
    assert [event.action for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))][-1] == (
        "old-report-taken"
    )
    for role in (Role.COUNCIL, Role.AUTHORITY, Role.CURATOR):
        signed_in(client, role.value)
        council = here.replace("/operator/", "/council/")
        assert "сумма критериев делена на 4" in client.get(council).text
        assert client.get(f"{council}/rows/2").status_code == 200
        assert "old-reports" in client.get(council.rpartition("/old-reports")[0]).text
        assert client.get(here).status_code == 403


def test_columns_changed_are_shown_before_anything_is_taken(client, address, table) -> None:
    page = brought(client, address, table)
    again = confirmed(client, page, take="1", **{"col-18": "@skip"})
    assert "Столбцы изменены" in again.text and "Сверить отчёт" in again.text
    twice = confirmed(client, page, **{"col-18": "K2"})
    assert twice.status_code == 422 and "Одно и то же выбрано у двух столбцов" in twice.text


def test_the_same_file_twice_leads_to_the_first(client, address, table) -> None:
    first = brought(client, address, table)
    confirmed(client, first, take="1")
    again = brought(client, address, table)
    assert again.request.path == first.request.path and "уже загружен" in again.text
    db.session.rollback()
    assert len(db.session.scalars(select(OldReport.id)).all()) == 1


def test_a_report_is_let_go(client, address, codes, table) -> None:
    page = brought(client, address, table)
    here = confirmed(client, page, take="1").request.path
    assert "Числа 2 организаций" in client.get(f"{here}/undo").text
    assert "Отчёт убран" in sent(client, f"{here}/undo").text
    assert client.get(here).status_code == 404
    assert old_reports.reported(db.session(), codes, 2025) == {}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_bad_file_and_a_bad_year_are_told_beside_the_field(client, address, table, tmp_path) -> None:
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"\x89PNG\0")
    assert brought(client, address, bad).status_code == 422
    answer = brought(client, address, table, year="2030")
    assert answer.status_code == 422 and "Год отчёта — от 2014 до 2025." in answer.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_the_head_of_the_team_comes_in(client, address) -> None:
    a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER)
    signed_in(client, "verifier")
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_another_row_of_headings_is_read(client, address, tmp_path) -> None:
    rows = [["Таблица"], HEADINGS, row(1, "Поликлиника № 1", INNS[0], reckoned(POINTS))]
    page = brought(client, address, a_book(tmp_path / "a.xlsx", rows))
    answer = sent(client, f"{page.request.path}/sheet", sheet="Лист1", first="3")
    assert answer.status_code == 200 and "Выберите столбец" in answer.text
    assert "Сверить отчёт" in sent(client, f"{page.request.path}/sheet", sheet="Лист1", first="0").text
    assert (
        "Такого листа в файле нет"
        in sent(client, f"{page.request.path}/sheet", sheet="чужой", first="0").text
    )
