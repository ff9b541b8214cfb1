"""The screen in a hall, in a real browser: nobody meets the one before him, and no finished answer is lost."""

import socket
from collections.abc import Callable, Iterator
from io import BytesIO
from math import hypot
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from browser import axe, serving
from build import CONTENT, a_campaign, an_organization
from corridor import switched_on, trying, unplugged
from flask.testing import FlaskCliRunner
from halls import a_kiosk
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from tongues import Russian
from waiting import until

from kiosk import devices, pairing, release
from kiosk.tables import Dispute, Kiosk
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Response

pytestmark = [
    pytest.mark.usefixtures("session"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
WAYS = ("/kiosk/", "/static/", "/favicon")
UPRIGHT: dict[str, Any] = {"viewport": {"width": 1080, "height": 1920}}
LYING = {"viewport": {"width": 1920, "height": 1080}}
TABLET: dict[str, Any] = {"viewport": {"width": 800, "height": 1280}}
CLOSE = {"viewport": {"width": 1280, "height": 800}}
DENSE = 13.3  # inches: more dots a millimetre than the style sheet guesses
SCREENS = [(UPRIGHT, 32), (LYING, 32), (TABLET, 10.1), (CLOSE, 10.1), (LYING, DENSE)]
NAMED = ["upright", "lying", "tablet upright", "tablet lying", "dense"]
UNFIT = """(least) => {
  const root = document.documentElement, middle = document.querySelector('.middle');
  const screen = document.getElementById('screen');
  const bad = [...document.querySelectorAll('button')].filter((button) => {
    const {width, height} = button.getBoundingClientRect();
    return width < least || height < least || button.scrollWidth > button.clientWidth;
  }).map((button) => button.textContent);
  if (root.scrollWidth > root.clientWidth || screen.scrollHeight > innerHeight) bad.push('the page scrolls');
  if (middle && middle.scrollHeight > middle.clientHeight) bad.push('the middle is cut');
  return bad;
}"""
WALK = f"""(least) => {{
  const unfit = {UNFIT}, bad = {{}}, look = kiosk.look;
  let seen = 0;
  for (const language of ['ru', 'tt']) for (const large of [false, true]) {{
    Object.assign(look, {{language, large}});
    kiosk.speak(kiosk.language);
    kiosk.person.answers = {{}};
    for (kiosk.person.at = 0; kiosk.kind !== 'review' || !kiosk.person.at; kiosk.person.at += 1) {{
      kiosk.ask();
      const found = unfit(least);
      seen += 1;
      if (found.length) bad[`${{language}} ${{large}} ${{kiosk.person.at}}`] = found;
      if (kiosk.person.now) kiosk.person.answers[kiosk.person.now.id] = kiosk.person.now.choices[0].value;
    }}
  }}
  return [seen, bad];
}}"""
HALF_SEEN = """() => {
  const {top, bottom} = document.querySelector('.middle').getBoundingClientRect();
  return [...document.querySelectorAll('.middle h1, .middle p, .middle img, .middle button')].filter((block) => {
    const at = block.getBoundingClientRect();
    return getComputedStyle(block).visibility === 'visible' && at.height <= bottom - top
      && (at.top < top - 1 || at.bottom > bottom + 1);
  }).map((block) => block.textContent || block.tagName);
}"""
SEEN = """() => [...document.querySelectorAll('.middle h1, .middle p, .middle button')]
  .filter((block) => getComputedStyle(block).visibility === 'visible')
  .map((block) => (block.tagName === 'BUTTON' ? block.textContent : block.tagName))"""
SETTLED = """() => {
  const {scrollHeight, clientHeight} = document.querySelector('.middle');
  return scrollHeight <= clientHeight || !!document.getElementById('further');
}"""
SCROLLED = "() => document.querySelector('.middle').scrollTop"
LONGEST = (
    "Государственное бюджетное учреждение здравоохранения города Москвы «Консультативно-диагностическая поликлиника "
    "№ 121 имени заслуженного врача Российской Федерации Константина Константиновича Константинопольского "
    "Департамента здравоохранения города Москвы», филиал № 4, отделение профилактики и восстановительного лечения "
    "взрослого населения Юго-Западного административного округа"
)
FILL = """async () => {
  for (const size of [60000, 8000, 1000, 100]) for (let full = false, n = 0; !full && n < 500; n += 1) {
    const noise = crypto.getRandomValues(new Uint8Array(size));
    await kiosk.store.lay('', `filler ${size} ${n}`, noise).catch(() => { full = true; });
  }
}"""
KEEP = """async ([count, answers]) => {
  for (let n = 0; n < count; n += 1) await kiosk.device.answer(kiosk.device.settings, answers);
}"""

UNDER_THE_SAME_NAME = """async ([key, answers]) => {
  const {sealed} = await import('/static/js/kiosk/sealing.js');
  const {kiosk: number, proof, campaign, form, key: lock} = kiosk.device.settings;
  const told = {kiosk: number, proof, campaign, form: form.sha256, day: kiosk.device.day(), answers};
  await kiosk.store.put({owner: 'kiosk', kind: 'answer', key, body: await sealed(lock, key, told), state: 'waiting'});
}"""

VOICES = """kiosk.reading.speech = {
  cancel() {}, getVoices: () => ['ru-RU', 'en-GB'].map((lang) => ({lang, localService: true})),
}"""
LENGTHS = """kiosk.store.entries('kiosk')
  .then((entries) => Promise.all(entries.map((entry) => kiosk.store.get(entry.key))))
  .then((whole) => whole.map((entry) => entry.body.length))"""


class Hall:
    """A kiosk in a hall, and whoever stands before it."""

    def __init__(self, page: Page, kiosk_id: int) -> None:
        self.page, self.kiosk_id = page, kiosk_id

    def is_paired(self) -> "Hall":
        code = self.page.locator("#code").inner_text()
        with writing() as session:
            pairing.paired(session, devices.one(session, self.kiosk_id), code, "cli")
        return self.invites()

    def opens(self) -> "Hall":
        self.page.goto("/kiosk/")
        return self

    def invites(self) -> "Hall":
        expect(self.page.locator("#start")).to_be_visible()
        return self

    def is_kept(self) -> "Hall":
        """The page stands on the device: from here on it is opened without a network, too."""
        self.waits_until(lambda: self.page.evaluate("navigator.serviceWorker.controller !== null"))
        return self

    def stands(self) -> "Hall":
        """Between two people the page is loaded anew: for a moment nothing of the kiosk is there."""
        self.waits_until(lambda: self.page.evaluate("typeof kiosk !== 'undefined'"))
        return self

    def passes(self, seconds: float) -> "Hall":
        self.page.clock.run_for(int(seconds * 1000))
        return self

    def taps(self, what: str) -> "Hall":
        self.passes(0.5)
        self.page.locator(what).first.click()
        return self

    def answers(self, count: int) -> "Hall":
        for _question in range(count):
            self.taps('.choice[data-value="yes"], .choice')
        return self

    def hears(self, words: str) -> "Hall":
        expect(self.page.locator("#screen")).to_contain_text(words)
        return self

    def keeps(self, count: int) -> "Hall":
        self.page.evaluate(KEEP, [count, CONTENT])
        return self

    def lies(self) -> dict[str, int]:
        counts: dict[str, int] = self.stands().page.evaluate("kiosk.store.counts('kiosk')")
        return {state: count for state, count in counts.items() if count}

    def waits_until(self, holds: Callable[[], bool]) -> None:
        """Asked from here: wait_for_function evaluates strings in the page, which its policy forbids."""
        until(holds, rest=lambda seconds: self.page.wait_for_timeout(1000 * seconds))

    def has_sent(self) -> None:
        """Nothing lies on the device any more."""
        self.waits_until(lambda: self.lies() == {})

    def sends(self) -> "Hall":
        self.stands().page.evaluate("kiosk.sender.now()")
        return self


@pytest.fixture
def kiosk_id() -> int:
    code = an_organization(short_name="Поликлиника № 12")
    a_campaign()
    return a_kiosk(code, place="регистратура")


@pytest.fixture
def hall(browser: Browser, live_server: str, kiosk_id: int) -> Iterator[Hall]:
    with trying(browser, live_server, *WAYS, **UPRIGHT) as page:
        page.clock.install()
        yield Hall(page, kiosk_id).opens().is_paired()


def speaks(kiosk_id: int, *codes: str) -> None:
    """This device offers these languages."""
    with writing() as session:
        devices.one(session, kiosk_id).languages = list(codes)


def scanned(page: Page) -> str:
    """Where the code on the screen leads a telephone."""
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot())))
    return read.text


