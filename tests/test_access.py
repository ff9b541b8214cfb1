"""Who may open what: every address has a guard or is named as open; signing in; sessions; regions."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from build import (
    CONTENT,
    PASSWORD,
    REGION,
    TOKEN,
    a_campaign,
    a_user,
    an_inspection,
    an_organization,
    heard_about,
    signed_in,
)
from desk import furnished
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from accounts import access
from accounts.access import GUARDED
from accounts.models import AuditEvent, Duty, Role, User
from api.contract.document import OPERATIONS
from surveys.db import db, writing
from surveys.models import Campaign, Region

#: What anybody may open. A new address is guarded by its blueprint, or somebody writes it down here.
OPEN = {
    "icon",
    "static",
    "survey.form",
    "survey.submit",
    "survey.thanks",
    "survey.kept",
    "survey.typed",
    "survey.home",
    *(f"entry.{one}" for one in ("enter", "link", "sign_in", "signed_in")),
    "accounts.sign_in",
    "accounts.sign_out",
    *(f"opinions.{one}" for one in ("agree", "agreed", "scores", "scored", "measures", "review", "reviewed")),
    "public.organization",
    "public.year",
    "public.year_file",
    "public.ratings",
    "public.rating",
    "public.rating_file",
    "public.versions",
    "public.version",
    "public.version_file",
    "public.version_changes",
    "widget.image",
    "widget.inplace",
    "placement_wall.photo",
    "placement_wall.thanks",
    "signed.document",
    "signed.signature",
    "portal.find",
    "portal.year",
    "portal.sector",
    "portal.region",
    "portal.municipality",
    "portal.participation",
    "opendata.index",
    "opendata.listed",
    "opendata.check",
    "opendata.page",
    "opendata.file",
    "machines.robots",
    "machines.sitemap",
    "machines.sitemap_part",
    "plans_open.plan",
    "plans_open.document",
    "verify.index",
    "verify.check",
    "verify.release",
    "verify.tool",
    "health",
    "ready",
    "api_pages.index",
}
OPEN |= {one.endpoint for one in OPERATIONS if not one.bearer}
OPEN |= {f"kiosk.{one}" for one in ("index", "worker", "manifest", "code", "claim", "state", "answers")}
#: What a program opens with a token, and nobody with a session.
LEADING_ON = {"entry.link", "entry.sign_in", "entry.signed_in"}  # walked by tests/test_passes.py and its kin
BEARER = {one.endpoint for one in OPERATIONS if one.bearer}
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(session: Session) -> dict[str, Any]:
    """One organisation in one open campaign, a user of every role; what addresses are filled with."""
    code = an_organization(recipients_per_year=200)
    campaign_id = a_campaign(shows_interim=True)
    an_inspection(campaign_id, code)
    heard_about(code, campaign_id, CONTENT, key="a score to agree with")
    for role in Role:
        a_user(role, code=code if role is Role.ORGANIZATION else None)
    year = db.session.get_one(Campaign, campaign_id).year
    db.session.rollback()
    return {
        "code": code,
        "campaign_id": campaign_id,
        "year": year,
        "kind": "json",
        **furnished(campaign_id, code),
    }


def rules(app: Flask, *, guarded: bool) -> list[Rule]:
    """The map's addresses, those of guarded blueprints or the others."""
    return [r for r in app.url_map.iter_rules() if (r.endpoint.split(".")[0] in GUARDED) is guarded]


def address(app: Flask, rule: Rule, world: Mapping[str, Any]) -> str:
    """A rule as an address, its parameters out of the world."""
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: world[name] for name in rule.arguments})


@pytest.fixture
def guarded_pages(app: Flask, world: dict[str, Any]) -> list[tuple[str, str]]:
    """(blueprint, address) of everything behind a guard that can be opened."""
    found = [r for r in rules(app, guarded=True) if "GET" in (r.methods or ())]
    assert len(found) > 8
    return [(rule.endpoint.split(".")[0], address(app, rule, world)) for rule in found]


@ON_SQLITE
def test_every_address_has_a_guard_or_is_named_as_open(app: Flask) -> None:
    assert {rule.endpoint for rule in rules(app, guarded=False)} == OPEN | BEARER
    assert GUARDED.keys() <= app.blueprints.keys()
    assert all(GUARDED.values())


