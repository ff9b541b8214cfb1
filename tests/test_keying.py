"""Paper keyed by hand: once, twice, by a third; what is counted, what is not, and what nobody is shown."""

import html
import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from build import PLEASED, TOKEN, a_campaign, a_user, an_organization, signed_in, within
from flask import Flask
from manners import MannerlyClient
from spoken import said
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from accounts.models import AuditEvent, Duty, Role
from operator_app.keying import stacks
from operator_app.keying.quality import error_rate
from operator_app.keying.tables import Pace, Sheet, Stack
from surveys import campaigns, counts, library, recount
from surveys.batches import Batch
from surveys.db import db, writing
from surveys.models import Campaign, Response, Stage
from surveys.questionnaire import unpacked

pytestmark = pytest.mark.usefixtures("session")
#: A sheet of the 675n form by somebody content who met neither the stand nor anything remote.
SHEET = {
    "stand_seen": "no",
    "site_seen": "yes",
    "site": "yes",
    **PLEASED,
    "sex": "female",
    "age": "47",
}


class Desk:
    """A team at one campaign's paper; `as_` gives the pages of one of them."""

    def __init__(self, app: Flask, campaign_id: int, code: str) -> None:
        self.app, self.campaign_id, self.code = app, campaign_id, code
        self.here = f"/operator/campaigns/{campaign_id}/keying"

    def as_(self, login: str) -> MannerlyClient:
        page = MannerlyClient(self.app, self.app.response_class)
        signed_in(page, login)
        db.session.rollback()
        return page

    def post(self, login: str, path: str, script: bool = False, /, **form: str) -> TestResponse:
        page = self.as_(login)
        token = within(TOKEN, page.get("/operator/").text)
        headers = {"Accept": "application/json"} if script else {}
        return page.post(f"{self.here}{path}", data={"csrf_token": token, **form}, headers=headers)

    def stack(self, share: int = 0, **form: str) -> int:
        """A stack opened on its page, so many sheets of a hundred to be keyed twice; its number."""
        with writing() as session:
            campaign = session.get_one(Campaign, self.campaign_id)
            campaign.desk = {"keying": {"second_share": share}}
            day = campaign.starts_on.isoformat()
        given = {"organization": self.code, "channel": "paper", "filled_on": day, **form}
        answer = self.post("one", "/new", **given)
        assert answer.status_code == 302, answer.text
        return int(answer.location.split("/")[-2])

    def key(
        self, login: str, stack: int, number: int, answers: Mapping[str, str] = SHEET, **more: str
    ) -> TestResponse:
        """A sheet keyed by the page's script."""
        return self.post(login, f"/{stack}/key", True, number=str(number), **fields(answers), **more)

    def again(
        self, login: str, stack: int, number: int, answers: Mapping[str, str] = SHEET, **more: str
    ) -> TestResponse:
        """The same sheet keyed a second time, by the ordinary form."""
        return self.post(login, f"/{stack}/sheets/{number}/second", **fields(answers), **more)


def fields(answers: Mapping[str, str]) -> dict[str, str]:
    return {f"q-{name}": value for name, value in answers.items()}


def sheet(stack: int, number: int) -> Sheet:
    db.session.rollback()
    return db.session.get_one(Sheet, (stack, number))


def responses() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Response)) or 0


def heard(desk: Desk) -> counts.Heard:
    db.session.rollback()
    assert list(recount.disagreements(db.session(), desk.campaign_id)) == []
    return next(iter(counts.heard(db.session(), desk.campaign_id).values()), counts.Heard())


@pytest.fixture
def desk(app: Flask, session: Any) -> Desk:
    code = an_organization()
    campaign_id = a_campaign()
    a_user(Role.OPERATOR, login="head")
    a_user(Role.OPERATOR, login="checks", duty=Duty.VERIFIER)
    for login in ("one", "two"):
        a_user(Role.OPERATOR, login=login, duty=Duty.INTERVIEWER)
    return Desk(app, campaign_id, code)


