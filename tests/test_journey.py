"""The whole road in a browser: from the poster on the wall to the figure in the council's PDF."""

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from browser import DESK, PHONE, axe, opened
from build import (
    CONTENT,
    PASSWORD,
    a_campaign,
    a_user,
    an_inspection,
    an_organization,
    heard_about,
    signed_in,
)
from desk import furnished
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader
from spoken import said
from test_pages import addresses, owner

from accounts.models import Role
from surveys import library, qr
from surveys.db import db, writing
from surveys.models import Campaign, Response, Stage
from surveys.questionnaire import unpacked

QUESTIONNAIRE = library.questionnaire("bus-gov-13")
NOTHING_USED = {**CONTENT, "stand": "not_used", "overall": "no"}


@pytest.fixture
def world(session) -> dict[str, Any]:
    """A clinic inspected and heard twice, another of which nobody has spoken yet."""
    code = an_organization(short_name="Поликлиника № 12", recipients_per_year=200)
    silent = an_organization("Городская поликлиника № 13", address="Мира, 1")
    campaign_id = a_campaign()
    an_inspection(campaign_id, code)
    for number in range(2):
        heard_about(code, campaign_id, CONTENT, key=number)
    for role in Role:
        a_user(role, code=code if role is Role.ORGANIZATION else None)
    year = db.session.get_one(Campaign, campaign_id).year
    db.session.rollback()
    return {
        "code": code,
        "silent": silent,
        "campaign_id": campaign_id,
        "year": year,
        **furnished(campaign_id, code),
    }


def on_the_wall(client: FlaskClient, runner: FlaskCliRunner, code: str, folder: Path) -> list[str]:
    """What a phone's camera reads off the organisation's own poster, photographed at 100 dots an inch."""
    poster = signed_in(client, "organization").get("/organization/poster.pdf")
    assert poster.status_code == 200
    if shutil.which("pdftoppm"):
        (folder / "poster.pdf").write_bytes(poster.data)
        picture = subprocess.run(
            ["pdftoppm", "-r", "100", "-gray", "-singlefile", str(folder / "poster.pdf")],
            capture_output=True,
            check=True,
        ).stdout
    else:
        told = runner.invoke(
            args=["posters", str(folder / "p.png"), "--organization", code, "--format", "png"]
        )
        assert told.exit_code == 0
        picture = (folder / "p.png").read_bytes()
    with Image.open(io.BytesIO(picture)) as photograph:
        return qr.decode(photograph)


def choose(page: Page, answers: dict[str, str]) -> None:
    """Tap an answer to every question that is asked, as it comes into sight."""
    for question in QUESTIONNAIRE.numbered:
        card = page.locator(f"#q-{question.id}")
        if question.id in answers:
            page.locator(f"#q-{question.id}-{answers[question.id]}").tap()
        elif question.when:
            expect(card).to_be_hidden()


def test_from_the_poster_to_the_figure_in_the_pdf(
    app: Flask,
    client: FlaskClient,
    runner: FlaskCliRunner,
    world,
    live_server: str,
    phone: Page,
    desk: Page,
    tmp_path: Path,
) -> None:
    code = world["code"]
    [link] = on_the_wall(client, runner, code, tmp_path)

    desk.goto("/")
    axe(desk)
    desk.get_by_role("link", name="Общественный совет").click()
    expect(desk).to_have_title("Вход")
    axe(desk)
    desk.get_by_label("Логин").fill("council")
    desk.get_by_label("Пароль").fill(PASSWORD)
    desk.get_by_role("button", name="Войти").click()
    axe(desk)
    desk.get_by_role("link", name="Поликлиники Москвы").click()
    row = desk.get_by_role("row").filter(has_text="Поликлиника № 12")
    total, responses = row.locator(".total"), row.get_by_role("cell").last
    expect(responses).to_have_text("2")
    before = total.inner_text().split()[0]  # between which bounds it lies stands below
    axe(desk)

    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Как вас здесь приняли?")
    axe(phone)
    choose(phone, NOTHING_USED)
    phone.get_by_label("Что здесь стоит улучшить?").fill("Поставьте скамейку у входа")
    axe(phone)
    phone.get_by_role("button", name="Отправить ответы").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Спасибо. Ваши ответы учтены")
    axe(phone)
    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("С этого телефона уже отвечали")
    axe(phone)

    desk.reload()
    expect(responses).to_have_text("3")
    after = total.inner_text().split()[0]
    assert re.fullmatch(r"\d\d,\d\d", after)
    assert after != before
    row.get_by_role("link", name="Поликлиника № 12").click()
    shown = desk.locator("dl.figures").inner_text()
    assert after in shown
    indicator = desk.get_by_role("row").filter(has_text="5.3").first
    expect(indicator).to_contain_text("66,67")
    axe(desk)
    address = desk.get_by_role("link", name="PDF").first.get_attribute("href")
    pdf = desk.request.get(f"{live_server}{address}").body()
    text = re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert after in text
    assert before not in text
    assert "66,67" in text
    assert "2 из 3" in text
    assert "Предварительные результаты" in text
    db.session.rollback()
    assert said().count("Поставьте скамейку у входа") == 1