@ON_SQLITE
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_own_doors_and_no_other(client, guarded_pages, role) -> None:
    signed_in(client, role.value)
    for blueprint, path in guarded_pages:
        expected = 200 if role in GUARDED[blueprint] else 403
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == expected, f"{role} at {path}: {answer.status_code}"
        assert client.head(path, follow_redirects=True).status_code == expected


@ON_SQLITE
@pytest.mark.parametrize("duty", list(Duty))
def test_one_of_the_team_opens_what_the_duty_opens_and_nothing_else(client, app, world, duty) -> None:
    a_user(Role.OPERATOR, login=f"team-{duty.value}", duty=duty)
    signed_in(client, f"team-{duty.value}")
    doors = [r for r in rules(app, guarded=True) if Role.OPERATOR in GUARDED[r.endpoint.split(".")[0]]]
    for rule in doors:
        allowed = access.ENTRUSTED[rule.endpoint.split(".")[0]]
        own = getattr(app.view_functions[rule.endpoint], "duties", allowed)
        assert Duty.HEAD in own
        if "GET" in (rule.methods or ()):
            answer = client.get(address(app, rule, world))
        else:
            answer = client.post(address(app, rule, world), data={"csrf_token": token(client)})
        assert (answer.status_code == 403) is (duty not in own), (
            f"{duty} at {rule.rule}: {answer.status_code}"
        )


@ON_SQLITE
def test_nobody_is_led_to_the_sign_in_and_back(client, guarded_pages) -> None:
    for _blueprint, path in guarded_pages:
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.request.path == path
        assert answer.location == f"/sign-in?next={path}"


@ON_SQLITE
def test_nobody_writes_behind_a_guard(client, app, world) -> None:
    written = [
        r for r in rules(app, guarded=True) if {"POST", "PUT", "DELETE", "PATCH"} & (r.methods or set())
    ]
    assert written
    for rule in written:
        path = address(app, rule, world)
        assert client.post(path).status_code == 400, "no token, no writing"
        answer = client.post(path, data={"csrf_token": token(client)})
        assert (answer.status_code, answer.location) == (302, "/sign-in")


@ON_SQLITE
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR}))
def test_another_role_writes_no_inspection(client, world, role) -> None:
    signed_in(client, role)
    path = f"/operator/campaigns/{world['campaign_id']}/inspections/{world['code']}/visit"
    assert client.post(path, data={"csrf_token": token(client)}).status_code == 403


@ON_SQLITE
def test_the_open_doors_need_nobody(client, app, world) -> None:
    for rule in rules(app, guarded=False):
        if "GET" in (rule.methods or ()) and rule.endpoint in OPEN - {"static"} - LEADING_ON:
            assert client.get(address(app, rule, world)).status_code == 200, rule.rule


@ON_SQLITE
@pytest.mark.parametrize("role", [None, *Role])
def test_a_programs_door_knows_no_session(client, app, world, role) -> None:
    if role is not None:
        signed_in(client, role.value)
    doors = [rule for rule in rules(app, guarded=False) if rule.endpoint in BEARER]
    assert len(doors) == len(BEARER)
    for rule in doors:
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        answer = client.open(address(app, rule, world), method=method)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), rule.rule
        assert "Set-Cookie" not in answer.headers and "Access-Control-Allow-Origin" not in answer.headers


def token(client: FlaskClient) -> str:
    """The CSRF token of this client's session: the sign-in page has one, and so has every page of the staff."""
    found = TOKEN.search(client.get("/sign-in", follow_redirects=True).text)
    assert found is not None
    return found[1]


def entered(client: FlaskClient, login: str, password: str = PASSWORD, query: str = ""):
    """The sign-in form, filled in and sent as a browser does."""
    data = {"login": login, "password": password, "csrf_token": token(client)}
    return client.post(f"/sign-in{query}", data=data)


@pytest.mark.parametrize("role", list(Role))
@ON_SQLITE
def test_each_role_comes_home(client, world, role) -> None:
    answer = entered(client, role.value)
    assert answer.status_code == 302
    home = client.get(answer.location)
    assert home.status_code == 200
    assert client.get("/sign-in").location == answer.location


