"""Giving work out: evenly, to neighbours, and so that two heads at once lose and double nothing."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from build import REGION, a_campaign, a_user, an_organization
from flask import Flask
from sqlalchemy import select

from accounts.models import Duty, Role, User
from operator_app.team import assignments, tasks
from operator_app.team.assignments import Given
from operator_app.team.tables import Assignment
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Municipality, Organization, Region

pytestmark = pytest.mark.usefixtures("session")
DAY = date(2026, 12, 1)


@pytest.fixture
def campaign_id() -> int:
    """Seven schools, of which the even ones are in Химки."""
    for number in range(7):
        an_organization(f"Школа № {number}", sector="education")
    with writing() as session:
        region = session.scalars(select(Region).where(Region.name == REGION)).one()
        town = Municipality(name="Химки", region_id=region.id)
        session.add(town)
        session.flush()
        for one in session.scalars(select(Organization)):
            if int(one.name[-1]) % 2 == 0:
                one.municipality_id = town.id
    return a_campaign(sector="education")


@pytest.fixture
def team() -> list[int]:
    logins = [a_user(Role.OPERATOR, login=f"user-{n}", duty=Duty.INSPECTOR) for n in range(3)]
    found = db.session.scalars(select(User.id).where(User.login.in_(logins)).order_by(User.id)).all()
    db.session.rollback()
    return list(found)


def ids(campaign_id: int) -> list[int]:
    everything = db.session.scalars(select(Assessment.id)).all()
    found = assignments.of_campaign(db.session(), campaign_id, [*everything, 999])
    db.session.rollback()
    return found


def stored() -> list[tuple[int, str, int, date | None]]:
    db.session.rollback()
    rows = db.session.scalars(select(Assignment)).all()
    return sorted((one.assessment_id, one.task, one.user_id, one.due_on) for one in rows)


def test_organisations_stand_by_municipality_and_only_this_campaigns(campaign_id) -> None:
    db.session.rollback()
    names = [db.session.get_one(Assessment, number).organization.name[-1] for number in ids(campaign_id)]
    assert "".join(names) == "0246135"
    an_organization("Музей", sector="culture")
    assert len(ids(campaign_id)) == 7
    assert assignments.of_campaign(db.session(), a_campaign(sector="culture"), ids(campaign_id)) == []


def test_to_give_twice_is_to_give_once_with_the_newer_day(campaign_id, team) -> None:
    given = [Given(ids(campaign_id)[0], team[0], None)]
    for due in (None, DAY):
        with writing() as session:
            assert assignments.give(session, "head", "inspection", [given[0]._replace(due_on=due)]) == 1
    assert stored() == [(given[0].assessment_id, "inspection", team[0], DAY)]
    with writing() as session:
        assert assignments.give(session, "head", "inspection", []) == 0


def test_shared_evenly_and_neighbours_to_one(campaign_id, team) -> None:
    every = ids(campaign_id)
    with writing() as session:
        told = assignments.share(session, campaign_id, "head", "inspection", every, team, DAY)
    assert sorted(told.values()) == [2, 2, 3]
    by_user = {user: [n for n, _task, who, _due in stored() if who == user] for user in team}
    places = {number: place for place, number in enumerate(every)}
    for numbers in by_user.values():
        stand = sorted(places[number] for number in numbers)
        assert stand == list(range(stand[0], stand[0] + len(stand)))


def test_what_somebody_has_stays_his_when_the_rest_is_shared(campaign_id, team) -> None:
    every = ids(campaign_id)
    with writing() as session:
        assignments.give(session, "head", "inspection", [Given(every[3], team[2], None)])
        assignments.give(session, "head", "phone", [Given(every[4], team[2], None)])
        told = assignments.share(session, campaign_id, "head", "inspection", every, team[:2], DAY)
    assert told == Counter({team[0]: 3, team[1]: 3})
    with writing() as session:
        assert assignments.share(session, campaign_id, "head", "inspection", every, team[:2], DAY) == {}
    assert Counter(n for n, task, *_rest in stored() if task == "inspection") == Counter(every)


def test_moved_with_its_day_and_only_what_he_still_has(campaign_id, team) -> None:
    first, second = ids(campaign_id)[:2]
    with writing() as session:
        assignments.give(session, "head", "inspection", [Given(first, team[0], DAY)])
        assert (
            assignments.move(session, campaign_id, "head", "inspection", [first, second], team[0], team[1])
            == 1
        )
    with writing() as session:
        assert assignments.move(session, campaign_id, "head", "inspection", [first], team[0], team[2]) == 0
    assert stored() == [(first, "inspection", team[1], DAY)]


def test_moved_to_whoever_has_it_already_it_is_one(campaign_id, team) -> None:
    first = ids(campaign_id)[0]
    with writing() as session:
        assignments.give(session, "head", "inspection", [Given(first, who, DAY) for who in team[:2]])
        assert assignments.move(session, campaign_id, "head", "inspection", [first], team[0], team[1]) == 1
    assert stored() == [(first, "inspection", team[1], DAY)]


def test_taken_away_and_given_a_day(campaign_id, team) -> None:
    first, second = ids(campaign_id)[:2]
    with writing() as session:
        assignments.give(session, "head", "inspection", [Given(first, who, None) for who in team])
        assert assignments.set_day(session, "inspection", [first, second], DAY) == 3
        assert assignments.take_away(session, "inspection", [first, second], team[:2]) == 2
        assert assignments.take_away(session, "phone", [first], team) == 0
    assert stored() == [(first, "inspection", team[2], DAY)]


def test_heads_who_share_out_at_once_give_nothing_twice(app: Flask, campaign_id, team) -> None:
    every = ids(campaign_id)

    def head(number: int) -> None:
        with app.app_context(), writing() as session:
            assignments.share(session, campaign_id, f"head-{number}", "inspection", every, team, None)

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(head, range(12)))
    assert Counter(number for number, *_rest in stored()) == Counter(every)


def test_heads_who_move_at_once_move_it_to_one_place(app: Flask, campaign_id, team) -> None:
    every = ids(campaign_id)
    with writing() as session:
        assignments.give(session, "head", "phone", [Given(number, team[0], None) for number in every])

    def head(number: int) -> int:
        with app.app_context(), writing() as session:
            return assignments.move(
                session, campaign_id, "head", "phone", every, team[0], team[1 + number % 2]
            )

    with ThreadPoolExecutor(6) as crowd:
        moved = list(crowd.map(head, range(8)))
    assert sorted(moved) == [0] * 7 + [7]
    assert Counter(number for number, *_rest in stored()) == Counter(every)


def test_the_team_is_the_operators_users_who_may_see_the_region(campaign_id, team) -> None:
    a_user(Role.COUNCIL)
    with writing() as session:
        other = Region(name="Тульская область")
        session.add(other)
        session.flush()
        session.get_one(User, team[0]).region_id = other.id
        session.get_one(User, team[1]).active = False
    db.session.rollback()
    campaign = db.session.get_one(Campaign, campaign_id)
    assert [user.id for user in tasks.members(db.session(), campaign)] == [team[2]]
    assert tasks.able(tasks.members(db.session(), campaign), "phone") == []
    assert len(tasks.able(tasks.members(db.session(), campaign), "inspection")) == 1
