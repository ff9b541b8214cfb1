"""The keying screen in a browser: keys alone, its pace, nothing lost to a dropped network or an ended sign-in."""

import re
import time
from collections.abc import Iterator

import pytest
from browser import DESK, axe
from build import PASSWORD, a_campaign, a_user, an_organization
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from spoken import said
from sqlalchemy import select
from test_keying import Desk, sheet

from accounts.models import Duty, Role
from operator_app.keying.tables import Sheet
from surveys import library
from surveys.db import db
from surveys.models import Response
from surveys.questionnaire import unpacked

FORM = library.questionnaire("675n-full")
#: What a hand presses for a whole sheet with two skips: «нет» to 1, 3, 7 and 11, a woman of 47.
KEYS = "22112112111247"
SLOW, FAST = 300, 40  # milliseconds a key: a trained person; faster than anybody


@pytest.fixture
def paper(app: Flask, session: object) -> Desk:
    code = an_organization()
    campaign_id = a_campaign()
    a_user(Role.OPERATOR, login="head")
    for login in ("one", "two"):
        a_user(Role.OPERATOR, login=login, duty=Duty.INTERVIEWER)
    return Desk(app, campaign_id, code)


def enter(page: Page, login: str = "one") -> None:
    page.goto("/sign-in")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page).to_have_url(re.compile("/operator/"))


def at_keys(page: Page, paper: Desk, stack: int, login: str = "one", path: str = "key") -> Page:
    enter(page, login)
    page.goto(f"{paper.here}/{stack}/{path}")
    expect(page.locator("#keys")).to_be_visible()
    return page


@pytest.fixture
def lonely(browser: Browser, live_server: str) -> Iterator[Page]:
    """A desk whose network may fail: what the console says of that is no complaint."""
    context = browser.new_context(base_url=live_server, locale="ru-RU", **DESK)
    yield context.new_page()
    context.close()


def kept(count: int) -> list[dict[str, str]]:
    """What was counted, once so much of it is there."""
    for _time in range(100):
        db.session.rollback()
        found = db.session.scalars(select(Response.answers)).all()
        if len(found) >= count:
            break
        time.sleep(0.1)
    return [unpacked(FORM, answers) for answers in found]


def test_a_trained_hand_keys_more_than_six_forms_a_minute(paper: Desk, desk: Page) -> None:
    page, forms = at_keys(desk, paper, paper.stack()), 3
    begun = time.perf_counter()
    for _form in range(forms):
        page.keyboard.type(KEYS, delay=SLOW)
        page.keyboard.press("Enter")
    assert len(kept(forms)) == forms
    pace = forms * 60 / (time.perf_counter() - begun)
    assert pace >= 6, f"{pace:.1f} forms a minute, {len(KEYS) + 1} keys a form"
    expect(page.locator("#counts")).to_have_text("внесено 3")
    expect(page.locator("#number")).to_have_value("4")


def test_no_key_is_lost_at_forty_milliseconds(paper: Desk, desk: Page) -> None:
    page, forms = at_keys(desk, paper, paper.stack()), 12
    for form in range(forms):
        page.keyboard.type(f"{'12'[form % 2]}", delay=FAST)
        rest = KEYS[1:-2] if form % 2 else f"{'21'[form // 2 % 2]}" + KEYS[1:-2]
        page.keyboard.type(f"{rest}{20 + form * 5}", delay=FAST)
        page.keyboard.press("Enter")
    found = kept(forms)
    assert len(found) == forms
    assert sum(one["stand_seen"] == "yes" for one in found) == 6
    assert sum(one.get("stand") == "yes" for one in found) == 3
    assert all(len(one) == (15 if one["stand_seen"] == "yes" else 14) - 1 for one in found), found
    bands = sorted(one["age"] for one in found)
    assert bands == sorted(["18_29"] * 2 + ["30_44"] * 3 + ["45_59"] * 3 + ["60_74"] * 3 + ["75_plus"])


