"""A recipient on a bad network, in a real browser: answers outlive a reload and a lost connection, no more."""

import re
from collections.abc import Iterator

import pytest
from browser import PHONE, axe
from build import CONTENT, a_campaign, an_organization
from corridor import trying
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from surveys.db import db
from surveys.library import pinned
from surveys.models import Pinned, Response
from surveys.questionnaire import unpacked

pytestmark = pytest.mark.usefixtures("session")
WAYS = ("/q/",)
KEPT = "Object.keys(localStorage).concat(Object.keys(sessionStorage)).length"
THANKS = re.compile("/thanks$")


@pytest.fixture
def here(session) -> str:
    code = an_organization()
    a_campaign()
    return f"/q/{code}"


class Recipient:
    """Somebody in a queue with a telephone in hand."""

    def __init__(self, page: Page, here: str) -> None:
        self.page, self.here = page, here

    def opens(self, query: str = "") -> "Recipient":
        self.page.goto(self.here + query)
        return self

    def answers(self, **given: str) -> "Recipient":
        for question, value in {**CONTENT, **given}.items():
            self.page.locator(f"#q-{question}-{value}").check(force=True)
        return self

    def sends(self) -> "Recipient":
        self.page.get_by_role("button", name="Отправить ответы").tap()
        return self

    def reads(self, words: str) -> "Recipient":
        expect(self.page.get_by_text(words)).to_be_visible()
        return self

    def is_thanked(self) -> "Recipient":
        expect(self.page).to_have_url(THANKS)
        return self

    def has_left_nothing(self) -> None:
        assert self.page.evaluate(KEPT) == 0


@pytest.fixture
def person(browser, live_server: str, here: str) -> Iterator[Recipient]:
    with trying(browser, live_server, *WAYS, **PHONE) as page:
        yield Recipient(page, here)


def counted() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Response)) or 0


def arrived(question: str = "overall") -> list[str]:
    """Whose answers are counted, told apart by what they say to one question."""
    db.session.rollback()
    rows = select(Response.answers, Pinned.name, Pinned.sha256).join(
        Pinned, Pinned.id == Response.questionnaire_id
    )
    found = db.session.execute(rows).all()
    return sorted(unpacked(pinned(name, sha256), text)[question] for text, name, sha256 in found)


@pytest.mark.parametrize("status", [400, 404, 409, 413])
def test_a_gateways_refusal_is_not_believed(person, status: int) -> None:
    turns = iter([status])

    def between(route: Route) -> None:
        turn = next(turns, 0) if route.request.method == "POST" else 0
        route.fulfill(status=turn, body="gateway") if turn else route.continue_()

    person.opens().answers().page.route("**/q/*", between)
    person.sends().reads("Отправить пока не получилось")
    person.page.evaluate("dispatchEvent(new Event('online'))")
    person.is_thanked().has_left_nothing()
    assert counted() == 1


def test_answers_outlive_a_reload_and_nothing_is_kept_after_sending(person) -> None:
    person.opens().answers(overall="no").page.get_by_label("Что здесь стоит улучшить?").fill(
        "Скамейку & навес"
    )
    person.reads("через сутки сотрутся")
    axe(person.page)
    key = person.page.locator("[name=key]").input_value()
    person.page.reload()
    person.reads("Ваши ответы на месте")
    expect(person.page.locator("#q-overall-no")).to_be_checked()
    expect(person.page.get_by_label("Что здесь стоит улучшить?")).to_have_value("Скамейку & навес")
    assert person.page.locator("[name=key]").input_value() == key
    person.sends().is_thanked().has_left_nothing()
    assert counted() == 1
    person.opens().reads("С этого телефона уже отвечали")


def test_without_a_connection_answers_wait_and_go_by_themselves(person) -> None:
    person.opens().answers().page.context.set_offline(True)
    person.sends().reads("Отправить пока не получилось")
    axe(person.page)
    assert counted() == 0
    person.page.context.set_offline(False)
    person.is_thanked().has_left_nothing()
    assert counted() == 1


def test_a_lost_reply_is_no_second_answer_and_a_pay_page_no_arrival(person) -> None:
    turns = iter(("counted, not heard of", "pay here"))

    def between(route: Route) -> None:
        turn = next(turns, "") if route.request.method == "POST" else ""
        if turn.startswith("counted"):
            route.fetch(max_redirects=0)
            route.abort()
        elif turn:
            route.fulfill(status=200, content_type="text/html", body="<h1>Оплатите</h1>")
        else:
            route.continue_()

    person.opens().answers().page.route("**/q/*", between)
    person.sends().reads("Отправить пока не получилось")
    assert counted() == 1
    for said in ("Отправить пока не получилось", ""):
        person.page.evaluate("dispatchEvent(new Event('online'))")
        if said:
            expect(person.page.locator("[data-state=waiting]")).to_be_visible()
    person.is_thanked().has_left_nothing()
    assert counted() == 1