def counted() -> list[Response]:
    db.session.rollback()
    return list(db.session.scalars(select(Response)))


def test_who_leaves_at_question_seven_is_forgotten_whole(hall) -> None:
    page = hall.is_kept().page
    length = page.evaluate("history.length")
    hall.taps(".size").taps("#start").answers(6).hears("Вопрос 7 из")
    asked = page.locator("h1").inner_text()
    hall.passes(46).hears("Вы ещё здесь?")
    assert asked not in page.content(), "whoever comes up now reads nothing of the question"
    assert "Через 20 секунд" in page.locator("#said").inner_text()
    hall.taps("#stay").hears("Вопрос 7 из").hears(asked)
    hall.passes(46).hears("Вы ещё здесь?").passes(21).invites().is_kept()
    expect(page.locator("html")).not_to_have_attribute("data-size", "large")
    hall.taps("#start").hears("Вопрос 1 из 13")
    assert asked not in page.content()
    expect(page.locator(".choice.chosen")).to_have_count(0)
    assert page.evaluate("history.length") == length
    assert page.evaluate("[localStorage.length, sessionStorage.length, location.hash]") == [0, 0, ""]
    assert page.context.cookies() == []
    assert page.evaluate(
        "[document.querySelectorAll('form, input, select, textarea').length, visualViewport.scale]"
    ) == [
        0,
        1,
    ], "nothing that a browser fills in by itself, nothing enlarged"
    assert page.evaluate("Object.keys(kiosk.person.answers)") == []
    assert hall.lies() == {}
    page.go_back()
    page.go_forward()
    hall.invites()
    assert counted() == []


