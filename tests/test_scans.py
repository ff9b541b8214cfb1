"""Scans of posters' codes: what is one, how it is written down, who is told how much of it."""

import signal
import socket
import subprocess
import time
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from unittest.mock import Mock
from urllib.request import Request, urlopen

import pytest
from build import a_campaign, a_user, an_organization, signed_in
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from test_privacy import TELLING, as_somebody, everything_stored

import serve
from accounts.models import Role, User
from config import ROOT
from council.placement import figures, patrolling, regions, wording
from surveys import posters, queries, scans
from surveys.clock import monday, today
from surveys.db import db, writing
from surveys.models import Campaign, Organization, Region
from surveys.placement import CodeScan

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def clinic(session) -> str:
    """A clinic in a campaign, with a numbered place; its code."""
    code = an_organization(short_name="Поликлиника № 12")
    a_campaign()
    with writing() as write:
        organization = queries.organization(write, code)
        assert organization is not None
        posters.number_place(write, organization, "регистратура")
    return code


def written(app: Any) -> list[tuple[int, Any, int]]:
    """Place, week and scans of every row, after what lies in memory was written down."""
    app.extensions["nok_scans"].write()
    db.session.rollback()
    rows = select(CodeScan.place, CodeScan.week, CodeScan.scans).order_by(CodeScan.place, CodeScan.week)
    return [(place, week, count) for place, week, count in db.session.execute(rows)]


@pytest.fixture
def november(monkeypatch) -> date:
    """A day of this year with many weeks of it behind, whatever day it really is."""
    day = date(today().year, 11, 18)
    monkeypatch.setattr(figures, "today", lambda: day)
    return day


def scanned(code: str, *counts: tuple[int, int, int], day: date | None = None) -> None:
    """Rows of (place, weeks ago, scans)."""
    with writing() as session:
        number = session.scalars(select(Organization.id).where(Organization.code == code)).one()
        for place, ago, count in counts:
            week = monday(day or today()) - timedelta(weeks=ago)
            session.add(CodeScan(organization_id=number, place=place, week=week, scans=count))


def test_a_scan_is_counted_by_place_and_week_and_leaves_nothing_of_the_visitor(app, clinic) -> None:
    client, week = as_somebody(app.test_client()), monday(today())
    for place in ("?p=1", "?p=1", "", "?p=777"):
        assert client.get(f"/q/{clinic}{place}").status_code == 200
    assert db.session.scalars(select(CodeScan)).all() == [], "the look at the form waits for no database"
    assert written(app) == [(0, week, 2), (1, week, 2)], "a number that nobody gave out is no place"
    client.get(f"/q/{clinic}?p=1&lang=tt")
    assert written(app) == written(app) == [(0, week, 2), (1, week, 3)]
    stored = everything_stored()
    assert not [name for name, value in TELLING.items() if value in stored]
    assert set(CodeScan.__table__.columns.keys()) == {"organization_id", "place", "week", "scans"}


@ON_SQLITE
@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {"Sec-Purpose": "prefetch;prerender"}),
        ("", {"Purpose": "prefetch"}),
        ("", {"X-Moz": "prefetch"}),
        ("?size=large", {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}),
        ("?p=1", {"Sec-Fetch-Dest": "empty"}),
        ("?via=site", {}),
        ("?again=1", {}),
        ("", {"User-Agent": "the patrol"}),
    ],
)
def test_what_is_no_scan_is_not_counted(app, client, clinic, query, headers) -> None:
    headers = {
        name: value.replace("the patrol", patrolling.manners().agent) for name, value in headers.items()
    }
    assert client.get(f"/q/{clinic}{query}", headers=headers).status_code == 200
    assert client.head(f"/q/{clinic}").status_code == 200
    assert client.get("/q/AAAAAAAA").status_code == 404
    assert written(app) == []


@ON_SQLITE
def test_the_lane_and_a_shut_door_count_as_well(app, client, clinic, monkeypatch) -> None:
    hall, lane = app.extensions["nok_hall"], Mock()
    client.get(f"/q/{clinic}")
    with app.test_request_context():
        page = hall.page(db.session(), "", hall.door(db.session(), clinic, "", today()))
    lane.return_value = page
    with monkeypatch.context() as patched:
        patched.setattr(hall, "kept", lane)
        assert client.get(f"/q/{clinic}").status_code == 200
    assert lane.called, "it went by the lane"
    with writing() as session:
        session.scalars(select(Campaign)).one().ends_on = today() - timedelta(days=1)
    assert client.get(f"/q/{clinic}").status_code == 410
    assert [row[2] for row in written(app)] == [3]


@ON_SQLITE
def test_a_database_that_does_not_answer_loses_no_scan_and_a_flood_is_bounded(
    app, client, clinic, monkeypatch
) -> None:
    client.get(f"/q/{clinic}")
    with monkeypatch.context() as patched:
        patched.setattr(
            scans, "_added", lambda *_given: (_ for _ in ()).throw(OperationalError("", {}, Exception()))
        )
        assert written(app) == []
    client.get(f"/q/{clinic}")
    monkeypatch.setattr(scans, "MOST", 1)
    client.get(f"/q/{clinic}?p=1")
    assert [row[::2] for row in written(app)] == [(0, 2)]


