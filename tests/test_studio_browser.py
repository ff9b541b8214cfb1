"""The studio on a phone: what is chosen is drawn at once, and the files on offer are those that there are."""

import re

import pytest
from browser import fits
from build import PASSWORD, a_campaign, a_user, an_organization
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from accounts.models import Role

SEEN = "i => i.decode().then(() => i.naturalWidth / i.naturalHeight, () => 0)"


@pytest.fixture(autouse=True)
def clinic(session: Session) -> str:
    code = an_organization(recipients_per_year=200)
    a_campaign()
    a_user(Role.ORGANIZATION, code=code)
    return code


def test_what_is_chosen_is_drawn_at_once(phone: Page) -> None:
    phone.goto("/sign-in?next=/organization/posters")
    phone.get_by_label("Логин").fill("organization")
    phone.get_by_label("Пароль").fill(PASSWORD)
    phone.get_by_role("button", name="Войти").click()
    picture = phone.get_by_role("img", name=re.compile("Плакат с QR-кодом"))
    assert picture.evaluate(SEEN) == pytest.approx(210 / 297, abs=0.01)
    expect(phone.get_by_role("button", name="Показать")).to_be_hidden()
    fits(phone)
    phone.get_by_label("Что напечатать").select_option("wide")
    expect(picture).to_have_attribute("src", re.compile("format=wide"))
    assert picture.evaluate(SEEN) == pytest.approx(16 / 9, abs=0.01)
    expect(phone.get_by_role("button", name="Скачать картинкой PNG")).to_be_hidden()
    phone.get_by_text("Для ксерокса").first.click()
    phone.get_by_label("Где будет висеть").fill("2 этаж")
    expect(picture).to_have_attribute("src", re.compile("skin=copy.*place=2"))
    assert picture.evaluate(SEEN)
    with phone.expect_download() as loading:
        phone.get_by_role("button", name="Скачать", exact=True).click()
    assert re.fullmatch(r"wide-\w{8}-1\.png", loading.value.suggested_filename)
    fits(phone)
