"""The telephone: whose turn it is, how calls end, one caller to a contact."""

import re
import threading
from datetime import timedelta

import pytest
from build import CONTENT, REGION, a_campaign, a_user, an_organization, heard_about, signed_in
from calling import (
    CONTENT_675,
    NUMBERS,
    SECRET,
    Caller,
    a_desk,
    a_list,
    an_interviewer,
    another_client,
    contacts,
    hidden,
    noon,
    set_clock,
    the,
)
from flask import Flask
from sqlalchemy import select

from accounts.models import Duty, Role
from operator_app.phone import calls, outcomes, queue, sealing, zones
from operator_app.phone.dispositions import disposition, dispositions, telling
from operator_app.phone.tables import CallAttempt, Contact, Forgotten
from operator_app.team.tables import Assignment
from surveys.batches import Batch, Declared
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Stage
from surveys.refusals import Held, Refusal, Stale

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SHOWN = re.compile(r'href="tel:([^"]+)"')


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, noon())


@pytest.fixture
def desk(session) -> int:
    """A campaign of one clinic with three numbers, an interviewer and a head."""
    campaign_id, _code = a_desk()
    an_interviewer()
    a_user(Role.OPERATOR)
    return campaign_id


@pytest.fixture
def caller(page, desk: int) -> Caller:
    return Caller(page, desk)


def taken(campaign_id: int, login: str) -> Contact | None:
    """The next contact for this one."""
    with writing() as session:
        return queue.next_contact(session, campaign_id, the(login))


def ended(campaign_id: int, login: str, key: int, code: str, **given) -> None:
    with writing() as session:
        call = sealing.Call(key, session.get_one(Contact, key).attempts)
        calls.record(session, campaign_id, the(login), call, disposition(code), **given)


def test_numbers_are_shown_one_at_a_time_and_to_the_one_who_holds_them(app, caller, desk) -> None:
    page = caller.next()
    [mine] = SHOWN.findall(page)
    assert mine in NUMBERS
    assert "Аглая Петровна" in page
    assert SHOWN.findall(caller.get("/call")) == [mine], "a reload shows the same one"
    assert SHOWN.findall(caller.next()) == [mine], "and so does asking again"
    an_interviewer("nina")
    other = Caller(another_client(app), desk, "nina")
    [theirs] = SHOWN.findall(other.next())
    assert theirs != mine
    head = Caller(another_client(app), desk, "operator")
    for path in ("/", "/supervision", "/contacts", "/call", "/interview"):
        told = head.get(path)
        assert not [number for number in NUMBERS if number in told or number[2:] in told], path


def test_a_finished_call_erases_the_number_at_once_and_the_list_does_not_bring_it_back(caller, desk) -> None:
    [number] = SHOWN.findall(caller.next())
    caller.ends("2.112")
    gone = [one for one in contacts() if one.finished]
    assert [(one.sealed, one.mark, one.outcome, one.attempts) for one in gone] == [(None, None, "2.112", 1)]
    assert len(db.session.scalars(select(Forgotten)).all()) == 1
    code = db.session.get_one(Assessment, gone[0].assessment_id).organization.code
    a_list(desk, code, NUMBERS[:3])
    assert len(contacts()) == 3
    seen = [SHOWN.findall(caller.next()) for _ in range(2) if caller.ends("4.3") or True]
    assert [number] not in seen


def test_counts_that_came_ready_fill_the_sample_as_answers_do(desk) -> None:
    with writing() as session:
        [assessment] = session.scalars(select(Assessment))
        made = Batch(campaign_id=desk, kind="counters", state="counted", made_by="head", made_at=noon())
        session.add(made)
        session.flush()
        session.add(Declared(assessment_id=assessment.id, channel=7, batch_id=made.id, responses=80))
    assert taken(desk, "vera") is None, "eighty of eighty are counted: nobody is called"
    db.session.rollback()
    [left] = outcomes.left(db.session(), desk)
    assert left.responses == 80
    db.session.rollback()
    with writing() as session:
        session.scalars(select(Declared)).one().responses = 79
    assert taken(desk, "vera") is not None


def test_busy_rests_half_an_hour_and_comes_again(desk, monkeypatch) -> None:
    keys = set()
    for _ in range(3):
        contact = taken(desk, "vera")
        assert contact is not None
        keys.add(contact.key)
        ended(desk, "vera", contact.key, "3.12")
    assert len(keys) == 3
    assert taken(desk, "vera") is None
    set_clock(monkeypatch, noon() + timedelta(minutes=29))
    assert taken(desk, "vera") is None
    set_clock(monkeypatch, noon() + timedelta(minutes=31))
    assert taken(desk, "vera") is not None


