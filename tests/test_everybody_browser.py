"""The recipient's pages for everybody, in a real browser: keyboard, large type, forced colours, three languages."""

import re
from collections.abc import Iterator

import pytest
from browser import PHONE, fits, opened
from planning import a_clinic_with_a_past
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import func, select
from test_opinions_browser import tabbed_to

from surveys import languages
from surveys.db import db
from surveys.opinions import Opinion

LEAST = 44
#: Whatever is pressed, with its size; a field stands for its own label, an answer's card for its radio button.
SMALL = """least => [...document.querySelectorAll('a[href],button,summary,textarea,.answers>label,input[type=text]')]
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < least || box.height < least - 0.5))
  .map(([html, box]) => `${html} ${box.width}×${box.height}`)"""
#: How what has the focus shows it: the outline of the element, or of the card after it.
SHOWN = """() => { const it = document.activeElement;
  const seen = it.matches('.answers>input') ? it.nextElementSibling : it;
  return getComputedStyle(seen).outlineStyle === 'solid' && parseFloat(getComputedStyle(seen).outlineWidth) >= 2 }"""
WITHIN = "(all => all.scrollWidth <= all.clientWidth)(document.documentElement)"
CODES = tuple(languages.languages())
#: Looked at in every language; the others by turns, each in one of them.
FORMS = ("/q/{}", "/q/{}/agree", "/q/{}/measures/1", "/o/{}")
OTHERS = (
    *(
        "/q/{}/scores",
        "/q/{}/thanks",
        "/q/{}/kept",
        "/q/{}/agree/thanks",
        "/q/{}/scores/kept",
        "/q/{}/measures",
    ),
    *("/q/{}/measures/1/thanks", "/q/{}/nothing", "/q/K7M4PX2D"),
)


@pytest.fixture
def here(session) -> str:
    return a_clinic_with_a_past()


@pytest.mark.parametrize("code", CODES)
def test_no_page_shuts_anybody_out_and_everything_is_large_enough_to_press(
    phone: Page, here: str, code: str
) -> None:
    for path in (*FORMS, *OTHERS[CODES.index(code) :: len(CODES)]):
        phone.goto(f"{path.format(here)}?lang={code}")
        assert phone.locator("html").get_attribute("lang") == code, path
        fits(phone, every=True)
        assert phone.evaluate(SMALL, LEAST) == [], path


