"""Scans in a real browser: files are dropped and listed, a sheet is turned, enlarged and decided by keys."""

import re
from pathlib import Path
from typing import Any

import pytest
from browser import axe, fits
from build import PASSWORD, a_campaign, a_user, an_organization
from playwright.sync_api import Page, expect
from scanning import a_picture, scanned
from sqlalchemy import select

from accounts.models import Role
from paper import reading
from paper.serials import PageCode
from paper.tables import ScannedSheet, SheetState
from paper.words import Reason
from surveys.db import db


@pytest.fixture
def world(session, monkeypatch) -> dict[str, Any]:
    """A collecting campaign with a batch of scans, and a reader."""
    monkeypatch.setattr(reading, "available", lambda: True)
    code = an_organization(short_name="Поликлиника № 12")
    campaign_id = a_campaign()
    a_user(Role.OPERATOR, login="operator")
    told = scanned(campaign_id, code)
    here = f"/operator/campaigns/{campaign_id}/scans/"
    db.session.rollback()
    return {"campaign_id": campaign_id, "here": here, **told, "batch": f"{here}{told['scans_id']}"}


def enter(page: Page, path: str) -> None:
    """Sign in on the way to a page."""
    page.goto(path)
    page.get_by_label("Логин").fill("operator")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def turned(degrees: int, *, whole: bool = False) -> re.Pattern[str]:
    """The address of a picture turned so, on the screen or large."""
    return re.compile(rf"turn={degrees}" + ("&whole=1$" if whole else "$"))


def test_files_are_chosen_together_and_told_of_before_they_are_sent(
    world, live_server: str, desk: Page, tmp_path: Path
) -> None:
    enter(desk, world["here"])
    axe(desk)
    for name in ("лист 1.png", "лист 2.png"):
        (tmp_path / name).write_bytes(a_picture(name))
    field = desk.get_by_label("Сканы или снимки")
    field.set_input_files([tmp_path / "лист 1.png", tmp_path / "лист 2.png"])
    expect(desk.locator(".chosen li")).to_have_count(2)
    expect(desk.locator(".chosen")).to_contain_text("лист 1.png")
    field.evaluate("input => { input.dataset.most = '10'; input.dispatchEvent(new Event('change')); }")
    assert field.evaluate("input => input.validationMessage").startswith("Один из файлов больше 200")
    field.evaluate("input => { input.dataset.most = '1e9'; input.dispatchEvent(new Event('change')); }")
    desk.get_by_role("button", name="Загрузить и прочитать").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Пакет №")
    axe(desk)


def test_a_sheet_is_looked_at_and_decided_by_keys(world, live_server: str, desk: Page) -> None:
    enter(desk, f"{world['batch']}/sheets/{world['sheet_id']}")
    axe(desk)
    desk.get_by_label("Номер внизу листа").fill(PageCode(world["campaign_id"], 77, 1).digits)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Это лист № 77, сторона 1")).to_be_visible()
    axe(desk)
    picture = desk.locator(".scan img")
    desk.get_by_role("heading", level=1).click()
    desk.keyboard.press("r")
    expect(picture).to_have_attribute("src", turned(90))
    desk.keyboard.press("z")
    expect(desk.locator(".pane.large")).to_have_count(1)
    expect(picture).to_have_attribute("src", turned(90, whole=True))
    desk.get_by_role("button", name="Верно, взять этот номер").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Лист № 77")
    desk.keyboard.press("n")
    expect(desk.get_by_role("heading", name="Нет другой стороны листа")).to_be_visible()
    desk.keyboard.press("1")
    expect(desk.get_by_text("Лист учтён.")).to_be_visible()
    axe(desk)
    reasons = select(ScannedSheet.state).where(ScannedSheet.serial == 4)
    assert db.session.scalar(reasons) == SheetState.COUNTED
    db.session.rollback()


def test_a_phone_shows_a_batch_and_a_sheet_without_a_sideways_scroll(
    world, live_server: str, phone: Page
) -> None:
    enter(phone, world["batch"])
    copy = db.session.scalars(select(ScannedSheet.id).where(ScannedSheet.reason == Reason.COPY)).one()
    db.session.rollback()
    for path in ("", f"/sheets/{copy}", "/undo", "/destroy"):
        phone.goto(world["batch"] + path)
        fits(phone)
