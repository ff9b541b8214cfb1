"""What everybody reads: found, walked through, kept by caches, and right again when another release is published."""

import re
from datetime import UTC
from email.utils import format_datetime

import pytest
from build import (
    CONTENT,
    a_campaign,
    a_release,
    a_user,
    an_inspection,
    an_organization,
    heard_about,
    signed_in,
)
from handing import a_ready_campaign
from manners import MannerlyClient
from sqlalchemy import event, update

from accounts.models import Role
from surveys.db import db, writing
from surveys.models import Campaign, Municipality, Organization, Region, Stage

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MOSCOW = "/ratings/regions/g-moskva"


@pytest.fixture
def published(session) -> tuple[int, list[str], int]:
    """A published campaign of two clinics, one of them in Perovo: its number, its codes, its year."""
    campaign_id, codes = a_ready_campaign()
    with writing() as write:
        region = write.query(Region).one().id
        write.add(Municipality(name="Перово", region_id=region))
        write.flush()
        perovo = write.query(Municipality).one().id
        write.execute(
            update(Organization).where(Organization.code == codes[0]).values(municipality_id=perovo)
        )
    a_release(campaign_id)
    db.session.rollback()
    return campaign_id, codes, db.session.get_one(Campaign, campaign_id).year


def corrected(campaign_id: int, code: str) -> None:
    """A forgotten sheet is counted, and the council approves again."""
    with writing() as session:
        session.get_one(Campaign, campaign_id).stage = Stage.COLLECTING
    heard_about(code, campaign_id, {**CONTENT, "overall": "no"}, key="late", channel="paper")
    a_release(campaign_id, note="Учтена забытая анкета")


def pages(campaign_id: int, code: str, year: int) -> dict[str, str]:
    """Every public page of a clinic of Perovo → whether it shows the clinic's total or how many were asked in all."""
    total = (
        *(
            "/ratings/find?q=поликлиника 1",
            f"/o/{code}",
            f"/o/{code}/results/{year}",
            f"/ratings/{campaign_id}",
        ),
        *(f"/ratings/years/{year}", "/ratings/sectors/health", MOSCOW, f"{MOSCOW}/perovo"),
        *(f"/ratings/{campaign_id}.{kind}" for kind in ("json", "csv")),
    )
    return {**dict.fromkeys(total, "total"), "/ratings/participation": "asked", "/ratings": "asked"}


def told(client, campaign_id: int, code: str) -> dict[str, str]:
    """The figures as the data have them."""
    data = client.get(f"/ratings/{campaign_id}.json").json
    one = next(one for one in data["organizations"] if one["code"] == code)
    return {"total": one["result"]["total"]["printed"], "asked": str(data["responses"])}


def test_another_release_is_on_every_page_at_once_and_the_old_one_where_it_was(client, published) -> None:
    campaign_id, codes, year = published
    dataset = f"/opendata/nok{year}health{campaign_id}"
    before, first = told(client, campaign_id, codes[0]), {}
    for path, what in pages(campaign_id, codes[0], year).items():
        first[path] = client.get(path)
        shown = before[what].replace(".", ",") if path[-4:] != "json" else before[what]
        assert shown in first[path].text, path
        assert client.get(
            path, headers={"If-None-Match": first[path].headers.get("ETag", "-")}
        ).status_code == (200 if "find" in path else 304), path
    names = re.findall(r">(data-[^<]+)<", client.get(f"{dataset}/").text)
    old = {name: client.get(f"{dataset}/{name}") for name in names}
    assert len(old) == 3 and all(one.headers["Cache-Control"].endswith("immutable") for one in old.values())
    frozen = client.get(f"/ratings/{campaign_id}/versions/1.json").data

    corrected(campaign_id, codes[0])
    after = told(client, campaign_id, codes[0])
    assert before["total"] != after["total"] and after["asked"] == "25"
    for path, what in pages(campaign_id, codes[0], year).items():
        tag = first[path].headers.get("ETag", "-")
        when = first[path].headers.get("Last-Modified", "")
        now = client.get(path, headers={"If-None-Match": tag, "If-Modified-Since": when})
        assert now.status_code == 200, path
        shown = after[what].replace(".", ",") if path[-4:] != "json" else after[what]
        assert shown in now.text, path
        assert what == "asked" or shown not in first[path].text, path
    page = client.get(f"{dataset}/").text
    newer = [name for name in re.findall(r">(data-[^<]+)<", page) if name not in names]
    assert len(newer) == 3 and all(name in page for name in names), "both versions are named"
    assert {name: client.get(f"{dataset}/{name}").data for name in names} == {
        n: one.data for n, one in old.items()
    }
    csv = next(name for name in newer if name.endswith(".csv"))
    assert after["total"].rstrip("0") in client.get(f"{dataset}/{csv}").text
    assert client.get(f"/ratings/{campaign_id}/versions/1.json").data == frozen


