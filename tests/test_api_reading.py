"""/api/v1 as anybody reads it: what is published and nothing else, page by page, to be kept; refusals in words."""

import hashlib
import json
import re
from typing import Any

import pytest
from build import a_release
from machines import CONTRACT, NAME, Program, a_world, agrees
from sqlalchemy import update

from api.contract.document import BY_ENDPOINT, OPERATIONS, PREFIX
from surveys import frozen, queries
from surveys.db import db, writing
from surveys.models import Campaign, Organization, Stage
from surveys.releases import Release

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(session):
    """See a_world."""
    return a_world()


@pytest.fixture
def reader(app) -> Program:
    """Anybody."""
    return Program(app)


def walked(reader: Program, path: str, endpoint: str) -> list[dict[str, Any]]:
    """Every row of a list, following its pages to the end."""
    rows, base = [], "http://127.0.0.1:8000" + PREFIX
    while True:
        answer = reader.get(path)
        told = agrees(answer, endpoint)
        rows += told["items"]
        if told["next"] is None:
            assert "Link" not in answer.headers
            return rows
        assert answer.headers["Link"] == f'<{told["next"]}>; rel="next"'
        path = told["next"].removeprefix(base)


@ON_SQLITE
def test_every_address_is_in_the_contract_and_the_other_way_round(app) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX)}
    assert rules.keys() == BY_ENDPOINT.keys()
    for endpoint, rule in rules.items():
        act = BY_ENDPOINT[endpoint]
        assert re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule) == PREFIX + act.path
        assert act.method.upper() in (rule.methods or ())
        assert {one.name for one in act.asks if one.where == "path"} == rule.arguments
    assert CONTRACT["openapi"] == "3.1.0"
    assert sum(len(path) for path in CONTRACT["paths"].values()) == len(OPERATIONS)


