"""Every page: well mannered for whoever may see it; every failure has a page; what is not approved is not shown."""

import json
import re
from typing import Any

import pytest
from alembic import command
from build import (
    CONTENT,
    REGION,
    a_campaign,
    a_release,
    a_user,
    an_inspection,
    an_organization,
    heard_about,
    signed_in,
)
from desk import furnished
from flask import Flask
from manners import MannerlyClient
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from accounts.access import GUARDED
from accounts.models import Role
from api.contract.document import OPERATIONS
from council import listing
from surveys.db import alembic_config, db, writing
from surveys.models import Campaign, Organization, Stage
from surveys.releases import Release

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FILES = {
    "setup.blank_list",
    "static",
    "icon",
    "keying.state",
    "health",
    "ready",
    "operator.poster",
    "organization.poster",
    "jobs.state",
    "files.refused",
    "files.blank",
    "sample.table",
    "team.trail_file",
    "field.worker",
    "field.manifest",
    "field.state",
    "field.work",
    "field.find",
}
FILES |= {
    "scans.picture",
    "scans.sheets_table",
    "scans.next_sheet",
    "scans.review_state",
    "scans.review_picture",
    "scans.review_log",
}
FILES |= {"scans.forms_pdf", "scans.forms_archive"}
FILES |= {
    "plans_desk.table",
    *(f"plans{one}.document" for one in ("", "_desk", "_open")),
    "plans.photo",
    "plans_desk.photo",
}
FILES |= {"report.state", "report.document", "report.signature", "signed.document", "signed.signature"}
FILES |= {"public.version_file", "verify.tool", "papers.workbook", "papers.document", "minutes.protocol"}
FILES |= {"table.file", "table.year_file", "table.picture"}
FILES |= {"spoken.dossier"}
FILES |= {"opendata.listed", "opendata.check", "opendata.file"}
FILES |= {"machines.robots", "machines.sitemap", "machines.sitemap_part"}
FILES |= {"widget.image", "widget.inplace", "placement.table", "placement.shown"}
FILES |= {"kiosk.worker", "kiosk.manifest"}
FILES |= {"inspections.photo", "operator.inspection"}  # a picture; a way that leads on
FILES |= {"studio.preview", "studio.bundle", "own_studio.preview"}
FILES |= {one.endpoint for one in OPERATIONS}
FILES |= {"entry.link", "entry.sign_in", "entry.signed_in"}  # ways that lead on
FILES |= {"old_reports.table", "council_old_reports.table"}
SAID = "тайна: пароль от базы 12345"
LOOKS = ["size=large", "contrast=high", "theme=dark", "theme=<script>"]
DESK = (
    "operator",
    "jobs",
    "setup",
    "files",
    "phone",
    "keying",
    "scans",
    "comments",
    "inspections",
    "field",
    "sample",
    "team",
    "handover",
    "old_reports",
    "passes",
)
ROLE_OF = {
    **dict.fromkeys(DESK, Role.OPERATOR),
    "council": Role.COUNCIL,
    "table": Role.COUNCIL,
    "packages": Role.COUNCIL,
    "council_old_reports": Role.COUNCIL,
    "approval": Role.COUNCIL,
    "report": Role.COUNCIL,
    "organization": Role.ORGANIZATION,
    "own_results": Role.ORGANIZATION,
    "own_words": Role.ORGANIZATION,
    "spoken": Role.COUNCIL,
    "plans": Role.ORGANIZATION,
    "own_widget": Role.ORGANIZATION,
    "own_placement": Role.ORGANIZATION,
    "placement": Role.COUNCIL,
    "placement_acts": Role.AUTHORITY,
    "placement_regions": Role.AUTHORITY,
    "widget_desk": Role.COUNCIL,
    "plans_desk": Role.AUTHORITY,
    "admin": Role.ADMIN,
    "tokens": Role.ADMIN,
    "kiosks": Role.ADMIN,
    "own_kiosks": Role.ORGANIZATION,
    "studio": Role.OPERATOR,
    "own_studio": Role.ORGANIZATION,
    "kiosk_files": Role.OPERATOR,
    "kiosk_disputes": Role.OPERATOR,
}