def test_a_keyed_sheet_is_counted_and_the_sheet_forgets_it(desk):
    stack = desk.stack()
    answer = desk.key("one", stack, 1, {**SHEET, "proposals": "Скамейку у входа"}).json
    assert (answer["outcome"], answer["keyed"], answer["numbers"]) == ("saved", 1, [2, 3, 4, 5, 6])
    found = heard(desk)
    assert (found.responses, found.channels) == (1, {"paper": 1})
    assert found.answers()["site"] == (1, 1)
    assert found.answers()["stand"] is None
    stored = db.session.scalars(select(Response)).one()
    assert stored.batch_id == stack
    assert stored.day == db.session.get_one(Campaign, desk.campaign_id).starts_on
    kept = sheet(stack, 1)
    assert (kept.state, kept.first, kept.second, kept.words) == ("counted", None, None, None)
    assert said() == ["Скамейку у входа"]


def test_without_a_script_a_form_is_posted_and_the_next_number_given(desk):
    stack = desk.stack()
    page = desk.as_("one")
    form = page.get(f"{desk.here}/{stack}/key")
    assert 'name="number" inputmode="numeric" maxlength="4" value="1"' in form.text
    given = {"csrf_token": within(TOKEN, form.text), "number": "1", **fields(SHEET)}
    answer = page.post(f"{desk.here}/{stack}/key", data=given, follow_redirects=True)
    assert "Лист № 1 сохранён." in answer.text
    assert 'maxlength="4" value="2"' in answer.text
    assert heard(desk).responses == 1


def test_the_same_sheet_twice_is_one(desk):
    stack = desk.stack()
    outcomes = [desk.key("one", stack, 1).json["outcome"] for _ in range(3)]
    assert outcomes == ["saved", "repeated", "repeated"]
    assert heard(desk).responses == 1


def test_other_answers_under_a_taken_number_are_a_question_and_change_nothing(desk):
    stack = desk.stack()
    desk.key("one", stack, 1)
    other = desk.key("two", stack, 1, {**SHEET, "overall": "no"}).json
    assert (other["outcome"], other["may_replace"]) == ("taken", False)
    assert desk.key("one", stack, 1, {**SHEET, "overall": "no"}).json["may_replace"] is True
    assert heard(desk).answers()["overall"] == (1, 1)
    page = desk.post("two", f"/{stack}/key", number="1", **fields({**SHEET, "overall": "no"}))
    assert page.status_code == 409
    assert "уже лежит лист с другими ответами" in page.text
    number = within(r'name="as" value="(\d+)"', page.text)
    assert 'value="no" checked' in page.text, "what was keyed stays in the form"
    chosen = {"number": "1", "as": number, **fields({**SHEET, "overall": "no"})}
    for _ in range(2):
        assert desk.post("two", f"/{stack}/key", **chosen).status_code == 302
    assert heard(desk).answers()["overall"] == (1, 2)


def test_several_keyers_never_get_one_number(desk):
    stack, start = desk.stack(), threading.Barrier(8)
    a_user(Role.OPERATOR, login="three", duty=Duty.INTERVIEWER)
    a_user(Role.OPERATOR, login="four", duty=Duty.INTERVIEWER)
    pages = [desk.as_(login) for login in ("one", "two", "three", "four") for _time in range(2)]

    def ask(page: MannerlyClient) -> list[int]:
        start.wait()
        with desk.app.app_context():
            return list(json.loads(page.get(f"{desk.here}/{stack}/state").text)["numbers"])

    with ThreadPoolExecutor(8) as crowd:
        handed = list(crowd.map(ask, pages))
    by_keyer = [set(handed[place] + handed[place + 1]) for place in range(0, 8, 2)]
    assert all(len(numbers) == stacks.AHEAD for numbers in by_keyer), "one keyer is given the same again"
    assert len(set.union(*by_keyer)) == 4 * stacks.AHEAD


def test_one_sheet_sent_by_a_crowd_at_once_is_counted_once(desk):
    stack, start = desk.stack(), threading.Barrier(6)
    db.session.rollback()

    def send(_time: int) -> str:
        with desk.app.app_context():
            start.wait()
            return str(desk.key("one", stack, 1).json["outcome"])

    with ThreadPoolExecutor(6) as crowd:
        outcomes = sorted(crowd.map(send, range(6)))
    assert outcomes == ["repeated"] * 5 + ["saved"]
    assert heard(desk).responses == 1


