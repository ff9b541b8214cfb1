"""The forms beside the survey in a real browser: by keyboard alone, on a phone and at a desk."""

import pytest
from browser import fits
from planning import a_clinic_with_a_past
from playwright.sync_api import Page

from surveys.clock import today


@pytest.fixture
def here(session) -> str:
    return a_clinic_with_a_past()


def tabbed_to(page: Page, selector: str, most: int = 60) -> None:
    """Tab until this has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


def test_steps_are_given_by_keyboard_alone(desk: Page, here: str) -> None:
    desk.goto(f"/q/{here}")
    desk.get_by_role("link", name="Поставить оценки по пяти критериям").press("Enter")
    desk.get_by_role("heading", name="Оценки по пяти критериям").wait_for()
    fits(desk)
    for number in range(1, 6):
        tabbed_to(desk, f"input[name=K{number}]")
        for _ in range(number):
            desk.keyboard.press("ArrowDown")
    tabbed_to(desk, "button")
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name="Ваш ответ учтён").wait_for()
    fits(desk)
    desk.go_back()  # past the form, which the farewell has taken the place of
    desk.get_by_role("link", name="Поставить оценки по пяти критериям").click()
    desk.get_by_role("heading", name="Вы уже ответили").wait_for()


def test_a_hurried_person_disagrees_and_reviews(phone: Page, here: str) -> None:
    phone.goto(f"/q/{here}/agree?p=2")
    fits(phone)
    assert not phone.get_by_text("С чем не согласны?").is_visible()
    phone.get_by_label("Нет", exact=True).check()
    phone.get_by_label("Комфортность условий").check()
    phone.get_by_label("Почему, если хотите сказать").fill("Негде сесть.")
    fits(phone)
    phone.get_by_role("button", name="Отправить").click()
    phone.get_by_role("heading", name="Ваш ответ учтён").wait_for()
    fits(phone)
    phone.get_by_role("link", name="Проверить, что исправили").click()
    phone.get_by_role("heading", name="Что обещали исправить").wait_for()
    fits(phone)
    phone.get_by_role("link", name="Оставить отзыв").first.click()
    phone.get_by_role("heading", name="Исправили?").wait_for()
    phone.locator("form").evaluate("form => form.noValidate = true")
    phone.get_by_role("button", name="Отправить").click()
    phone.get_by_role("heading", name="Проверьте 1 ответ").wait_for()
    fits(phone)
    phone.get_by_label("Исправлено частично").check()
    phone.get_by_role("button", name="Отправить").click()
    phone.get_by_role("heading", name="Ваш ответ учтён").wait_for()
    assert "p=2" in phone.url
    phone.goto(phone.url.replace("/thanks", ""))
    phone.get_by_role("heading", name="Вы уже ответили").wait_for()
    fits(phone)
    phone.goto(f"/o/{here}/results/{today().year - 1}")
    phone.get_by_role("heading", name="Что ещё говорят люди").wait_for()
    fits(phone)
    phone.goto(f"/o/{here}/plan/{today().year - 1}")
    fits(phone)
