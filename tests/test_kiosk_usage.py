"""An answer of a kiosk names its device: what an administrator learns by that, and what nobody does."""

from datetime import timedelta
from typing import Any

import pytest
from build import (
    CONTENT,
    TOKEN,
    a_campaign,
    a_release,
    a_user,
    an_inspection,
    an_organization,
    heard_about,
    signed_in,
    within,
)
from halls import a_kiosk, a_token, an_envelope, sent
from sqlalchemy import DateTime, select

from accounts.models import Duty, Role
from kiosk import devices, moving, usage
from kiosk.tables import Dispute
from surveys.clock import monday, today
from surveys.db import Base, db, writing
from surveys.intake import response_key
from surveys.models import Campaign, Response

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def here(session) -> str:
    """A clinic in a campaign that has collected for months; its code."""
    code = an_organization(short_name="Поликлиника № 12")
    a_campaign()
    with writing() as write:
        write.scalars(select(Campaign)).one().starts_on = today() - timedelta(days=100)
    return code


@pytest.fixture
def kiosk_id(here) -> int:
    """A device of the clinic's, three weeks old."""
    made = a_kiosk(here, place="регистратура")
    with writing() as session:
        devices.one(session, made).made_on = monday(today()) - timedelta(weeks=3)
    return made


def of_devices() -> list[int | None]:
    db.session.rollback()
    return list(db.session.scalars(select(Response.kiosk_id).order_by(Response.kiosk_id)))


def gave(client: Any, kiosk_id: int, token: str, count: int, weeks_ago: int) -> None:
    """So many answers on the Wednesday of that week, or today in this one."""
    day = monday(today()) - timedelta(weeks=weeks_ago) + timedelta(days=2 if weeks_ago else 0)
    keys = [f"{kiosk_id:08}{weeks_ago:08}{number:016}" for number in range(count)]
    batch = [(key, an_envelope(kiosk_id, key, day=day.isoformat())) for key in keys]
    told = sent(client, token, *batch).json["told"].values()
    assert {one["outcome"] for one in told} == {"counted"}


def test_an_answer_names_its_device_and_the_day_and_nothing_finer(client, here, kiosk_id) -> None:
    other = a_kiosk(here)
    for one in (kiosk_id, other):
        gave(client, one, a_token(one), 1, 1)
    campaign = db.session.scalars(select(Campaign.id)).one()
    heard_about(here, campaign, CONTENT, key="poster")
    assert sorted(of_devices(), key=str) == [kiosk_id, other, None], "a poster has no device"
    for name in ("response", "kiosk_dispute"):
        kinds = {column.name: column.type for column in Base.metadata.tables[name].columns}
        assert [name for name, kind in kinds.items() if isinstance(kind, DateTime)] == []


def test_weeks_that_are_over_are_told_and_small_numbers_are_not(client, page, kiosk_id) -> None:
    token = a_token(kiosk_id)
    for count, weeks_ago in ((7, 3), (4, 2), (9, 0)):
        gave(client, kiosk_id, token, count, weeks_ago)
    told = usage.of(db.session(), kiosk_id, devices.one(db.session(), kiosk_id).made_on, 5)
    assert (told.counted, told.few) == (7, 1), "of this week nothing is told"
    assert [one.counted for one in told.weeks] == [0, None, 7]
    assert told.weeks[0].monday == monday(today()) - timedelta(weeks=1)
    db.session.rollback()
    signed_in(page, a_user(Role.ADMIN))
    text = page.get(f"/admin/kiosks/{kiosk_id}").text
    assert "Всего: 7. Без 1 недели, в которой их меньше 5." in text
    assert text.count("меньше 5</td>") == 1


@pytest.mark.parametrize(("verdict", "left"), [("first", 1), ("second", 1), ("neither", 0)])
def test_a_decision_keeps_the_device_of_what_it_leaves(page, client, kiosk_id, verdict, left) -> None:
    token, key = a_token(kiosk_id), "0" * 32
    for answers in (CONTENT, {**CONTENT, "overall": "no"}):
        sent(client, token, (key, an_envelope(kiosk_id, key, answers)))
    db.session.rollback()
    number = db.session.scalars(select(Dispute.id)).one()
    signed_in(page, a_user(Role.OPERATOR, duty=Duty.VERIFIER))
    address = f"/operator/kiosks/disputes/{number}"
    data = {"csrf_token": within(TOKEN, page.get(address).text), "verdict": verdict, "reason": "Вскрывали"}
    assert page.post(address, data=data).status_code == 303
    assert of_devices() == [kiosk_id] * left


def test_a_screen_that_moved_counts_anew_and_the_old_device_keeps_its_own(client, kiosk_id) -> None:
    token = a_token(kiosk_id)
    gave(client, kiosk_id, token, 5, 1)
    late = "f" * 32
    under_way = an_envelope(kiosk_id, late)
    there = an_organization("Поликлиника № 7")
    with writing() as session:
        session.execute(select(Campaign)).one()
        new_id = moving.move(session, devices.one(session, kiosk_id), there, "", "admin").id
    assert sent(client, token, (late, under_way)).json["told"][late]["outcome"] == "counted"
    assert of_devices() == [kiosk_id] * 6
    assert db.session.get(Response, response_key("kiosk", kiosk_id, late)) is not None
    told = usage.of(db.session(), new_id, today(), 5)
    assert (told.counted, told.weeks) == (0, [])


@ON_SQLITE
def test_no_reader_learns_of_the_device(page, client, here, kiosk_id) -> None:
    with writing() as session:
        devices.one(session, kiosk_id).name = "Терминал у лифта"
    gave(client, kiosk_id, a_token(kiosk_id), 6, 1)
    campaign = db.session.scalars(select(Campaign.id)).one()
    an_inspection(campaign, here)
    a_release(campaign)
    for address in (
        f"/o/{here}",
        f"/ratings/{campaign}",
        f"/ratings/{campaign}.json",
        f"/ratings/{campaign}.csv",
        "/opendata/",
    ):
        answer = page.get(address)
        assert answer.status_code == 200, address
        assert "лифта" not in answer.text and "kiosk_id" not in answer.text, address