def test_the_same_road_without_scripts(world, plain_phone: Page) -> None:
    page, path = plain_phone, f"/q/{world['silent']}"
    page.goto(path)
    expect(page.locator("#q-accessibility")).to_be_hidden()
    answers = {**CONTENT, "disability": "yes", "accessibility": "no"}
    choose(page, {name: value for name, value in answers.items() if name != "overall"})
    page.get_by_role("button", name="Отправить ответы").tap()  # the browser itself holds it back
    expect(page).to_have_url(re.compile(f"{path}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Как вас здесь приняли?")
    assert db.session.query(Response).count() == 2
    page.locator("#q-overall-no").tap()
    page.get_by_role("button", name="Отправить ответы").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Спасибо. Ваши ответы учтены")
    db.session.rollback()
    [heard] = [r for r in db.session.query(Response) if r.assessment_id == 2]
    assert unpacked(QUESTIONNAIRE, heard.answers) == {**answers, "overall": "no"}


def test_a_question_missed_behind_another_is_pointed_out_and_nothing_is_lost(
    world, plain_phone: Page
) -> None:
    page, path = plain_phone, f"/q/{world['silent']}"
    page.goto(path)
    choose(page, {**CONTENT, "disability": "yes", "accessibility": "yes"})
    page.locator("#q-remote_used-yes").tap()  # opens a question, and it is left without an answer
    page.get_by_role("button", name="Отправить ответы").tap()
    summary = page.locator(".errors")
    expect(summary).to_be_visible()
    summary.get_by_role("link").tap()
    expect(page.locator("#q-remote_staff")).to_be_in_viewport()
    expect(page.locator("#q-overall-yes")).to_be_checked()
    page.locator("#q-remote_staff-no").tap()
    page.get_by_role("button", name="Отправить ответы").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Спасибо. Ваши ответы учтены")


FOCUS = """() => {
  const e = document.activeElement, ring = e.type === 'radio' ? e.nextElementSibling : e;
  const style = getComputedStyle(ring), box = e.getBoundingClientRect();
  return {
    name: e.name || '', type: e.type || '', tag: e.tagName, value: e.value || '',
    ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none',
    seen: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def test_the_survey_is_answered_with_nothing_but_keys(world, desk: Page) -> None:
    desk.goto(f"/q/{world['silent']}")
    chosen: dict[str, str] = {}
    for _step in range(90):
        desk.keyboard.press("Tab")
        now = desk.evaluate(FOCUS)
        assert now["tag"] != "BODY", "the focus left the page before the end"
        assert now["ringed"], f"no focus ring: {now}"
        assert now["seen"], f"focused out of sight: {now}"
        if now["type"] == "radio" and now["name"] not in chosen:
            desk.keyboard.press("ArrowDown" if now["name"] == "remote_used" else "Space")
            chosen[now["name"]] = desk.evaluate("document.activeElement.value")
        elif now["type"] == "textarea":
            desk.keyboard.type("Скамейка")
        elif now["tag"] == "BUTTON":
            desk.keyboard.press("Enter")
            break
    expect(desk.get_by_role("heading", level=1)).to_have_text("Спасибо. Ваши ответы учтены")
    assert {chosen["disability"], chosen["accessibility"], chosen["remote_used"]} == {"yes", "no"}
    db.session.rollback()
    [heard] = [r for r in db.session.query(Response) if r.assessment_id == 2]
    assert unpacked(QUESTIONNAIRE, heard.answers) == chosen


def test_the_sign_in_is_passed_with_nothing_but_keys(world, desk: Page) -> None:
    desk.goto("/sign-in")
    desk.keyboard.press("Tab")
    skip = desk.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.type("operator")
    desk.keyboard.press("Tab")
    desk.keyboard.type(PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("/operator/(#main)?$"))


SIZES = {
    "phone": {**PHONE, "color_scheme": "light"},
    "desk": {**DESK, "color_scheme": "dark"},
}
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_every_page_lets_everybody_in_and_fits_the_screen(
    app: Flask, browser: Browser, live_server: str, world, size: str
) -> None:
    with writing() as session:
        session.get_one(Campaign, world["campaign_id"]).shows_interim = True
    pages = [(owner(rule), path) for rule, path in addresses(app, world)]
    pages += [(None, "/nowhere"), (Role.ORGANIZATION, "/council/"), (None, f"/q/{world['code']}?size=large")]
    pages += [(Role.OPERATOR, f"/operator/campaigns/{world['campaign_id']}?q=нет такой")]
    pages += [(Role.COUNCIL, f"/council/campaigns/{world['campaign_id']}/organizations/{world['silent']}")]
    failed = []
    with opened(browser, live_server, **SIZES[size]) as page:
        for role, path in sorted(pages, key=lambda one: str(one[0])):
            as_role(app, page.context, live_server, role)
            page.goto(path)
            try:
                axe(page)
            except pytest.fail.Exception as error:
                failed.append(str(error))
            if page.evaluate(OVERFLOWS):
                failed.append(f"{path} is wider than the {size}")
    assert not failed, "\n\n".join(failed)


def as_role(app: Flask, context: BrowserContext, home: str, role: Role | None) -> None:
    """Give the browser this role's session, or nobody's."""
    context.clear_cookies()
    if role is not None:
        cookie = signed_in(app.test_client(), role.value).get_cookie("nok")
        assert cookie is not None
        context.add_cookies([{"name": "nok", "value": cookie.value, "url": home}])


def test_a_closed_survey_and_a_refused_form_let_everybody_in_too(world, phone: Page) -> None:
    phone.goto(f"/q/{world['code']}")
    phone.evaluate("document.getElementById('survey').noValidate = true")
    phone.get_by_role("button", name="Отправить ответы").tap()
    expect(phone.locator("fieldset.wrong").first).to_be_focused()
    axe(phone)
    with writing() as session:
        session.get_one(Campaign, world["campaign_id"]).stage = Stage.REVIEW
    phone.goto(f"/q/{world['code']}?again=1")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Опрос сейчас не проводится")
    axe(phone)
