"""Pages a recipient would rather not meet, by keyboard alone: each shuts nobody out and leads somewhere."""

from dataclasses import dataclass
from typing import Literal

import pytest
from browser import fits
from build import CONTENT, within
from flask import Flask
from planning import a_clinic_with_a_past
from playwright.sync_api import Page, expect
from sqlalchemy import select
from test_everybody_browser import LEAST, SHOWN, SMALL
from test_opinions_browser import tabbed_to
from test_passes import KEY, asked, issued

from surveys import admitting
from surveys.admitting import PERSON, Ticket
from surveys.db import db, writing
from surveys.entry import tickets
from surveys.models import Assessment, Campaign, Stage
from surveys.passes import Entry


@pytest.fixture
def code(session) -> str:
    return a_clinic_with_a_past()


@dataclass
class Walker:
    """Somebody who never touches a mouse, and looks at every page that comes."""

    page: Page

    def meets(self, heading: str, *said: str) -> "Walker":
        """This page: no violation at all, nothing too small to press, and it says this."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        for words in said:
            expect(self.page.get_by_text(words)).to_be_visible()
        fits(self.page, every=True)
        assert self.page.evaluate(SMALL, LEAST) == [], heading
        return self

    def presses(self, name: str, role: Literal["button", "link"] = "link") -> "Walker":
        """Tab to it, see that it has the focus, Enter."""
        one = self.page.get_by_role(role, name=name, exact=True)
        one.evaluate("it => it.setAttribute('data-wanted', '')")
        tabbed_to(self.page, "[data-wanted]")
        assert self.page.evaluate(SHOWN), name
        self.page.keyboard.press("Enter")
        return self


@pytest.fixture
def walker(phone: Page) -> Walker:
    return Walker(phone)


def answered(page: Page) -> None:
    for question, value in CONTENT.items():
        page.locator(f"#q-{question}-{value}").check(force=True)


def test_an_answer_given_twice_leads_to_a_clean_form(walker: Walker, code: str) -> None:
    page, here = walker.page, f"/q/{code}"
    page.goto(here)
    answered(page)
    walker.presses("Отправить ответы", "button")
    expect(page.locator("h1")).to_have_text("Спасибо. Ваши ответы учтены")
    page.goto(here)
    walker.meets("С этого телефона уже отвечали").presses("Открыть чистую анкету")
    expect(page.locator("h1")).to_have_text("Как вас здесь приняли?")
    page.goto(f"{here}/kept")
    walker.meets("Учтены ваши первые ответы", "не сохранена: один человек отвечает один раз")


def test_a_campaign_that_is_over_and_a_sign_in_that_got_lost(walker: Walker, code: str) -> None:
    page, here = walker.page, f"/q/{code}"
    with writing() as session:
        for campaign in session.scalars(select(Campaign).where(Campaign.stage == Stage.COLLECTING)):
            campaign.stage = Stage.REVIEW
    page.goto(f"{here}?lang=tt")
    expect(page.locator("h1")).to_have_text("Сораштыру хәзер үткәрелми")
    fits(page, every=True)
    page.goto(f"{here}/scores?lang=ru")
    walker.meets("Опрос сейчас не проводится").presses("Страница организации")
    expect(page.locator("h1")).to_have_text("Поликлиника № 12")
    page.goto("/q/signed-in")
    walker.meets("Вход прервался", "Ответы ещё не отправлялись").presses("Ввести код с плаката")
    expect(page.get_by_label("Код с плаката")).to_be_visible()


def test_a_wrong_code_a_failed_and_a_used_sign_in(app: Flask, walker: Walker, code: str) -> None:
    page, here, secret = walker.page, f"/q/{code}", app.config["SECRET_KEY"]
    asked(Entry.EITHER)
    issued(app)
    app.config.update(OIDC_ISSUER="http://127.0.0.1:9", OIDC_NAME="Госвход")
    page.goto(here)
    walker.meets("Нужен код или вход").presses("Перейти к анкете", "button")
    expect(page.locator("#code")).to_be_focused()
    expect(page.locator("#code")).to_have_accessible_description(
        "Введите код с листка. Десять знаков, буквы латинские. Подходит один раз."
    )
    walker.meets("Нужен код или вход").presses("Войти через Госвход")
    walker.meets("Нужен код или вход", "Войти не получилось. Ответы ещё не отправлялись")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#code")).not_to_have_attribute("aria-invalid", "true")
    found = db.session.scalars(select(Assessment).order_by(Assessment.id.desc())).first()
    assert found is not None
    with writing() as session:
        mark = admitting.person_mark(session, secret, found.campaign_id, "http://127.0.0.1:9", "somebody")
    held = tickets.packed(secret, f"ticket/{found.id}", list(Ticket(PERSON, mark)), 600)
    page.context.add_cookies(
        [{"name": tickets.SHOWN, "value": held, "url": f"{page.url.partition('/q/')[0]}{here}"}]
    )
    page.goto(here)
    answered(page)
    elsewhere = app.test_client()
    elsewhere.set_cookie(tickets.SHOWN, held, path=here)
    given = {**CONTENT, "key": within(KEY, elsewhere.get(here).text)}
    assert elsewhere.post(here, data=given).status_code == 303
    walker.presses("Отправить ответы", "button")
    walker.meets("Вы уже отвечали", "Ответы, которые вы отправили сейчас, не сохранены.")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
