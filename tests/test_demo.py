"""The demonstration: real organisations, marked answers by every channel, every role; built twice, nothing doubled."""

import json
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import app as composition
from accounts import access, audit
from accounts.models import AuditEvent, Role, User
from council.approval import deciding, votes
from demo import build
from surveys import frozen, handover, queries, recount, registry, results
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.db import Base, db
from surveys.models import Assessment, Campaign, Inspection, Organization, Response, Stage
from surveys.submissions import PackageState

SECRET = "tests-only-secret-of-one-installation"
COUNT = 8


def built(secret: str = SECRET) -> list[build.Account]:
    """The demonstration over eight organisations, two of a sphere."""
    return build.build(secret, COUNT, lambda items, _label: nullcontext(items))


def counts() -> dict[str, int]:
    """How many rows each table holds."""
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.fixture
def world(session: Session) -> list[build.Account]:
    return built()


def test_building_again_doubles_nothing(world) -> None:
    first, figures = counts(), totals()
    assert first["organization"] == COUNT
    assert first["campaign"] == 6
    assert first["response"] > 8 * 30
    assert first["inspection"] == first["assessment"] == 12
    assert built() == world
    assert counts() == first
    assert totals() == figures


def totals() -> dict[tuple[int, str], str]:
    session = db.session()
    return {
        (campaign.id, one.code): str(one.result.total)
        for campaign in queries.campaigns(session)
        for one in results.of_campaign(session, campaign).standings
    }


def test_an_interrupted_build_is_finished_by_the_next(session) -> None:
    def interrupted(items: Any, label: str) -> Any:
        if label.startswith(build.TITLES["culture"]):
            raise KeyboardInterrupt
        return nullcontext(items)

    with pytest.raises(KeyboardInterrupt):
        build.build(SECRET, COUNT, interrupted)
    assert 0 < counts()["inspection"] < 12
    built()
    assert counts()["inspection"] == 12
    assert counts()["campaign"] == 6


def test_all_eight_channels_have_answers_and_the_recount_agrees(world) -> None:
    session = db.session()
    used = set(session.scalars(select(Response.channel).distinct()))
    assert used == {channel.number for channel in CHANNELS.values()}
    for campaign in queries.campaigns(session):
        assert list(recount.disagreements(session, campaign.id)) == []
        found = results.of_campaign(session, campaign)
        assert found.responses == sum(standing.responses for standing in found.standings) > 0
        assert all(standing.result.total for standing in found.standings)


def test_everything_made_up_is_marked_and_every_organisation_is_real(world, client: FlaskClient) -> None:
    campaigns = queries.campaigns(db.session())
    assert {campaign.demo for campaign in campaigns} == {True}
    assert {(c.sector, c.stage) for c in campaigns} == {
        *((sector, Stage.COLLECTING) for sector in build.TITLES),
        ("health", Stage.PUBLISHED),
        ("social", Stage.REVIEW),
    }
    real = {row.name for _number, row in registry.parsed(build.LIST).rows}
    organizations = db.session.scalars(select(Organization)).all()
    assert {one.name for one in organizations} <= real
    for path in (f"/q/{organizations[0].code}", *(f"/ratings/{campaign.id}" for campaign in campaigns)):
        assert re.search("[Дд]емонстраци", client.get(path).text), path


def test_there_is_an_account_of_every_role_and_each_signs_in(world) -> None:
    session = db.session()
    for account in world:
        user = access.recognised(session, account.login, account.password)
        assert user is not None, account.login
    assert {Role(role) for role in session.scalars(select(User.role))} == set(Role)
    assert list(audit.broken(session)) == []
    made = select(func.count()).select_from(AuditEvent).where(AuditEvent.actor == "demo")
    assert session.scalar(made) == 6 + len(build.LOGINS)


def test_the_published_year_went_the_whole_road(world, client: FlaskClient) -> None:
    session = db.session()
    campaign = next(one for one in queries.campaigns(session) if one.stage == Stage.PUBLISHED)
    release = frozen.in_force(session, campaign.id)
    assert release is not None and (release.version, release.published_by) == (1, "authority")
    told = json.loads(release.content)
    assert (told["meeting"]["for"], told["meeting"]["against"], told["package"]["number"]) == (2, 1, 1)
    assert len(told["meeting"]["opinions"]) == 1
    trail = session.scalars(select(AuditEvent.action).where(AuditEvent.actor != "demo")).all()
    assert {"package-submitted", "vote", "meeting", "release-approved", "release-published"} <= set(trail)
    assert f"/ratings/{campaign.id}/versions" in client.get(f"/ratings/{campaign.id}").text


def test_a_package_waits_for_the_council(world) -> None:
    session = db.session()
    campaign = next(one for one in queries.campaigns(session) if one.stage == Stage.REVIEW)
    package = handover.latest(session, campaign.id)
    assert package is not None and package.state == PackageState.SUBMITTED
    missing = " ".join(deciding.missing(deciding.desk(session, package), today()))
    assert "замечани" in missing and "заседани" in missing
    assert [len(votes.of(session, package.id)), len(package.remarks)] == [2, 1]


def test_another_installation_has_other_passwords(world) -> None:
    assert {account.password for account in built("another-secret")} & {
        account.password for account in world
    } == set()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_inspections_are_of_the_sphere_they_are_about(world) -> None:
    rows = db.session.execute(
        select(Campaign.sector, Inspection).select_from(Inspection).join(Assessment).join(Campaign)
    ).all()
    assert {sector: inspection.waiting_points is not None for sector, inspection in rows} == {
        "health": True, "culture": False, "education": False, "social": True,
    }  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_prepares_prints_the_way_in_and_stops(app: Flask, runner: FlaskCliRunner, client) -> None:
    told = runner.invoke(
        composition.cli, ["demo", "--no-serve", "--organizations", str(COUNT), "--port", "8123"]
    )
    assert (told.exit_code, told.stderr) == (0, "")
    links = re.findall(r"http://127\.0\.0\.1:8123(\S*)", told.stdout)
    assert len([link for link in links if link.startswith("/q/")]) == 4
    assert {"/ratings", "/sign-in"} <= set(links)
    assert [link for link in links if link and client.get(link).status_code != 200] == []
    passwords = dict(re.findall(r"^  (\w+) +пароль (\S+)", told.stdout, re.MULTILINE))
    assert passwords.keys() == build.LOGINS.keys()
    again = runner.invoke(
        composition.cli, ["demo", "--no-serve", "--organizations", str(COUNT), "--port", "8123"]
    )
    assert again.stdout == told.stdout


def test_the_bundled_list_is_whole_and_says_where_it_is_from() -> None:
    parsed = registry.parsed(build.LIST)
    assert len(parsed.rows) >= 500
    assert parsed.refused == []
    assert {row.sector for _number, row in parsed.rows} == set(build.TITLES)
    assert "data.mos.ru" in Path(build.LIST).with_name("README.md").read_text("utf-8")
    assert {row.region for _number, row in parsed.rows} == {"г. Москва"}
