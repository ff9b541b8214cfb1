"""An interview by telephone: question by question, counted once, and no way from the answers to the number."""

import importlib
import logging
import re
import time
from datetime import timedelta

import pytest
from browser import axe
from build import PASSWORD, a_user
from calling import (
    CONTENT_675,
    NUMBERS,
    Caller,
    a_desk,
    an_interviewer,
    contacts,
    hidden,
    noon,
    set_clock,
    the,
)
from playwright.sync_api import Page
from spoken import said
from sqlalchemy import MetaData, select

from accounts.models import AuditEvent, Duty, Role
from operator_app.phone import interview, queue
from operator_app.phone.tables import CallAttempt
from surveys import library
from surveys.comments import Comment
from surveys.db import Base, db, writing
from surveys.models import Campaign, Response, Stage, Tally
from surveys.questionnaire import unpacked

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FORM = library.questionnaire("675n-full")
WORDS = "Поставьте скамейку у входа"
STEP = re.compile(r'name="at" value="([^"]*)"')


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, noon())


@pytest.fixture
def campaign(session) -> int:
    campaign_id, _code = a_desk()
    an_interviewer()
    return campaign_id


@pytest.fixture
def caller(page, campaign: int) -> Caller:
    found = Caller(page, campaign)
    found.next()
    return found


def stored() -> list[Response]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Response)))


def at(answer) -> str:
    """The question at which the page stands; empty at the farewell."""
    found = STEP.search(answer.text)
    assert found is not None
    return found[1]


def step(caller: Caller, answer, value: str | None, go: str = "next"):
    """The page's own form with this said at its question."""
    fields = hidden(answer.text)
    said = {} if value is None else {f"answer-{fields['at']}": value}
    return caller.sends({**fields, **said, "go": go})


def test_a_whole_interview_a_page_a_question_without_a_script(caller) -> None:
    caller.post("/call/start")
    answer = caller.client.get(f"{caller.here}/interview")
    asked = []
    while (here := at(answer)) != "":
        asked.append(here)
        assert len(asked) <= len(FORM.questions) and NUMBERS[0][2:] not in answer.text
        answer = step(caller, answer, CONTENT_675.get(here, ""))
        assert answer.status_code == 200
    skipped = {"stand", "site", "accessibility", "remote_staff"}
    assert asked == [q.id for q in FORM.questions if q.id not in skipped]
    assert "Сохранить анкету" in answer.text
    answer = step(caller, answer, None, "finish")
    assert "Анкета учтена, номер стёрт" in caller.client.get(answer.location).text
    [response] = stored()
    assert unpacked(FORM, response.answers) == {k: v for k, v in CONTENT_675.items() if v}
    assert (response.channel, response.batch_id) == (4, None)
    assert [(one.sealed, one.outcome) for one in contacts() if one.finished] == [(None, "1.1")]
    assert db.session.scalars(select(Tally.responses)).all() == [1]


def test_back_returns_along_the_path_and_a_changed_answer_changes_it(caller) -> None:
    caller.post("/call/start")
    answer = caller.client.get(f"{caller.here}/interview")
    answer = step(caller, answer, "yes")
    assert at(answer) == "stand"
    answer = step(caller, answer, None, "back")
    assert at(answer) == "stand_seen"
    assert re.search(r'value="yes"[^>]* checked', answer.text), "what was said is still there"
    answer = step(caller, answer, "no")
    assert at(answer) == "site_seen"
    answer = step(caller, answer, None, "back")
    assert at(answer) == "stand_seen"


@ON_SQLITE
def test_nothing_said_is_not_an_answer_and_hard_to_say_is(caller) -> None:
    caller.post("/call/start")
    answer = caller.client.get(f"{caller.here}/interview")
    answer = step(caller, answer, None)
    assert (answer.status_code, at(answer)) == (422, "stand_seen")
    assert "Если человек затруднился, нажмите 0" in answer.text
    answer = step(caller, answer, "")
    assert at(answer) == "site_seen"
    answer = step(caller, answer, "perhaps")
    assert (answer.status_code, at(answer)) == (422, "site_seen")


def test_a_form_sent_twice_is_counted_once(caller) -> None:
    caller.post("/call/start")
    fields = hidden(caller.get("/interview"))
    whole = {**fields, **{f"answer-{k}": v for k, v in CONTENT_675.items()}, "go": "finish"}
    for _ in range(2):
        assert caller.sends(whole).status_code == 302
    assert "Анкета учтена" in caller.get()
    assert len(stored()) == 1
    assert len(db.session.scalars(select(CallAttempt)).all()) == 1
    assert caller.sends({**whole, "answer-overall": "no"}).status_code == 302
    assert "Остались первые" in caller.get()
    assert len(stored()) == 1


