"""The cockpit's figures: done and foretold, the gauges, who will miss; empty, on the first day and the last."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from build import CONTENT, a_campaign, an_organization, heard_about
from sqlalchemy import event, select, update

import nok
from operator_app.sample import cockpit as module
from operator_app.sample import figures, settings
from operator_app.sample.cockpit import Cockpit, Row, State, cockpit
from surveys.batches import Batch, Declared
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.db import db, writing
from surveys.intake import response_key
from surveys.models import Assessment, Campaign, Response, Stage, Tally

pytestmark = pytest.mark.usefixtures("session")
NOW = today()


def shown(campaign_id: int) -> Cockpit:
    db.session.rollback()
    return cockpit(db.session(), db.session.get_one(Campaign, campaign_id))


def row(campaign_id: int, name: str) -> Row:
    return next(one for one in shown(campaign_id).rows if one.name == name)


def collecting(days_passed: int, days_left: int, **given: object) -> int:
    """A campaign that began so many whole days ago and has so many to come, today among them."""
    starts, ends = NOW - timedelta(days=days_passed), NOW + timedelta(days=days_left - 1)
    return a_campaign(starts_on=starts, ends_on=ends, year=starts.year, **given)  # type: ignore[arg-type]


def brought(campaign_id: int, name: str, ago: int, count: int, channel: str = "interview") -> None:
    """So many answers that many days ago, with their tally."""
    with writing() as session:
        assessment = session.scalars(
            select(Assessment)
            .join(Assessment.organization)
            .where(Assessment.campaign_id == campaign_id, Assessment.organization.has(name=name))
        ).one()
        number = CHANNELS[channel].number
        pinned = session.get_one(Campaign, campaign_id).questionnaire_of(number).id
        for one in range(count):
            session.add(
                Response(
                    key=response_key("made up", (campaign_id, name, ago, channel, one)),
                    assessment_id=assessment.id,
                    questionnaire_id=pinned,
                    channel=number,
                    place=0,
                    day=NOW - timedelta(days=ago),
                    answers="",
                )
            )
        tally = session.get(Tally, (assessment.id, number, pinned, 0))
        if tally is None:
            tally = Tally(assessment_id=assessment.id, channel=number, questionnaire_id=pinned, slot=0)
            session.add(tally)
            session.flush()
        tally.responses += count


def test_an_empty_campaign_has_nothing_to_say_and_says_it() -> None:
    an_organization("Музей", sector="culture")
    empty = shown(a_campaign())
    assert (empty.rows, empty.channels, dict(empty.daily)) == ([], {}, {})


def test_without_recipients_there_is_no_target() -> None:
    an_organization("Первая")
    found = row(a_campaign(), "Первая")
    assert (found.state, found.target, found.missing, found.shortfall) == (State.UNKNOWN, None, 0, None)


def test_on_the_first_day_it_is_too_early() -> None:
    an_organization("Первая", recipients_per_year=100)
    campaign_id = collecting(0, 100)
    brought(campaign_id, "Первая", 0, 3)
    found = row(campaign_id, "Первая")
    assert (found.state, found.done, found.missing) == (State.EARLY, 3, 37)
    assert (found.pace, found.forecast) == (None, None)


def test_after_two_weeks_the_forecast_is_the_mean_times_the_days_left() -> None:
    for name in ("Успевает", "Не успеет", "Набрала"):
        an_organization(name, recipients_per_year=100)
    campaign_id = collecting(30, 10)
    brought(campaign_id, "Успевает", 3, 28)
    brought(campaign_id, "Не успеет", 20, 20)
    brought(campaign_id, "Не успеет", 14, 7)
    brought(campaign_id, "Набрала", 2, 40)
    on_time, short, enough = (row(campaign_id, name) for name in ("Успевает", "Не успеет", "Набрала"))
    assert (on_time.state, on_time.pace, on_time.forecast) == (State.ON_TIME, Fraction(2), Fraction(48))
    assert (short.state, short.forecast, short.shortfall) == (State.SHORT, Fraction(32), 8)
    assert short.last_day == NOW - timedelta(days=14)
    assert enough.state is State.ENOUGH


def test_each_channel_has_its_own_pace_and_the_days_are_told_by_channel() -> None:
    an_organization("Первая", recipients_per_year=1500)
    campaign_id = collecting(60, 14)
    brought(campaign_id, "Первая", 40, 50, "paper")
    brought(campaign_id, "Первая", 1, 14, "poster")
    found = shown(campaign_id)
    assert found.rows[0].forecast == 50 + 14 + 14
    assert found.channels == {"paper": 50, "poster": 14}
    assert {channel: dict(days) for channel, days in found.daily.items()} == {
        "poster": {NOW - timedelta(days=1): 14}
    }


def test_on_the_last_day_today_still_counts_and_tomorrow_nothing_does() -> None:
    an_organization("Первая", recipients_per_year=100)
    campaign_id = collecting(30, 1)
    brought(campaign_id, "Первая", 14, 1)
    brought(campaign_id, "Первая", 1, 13)
    assert row(campaign_id, "Первая").forecast == 15
    with writing() as session:
        session.execute(update(Campaign).values(ends_on=NOW - timedelta(days=1)))
    over = shown(campaign_id)
    assert over.over
    assert (over.rows[0].state, over.rows[0].forecast, over.rows[0].shortfall) == (
        State.OVER,
        Fraction(14),
        26,
    )


@pytest.mark.parametrize("stage", [Stage.REVIEW, Stage.PUBLISHED])
def test_what_no_longer_collects_has_no_future(stage: Stage) -> None:
    an_organization("Первая", recipients_per_year=100)
    campaign_id = collecting(30, 30)
    brought(campaign_id, "Первая", 1, 14)
    with writing() as session:
        session.get_one(Campaign, campaign_id).stage = stage
    found = shown(campaign_id)
    assert (found.rows[0].state, found.rows[0].forecast, found.over) == (State.OVER, Fraction(14), False)


def test_nothing_for_a_week_is_seen_and_only_where_something_is_missing() -> None:
    for name in ("Молчит", "Отвечает", "Набрала", "Ни одной"):
        an_organization(name, recipients_per_year=100)
    campaign_id = collecting(30, 10)
    brought(campaign_id, "Молчит", 8, 5)
    brought(campaign_id, "Отвечает", 7, 5)
    brought(campaign_id, "Набрала", 20, 40)
    assert {one.name for one in shown(campaign_id).rows if one.silent} == {"Молчит", "Ни одной"}
    assert not any(one.silent for one in shown(collecting(6, 100, sector="culture")).rows)


def test_people_with_disabilities_are_those_who_answered_on_accessibility() -> None:
    code = an_organization("Первая", recipients_per_year=20)
    campaign_id = a_campaign()
    heard_about(code, campaign_id, {**CONTENT, "disability": "yes", "accessibility": "no"}, key=1)
    heard_about(code, campaign_id, CONTENT, key=2)
    found = row(campaign_id, "Первая")
    assert (found.done, found.disabled, found.floor) == (2, 1, 8)
    with writing() as session:
        settings.change(session, campaign_id, disability_floor=3)
    assert row(campaign_id, "Первая").floor == 3


def test_ready_counters_are_done_and_official_and_have_no_pace() -> None:
    an_organization("Первая", recipients_per_year=500)
    campaign_id = collecting(30, 10)
    brought(campaign_id, "Первая", 14, 14)
    with writing() as session:
        batch = Batch(
            campaign_id=campaign_id,
            kind="counters",
            state="counted",
            made_by="head",
            made_at=datetime(2026, 3, 1),  # noqa: DTZ001  stored without a zone
        )
        session.add(batch)
        session.flush()
        assessment_id = session.scalars(select(Assessment.id)).one()
        official = CHANNELS["official"].number
        session.add(Declared(assessment_id=assessment_id, channel=official, batch_id=batch.id, responses=6))
    found = shown(campaign_id)
    [one] = found.rows
    assert (one.done, one.pace, one.forecast) == (20, Fraction(1), Fraction(30))
    now = figures.gauge(found, nok.edition("344n-2024"), 200)
    assert (now.official, now.share, now.missing_now, now.missing_full) == (6, Fraction(3, 10), 0, 34)


def test_settings_of_one_area_leave_the_others_alone() -> None:
    an_organization()
    campaign_id = a_campaign()
    with writing() as session:
        session.get_one(Campaign, campaign_id).desk = {"keying": {"second_share": 5}}
    with writing() as session:
        settings.change(session, campaign_id, disability_floor=7)
    with writing() as session:
        settings.change(session, campaign_id, contract={"1": "по договору"})
    db.session.rollback()
    campaign = db.session.get_one(Campaign, campaign_id)
    assert campaign.desk["keying"] == {"second_share": 5}
    assert settings.of(campaign) == settings.Settings(7, {"1": "по договору"})


def test_a_target_above_the_number_of_recipients_is_out_of_reach() -> None:
    an_organization("Первая", recipients_per_year=100)
    campaign_id = a_campaign()
    assert not row(campaign_id, "Первая").out_of_reach
    with writing() as session:
        session.execute(update(Assessment).values(target=101))
    assert row(campaign_id, "Первая").out_of_reach


def test_a_page_costs_a_handful_of_statements(session, monkeypatch) -> None:
    for number in range(30):
        an_organization(f"Школа № {number}", recipients_per_year=100)
    campaign_id = a_campaign()
    brought(campaign_id, "Школа № 3", 1, 5)
    campaign = db.session.get_one(Campaign, campaign_id)
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    assert len(cockpit(db.session(), campaign).rows) == 30
    assert len([one for one in said if one.startswith("SELECT")]) <= 6


def test_the_day_is_the_servers_own(monkeypatch) -> None:
    an_organization("Первая", recipients_per_year=100)
    campaign_id = a_campaign(starts_on=date(2030, 1, 1), ends_on=date(2030, 1, 31), year=2030)
    monkeypatch.setattr(module, "today", lambda: date(2029, 12, 1))
    assert shown(campaign_id).calendar.left == 31
    monkeypatch.setattr(module, "today", lambda: date(2030, 2, 1))
    assert shown(campaign_id).calendar.left == 0