def test_a_sign_in_is_recorded_and_the_login_is_no_matter_of_case(client, session) -> None:
    a_user(Role.COUNCIL, login="ivanova")
    assert entered(client, " Ivanova ").location == "/council/"
    db.session.rollback()
    assert [(e.actor, e.action) for e in db.session.scalars(select(AuditEvent))] == [("ivanova", "sign-in")]


def test_a_wrong_password_an_unknown_login_and_a_closed_account_are_told_the_same(client, session) -> None:
    a_user(Role.COUNCIL, login="ivanova")
    a_user(Role.COUNCIL, login="petrov")
    with writing() as write:
        write.scalars(select(User).where(User.login == "petrov")).one().active = False
    said = set()
    for login, password in (("ivanova", "not-her-password"), ("nobody", PASSWORD), ("petrov", PASSWORD)):
        answer = entered(client, login, password)
        assert answer.status_code == 422
        assert client.get("/council/").status_code == 302
        said.add(TOKEN.sub("", answer.text).replace(login, ""))
    assert len(said) == 1
    assert "Логин или пароль не подходит" in said.pop()


@ON_SQLITE
def test_an_unknown_login_takes_as_long_as_a_wrong_password(session, monkeypatch) -> None:
    a_user(Role.COUNCIL, login="ivanova")
    verified: list[str] = []
    monkeypatch.setattr(
        access,
        "_hasher",
        type("Counting", (), {"verify": lambda self, digest, word: verified.append(digest)})(),
    )
    for login in ("ivanova", "nobody"):
        access.recognised(session, login, PASSWORD)
    assert len(verified) == 2
    assert all(digest.startswith("$argon2id$") for digest in verified)


@ON_SQLITE
def test_nothing_typed_is_named_field_by_field(page, session) -> None:
    answer = entered(page, "", "")
    assert answer.status_code == 422
    assert "Введите логин" in answer.text
    assert "Введите пароль" in answer.text
    assert entered(page, "x" * 61).status_code == 422


def test_a_weak_password_is_refused_with_how_long_it_must_be() -> None:
    with pytest.raises(access.WeakPassword, match="не меньше 10"):
        access.hashed("x" * 9)
    assert access.hashed("x" * 10).startswith("$argon2id$")


def test_a_new_password_ends_every_older_session(client, session) -> None:
    signed_in(client, a_user(Role.COUNCIL))
    assert client.get("/council/").status_code == 200
    with writing() as write:
        write.scalars(select(User)).one().epoch += 1
    assert client.get("/council/").status_code == 302


@pytest.mark.parametrize("identity", ["", "1", "x.0", "1.", "1.0.0", "99.0", "٣.0"])
def test_a_session_that_names_nobody_is_nobodys(client, session, identity) -> None:
    a_user(Role.COUNCIL)
    with client.session_transaction() as held:
        held["_user_id"] = identity
    assert client.get("/council/").status_code == 302


def test_a_closed_account_is_out_at_once(client, session) -> None:
    signed_in(client, a_user(Role.COUNCIL))
    with writing() as write:
        write.scalars(select(User)).one().active = False
    assert client.get("/council/").status_code == 302


@ON_SQLITE
def test_a_session_does_not_outlive_half_a_day(client, session, monkeypatch) -> None:
    then = time.time() - 12 * 3600 - 60
    with monkeypatch.context() as past:
        past.setattr(time, "time", lambda: then)
        signed_in(client, a_user(Role.COUNCIL))
    assert client.get("/council/").status_code == 302


@ON_SQLITE
@pytest.mark.parametrize("path", ["/council/", "/council/campaigns/1?q=%D0%B0&page=2"])
def test_the_sign_in_leads_on_to_where_one_was_going(client, session, path) -> None:
    a_user(Role.COUNCIL)
    led = client.get(path).location
    assert entered(client, "council", query=led.removeprefix("/sign-in")).location == path


@ON_SQLITE
@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/council/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "%2F%2Fevil.example",
        "/%0A/evil.example",
        "javascript:alert(1)",
        "council/",
        "",
    ],
)
def test_the_sign_in_never_leads_off_site(client, session, wanted) -> None:
    a_user(Role.COUNCIL)
    assert entered(client, "council", query=f"?next={wanted}").location == "/council/"


