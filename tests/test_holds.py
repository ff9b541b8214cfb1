"""Holds: of two who come at once one is let in, an ended hold is nobody's, and nobody lets go of another's."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from build import TOKEN, a_campaign, a_user, an_organization, signed_in
from flask import Flask
from sqlalchemy import func, select, update

from accounts.models import Duty, Role, User
from operator_app.team import holds
from operator_app.team.tables import Hold
from surveys.db import db, writing
from surveys.refusals import Held

pytestmark = pytest.mark.usefixtures("session")
SHEET = "1/sheet/34"


@pytest.fixture
def petrov() -> int:
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INTERVIEWER)
    return named("petrov").id


@pytest.fixture
def orlova() -> int:
    a_user(Role.OPERATOR, login="orlova", duty=Duty.VERIFIER)
    return named("orlova").id


def named(login: str) -> User:
    user = db.session.scalars(select(User).where(User.login == login)).one()
    db.session.rollback()
    return user


def take(user_id: int, subject: str = SHEET, minutes: int = 15) -> None:
    with writing() as session:
        holds.take(session, subject, session.get_one(User, user_id), minutes)


def release(user_id: int, subject: str = SHEET) -> None:
    with writing() as session:
        holds.release(session, subject, session.get_one(User, user_id))


def holder(subject: str = SHEET) -> str | None:
    db.session.rollback()
    found = holds.holder(db.session(), subject)
    return found.name if found else None


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Hold)) or 0


def test_what_one_holds_another_is_refused_with_the_name_and_the_hour(petrov, orlova) -> None:
    assert holder() is None
    take(petrov)
    with pytest.raises(Held) as refused:
        take(orlova)
    until = (datetime.now(UTC) + timedelta(minutes=15)).astimezone()
    minutes = {(until - timedelta(minutes=back)).strftime("%H:%M") for back in (0, 1)}
    said = re.match(r"С этим до (\d\d:\d\d) работает petrov\.", str(refused.value))
    assert said is not None
    assert said[1] in minutes
    assert holder() == "petrov"
    take(orlova, "1/sheet/35")


def test_ones_own_hold_is_prolonged(petrov) -> None:
    take(petrov, minutes=1)
    before = db.session.scalars(select(Hold.until)).one()
    take(petrov)
    db.session.rollback()
    assert db.session.scalars(select(Hold.until)).one() > before + timedelta(minutes=10)


def test_an_ended_hold_is_nobodys_and_vanishes_by_itself(petrov, orlova) -> None:
    take(petrov)
    take(petrov, "1/sheet/35")
    with writing() as session:
        session.execute(update(Hold).values(until=datetime(2020, 1, 1)))  # noqa: DTZ001  stored without a zone
    assert holder() is None
    take(orlova)
    assert (holder(), stored()) == ("orlova", 1)


def test_nobody_lets_go_of_anothers(petrov, orlova) -> None:
    take(petrov)
    release(orlova)
    assert holder() == "petrov"
    release(petrov)
    assert stored() == 0
    take(orlova)
    assert holder() == "orlova"


def test_a_save_that_failed_takes_nothing(petrov) -> None:
    with pytest.raises(RuntimeError), writing() as session:
        holds.take(session, SHEET, session.get_one(User, petrov))
        raise RuntimeError("half way")
    assert stored() == 0


def test_of_a_crowd_that_comes_at_once_one_is_let_in(app: Flask) -> None:
    numbers = []
    for number in range(8):
        a_user(Role.OPERATOR, login=f"user-{number}")
        numbers.append(named(f"user-{number}").id)

    def come(user_id: int) -> bool:
        with app.app_context():
            try:
                take(user_id)
            except Held:
                return False
            return True

    for turn in range(5):
        with ThreadPoolExecutor(8) as crowd:
            assert list(crowd.map(come, numbers)).count(True) == 1, turn
        with writing() as session:
            session.execute(update(Hold).values(until=datetime(2020, 1, 1)))  # noqa: DTZ001


def test_those_who_take_and_let_go_at_once_never_stand_in_each_others_way(app: Flask, petrov, orlova) -> None:
    def work(turn: int) -> None:
        with app.app_context():
            user_id = (petrov, orlova)[turn % 2]
            for sheet in range(5):
                try:
                    take(user_id, f"1/sheet/{sheet}", minutes=-1 if turn % 3 else 15)
                    release(user_id, f"1/sheet/{sheet}")
                except Held:
                    continue

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(work, range(24)))


@pytest.fixture
def told(page):
    """What a page's script says about a subject; the campaign is the first."""
    an_organization()
    campaign_id = a_campaign()
    signed_in(page, a_user(Role.OPERATOR, login="sidorov", duty=Duty.INSPECTOR))
    token = TOKEN.search(page.get("/operator/").text)
    assert token is not None

    def tell(subject: str, act: str):
        data = {"subject": subject, "act": act, "csrf_token": token[1]}
        return page.post(f"/operator/campaigns/{campaign_id}/team/hold", data=data)

    return tell


def test_a_page_renews_its_hold_and_lets_go_of_it(told, petrov) -> None:
    take(named("sidorov").id, minutes=1)
    before = db.session.scalars(select(Hold.until)).one()
    kept = told(SHEET, "renew").json
    assert kept["held"]
    assert kept["token"]
    assert holder() == "sidorov"
    assert db.session.scalars(select(Hold.until)).one() > before + timedelta(minutes=10)
    assert told(SHEET, "release").status_code == 200
    assert holder() is None
    take(petrov)
    refused = told(SHEET, "renew").json
    assert not refused["held"]
    assert "работает petrov" in refused["text"]
    assert refused["token"]
    assert told(SHEET, "release").status_code == 200
    assert holder() == "petrov"


def test_a_pages_script_takes_no_hold_that_the_page_did_not_take(told, petrov) -> None:
    for part in ("report/basis", "report/K1", "report/check.empty"):
        refused = told(f"1/{part}", "renew").json
        assert (refused["held"], "Откройте её заново" in refused["text"]) == (False, True)
        told(f"1/{part}", "release")
    assert stored() == 0
    take(petrov)
    told(SHEET, "release")
    assert holder() == "petrov"


@pytest.mark.parametrize("slept", [timedelta(minutes=1), timedelta(hours=11)])
def test_a_page_that_slept_goes_on_with_its_own_hold_unless_another_took_it(told, petrov, slept) -> None:
    take(named("sidorov").id)
    with writing() as session:
        session.execute(update(Hold).values(until=datetime.now(UTC).replace(tzinfo=None) - slept))
    take(petrov, "1/sheet/35")
    assert told(SHEET, "renew").json["held"]
    assert holder() == "sidorov"
    told(SHEET, "release")
    take(petrov)
    assert not told(SHEET, "renew").json["held"]
    assert holder() == "petrov"


def test_a_page_opened_anew_keeps_its_hold_though_the_old_one_says_goodbye_last(told) -> None:
    take(named("sidorov").id)
    take(named("sidorov").id)
    told(SHEET, "release")
    assert told(SHEET, "renew").json["held"]
    assert holder() == "sidorov"


@pytest.mark.parametrize("subject", ["", "2/sheet/1", "1", "1/" + "9" * 90, "1/\0"])
def test_a_page_holds_nothing_outside_its_campaign(told, subject) -> None:
    assert told(subject, "renew").status_code == 404
    assert stored() == 0
