"""The reviewer's pages: roles, blindness, the journey by keys, by touch and without a script; a report that tells."""

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import looking
import pytest
from browser import DESK, axe
from build import PASSWORD, TOKEN, signed_in, within
from flask import Flask
from flask.testing import FlaskClient
from looking import CONTENT, user
from manners import MannerlyClient
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from spoken import said
from sqlalchemy import func, select
from test_reviewing import Team

from accounts.models import AuditEvent
from operator_app.handover import checks, desk, quality
from paper import reviewing, settled
from paper.tables import Doubt, DoubtKind, ScannedSheet
from surveys.clock import now
from surveys.comments import Comment
from surveys.db import db, writing

SCRIPT = {"Accept": "application/json"}
KEY = 600  # milliseconds a crop: faster than a person who looks


@pytest.fixture
def team(app: Flask, session: object) -> Team:
    return Team()


@pytest.fixture
def here(team: Team) -> str:
    return f"/operator/campaigns/{team.campaign_id}/scans/review"


def token(client: FlaskClient, path: str) -> str:
    return within(TOKEN, client.get(path).text)


def items(page: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(unescape(within(r'data-items="([^"]*)"', page)))
    return found


def test_everybody_of_the_team_reviews_and_only_verifiers_decide_last(
    team: Team, here: str, app: Flask
) -> None:
    team.sheets(two=("comfort",))
    for login in ("head", "checks", "one"):
        client = signed_in(app.test_client(), login)
        assert client.get(f"{here}/").status_code == client.get(f"{here}/marks").status_code == 200
        expected = 403 if login == "one" else 200
        assert client.get(f"{here}/second").status_code == expected
        page = client.get(f"{here}/").text
        assert ("Как служба читает" in page) is (login != "one"), "of no business to a reviewer"
        assert ("из тысячи проверять вслепую" in page) is (login == "head")


def test_the_page_of_a_sample_and_of_a_doubt_differ_in_nothing_but_token_and_picture(
    team: Team, here: str, page: MannerlyClient
) -> None:
    team.sheets(share=1000)
    team.sheets(two=("comfort",))
    with writing() as session:  # only «comfort» is looked at: one sample, one doubt
        for doubt in looking.doubts(session):
            if doubt.question != "comfort":
                session.delete(doubt)
    signed_in(page, "one")
    both = {one.place: one.kind for one in looking.doubts(db.session())}
    assert sorted(both.values()) == [DoubtKind.DOUBT, DoubtKind.SAMPLE]
    shown = {}
    for place in both:
        with writing() as session:
            for doubt in looking.doubts(session):
                doubt.held_until, doubt.held_by = now() + reviewing.KEPT, user("two").id
                if doubt.place == place:
                    doubt.held_by = user("one").id
        html = page.get(f"{here}/marks").text
        told = page.post(f"{here}/more", data={"csrf_token": within(TOKEN, html)}, headers=SCRIPT).text
        bare = re.sub(r'name="csrf_token" value="[^"]+"', "", html).replace(str(place), "PLACE")
        shown[place] = (bare, told.replace(str(place), "PLACE"))
        assert len(items(html)) == 1 and set(items(html)[0]) == {
            *("token", "number", "caption", "wording", "choices", "picture", "size", "near")
        }
    one, other = shown.values()
    assert one == other
    assert not re.search(r"checked|selected|autofocus|PLACE[^0-9]*(doubt|sample)", one[0])


def test_the_answer_to_a_decision_is_the_same_for_a_sample_and_a_doubt(
    team: Team, here: str, client: FlaskClient
) -> None:
    team.sheets(share=1000, two=("overall",))
    signed_in(client, "one")
    found = token(client, f"{here}/marks")
    told = []
    for doubt in looking.doubts(db.session()):
        wrong = doubt.kind == DoubtKind.SAMPLE and doubt.question in ("comfort", "on_time")
        value = "no" if wrong else CONTENT.get(doubt.question, "")
        sent = {"csrf_token": found, "token": str(doubt.place), "value": value}
        answer = client.post(f"{here}/marks", data=sent, headers=SCRIPT)
        assert answer.status_code == 200 and answer.json is not None
        told.append(answer.json)
    assert {tuple(sorted(one)) for one in told} == {("left", "outcome")}
    assert {one["outcome"] for one in told} == {"saved"}
    assert [one["left"] for one in told] == list(range(len(told) - 1, -1, -1))


def test_a_crop_is_shown_to_whoever_has_it_in_hand(team: Team, here: str, app: Flask) -> None:
    team.sheets(two=("comfort",))
    holder, other = signed_in(app.test_client(), "one"), signed_in(app.test_client(), "two")
    [item] = items(holder.get(f"{here}/marks").text)
    made = holder.get(item["picture"])
    assert made.status_code == 200 and made.mimetype == "image/jpeg"
    assert made.headers["Cache-Control"] == "no-store"
    with Image.open(BytesIO(made.data)) as image:
        assert abs(image.height / image.width - item["size"][1] / item["size"][0]) < 0.01
    assert other.get(item["picture"]).status_code == 404
    assert signed_in(app.test_client(), "checks").get(item["picture"]).status_code == 200
    assert holder.get(f"{here}/pictures/12345").status_code == 404


def test_refusals_are_told_to_the_script_in_its_own_way(team: Team, here: str, client: FlaskClient) -> None:
    team.sheets(two=("comfort",))
    signed_in(client, "one")
    page = client.get(f"{here}/marks").text
    sent = {"csrf_token": within(TOKEN, page), "token": items(page)[0]["token"], "value": "male"}
    answer = client.post(f"{here}/marks", data=sent, headers=SCRIPT)
    assert answer.status_code == 422 and answer.json is not None and "Такого ответа" in answer.json["text"]
    answer = client.post(f"{here}/marks", data={**sent, "token": "17"}, headers=SCRIPT)
    assert answer.json is not None and answer.json["outcome"] == "taken"


def test_the_second_person_sees_both_readings(team: Team, here: str, page: MannerlyClient) -> None:
    team.sheets(share=1000)
    sample = team.handed("one", "comfort")
    team.say("one", sample, "*")
    signed_in(page, "checks")
    html = page.get(f"{here}/second").text
    assert "Служба прочла: <b>«Да»</b>" in html and "Человек увидел: <b>две отметки</b>" in html
    sent = {"csrf_token": within(TOKEN, html), "token": str(sample.place), "value": "no"}
    page.post(f"{here}/second", data=sent)
    assert team.answers()[0]["comfort"] == "no"
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "scan settled"))
    assert event.actor == "checks"
    assert "прочитано неверно: 1" in page.get(f"{here}/").text
    answer = page.get(f"{here}/decisions.csv")
    assert "решения по сканам.csv" in unquote(answer.headers["Content-Disposition"])
    [told] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    sheet = db.session.get_one(ScannedSheet, sample.sheet_id)
    asked = looking.FORM.question("comfort")
    assert told["Номер листа"] == str(sheet.serial) and told["Код организации"] and told["Организация"]
    assert told["Вопрос"] == f"{asked.number}. {asked.wording}"
    assert [told[f"{which} решение"] for which in ("Первое", "Второе")] == ["две отметки", "«Нет»"]
    assert (told["Зачем смотрели"], told["Служба прочла"]) == ("слепая проверка", "«Да»")
    assert told["Кто решил первым"] and told["Кто решил вторым"]
    assert re.fullmatch(r"[0-9.]{10} [0-9:]{8}", told["Когда первым"])