def test_the_next_person_of_a_shared_phone_sees_nothing_of_the_first(person) -> None:
    person.opens().answers()
    other = Recipient(person.page.context.new_page(), person.here).opens()
    expect(other.page.locator("input:checked")).to_have_count(0)
    other.answers().sends().is_thanked()
    person.page.reload()
    person.reads("С этого телефона уже отвечали")


def test_what_was_sent_from_a_closed_tab_goes_when_the_form_is_opened_again(person) -> None:
    person.opens().answers().page.context.set_offline(True)
    person.sends().reads("Отправить пока не получилось")
    context = person.page.context
    person.page.close()
    context.set_offline(False)
    later = Recipient(context.new_page(), person.here).opens().reads("С этого телефона уже отвечали")
    later.has_left_nothing()
    assert counted() == 1


def test_two_tabs_that_waited_together_are_one_answer(person) -> None:
    second = Recipient(person.page.context.new_page(), person.here).opens().answers(overall="no")
    person.opens().answers().page.context.set_offline(True)
    for tab in (person, second):
        tab.page.bring_to_front()
        tab.sends().reads("Отправить пока не получилось")
    person.page.context.set_offline(False)
    person.is_thanked()
    second.reads("иначе посчитают только прежние ответы")
    assert arrived() == ["yes"]


def test_answers_are_wiped_at_a_press_and_after_a_day(person) -> None:
    page = person.page
    page.clock.install()
    person.opens().answers()
    page.get_by_role("button", name="Стереть с этого устройства").tap()
    person.reads("Ваши ответы стёрты").has_left_nothing()
    expect(page.locator("input:checked")).to_have_count(0)
    person.answers()
    page.context.set_offline(True)
    person.sends().reads("Отправить пока не получилось")
    page.clock.fast_forward("24:00:01")
    person.reads("Ваши ответы стёрты").has_left_nothing()
    page.context.set_offline(False)
    person.opens().answers()
    page.clock.fast_forward("24:00:01")
    page.reload()
    expect(page.locator("input:checked")).to_have_count(0)
    person.has_left_nothing()
    assert counted() == 0


@pytest.mark.parametrize(
    "looked",
    ["document.dispatchEvent(new Event('visibilitychange'))", "dispatchEvent(new Event('pageshow'))"],
)
def test_a_tab_left_open_forgets_after_a_day_when_it_is_looked_at(person, looked: str) -> None:
    page = person.page
    page.clock.install()
    person.opens().answers().page.evaluate("document.querySelector('[name=key]').value = 'x'")
    person.sends()
    expect(page.locator(".errors")).to_be_visible()  # drawn by the server, answers and all
    page.get_by_label("Что здесь стоит улучшить?").fill("Скамейку")
    page.clock.fast_forward("23:00:00")
    page.evaluate(looked)
    expect(page.locator("#q-overall-yes")).to_be_checked()
    page.clock.fast_forward("07:00:00")
    page.evaluate(looked)
    person.reads("Ваши ответы стёрты").has_left_nothing()
    expect(page.locator("input:checked")).to_have_count(0)
    expect(page.get_by_label("Что здесь стоит улучшить?")).to_have_value("")


def test_a_refusal_ends_in_the_servers_own_page(person) -> None:
    person.opens().answers().page.evaluate("document.querySelector('[name=key]').value = 'x'")
    person.sends()
    expect(person.page.locator(".errors")).to_contain_text("Отправьте ответы ещё раз")
    expect(person.page.locator("#q-overall-yes")).to_be_checked()
    person.sends().is_thanked().has_left_nothing()
    assert counted() == 1


def test_another_persons_clean_form_is_clean(person) -> None:
    person.opens().answers().sends().is_thanked()
    person.opens().page.get_by_role("link", name="Открыть чистую анкету").tap()
    expect(person.page.locator("input:checked")).to_have_count(0)
    person.answers(overall="no").sends().is_thanked().has_left_nothing()
    assert counted() == 2


def test_another_form_waits_for_the_network_too(person) -> None:
    page = person.page
    page.goto(f"{person.here}/scores")
    for question in page.locator("fieldset.question").all():
        question.locator("input").first.check(force=True)
    page.reload()
    person.reads("Ваши ответы на месте")
    expect(page.locator("input:checked")).to_have_count(5)
    page.context.set_offline(True)
    page.get_by_role("button", name="Отправить").tap()
    person.reads("Отправить пока не получилось")
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/scores/thanks$"))
    person.has_left_nothing()
