"""The reviewer's room in a browser: nobody shut out, and words decided on by keys alone."""

import pytest
from browser import fits
from build import PASSWORD, a_campaign, a_user, an_organization
from playwright.sync_api import Page, expect
from sqlalchemy import select

from accounts.models import Duty, Role
from surveys import hidden
from surveys.clock import today
from surveys.comments import Comment
from surveys.db import db, writing
from surveys.models import Assessment

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def room(app: object) -> str:
    """The address of a room in which two people's words wait."""
    an_organization(short_name="Школа № 7")
    campaign_id = a_campaign()
    a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER)
    with writing() as session:
        about = session.scalars(select(Assessment.id)).one()
        hidden.put(session, 3, about, today(), "Врач Иванова хамит рыжей маме. Говно!", key=1)
        hidden.put(session, 3, about, today(), "Поставьте скамейку", key=2)
    return f"/operator/campaigns/{campaign_id}/comments"


def entered(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("[name=login]", "verifier")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/operator/")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_is_shut_out_and_keys_are_enough(room: str, desk: Page, phone: Page) -> None:
    entered(phone)
    phone.goto(room)
    fits(phone)
    entered(desk)
    desk.goto(f"{room}/1")
    expect(desk.get_by_text("Иванова")).to_have_count(0)
    desk.keyboard.press("3")
    expect(desk.get_by_text("Иванова", exact=True)).to_be_visible()
    fits(desk)
    word = desk.get_by_label("рыжей")
    word.focus()
    desk.keyboard.press("Space")
    expect(word).to_be_checked()
    desk.keyboard.press("1")
    desk.wait_for_url("**/comments/2")
    desk.keyboard.press("2")
    expect(desk.locator("#reason")).to_be_focused()
    desk.keyboard.press("2")  # in a list of choices a number is nobody's order
    desk.locator("#reason").select_option("elsewhere")
    desk.get_by_role("button", name="Не показывать").click()
    desk.wait_for_url("**/comments")
    db.session.rollback()
    decided = [
        (one.state, one.text, one.reason) for one in db.session.scalars(select(Comment).order_by(Comment.key))
    ]
    assert decided == [
        ("through", "Врач [имя] хамит [скрыто] маме. Говно!", None),
        ("withheld", None, "elsewhere"),
    ]