def test_words_are_typed_beside_their_crop(team: Team, here: str, page: MannerlyClient) -> None:
    team.sheets(2, words=True)
    signed_in(page, "one")
    html = page.get(f"{here}/words").text
    form = {
        "csrf_token": within(TOKEN, html),
        "token": within(r'name="token" value="(\d+)"', html),
        "act": "type",
    }
    refused = page.post(f"{here}/words", data={**form, "text": "  "})
    assert refused.status_code == 422 and "Наберите, что написано" in refused.text
    long = page.post(f"{here}/words", data={**form, "text": "а" * 5000})
    assert long.status_code == 422 and "Сократите" in long.text and "а" * 5000 in long.text
    page.post(f"{here}/words", data={**form, "text": "Поставьте лавку"})
    db.session.rollback()
    assert said() == ["Поставьте лавку"]
    html = page.get(f"{here}/words").text
    last = {
        "csrf_token": within(TOKEN, html),
        "token": within(r'name="token" value="(\d+)"', html),
        "act": "nothing",
    }
    page.post(f"{here}/words", data={**last, "text": "случайно набранное"})
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1
    assert "Набирать нечего" in page.get(f"{here}/words").text


def test_the_head_sets_the_share_within_its_bounds(team: Team, here: str, page: MannerlyClient) -> None:
    signed_in(page, "head")
    sent = {"csrf_token": token(page, f"{here}/")}
    assert page.post(f"{here}/share", data={**sent, "share": "1001"}).status_code == 400
    page.post(f"{here}/share", data={**sent, "share": "50"})
    assert "50 из 1000" in page.get(f"{here}/").text