def test_a_second_interview_of_one_contact_is_refused(caller) -> None:
    caller.post("/call/start")
    pages = [hidden(caller.get("/interview")) for _ in range(2)]
    given = {f"answer-{k}": v for k, v in CONTENT_675.items()}
    first, second = (caller.sends({**fields, **given, "go": "finish"}) for fields in pages)
    assert (first.status_code, second.status_code) == (302, 409)
    assert len(stored()) == 1


def test_a_page_of_another_interview_says_that_nothing_was_counted(caller) -> None:
    given = {**{f"answer-{k}": v for k, v in CONTENT_675.items()}, "go": "finish"}
    caller.post("/call/start")
    first = {**hidden(caller.get("/interview")), **given}
    assert caller.sends(first).status_code == 302
    caller.next()
    caller.post("/call/start")
    second = {**hidden(caller.get("/interview")), **given, "key": first["key"]}
    for told in (second, {**second, "answer-overall": "no"}):
        answer = caller.sends(told)
        assert answer.status_code == 409 and "анкета не учтена" in answer.text
    assert (len(stored()), sum(one.finished for one in contacts())) == (1, 1)
    assert caller.sends(first).status_code == 302, "the first one sent again leads on as before"


def test_a_break_off_sent_twice_leads_on_quietly(caller) -> None:
    caller.post("/call/start")
    form = {**hidden(caller.get("/interview")), "go": "break"}
    assert [caller.sends(form).status_code for _ in range(2)] == [302, 302]
    db.session.rollback()
    assert len(db.session.scalars(select(CallAttempt)).all()) == 1


def test_an_interview_that_lacks_an_answer_is_not_finished(caller) -> None:
    lacking = {k: v for k, v in CONTENT_675.items() if k != "recommend"}
    answer = caller.interviewed(lacking)
    assert (answer.status_code, at(answer)) == (422, "recommend")
    assert stored() == []
    assert not any(one.finished for one in contacts())


@pytest.mark.parametrize(("said", "code"), [(3, "2.12"), (8, "1.2")])
def test_a_broken_off_interview_keeps_no_answer(caller, said, code) -> None:
    answers = dict(list(CONTENT_675.items())[:said])
    assert caller.interviewed(answers, go="break").status_code == 302
    assert "Ответы не учтены" in caller.get()
    assert stored() == []
    assert [one.outcome for one in contacts() if one.finished] == [code]


def test_an_interview_outlives_its_hold_and_even_another_callers(caller, campaign, monkeypatch) -> None:
    caller.post("/call/start")
    fields = hidden(caller.get("/interview"))
    set_clock(monkeypatch, noon() + timedelta(hours=2))
    an_interviewer("nina")
    with writing() as session:
        assert queue.next_contact(session, campaign, the("nina")) is not None
    given = {f"answer-{k}": v for k, v in CONTENT_675.items()}
    assert caller.sends({**fields, **given, "go": "finish"}).status_code == 302
    assert len(stored()) == 1


def test_when_the_campaign_closes_meanwhile_nothing_half_is_left(caller, campaign) -> None:
    caller.post("/call/start")
    fields = hidden(caller.get("/interview"))
    with writing() as session:
        session.get_one(Campaign, campaign).stage = Stage.REVIEW
    given = {f"answer-{k}": v for k, v in CONTENT_675.items()}
    answer = caller.sends({**fields, **given, "go": "finish"})
    assert answer.status_code == 400
    assert "Сбор ответов закончен" in answer.text
    assert stored() == []


@ON_SQLITE
@pytest.mark.parametrize("name", ["call", "key", "state"])
def test_a_forged_page_is_refused_in_plain_words(caller, name) -> None:
    caller.post("/call/start")
    fields = hidden(caller.get("/interview"))
    given = {f"answer-{k}": v for k, v in CONTENT_675.items()}
    answer = caller.sends({**fields, **given, "go": "finish", name: "forged"})
    assert answer.status_code in (400, 409)
    assert stored() == []


def test_answers_that_a_page_carries_are_signed() -> None:
    state = interview.signed("a" * 40, {"overall": "yes"})
    assert interview.carried("a" * 40, state) == {"overall": "yes"}
    with pytest.raises(Exception, match="устарела"):
        interview.carried("b" * 40, state)


def test_from_no_table_does_a_way_lead_between_a_contact_and_an_answer() -> None:
    importlib.import_module("app")  # every table there is
    tables = Base.metadata.tables
    people, answers = (
        {"contact", "call_attempt", "contact_forgotten", "contact_key"},
        {"response", "comment", "opinion"},
    )
    led = {name: {key.column.table.name for key in table.foreign_keys} for name, table in tables.items()}
    assert not any(led[name] & answers for name in people)
    assert not any(led[name] & people for name in tables if name not in people)
    for name in answers:
        assert not [c for c in tables[name].columns.keys() if re.search("contact|call|phone|attempt", c)]
    for name in people:
        assert not [c for c in tables[name].columns.keys() if re.search("answer|response|proposal", c)]