def test_silence_is_measured_to_the_second(hall) -> None:
    page = hall.page
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)
    hall.invites().taps("#start").hears("Вопрос 1 из")
    hall.passes(44).hears("Вопрос 1 из")
    expect(page.locator("#stay")).to_have_count(0)
    hall.passes(1).hears("Вы ещё здесь?")
    assert page.locator("#left").inner_text() == "20"
    hall.passes(19).hears("Вы ещё здесь?")
    assert page.locator("#left").inner_text() == "1"
    hall.passes(1).invites()
    expect(page.locator("#stay")).to_have_count(0)


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_what_one_person_enlarged_is_not_large_for_the_next(hall, kept) -> None:
    page = hall.is_kept().page
    if not kept:
        page.evaluate("Object.defineProperty(kiosk.renewal, 'kept', {value: false})")
    chromium = page.context.new_cdp_session(page)
    hall.taps("#start").hears("Вопрос 1 из")
    pinch = {"x": 500, "y": 900, "scaleFactor": 3.0, "gestureSourceType": "touch"}
    chromium.send("Input.synthesizePinchGesture", pinch)
    assert page.evaluate("visualViewport.scale") == 1, "fingers do not enlarge"
    chromium.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    hall.waits_until(lambda: page.evaluate("visualViewport.scale") == 2)
    hall.passes(46).hears("Вы ещё здесь?").passes(21).invites()
    hall.waits_until(lambda: page.evaluate("visualViewport.scale") == 1)


def test_a_whole_answer_by_keys_is_counted_and_nothing_of_it_stays(hall) -> None:
    page = hall.page
    hall.passes(0.5)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    hall.hears("Вопрос 1 из 13")
    for number in range(20):
        hall.passes(0.5)
        if page.locator("#send").count():
            break
        if number == 2:
            page.keyboard.press("Escape")
            hall.hears("Вопрос 2 из").passes(0.5)
        page.keyboard.press("1")
    hall.taps("#send").hears("Спасибо!")
    hall.has_sent()
    [one] = counted()
    assert (one.day, one.place) == (today(), 1)
    assert set(one.answers) == {"1"}, "the first choice everywhere, all branches open"
    hall.passes(16).invites()
    assert hall.lies() == {}