def test_the_ways_lead_from_everything_down_to_a_clinic_and_back(page: MannerlyClient, published) -> None:
    campaign_id, codes, year = published
    way = ("/ratings", MOSCOW, f"{MOSCOW}/perovo", f"/o/{codes[0]}/results/{year}", f"/o/{codes[0]}")
    for here, next_ in zip(way, way[1:], strict=False):
        assert f'href="{next_}"' in page.get(here).text, (here, next_)
    below = page.get(way[-2]).text
    assert all(f'href="{above}"' in below for above in (*way[:3], f"/ratings/{campaign_id}"))
    assert codes[1] not in page.get(f"{MOSCOW}/perovo").text
    unnamed = page.get(f"{MOSCOW}/-").text
    assert codes[1] in unnamed and codes[0] not in unnamed and "Муниципалитет не указан" in unnamed
    front = page.get("/ratings").text
    for path in (f"/ratings/years/{year}", "/ratings/sectors/health", "/ratings/participation", "/opendata/"):
        assert f'href="{path}"' in front and page.get(path).status_code == 200
    assert 'action="/ratings/find"' in page.get("/").text
    here = page.get(f"/ratings/years/{year}").text
    assert f'href="{MOSCOW}"' in here and 'href="/ratings/sectors/health"' in here
    assert f'href="/ratings/years/{year}"' not in here, "not to itself"


@ON_SQLITE
@pytest.mark.parametrize(
    "path",
    [
        *("/ratings/years/1999", "/ratings/years/99999", "/ratings/sectors/culture", "/ratings/sectors/x"),
        *("/ratings/regions/tula", f"{MOSCOW}/nowhere", "/opendata/nok2026health99/", "/opendata/x/"),
        *("/sitemap-0.xml", "/sitemap-2.xml", "/ratings/regions/%00", "/opendata/nok2026health999999999999/"),
    ],
)
def test_what_is_not_published_is_not_there(page: MannerlyClient, published, path) -> None:
    assert page.get(path).status_code == 404


def test_what_is_only_approved_is_in_no_list(page: MannerlyClient, session) -> None:
    campaign_id, codes = a_ready_campaign()
    a_release(campaign_id, published=False)
    for path in (
        "/ratings",
        "/ratings/find?q=поликлиника",
        "/ratings/participation",
        "/opendata/",
        "/opendata/list.csv",
        "/sitemap-1.xml",
    ):
        assert codes[0] not in page.get(path).text, path
    assert page.get(MOSCOW).status_code == 404


def test_the_list_of_campaigns_asks_once_which_releases_are_in_force(client, session) -> None:
    def asked() -> int:
        said: list[str] = []
        listen = ("before_cursor_execute", lambda *given: said.append(given[2]))
        client.get("/ratings")
        event.listen(db.engine, *listen)
        assert client.get("/ratings").status_code == 200
        event.remove(db.engine, *listen)
        return sum("FROM release" in words for words in said)

    code = an_organization()
    for year in (2023, 2024, 2025):
        found = a_campaign(year=year)
        an_inspection(found, code)
        heard_about(code, found, CONTENT, key=year)
        a_release(found)
    a_campaign(shows_interim=True)
    assert asked() == 1


@ON_SQLITE
def test_a_query_is_answered_in_words_and_forgotten(page: MannerlyClient, published, caplog) -> None:
    said = {
        "": "Опечатки не страшны",
        "я" * 201: "Слишком длинный запрос",
        "№ !": "искать нечего",
        "обсерватория": "Ничего не нашлось",
        "поликлинка 1": "Нашлась 1 организация",
        "gjkbrkbybrf 2": "Поняли так: «поликлиника 2»",
        "<script>alert(1)</script>": "Ничего не нашлось",
        published[1][1].lower(): "Нашлась 1 организация",
        "7718084659": "Поликлиника №\u00a02",
    }
    for query, words in said.items():
        answer = page.get("/ratings/find", query_string={"q": query})
        assert answer.status_code == 200
        assert words in answer.text, query
        assert answer.headers["Cache-Control"] == "no-store"
    assert "Обсерватория" not in caplog.text and "обсерватория" not in caplog.text
    assert not any(record.name.startswith("nok") for record in caplog.records)


@ON_SQLITE
def test_public_pages_know_nobody(page: MannerlyClient, published) -> None:
    campaign_id, codes, year = published
    nobody = {path: page.get(path).text for path in pages(campaign_id, codes[0], year)}
    a_user(Role.COUNCIL, login="ivanova")
    signed_in(page, "ivanova")
    for path, text in nobody.items():
        answer = page.get(path)
        assert answer.text == text, path
        assert "Set-Cookie" not in answer.headers


@ON_SQLITE
def test_a_cache_that_asks_by_date_is_answered_too(client, published) -> None:
    moment = client.get(MOSCOW).last_modified
    assert moment is not None
    asked = {"If-Modified-Since": format_datetime(moment.astimezone(UTC), usegmt=True)}
    assert client.get(MOSCOW, headers=asked).status_code == 304
    for path in ("versions", "versions/1", "versions/1/changes"):
        here = f"/ratings/{published[0]}/{path}"
        assert (
            client.get(here, headers={"If-None-Match": client.get(here).headers["ETag"]}).status_code == 304
        )


@ON_SQLITE
def test_search_engines_are_told_what_there_is(client, published) -> None:
    campaign_id, codes, year = published
    robots = client.get("/robots.txt").text
    assert "Disallow: /ratings/find" in robots and "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots
    assert "/sitemap-1.xml" in client.get("/sitemap.xml").text
    known = re.findall("<loc>http://127.0.0.1:8000([^<]*)</loc>", client.get("/sitemap-1.xml").text)
    assert {
        f"/o/{codes[0]}",
        f"/o/{codes[1]}/results/{year}",
        f"/ratings/{campaign_id}",
        f"{MOSCOW}/perovo",
    } <= {*known}
    assert {path: client.get(path).status_code for path in known} == dict.fromkeys(known, 200)
