"""Real tables over the pages: a form's export counted and undone by keys alone, and every kind of file that is none."""

import io
import re
import threading
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import pytest
from browser import axe
from build import PASSWORD, a_campaign, a_user, an_organization, signed_in
from filing import Desk, batch, kept
from flask import Flask
from manners import MannerlyClient
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from accounts.models import Role
from surveys import library
from surveys.batches import Batch, KnownColumns, State
from surveys.db import db
from surveys.models import Response, Tally

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NAME = "Городская поликлиника № 12"
FULL = library.questionnaire("675n-full")
SAID = {"stand_seen": "Да", "stand": "да ", "site_seen": "Нет", "site": "", "disability": "Нет", "accessibility": "",
        "remote_used": "Нет", "remote_staff": "", "proposals": "", "sex": "Женский", "age": 45}  # fmt: skip


def export(people: int, **changed: Mapping[str, object]) -> list[list[object]]:
    """An export of Google Forms: a stamp, the organisation, the wordings; `row_3=…` changes what a row says."""
    rows: list[list[object]] = [
        ["Отметка времени", "Выберите организацию", *(q.wording for q in FULL.questions)]
    ]
    for number in range(2, people + 2):
        said = {**SAID, **changed.get(f"row_{number}", {})}
        stamp = f"2026-03-01 {9 + number // 60:02}:{number % 60:02}:07"
        rows.append([stamp, said.get("organization", NAME), *(said.get(q.id, "Да") for q in FULL.questions)])
    return rows


def xlsx(rows: Sequence[Sequence[object]], merged: str = "") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    if merged:
        book.active.merge_cells(merged)
    book.save(out)
    return out.getvalue()


