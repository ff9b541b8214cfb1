"""One telephone, several people, a bad network: nobody's answers take another's place, and everybody is told."""

import pytest
from browser import axe
from playwright.sync_api import Route, expect
from test_weak_network import KEPT, Recipient, arrived, counted, here, person

__all__ = ["here", "person"]
pytestmark = pytest.mark.usefixtures("session")


def losing(route: Route) -> None:
    """Pages open, nothing can be sent."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


@pytest.fixture
def second(person: Recipient) -> Recipient:
    """Somebody with the same telephone, where what another has sent before still waits."""
    context = person.page.context
    person.opens().answers(overall="yes")
    context.route("**/q/**", losing)
    person.sends().reads("Отправить пока не получилось")
    next_page = context.new_page()
    person.page.close()
    return Recipient(next_page, person.here).opens().answers(overall="no")


def connected(person: Recipient) -> None:
    person.page.context.unroute("**/q/**")
    person.page.evaluate("dispatchEvent(new Event('online'))")


def test_the_next_persons_form_takes_nothing_from_the_first(second) -> None:
    second.reads("ждут прежние ответы")
    axe(second.page)
    second.sends().reads("Отправить пока не получилось")
    second.page.get_by_role("button", name="Отвечает другой человек").tap()
    second.reads("посчитают отдельно")
    connected(second)
    second.is_thanked().has_left_nothing()
    assert arrived() == ["no", "yes"]


def test_who_does_not_say_that_they_are_another_is_asked_and_keeps_what_they_wrote(second) -> None:
    second.sends().reads("Отправить пока не получилось")
    connected(second)
    second.reads("Прежние ответы с этого устройства отправлены").reads("Ваши ответы на месте")
    assert arrived() == ["yes"]
    second.page.get_by_role("button", name="Отвечает другой человек").tap()
    second.page.reload()
    expect(second.page.locator("#q-overall-no")).to_be_checked()
    second.sends().is_thanked().has_left_nothing()
    assert arrived() == ["no", "yes"]


def test_earlier_answers_that_go_while_somebody_writes_wipe_nothing(second) -> None:
    second.reads("ждут прежние ответы")
    connected(second)
    second.reads("Прежние ответы с этого устройства отправлены")
    expect(second.page.locator("#q-overall-no")).to_be_checked()
    assert arrived() == ["yes"]


def test_erasing_takes_ones_own_answers_and_the_earlier_ones_by_a_button_of_their_own(second) -> None:
    second.reads("ждут прежние ответы")
    second.page.get_by_role("button", name="Стереть с этого устройства").tap()
    second.reads("Ваши ответы стёрты")
    assert second.page.evaluate(KEPT) == 1
    second.page.get_by_role("button", name="Стереть прежние ответы").tap()
    second.reads("Прежние ответы стёрты").has_left_nothing()
    connected(second)
    assert arrived() == []


def test_a_clean_form_left_waiting_goes_when_the_page_is_opened_again(person) -> None:
    person.opens().answers(overall="yes").sends().is_thanked()
    person.opens("?again=1").answers(overall="no").page.context.set_offline(True)
    person.sends().reads("Отправить пока не получилось")
    context = person.page.context
    later = Recipient(context.new_page(), person.here)
    person.page.close()
    context.set_offline(False)
    later.opens().reads("С этого телефона уже отвечали").reads("Прежние ответы с этого устройства отправлены")
    later.has_left_nothing()
    assert arrived() == ["no", "yes"]


def test_a_refusal_met_on_another_page_is_told_where_it_belongs(person) -> None:
    person.opens().answers().page.evaluate("document.querySelector('[name=key]').value = 'x'")
    person.page.context.set_offline(True)
    person.sends().reads("Отправить пока не получилось")
    context = person.page.context
    later = Recipient(context.new_page(), person.here)
    person.page.close()
    context.set_offline(False)
    with later.page.expect_response(lambda answer: answer.request.method == "POST"):
        later.page.goto(f"{person.here}/scores")
    later.page.wait_for_function("Object.values(localStorage).some(kept => JSON.parse(kept).refused)")
    later.opens().reads("Прежние ответы с этого устройства не приняты").has_left_nothing()
    assert counted() == 0
