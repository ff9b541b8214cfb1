"""Tokens and the page for programs in a real browser: they fit a phone, and nobody is shut out."""

import pytest
from browser import PHONE, fits, opened
from build import PASSWORD, a_campaign, a_user, an_organization
from playwright.sync_api import Browser, expect

from accounts.models import Role


@pytest.fixture
def head(session) -> None:
    """An operator's head with a campaign that collects."""
    an_organization("Очень-очень длинное название учреждения здравоохранения города Москвы № 12")
    a_campaign(title="Медицинские организации города Москвы, второе полугодие")
    a_user(Role.OPERATOR)
    session.rollback()


def test_a_head_makes_a_key_and_ends_it_on_a_phone(browser: Browser, live_server: str, head) -> None:
    with opened(browser, live_server, **PHONE) as page:
        page.goto("/tokens/new")
        page.get_by_label("Логин").fill("operator")
        page.get_by_label("Пароль").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_label("Название").fill("Выгрузка из CRM")
        fits(page)
        page.get_by_role("button", name="Сделать и показать ключ").click()
        expect(page.get_by_role("alert")).to_contain_text("Выберите кампании")
        fits(page)
        page.get_by_text("второе полугодие").click()
        page.get_by_role("button", name="Сделать и показать ключ").click()
        expect(page.get_by_role("status")).to_contain_text("nok_")
        fits(page)
        page.get_by_role("link", name="Готово").click()
        fits(page)
        page.get_by_role("button", name="Отозвать ключ «Выгрузка из CRM»").click()
        expect(page.get_by_text("Ключ отозван.", exact=True)).to_be_visible()
        page.get_by_role("link", name="Как это сделать").click()
        expect(page.get_by_role("heading", name="Загрузить файл")).to_be_visible()
        fits(page)
