"""From counts to figures in the service: what refuses, what was not inspected, branches, and the shelf they lie on."""

import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from build import CONTENT, a_campaign, an_inspection, an_organization, heard_about
from sqlalchemy import update

import nok
from council.shelf import Shelf
from surveys import queries, results
from surveys.db import db, writing
from surveys.models import Campaign, Organization, Pinned
from surveys.refusals import Busy, PinnedChanged, Refusal

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def of(campaign_id: int) -> results.CampaignResults:
    db.session.rollback()
    return results.of_campaign(db.session(), db.session.get_one(Campaign, campaign_id))


def test_a_practice_that_refuses_leaves_one_without_figures_and_says_why(session):
    code, other = an_organization(), an_organization("Городская поликлиника № 13")
    campaign = a_campaign(practice={"undefined": "refuse"})
    for each in (code, other):
        an_inspection(campaign, each)
        heard_about(each, campaign, CONTENT, key=each)
    full = {
        **CONTENT,
        "site": "yes",
        "disability": "yes",
        "accessibility": "yes",
        "remote_used": "yes",
        "remote_staff": "yes",
    }
    heard_about(code, campaign, full, key="full")
    found = of(campaign).by_code
    assert found[code].result.total is not None
    assert found[other].result.total is None
    assert [warning.rule for warning in found[other].result.warnings] == ["refused"]
    assert "Расчёт не выполнен" in found[other].result.warnings[0].text
    assert (found[code].place, found[other].place) == (1, None)


def test_pages_and_documents_of_refused_figures_open(client, session):
    code = an_organization()
    campaign = a_campaign(practice={"undefined": "refuse"}, shows_interim=True)
    year = db.session.get_one(Campaign, campaign).year
    addresses = [f"/ratings/{campaign}", f"/ratings/{campaign}.json", f"/ratings/{campaign}.pdf"]
    addresses += [
        f"/o/{code}/results/{year}",
        f"/o/{code}/results/{year}.pdf",
        f"/o/{code}/results/{year}.json",
    ]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def test_who_was_not_inspected_has_no_place_and_no_part_in_the_means(session):
    seen, unseen = an_organization(), an_organization("Городская поликлиника № 13")
    campaign = a_campaign()
    an_inspection(campaign, seen)
    heard_about(seen, campaign, CONTENT, key=seen)
    heard_about(unseen, campaign, {**CONTENT, "overall": "no"}, key=unseen)
    found = of(campaign)
    assert (found.by_code[seen].place, found.by_code[unseen].place) == (1, None)
    assert found.means["total"] == found.by_code[seen].result.total
    assert found.means["5.3"] == found.by_code[seen].result.indicators["5.3"]
    assert found.by_code[unseen].result.indicators["5.3"] != found.means["5.3"]


def test_a_head_office_has_the_figures_of_the_whole_house_as_well(session):
    head, branch = an_organization(), an_organization("Городская поликлиника № 12, филиал")
    with writing() as own:
        top = queries.organization(own, head)
        assert top is not None
        own.execute(update(Organization).where(Organization.code == branch).values(parent_id=top.id))
    campaign = a_campaign()
    for code, overall in ((head, "yes"), (branch, "no")):
        an_inspection(campaign, code)
        heard_about(code, campaign, {**CONTENT, "overall": overall}, key=code)
    found = of(campaign).by_code
    assert found[branch].together is None
    assert found[head].units == 2
    together = found[head].together
    assert together is not None
    assert together["5.3"] == nok.Figure(Fraction(50))


@ON_SQLITE
@pytest.mark.parametrize("kind", ["edition", "questionnaire"])
def test_a_pinned_file_that_changed_is_a_refusal_everywhere(client, session, kind):
    code, campaign = an_organization(), 0
    campaign = a_campaign(shows_interim=True)
    with writing() as own:
        own.execute(update(Pinned).where(Pinned.kind == kind).values(sha256=Pinned.name))
    with pytest.raises(PinnedChanged):
        of(campaign)
    assert client.get(f"/ratings/{campaign}").status_code == 500
    assert client.get(f"/q/{code}").status_code == (500 if kind == "questionnaire" else 200)


@ON_SQLITE
def test_two_campaigns_never_collect_by_one_code(session):
    an_organization()
    a_campaign()
    with pytest.raises(Refusal, match="уже идёт кампания № 1"):
        a_campaign(title="Вторая")
    assert len(queries.campaigns(db.session())) == 1


def test_a_crowd_at_one_document_draws_it_once(tmp_path):
    shelf, drawn, begun = Shelf(tmp_path, 0), [], threading.Event()

    def draw() -> bytes:
        drawn.append(1)
        begun.wait(0.2)
        return b"%PDF"

    with ThreadPoolExecutor(8) as crowd:
        asked = [crowd.submit(shelf.document, "a", {"total": 1}, draw) for _ in range(8)]
        assert {one.result() for one in asked} == {b"%PDF"}
    assert len(drawn) == 1
    assert shelf.document("a", {"total": 2}, draw) == b"%PDF"
    assert len(drawn) == 2


def test_who_cannot_wait_is_told_to_come_back(tmp_path, monkeypatch):
    monkeypatch.setattr("council.shelf.PATIENCE_SECONDS", 0.01)
    shelf, inside, go = Shelf(tmp_path, 0), threading.Event(), threading.Event()

    def slow() -> bytes:
        inside.set()
        go.wait(5)
        return b"%PDF"

    with ThreadPoolExecutor(1) as other:
        drawing = other.submit(shelf.document, "large", {}, slow)
        assert inside.wait(5)
        with pytest.raises(Busy):
            shelf.document("another", {}, slow)
        go.set()
        assert drawing.result() == b"%PDF"


def test_a_document_that_failed_leaves_nothing_behind(tmp_path):
    shelf = Shelf(tmp_path / "documents", 0)

    def broken() -> bytes:
        raise RuntimeError("no paper")

    with pytest.raises(RuntimeError, match="no paper"):
        shelf.document("a", {}, broken)
    assert shelf.document("a", {}, lambda: b"%PDF") == b"%PDF"
    assert [file.suffix for file in (tmp_path / "documents").iterdir()] == [".pdf"]
