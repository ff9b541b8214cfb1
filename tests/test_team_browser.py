"""The team's and the sample's pages in a browser: nobody shut out; a hold renewed, let go, and lost aloud."""

import time

import pytest
from browser import fits
from build import PASSWORD, a_campaign, a_user, an_organization
from flask import Flask, render_template_string
from playwright.sync_api import Page, expect
from sqlalchemy import select
from test_holds import holder, release, take
from test_team_pages import who

from accounts import access
from accounts.models import Duty, Role
from operator_app.team import holds
from operator_app.team.tables import Hold
from surveys.db import db, writing

pytestmark = pytest.mark.usefixtures("session")
HELD = """{% extends 'base.html' %}{% from 'components/hold.html' import held, held_script %}
{% block title %}Лист{% endblock %}{% block main %}<h1>Лист</h1>{{ held(1, '1/sheet/34') }}
<form method="post"><input type="hidden" name="csrf_token" value="x"><label for="q">Ответ</label><input id="q"></form>
{% endblock %}{% block end %}{{ held_script() }}{% endblock %}"""


def opened() -> str:
    """The page takes its hold as it is opened."""
    with writing() as session:
        holds.take(session, "1/sheet/34", access.the_user())
    return render_template_string(HELD)


@pytest.fixture
def campaign_id(app: Flask) -> int:
    """A campaign of two schools, a head and an interviewer, and a page that holds a sheet."""
    app.add_url_rule("/operator/held", "held", opened)
    for number in (1, 2):
        an_organization(f"Школа № {number}", recipients_per_year=100)
    a_user(Role.OPERATOR, login="head")
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INTERVIEWER)
    return a_campaign()


def entered(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/operator/")


@pytest.mark.parametrize(
    "path",
    ["sample/", "sample/tomorrow?made=1&extra=1&forms=5", "team/", "team/mine", "team/give", "team/trail"],
)
def test_nobody_is_shut_out(campaign_id: int, desk: Page, phone: Page, path: str) -> None:
    for page in (desk, phone):
        entered(page, "head")
        page.goto(f"/operator/campaigns/{campaign_id}/{path}")
        fits(page)


def test_an_open_page_holds_renews_and_lets_go(campaign_id: int, desk: Page) -> None:
    entered(desk, "head")
    desk.clock.install()
    with desk.expect_response("**/team/hold"):
        desk.goto("/operator/held")
    assert holder() == "head"
    before = desk.locator("[name=csrf_token]").last.input_value()
    first = db.session.scalars(select(Hold.until)).one()
    desk.fill("#q", "да")
    with desk.expect_response("**/team/hold"):
        desk.clock.fast_forward("04:01")
    assert holder() == "head"
    assert db.session.scalars(select(Hold.until)).one() >= first
    expect(desk.locator("[name=csrf_token]").last).not_to_have_value("x")
    assert before != ""
    desk.goto("/operator/")
    for _ in range(100):
        if holder() is None:
            break
        time.sleep(0.05)
    assert holder() is None


def test_whoever_has_lost_the_hold_is_told(campaign_id: int, desk: Page) -> None:
    entered(desk, "head")
    desk.clock.install()
    with desk.expect_response("**/team/hold"):
        desk.goto("/operator/held")
    release(who("head"))
    take(who("petrov"))
    desk.fill("#q", "нет")
    with desk.expect_response("**/team/hold"):
        desk.clock.fast_forward("04:01")
    expect(desk.get_by_role("alert")).to_contain_text("работает petrov")