def test_after_the_most_attempts_the_number_is_let_be(desk, monkeypatch) -> None:
    with writing() as session:
        for one in session.scalars(select(Contact)).all()[1:]:
            one.finished = True
    for turn in range(zones.calling().most_attempts):
        set_clock(monkeypatch, noon() + timedelta(minutes=31 * turn))
        contact = taken(desk, "vera")
        assert contact is not None, turn
        ended(desk, "vera", contact.key, "3.12")
    assert [one.sealed for one in contacts() if one.attempts] == [None]


def test_a_promised_call_comes_first_and_not_before_its_time(desk, monkeypatch) -> None:
    first = taken(desk, "vera")
    assert first is not None
    due = noon() + timedelta(hours=2)
    ended(desk, "vera", first.key, "2.36", due_at=due)
    for _ in range(2):
        other = taken(desk, "vera")
        assert other is not None and other.key != first.key
        ended(desk, "vera", other.key, "3.12")
    assert taken(desk, "vera") is None
    set_clock(monkeypatch, due)
    promised = taken(desk, "vera")
    assert promised is not None and promised.key == first.key


def test_an_appointment_is_told_in_the_respondents_clock_and_shown_in_both(
    page, session, monkeypatch
) -> None:
    campaign_id, _code = a_desk(NUMBERS[0], zone="Asia/Krasnoyarsk")
    an_interviewer()
    caller = Caller(page, campaign_id)
    assert "16:00" in caller.next()
    day = zones.local(noon(), "Asia/Krasnoyarsk").date().isoformat()
    assert caller.ends("2.36", day=day, time="18:30").status_code == 302
    [contact] = contacts()
    assert contact.due_at == noon() + timedelta(hours=2, minutes=30)
    told = caller.get()
    assert "18:30" in told and "14:30" in told
    assert NUMBERS[0][2:] not in told
    assert not SHOWN.findall(caller.next())
    set_clock(monkeypatch, noon() + timedelta(hours=3))
    assert SHOWN.findall(caller.next()) == [NUMBERS[0]]


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("", "", "Укажите день и время"),
        ("вчера", "18:30", "Укажите день и время"),
        ("2020-01-01", "12:00", "уже прошло"),
        ("2999-01-01", "12:00", "Так далеко"),
        ("0001-01-01", "00:00", "Такого дня не бывает"),
        ("9999-12-31", "23:59", "Так далеко"),
        ("tomorrow", "23:00", "с 9 до 21"),
        ("tomorrow", "08:59", "с 9 до 21"),
    ],
)
@ON_SQLITE
def test_a_time_at_which_nobody_calls_is_refused_at_its_field(caller, day, time, words) -> None:
    caller.next()
    if day == "tomorrow":
        day = (noon().date() + timedelta(days=1)).isoformat()
    answer = caller.ends("2.36", day=day, time=time)
    assert answer.status_code == 422
    assert words in answer.text
    assert contacts()[0].attempts == 0


def test_nobody_is_rung_at_night_by_their_own_clock(session, monkeypatch) -> None:
    campaign_id, _code = a_desk(NUMBERS[0], zone="Asia/Kamchatka")
    an_interviewer()
    set_clock(monkeypatch, noon())  # 21:00 there
    assert taken(campaign_id, "vera") is None
    set_clock(monkeypatch, noon() - timedelta(minutes=1))
    assert taken(campaign_id, "vera") is not None
    set_clock(monkeypatch, noon() + timedelta(hours=11, minutes=59))  # 8:59 there, the next day
    assert taken(campaign_id, "vera") is None


def test_a_hold_ends_by_itself_and_whoever_lost_it_is_told(desk, monkeypatch) -> None:
    with writing() as session:
        for one in session.scalars(select(Contact)).all()[1:]:
            one.finished = True
    an_interviewer("nina")
    mine = taken(desk, "vera")
    assert mine is not None
    key = mine.key
    assert taken(desk, "nina") is None
    set_clock(monkeypatch, noon() + timedelta(minutes=zones.calling().contact_minutes + 1))
    theirs = taken(desk, "nina")
    assert theirs is not None and theirs.key == key
    with pytest.raises(Held, match="передали другому"):
        ended(desk, "vera", key, "3.12")
    ended(desk, "nina", key, "2.112")
    with pytest.raises(Stale, match="исход записан раньше"):
        ended(desk, "nina", key, "4.3")
    assert [one.attempts for one in contacts() if one.key == key] == [1]


