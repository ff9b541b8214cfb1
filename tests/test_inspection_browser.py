"""The check-list in a real browser: by thumb on a phone, by keys at a desk, and without JavaScript all the same."""

from typing import Any

import pytest
from browser import axe
from build import PASSWORD, a_campaign, a_user, an_organization
from playwright.sync_api import Page, expect
from sqlalchemy import select

from accounts.models import Duty, Role
from surveys.db import db
from surveys.visits import Visit


@pytest.fixture
def sheet(session) -> str:
    """Where a library's check-list is; an inspector is there to fill it in."""
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)
    code = an_organization("Библиотека № 5", sector="culture")
    return f"/operator/campaigns/{a_campaign(sector='culture')}/inspections/{code}/visit"


def entered(page: Page, sheet: str) -> None:
    page.goto(sheet)
    page.get_by_label("Логин").fill("petrov")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Библиотека")


def kept() -> dict[str, Any]:
    db.session.rollback()
    return db.session.scalars(select(Visit)).one().items


def answer(page: Page, code: str, value: str) -> None:
    page.locator(f"[id='{value}-{code}']").check()


def test_by_thumb_on_a_phone(sheet, phone: Page) -> None:
    entered(phone, sheet)
    tally = phone.locator("[data-tally]")
    expect(tally).to_have_text("0 из 59")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    answer(phone, "stand.hours", "yes")
    answer(phone, "stand.licences", "na")
    expect(tally).to_have_text("2 из 59")
    phone.locator("[id='own-stand.licences']").fill("библиотеке лицензия не нужна")
    axe(phone)
    phone.locator("label[for=stand-none]").tap()
    expect(tally).to_have_text("0 из 42")
    expect(phone.locator("[id='i-stand.hours']")).to_be_hidden()
    phone.locator("label[for=stand-list]").tap()
    phone.get_by_role("button", name="Сохранить").tap()
    expect(phone.get_by_text("Сохранено.")).to_be_visible()
    expect(phone.locator("[id='own-stand.licences']")).to_have_value("библиотеке лицензия не нужна")
    assert kept()["stand.licences"] == {"value": "na", "reason": "библиотеке лицензия не нужна"}


def test_by_keys_at_a_desk(sheet, desk: Page) -> None:
    entered(desk, sheet)
    axe(desk)
    desk.locator("[id='yes-stand.names']").focus()
    for key in "112":
        desk.keyboard.press(key)
    expect(desk.locator("[id='no-stand.founder']")).to_be_checked()
    desk.keyboard.press("3")
    expect(desk.locator("[id='reason-stand.founding_papers']")).to_be_focused()
    desk.locator("[id='yes-remote_ways.telephone']").check()
    desk.locator("[id='how-remote_ways.telephone']").select_option("called")
    expect(desk.locator("[id='on-remote_ways.telephone']")).not_to_have_value("")
    desk.get_by_role("button", name="к пункту без ответа").click()
    expect(desk.locator("[id='yes-stand.structure']")).to_be_focused()
    desk.get_by_role("button", name="Завершить").click()
    expect(desk.get_by_role("heading", name="Черновик сохранён")).to_be_visible()
    axe(desk)
    assert kept()["remote_ways.telephone"]["tried"]["how"] == "called"


def test_the_longest_list_filled_in_whole_is_sent_whole(session, live_server: str, desk: Page) -> None:
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)
    code = an_organization("Библиотека")  # of health by its sphere: the list with most lines
    entered(desk, f"/operator/campaigns/{a_campaign()}/inspections/{code}/visit")
    desk.evaluate("document.querySelectorAll('.three > .yes').forEach((one) => one.click())")
    desk.evaluate("document.querySelectorAll('.tried select').forEach((one) => { one.value = 'opened' })")
    desk.evaluate(
        "document.querySelectorAll('[name^=\"note:\"]').forEach((one) => { one.value = 'ж'.repeat(300) })"
    )
    desk.get_by_role("button", name="Завершить").click()
    expect(desk.get_by_text("Проверка завершена.")).to_be_visible()
    assert len(kept()) == 81
    assert {len(answer["note"]) for answer in kept().values()} == {300}


def test_without_javascript_the_same(sheet, plain_phone: Page) -> None:
    entered(plain_phone, sheet)
    answer(plain_phone, "comfort.navigation", "na")
    expect(plain_phone.locator("[id='reason-comfort.navigation']")).to_be_visible()
    expect(plain_phone.locator("[id='reason-comfort.drinking_water']")).to_be_hidden()
    plain_phone.locator("[id='reason-comfort.navigation']").select_option(index=1)
    plain_phone.get_by_role("button", name="Сохранить").tap()
    expect(plain_phone.get_by_text("Сохранено.")).to_be_visible()
    assert kept()["comfort.navigation"]["reason"] == "Такой услуги организация не оказывает"