def test_the_report_and_the_checks_tell_what_people_found(team: Team) -> None:
    team.sheets(2, share=1000, two=("overall",), words=True)
    found = {one.key: one for one in checks.findings(desk.of_campaign(db.session(), team.campaign))}
    assert found["waiting_scans"].gravity == "blocks" and found["unseen_samples"].gravity == "explain"
    assert "untyped_words" not in found and "disputed_scans" not in found
    mine = team.hand("one", number=200)
    wrong = next(one for one in mine if one.question == "comfort")
    for doubt in mine:
        right = CONTENT.get(doubt.question, "")
        team.say("one", doubt, "no" if doubt is wrong else right)
    lying = desk.of_campaign(db.session(), team.campaign)
    keys = {one.key for one in checks.findings(lying)}
    assert {"disputed_scans", "untyped_words"} <= keys and "waiting_scans" not in keys
    team.say("checks", next(d for d in mine if settled.needs_second(d)), "no", second=True)
    lying = desk.of_campaign(db.session(), team.campaign)
    words, tables = quality.told(db.session(), lying)
    samples = sum(1 for one in mine if one.kind == DoubtKind.SAMPLE)
    assert f"Проверено вслепую уверенно прочитанных ответов: {samples}, из них прочитано неверно: 1" in words
    assert "(95\u202f%:" in words and "ответов: 2 из " in words
    assert "Чтение сканов" in str(tables) and "отмечены два ответа" in str(tables)


# In a browser


def enter(page: Page, login: str = "one") -> None:
    page.goto("/sign-in")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page).to_have_url(re.compile("/operator/"))


def at_marks(page: Page, here: str, login: str = "one") -> Page:
    enter(page, login)
    page.goto(f"{here}/marks")
    expect(
        page.locator("#keys" if page.viewport_size == DESK["viewport"] else "#picture, .stage img")
    ).to_be_visible()
    return page


def decisions(count: int, value: str = "") -> list[Doubt]:
    """What was decided, once there is so much of it, this decision among them."""
    found: list[Doubt] = []
    for _time in range(600):
        db.session.rollback()
        found = [one for one in looking.doubts(db.session()) if one.decided is not None]
        if len(found) >= count and (not value or value in [one.decided for one in found]):
            break
        time.sleep(0.1)
    return found


@pytest.fixture
def lonely(browser: Browser, live_server: str) -> Iterator[Page]:
    """A desk whose network may fail: what the console says of that is no complaint."""
    context = browser.new_context(base_url=live_server, locale="ru-RU", **DESK)
    yield context.new_page()
    context.close()


def test_a_reviewer_looks_at_far_more_than_six_hundred_crops_an_hour(
    team: Team, here: str, desk: Page
) -> None:
    team.sheets(12, two=("comfort",))
    page, crops = at_marks(desk, here), 5
    begun = time.perf_counter()
    for _crop in range(crops):
        expect(page.locator(".stage img")).to_have_js_property("complete", True)
        assert page.evaluate("document.querySelector('.stage img').naturalWidth") > 0
        page.keyboard.press("1", delay=20)
        page.wait_for_timeout(KEY - 20)
    an_hour = crops * 3600 / (time.perf_counter() - begun)
    assert len(decisions(crops)) == crops
    assert an_hour >= 1500, f"{an_hour:.0f} crops an hour at {KEY} ms each"