@ON_SQLITE
def test_too_many_tries_are_stopped_by_login_and_nobody_else_suffers(app, page, session) -> None:
    app.config["SIGN_IN_LIMIT"] = "3 per minute"
    a_user(Role.COUNCIL, login="ivanova")
    a_user(Role.OPERATOR, login="petrov")
    assert [entered(page, "ivanova", "not-her-password").status_code for _ in range(3)] == [422] * 3
    answer = entered(page, " IVANOVA ")
    assert answer.status_code == 429
    assert "Слишком много попыток" in answer.text
    assert entered(page, "petrov").location == "/operator/"


@ON_SQLITE
@pytest.mark.parametrize("form", [{}, {"csrf_token": "stolen"}])
def test_a_form_without_our_token_is_refused_in_plain_words(page, session, form) -> None:
    a_user(Role.COUNCIL)
    answer = page.post("/sign-in", data={"login": "council", "password": PASSWORD, **form})
    assert answer.status_code == 400
    assert "Страница устарела" in answer.text
    assert page.get("/council/").status_code == 302


@ON_SQLITE
def test_signing_out_takes_a_form(page, session) -> None:
    signed_in(page, a_user(Role.COUNCIL))
    assert page.get("/sign-out").status_code == 405
    assert page.post("/sign-out").status_code == 400
    found = TOKEN.search(page.get("/council/").text)
    assert found is not None
    answer = page.post("/sign-out", data={"csrf_token": found[1]})
    assert answer.status_code == 302
    assert "Вы вышли" in page.get(answer.location).text
    assert page.get("/council/").status_code == 302


@ON_SQLITE
@pytest.mark.parametrize("secure", [False, True])
def test_the_session_cookie_is_the_browsers_own_secret(app, client, session, secure) -> None:
    app.config["SESSION_COOKIE_SECURE"] = secure
    a_user(Role.COUNCIL)
    cookies = entered(client, "council").headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    name, *flags = cookies[0].split("; ")
    assert name.startswith("nok=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags)
    assert ("Secure" in flags) is secure
    assert not any(flag.startswith(("Domain", "Expires", "Max-Age")) for flag in flags)


@ON_SQLITE
def test_who_is_signed_in_answers_as_anybody(client, world) -> None:
    signed_in(client, "admin")
    shown = client.get(f"/q/{world['code']}")
    assert shown.status_code == 200
    assert "admin" not in shown.text
    assert "Set-Cookie" not in shown.headers


@pytest.fixture
def elsewhere(world: dict[str, Any]) -> Iterator[None]:
    """Every user is of another region than the campaign's."""
    with writing() as session:
        other = Region(name="Тульская область")
        session.add(other)
        session.flush()
        for user in session.scalars(select(User)):
            user.region_id = other.id
    yield


def about_the_campaign(app: Flask, role: Role, world: Mapping[str, Any]) -> list[str]:
    return [
        address(app, rule, world)
        for rule in rules(app, guarded=True)
        if "campaign_id" in rule.arguments and role in GUARDED[rule.endpoint.split(".")[0]]
        if "GET" in (rule.methods or ())
    ]


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.AUTHORITY, Role.CURATOR, Role.OPERATOR])
@ON_SQLITE
def test_another_regions_campaign_is_not_there(app, page, world, elsewhere, role) -> None:
    signed_in(page, role)
    addresses = about_the_campaign(app, role, world)
    assert len(addresses) >= 5
    assert {page.get(path).status_code for path in addresses} == {404}
    home = "/operator/" if role is Role.OPERATOR else "/council/"
    assert "Поликлиники Москвы" not in page.get(home).text


@ON_SQLITE
def test_ones_own_region_is_there(app, page, world) -> None:
    with writing() as session:
        own = session.scalars(select(Region).where(Region.name == REGION)).one()
        session.scalars(select(User).where(User.login == "council")).one().region_id = own.id
    signed_in(page, "council")
    answers = [page.get(path) for path in about_the_campaign(app, Role.COUNCIL, world)]
    undrawn = f"/council/campaigns/{world['campaign_id']}/approval/versions/{world['version']}"
    assert {answer.location or answer.status_code for answer in answers} == {200, undrawn}
    assert "Поликлиники Москвы" in page.get("/council/").text