def test_the_whole_form_stands_on_one_screen(paper: Desk, desk: Page) -> None:
    page = at_keys(desk, paper, paper.stack())
    for element in (
        page.locator(".box").last,
        page.locator("textarea"),
        page.locator("#save"),
        page.locator("#keys"),
    ):
        expect(element).to_be_in_viewport(ratio=1)
    axe(page)
    page.keyboard.press("?")
    expect(page.locator("#wording")).to_contain_text("обращались ли Вы к информации о ее деятельности")


def test_keys_correct_leave_blank_mark_off_the_path_and_add_words(paper: Desk, desk: Page) -> None:
    stack = paper.stack()
    page = at_keys(desk, paper, stack)
    page.keyboard.type("2")
    assert page.evaluate("document.activeElement.name") == "q-site_seen", "a skip is jumped"
    page.keyboard.press("ArrowUp")
    page.keyboard.type("1")
    expect(page.locator("[data-q=stand]")).to_contain_text("мимо пути")
    page.keyboard.type("1")  # the third question: the site was looked at
    page.keyboard.type("2")
    page.keyboard.press("Backspace")
    page.keyboard.type("1")
    page.keyboard.type(" .*0,")  # five blanks of five kinds
    expect(page.locator("[data-q=disability]")).to_contain_text("два ответа")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("Без ответа вопросов: 5")
    page.keyboard.press("Tab")
    page.keyboard.type("Скамейку 2 у входа")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("111f9")
    page.keyboard.press("Enter")
    [found] = kept(1)
    assert found == {
        "stand_seen": "no",
        "site_seen": "yes",
        "site": "yes",
        "remote_used": "no",
        "recommend": "yes",
        "schedule": "yes",
        "overall": "yes",
        "sex": "female",
        "age": "under_18",
    }
    assert sheet(stack, 1).off_path == 1
    assert said() == ["Скамейку 2 у входа"]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.id"))


def test_words_typed_by_keys_alone_go_where_they_belong_and_the_next_sheet_begins(
    paper: Desk, desk: Page
) -> None:
    page = at_keys(desk, paper, paper.stack())
    page.keyboard.type(KEYS)
    assert focused(page) == "save", "past the last answer"
    page.keyboard.type("jnrh")  # a real key: Playwright inserts Cyrillic without one
    expect(page.locator("#counts")).to_contain_text("Буквы никуда не введены. Предложения — после Tab.")
    page.keyboard.press("Tab")
    expect(page.locator("#counts")).not_to_contain_text("Буквы")
    page.keyboard.type("Открыть буфет")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#number")).to_have_value("2")
    assert focused(page) == "q-stand_seen"
    for _sheet in range(3):
        page.keyboard.type(KEYS)
        page.keyboard.press("Control+Enter")
    assert len(kept(4)) == 4
    expect(page.locator("textarea")).to_have_value("")
    assert said() == ["Открыть буфет"]


def test_tab_from_a_question_leads_to_the_words_and_on_to_what_is_below(paper: Desk, desk: Page) -> None:
    page = at_keys(desk, paper, paper.stack())
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    assert focused(page).startswith("q-")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Tab")
    assert focused(page) == "save"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA", "no trap"
    page.keyboard.press("Control+Enter")
    expect(page.locator("#told")).to_contain_text("Без ответа вопросов: 13")


def test_a_sheet_is_spoiled_and_the_last_one_put_right_by_keys(paper: Desk, desk: Page) -> None:
    stack = paper.stack()
    page = at_keys(desk, paper, stack)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("нет ни одного ответа")
    page.keyboard.press("Escape")
    page.keyboard.type("2")
    expect(page.locator("#number")).to_have_value("2")
    page.keyboard.type(KEYS)
    page.keyboard.press("Enter")
    kept(1)
    page.keyboard.type("11")  # the third sheet is begun
    page.keyboard.press("F2")
    expect(page.locator("#number")).to_have_value("2")
    expect(page.locator("#q-overall-1")).to_be_checked()
    page.keyboard.type("1")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("#number")).to_have_value("3")
    expect(page.locator("#q-stand-1")).to_be_checked()
    page.wait_for_timeout(300)
    [found] = kept(1)
    assert (found["stand_seen"], found["stand"]) == ("yes", "no")
    assert (sheet(stack, 1).state, sheet(stack, 1).reason) == ("spoiled", "unreadable")


