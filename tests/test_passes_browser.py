"""A recipient at a place that asks for a code, without scripts and with nothing but a telephone in hand."""

from browser import PHONE, axe, fits
from build import CONTENT
from corridor import trying
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from test_passes import answers, counted, enters, here, issued, unused

from surveys.admitting import spaced
from surveys.entry import tickets

__all__ = ["here"]


def test_a_code_is_typed_a_link_is_opened_and_every_page_lets_everybody_in(
    app: Flask, here: str, plain_phone: Page, phone: Page
) -> None:
    one, other, _left = issued(app)
    page = plain_phone
    page.goto(here)
    for typed, told in (("ABC", "В коде ошибка"), (spaced(one).lower(), "Как вас здесь приняли?")):
        page.get_by_label("Код с листка").fill(typed)
        page.get_by_role("button", name="Перейти к анкете").tap()
        expect(page.get_by_text(told)).to_be_visible()
    for question, value in CONTENT.items():
        page.locator(f"#q-{question}-{value}").check(force=True)
    page.get_by_role("button", name="Отправить ответы").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Спасибо. Ваши ответы учтены")
    phone.goto(here)
    phone.get_by_label("Код с листка").fill("ABC")
    phone.get_by_role("button", name="Перейти к анкете").tap()
    expect(phone.get_by_text("В коде ошибка")).to_be_visible()
    fits(phone)
    phone.goto(f"{here}/one/{one}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Этот код уже не действует")
    fits(phone)
    phone.goto(f"{here}/one/{tickets.link(app.config['SECRET_KEY'], other)}")
    fits(phone)
    phone.get_by_role("button", name="Начать").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Как вас здесь приняли?")
    axe(phone)
    assert counted() == 1


def answered(page: Page) -> None:
    for question, value in CONTENT.items():
        page.locator(f"#q-{question}-{value}").check(force=True)
    page.get_by_role("button", name="Отправить ответы").tap()


def test_a_used_code_is_told_at_once_and_leaves_nothing(app: Flask, here: str, phone: Page) -> None:
    [one] = issued(app, 1)
    phone.goto(f"{here}/one/{one}")
    phone.get_by_role("button", name="Начать").tap()
    other = app.test_client()
    assert answers(other, here, enters(other, here, one)).status_code == 303
    answered(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Этот код уже не действует")
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0
    assert counted() == 1


def test_whoever_must_show_the_code_again_finds_the_answers_in_place(
    app: Flask, here: str, phone: Page
) -> None:
    [one] = issued(app, 1)
    phone.goto(f"{here}/one/{one}")
    phone.get_by_role("button", name="Начать").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Как вас здесь приняли?")
    phone.context.clear_cookies()
    phone.evaluate("document.querySelector('[name=pass]').value = 'of yesterday'")
    answered(phone)
    expect(phone.get_by_text("Ваши ответы остались на этом устройстве")).to_be_visible()
    fits(phone)
    phone.get_by_label("Код с листка").fill(one)
    phone.get_by_role("button", name="Перейти к анкете").tap()
    expect(phone.get_by_text("Ваши ответы на месте")).to_be_visible()
    phone.get_by_role("button", name="Отправить ответы").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Спасибо. Ваши ответы учтены")
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0
    assert counted() == 1


def test_answers_that_wait_spend_their_own_code_not_that_of_the_next_person(
    app: Flask, here: str, browser: Browser, live_server: str
) -> None:
    one, other, _left = issued(app)

    def losing(route: Route) -> None:
        if route.request.method == "POST" and not route.request.url.endswith("/enter"):
            route.abort()
        else:
            route.continue_()

    with trying(browser, live_server, "/q/", **PHONE) as first:
        context = first.context
        context.route("**/q/**", losing)
        shows(first, here, one)
        answered(first)
        expect(first.get_by_text("Отправить пока не получилось")).to_be_visible()
        second = context.new_page()
        first.close()
        shows(second, here, other)
        expect(second.get_by_text("ждут прежние ответы")).to_be_visible()
        second.get_by_role("button", name="Отвечает другой человек").tap()
        answered(second)
        context.unroute("**/q/**")
        second.evaluate("dispatchEvent(new Event('online'))")
        expect(second.get_by_role("heading", level=1)).to_have_text("Спасибо. Ваши ответы учтены")
    assert (counted(), unused()) == (2, 1)


def shows(page: Page, here: str, code: str) -> None:
    """A link from a slip, and the button behind it; on a device that holds another's code as well."""
    page.goto(f"{here}/one/{code}")
    page.get_by_role("button", name="Начать").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Как вас здесь приняли?")