def test_a_journey_leaves_no_number_and_no_pairing_anywhere(caller, campaign, caplog, capfd) -> None:
    """Three calls, one interview: of the two others one number is still sealed, one is erased."""
    with caplog.at_level(logging.DEBUG):
        for name in ("sqlalchemy.engine", "nok", "app", "werkzeug"):
            caplog.set_level(logging.DEBUG, name)
        caller.interviewed({**CONTENT_675, "proposals": WORDS})
        caller.next()
        caller.ends("2.112")
        caller.next()
        caller.ends("3.12")
    db.session.rollback()
    found = MetaData()
    found.reflect(db.engine)
    rows = {t.name: [tuple(row) for row in db.session.execute(select(t))] for t in found.sorted_tables}
    dump = "\n".join(str(row) for kept in rows.values() for row in kept)
    told = caplog.text + "".join(capfd.readouterr())
    assert said() == [WORDS] and WORDS not in dump, "words lie sealed"
    assert "INSERT INTO" in told, "the search itself works"
    for number in NUMBERS[:3]:
        for way in (number, number[1:], number[2:]):
            assert way not in dump
            assert way not in told
    assert "Аглая" not in dump + told
    [response] = stored()
    [kept] = db.session.scalars(select(Comment))
    keys = {str(one.key) for one in contacts()}
    for secret in (str(response.key), str(kept.key)):
        holding = [table for table, kept in rows.items() if any(secret in str(row) for row in kept)]
        assert holding in (["response"], ["comment"])
    assert not [r for r in rows["response"] + rows["comment"] + rows["tally"] if keys & set(map(str, r))]
    trail = " ".join(f"{e.action} {e.detail}" for e in db.session.scalars(select(AuditEvent)))
    assert "interview" not in trail and "outcome" not in trail, (
        "the trail that is kept for ever knows of no call"
    )


def test_a_fault_in_the_middle_tells_the_log_nothing_that_was_said(app, caller, monkeypatch, caplog) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def breaks(*given: object, **named: object) -> None:
        raise ValueError(f"broken by {NUMBERS[0]} {WORDS}")

    monkeypatch.setattr("operator_app.phone.calls.finish", breaks)
    answer = caller.interviewed({**CONTENT_675, "proposals": WORDS})
    assert answer.status_code == 500
    assert "ValueError" in caplog.text
    assert NUMBERS[0] not in caplog.text + answer.text and WORDS not in caplog.text + answer.text


# In a browser


@pytest.fixture
def at_the_screen(desk: Page, session) -> Page:
    """An interviewer signed in at a desk, with three numbers to call."""
    campaign_id, _code = a_desk()
    a_user(Role.OPERATOR, login="vera", duty=Duty.INTERVIEWER)
    return entered(desk, campaign_id)


def entered(screen: Page, campaign_id: int) -> Page:
    screen.goto(f"/sign-in?next=/operator/campaigns/{campaign_id}/phone/")
    screen.fill("#login", "vera")
    screen.fill("#password", PASSWORD)
    screen.keyboard.press("Enter")
    screen.wait_for_selector("[data-phone=index] :focus")  # keys pressed before that go nowhere
    return screen


def stands(screen: Page, where: str) -> None:
    """This page is there, and its script listens to the keys."""
    screen.wait_for_selector(f"[data-phone={where}]")
    screen.wait_for_load_state("load")


def press(screen: Page, *keys: str) -> None:
    for key in keys:
        screen.keyboard.press(key)


def wording(screen: Page) -> str:
    return screen.locator(".phone-step:not([hidden]) .phone-wording").inner_text()


def begun(screen: Page) -> None:
    """From the front page to the first question, by keys alone."""
    press(screen, "Enter")
    stands(screen, "call")
    press(screen, "1")
    stands(screen, "interview")


def test_a_whole_interview_by_keyboard_alone(at_the_screen) -> None:
    screen = at_the_screen
    begun(screen)
    axe(screen)
    assert "стендах" in wording(screen)
    began = time.perf_counter()
    press(screen, "2", "Enter")  # no stand: straight to the site
    assert "официальным сайтом" in wording(screen)
    press(screen, "2", "Enter", "1", "Enter", "1", "Enter", "2", "Enter", "1", "Enter", "1", "Enter")
    press(screen, "2", "Enter", "1", "Enter", "1", "Enter", "1", "Enter")
    screen.keyboard.type("Спасибо за 2 скамейки")
    press(screen, "Enter", "2", "Enter", "0", "Enter")
    assert "Спасибо, это все вопросы" in wording(screen)
    press(screen, "Enter")
    screen.wait_for_selector("text=Анкета учтена, номер стёрт")
    assert time.perf_counter() - began < 30, "the service is never what one waits for"
    [response] = stored()
    assert unpacked(FORM, response.answers) == {k: v for k, v in CONTENT_675.items() if v}
    assert said() == ["Спасибо за 2 скамейки"]
    assert screen.evaluate("sessionStorage.length") == 0