def csv(rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode(
        encoding, "surrogatepass"
    )


def counted() -> tuple[int, int]:
    """Responses, and what the tallies hold."""
    db.session.rollback()
    tallies = db.session.scalar(select(func.coalesce(func.sum(Tally.responses), 0)))
    return db.session.scalar(select(func.count()).select_from(Response)) or 0, int(tallies or 0)


@pytest.fixture
def files(page: MannerlyClient) -> Desk:
    an_organization(NAME)
    campaign_id = a_campaign()
    signed_in(page, a_user(Role.OPERATOR))
    return Desk(page, campaign_id)


def chosen(files: Desk) -> dict[str, str]:
    """The columns form as a browser would send it untouched."""
    shown = files.shown("/columns")
    lists = re.findall(r'<select name="(col-\d+)".*?</select>', shown, re.S)
    found = {name: "" for name in lists}
    for name, body in re.findall(r'<select name="(col-\d+)"(.*?)</select>', shown, re.S):
        marked = re.search(r'<option value="([^"]*)" selected>', body)
        found[name] = marked[1] if marked else ""
    return found


def test_an_export_of_a_form_is_understood_counted_and_undone(app: Flask, files: Desk) -> None:
    said = {
        "row_5": {"overall": "может быть"},
        "row_7": {"stand_seen": "Нет"},
        "row_9": {"organization": "Школа"},
    }
    files.brought(xlsx(export(20, **said)), "Ответы на форму.xlsx")
    mapping = chosen(files)
    assert set(mapping.values()) == {"@time", "@organization", *(q.id for q in FULL.questions)}
    files.sent("columns", check="1", **mapping)
    report = files.shown()
    assert re.search("Учесть 18 ", report)
    for told in ("может быть", "строка 5", "строка 9", "Ответ мимо фильтра"):
        assert told in report
    assert counted() == (0, 0)
    assert (
        files.client.get(f"{files.address}/{batch().id}/refused.csv").data.decode("utf-8-sig").count("\r\n")
        == 3
    )
    files.sent("count")
    assert counted() == (18, 18)
    assert db.session.scalar(select(func.count()).select_from(KnownColumns)) == 1
    asked = files.shown("/undo")
    assert re.search(r"Исчезнет анкет</dt>\s*<dd>18", asked)
    files.sent("undo")
    assert (batch().state, counted()) == (State.UNDONE, (0, 0))
    assert kept(app) == []


def test_the_same_file_adds_nothing_and_its_columns_are_remembered(files: Desk) -> None:
    file = xlsx(export(5))
    for _ in range(2):
        files.brought(file)
        files.sent("columns", check="1", **chosen(files))
        files.sent("count")
    assert counted() == (5, 5)
    files.brought(file)
    assert "как вы подтвердили в прошлый раз" in files.shown()
    assert "✓ как в прошлый раз" in files.shown()


@ON_SQLITE
def test_two_files_of_the_same_rows_counted_at_once_count_once(app: Flask, files: Desk) -> None:
    numbers = []
    for _ in range(2):
        files.brought(xlsx(export(40)))
        files.sent("columns", check="1", **chosen(files))
        numbers.append((batch().id, batch().job_id))
    token, gate = files.token(), threading.Barrier(4)
    session_cookie = files.client.get_cookie("nok")
    assert session_cookie is not None

    def press(number: int, seen: str) -> None:
        client = MannerlyClient(app, app.response_class)
        client.set_cookie("nok", session_cookie.value)
        gate.wait()
        client.post(f"{files.address}/{number}/count", data={"csrf_token": token, "seen": seen})

    hands = [threading.Thread(target=press, args=one) for one in numbers * 2]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert counted() == (40, 40)
    assert {one.state for one in db.session.scalars(select(Batch))} == {State.COUNTED}


def test_rows_that_somebody_counted_meanwhile_are_named_repeats(files: Desk) -> None:
    files.brought(xlsx(export(10)))
    files.sent("columns", check="1", **chosen(files))
    first, page = batch().id, files.shown()
    files.brought(csv(export(6)), "те же.csv")
    files.sent("columns", check="1", **chosen(files))
    files.sent("count")
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    files.client.post(f"{files.address}/{first}/count", data={"csrf_token": files.token(), "seen": seen[1]})
    shown = files.client.get(f"{files.address}/{first}").text
    assert "Учтено не то, что обещала проверка" in shown
    assert counted() == (10, 10)


# What is no table


def password() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 600
    )


def old_xls() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600


def bomb() -> bytes:
    """A workbook whose sheet unpacks to a gigabyte."""
    source, out = zipfile.ZipFile(io.BytesIO(xlsx(export(2)))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in source.namelist():
            if "sheet1" not in name:
                packed.writestr(name, source.read(name))
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            )
            for _ in range(1024):
                sheet.write(b" " * 2**20)
    return out.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "password": (password, "парол"),
    "xls": (old_xls, "XLS"),
    "html": (lambda: b"<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>", "веб-страница"),
    "bomb": (bomb, ""),
    "truncated": (lambda: xlsx(export(30))[:-2000], "Файл"),
    "half": (lambda: xlsx(export(30))[:3000], "Файл"),
    "not a workbook": (lambda: zipped("привет.txt", b"1"), "Файл"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, ""),
    "zeros": (lambda: b"\0" * 5000, ""),
    "words": (lambda: "просто письмо, таблицы в нём нет".encode(), ""),
}  # fmt: skip


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, content)
    return out.getvalue()


@ON_SQLITE
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_in_plain_words_and_not_kept(
    app: Flask, files: Desk, name: str, caplog
) -> None:
    made, said = REFUSED[name]
    answer = files.brought(made(), "ответы.xlsx")
    assert answer.status_code == 303
    shown = files.client.get(answer.location).text
    assert batch().state == State.REFUSED, name
    why = batch().report["refusal"]
    assert said in why
    assert re.search("[а-яё]{3}", why)
    assert "сломалось" not in shown
    assert kept(app) == []
    assert counted() == (0, 0)
    assert caplog.text == ""


# What is a table all the same


