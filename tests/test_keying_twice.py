"""The second pair of eyes is blind, the third decides by the paper, and the error rate is what they found."""

import re
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from build import TOKEN, a_user
from spoken import said
from sqlalchemy import select
from test_keying import SHEET, Desk, desk, heard, responses, sheet

from accounts.models import AuditEvent, Duty, Role, User
from operator_app.keying import sheets, stacks
from operator_app.keying.quality import Rate, error_rate
from operator_app.keying.tables import Sheet, Stack
from surveys.db import db, writing
from surveys.models import Campaign

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("session")
OTHER = {**SHEET, "overall": "no", "site": "no"}


def quality(desk: Desk):
    db.session.rollback()
    return error_rate(db.session(), desk.campaign_id)


def test_a_sheet_that_waits_counts_nowhere_and_its_keyer_is_told_nothing(desk):
    stack = desk.stack(100)
    once = desk.stack(0)
    chosen, other = desk.key("one", stack, 1).json, desk.key("one", once, 1).json
    assert {**chosen, "text": ""} == {**other, "text": ""}
    assert chosen["text"] == other["text"] == "Лист № 1 сохранён."
    waiting, counted = (desk.as_("one").get(f"{desk.here}/{n}/key").text for n in (stack, once))
    hidden = re.compile(r'(value|token)="[^"]{20,}"|Пачка № \d+|keying/\d+|data-batch="\d+"|/\d+/')
    assert hidden.sub("", waiting) == hidden.sub("", counted)
    for path in ("", f"/{stack}", f"/{once}"):
        page = desk.as_("one").get(f"{desk.here}{path}", follow_redirects=True).text
        assert not re.search("Учтено|Ждут|не учтен", page), path
    assert "Ждут второго ввода" in desk.as_("checks").get(f"{desk.here}/{stack}").text
    assert sheet(stack, 1).state == "second"
    assert heard(desk).responses == 1


def test_the_second_keyer_sees_nothing_of_the_first_reading(desk):
    stack = desk.stack(100)
    empty = desk.stack(100)
    desk.key("one", stack, 7, {**SHEET, "proposals": "Скамейку у входа"})
    desk.key("one", empty, 7, {**OTHER, "sex": "male"})
    pages = [desk.as_("two").get(f"{desk.here}/{n}/second").text for n in (stack, empty)]
    for page in pages:
        assert 'value="7"' in page
        assert "Скамейку" not in page
        assert "checked" not in page
        assert "keyer" not in page
    hidden = re.compile(r'(value|token)="[^"]{20,}"|Пачка № \d+|keying/\d+|data-batch="\d+"|sheet/\d+/7')
    assert hidden.sub("", pages[0]) == hidden.sub("", pages[1]), "whatever was read, the page is one"


def test_the_same_reading_twice_is_counted_and_forgotten(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1, {**SHEET, "proposals": "Скамейку"})
    assert responses() == 0
    assert desk.again("two", stack, 1).status_code == 302
    kept = sheet(stack, 1)
    assert (kept.state, kept.first, kept.second, kept.words) == ("counted", None, None, None)
    assert (kept.compared, kept.first_wrong, kept.second_wrong) == (14, 0, 0)
    assert heard(desk).responses == 1
    assert said() == ["Скамейку"]
    assert desk.again("two", stack, 1).status_code == 302, "sent twice is one"
    assert heard(desk).responses == 1
    assert "может тот, кто его ввёл" in desk.key("one", stack, 1, OTHER, choice="instead").json["text"]


def test_one_never_keys_ones_own_sheet_twice(desk):
    stack = desk.stack(100)
    desk.key("head", stack, 1)
    assert "вас ждут на второй ввод: 1" not in desk.as_("head").get(f"{desk.here}/{stack}/key").text
    assert "в этой пачке нет" in desk.as_("head").get(f"{desk.here}/{stack}/second").text
    assert "другой человек" in desk.again("head", stack, 1).text
    assert "вас ждут на второй ввод: 1" in desk.as_("one").get(f"{desk.here}/{stack}/key").text
    assert sheet(stack, 1).state == "second"