def test_a_dropped_network_loses_nothing(paper: Desk, lonely: Page) -> None:
    page = at_keys(lonely, paper, paper.stack())
    page.context.set_offline(True)
    for _form in range(7):
        page.keyboard.type(KEYS)
        page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text(
        "Нет связи. Ждут отправки на этом устройстве листы: 1, 2, 3, 4, 5, 6, 7"
    )
    expect(page.locator("#counts")).to_have_text("внесено 7 · не отправлено: 7")
    assert kept(0) == []
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert len(kept(7)) == 7
    expect(page.locator("#told")).to_be_empty()
    assert page.evaluate("Object.keys(localStorage).filter((n) => n.startsWith('nok-keying')).length") == 0


def test_what_waited_on_a_closed_page_is_sent_when_it_is_opened_again(paper: Desk, lonely: Page) -> None:
    stack = paper.stack()
    page = at_keys(lonely, paper, stack)
    page.route("**/key", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.keyboard.type(KEYS)
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("Нет связи")
    page.keyboard.type("12")
    page.unroute("**/key")
    page.reload()
    assert len(kept(1)) == 1
    expect(page.locator("#number")).to_have_value("2")
    expect(page.locator("#q-stand-2")).to_be_checked()


def test_an_ended_sign_in_is_told_and_the_sheets_wait_for_the_next(paper: Desk, lonely: Page) -> None:
    page = at_keys(lonely, paper, paper.stack())
    page.context.clear_cookies()
    page.keyboard.type(KEYS)
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("Вход закончился. На этом устройстве сохранены листы: 1")
    page.keyboard.type(KEYS)
    page.keyboard.press("Enter")
    assert kept(0) == []
    other = page.context.new_page()
    enter(other)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert len(kept(2)) == 2, "without leaving the page, with a token of the new sign-in"
    expect(page.locator("#told")).to_be_empty()


def test_a_taken_number_is_a_choice_and_the_hand_goes_on(paper: Desk, desk: Page) -> None:
    stack = paper.stack()
    page = at_keys(desk, paper, stack)
    paper.key("two", stack, 1)
    page.keyboard.type(f"1{KEYS}")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("Под № 1 в этой пачке уже лежит лист с другими ответами")
    page.keyboard.type("12")
    page.get_by_role("button", name=re.compile("Это другой лист: сохранить под №")).click()
    assert len(kept(2)) == 2
    expect(page.locator("#told")).to_contain_text("Исправьте номер в углу листа")
    expect(page.locator("#q-stand-2")).to_be_checked()
    numbers = db.session.scalars(select(Sheet.number).order_by(Sheet.number)).all()
    assert (numbers[0], len(set(numbers)), page.locator("#number").input_value() in map(str, numbers)) == (
        1,
        2,
        False,
    )


def test_the_second_keying_goes_sheet_after_sheet_without_a_key_lost(paper: Desk, desk: Page) -> None:
    stack = paper.stack(100)
    same = dict(zip(["stand_seen", "site_seen"], ["no", "no"], strict=True))
    rest = ("on_time", "comfort", "first_contact", "service_staff", "recommend", "schedule", "overall")
    same |= {
        **dict.fromkeys(rest, "yes"),
        "disability": "no",
        "remote_used": "no",
        "sex": "female",
        "age": "47",
    }
    for number in (4, 9):
        paper.key("one", stack, number, same)
    page = at_keys(desk, paper, stack, "two", "second")
    expect(page.locator("#number")).to_have_value("4")
    axe(page)
    page.keyboard.type(KEYS, delay=FAST)
    page.keyboard.press("Enter")
    page.keyboard.type(KEYS, delay=FAST)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/keying/$"))
    assert len(kept(2)) == 2
    assert (sheet(stack, 4).compared, sheet(stack, 9).compared) == (13, 13)