def test_everything_that_is_published_is_as_the_contract_says(reader, world) -> None:
    code, campaign = world["codes"][0], world["published"]
    release = frozen.in_force(db.session(), campaign)
    assert release is not None
    for path, endpoint in (
        ("/", "api.start"),
        ("/openapi.json", "api.document"),
        ("/organizations", "api.organizations"),
        (f"/organizations/{code}", "api.organization"),
        ("/campaigns", "api.campaigns"),
        (f"/campaigns/{campaign}", "api.campaign"),
        (f"/campaigns/{campaign}/results", "api.results"),
        (f"/campaigns/{campaign}/organizations/{code}", "api.result"),
        (f"/campaigns/{campaign}/organizations/{code}?trace=true", "api.result"),
        (f"/releases/{release.short}", "api.release"),
        ("/questionnaires", "api.questionnaires"),
        ("/questionnaires/675n-full", "api.questionnaire"),
    ):
        answer = reader.get(path)
        assert answer.status_code == 200, path
        agrees(answer, endpoint)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
        again = reader.get(path, **{"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path


def test_every_link_leads_somewhere(reader, world) -> None:
    code, campaign = world["codes"][0], world["published"]
    found = set()
    for path in ("/", f"/organizations/{code}", f"/campaigns/{campaign}", "/questionnaires",
                 f"/campaigns/{campaign}/organizations/{code}"):  # fmt: skip
        found |= set(re.findall(r'"http://127\.0\.0\.1:8000(/[^"]*)"', reader.get(path).text))
    assert len(found) > 10
    for path in found:
        if not path.endswith((".pdf", ".xlsx")):  # drawn elsewhere, slowly
            assert reader.client.get(path).status_code == 200, path


def test_figures_are_those_of_the_release_whatever_happens_afterwards(reader, world) -> None:
    campaign, code = world["published"], world["codes"][1]
    before = reader.get(f"/campaigns/{campaign}/results").data
    rows = {row["code"]: row for row in json.loads(before)["items"]}
    assert list(rows) == [one["code"] for one in sorted(rows.values(), key=lambda row: row["place"])]
    release = frozen.in_force(db.session(), campaign)
    assert release is not None
    kept = {one["code"]: one for one in json.loads(release.content)["organizations"]}
    assert {code: row["result"] for code, row in rows.items()} == {
        c: one["result"] for c, one in kept.items()
    }
    with writing() as session:
        session.execute(update(Organization).values(name="Другое", search="другое"))
        session.get_one(Campaign, campaign).stage = Stage.REVIEW
    assert reader.get(f"/campaigns/{campaign}/results").data == before
    one = agrees(reader.get(f"/campaigns/{campaign}/organizations/{code}"), "api.result")
    assert one["organization"] == rows[code] and "trace" not in one
    traced = agrees(reader.get(f"/campaigns/{campaign}/organizations/{code}?trace=true"), "api.result")
    assert [step["at"] for step in traced["trace"]][-1] == "total"


def test_a_release_is_its_bytes_for_ever(reader, world) -> None:
    release = frozen.in_force(db.session(), world["published"])
    assert release is not None
    for name in (release.short, release.sha256):
        answer = reader.get(f"/releases/{name}")
        assert hashlib.sha256(answer.data).hexdigest() == release.sha256
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["ETag"] == f'"{release.sha256}"'
    for wrong in ("f" * 64, "0" * 12, release.sha256[:13], release.short.upper(), release.short[:-1] + "g"):
        assert reader.get(f"/releases/{wrong}").status_code == 404, wrong
    with writing() as session:
        session.get_one(Release, release.id).published_at = None
    assert reader.get(f"/releases/{release.short}").status_code == 404


def test_what_is_not_published_is_not_there(reader, world) -> None:
    hidden, code = world["collecting"], world["codes"][0]
    for path, endpoint in (
        (f"/campaigns/{hidden}", "api.campaign"),
        (f"/campaigns/{hidden}/results", "api.results"),
        (f"/campaigns/{hidden}/organizations/{code}", "api.result"),
        ("/campaigns/2147483647", "api.campaign"),
        (f"/campaigns/{world['published']}/organizations/AAAAAAAA", "api.result"),
        ("/organizations/AAAAAAAA", "api.organization"),
        ("/organizations/%00", "api.organization"),
        ("/questionnaires/none", "api.questionnaire"),
    ):
        answer = reader.get(path)
        assert answer.status_code == 404, path
        assert agrees(answer, endpoint)["title"] == "Такого здесь нет"
    with writing() as session:
        session.get_one(Campaign, hidden).shows_interim = True
    assert reader.get(f"/campaigns/{hidden}").status_code == 404, "growing counts are nobody's to keep"
    assert [one["id"] for one in walked(reader, "/campaigns", "api.campaigns")] == [world["published"]]
    card = agrees(reader.get(f"/organizations/{code}"), "api.organization")
    assert [one["campaign"] for one in card["results"]] == [world["published"]]
    year = world["year"]
    assert f'"{year}' not in reader.get(f"/campaigns?year={year + 1}").text


def test_lists_are_narrowed_and_walked_to_the_end(reader, world) -> None:
    codes = world["codes"]
    everybody = walked(reader, "/organizations?limit=1", "api.organizations")
    assert [one["code"] for one in everybody] == codes
    for asked, expected in {
        "name=ПОЛИКЛИНИКА+12": codes[:1],
        "name=№+7&sector=health": codes[1:2],
        "inn=7718084659": codes[:1],
        "region=г.+Москва&limit=2": codes,
        "region=Москва": [],
        "municipality=Арбат": [],
        "sector=culture": [],
        "name=%00": [],
        "name=%25": [],
    }.items():
        found = walked(reader, f"/organizations?{asked}", "api.organizations")
        assert [one["code"] for one in found] == expected, asked
    rows = walked(reader, f"/campaigns/{world['published']}/results?limit=2", "api.results")
    assert [row["place"] for row in rows] == [1, 2, 3]
    assert walked(reader, f"/campaigns?year={world['year']}&sector=health&region=г.+Москва", "api.campaigns")
    assert walked(reader, "/campaigns?sector=social", "api.campaigns") == []


def test_whoever_has_begun_with_a_release_reads_it_to_the_end(reader, world) -> None:
    campaign = world["published"]
    first = agrees(reader.get(f"/campaigns/{campaign}/results?limit=2"), "api.results")
    following = first["next"].partition(PREFIX)[2]
    a_release(campaign, note="исправлено")
    rest = agrees(reader.get(following), "api.results")
    assert rest["release"] == first["release"] and len(rest["items"]) == 1
    anew = agrees(reader.get(f"/campaigns/{campaign}/results"), "api.results")
    assert anew["release"]["version"] == 2
    told = agrees(reader.get(f"/campaigns/{campaign}"), "api.campaign")
    assert [one["version"] for one in told["versions"]] == [2, 1]


@ON_SQLITE
@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/organizations?limit=0", "limit"),
        ("/organizations?limit=501", "limit"),
        ("/organizations?limit=٣", "limit"),
        ("/organizations?limit=1&limit=2", "limit"),
        ("/organizations?sector=sport", "sector"),
        ("/organizations?inn=77", "inn"),
        ("/organizations?name=", "name"),
        ("/organizations?regoin=Москва", "regoin"),
        ("/organizations?cursor=!", "cursor"),
        ("/organizations?cursor=aGVsbG8", "cursor"),
        ("/organizations?cursor=YXBpLm9yZ2FuaXphdGlvbnM6LTE", "cursor"),
        ("/campaigns?year=26", "year"),
        ("/campaigns?cursor=YXBpLm9yZ2FuaXphdGlvbnM6MQ", "cursor"),
        ("/campaigns/{c}/results?cursor=YXBpLnJlc3VsdHM6ZmZmZmZmZmZmZmZmOjE", "cursor"),
        ("/campaigns/{c}/organizations/{code}?trace=да", "trace"),
        ("/questionnaires?limit=1", "limit"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(reader, world, path, named) -> None:
    filled = path.format(c=world["published"], code=world["codes"][0])
    answer = reader.get(filled)
    told = json.loads(answer.data)
    expected = 404 if "cursor=" in path and "!" not in path else 400
    assert (answer.status_code, told["status"]) == (expected, expected)
    assert [one["name"] for one in told["errors"]] == [named]
    assert told["type"].endswith(f"/api/#{expected}") and re.search("[а-я]", told["detail"])


@ON_SQLITE
def test_wrong_addresses_and_methods_are_problems_too(app, reader, world) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", "/campaigns/0", 404),
        ("GET", "/campaigns/9999999999", 404),
        ("POST", "/campaigns", 405),
        ("DELETE", f"/campaigns/{world['published']}", 405),
        ("PUT", "/", 405),
    ):
        answer = reader.client.open(f"{PREFIX}{path}", method=method)
        told = json.loads(answer.data)
        assert (answer.status_code, told["status"], answer.mimetype) == (
            status,
            status,
            "application/problem+json",
        )
        assert ("Allow" in answer.headers) is (status == 405)
    asked = reader.client.options(f"{PREFIX}/campaigns")
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert reader.client.head(f"{PREFIX}/campaigns").data == b""
    assert reader.client.get("/api/v1").location.endswith("/api/v1/")


@ON_SQLITE
def test_too_many_readers_are_told_when_to_come_again(app, reader, world) -> None:
    app.config["API_LIMIT"] = "3 per minute"
    assert [reader.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = reader.get("/")
    assert agrees(answer, "api.start")["title"] == "Слишком много запросов"
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert reader.get("/token").status_code == 401, "programs have an allowance of their own"


@ON_SQLITE
def test_what_breaks_is_a_problem_with_a_number(app, reader, world, monkeypatch, caplog) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_given: object) -> None:
        raise ZeroDivisionError("тайна")

    monkeypatch.setattr(queries, "organizations_known", broken)
    answer = reader.get("/")
    told = agrees(answer, "api.start")
    assert answer.status_code == 500
    assert "тайна" not in answer.text
    assert told["instance"].removeprefix("urn:nok:") in caplog.text


def test_the_page_for_people_names_every_act_with_a_line_to_try(page, world) -> None:
    text = page.get("/api/").text
    for act in OPERATIONS:
        assert f'id="{act.id}"' in text
    assert f"/api/v1/campaigns/{world['published']}" in text
    assert NAME not in text
    assert 'id="429"' in text