def test_a_server_that_is_told_to_stop_writes_its_scans_down(
    app, clinic, config, tmp_path, monkeypatch
) -> None:
    """The real server, its real end: what lay in memory is in the database afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, value in {
        "SECRET_KEY": config.SECRET_KEY,
        "DATABASE_URL": config.SQLALCHEMY_DATABASE_URI,
        "DATA_DIR": str(config.DATA_DIR),
        "BASE_URL": f"http://127.0.0.1:{port}",
    }.items():
        monkeypatch.setenv(f"NOK_{name}", value)
    server = subprocess.Popen(serve.command(serve.TARGET, "127.0.0.1", port, workers=1), cwd=ROOT)  # noqa: S603
    try:
        address = f"http://127.0.0.1:{port}/q/{clinic}?p=1"
        for left in range(150, -1, -1):
            try:
                with urlopen(Request(address)) as answer:  # noqa: S310
                    assert answer.status == 200
                break
            except OSError:
                assert left and server.poll() is None
                time.sleep(0.2)
        with urlopen(Request(address)) as answer:  # noqa: S310  by the lane this time
            assert answer.status == 200
        for _again in range(6):  # one that comes while the server is starting may be lost
            server.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                server.wait(5)
                break
    finally:
        server.kill()
        server.wait()
    assert written(app) == [(1, monday(today()), 2)]


def test_small_numbers_and_the_running_week_are_not_told(app, clinic) -> None:
    week = monday(today())
    scanned(clinic, (0, 2, 90), (0, 1, 40), (1, 3, 4), (2, 0, 50), (3, 0, 9), (3, 5, 60))
    organization = queries.organization(db.session(), clinic)
    assert organization is not None
    known = figures.of_one(db.session(), organization, None, today().year)
    with app.test_request_context():
        told = {one.place: wording.scanned(one.scanned) for one in known.spots}
    assert told[0].endswith(": 40") and told[1].endswith(": меньше 5") and told[2].endswith(", ещё идёт")
    assert told[3].endswith(": 60; и на этой неделе")
    assert known.scanned == week
    db.session.rollback()


def test_a_region_adds_up_its_campaigns_once_an_organisation(page, client, clinic, november) -> None:
    school = an_organization("Школа № 5", address="Мира, 5", sector="education")
    with writing() as session:
        session.scalars(select(Campaign)).one().ends_on = today() - timedelta(days=1)
    both = a_campaign(title="Вторая", starts_on=today())
    with writing() as session:
        other = Region(name="Тверская область")
        session.add(other)
        session.flush()
        other_id, here = other.id, session.get_one(Campaign, both).region_id
    scanned(clinic, (0, 1, 40), (1, 2, 3), day=november)
    scanned(school, (0, 9, 7), day=november)
    campaigns = queries.campaigns(db.session())
    by_campaign = figures.shares(db.session(), campaigns)
    whole = figures.of_regions(db.session(), campaigns)[here]
    assert sum(one.organizations for one in by_campaign.values()) > whole.organizations
    assert whole.scanned == 1
    db.session.rollback()
    address, elsewhere = f"/council/placement/regions/{here}", f"/council/placement/regions/{other_id}"
    for role in (Role.OPERATOR, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR):
        signed_in(page, a_user(role))
        text = page.get(address).text
        assert "Вторая" in text and ">40</td>" in text and "меньше 5</td>" in text, role
        assert f'href="{address}?year={today().year}"' in page.get("/council/placement").text
        assert page.get(f"{address}?year=1999").status_code == 404
        assert page.get(elsewhere).status_code == 404, "no campaign there"
    with writing() as session:
        session.scalars(select(User).where(User.login == "authority")).one().region_id = other_id
    signed_in(page, "authority")
    assert page.get(address).status_code == 404, "somebody else's region"
    for role in (Role.ADMIN, Role.ORGANIZATION):
        signed_in(page, a_user(role, code=clinic if role is Role.ORGANIZATION else None))
        assert page.get(address).status_code == 403


def test_a_year_tells_its_own_weeks_that_are_over_and_no_small_place(clinic, november) -> None:
    """Else a sum would tell what the lines of places do not, and a share that somebody is scanning now."""
    campaigns = queries.campaigns(db.session())
    region_id, year = campaigns[0].region_id, campaigns[0].year
    db.session.rollback()
    scanned(clinic, (0, 0, 9), (0, 60, 70), day=november)
    assert figures.of_regions(db.session(), campaigns)[region_id].scanned == 0
    db.session.rollback()
    scanned(clinic, (0, 1, 40), (1, 1, 3), (1, 2, 4), day=november)
    assert figures.of_regions(db.session(), campaigns)[region_id].scanned == 1
    last = monday(november) - timedelta(weeks=1)
    told = regions.scans(db.session(), campaigns, year)
    assert told == [(last, 40, 1), (last - timedelta(weeks=1), 0, 1)]
    assert regions.scans(db.session(), campaigns, year - 1) == [(last - timedelta(weeks=59), 70, 1)]
    db.session.rollback()


@ON_SQLITE
def test_who_sees_no_campaign_sees_no_shares(page, session) -> None:
    signed_in(page, a_user(Role.COUNCIL))
    assert page.get("/council/placement").status_code == 200


@ON_SQLITE
def test_a_demonstration_is_not_added_to_what_is_real(page, clinic) -> None:
    with writing() as session:
        session.scalars(select(Campaign)).one().ends_on = today() - timedelta(days=1)
    demo = a_campaign(title="Учебная", starts_on=today())
    with writing() as session:
        made = session.get_one(Campaign, demo)
        made.demo, here = True, made.region_id
    signed_in(page, a_user(Role.COUNCIL))
    assert "Учебная" not in page.get(f"/council/placement/regions/{here}").text