def test_an_answer_off_the_path_is_kept_out_and_noted(desk):
    stack = desk.stack()
    desk.key("one", stack, 1, {**SHEET, "stand": "yes", "remote_staff": "no"})
    found = heard(desk)
    assert (found.answers()["stand"], found.answers()["remote_staff"]) == (None, None)
    assert sheet(stack, 1).off_path == 2
    assert "не учтены" in desk.as_("one").get(f"{desk.here}/{stack}").text


def test_a_spoiled_sheet_is_written_down_and_not_counted(desk):
    stack = desk.stack(100)
    assert desk.key("one", stack, 1, {}, spoiled="unreadable").json["outcome"] == "saved"
    assert desk.key("one", stack, 1, {}, spoiled="unreadable").json["outcome"] == "repeated"
    assert desk.key("one", stack, 2, {}, spoiled="because").status_code == 422
    assert (sheet(stack, 1).state, responses()) == ("spoiled", 0)
    assert "№ 1 (не прочитать)" in desk.as_("one").get(f"{desk.here}/{stack}").text


@pytest.mark.parametrize(
    ("number", "answers", "said"),
    [
        ("0", SHEET, "Номер листа"),
        ("", SHEET, "Номер листа"),
        ("10000", SHEET, "Номер листа"),
        ("99999999999", SHEET, "Номер листа"),
        ("١", SHEET, "Номер листа"),
        ("1", {}, "нет ни одного ответа"),
        ("1", {**SHEET, "overall": "maybe"}, "Ответа «maybe» здесь нет"),
        ("1", {**SHEET, "age": "131"}, "Возраст"),
        ("1", {**SHEET, "age": "сорок"}, "Возраст"),
        ("1", {**SHEET, "proposals": "я" * 2001}, "Сократите"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words_and_nothing_is_kept(desk, number, answers, said):
    stack = desk.stack()
    answer = desk.post("one", f"/{stack}/key", True, number=number, **fields(answers))
    assert (answer.status_code, answer.json["outcome"]) == (422, "refused")
    assert said in answer.json["text"]
    assert responses() == 0
    assert db.session.scalars(select(Sheet)).all() == []
    assert desk.post("one", f"/{stack}/key", number=number, **fields(answers)).status_code == 400


@pytest.mark.parametrize(
    ("years", "column"),
    [("17", "age_under_18"), ("18", "age_18_29"), ("74", "age_60_74"), ("101", "age_75_plus")],
)
def test_a_typed_age_becomes_its_band(desk, years, column):
    desk.key("one", desk.stack(), 1, {**SHEET, "age": years})
    heard(desk)
    rows = db.session.execute(select(func.sum(db.metadata.tables["tally"].c[column]))).scalar()
    assert rows == 1


def test_the_keyer_puts_the_last_sheet_right(desk):
    stack = desk.stack()
    desk.key("one", stack, 1, {**SHEET, "proposals": "Скамейку"})
    page = desk.as_("one").get(f"{desk.here}/{stack}/key")
    assert "Исправить предыдущий, № 1" in page.text
    form = desk.as_("one").get(f"{desk.here}/{stack}/key?sheet=1")
    assert 'name="q-overall" value="yes" checked' in form.text
    right = {**SHEET, "overall": "no"}
    assert desk.key("one", stack, 1, right, choice="instead").json["outcome"] == "saved"
    assert desk.key("one", stack, 1, right, choice="instead").json["outcome"] == "repeated"
    assert (heard(desk).responses, heard(desk).answers()["overall"]) == (1, (0, 1))
    assert said() == ["Скамейку"]
    desk.key("one", stack, 1, {}, choice="instead", spoiled="foreign")
    assert heard(desk).responses == 0
    desk.key("one", stack, 1, SHEET, choice="instead")
    assert heard(desk).responses == 1


def test_nobody_else_puts_it_right(desk):
    stack = desk.stack()
    desk.key("one", stack, 1)
    for login in ("two", "checks", "head"):
        answer = desk.key(login, stack, 1, {**SHEET, "overall": "no"}, choice="instead")
        assert "может тот, кто его ввёл" in answer.json["text"]
        assert desk.as_(login).get(f"{desk.here}/{stack}/key?sheet=1").status_code == 400
    assert heard(desk).answers()["overall"] == (1, 1)


@pytest.mark.parametrize("number", ["-" + "9" * 20, "9" * 20, "-1", "0", "40000", "первый"])
def test_a_sheet_that_cannot_be_is_nobodys_to_put_right(desk, number):
    answer = desk.as_("one").get(f"{desk.here}/{desk.stack()}/key?sheet={number}")
    assert (answer.status_code, "Исправить лист может тот, кто его ввёл" in answer.text) == (400, True)


def test_a_stack_is_undone_whole_and_cannot_be_keyed_again(desk):
    stack, other = desk.stack(), desk.stack()
    for number in range(1, 4):
        desk.key("one", stack, number, {**SHEET, "overall": "no", "proposals": f"Скамейку {number}"})
    desk.key("one", other, 1, {**SHEET, "proposals": "Из другой пачки"})
    with writing() as session:
        session.get_one(Stack, stack).second_share = 100
    desk.key("two", stack, 4, {**SHEET, "proposals": "тайное"})
    assert desk.post("one", f"/{stack}/undo", sure="y").status_code == 403
    assert "Отметьте" in desk.post("checks", f"/{stack}/undo").text
    assert desk.post("checks", f"/{stack}/undo", sure="y").status_code == 302
    assert (heard(desk).responses, heard(desk).answers()["overall"]) == (1, (1, 1))
    assert said() == ["Из другой пачки"]
    left = sheet(stack, 4)
    assert (left.first, left.second, left.words) == (None, None, None)
    assert db.session.get_one(Batch, stack).state == "undone"
    assert "отменена" in desk.key("one", stack, 9).json["text"]
    assert "отменена" in desk.as_("one").get(f"{desk.here}/{stack}/key").text
    assert desk.post("checks", f"/{stack}/undo", sure="y").status_code == 400
    assert error_rate(db.session(), desk.campaign_id).sheets == 1


def test_stacks_without_a_title_are_numbered_within_their_campaign(desk):
    desk.stack(title="Синяя папка")
    titles = [db.session.get_one(Stack, desk.stack()).title for _time in range(2)]
    assert titles == ["Пачка № 2", "Пачка № 3"]


def test_a_closed_stack_takes_no_new_sheet_until_it_is_opened_again(desk):
    stack = desk.stack()
    desk.key("one", stack, 1)
    assert "Закрыть пачку может" in desk.post("two", f"/{stack}/close", act="close").text
    assert desk.post("one", f"/{stack}/close", act="close").status_code == 302
    assert "Пачка закрыта" in desk.key("one", stack, 2).json["text"]
    assert "Пачка закрыта" in desk.as_("one").get(f"{desk.here}/{stack}/key").text
    assert desk.key("one", stack, 1).json["outcome"] == "repeated", "a late echo is no new sheet"
    desk.post("checks", f"/{stack}/close", act="reopen")
    assert desk.key("one", stack, 2).json["outcome"] == "saved"


def test_once_the_campaign_collects_no_more_nothing_is_keyed_and_every_page_says_so(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1)
    desk.key("one", stack, 2)
    desk.again("two", stack, 2, {**SHEET, "overall": "no"})
    with writing() as session:
        session.get_one(Campaign, desk.campaign_id).stage = Stage.REVIEW
    for path in ("/share", "/new", f"/{stack}/key", f"/{stack}/sheets/1/second", f"/{stack}/close"):
        answer = desk.post("head", path, number="3", share="5", **fields(SHEET))
        assert (answer.status_code, "Сбор ответов закончен" in answer.text) == (400, True), path
    for path in (f"/{stack}/undo", f"/{stack}/accept", f"/{stack}/leave", f"/{stack}/sheets/2"):
        answer = desk.post("head", path, sure="y", reason="некому")
        assert (answer.status_code, "Сбор ответов закончен" in answer.text) == (400, True), path
    for path in ("/", "/new", f"/{stack}", f"/{stack}/key", f"/{stack}/second", f"/{stack}/sheets/2"):
        assert "Сбор ответов закончен" in desk.as_("head").get(f"{desk.here}{path}").text, path
    assert responses() == 0
    assert stacks.waiting(db.session(), desk.campaign_id) == 2


def test_a_stack_of_another_campaign_is_not_there(desk):
    stack = desk.stack()
    other = a_campaign(title="Другая", year=2020)
    page = desk.as_("head")
    for path in ("", "/key", "/second", "/state", "/sheets/1"):
        assert page.get(f"/operator/campaigns/{other}/keying/{stack}{path}").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"organization": "нет такой"}, "Такой организации в кампании нет"),
        ({"organization": "поликлиника"}, "Таких организаций несколько"),
        ({"organization": "\0"}, "Таких организаций несколько"),
        ({"organization": ""}, "Напишите, о какой организации"),
        ({"filled_on": "вчера"}, "цифрами"),
        ({"filled_on": "2001-01-01"}, "Ответы кампании собирают с"),
        ({"filled_on": "9999-01-01"}, "ещё не наступил"),
        ({"sheets": "0"}, "целое число"),
        ({"sheets": "много"}, ""),
        ({"channel": "poster"}, ""),
        ({"title": "я" * 101}, "Сократите"),
    ],
)
def test_a_stack_that_makes_no_sense_is_not_opened(desk, form, said):
    an_organization("Вторая поликлиника", address="Мира, 2")
    with writing() as session:
        campaign = session.get_one(Campaign, desk.campaign_id)
        campaigns.enlist(session, campaign, campaigns.newcomers(session, campaign))
        day = campaign.starts_on.isoformat()
    given = {"organization": desk.code, "channel": "paper", "filled_on": day, **form}
    answer = desk.post("one", "/new", **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalars(select(Stack)).all() == []


def test_pace_leaves_pauses_and_bursts_aside(desk):
    stack = desk.stack()
    desk.key("one", stack, 1)
    for seconds, number in ((10, 2), (10, 3), (4000, 4), (0, 5)):
        with writing() as session:
            pace = session.scalars(select(Pace)).one()
            pace.last_at = pace.last_at - timedelta(seconds=seconds)
        desk.key("one", stack, number)
    [keyer] = error_rate(db.session(), desk.campaign_id).keyers
    assert keyer.sheets == 5
    assert 300 <= (keyer.an_hour or 0) <= 360
    assert "Листов в час" in desk.as_("checks").get(f"{desk.here}/").text
    assert "Листов в час" not in desk.as_("two").get(f"{desk.here}/").text


def test_every_act_is_in_the_trail_and_nothing_of_an_answer(desk):
    stack = desk.stack(title="Синяя папка")
    desk.key("one", stack, 1, {**SHEET, "proposals": "тайное"})
    desk.post("head", "/share", share="25")
    desk.post("checks", f"/{stack}/close", act="close")
    desk.post("checks", f"/{stack}/undo", sure="y")
    db.session.rollback()
    events = db.session.scalars(select(AuditEvent)).all()
    assert {"stack opened", "keying share", "stack closed", "stack undone"} <= {
        event.action for event in events
    }
    assert "тайное" not in "".join(str((event.subject, event.detail)) for event in events)
    assert stacks.share_of(db.session.get_one(Campaign, desk.campaign_id)) == 25


@pytest.mark.parametrize("name", ["bus-gov-13", "675n-full", "epgu-5"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whatever_form_the_channel_asks_is_keyed(app, session, name):
    code = an_organization("Поликлиника", address=name)
    campaign_id = a_campaign(title=name, year=2020, questionnaires={"interview": name})
    a_user(Role.OPERATOR, login="one", duty=Duty.INTERVIEWER)
    desk, questionnaire = Desk(app, campaign_id, code), library.questionnaire(name)
    stack = desk.stack(channel="interview")
    page = desk.as_("one").get(f"{desk.here}/{stack}/key").text
    assert all(question.caption in html.unescape(page) for question in questionnaire.questions)
    said = {q.id: "47" if q.profile == "age" else q.choices[0].value for q in questionnaire.closed}
    assert json.loads(desk.key("one", stack, 1, said).text)["outcome"] == "saved"
    assert heard(desk).channels == {"interview": 1}
    [answers] = db.session.scalars(select(Response.answers)).all()
    assert len(unpacked(questionnaire, answers)) == len(questionnaire.closed)
