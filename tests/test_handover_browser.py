"""The hand-over in a real browser: a head and a council, each in front of a screen, with nobody shut out."""

from collections.abc import Iterator

import pytest
from browser import DESK, PHONE, fits, opened
from build import PASSWORD, a_user
from handing import WHY, a_ready_campaign
from playwright.sync_api import Browser, Page

from accounts.models import Role
from documents import folder
from surveys.clock import today

RETURNS = "Уточните, почему на стенде нет копии лицензии."


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing is tested elsewhere."""
    monkeypatch.setattr(folder, "report_pdf", lambda *_given: b"%PDF-")
    monkeypatch.setattr(folder, "report_docx", lambda *_given: b"PK")


@pytest.fixture
def campaign_id(session) -> int:
    number, _codes = a_ready_campaign()
    a_user(Role.OPERATOR, login="head")
    a_user(Role.COUNCIL, login="council")
    session.rollback()
    return number


@pytest.fixture
def head(browser: Browser, live_server: str, campaign_id: int) -> Iterator[Page]:
    with opened(browser, live_server, **PHONE) as page:
        yield entered(page, "head")


@pytest.fixture
def council(browser: Browser, live_server: str, campaign_id: int) -> Iterator[Page]:
    with opened(browser, live_server, **DESK) as page:
        yield entered(page, "council")


def entered(page: Page, login: str) -> Page:
    """Signed in by the form."""
    page.goto("/sign-in")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def test_a_package_goes_to_the_council_and_back_on_a_phone_and_a_desk(head, council, campaign_id) -> None:
    report, packages = (
        f"/operator/campaigns/{campaign_id}/report",
        f"/council/campaigns/{campaign_id}/packages",
    )
    head.goto(report)
    fits(head)
    head.get_by_label("Почему так и что сделано").fill(WHY)
    head.get_by_role("button", name="Сохранить пояснение").click()
    head.get_by_role("link", name="10. Выводы").click()
    fits(head)
    head.get_by_role("link", name="Изменить текст").click()
    head.get_by_label("Текст раздела").fill("Наши выводы.\n\n- первый\n- второй")
    fits(head)
    head.get_by_role("button", name="Сохранить текст").click()
    head.get_by_text("второй").wait_for()
    head.goto(report)
    head.get_by_role("link", name="Отправить пакет совету").click()
    fits(head)
    head.get_by_role("button", name="Отправить пакет № 1").click()
    head.get_by_text("Пакет № 1 отправлен совету.").wait_for()
    fits(head)

    council.goto(f"{packages}/1/sections/openness")
    fits(council)
    council.get_by_role("link", name="Замечание к этому разделу").click()
    council.get_by_label("Замечание", exact=True).fill(RETURNS)
    fits(council)
    council.get_by_role("button", name="Записать замечание").click()
    council.get_by_role("button", name="Вернуть оператору").click()
    council.get_by_text("Пакет возвращён оператору.").wait_for()
    fits(council)

    head.goto(report)
    head.get_by_text(RETURNS).wait_for()
    head.get_by_label("Что исправили или почему оставили как есть").fill("Копия висит, вот снимок.")
    fits(head)
    head.get_by_role("button", name="Сохранить ответ").click()
    head.get_by_role("link", name="Отправить пакет совету").click()
    fits(head)
    head.get_by_role("button", name="Отправить пакет № 2").click()
    head.get_by_text("Пакет № 2 отправлен совету.").wait_for()
    council.goto(f"{packages}/2")
    council.get_by_text("Копия висит, вот снимок.").wait_for()
    council.goto(f"{packages}/1")
    council.get_by_role("button", name="Ответ удовлетворил").click()
    council.get_by_text("✓ закрыто советом").wait_for()
    approves(council, f"/council/campaigns/{campaign_id}/approval")
    head.goto(f"/ratings/{campaign_id}")
    head.get_by_text("Проверить этот выпуск").wait_for(state="attached")


def approves(council: Page, address: str) -> None:
    """A vote, a meeting, approval, publication: the whole road on one page."""
    council.goto(address)
    council.locator("label").get_by_text("За", exact=True).click()
    council.get_by_role("button", name="Записать голос").click()
    council.get_by_text("Ваш голос записан: за.").wait_for()
    council.get_by_label("Номер протокола").fill("7")
    council.get_by_label("День заседания").fill(today().isoformat())
    council.get_by_label("Присутствовали").fill("Иванова И. И., председатель")
    fits(council)
    council.get_by_role("button", name="Сохранить данные заседания").click()
    council.get_by_text("✓ утвердить можно").wait_for()
    council.get_by_text("Утвердить, хотя организации своих результатов не видели").click()
    council.get_by_role("button", name="Утвердить").click()
    council.get_by_text("Результаты утверждены: выпуск № 1.").wait_for()
    fits(council)
    council.get_by_role("button", name="Опубликовать для всех").click()
    council.get_by_text("Опубликован выпуск № 1").wait_for()
    fits(council)