def test_back_pause_and_a_reload_lose_nothing(at_the_screen) -> None:
    screen = at_the_screen
    begun(screen)
    press(screen, "1", "Enter", "2", "Enter", "Enter")
    assert "официальным сайтом" in wording(screen), "without an answer one does not go on"
    assert screen.locator("text=нажмите 0").first.is_visible()
    press(screen, "ArrowLeft")
    assert screen.locator(".phone-step:not([hidden]) input:checked").get_attribute("value") == "no"
    press(screen, "Backspace")
    press(screen, "p")
    assert screen.locator("#paused").is_visible()
    assert not screen.locator("#steps").is_visible()
    press(screen, "1", "p")
    assert screen.locator(".phone-step:not([hidden]) input:checked").get_attribute("value") == "yes"
    press(screen, "Enter", "Enter")
    assert "официальным сайтом" in wording(screen)
    screen.reload()
    assert "официальным сайтом" in wording(screen), "this tab remembers"
    screen.click("text=Опрос прервался")
    screen.click("text=Вернуться к номеру")
    stands(screen, "call")
    press(screen, "1")
    stands(screen, "interview")
    assert "официальным сайтом" in wording(screen)
    assert "9161234" not in screen.evaluate("JSON.stringify(sessionStorage)")


def test_an_appointment_by_keyboard_and_the_call_page_is_accessible(at_the_screen) -> None:
    screen = at_the_screen
    press(screen, "Enter")
    stands(screen, "call")
    axe(screen)
    press(screen, "5")
    assert screen.evaluate("document.activeElement.id") == "time"
    screen.fill("#day", (noon().date()).isoformat())
    screen.fill("#time", "18:30")
    press(screen, "Enter")
    screen.wait_for_selector("text=Обещали перезвонить")
    assert screen.locator(".phone-promised strong").inner_text() == "18:30"
    axe(screen)


def test_on_a_phone_without_a_script_it_works_all_the_same(plain_phone, session) -> None:
    campaign_id, _code = a_desk()
    a_user(Role.OPERATOR, login="vera", duty=Duty.INTERVIEWER)
    screen = entered(plain_phone, campaign_id)
    screen.click("text=Следующий контакт")
    screen.click("text=Согласен: начать")
    for question in FORM.questions:
        if question.id in ("stand", "site", "accessibility", "remote_staff"):
            continue
        assert screen.locator(".phone-wording").inner_text() == question.wording
        if question.closed:
            place = (
                list(question.codes).index(CONTENT_675[question.id]) + 1 if CONTENT_675[question.id] else 0
            )
            screen.click(f"label[for=q-{question.id}-{place}]")
        screen.click("#onward")
    screen.click("text=Сохранить анкету")
    screen.wait_for_selector("text=Анкета учтена")
    assert len(stored()) == 1
    assert screen.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_key_that_erases_waits_for_enter_and_a_busy_tone_does_not(at_the_screen) -> None:
    screen = at_the_screen
    press(screen, "Enter")
    stands(screen, "call")
    press(screen, "6")
    assert screen.evaluate("document.activeElement.value") == "2.112"
    assert not any(one.finished for one in contacts())
    press(screen, "Enter")
    screen.wait_for_selector("text=Записано: отказался")
    assert sum(one.finished for one in contacts()) == 1
    press(screen, "Enter")
    stands(screen, "call")
    press(screen, "3")
    screen.wait_for_selector("text=Записано: занято")


def test_the_supervisors_pages_are_accessible(desk: Page, session) -> None:
    campaign_id, _code = a_desk()
    a_user(Role.OPERATOR, login="vera", duty=Duty.VERIFIER)
    screen = entered(desk, campaign_id)
    press(screen, "Enter")
    stands(screen, "call")
    press(screen, "3")
    screen.wait_for_selector("[data-phone=index]")
    for page in ("supervision", "contacts"):
        screen.goto(f"/operator/campaigns/{campaign_id}/phone/{page}")
        axe(screen)
    screen.set_input_files(
        "#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": "Телефон;Код\n12;X".encode()}
    )
    screen.click("text=Загрузить список")
    screen.wait_for_selector("text=Строка 2")
    axe(screen)
