"""The council's table in a real browser: a telephone, a tablet; from the table to a figure and a remark on it."""

from typing import Any

import pytest
from browser import PHONE, fits, opened
from build import PASSWORD
from handing import a_ready_campaign, teams
from playwright.sync_api import Browser, expect

from documents import folder

TABLET: dict[str, Any] = {"viewport": {"width": 800, "height": 1280}, "has_touch": True}


@pytest.mark.parametrize("device", [PHONE, TABLET], ids=["phone", "tablet"])
def test_a_member_goes_from_the_table_to_a_figure_and_writes_a_remark(
    browser: Browser, live_server: str, app: Any, session: Any, device: dict[str, Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(folder, "report_pdf", lambda *_given: b"%PDF-")
    monkeypatch.setattr(folder, "report_docx", lambda *_given: b"PK")
    campaign_id, codes = a_ready_campaign()
    head, _verifier, _council = teams(app, campaign_id)
    head.explained("official_share")
    assert head.submitted().status_code == 302
    with opened(browser, live_server, **device) as page:
        page.goto("/sign-in")
        page.get_by_label("Логин").fill("council")
        page.get_by_label("Пароль").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Поликлиники Москвы").click()
        page.get_by_role("link", name="Таблица показателей").click()
        page.wait_for_url("**/table")
        fits(page)
        page.get_by_role("link", name="Показать все 15 показателей").click()
        page.wait_for_url("**open=12345")
        fits(page)
        row = page.get_by_role("row").filter(has_text="Поликлиника № 2")
        row.get_by_role("cell").nth(2).get_by_role("link").click()  # total, K1, 1.1
        page.wait_for_url(f"**/table/{codes[1]}/1.1")
        fits(page)
        page.get_by_label("Что неверно или непонятно").fill("Стенд пуст.")
        page.get_by_role("button", name="Записать замечание").click()
        expect(page.get_by_text("Стенд пуст.")).to_be_visible()
        fits(page)