def test_two_second_keyers_are_given_two_sheets(desk):
    stack = desk.stack(100)
    for number in (1, 2):
        desk.key("one", stack, number)
    assert 'value="1"' in desk.as_("two").get(f"{desk.here}/{stack}/second").text
    assert 'value="2"' in desk.as_("checks").get(f"{desk.here}/{stack}/second").text
    assert "в этой пачке нет" in desk.as_("head").get(f"{desk.here}/{stack}/second").text
    assert desk.again("head", stack, 1).status_code == 409
    assert "может тот, кто его ввёл" in desk.key("one", stack, 1, OTHER, choice="instead").json["text"]
    desk.post("two", f"/{stack}/leave")
    assert desk.again("head", stack, 1).status_code == 302


def test_until_it_is_read_again_the_keyer_may_put_it_right_without_learning_that_it_waits(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1, {**OTHER, "proposals": "Скамейку"})
    assert desk.key("one", stack, 1, SHEET, choice="instead").json["outcome"] == "saved"
    assert desk.again("two", stack, 1).status_code == 302
    assert sheet(stack, 1).first_wrong == 0
    assert said() == ["Скамейку"]


def test_a_third_person_decides_what_two_read_differently(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1, OTHER)
    desk.again("two", stack, 1, SHEET)
    assert (sheet(stack, 1).state, responses()) == ("third", 0)
    page = desk.as_("checks").get(f"{desk.here}/{stack}/sheets/1")
    assert page.text.count("<fieldset") == 2, "only what differs"
    assert "checked" not in page.text
    assert "Разобрать" in desk.as_("checks").get(f"{desk.here}/").text
    path = f"/{stack}/sheets/1"
    assert "Решите про каждый вопрос" in desk.post("checks", path, **{"q-overall": "yes"}).text
    assert responses() == 0
    decided = {"q-overall": "yes", "q-site": "no"}
    assert desk.post("checks", path, **decided).status_code == 302
    kept = sheet(stack, 1)
    assert (kept.state, kept.first, kept.second) == ("counted", None, None)
    assert (kept.compared, kept.first_wrong, kept.second_wrong) == (14, 1, 1)
    assert (heard(desk).answers()["overall"], heard(desk).answers()["site"]) == ((1, 1), (0, 1))
    assert "уже разобран" in desk.post("checks", path, **decided).text


def test_a_disputed_filter_brings_its_question_along(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1, {**SHEET, "disability": "no"})
    desk.again("two", stack, 1, {**SHEET, "disability": ""})
    page = desk.as_("checks").get(f"{desk.here}/{stack}/sheets/1").text
    assert 'name="q-accessibility"' in page
    path = f"/{stack}/sheets/1"
    assert "Решите" in desk.post("checks", path, **{"q-disability": "yes"}).text
    desk.post("checks", path, **{"q-disability": "yes", "q-accessibility": "no"})
    assert heard(desk).answers()["accessibility"] == (0, 1)
    kept = sheet(stack, 1)
    assert (kept.compared, kept.first_wrong, kept.second_wrong) == (15, 2, 2)


def test_no_answer_may_be_the_decision(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1, SHEET)
    desk.again("two", stack, 1, {**SHEET, "overall": "no"})
    desk.post("checks", f"/{stack}/sheets/1", **{"q-overall": "none"})
    assert heard(desk).answers()["overall"] is None
    assert (sheet(stack, 1).first_wrong, sheet(stack, 1).second_wrong) == (1, 1)