def test_a_hold_that_ended_but_went_to_nobody_still_takes_its_outcome(desk, monkeypatch) -> None:
    mine = taken(desk, "vera")
    assert mine is not None
    set_clock(monkeypatch, noon() + timedelta(hours=1))
    ended(desk, "vera", mine.key, "3.13")
    assert sum(one.attempts for one in contacts()) == 1


def test_many_at_once_never_get_the_same_contact(app: Flask, session, monkeypatch) -> None:
    campaign_id, _code = a_desk(*(f"+7916765{n:04d}" for n in range(8)))
    logins = [an_interviewer(f"caller{n}").login for n in range(8)]
    got: list[int] = []
    start = threading.Barrier(len(logins))

    def call(login: str) -> None:
        with app.app_context():
            start.wait()
            contact = taken(campaign_id, login)
            got.append(contact.key if contact else 0)
            db.session.remove()

    threads = [threading.Thread(target=call, args=(login,)) for login in logins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == len(got) == 8
    assert 0 not in got


def test_an_organisation_that_has_enough_is_not_called_about(session) -> None:
    full, short = an_organization(recipients_per_year=5), an_organization("Поликлиника № 3", address="Мира")
    campaign_id = a_campaign()
    a_list(campaign_id, full, NUMBERS[:2])
    a_list(campaign_id, short, NUMBERS[2:3])
    an_interviewer()
    for number in range(2):
        heard_about(full, campaign_id, CONTENT, key=number)
    contact = taken(campaign_id, "vera")
    assert contact is not None
    assert db.session.get_one(Assessment, contact.assessment_id).organization.code == short
    ended(campaign_id, "vera", contact.key, "4.3")
    assert taken(campaign_id, "vera") is None


def test_whoever_misses_more_is_called_about_more_often(session) -> None:
    assert queue._drawn({}) is None
    drawn = [queue._drawn({1: 30, 2: 1}) for _ in range(400)]
    assert 330 < drawn.count(1) < 400


def test_an_assignment_says_about_whom_one_calls(session) -> None:
    one, two = an_organization(), an_organization("Поликлиника № 3", address="Мира")
    campaign_id = a_campaign()
    a_list(campaign_id, one, NUMBERS[:1])
    a_list(campaign_id, two, NUMBERS[1:2])
    for login in ("vera", "nina"):
        an_interviewer(login)
    with writing() as write:
        place = {a.organization.code: a.id for a in write.scalars(select(Assessment))}
        write.add(Assignment(assessment_id=place[one], task="phone", user_id=the("vera").id, given_by="head"))
    mine, theirs = taken(campaign_id, "vera"), taken(campaign_id, "nina")
    assert mine is not None and mine.assessment_id == place[one]
    assert theirs is not None and theirs.assessment_id == place[two]
    ended(campaign_id, "nina", theirs.key, "4.3")
    assert taken(campaign_id, "nina") is None, "what is another's stays another's"


def test_whoever_rings_back_is_found_by_the_number(caller, desk) -> None:
    answer = caller.post("/inbound", {"number": "8 (916) 123-45-02"}, seen="/")
    assert answer.location.endswith("/call")
    assert SHOWN.findall(caller.get("/call")) == [NUMBERS[1]]
    answer = caller.post("/inbound", {"number": NUMBERS[2]}, seen="/")
    assert SHOWN.findall(caller.get("/call")) == [NUMBERS[2]], "the other one is back in the queue"
    assert sum(one.held_by is not None for one in contacts()) == 1
    answer = caller.post("/inbound", {"number": "+79990001122"}, seen="/")
    assert "среди тех, кому ещё звонить, нет" in caller.client.get(answer.location).text
    assert caller.post("/inbound", {"number": "abc"}, seen="/").status_code == 400


def test_a_contact_is_put_back_uncalled_and_that_is_no_call(caller, desk) -> None:
    caller.next()
    caller.post("/call/release")
    assert [(one.held_by, one.attempts) for one in contacts()] == [(None, 0)] * 3
    db.session.rollback()
    made = db.session.scalars(select(CallAttempt)).all()
    assert [(one.contact_key, one.outcome, one.seconds) for one in made] == [(None, "0.1", 0)]
    found = outcomes.summary(db.session(), desk)
    assert (found.called, found.calls, list(found.ended)) == (0, 0, [])
    assert [(one.name, one.calls, one.released) for one in found.paces] == [("vera", 0, 1)]


def put_back(caller: Caller, times: int) -> None:
    for _ in range(times):
        caller.next()
        caller.post("/call/release")


def test_whoever_only_pages_through_the_list_is_stopped_until_the_head_lets_on(app, caller, desk) -> None:
    put_back(caller, 5)
    assert "никому не позвонив" in caller.get()
    answer = caller.post("/next", seen="/")
    assert answer.status_code == 400 and "Позовите руководителя" in answer.text
    assert not SHOWN.findall(caller.get("/call"))
    an_interviewer("nina")
    assert SHOWN.findall(Caller(another_client(app), desk, "nina").next()), "others call on"
    assert caller.client.post(f"{caller.here}/supervision/let-on", data={"login": "vera"}).status_code in (
        400,
        403,
    )
    head = Caller(another_client(app), desk, "operator")
    assert "Разрешить звонить" in head.get("/supervision")
    assert head.post("/supervision/let-on", {"login": "vera"}, seen="/supervision").status_code == 302
    assert "Разрешить звонить" not in head.get("/supervision")
    assert SHOWN.findall(caller.next())
    db.session.rollback()
    [pace] = outcomes.summary(db.session(), desk).paces
    assert (pace.name, pace.calls, pace.released) == ("vera", 0, 5), "what was put back stays counted"


def test_a_real_outcome_or_an_hour_lets_one_on(caller, monkeypatch) -> None:
    put_back(caller, 4)
    caller.next()
    caller.ends("3.12")
    put_back(caller, 4)
    assert SHOWN.findall(caller.next()), "not five in a row"
    caller.post("/call/release")
    assert "никому не позвонив" in caller.get()
    set_clock(monkeypatch, noon() + timedelta(minutes=61))
    assert SHOWN.findall(caller.next())


@ON_SQLITE
def test_the_time_zone_is_corrected_on_the_screen(caller) -> None:
    caller.next()
    assert caller.post("/call/zone", {"zone": "Asia/Omsk"}).status_code == 302
    assert "15:00" in caller.get("/call")
    assert caller.post("/call/zone", {"zone": "Mars/Olympus"}).status_code == 400


@pytest.mark.parametrize(("outcome", "left"), [("3.12", 3), ("2.112", 2), ("2.36", 3)])
def test_an_outcome_sent_twice_leads_on_quietly_and_is_written_once(caller, outcome, left) -> None:
    caller.next()
    day = (noon().date() + timedelta(days=1)).isoformat()
    form = {**hidden(caller.get("/call")), "outcome": outcome, "day": day, "time": "12:00"}
    first, second = (caller.client.post(f"{caller.here}/call/outcome", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    db.session.rollback()
    assert len(db.session.scalars(select(CallAttempt)).all()) == 1
    assert (sum(one.attempts for one in contacts()), sum(not one.finished for one in contacts())) == (1, left)


def test_a_page_of_an_earlier_attempt_writes_nothing_about_the_next(caller, monkeypatch) -> None:
    with writing() as session:
        for one in session.scalars(select(Contact)).all()[1:]:
            one.finished = True
    caller.next()
    old = {**hidden(caller.get("/call")), "outcome": "3.12"}
    assert caller.ends("3.12").status_code == 302
    set_clock(monkeypatch, noon() + timedelta(minutes=31))
    caller.next()
    answer = caller.client.post(f"{caller.here}/call/outcome", data={**old, "outcome": "2.112"})
    assert answer.status_code == 409 and "Исход этого звонка уже записан" in answer.text
    assert caller.client.post(f"{caller.here}/call/outcome", data=old).status_code == 302
    assert sum(one.attempts for one in contacts()) == 1


@ON_SQLITE
@pytest.mark.parametrize("outcome", ["", "1.1", "2.12", "9.9", "\0"])
def test_an_outcome_that_is_not_offered_is_refused(caller, outcome) -> None:
    caller.next()
    assert caller.ends(outcome).status_code == 400
    assert sum(one.attempts for one in contacts()) == 0


@ON_SQLITE
@pytest.mark.parametrize("call", ["", "x", "gAAAAA", "\u0451"])
def test_a_page_that_is_not_ours_writes_nothing(caller, call) -> None:
    caller.next()
    answer = caller.post("/call/outcome", {"outcome": "3.12", "call": call})
    assert answer.status_code == 409
    assert sum(one.attempts for one in contacts()) == 0


def test_a_campaign_that_collects_no_more_calls_nobody(page, desk) -> None:
    caller = Caller(page, desk)
    token = {"csrf_token": re.search(r'csrf_token" value="([^"]+)"', caller.get())[1]}  # type: ignore[index]
    with writing() as session:
        session.get_one(Campaign, desk).stage = Stage.REVIEW
    for path in (
        "/next",
        "/inbound",
        "/call/outcome",
        "/call/zone",
        "/call/release",
        "/call/start",
        "/interview",
    ):
        answer = page.post(f"{caller.here}{path}", data=token)
        assert answer.status_code == 400, path
        assert "Сбор ответов закончен" in answer.text
    for path in ("/", "/call", "/interview"):
        assert "больше не нужно" in caller.get(path)


def test_of_two_outcomes_the_more_telling_stays() -> None:
    assert telling(None, "3.12") == "3.12"
    assert telling("2.111", "3.12") == "2.111"
    assert telling("3.12", "1.1") == "1.1"


def test_the_data_of_outcomes_is_whole() -> None:
    keys = [one.key for one in dispositions().values() if one.key]
    assert len(keys) == len(set(keys)) and "1" not in keys
    assert all((one.rest > 0) is (one.after == "retry") for one in dispositions().values())
    with pytest.raises(Refusal, match="Такого исхода"):
        disposition("7")


def test_rates_are_by_the_book() -> None:
    counts = {
        "interview": 40,
        "partial": 2,
        "refusal": 20,
        "contact": 8,
        "noncontact": 10,
        "unknown": 20,
        "ineligible": 99,
    }
    told = {rate.name: (rate.formula, rate.numerator, rate.denominator) for rate in outcomes.rates(counts)}
    assert told == {
        "RR1": ("I / (I + P + R + NC + O + U)", 40, 100),
        "RR2": ("(I + P) / (I + P + R + NC + O + U)", 42, 100),
        "COOP1": ("I / (I + P + R + O)", 40, 70),
        "REF1": ("R / (I + P + R + NC + O + U)", 20, 100),
        "CON1": ("(I + P + R + O) / (I + P + R + NC + O + U)", 70, 100),
    }
    assert all(rate.share is None for rate in outcomes.rates({}))


def test_the_supervisor_sees_pace_and_outcomes(app, caller, desk, monkeypatch) -> None:
    caller.next()
    set_clock(monkeypatch, noon() + timedelta(minutes=6))
    caller.interviewed(CONTENT_675)
    caller.next()
    set_clock(monkeypatch, noon() + timedelta(minutes=8))
    caller.ends("3.12")
    caller.next()
    db.session.rollback()
    found = outcomes.summary(db.session(), desk)
    assert (found.contacts, found.called, found.left, found.calls, found.interviews) == (3, 2, 2, 2, 1)
    assert [(p.name, p.calls, p.interviews, p.seconds) for p in found.paces] == [("vera", 2, 1, 480)]
    assert found.total.mean_minutes == 6
    head = Caller(another_client(app), desk, "operator")
    told = head.get("/supervision")
    assert "Занято" in told and "RR1" in told and "50" in told
    assert "Сейчас на линии:" in told
    assert "7,5" in told, "interviews an hour on the line"


def test_a_call_name_tells_nothing_and_stays_with_its_call() -> None:
    assert sealing.call_name(SECRET, 5, 0) == sealing.call_name(SECRET, 5, 0)
    assert (
        len(
            {
                sealing.call_name(SECRET, 5, 0),
                sealing.call_name(SECRET, 5, 1),
                sealing.call_name(SECRET, 6, 0),
            }
        )
        == 3
    )


@pytest.mark.parametrize("duty", [Duty.INTERVIEWER, Duty.INSPECTOR])
@ON_SQLITE
def test_lists_and_pace_are_the_supervisors(client, desk, duty) -> None:
    a_user(Role.OPERATOR, login="other", duty=duty)
    signed_in(client, "other")
    for path in ("/supervision", "/contacts"):
        assert client.get(f"/operator/campaigns/{desk}/phone{path}").status_code == 403


def test_zones_of_regions_and_of_words() -> None:
    assert zones.of_region(REGION) == "Europe/Moscow"
    assert zones.of_region("Сахалинская область") == "Asia/Sakhalin"
    assert zones.of_region("Республика Саха (Якутия)") == "Asia/Yakutsk"
    assert zones.of_region("Омская область") != zones.of_region("Томская область")
    said = {
        "МСК+2": "Asia/Yekaterinburg",
        "utc+7": "Asia/Novosibirsk",
        "Уфа": "Asia/Yekaterinburg",
        "+5": None,
    }
    assert {text: zones.understood(text) for text in said} == said
    for zone in zones.calling().regions.values():
        assert zones.offered(zone) in zones.calling().choices