def test_no_key_is_lost_to_a_fast_hand(team: Team, here: str, desk: Page) -> None:
    team.sheets(28, two=("comfort",))
    page = at_marks(desk, here)
    for key in "12" * 12:
        expect(page.locator("#choices button").first).to_be_enabled()
        page.keyboard.press(key, delay=40)
    found = decisions(24)
    assert len(found) == 24
    assert sorted(one.decided or "" for one in found) == ["no"] * 12 + ["yes"] * 12


def test_keys_decide_go_back_and_look_nearer(team: Team, here: str, desk: Page) -> None:
    team.sheets(6, two=("comfort",))
    page = at_marks(desk, here)
    axe(page)
    page.keyboard.press("KeyZ")
    expect(page.locator(".stage")).to_have_class(re.compile("near"))
    for code in ("Digit1", "Space", "KeyD", "KeyN", "Digit9"):
        page.keyboard.press(code)
    page.keyboard.press("Backspace")
    expect(page.locator("#before")).to_contain_text("Не разобрать")
    page.keyboard.press("Backspace")
    page.keyboard.press("Digit2")
    expect(page.locator("#before")).to_have_text("")
    expect(page.locator("#left")).to_have_text("осталось: 2")
    assert sorted(one.decided or "" for one in decisions(4, "no")) == ["", "?", "no", "yes"]
    page.keyboard.press("Digit1")
    page.keyboard.press("Digit1")
    expect(page.locator("#told")).to_contain_text("Всё просмотрено")
    assert len(decisions(6)) == 6


def test_decisions_survive_a_lost_network(team: Team, here: str, lonely: Page) -> None:
    team.sheets(8, two=("comfort",))
    page = at_marks(lonely, here)
    expect(page.locator("#left")).to_have_text("осталось: 8")
    page.wait_for_function("document.querySelector('.stage img').naturalWidth > 0")
    page.wait_for_timeout(500)
    page.context.set_offline(True)
    for _crop in range(4):
        page.keyboard.press("Digit1")
    expect(page.locator("#told")).to_contain_text("Решений ждёт отправки: 4")
    assert page.evaluate("document.querySelector('.stage img').naturalWidth") > 0, "crops came ahead"
    assert decisions(0) == []
    page.context.set_offline(False)
    assert len(decisions(4)) == 4
    expect(page.locator("#told")).to_have_text("")


def test_a_thumb_decides_on_a_phone(team: Team, here: str, phone: Page) -> None:
    team.sheets(2, two=("comfort",))
    page = at_marks(phone, here)
    expect(page.locator(".choice").last).to_be_in_viewport(ratio=1)
    for button in page.locator(".choice").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44
    axe(page)
    page.get_by_role("button", name="Нет", exact=True).tap()
    expect(page.locator("#left")).to_have_text("осталось: 1")
    assert decisions(1)[0].decided == "no"


def test_the_journey_without_a_script(team: Team, here: str, plain_phone: Page) -> None:
    team.sheets(2, two=("comfort",))
    page = plain_phone
    enter(page)
    page.goto(f"{here}/")
    page.get_by_role("link", name="Смотреть отметки").tap()
    page.get_by_role("button", name="Да").tap()
    page.get_by_role("link", name="Предыдущее").tap()
    page.get_by_role("button", name="Две отметки").tap()
    page.get_by_role("button", name="Нет ответа").tap()
    expect(page.get_by_text("Всё просмотрено")).to_be_visible()
    assert sorted(one.decided or "" for one in decisions(2)) == ["", "*"]


def test_the_other_pages_are_accessible(team: Team, here: str, desk: Page) -> None:
    team.sheets(2, share=1000, words=True)
    sample = team.handed("one", "comfort")
    team.say("one", sample, "no")
    enter(desk, "head")
    for path in ("", "words", "second"):
        desk.goto(f"{here}/{path}")
        axe(desk)