def test_who_keyed_it_does_not_decide_unless_nobody_else_can(desk):
    stack = desk.stack(100)
    desk.key("head", stack, 1, SHEET)
    desk.again("two", stack, 1, OTHER)
    decided = {"q-overall": "yes", "q-site": "yes"}
    assert "третий человек" in desk.post("head", f"/{stack}/sheets/1", **decided).text
    assert "Вы вводили этот лист" in desk.as_("head").get(f"{desk.here}/{stack}/sheets/1").text
    assert "Разобрать" not in desk.as_("head").get(f"{desk.here}/").text
    assert desk.post("two", f"/{stack}/sheets/1", **decided).status_code == 403
    with writing() as session:
        session.scalars(select(User).where(User.login == "checks")).one().active = False
    page = desk.as_("head").get(f"{desk.here}/{stack}/sheets/1").text
    assert "другого верификатора в команде нет" in page
    assert desk.post("head", f"/{stack}/sheets/1", **decided).status_code == 302
    assert heard(desk).responses == 1


def test_a_decision_is_held_by_whoever_opened_it(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1)
    desk.again("two", stack, 1, OTHER)
    desk.as_("checks").get(f"{desk.here}/{stack}/sheets/1")
    assert desk.as_("head").get(f"{desk.here}/{stack}/sheets/1").status_code == 409
    assert desk.post("head", f"/{stack}/sheets/1", spoiled="twin").status_code == 409
    assert desk.post("checks", f"/{stack}/sheets/1", spoiled="twin").status_code == 302
    kept = sheet(stack, 1)
    assert (kept.state, kept.first, kept.second, responses()) == ("spoiled", None, None, 0)


def test_a_sheet_that_one_could_read_and_the_other_not_is_sent_back_or_spoiled(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1)
    desk.again("two", stack, 1, {}, spoiled="unreadable")
    page = desk.as_("checks").get(f"{desk.here}/{stack}/sheets/1").text
    assert "счёл его испорченным: не прочитать" in page
    assert "<fieldset" not in page
    assert desk.post("checks", f"/{stack}/sheets/1").status_code == 400
    desk.post("checks", f"/{stack}/sheets/1", act="again")
    assert desk.again("two", stack, 1).status_code == 302
    assert heard(desk).responses == 1


def test_a_stack_with_sheets_that_wait_is_not_closed_unknowingly(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1)
    refused = desk.post("one", f"/{stack}/close", act="close")
    assert (refused.status_code, "ждут другого человека листов: 1" in refused.text) == (400, True)
    assert desk.post("one", f"/{stack}/close", act="close", sure="y").status_code == 302
    assert desk.again("two", stack, 1).status_code == 302, "what waits is never lost"
    assert heard(desk).responses == 1


def test_the_head_may_do_without_the_second_keying_and_says_why(desk):
    stack = desk.stack(100)
    desk.key("one", stack, 1)
    desk.key("one", stack, 2)
    assert desk.post("checks", f"/{stack}/accept", reason="некому").status_code == 403
    assert "причину" in desk.post("head", f"/{stack}/accept", reason="").text
    assert desk.post("head", f"/{stack}/accept", reason="в отпуске весь отдел").status_code == 302
    assert heard(desk).responses == 2
    assert (quality(desk).overall, sheet(stack, 1).first) == (Rate(0, 0), None)
    told = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "sheets accepted unchecked")
    ).one()
    assert told.detail == {"sheets": 2, "reason": "в отпуске весь отдел"}