@pytest.fixture
def world(session: Session) -> dict[str, Any]:
    """A published year and a collecting one; a clinic that was heard and inspected, its branch, a clinic of silence."""
    code = an_organization(short_name="Поликлиника № 12", recipients_per_year=200, inn="7718084659")
    with writing() as write:
        head = write.query(Organization).one().id
    an_organization("Городская поликлиника № 12, филиал № 1", parent_id=head)
    silent = an_organization(f"ГБУЗ «{'Очень длинное название ' * 12}»", address="Мира, 1")
    year = db.session.get_one(Campaign, a_campaign()).year
    campaign_id = a_campaign(title="Прошлогодняя оценка", year=year - 1, shows_interim=True)
    for one in (campaign_id, campaign_id - 1):
        an_inspection(one, code)
        for number in range(4):
            answers = {**CONTENT, "overall": "no" if number == 3 else "yes"}
            assert heard_about(code, one, answers, key=(one, number)).value == "counted"
    a_release(campaign_id)
    for role in Role:
        a_user(role, code=code if role is Role.ORGANIZATION else None)
    return {
        "code": code,
        "silent": silent,
        "campaign_id": campaign_id,
        "collecting": campaign_id - 1,
        "year": year - 1,
        **furnished(campaign_id, code),
    }


def addresses(app: Flask, world: dict[str, Any]) -> list[tuple[Rule, str]]:
    """Every page of the map, its parameters out of the world."""
    pages = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in FILES and "kind" not in rule.arguments
    ]
    with app.test_request_context():
        return [(rule, app.url_for(rule.endpoint, **{n: world[n] for n in rule.arguments})) for rule in pages]


def owner(rule: Rule) -> Role | None:
    """Whose page this is, None for everybody's."""
    blueprint = rule.endpoint.split(".")[0]
    return ROLE_OF[blueprint] if blueprint in GUARDED else None


@pytest.mark.parametrize("silence", [False, True], ids=["heard", "silent"])
def test_every_page_is_well_mannered(app, session, world, silence) -> None:
    code = world["silent"] if silence else world["code"]
    seen = 0
    for rule, path in addresses(app, {**world, "code": code}):
        if silence and rule.endpoint.startswith(("plans_", "opinions.review", "opinions.agree")):
            continue  # it has planned nothing, it has no score: there is no such page
        page = MannerlyClient(app, app.response_class)
        if (role := owner(rule)) is not None:
            signed_in(page, role.value)
        answer = page.get(path)
        assert answer.status_code == 200, path
        assert answer.mimetype == "text/html", path
        seen += 1
    assert seen >= 19


@ON_SQLITE
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_may_be_looked_at_in_another_way(app, session, world, look) -> None:
    for rule, path in addresses(app, world):
        page = MannerlyClient(app, app.response_class)
        if (role := owner(rule)) is not None:
            signed_in(page, role.value)
        text = page.get(f"{path}?{look}").text
        assert "<script>" not in text.replace("<script src", ""), path
        name, _, value = look.partition("=")
        # The survey is drawn once for everybody and knows the size alone; a kiosk's look is the script's.
        if not path.startswith(("/q/", "/kiosk/")) and "<" not in value:
            assert f'data-{name}="{value}"' in text, path


@pytest.mark.parametrize(
    "path",
    [
        "/operator/campaigns/{c}?q=%D0%9F%D0%9E%D0%9B%D0%98%D0%9A%D0%9B%D0%98%D0%9D%D0%98%D0%9A%D0%90&page=1",
        "/operator/campaigns/{c}?q=%25_%5C%27%22&page=2",
        "/operator/campaigns/{c}?q=%00",
        "/operator/campaigns/{c}?q=" + "a" * 5000,
        "/operator/campaigns/{c}?page=0",
        "/operator/campaigns/{c}?page=-7",
        "/operator/campaigns/{c}?page=" + "9" * 40,
        "/operator/campaigns/{c}?page=%D9%A3&q=7718084659",
    ],
)
def test_a_search_takes_whatever_is_typed(page, world, path) -> None:
    signed_in(page, "operator")
    answer = page.get(path.format(c=world["collecting"]))
    assert answer.status_code == 200
    nothing = {"%25", "a" * 5000}
    assert ("Поликлиника" in answer.text) is not any(word in path for word in nothing)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/o/AAAAAAAA",
        "/o/%00",
        "/o/AAAAAAAA/results/2026",
        "/o/{code}/results/1999",
        "/o/{code}/results/" + "9" * 40,
        "/ratings/99",
        "/ratings/" + "9" * 40,
        "/ratings/99.pdf",
        "/ratings/{campaign_id}.exe",
        "/q/AAAAAAAA",
        "/q/%00",
        "/q/AAAAAAAA/thanks",
        "/q/?code=%00",
        "/q/?code=AAAAAAAA",
        "/council/campaigns/99",
        "/council/campaigns/" + "9" * 40,
        "/council/campaigns/{campaign_id}/organizations/AAAAAAAA",
        "/council/nowhere",
        "/static/nowhere.css",
    ],
)
def test_what_is_not_there_has_a_page_that_says_so(page, world, path) -> None:
    signed_in(page, "council")
    answer = page.get(path.format(**world), follow_redirects=True)
    assert answer.status_code == 404
    assert re.search("Так(ой|ого)", answer.text)