@pytest.mark.parametrize(("device", "inches"), SCREENS, ids=NAMED)
def test_every_screen_suits_a_finger_and_a_reader(browser, live_server, device, inches) -> None:
    """In centimetres of a stated glass, of the longest name, in both sizes of type, to the last question."""
    clinic = an_organization(LONGEST)
    a_campaign()
    kiosk_id = a_kiosk(clinic, place="регистратура", inches=inches, languages=("ru", "en", "tt"))
    dots = hypot(*device["viewport"].values()) / (inches * 25.4)  # of a millimetre
    least = 20 * dots - 0.5
    with trying(browser, live_server, *WAYS, **device) as page:
        page.clock.install()
        hall = Hall(page, kiosk_id).opens()
        expect(page.locator("#code")).to_be_visible()
        code = page.locator("#code").inner_text().replace(" ", "")
        assert scanned(page).endswith(f"/admin/kiosks/pair?code={code}"), "for the administrator's phone"
        axe(page)
        hall.is_paired()
        steps = ('[data-language="tt"]', ".half", ".size", "#start", ".choice", "#leave", "#stay")
        for step in ("", *steps):
            if step:
                hall.taps(step)
            assert page.evaluate(UNFIT, least) == [], step
        axe(page)
        seen, unfit = page.evaluate(WALK, least)
        turned = inches == DENSE  # there one long question in large type may take two pages
        told = {one for found in unfit.values() for one in found} - (
            {"the middle is cut"} if turned else set()
        )
        assert (told, seen) == (set(), 4 * 16), unfit
        hall.passes(46).hears("Сез әле мондамы?")
        assert page.evaluate(UNFIT, least) == []
        axe(page)
        hall.passes(21).invites()
        page.keyboard.press("F2")
        expect(page.locator("#close")).to_be_visible()
        assert page.evaluate(UNFIT, least) == []


def test_what_is_longer_than_the_glass_is_turned_by_a_button(browser, live_server, kiosk_id) -> None:
    with trying(browser, live_server, *WAYS, **CLOSE) as page:
        page.clock.install()
        hall = Hall(page, kiosk_id).opens().is_paired()
        page.evaluate(
            "() => { const [one] = kiosk.device.known.settings.form.questions; Object.assign(one, {"
            "caption: 'Понятно ли вам, куда идти? '.repeat(9), hint: 'Если нет, скажите почему. '.repeat(14)}); }"
        )
        hall.taps(".size").taps("#start")
        assert page.locator("#further").inner_text() == "Дальше"
        pages = 1
        shown: set[str] = set()
        while True:
            assert page.evaluate(UNFIT, 100) in ([], ["the middle is cut"])
            assert page.evaluate(HALF_SEEN) == [], "nothing stands there by halves"
            shown |= set(page.evaluate(SEEN))
            if page.locator("#further").inner_text() != "Дальше":
                break
            hall.taps("#further")
            pages += 1
        assert pages > 1 and shown >= {"H1", "P", "Да", "Нет", "Не пользовался"}
        assert page.locator("#further").inner_text() == "К началу экрана"
        hall.taps("#further")
        expect(page.locator("#heading")).to_be_visible()
        axe(page)