def test_the_error_rate_is_what_the_third_found(desk):
    stack = desk.stack(100)
    for number in range(1, 4):
        desk.key("one", stack, number, OTHER if number == 1 else SHEET)
        desk.again("two", stack, number, SHEET)
    desk.post("checks", f"/{stack}/sheets/1", **{"q-overall": "yes", "q-site": "yes"})
    desk.key("two", stack, 4, SHEET)
    desk.again("one", stack, 4, OTHER)
    assert "которые ещё не разобраны: 1" in quality(desk).told
    desk.post("checks", f"/{stack}/sheets/4", **{"q-overall": "yes", "q-site": "yes"})
    found = quality(desk)
    assert found.told == found.overall.told
    assert found.overall == Rate(2, 56)
    assert {one.name: one.rate for one in found.keyers} == {"one": Rate(2, 42), "two": Rate(0, 14)}
    assert {box.number: box.rate for box in found.boxes if box.rate.wrong} == {4: Rate(1, 4), 15: Rate(1, 4)}
    assert found.overall.share == Fraction(1, 28)
    assert "3,57" in found.overall.percent
    assert (found.sheets, found.doubled) == (4, 4)
    page = desk.as_("checks").get(f"{desk.here}/").text
    assert found.overall.percent in page
    assert found.overall.percent not in desk.as_("one").get(f"{desk.here}/").text


def test_not_measured_is_never_nought(desk):
    desk.key("one", desk.stack(0), 1)
    found = quality(desk)
    assert (found.overall.share, found.overall.bounds) == (None, None)
    assert found.overall.percent == "ещё не измерена"
    assert "ещё не измерена" in desk.as_("head").get(f"{desk.here}/").text
    assert Rate(3, 1200).percent == "0,25\u202f% (95\u202f%: 0,05–0,73\u202f%)"
    assert Rate(0, 30).percent == "0,00\u202f% (95\u202f%: 0,00–11,57\u202f%)"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_at_least_three_of_the_first_twenty_are_keyed_twice_and_later_the_share_rules(desk, monkeypatch):
    stack, drawn = desk.stack(1), []

    def last_of(most: int) -> int:
        drawn.append(most)
        return most - 1

    monkeypatch.setattr(secrets, "randbelow", last_of)
    with writing() as session:
        pile = stacks.pile(session, desk_campaign(session, desk), stack, locked=True)
        one = session.scalars(select(User).where(User.login == "one")).one()
        reading = sheets.read(pile.questionnaire, {**SHEET, "age": "45_59"})
        for number in range(1, 41):
            sheets.key_first(session, pile, one, number, reading)
            session.flush()
    chosen = [n for n in range(1, 41) if sheet(stack, n).doubled]
    assert chosen == [18, 19, 20], "even the unluckiest draw comes to three"
    assert drawn[-1] == 100


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_share_is_no_second_keying(desk):
    stack = desk.stack(0)
    for number in range(1, 6):
        desk.key("one", stack, number)
    assert heard(desk).responses == 5
    assert [one.doubled for one in db.session.scalars(select(Sheet))] == [False] * 5


def test_the_share_of_a_stack_is_what_the_head_had_set_when_it_was_opened(desk):
    assert desk.post("checks", "/share", share="30").status_code == 403
    assert desk.post("head", "/share", share="101").status_code == 400
    stack = desk.stack(30)
    desk.post("head", "/share", share="50")
    db.session.rollback()
    assert db.session.get_one(Stack, stack).second_share == 30
    assert stacks.share_of(desk_campaign(db.session(), desk)) == 50


def test_of_two_who_key_one_sheet_again_at_once_one_is_heard(desk):
    stack, start = desk.stack(100), threading.Barrier(4)
    desk.key("one", stack, 1)
    db.session.rollback()

    def again(login):
        with desk.app.app_context():
            start.wait()
            return desk.again(login, stack, 1).status_code

    with ThreadPoolExecutor(4) as crowd:
        told = sorted(crowd.map(again, ["two", "checks", "head", "two"]))
    assert told.count(302) in (1, 2), "whoever was first, perhaps twice"
    assert heard(desk).responses == 1
    assert sheet(stack, 1).compared == 14


def desk_campaign(session, desk):

    return session.get_one(Campaign, desk.campaign_id)


def test_an_inspector_has_no_business_here(desk):
    a_user(Role.OPERATOR, login="inspects", duty=Duty.INSPECTOR)
    assert desk.as_("inspects").get(f"{desk.here}/").status_code == 403
    assert TOKEN.search(desk.as_("inspects").get("/operator/").text)
