"""An inspector in a corridor without a network, in a real browser: nothing that was shown as written is ever lost."""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import DESK, PHONE, axe
from build import PASSWORD, a_campaign, a_user, an_organization
from corridor import switched_on, trying
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Download, Page, expect
from sqlalchemy import func, select
from test_field import a_picture, assigned
from waiting import until

from accounts.models import Duty, Role
from operator_app.inspections import arriving, release
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.visits import Evidence, Visit

pytestmark = pytest.mark.usefixtures("session")
HERE = "/operator/field/"
#: Requests on these ways fail on purpose.
PATIENCE = 20_000
WAYS = ("/operator/field/", "/static/", "/favicon")
NAMES = ("Городская поликлиника № 12", "Городская поликлиника № 13")


@pytest.fixture
def work() -> list[str]:
    """Two clinics that Ivanova is to inspect; their codes."""
    codes = [an_organization(name) for name in NAMES]
    a_campaign()
    a_user(Role.OPERATOR, login="ivanova", duty=Duty.INSPECTOR)
    for code in codes:
        assigned("ivanova", code)
    return codes


class Inspector:
    """Somebody of the team with the page in hand."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def signs_in(self, login: str = "ivanova") -> "Inspector":
        self.has_left()
        self.page.goto(f"/sign-in?next={HERE}")
        self.page.get_by_label("Логин").fill(login)
        self.page.get_by_label("Пароль").fill(PASSWORD)
        self.page.get_by_role("button", name="Войти").click()
        return self.is_ready()

    def has_left(self) -> "Inspector":
        """Whoever pressed «Выйти» is signed out on the server too: until then it would not ask who comes next."""
        # wait_for_function would take the promise itself for a yes; a promise nobody keeps must not hold the suite.
        script = """() => window.field && Promise.race([
            field.store.laid('', 'leaving'),
            new Promise((_, no) => setTimeout(no, 10000, new Error('nobody answers: has it left?')))])"""
        until(
            lambda: not self.page.evaluate(script),
            rest=lambda seconds: self.page.wait_for_timeout(1000 * seconds),
            late="signed out on the phone alone",
        )
        return self

    def is_ready(self) -> "Inspector":
        """The page is on the phone and so is the work."""
        expect(self.page.get_by_text("Страница откроется и без сети")).to_be_visible()
        expect(self.page.get_by_role("button", name="Взять с собой заново")).to_be_enabled()
        return self

    def opens(self) -> "Inspector":
        self.page.goto(HERE)
        expect(self.page.locator("#way")).not_to_be_empty()
        return self

    def visits(self, name: str) -> "Inspector":
        self.page.locator(".place").filter(has_text=name).get_by_text(name).first.click()
        expect(self.page.locator(".line").first).to_be_visible()
        return self

    def line(self, code: str) -> Any:
        return self.page.locator(f'[id="i-{code}"]')

    def finds(self, code: str, answer: str) -> "Inspector":
        self.line(code).get_by_role("radio", name=answer, exact=True).check()
        expect(self.page.locator(".saved")).to_contain_text("Записано")
        return self

    def snaps(self, code: str, side: int = 64) -> "Inspector":
        before = self.line(code).locator(".pictures img").count()
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_picture(side)}
        self.line(code).locator("input[type=file]").set_input_files(file)
        expect(self.line(code).locator(".pictures img")).to_have_count(before + 1)
        return self

    def leaves_off(self) -> "Inspector":
        """Sends what there is as a draft."""
        self.page.get_by_role("button", name="Закончить визит").click()
        self.page.get_by_role("button", name="Отправить черновик").click()
        expect(self.page.locator(".place").first).to_be_visible()
        return self

    def hears(self, words: str | re.Pattern[str]) -> "Inspector":
        expect(self.page.locator("#way")).to_contain_text(words, timeout=PATIENCE)
        return self

    def sees(self, name: str, words: str | re.Pattern[str]) -> "Inspector":
        card = self.page.locator(".place").filter(has_text=name)
        expect(card).to_contain_text(words)
        return self

    def goes_out_of_reach(self) -> "Inspector":
        self.page.context.set_offline(True)
        return self.hears("Нет сети")

    def comes_back(self) -> "Inspector":
        self.page.context.set_offline(False)
        return self


@pytest.fixture
def inspector(browser: Browser, live_server: str, work: list[str]) -> Iterator[Inspector]:
    """Ivanova, signed in, with her work taken along."""
    with trying(browser, live_server, *WAYS, **PHONE) as page:
        yield Inspector(page).signs_in()


def kept() -> list[Visit]:
    db.session.rollback()
    return list(db.session.scalars(select(Visit).order_by(Visit.id)))


def proofs() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Evidence)) or 0


def test_two_visits_outlive_a_killed_browser_and_arrive_once(browser, live_server, work, tmp_path) -> None:
    memory = tmp_path / "phone"
    with switched_on(browser, live_server, memory, *WAYS) as page:
        me = Inspector(page).signs_in().goes_out_of_reach()
        for name in NAMES:
            me.visits(name).finds("stand.hours", "Есть").snaps("stand.hours").snaps("comfort.navigation")
            me.finds("comfort.navigation", "Нет")
            if name == NAMES[0]:
                me.leaves_off()
            else:
                me.page.evaluate("location.hash = '#'")
    with switched_on(browser, live_server, memory, *WAYS, offline=True) as page:
        me = Inspector(page).opens().hears("Нет сети")
        me.hears(re.compile("Записано на этом телефоне: 2 визита, 4 снимка"))
        me.sees(NAMES[0], "ждёт отправки").sees(NAMES[1], re.compile("начат: 2 из"))
        me.visits(NAMES[1])
        expect(me.line("stand.hours").get_by_role("radio", name="Есть")).to_be_checked()
        expect(me.line("comfort.navigation").locator(".pictures img")).to_have_count(1)
        me.leaves_off()
        assert kept() == []
        me.comes_back().hears("войдите ещё раз")  # the browser has forgotten the session, not the work
        me.signs_in().hears("Неотправленного нет")
    visits = kept()
    assert [visit.items["stand.hours"] for visit in visits] == [{"value": "yes"}] * 2
    assert {visit.state for visit in visits} == {"draft"}
    assert proofs() == 4


def test_a_server_that_breaks_in_the_middle_gets_each_thing_once(inspector, monkeypatch, app) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    whole = arriving.visit
    broken: list[arriving.Told] = []

    def breaks(user: Any, sent: Any) -> Any:
        told = whole(user, sent)
        if len(broken) < 2:  # it is kept already: only the answer is lost
            broken.append(told)
            raise RuntimeError("power cut")
        return told

    monkeypatch.setattr(arriving, "visit", breaks)
    inspector.goes_out_of_reach()
    for name in NAMES:
        inspector.visits(name).finds("stand.hours", "Есть").snaps("stand.hours").leaves_off()
    inspector.comes_back().hears("не отвечает")
    inspector.hears("Неотправленного нет")
    assert len(broken) == 2
    assert len(kept()) == 2
    assert proofs() == 2


def test_a_correction_after_a_lost_answer_is_no_quarrel_with_oneself(inspector, monkeypatch, app) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    whole = arriving.visit

    def loses(user: Any, sent: Any) -> Any:
        whole(user, sent)
        raise RuntimeError("power cut")

    monkeypatch.setattr(arriving, "visit", loses)
    inspector.visits(NAMES[0]).finds("stand.hours", "Есть").leaves_off().hears("не отвечает")
    inspector.goes_out_of_reach()
    monkeypatch.setattr(arriving, "visit", whole)
    inspector.visits(NAMES[0]).finds("stand.hours", "Нет").leaves_off()
    inspector.comes_back().hears("Неотправленного нет")
    [visit] = kept()
    assert (visit.items["stand.hours"]["value"], visit.version) == ("no", 2)


def test_two_tabs_write_one_visit_and_send_it_once(inspector, live_server) -> None:
    inspector.goes_out_of_reach().visits(NAMES[0]).finds("stand.hours", "Есть")
    other = Inspector(inspector.page.context.new_page())
    other.page.goto(inspector.page.url)
    other.finds("site.hours", "Нет")
    inspector.finds("comfort.navigation", "Есть")
    other.page.goto(f"{live_server}{HERE}#")
    other.page.reload()
    other.visits(NAMES[0])
    for code, answer in (("stand.hours", "Есть"), ("site.hours", "Нет"), ("comfort.navigation", "Есть")):
        expect(other.line(code).get_by_role("radio", name=answer, exact=True)).to_be_checked()
    other.leaves_off()
    inspector.comes_back().hears("Неотправленного нет")
    other.hears("Неотправленного нет")
    [visit] = kept()
    assert {code: told["value"] for code, told in visit.items.items()} == {
        "stand.hours": "yes",
        "site.hours": "no",
        "comfort.navigation": "yes",
    }
    assert visit.version == 1


def changed_elsewhere() -> None:
    """The same inspector has corrected the visit at a desk."""
    with writing() as session:
        visit = session.scalars(select(Visit)).one()
        visit.items = {
            **visit.items,
            "stand.hours": {"value": "no", "note": "снят"},
            "site.hours": {"value": "yes"},
        }
        visit.version += 1


@pytest.fixture
def torn(inspector: Inspector) -> Inspector:
    """A visit that was changed both on the phone and on the server."""
    inspector.visits(NAMES[0]).finds("stand.hours", "Есть").leaves_off().hears("Неотправленного нет")
    changed_elsewhere()
    inspector.visits(NAMES[0]).finds("stand.hours", "Неприменимо")
    inspector.line("stand.hours").get_by_label("Почему неприменимо").select_option(index=1)
    inspector.leaves_off().hears("изменён и на сервере")
    inspector.sees(NAMES[0], "изменён и здесь, и на сервере")
    inspector.page.locator(".place").filter(has_text=NAMES[0]).get_by_role("link").click()
    expect(inspector.page.get_by_role("heading", name="Визит изменён и на сервере")).to_be_visible()
    return inspector


def test_who_changed_it_elsewhere_is_shown_both_and_chooses(torn) -> None:
    assert kept()[0].items["stand.hours"]["value"] == "no", "nothing was written over"
    lines = torn.page.locator(".line")
    expect(lines).to_have_count(2)
    axe(torn.page)
    torn.page.get_by_role("button", name="Сохранить выбранное").click()
    expect(torn.page.get_by_text("Выберите в каждой строке")).to_be_visible()
    lines.nth(0).get_by_role("radio", name="На этом телефоне").check()
    lines.nth(1).get_by_role("radio", name="На сервере").check()
    torn.page.get_by_role("button", name="Сохранить выбранное").click()
    torn.hears("Неотправленного нет")
    [visit] = kept()
    assert visit.items["stand.hours"]["value"] == "na"
    assert visit.items["site.hours"]["value"] == "yes"
    assert visit.version == 3


def test_who_does_not_choose_leaves_both_to_the_verifier(torn) -> None:
    torn.page.get_by_role("button", name="Оставить обе записи").click()
    torn.hears("Неотправленного нет")
    assert [visit.items["stand.hours"]["value"] for visit in kept()] == ["no", "na"]


def test_another_user_of_the_phone_neither_sees_nor_sends_the_first_ones_work(
    inspector, work, live_server
) -> None:
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)
    assigned("petrov", work[1])
    inspector.goes_out_of_reach().visits(NAMES[0]).finds("stand.hours", "Есть").leaves_off()
    page = inspector.page
    page.get_by_role("button", name="Выйти").click()
    expect(page.locator("#way")).to_contain_text("Вы не вошли")
    expect(page.locator(".place")).to_have_count(0)
    page.reload()
    expect(page.locator(".place")).to_have_count(0)
    inspector.comes_back()
    page.reload()
    expect(page.locator("#way")).to_contain_text("Вы не вошли")
    expect(page.locator(".place")).to_have_count(0)
    expect(page.locator("#way")).to_contain_text("Вы не вошли")
    other = inspector.signs_in("petrov").hears("Неотправленного нет")
    expect(page.locator(".place")).to_have_count(1)
    page.get_by_role("link", name="Память телефона").click()
    expect(page.get_by_text("принадлежит другому сотруднику")).to_be_visible()
    assert kept() == []
    page.get_by_role("button", name="Выйти").click()
    expect(page.locator("#way")).to_contain_text("Вы не вошли")
    other.signs_in("ivanova").hears("Неотправленного нет")
    assert [visit.inspector for visit in kept()] == ["ivanova"]


def test_anothers_visit_is_neither_shown_nor_changed_by_its_address(inspector, work) -> None:
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)
    assigned("petrov", work[1])
    inspector.goes_out_of_reach().visits(NAMES[0]).finds("stand.hours", "Есть")
    page = inspector.page
    address = page.evaluate("location.hash")
    key = address.partition("/")[2]
    page.get_by_role("button", name="Выйти").click()
    expect(page.locator("#way")).to_contain_text("Вы не вошли")
    inspector.comes_back()
    page.reload()
    inspector.signs_in("petrov").hears("Неотправленного нет")
    page.evaluate("screen => { location.hash = screen; }", address)
    expect(page.get_by_role("heading", name="Визита на этом телефоне нет")).to_be_visible()
    page.evaluate("screen => { location.hash = screen; }", f"#conflict/{key}")
    expect(page.locator(".place")).to_have_count(1)
    expect(page.locator(".line")).to_have_count(0)
    tried = page.evaluate(FORBIDDEN, key)
    assert tried == ["NotOwn"] * 5
    kept_as = page.evaluate(
        "async key => { const e = await field.store.get(key); return [e.owner, e.body.items]; }", key
    )
    assert kept_as == ["ivanova", {"stand.hours": {"value": "yes"}}]


#: Everything that writes to a visit, tried by whoever is signed in; what each is refused with.
FORBIDDEN = """async (key) => {
  const { visits, owner, bag } = field;
  const list = Object.values(bag.lists)[0];
  const picture = await new Promise((done) => { document.createElement('canvas').toBlob(done); });
  const deeds = [
    () => visits.tap(owner, key, list, (body) => { body.note = 'чужое'; }),
    () => visits.finish(owner, key, list, true),
    () => visits.choose(owner, key, list, { note: 'чужое' }, 1),
    () => visits.keepBoth(owner, key, { version: 1 }),
    () => visits.snap(owner, key, 'stand.hours', picture),
  ];
  const met = [];
  for (const deed of deeds) met.push(await deed().then(() => 'done', (error) => error.constructor.name));
  return met;
}"""


def test_a_sign_out_on_any_page_is_known_without_a_network(inspector) -> None:
    page = inspector.page
    page.goto("/operator/")
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_text("Вы вышли")).to_be_visible()
    page.context.set_offline(True)
    page.goto(HERE)
    expect(page.locator("#way")).to_contain_text("Вы не вошли")
    expect(page.locator(".place")).to_have_count(0)


def test_a_session_that_ended_keeps_the_work_and_asks_to_sign_in(inspector) -> None:
    inspector.goes_out_of_reach().visits(NAMES[0]).finds("stand.hours", "Есть").leaves_off()
    inspector.page.context.clear_cookies(name="nok")
    inspector.comes_back().hears("войдите ещё раз").sees(NAMES[0], "ждёт отправки")
    inspector.page.get_by_role("link", name="Войти").click()
    inspector.page.get_by_label("Логин").fill("ivanova")
    inspector.page.get_by_label("Пароль").fill(PASSWORD)
    inspector.page.get_by_role("button", name="Войти").click()
    inspector.hears("Неотправленного нет")
    assert len(kept()) == 1


def test_a_refusal_says_why_and_loses_nothing(inspector) -> None:
    inspector.goes_out_of_reach().visits(NAMES[0]).finds("stand.hours", "Есть").leaves_off()
    with writing() as session:
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    inspector.comes_back().hears("Не принят 1 визит").sees(NAMES[0], "Сбор в этой кампании закончен")
    axe(inspector.page)
    inspector.visits(NAMES[0])
    expect(inspector.line("stand.hours").get_by_role("radio", name="Есть")).to_be_checked()
    assert kept() == []


@pytest.fixture
def renewed(monkeypatch) -> Any:
    """Puts another release of the page on the server."""

    def renew() -> None:
        whole = release.worker
        monkeypatch.setattr(
            release, "worker", lambda *given: whole(*given).replace('"name": "', '"name": "next-', 1)
        )

    return renew


def test_a_newer_release_in_the_middle_of_a_visit_loses_nothing(inspector, renewed) -> None:
    page = inspector.page
    inspector.visits(NAMES[0]).finds("stand.hours", "Есть").snaps("stand.hours")
    page.reload()  # the worker is in charge from here on
    expect(inspector.line("stand.hours").locator(".pictures img")).to_have_count(1)
    renewed()
    page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    expect(page.get_by_text("Есть новая версия страницы")).to_be_visible()
    inspector.finds("site.hours", "Нет")
    with page.expect_navigation():
        page.get_by_role("button", name="Обновить").click()
    expect(inspector.line("site.hours").get_by_role("radio", name="Нет")).to_be_checked()
    expect(inspector.line("stand.hours").locator(".pictures img")).to_have_count(1)
    names = page.evaluate("caches.keys()")
    assert [name for name in names if name.startswith("field ")] == [names[0]]
    assert names[0].startswith("field next-")
    page.context.set_offline(True)
    page.reload()
    expect(inspector.line("site.hours").get_by_role("radio", name="Нет")).to_be_checked()


def test_a_full_phone_says_so_and_keeps_what_it_has(browser, live_server, work) -> None:
    with trying(browser, live_server, *WAYS, **PHONE) as page:
        page.goto("/sign-in")
        session = page.context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": live_server, "quotaSize": 6_000_000})
        inspector = Inspector(page).signs_in().visits(NAMES[0]).finds("stand.hours", "Есть")
        full = page.get_by_role("alert").filter(has_text="кончилось место")
        pictures = inspector.line("site.hours").locator(".pictures img")
        for _attempt in range(12):
            file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_noise()}
            inspector.line("site.hours").locator("input[type=file]").set_input_files(file)
            page.wait_for_timeout(700)
            if full.count():
                break
        expect(full).to_be_visible()
        written = pictures.count()
        page.reload()
        expect(inspector.line("stand.hours").get_by_role("radio", name="Есть")).to_be_checked()
        expect(pictures).to_have_count(written)


def a_noise() -> bytes:
    """A picture that no compression makes small."""
    drawn = io.BytesIO()
    Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3)).save(drawn, "JPEG", quality=90)
    return drawn.getvalue()


def test_what_is_no_picture_is_told_so(inspector) -> None:
    inspector.visits(NAMES[0])
    file = {"name": "photo.heic", "mimeType": "image/heic", "buffer": b"ftypheic"}
    inspector.line("stand.hours").locator("input[type=file]").set_input_files(file)
    expect(inspector.page.get_by_text("не смог прочитать")).to_be_visible()


def test_a_photograph_is_made_small_and_forgets_where_it_was_taken(inspector) -> None:
    inspector.goes_out_of_reach().visits(NAMES[0]).snaps("stand.hours", side=3000)
    told = inspector.page.evaluate("""async () => {
      const [photo] = (await field.store.entries('ivanova')).filter((entry) => entry.kind === 'photo');
      const bytes = new Uint8Array((await field.store.get(photo.key)).body.bytes);
      const picture = await createImageBitmap(new Blob([bytes]));
      return [picture.width, picture.height, new TextDecoder('latin1').decode(bytes).includes('Exif')];
    }""")
    assert told == [1600, 1600, False]


def test_without_a_network_at_all_a_file_brings_everything(inspector, tmp_path, app) -> None:
    page = inspector.page
    inspector.goes_out_of_reach().visits(NAMES[0]).finds("stand.hours", "Есть").snaps(
        "stand.hours"
    ).leaves_off()
    inspector.visits(NAMES[1]).finds("site.hours", "Нет")
    page.evaluate("location.hash = '#phone'")
    expect(page.get_by_text("Сначала отправьте записанное")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Сохранить выгрузку").click()
    file = downloaded(saved.value, tmp_path)
    page.get_by_role("button", name="Стереть с телефона").click()
    page.get_by_role("button", name="Да, стереть").click()
    inspector.hears("Неотправленного нет")
    assert page.evaluate("field.store.entries('ivanova')") == []
    page.context.set_offline(False)
    page.goto("/operator/field/file")
    axe(page)
    page.get_by_label("Файл с телефона").set_input_files(file)
    page.get_by_role("button", name="Загрузить файл").click()
    expect(page.get_by_text("Всё из файла принято")).to_be_visible()
    assert len(kept()) == 2
    assert proofs() == 1


def downloaded(saved: Download, folder: Path) -> Path:
    file = folder / saved.suggested_filename
    assert re.fullmatch(r"proverki-\d{4}-\d\d-\d\d\.jsonl", file.name)
    saved.save_as(file)
    return file


def test_whoever_was_assigned_nothing_finds_and_takes_along(browser, live_server, work) -> None:
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)
    with trying(browser, live_server, *WAYS, **PHONE) as page:
        page.goto("/sign-in")
        me = Inspector(page)
        me.page.goto(f"/sign-in?next={HERE}")
        page.get_by_label("Логин").fill("petrov")
        page.get_by_label("Пароль").fill(PASSWORD)
        page.get_by_role("button", name="Войти").click()
        expect(page.get_by_text("Вам ничего не поручено")).to_be_visible()
        page.get_by_role("link", name="Найти организацию").click()
        page.get_by_label("Название, ИНН или код").fill("№ 13")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Взять с собой").click()
        expect(page.get_by_text("✓ взято с собой")).to_be_visible()
        page.get_by_role("link", name="К списку").click()
        me.is_ready().goes_out_of_reach().visits(NAMES[1]).finds("stand.hours", "Есть")


def test_a_whole_visit_is_finished_and_nothing_is_asked_twice(inspector) -> None:
    page = inspector.goes_out_of_reach().visits(NAMES[0]).page
    for place in ("Стенд в помещении", "Официальный сайт"):
        lot = page.locator("section.lot").filter(has=page.get_by_role("heading", name=place))
        lot.get_by_label("Как проверяли").select_option("own")
        lot.get_by_label("Сколько есть").fill("14")
        lot.get_by_label("Сколько требуется").fill("17")
    page.get_by_label("Название своего перечня").fill("Приказ 118н")
    for number in range(page.locator(".line").count()):
        page.locator(".line").nth(number).get_by_role("radio", name="Нет", exact=True).check()
    page.get_by_label("В среднем ждали").fill("7")
    page.get_by_role("button", name="Закончить визит").click()
    expect(page.get_by_role("alert").filter(has_text="Остал")).to_contain_text("нужны и ожидание, и срок")
    page.get_by_label("Установленный срок").fill("14")
    page.get_by_role("button", name="Закончить визит").click()
    inspector.comes_back().hears("Неотправленного нет").sees(NAMES[0], "✓ отправлено")
    [visit] = kept()
    assert visit.state == "done"
    assert (visit.counts["stand_present"], visit.counts["waiting_mean"]) == (14, "7")


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_every_screen_lets_everybody_in(browser, live_server, work, device) -> None:
    with trying(browser, live_server, *WAYS, **device) as page:
        me = Inspector(page).signs_in()
        axe(page)
        me.visits(NAMES[0]).finds("stand.hours", "Неприменимо").snaps("stand.hours")
        page.get_by_role("button", name="Закончить визит").click()
        axe(page)
        for screen in ("find", "phone"):
            page.evaluate("name => { location.hash = `#${name}`; }", screen)
            expect(page.get_by_role("link", name="К списку")).to_be_visible()
            axe(page)


@pytest.mark.slow
def test_three_hundred_visits_are_no_burden(inspector) -> None:
    page = inspector.goes_out_of_reach().page
    told = page.evaluate("""async () => {
      const { store, visits, bag, owner } = field;
      const [place] = bag.places;
      const list = bag.lists[place.list];
      const codes = list.blocks.flatMap((block) => block.items).map((item) => item.code);
      const bytes = crypto.getRandomValues(new Uint8Array(60000)).buffer;
      const thumb = 'data:image/jpeg;base64,' + 'A'.repeat(4000);
      const first = await store.get(await visits.begin(owner, bag, place));
      for (let n = 0; n < 300; n += 1) {
        const items = Object.fromEntries(codes.map((code) => [code, {value: 'yes', note: 'заметка'}]));
        const brief = {...first.brief, assessment: -n};
        const key = await store.put({owner, kind: 'visit', body: {...first.body, items}, brief});
        for (let m = 0; m < 5; m += 1) {
          const photo = {body: {bytes, thumb, day: '2026-01-01'}, brief: {item: codes[m]}};
          await store.put({owner, kind: 'photo', rank: 1, after: key, ...photo});
        }
      }
      const before = performance.now();
      await field.look();
      await field.draw();
      const drawn = performance.now();
      await visits.tap('ivanova', first.key, list, (body) => { body.note = 'да'; });
      const tapped = performance.now();
      const parts = await store.exportUnsent(owner);
      return {draw: drawn - before, tap: tapped - drawn, file: new Blob(parts).size, room: await store.room()};
    }""")
    inspector.hears("301 визит, 1500 снимков")
    assert told["draw"] < 3_000
    assert told["tap"] < 2_000
    assert told["file"] > 300 * 5 * 60_000


def test_without_scripts_the_page_says_what_it_needs(plain_phone: Page, app: Flask, work) -> None:
    plain_phone.goto("/sign-in?next=/operator/field/")
    plain_phone.get_by_label("Логин").fill("ivanova")
    plain_phone.get_by_label("Пароль").fill(PASSWORD)
    plain_phone.get_by_role("button", name="Войти").click()
    expect(plain_phone.get_by_text("в браузере выключен JavaScript")).to_be_visible()
    plain_phone.get_by_role("link", name="Кампании и проверки").click()
    expect(plain_phone).to_have_url(re.compile("/operator/$"))
