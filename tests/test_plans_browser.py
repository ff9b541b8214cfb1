"""A plan in a real browser: an organisation with a phone, an authority at a desk; nobody is shut out."""

from collections.abc import Iterator

import pytest
from browser import DESK, PHONE, fits, opened
from build import PASSWORD, a_user
from planning import APPROVER, PERSON, SOON, a_published_campaign, lines
from playwright.sync_api import Browser, Page

from accounts.models import Role
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.plans import Measure


@pytest.fixture
def published(session) -> tuple[int, str, int]:
    campaign_id, codes = a_published_campaign()
    a_user(Role.ORGANIZATION, login="own", code=codes[0])
    a_user(Role.AUTHORITY, login="authority")
    year = db.session.get_one(Campaign, campaign_id).year
    session.rollback()
    return campaign_id, codes[0], year


@pytest.fixture
def own(browser: Browser, live_server: str, published) -> Iterator[Page]:
    with opened(browser, live_server, **PHONE) as page:
        yield entered(page, "own")


@pytest.fixture
def authority(browser: Browser, live_server: str, published) -> Iterator[Page]:
    with opened(browser, live_server, **DESK) as page:
        yield entered(page, "authority")


def entered(page: Page, login: str) -> Page:
    """Signed in by the form, with the keyboard alone."""
    page.goto("/sign-in")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def filled_but_one() -> int:
    """Every line but the first filled; the first's number."""
    with writing() as session:
        first, *rest = lines(session)
        for row in rest:
            held = session.get_one(Measure, row.id)
            held.text, held.due_on, held.responsible = "Сделать.", SOON, PERSON
        return first.id


def test_a_plan_is_written_on_a_phone_and_approved_at_a_desk(own, authority, published) -> None:
    campaign_id, code, year = published
    own.get_by_role("link", name="год: Поликлиники Москвы").first.click()
    fits(own)
    own.get_by_role("button", name="Составить план").click()
    own.get_by_text("План начат.").wait_for()
    fits(own)
    number = filled_but_one()
    own.get_by_role("button", name="Отправить на утверждение").click()
    own.get_by_role("heading", name="План не отправлен").wait_for()
    fits(own)
    own.goto(f"/organization/plans/{campaign_id}/measures/{number}")
    fits(own)
    own.get_by_label("Что сделаете").fill("Повесить указатели на обоих этажах.")
    own.get_by_label("Плановый срок").fill(SOON.isoformat())
    own.get_by_label("Кто отвечает").fill(PERSON)
    own.keyboard.press("Enter")
    own.get_by_text("Строка плана сохранена.").wait_for()
    own.get_by_role("button", name="Отправить на утверждение").click()
    own.get_by_text("План отправлен на утверждение.").wait_for()
    fits(own)

    authority.get_by_role("link", name="Планы по устранению недостатков").click()
    fits(authority)
    authority.get_by_label("Состояние").select_option("sent")
    authority.get_by_role("button", name="Показать").press("Enter")
    authority.get_by_role("link", name="Поликлиника № 1").press("Enter")
    fits(authority)
    authority.get_by_label("Кто утверждает").fill(APPROVER)
    authority.keyboard.press("Enter")
    authority.get_by_text("План утверждён и опубликован.").wait_for()
    fits(authority)

    own.goto(f"/organization/plans/{campaign_id}/measures/{number}/progress")
    fits(own)
    own.get_by_label("Что сделано").fill("Указатели висят.")
    own.get_by_role("button", name="Записать", exact=True).click()
    own.get_by_text("Ход работы записан.").wait_for()
    fits(own)
    own.goto(f"/o/{code}/results/{year}")
    own.get_by_role("link", name="План по устранению недостатков").click()
    own.get_by_text("Указатели висят.").wait_for()
    fits(own)
