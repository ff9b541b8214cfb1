"""Photographs of posters on a small phone: a visitor's and an inspector's, the list after them."""

import pytest
from browser import fits
from build import PASSWORD, a_campaign, a_user, an_organization
from playwright.sync_api import Page, expect
from test_placement import a_photo

from accounts.models import Duty, Role
from surveys.db import db


@pytest.fixture
def clinic(session) -> str:
    """A clinic of a long name in a campaign, those who look after it; its code."""
    code = an_organization("Государственное бюджетное учреждение здравоохранения «Поликлиника № 12»")
    a_campaign()
    a_user(Role.OPERATOR, login="inspector", duty=Duty.INSPECTOR)
    db.session.rollback()
    return code


def test_a_visitor_then_an_inspector_photograph_the_wall(phone: Page, clinic: str, live_server: str) -> None:
    def show(*texts: str) -> None:
        picture = {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": a_photo(*texts)}
        phone.get_by_label("Снимок плаката").set_input_files(picture)  # type: ignore[arg-type]

    phone.goto(f"/o/{clinic}")
    phone.get_by_role("link", name="Вы в здании и видите плакат?").click()
    fits(phone)
    show()
    phone.get_by_role("button", name="Отправить снимок").click()
    expect(phone.get_by_role("link", name="Кода на снимке не видно")).to_be_visible()
    fits(phone)
    show(f"{live_server}/q/{clinic}")
    phone.get_by_role("button", name="Отправить снимок").click()
    expect(phone.get_by_role("heading", name="Плакат на месте")).to_be_visible()
    fits(phone)
    assert phone.context.cookies() == []

    phone.goto("/sign-in?next=/council/placement/photo")
    phone.get_by_label("Логин").fill("inspector")
    phone.get_by_label("Пароль").fill(PASSWORD)
    phone.get_by_role("button", name="Войти").click()
    fits(phone)
    show(f"{live_server}/q/{clinic}")
    phone.get_by_role("button", name="Записать").click()
    expect(phone.get_by_role("status")).to_contain_text("Записано:")
    for address in ("/council/placement", "/council/campaigns/1/placement"):
        phone.goto(address)
        fits(phone)
    phone.get_by_role("link", name="Снимок:").click()
    fits(phone)
    phone.goto(f"/council/campaigns/1/organizations/{clinic}/widget?shape=tall")
    fits(phone)
