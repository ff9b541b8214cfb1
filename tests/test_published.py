"""What is published is drawn from the release in force: whatever changes afterwards, it does not move."""

import json
from io import BytesIO

import pytest
from build import CONTENT, a_campaign, a_release, heard_about
from handing import a_ready_campaign, renamed
from pikepdf import Pdf
from sqlalchemy import update

import nok
from surveys import queries
from surveys.db import db, writing
from surveys.models import Campaign, Inspection, Municipality, Organization, Pinned, Region, Stage, Tally

ADDRESSES = (
    "/ratings",
    "/ratings/{campaign}",
    "/ratings/{campaign}?q=Поликлиника",
    "/ratings/{campaign}.json",
    "/ratings/{campaign}.csv",
    "/ratings/{campaign}/versions",
    "/ratings/{campaign}/versions/1",
    "/ratings/{campaign}/versions/1.json",
    "/o/{code}/results/{year}",
    "/o/{code}/results/{year}.json",
)


@pytest.fixture
def published(session) -> tuple[int, list[str], int]:
    """A published campaign, its codes, its year."""
    campaign_id, codes = a_ready_campaign()
    a_release(campaign_id, number="3", held_on="2026-11-20")
    db.session.rollback()
    return campaign_id, codes, db.session.get_one(Campaign, campaign_id).year


def read(client, published) -> dict[str, bytes]:
    """Everything that is public of a campaign."""
    campaign_id, codes, year = published
    found = {}
    for address in ADDRESSES:
        path = address.format(campaign=campaign_id, code=codes[0], year=year)
        answer = client.get(path)
        assert answer.status_code == 200, path
        found[path] = answer.data
    return found


def everything_changes(campaign_id: int) -> None:
    """Counts, inspections, names, the campaign, its pinned files, the stage."""
    with writing() as session:
        session.execute(update(Tally).values(responses=1, overall_yes=0))
        session.execute(update(Inspection).values(stand_present=0, comfort=[]))
        session.execute(
            update(Organization).values(name="Другое", short_name="Иначе", address="там", inn="", ogrn="")
        )
        session.execute(update(Region).values(name="Тульская область"))
        session.execute(update(Municipality).values(name="Другой"))
        session.execute(update(Pinned).values(content="сломано"))
        session.execute(update(Campaign).values(title="Другая", operator="Другой", order="нет", practice={}))
        session.get_one(Campaign, campaign_id).stage = Stage.REVIEW


def test_nothing_published_moves_when_everything_else_does(app, client, published, monkeypatch) -> None:
    before = read(client, published)
    assert b"\xe2\x84\x96 3" in before[f"/ratings/{published[0]}"], "the protocol is named"
    everything_changes(published[0])

    def broken(*_given: object) -> None:
        raise nok.Refused("edition", "файл изменён")

    monkeypatch.setattr(nok.loading, "_shipped", broken)
    other = app.extensions["nok_shelf"]
    other._released.clear()
    other._results.clear()
    assert read(client, published) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_documents_are_drawn_of_the_release_too(app, client, published, monkeypatch) -> None:
    campaign_id, codes, year = published
    before = read(client, published)[f"/o/{codes[0]}/results/{year}.json"]
    everything_changes(campaign_id)
    monkeypatch.setattr(nok.loading, "_shipped", lambda id: pytest.fail("the disk was asked"))
    for path in (f"/o/{codes[0]}/results/{year}.pdf", f"/ratings/{campaign_id}.pdf"):
        drawn = client.get(path)
        assert (drawn.status_code, drawn.data[:5]) == (200, b"%PDF-"), path
        with Pdf.open(BytesIO(drawn.data)) as opened:
            files = {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}
        enclosed = json.loads(files.get("release.json") or files["result.json"])
        shown = [enclosed["organization"]] if "organization" in enclosed else enclosed["organizations"]
        assert json.loads(before)["organization"]["name"] in {one["name"] for one in shown}, path


def test_the_command_gives_the_release_too(app, runner, client, published) -> None:
    campaign_id = published[0]
    before = json.loads(client.get(f"/ratings/{campaign_id}.json").text)
    everything_changes(campaign_id)
    told = runner.invoke(args=["results", "--campaign", str(campaign_id)])
    assert json.loads(told.stdout) == before


def test_a_correction_is_a_version_beside_it_and_the_old_one_stays(client, published, monkeypatch) -> None:
    campaign_id, codes, year = published
    first = client.get(f"/ratings/{campaign_id}/versions/1.json").data
    with writing() as session:
        session.get_one(Campaign, campaign_id).stage = Stage.COLLECTING
    heard_about(codes[0], campaign_id, {**CONTENT, "overall": "no"}, key="late", channel="paper")
    assert json.loads(client.get(f"/ratings/{campaign_id}.json").text)["responses"] == 24
    a_release(campaign_id, note="Учтена забытая анкета")
    assert json.loads(client.get(f"/ratings/{campaign_id}.json").text)["responses"] == 25
    assert client.get(f"/ratings/{campaign_id}/versions/1.json").data == first
    listed = client.get(f"/ratings/{campaign_id}/versions").text
    assert "Учтена забытая анкета" in listed and "заменён" in listed
    assert "Этот выпуск заменён" in client.get(f"/ratings/{campaign_id}/versions/1").text
    assert "Этот выпуск заменён" not in client.get(f"/ratings/{campaign_id}/versions/2").text


def test_what_is_approved_and_not_published_is_nobodys_to_read(client, session) -> None:
    campaign_id, codes = a_ready_campaign()
    a_release(campaign_id, published=False)
    for path in (
        f"/ratings/{campaign_id}",
        f"/ratings/{campaign_id}/versions/1",
        f"/ratings/{campaign_id}.json",
    ):
        assert client.get(path).status_code == 404, path
    assert codes[0] not in client.get("/ratings").text


def test_a_campaign_published_without_a_release_is_not_shown_out_of_counts(client, session) -> None:
    campaign_id, _codes = a_ready_campaign()
    renamed(campaign_id, stage=Stage.PUBLISHED)
    assert client.get(f"/ratings/{campaign_id}").status_code == 404
    assert queries.campaign(db.session(), campaign_id) is not None
    assert "Поликлиники" not in client.get("/ratings").text


def test_what_is_published_comes_before_what_still_grows(client, published) -> None:
    campaign_id, codes, year = published
    growing = a_campaign(title="Ещё одна", shows_interim=True)
    assert growing > campaign_id
    found = json.loads(client.get(f"/o/{codes[0]}/results/{year}.json").text)
    assert found["campaign"]["id"] == campaign_id