def test_a_folded_screen_is_walked_by_keys_and_folded_anew(browser, live_server, kiosk_id) -> None:
    """Large type on a small glass: the way in is on the first page, a code is whole or not there."""
    with trying(browser, live_server, *WAYS, **CLOSE) as page:
        page.clock.install()
        hall = Hall(page, kiosk_id).opens().is_paired().taps(".size")
        for width, height in ((1280, 800), (800, 1280), (1024, 600), (1080, 1920)):
            page.set_viewport_size({"width": width, "height": height})
            hall.waits_until(lambda: page.evaluate(SETTLED) and "Начать" in page.evaluate(SEEN))
            for _turn in range(page.locator("#further").count() * 4):
                assert page.evaluate(HALF_SEEN) == [], (width, height)
                if page.locator("#further").inner_text() != "Дальше":
                    break
                was = page.evaluate(SCROLLED)
                hall.taps("#further")
                assert page.evaluate(SCROLLED) > was + 20, "a press that is seen"
        page.set_viewport_size({"width": 1280, "height": 800})
        page.evaluate(
            "() => { const [one] = kiosk.device.known.settings.form.questions; Object.assign(one, {"
            "caption: 'Понятно ли вам, куда идти? '.repeat(9), hint: 'Если нет, скажите почему. '.repeat(14)}); }"
        )
        hall.taps("#start").hears("Вопрос 1 из")
        page.set_viewport_size({"width": 800, "height": 900})
        hidden = page.locator(".beyond[data-digit]")
        expect(hidden, "answers on another page").not_to_have_count(0)
        expect(page.locator("#further")).to_be_visible()
        hall.passes(0.5)
        page.keyboard.press(str(hidden.first.get_attribute("data-digit")))
        hall.hears("Вопрос 1 из")
        walked = set()
        for _step in range(12):
            page.keyboard.press("ArrowDown")
            walked.add(page.evaluate("document.activeElement.id"))
            assert page.evaluate("!document.activeElement.closest('.beyond')")
        assert "further" in walked and len(walked) > 2
        page.locator("#further").focus()
        page.set_viewport_size({"width": 1080, "height": 2900})
        expect(page.locator("#further")).to_have_count(0)
        assert page.evaluate("document.activeElement.id") == "heading"
        assert page.locator(".beyond").count() == 0


def test_a_language_is_chosen_by_one_person_and_leaves_no_trace(hall) -> None:
    speaks(hall.kiosk_id, "ru", "en", "tt")
    page = hall.is_kept().sends().page
    tongues = page.locator(".language")
    expect(tongues).to_have_text(["Русский", "English", "Татарча"])
    page.context.set_offline(True)
    page.evaluate(VOICES)
    assert scanned(page).endswith("?p=1")
    hall.taps('[data-language="en"]').hears("How were you received here?")
    assert scanned(page).endswith("?p=1&lang=en"), "the phone goes on in the language of the screen"
    assert page.evaluate("[document.documentElement.lang, document.title, kiosk.reading.voice.lang]") == [
        "en",
        "Independent assessment terminal",
        "en-GB",
    ]
    assert page.locator("#said").inner_text() == "How were you received here?", "for whoever hears it"
    assert page.evaluate("document.activeElement.lang") == "en"
    assert Russian(page.content()).found == []
    hall.taps("#start").hears("Question 1 of 13").taps('[data-language="tt"]').hears("Сорау 1 / 13")
    assert page.evaluate("kiosk.reading.voice") is None, "no voice of this language: nothing is read"
    hall.taps('[data-language="en"]').hears("Question 1 of 13")
    while not page.locator("#send").count():
        assert Russian(page.content()).found == []
        hall.answers(1)
        expect(tongues).to_have_count(0)
    hall.taps("#send").hears("Thank you!")
    with page.expect_navigation():
        hall.taps("#ready")
    hall.invites().hears("Как вас здесь приняли?").taps("#start").hears("Вопрос 1 из 13")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    hall.taps('[data-language="tt"]').hears("Сорау 1 / 13")
    with page.expect_navigation():
        hall.passes(46).passes(21)
    hall.invites().hears("Как вас здесь приняли?").taps("#start").hears("Вопрос 1 из 13")
    while not page.locator("#send").count():
        hall.answers(1)
    hall.taps("#send").hears("Спасибо!")
    with page.expect_navigation():
        hall.taps("#ready")
    assert len(set(hall.invites().page.evaluate(LENGTHS))) == 1, "two envelopes, one length"
    page.context.set_offline(False)
    hall.sends().has_sent()
    columns = [name for name in Response.__table__.columns.keys() if name != "key"]
    one, two = ({name: getattr(row, name) for name in columns} for row in counted())
    assert one == two


