"""The browser's fixtures themselves: a page that complains, strays or shuts people out fails its test."""

from collections.abc import Iterator

import pytest
from browser import axe, opened
from flask import Flask
from playwright.sync_api import Browser, Page

PAGES = {
    "/quiet": "<h1>Тихо</h1>",
    "/hidden": '<p style="color:#ccc;background:#fff">Едва видно</p><input>',
    "/complains": "<script>console.error('не вышло')</script>",
    "/breaks": "<script>throw new Error('сломалось')</script>",
    "/strays": '<img alt="" src="http://127.0.0.2:9/logo.png">',
    "/lacks": '<img alt="" src="/nowhere.png">',
}
FRAME = '<!doctype html><html lang="ru"><title>Страница</title><link rel="icon" href="data:,"><main>{}</main>'


@pytest.fixture
def app() -> Iterator[Flask]:
    """A small application without a database."""
    small = Flask("small")
    for path, body in PAGES.items():
        small.add_url_rule(path, path, lambda body=body: FRAME.format(body))
    small.register_error_handler(404, lambda error: (FRAME.format("<h1>Нет такой страницы</h1>"), 404))
    yield small


@pytest.mark.parametrize("path", ["/quiet", "/no-such-page"])
def test_a_quiet_page_and_a_refusal_pass(phone: Page, path: str) -> None:
    phone.goto(path)
    axe(phone)


def test_a_phone_is_small_and_can_do_without_scripts(phone: Page, plain_phone: Page, desk: Page) -> None:
    assert phone.viewport_size == {"width": 360, "height": 640}
    assert desk.viewport_size == {"width": 1280, "height": 800}
    plain_phone.goto("/complains")  # its script is not run, so there is nothing to hear


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/complains", "console: не вышло"),
        ("/breaks", "script: сломалось"),
        ("/strays", "asked another host: http://127.0.0.2:9/logo.png"),
        ("/lacks", "404"),
    ],
)
def test_a_page_that_complains_fails_its_test(
    browser: Browser, live_server: str, path: str, complaint: str
) -> None:
    with pytest.raises(pytest.fail.Exception, match=complaint), opened(browser, live_server) as page:
        page.goto(path)
        page.wait_for_load_state("networkidle")


def test_axe_fails_a_page_that_shuts_people_out(desk: Page) -> None:
    desk.goto("/hidden")
    with pytest.raises(pytest.fail.Exception, match="color-contrast") as failed:
        axe(desk)
    assert "label (critical)" in str(failed.value)