def counted() -> int:
    """How many forms beside the survey are stored now."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Opinion)) or 0


def test_agreement_and_a_review_are_walked_by_keyboard_alone(desk: Page, here: str) -> None:
    desk.goto(f"/q/{here}/agree")
    tabbed_to(desk, "input[name=agreed]")
    desk.keyboard.press("ArrowRight")
    tabbed_to(desk, "input[name=criteria]")
    assert desk.evaluate(SHOWN)
    desk.keyboard.press("Space")
    tabbed_to(desk, "textarea")
    desk.keyboard.type("Негде сесть.")
    tabbed_to(desk, "button.button")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Ваш ответ учтён")).to_be_visible()
    desk.goto(f"/q/{here}/measures/1")
    tabbed_to(desk, "input[name=verdict]")
    desk.keyboard.press("ArrowDown")
    tabbed_to(desk, "button.button")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Ваш ответ учтён")).to_be_visible()
    assert counted() == 2


@pytest.fixture
def bare(browser: Browser, live_server: str) -> Iterator[Page]:
    """A phone without scripts that sends whatever it has: an old browser knows no required fields."""
    with opened(browser, live_server, java_script_enabled=False, **PHONE) as page:
        page.route("**/q/**", _nothing_required)
        yield page


def _nothing_required(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace(" required>", ">"))


@pytest.mark.parametrize(
    ("path", "first"), [("", "#q-stand"), ("/scores", "#f-K1"), ("/measures/1", "#f-verdict")]
)
def test_the_first_error_has_the_focus_without_any_script_and_says_what_became_of_the_answers(
    bare: Page, here: str, path: str, first: str
) -> None:
    bare.goto(f"/q/{here}{path}?lang=en")
    bare.locator("form button.button").first.press("Enter")
    expect(bare.get_by_role("alert")).to_contain_text("Check")
    expect(bare.locator(first)).to_be_focused()
    expect(bare.locator(first)).to_be_in_viewport()
    described = "Check [0-9]+ answers? Choose an answer The answers are not saved yet."
    expect(bare.locator(first)).to_have_accessible_description(re.compile(described))
    assert bare.locator("[autofocus]").count() == 1
    bare.keyboard.press("Tab")
    assert bare.evaluate("first => document.activeElement.closest(first) !== null", first)
    bare.get_by_role("alert").get_by_role("link").last.press("Enter")
    expect(bare.locator("fieldset.wrong").last).to_be_focused()


def test_large_type_is_one_tap_away_and_remembered_and_fits(phone: Page, here: str) -> None:
    phone.goto(f"/q/{here}")
    usual = phone.evaluate("getComputedStyle(document.body).fontSize")
    phone.get_by_role("link", name="Аа крупнее").tap()
    expect(phone.locator("html")).to_have_attribute("data-size", "large")
    assert phone.evaluate("getComputedStyle(document.body).fontSize") > usual
    fits(phone, every=True)
    phone.goto(f"/q/{here}/scores")
    expect(phone.locator("html")).to_have_attribute("data-contrast", "high")
    fits(phone, every=True)
    phone.get_by_role("link", name="Аа мельче").tap()
    expect(phone.locator("html")).not_to_have_attribute("data-size", "large")
    phone.goto(f"/q/{here}")
    expect(phone.locator("html")).not_to_have_attribute("data-size", "large")


def test_contrast_is_one_tap_away_without_large_type_and_remembered(phone: Page, here: str) -> None:
    page, size = phone, "getComputedStyle(document.body).fontSize"
    page.goto(f"/o/{here}")
    usual = page.evaluate(size)
    page.get_by_role("link", name="Контраст").tap()
    for path in ("", f"/q/{here}", f"/q/{here}/agree", "/q/K7M4PX2D", f"/o/{here}"):
        if path:
            page.goto(path)
        expect(page.locator("html")).to_have_attribute("data-contrast", "high")
        assert page.evaluate(size) == usual
    fits(page, every=True)
    page.get_by_role("link", name="Бледнее").tap()
    expect(page.get_by_role("link", name="Контраст")).to_be_visible()
    page.goto(f"/q/{here}")
    expect(page.locator("html")).not_to_have_attribute("data-contrast", "high")


def test_text_twice_as_large_and_the_narrowest_screen_need_no_scrolling_aside(phone: Page, here: str) -> None:
    for path in (f"/q/{here}?lang=tt", f"/q/{here}/agree", f"/q/{here}/measures", f"/o/{here}?lang=en"):
        phone.set_viewport_size({"width": 320, "height": 640})
        phone.goto(path)
        assert phone.evaluate(WITHIN), path
        phone.set_viewport_size({"width": 360, "height": 640})
        phone.evaluate("document.documentElement.style.fontSize = '237.5%'")  # 118.75 % twice
        assert phone.evaluate(WITHIN), path


def test_colours_of_the_system_leave_the_choice_and_the_focus_visible(desk: Page, here: str) -> None:
    desk.emulate_media(forced_colors="active", reduced_motion="reduce")
    desk.goto(f"/q/{here}")
    tabbed_to(desk, "input[name=stand]")
    assert desk.evaluate(SHOWN)
    dot = "s => getComputedStyle(document.querySelector(s), '::before').borderTopWidth"
    label = "label[for=q-stand-yes]"
    before = desk.evaluate(dot, label)
    desk.keyboard.press("Space")
    assert desk.evaluate(dot, label) != before
    assert desk.evaluate("document.getAnimations().length") == 0


def test_a_language_is_a_tap_and_keeps_what_was_answered(phone: Page, here: str) -> None:
    phone.goto(f"/q/{here}?p=2")
    phone.locator("#q-stand-no").check(force=True)
    phone.get_by_role("link", name="Татарча").tap()
    expect(phone.get_by_text("Бу тәрҗемәне тел иясе әле тикшермәгән.")).to_be_visible()
    assert "p=2" in phone.url
    expect(phone.locator("#q-stand-no")).to_be_checked()
    phone.goto(f"/q/{here}/scores")
    expect(phone.locator("html")).to_have_attribute("lang", "tt")
    phone.get_by_role("link", name="Русский").tap()
    expect(phone.get_by_role("heading", name="Оценки по пяти критериям")).to_be_visible()