def test_two_hundred_answers_while_the_service_is_down_and_two_deaths_arrive_once(
    browser, app, port, address, kiosk_id, tmp_path
) -> None:
    host, number = port.getsockname()
    with (
        serving(app, host, number, fd=port.fileno()),
        switched_on(browser, address, tmp_path, *WAYS, **TABLET) as page,
    ):
        Hall(page, kiosk_id).opens().is_paired().is_kept()
    port.close()
    with socket.socket() as held:  # the port stays ours, and whoever knocks is refused
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, number))
        with switched_on(browser, address, tmp_path, *WAYS, **TABLET) as page:
            hall = Hall(page, kiosk_id).opens().invites().keeps(70)
            assert hall.sends().page.evaluate("kiosk.way") == "offline", "nobody answers"
            unplugged(tmp_path)
        with switched_on(browser, address, tmp_path, *WAYS, **TABLET) as page:
            hall = Hall(page, kiosk_id).opens().invites().keeps(70)
            entry = page.evaluate("kiosk.store.entries('kiosk', ['waiting'], 1)")[0]
            assert entry["at"] % 86_400_000 == 0, "the day and not the minute"
            assert hall.lies() == {"waiting": 140}
            unplugged(tmp_path)
        assert counted() == []
        with switched_on(browser, address, tmp_path, *WAYS, **TABLET) as page:
            hall = Hall(page, kiosk_id).opens().invites().keeps(60)
            with serving(app, host, number):
                hall.sends().has_sent()
                assert hall.lies() == {}
    assert len(counted()) == 200


def test_a_revoked_device_keeps_its_queue_and_sends_it_when_paired_again(hall) -> None:
    page = hall.page
    page.context.set_offline(True)
    hall.keeps(3)
    with writing() as session:
        pairing.revoke(session, devices.one(session, hall.kiosk_id), "admin")
    page.context.set_offline(False)
    hall.sends().hears("Терминал отключён").hears("На терминале ждут 3 ответа").passes(4)
    assert (hall.lies(), counted()) == ({"waiting": 3}, [])
    expect(page.locator("#code")).to_be_visible()
    with writing() as session:
        code = page.locator("#code").inner_text()
        pairing.paired(session, devices.one(session, hall.kiosk_id), code, "cli")
    hall.passes(4).invites()
    hall.has_sent()
    assert len(counted()) == 3


def test_while_an_answer_is_laid_down_nothing_else_is_done_with_it(hall) -> None:
    page = hall.page
    hall.taps("#start")
    while not page.locator("#send").count():
        hall.answers(1)
    page.evaluate("Object.defineProperty(kiosk.renewal, 'kept', {value: false})")
    page.evaluate("""() => {
      const put = kiosk.store.put.bind(kiosk.store);
      kiosk.store.put = (entry) => new Promise((go) => { window.lay = go; }).then(() => put(entry));
    }""")
    hall.taps("#send").waits_until(lambda: page.evaluate("'lay' in window"))
    hall.passes(0.5)
    page.keyboard.press("Escape")
    hall.taps("#leave").passes(46).hears("Это все вопросы")
    hall.passes(21).taps("#start").hears("Вопрос 1 из 13")
    page.evaluate("lay()")
    hall.waits_until(lambda: len(counted()) == 1)
    hall.hears("Вопрос 1 из 13")


def test_a_full_device_says_so_and_takes_no_answers(browser, live_server, kiosk_id) -> None:
    """By a real quota: Chromium's own estimate says nothing of it, only the write that fails does."""
    with trying(browser, live_server, *WAYS, **UPRIGHT) as page:
        page.clock.install()
        chromium = page.context.new_cdp_session(page)
        quota = {"origin": live_server, "quotaSize": 4_000_000}
        chromium.send("Storage.overrideQuotaForOrigin", quota)
        hall = Hall(page, kiosk_id).opens().is_paired().is_kept().keeps(1)
        hall.taps("#start")
        while not page.locator("#send").count():
            hall.answers(1)
        page.context.set_offline(True)
        page.evaluate(FILL)
        hall.taps("#send").hears("Ответы не записались").hears("со своего телефона")
        axe(page)
        hall.taps("#ready").hears("Терминал сейчас не берёт ответов")
        page.context.set_offline(False)
        # A second try is the clock's, and that stands still.
        hall.waits_until(lambda: hall.sends().lies() == {})
        assert len(counted()) == 1, "what was kept before, though there was no room"
        db.session.rollback()
        assert db.session.scalars(select(Kiosk)).one().full is True
        chromium.send("Storage.overrideQuotaForOrigin", {**quota, "quotaSize": 40_000_000})
        hall.sends().invites()
        assert page.evaluate("kiosk.device.full") is False, "room again: it goes on by itself"