def two_headings() -> list[list[object]]:
    return [["Анкета получателя услуг", *[""] * 19], *export(4)]


STRANGE: dict[str, Callable[[], bytes]] = {
    "a mark of order": lambda: csv(export(4), "utf-8-sig"),
    "CP1251": lambda: csv(export(4), "cp1251"),
    "two rows of headings": lambda: xlsx(two_headings()),
    "merged headings": lambda: xlsx(two_headings(), "A1:T1"),
    "a stray zero byte": lambda: csv(export(4, row_3={"proposals": "нуль \0 внутри"})),
    "half a surrogate": lambda: csv(export(4, row_3={"proposals": "полпары \ud800 внутри"})),
    "a formula": lambda: xlsx(export(4, row_3={"proposals": "=1+1"})),
}


@ON_SQLITE
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_table_is_either_counted_or_refused_and_nothing_between(
    app: Flask, files: Desk, name: str, caplog
) -> None:
    files.brought(STRANGE[name](), "ответы.csv")
    if batch().state == State.REFUSED:
        assert re.search("[а-яё]{3}", batch().report["refusal"])
        return
    files.sent("columns", check="1", **chosen(files))
    assert batch().state == State.CHECKED, files.shown()
    good = batch().report["accepted"]
    assert good >= 3
    files.sent("count")
    assert counted() == (good, good)
    assert caplog.text == ""


@ON_SQLITE
def test_headings_without_a_row_are_nothing_to_check(files: Desk) -> None:
    files.brought(xlsx(export(0)))
    shown = files.shown()
    assert "нет ни одной заполненной строки" in shown
    assert "Проверить файл" not in shown


@ON_SQLITE
def test_a_template_comes_back_as_a_table(files: Desk) -> None:
    answer = files.client.get(f"{files.address}/template/675n-full.xlsx")
    assert answer.status_code == 200
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames
    assert files.client.get(f"{files.address}/template/epgu-5.xlsx").status_code == 404
    assert files.client.get(f"{files.address}/template/..%2Fx.xlsx").status_code == 404


# By keys alone


def test_a_form_is_counted_and_undone_by_keys(session: Any, desk: Page, tmp_path: Any) -> None:
    an_organization(NAME)
    campaign_id = a_campaign()
    a_user(Role.OPERATOR)
    file = tmp_path / "Ответы на форму (1).xlsx"
    file.write_bytes(xlsx(export(12, row_4={"overall": "может быть"})))
    desk.goto("/sign-in")
    desk.get_by_label("Логин").fill("operator")
    desk.get_by_label("Пароль").fill(PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/operator/")
    desk.goto(f"/operator/campaigns/{campaign_id}/files")
    axe(desk)
    desk.locator("input[type=file]").set_input_files(file)
    desk.locator("input[type=file]").focus()
    for _step in range(30):
        if desk.evaluate("document.activeElement.id") == "channel":
            break
        desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Столбцы файла")).to_be_visible()
    axe(desk)
    press(desk, "Проверить файл")
    expect(desk.get_by_role("heading", name="Проверено, ничего ещё не записано")).to_be_visible()
    axe(desk)
    press(desk, "Учесть 11")
    expect(desk.get_by_text("✓ учтён")).to_be_visible()
    assert counted() == (11, 11)
    axe(desk)
    press(desk, "Отменить загрузку…", "link")
    expect(desk.get_by_role("heading", name="Отменить эту загрузку?")).to_be_visible()
    axe(desk)
    press(desk, "Отменить загрузку")
    expect(desk.get_by_text("Загрузка отменена")).to_be_visible()
    assert counted() == (0, 0)


def press(page: Page, name: str, role: Any = "button") -> None:
    """Walk to it by Tab and press Enter; a page that traps the focus fails."""
    wanted = page.get_by_role(role, name=name)
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            break
    else:
        pytest.fail(f"Tab never comes to «{name}»")
    page.keyboard.press("Enter")
