"""Public pages in a real browser: a grandmother with a phone looks for her clinic, a journalist doubts a figure."""

from urllib.parse import unquote

import pytest
from browser import axe, fits
from build import a_release
from handing import a_ready_campaign
from playwright.sync_api import Page, expect


@pytest.fixture
def published(session) -> tuple[int, list[str]]:
    """A published campaign of two clinics."""
    found = a_ready_campaign()
    a_release(found[0])
    session.rollback()
    return found


def test_a_grandmother_finds_her_clinic_in_the_wrong_layout(phone: Page, published) -> None:
    page = phone
    page.goto("/")
    fits(page)
    page.get_by_label("Название, номер, улица или ИНН").fill("gjkbrkbybrf 2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Поняли так: «поликлиника 2».")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Поликлиника № 2").click()
    expect(page.get_by_text("из 100", exact=False).first).to_be_visible()
    fits(page)


def test_a_journalist_goes_from_a_figure_to_the_file_that_recomputes_it(desk: Page, published) -> None:
    campaign_id, codes = published
    desk.goto(f"/ratings/{campaign_id}")
    desk.get_by_role("link", name="Открытые данные").click()
    expect(desk.get_by_role("heading", name="Как пересчитать самому")).to_be_visible()
    fits(desk)
    axe(desk)
    with desk.expect_download() as saved:
        desk.get_by_role("link", name="Скачайте скрипт").click()
    assert saved.value.suggested_filename == "check.py"
    desk.goto("/ratings/participation")
    fits(desk)
    axe(desk)
    desk.get_by_role("link", name="Результаты").first.click()
    axe(desk)
    desk.get_by_role("link", name="г. Москва").first.click()
    assert unquote(desk.url).endswith("/ratings/regions/g-moskva")
    fits(desk)
    axe(desk)