def test_a_full_disk_does_not_end_the_sending(hall) -> None:
    page = hall.page
    page.context.set_offline(True)
    hall.keeps(2)
    page.evaluate("""import('/static/js/store.js').then(({NoRoom}) => {
      kiosk.device.known.today = '2020-01-01';
      kiosk.store.lay = async () => { throw new NoRoom('full'); };
    })""")
    page.context.set_offline(False)
    hall.sends().has_sent()
    assert len(counted()) == 2


def test_a_file_saved_in_the_hall_is_counted_once(hall, runner: FlaskCliRunner, tmp_path: Path) -> None:
    page = hall.page
    page.context.set_offline(True)
    hall.keeps(5)
    page.keyboard.press("F2")
    saved: list[object] = []
    page.on("download", lambda one: saved.append(one))
    with page.expect_download() as download:
        hall.taps("#save")
    file = tmp_path / "kiosk.jsonl"
    download.value.save_as(file)
    text = file.read_text("utf-8")
    assert '"yes"' not in text and "overall" not in text, "sealed"
    hall.hears("проверьте, что он в папке загрузок")
    axe(page)
    hall.taps("#save").hears("проверьте, что он в папке загрузок")
    assert len(saved) == 1, "one file a minute, however often it is pressed"
    for words in ("Учтено: 5, повторов: 0", "Учтено: 0, повторов: 5"):
        assert words in runner.invoke(args=["kiosks", "import", str(file)]).output
    page.context.set_offline(False)
    hall.sends()
    hall.has_sent()
    assert len(counted()) == 5


def test_another_answer_under_a_counted_name_leaves_the_device_and_waits_for_a_person(hall) -> None:
    page = hall.page
    page.context.set_offline(True)
    key = hall.keeps(1).page.evaluate("kiosk.store.entries('kiosk').then((entries) => entries[0].key)")
    page.context.set_offline(False)
    hall.sends().has_sent()
    page.evaluate(UNDER_THE_SAME_NAME, [key, {**CONTENT, "overall": "no"}])
    hall.sends().has_sent()
    [one] = counted()
    [dispute] = db.session.scalars(select(Dispute))
    assert (dispute.key, dispute.verdict) == (one.key, "waiting")


def test_a_newer_release_waits_until_nobody_is_there(hall, monkeypatch) -> None:
    page = hall.is_kept().page
    hall.taps("#start").answers(2)
    whole = release.worker
    monkeypatch.setattr(
        release, "worker", lambda *given: whole(*given).replace('"name": "', '"name": "next-', 1)
    )
    page.evaluate("kiosk.renewal.registration.update()")
    hall.waits_until(lambda: page.evaluate("kiosk.renewal.registration.waiting !== null"))
    hall.hears("Вопрос 3 из").answers(1).hears("Вопрос 4 из")
    hall.taps("#leave").taps("#erase").invites()
    hall.waits_until(lambda: page.evaluate("caches.keys()")[0].startswith("kiosk next-"))
    hall.invites()


def test_nothing_is_asked_after_hours_or_without_a_campaign(hall) -> None:
    page = hall.page
    page.evaluate("() => { kiosk.device.known.settings.ends_on = '2020-01-01'; kiosk.rest(); }")
    hall.hears("Опрос сейчас не проводится")
    hours: dict[str, Any] = {"opens": "00:00", "closes": "00:01"}
    with writing() as session:
        for name, value in hours.items():
            setattr(devices.one(session, hall.kiosk_id), name, value)
    hall.sends().hears("Терминал сейчас закрыт").hears("с 00:00 до 00:01")
    expect(page.locator("#start")).to_have_count(0)
    axe(page)