@ON_SQLITE
def test_a_door_of_another_role_says_so(page, world) -> None:
    signed_in(page, "organization")
    answer = page.get("/council/")
    assert answer.status_code == 403
    assert "не для вашей роли" in answer.text


def test_a_survey_that_is_over_says_so(page, world) -> None:
    with writing() as session:
        session.get_one(Campaign, world["collecting"]).stage = Stage.REVIEW
    answer = page.get(f"/q/{world['code']}")
    assert answer.status_code == 410
    assert "Опрос сейчас не проводится" in answer.text
    assert "не сохранились" not in answer.text
    for path, said in (("/thanks", "Ваши ответы учтены"), ("/kept", "Учтены ваши первые ответы")):
        farewell = page.get(f"/q/{world['code']}{path}").text
        assert said in farewell, "what is counted stays so"
        assert "собираем анкеты" not in farewell and "чистую анкету" not in farewell


@ON_SQLITE
@pytest.mark.parametrize("path", ["/", "/council/", "/ratings"])
def test_a_wrong_method_has_a_page(page, world, path) -> None:
    assert page.delete(path).status_code in (400, 405)


@pytest.fixture
def broken(app: Flask) -> Flask:
    """An application as it is in service, with a view that breaks for each audience."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def breaks(**given: str) -> str:
        raise ValueError(SAID)

    for path in ("/broken", "/q/broken/<code>", "/council/broken"):
        app.add_url_rule(path, path, breaks)
    return app


@ON_SQLITE
@pytest.mark.parametrize("path", ["/broken", "/q/broken/x", "/council/broken"])
def test_what_breaks_is_owned_up_to_and_does_not_leak(broken, page, session, caplog, path) -> None:
    answer = page.get(path)
    assert answer.status_code == 500
    assert "Это не ваша ошибка" in answer.text
    assert "12345" not in answer.text
    assert "ValueError" not in answer.text
    assert "Traceback" not in answer.text
    number = re.findall(r"Номер обращения: (\w{8})", answer.text)
    assert len(number) == 1
    assert number[0] in caplog.text
    assert "test_pages.py" in caplog.text, "the log says where it broke"
    assert ("12345" in caplog.text) is not path.startswith("/q/"), "and on a survey page not one word more"


def test_a_database_that_does_not_answer_is_a_pause_not_a_fault(page, world, monkeypatch) -> None:
    def silent(*_given: object) -> None:
        raise OperationalError("SELECT 1", {}, RuntimeError("connection to 10.0.0.7 refused"))

    monkeypatch.setattr(listing, "lines", silent)
    answer = page.get("/ratings")
    assert answer.status_code == 503
    assert "не отвечает" in answer.text
    assert "10.0.0.7" not in answer.text


@ON_SQLITE
@pytest.mark.parametrize("path", ["/", "/council/", "/nowhere"])
def test_nor_is_it_a_fault_when_nobody_can_say_who_is_signed_in(
    app, page, session, monkeypatch, path
) -> None:
    def silent(*_key: object) -> None:
        raise OperationalError("SELECT 1", {}, RuntimeError("gone"))

    app.config["PROPAGATE_EXCEPTIONS"] = False
    signed_in(page, a_user(Role.COUNCIL))
    monkeypatch.setattr(db.session, "get", silent)
    answer = page.get(path)
    assert answer.status_code == 503
    assert "не отвечает" in answer.text


def test_the_service_is_alive_and_ready(client, session) -> None:
    assert (client.get("/health").status_code, client.get("/health").text) == (200, "ok\n")
    assert (client.get("/ready").status_code, client.get("/ready").text) == (200, "ready\n")


def test_without_its_newest_migration_the_service_is_alive_and_not_ready(app, client) -> None:
    with app.app_context():
        command.downgrade(alembic_config(), "base")
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503


@ON_SQLITE
def test_without_a_database_the_service_is_alive_and_not_ready(app, client, session, monkeypatch) -> None:
    def silent() -> bool:
        raise OperationalError("SELECT 1", {}, RuntimeError("gone"))

    monkeypatch.setattr("surveys.db.at_head", silent)
    assert client.get("/health").status_code == 200
    assert (client.get("/ready").status_code, client.get("/ready").text) == (503, "not ready\n")


PUBLIC = ["/o/{code}/results/{year}", "/o/{code}/results/{year}.json", "/o/{code}/results/{year}.pdf"]
PUBLIC += ["/ratings/{campaign_id}", *(f"/ratings/{{campaign_id}}.{kind}" for kind in ("json", "csv", "pdf"))]


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("interim", [False, True], ids=["kept back", "shown"])
@ON_SQLITE
def test_results_are_everybodys_once_published_or_while_they_grow_if_so_decided(
    page, world, stage, interim
) -> None:
    with writing() as session:
        campaign = session.get_one(Campaign, world["campaign_id"])
        campaign.stage, campaign.shows_interim = stage, interim
        if stage is not Stage.PUBLISHED:
            session.execute(delete(Release))
    shown = interim or stage is Stage.PUBLISHED
    expected = 200 if shown else 404
    assert {path: page.get(path.format(**world)).status_code for path in PUBLIC} == dict.fromkeys(
        PUBLIC, expected
    )
    for place in ("/ratings", f"/o/{world['code']}"):
        assert ("Прошлогодняя оценка" in page.get(place).text) is shown
    signed_in(page, "organization")
    result = f"/o/{world['code']}/results/{world['year']}"
    assert (result in page.get("/organization/").text) is shown
    if shown:
        preliminary = "не утверждены общественным советом" in page.get(PUBLIC[0].format(**world)).text
        assert preliminary is (stage is not Stage.PUBLISHED)
    signed_in(page, "council")
    assert page.get(f"/council/campaigns/{world['campaign_id']}").status_code == 200


def test_what_the_public_sees_is_what_the_council_sees(page, world) -> None:
    here = f"/council/campaigns/{world['campaign_id']}"
    open_to_all = [page.get(PUBLIC[n].format(**world)) for n in (1, 4, 5)]
    signed_in(page, "council")
    inside = [
        page.get(f"{here}/organizations/{world['code']}.json"),
        page.get(f"{here}.json"),
        page.get(f"{here}.csv"),
    ]
    assert [one.data for one in open_to_all] == [one.data for one in inside]
    assert (
        json.loads(open_to_all[0].text)["organization"]["result"]["indicators"]["5.3"]["printed"] == "75.00"
    )
    table = page.get(here).text
    assert "100,00" not in page.get(f"{here}/organizations/{world['silent']}").text
    assert REGION in table


@ON_SQLITE
def test_documents_are_pdf_under_names_of_their_own(page, world) -> None:
    signed_in(page, "council")
    here = f"/council/campaigns/{world['campaign_id']}"
    names = set()
    for path in (f"{here}.pdf", f"{here}/organizations/{world['code']}.pdf"):
        answer = page.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.data.startswith(b"%PDF-")
        assert answer.headers["Cache-Control"] == "no-store"
        names.add(answer.headers["Content-Disposition"])
    assert len(names) == 2


@ON_SQLITE
def test_a_campaign_that_nobody_joined_shows_its_emptiness(page, world) -> None:
    empty = a_campaign(title="Пустая", sector="mse", shows_interim=True)
    for role, paths in {
        "council": [
            f"/council/campaigns/{empty}",
            f"/council/campaigns/{empty}/results",
            f"/ratings/{empty}",
        ],
        "operator": [f"/operator/campaigns/{empty}"],
    }.items():
        signed_in(page, role)
        for path in paths:
            answer = page.get(path)
            assert answer.status_code == 200
            assert re.search("[Пп]ока н", answer.text), path


@ON_SQLITE
def test_a_service_without_anything_greets_all_the_same(app, session) -> None:
    code = an_organization()
    for role in Role:
        a_user(role, code=code if role is Role.ORGANIZATION else None)
    paths = {
        "": ["/", "/ratings", "/sign-in", f"/o/{code}"],
        "operator": ["/operator/"],
        "council": ["/council/"],
    }
    paths |= {"organization": ["/organization/"], "admin": ["/admin/"]}
    for login, own in paths.items():
        page = MannerlyClient(app, app.response_class)
        if login:
            signed_in(page, login)
        for path in own:
            assert page.get(path).status_code == 200
