"""A release: the council's figures as bytes that nothing moves, read back figure by figure."""

import json
from typing import Any

import pytest
from build import CONTENT, a_release, heard_about
from handing import a_ready_campaign
from sqlalchemy import update

import nok
from documents import exports
from surveys import frozen, handover, results
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Inspection, Organization, Pinned
from surveys.refusals import Refusal
from surveys.releases import Release


def counted(campaign_id: int) -> dict[str, Any]:
    """What is counted now, as machines read it."""
    db.session.rollback()
    found = results.of_campaign(db.session(), db.session.get_one(Campaign, campaign_id))
    told: dict[str, Any] = json.loads(exports.json_text(exports.campaign_json(found)))
    return told


def kept(campaign_id: int, version: int = 1) -> Release:
    """A release as it is stored now."""
    db.session.rollback()
    found = frozen.release(db.session(), campaign_id, version)
    assert found is not None
    return found


@pytest.fixture
def campaign_id(session) -> int:
    """Two organisations, each heard by twelve."""
    return a_ready_campaign()[0]


def test_a_release_holds_what_was_counted_and_gives_the_same_back(campaign_id) -> None:
    before = counted(campaign_id)
    a_release(campaign_id, number="3", held_on="2026-11-20")
    release = kept(campaign_id)
    told = json.loads(release.content)
    assert (told["format"], told["version"], told["package"]) == ("nok-release/1", 1, None)
    assert told["organizations"] == before["organizations"]
    assert told["campaign"]["approved"] is True
    assert told["rules"]["edition"]["toml"].startswith("#") or "title" in told["rules"]["edition"]["toml"]
    assert release.sha256 == handover.digest(told)
    assert release.short == release.sha256[:12]
    again = frozen.results(release)
    issue = again.facts.issue
    assert issue is not None and (issue.version, issue.meeting, issue.short) == (1, "3", release.short)
    written = json.loads(exports.json_text(exports.campaign_json(again)))
    for key in ("organizations", "means", "responses", "municipalities", "digital_share"):
        assert written[key] == before[key], key
    assert [one.result.trace for one in again.standings] == [
        one.result.trace
        for one in results.of_campaign(db.session(), db.session.get_one(Campaign, campaign_id)).standings
    ]


def test_the_input_in_a_release_recomputes_it(campaign_id) -> None:
    a_release(campaign_id)
    told = json.loads(kept(campaign_id).content)
    edition = nok.loading.read(told["rules"]["edition"]["name"], told["rules"]["edition"]["toml"].encode())
    assert edition.content_hash == told["rules"]["edition"]["sha256"]
    for one in told["organizations"]:
        again = nok.assess(
            nok.Observations.read(one["input"]), edition, nok.Practice.of(told["rules"]["practice"])
        )
        assert again.total is not None and again.total.as_dict() == one["result"]["total"]


def test_nothing_that_changes_afterwards_moves_a_release(campaign_id, monkeypatch) -> None:
    a_release(campaign_id)
    before = exports.campaign_json(frozen.results(kept(campaign_id)))
    with writing() as session:
        session.execute(update(Organization).values(name="Переименована", short_name="", address="нигде"))
        session.execute(update(Inspection).values(stand_present=0, comfort=[]))
        session.execute(update(Campaign).values(title="Другое", council="Другой"))
        session.execute(update(Pinned).values(content="сломано"))
        session.execute(update(Assessment).values(target=1))
    monkeypatch.setattr(nok.loading, "_shipped", lambda id: pytest.fail("the disk was asked"))
    again = frozen.results(kept(campaign_id))
    assert exports.campaign_json(again) == before
    assert all(one.result.trace for one in again.standings)


def test_what_differs_from_the_package_is_named(campaign_id) -> None:
    package = counted(campaign_id)
    frozen.agreed(package, counted(campaign_id))
    code = package["organizations"][0]["code"]
    heard_about(code, campaign_id, {**CONTENT, "overall": "no"}, key="one more")
    with pytest.raises(Refusal, match=r"разошлись с пакетом. «.+», анкет: в пакете 12, сейчас 13"):
        frozen.agreed(package, counted(campaign_id))


def test_a_count_that_moves_no_printed_figure_is_named_too(campaign_id) -> None:
    package = counted(campaign_id)
    with writing() as session:
        session.execute(update(Inspection).values(stand_present=28, stand_required=34))
    with pytest.raises(Refusal, match="исходные данные"):
        frozen.agreed(package, counted(campaign_id))


def test_a_name_corrected_meanwhile_is_no_difference(campaign_id) -> None:
    package = counted(campaign_id)
    with writing() as session:
        session.execute(update(Organization).values(short_name="Первая"))
    frozen.agreed(package, {**counted(campaign_id)})


def test_versions_follow_one_another_and_the_newest_published_is_in_force(campaign_id) -> None:
    a_release(campaign_id)
    a_release(campaign_id, published=False, note="Исправлена проверка")
    with writing() as session:
        assert [one.version for one in frozen.releases(session, campaign_id)] == [2, 1]
        found = frozen.in_force(session, campaign_id)
        assert found is not None and found.version == 1
    with pytest.raises(ValueError, match="version 2"), writing() as session:
        told = json.loads(kept(campaign_id, 2).content)
        frozen.made(session, campaign_id, told, "council", kept(campaign_id).approved_at, None)
