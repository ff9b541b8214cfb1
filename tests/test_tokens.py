"""Tokens of programs: who makes them and for whom, shown once, kept as a hash, revoked; by page and by command."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from build import TOKEN, a_campaign, a_user, an_organization, signed_in, within
from manners import MannerlyClient
from sqlalchemy import select

from accounts import people, tokens
from accounts.models import ApiToken, AuditEvent, Duty, Right, Role, User
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Region, Stage
from surveys.refusals import NotFound, Refusal

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SECRET = re.compile(r'<p class="address">(nok_[\w-]{43})</p>')


@pytest.fixture
def campaign(session) -> int:
    """A collecting campaign, an administrator, a head, a verifier and an interviewer."""
    an_organization()
    campaign_id = a_campaign()
    a_user(Role.ADMIN)
    a_user(Role.OPERATOR)
    a_user(Role.OPERATOR, login="second")
    a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER)
    a_user(Role.OPERATOR, login="caller", duty=Duty.INTERVIEWER)
    return campaign_id


def made(login: str, campaign_id: int, **given: Any) -> tuple[int, str]:
    told: dict[str, Any] = {"rights": [Right.UPLOAD], "campaigns": [campaign_id], "ends_on": today(), **given}
    with writing() as session:
        token, secret = tokens.make(session, people.found(session, login), "Выгрузка", by="root", **told)
        return token.id, secret


def posted(page: MannerlyClient, address: str, **data: object):
    found = TOKEN.search(page.get("/tokens/new").text)
    assert found is not None
    return page.post(address, data={"csrf_token": found[1], **data})


def test_a_secret_is_shown_once_and_kept_as_a_hash(page, campaign) -> None:
    signed_in(page, "operator")
    answer = posted(
        page, "/tokens/new", name="Выгрузка", campaigns=campaign, rights=["upload", "undo"], term=30
    )
    assert answer.status_code == 200
    secret = within(SECRET, answer.text)
    db.session.rollback()
    token = db.session.scalars(select(ApiToken)).one()
    assert token.sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert (token.rights, [one.campaign_id for one in token.scope]) == (["upload", "undo"], [campaign])
    assert (token.user.login, token.used_on, token.ends_on) == ("operator", None, today() + timedelta(30))
    assert tokens.bearer(db.session(), secret) is token
    listed = page.get("/tokens").text
    assert "Выгрузка" in listed and secret not in listed and token.sha256 not in listed
    trail = db.session.scalars(select(AuditEvent)).one()
    assert (trail.actor, trail.action, trail.subject) == ("operator", "token-made", "operator")
    assert secret not in json.dumps(trail.detail)


def test_the_administrator_chooses_for_whom_a_head_has_only_his_own(page, campaign) -> None:
    signed_in(page, "operator")
    assert 'name="owner"' not in page.get("/tokens/new").text
    signed_in(page, "admin")
    offered = re.findall(r'<option (?:selected )?value="([a-z]+)"', page.get("/tokens/new").text)
    assert set(offered) == {"operator", "second", "verifier"}
    told = {"name": "Ночная", "campaigns": campaign, "rights": "upload", "term": 90}
    assert posted(page, "/tokens/new", owner="verifier", **told).status_code == 200
    assert posted(page, "/tokens/new", owner="caller", **told).status_code == 422
    assert "Ночная" in page.get("/tokens").text
    signed_in(page, "operator")
    assert "Ночная" not in page.get("/tokens").text


def test_a_head_revokes_his_own_and_no_other(page, campaign) -> None:
    mine, theirs = made("operator", campaign)[0], made("second", campaign)[0]
    signed_in(page, "operator")
    assert posted(page, f"/tokens/{theirs}/revoke").status_code == 404
    assert posted(page, f"/tokens/{mine}/revoke").status_code == 303
    assert posted(page, f"/tokens/{mine}/revoke").status_code == 303, "pressed twice is revoked once"
    db.session.rollback()
    assert [one.revoked_at is None for one in (tokens.one(db.session(), n) for n in (mine, theirs))] == [
        False,
        True,
    ]
    trail = [one.action for one in db.session.scalars(select(AuditEvent))]
    assert trail == ["token-made", "token-made", "token-revoked"]
    assert "Ключ отозван" in page.get("/tokens").text


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rights": []}, "что можно"),
        ({"rights": ["rule"]}, "что можно"),
        ({"campaigns": []}, "кампании"),
        ({"campaigns": [99]}, "№ 99"),
        ({"ends_on": today() - timedelta(1)}, "не раньше сегодняшнего"),
        ({"ends_on": today() + timedelta(400)}, "не дольше года"),
    ],
)
def test_what_makes_no_sense_is_refused(campaign, given, said) -> None:
    with pytest.raises(Refusal, match=said):
        made("operator", campaign, **given)
    assert db.session.scalars(select(ApiToken)).all() == []


@ON_SQLITE
def test_a_token_is_no_more_than_its_owner(campaign) -> None:
    for login in ("caller", "admin"):
        with pytest.raises(Refusal, match="руководителю оператора или верификатору"):
            made(login, campaign)
    with writing() as session:
        session.get_one(Campaign, campaign).stage = Stage.REVIEW
    with pytest.raises(Refusal, match="не собирает"):
        made("operator", campaign)
    with writing() as session:
        session.get_one(Campaign, campaign).stage = Stage.COLLECTING
        other = Region(name="Тульская область")
        session.add(other)
        session.flush()
        people.found(session, "operator").region_id = other.id
    with pytest.raises(Refusal, match="не видна"):
        made("operator", campaign)


@ON_SQLITE
def test_why_a_token_does_nothing_any_more_is_said(campaign) -> None:
    token_id, secret = made("operator", campaign)
    token = tokens.bearer(db.session(), secret)
    assert token is not None and tokens.ended(token) == ""
    assert tokens.bearer(db.session(), secret[:-1]) is None
    assert tokens.bearer(db.session(), "") is None
    with writing() as session:
        session.scalars(select(User).where(User.login == "operator")).one().active = False
    assert "закрыт вход" in tokens.ended(tokens.one(db.session(), token_id))
    with writing() as session:
        session.get_one(ApiToken, token_id).ends_on = today() - timedelta(1)
    assert "Срок" in tokens.ended(tokens.one(db.session(), token_id))
    with writing() as session:
        tokens.revoke(session, session.get_one(ApiToken, token_id), "root")
    assert "отозван" in tokens.ended(tokens.one(db.session(), token_id))
    with pytest.raises(NotFound):
        tokens.one(db.session(), 99)


def test_the_last_use_is_a_day(campaign) -> None:
    token_id = made("operator", campaign)[0]
    tokens.used(tokens.one(db.session(), token_id))
    db.session.rollback()
    assert tokens.one(db.session(), token_id).used_on == today()


def test_by_command(runner, campaign) -> None:
    answer = runner.invoke(
        args=[
            "tokens",
            "make",
            "operator",
            "--name",
            "Ночная",
            "--campaign",
            str(campaign),
            "--right",
            "upload",
        ]
    )
    assert answer.exit_code == 0, answer.output
    secret = answer.stdout.splitlines()[-1]
    token = tokens.bearer(db.session(), secret)
    assert token is not None and token.rights == ["upload"]
    listed = json.loads(runner.invoke(args=["tokens", "list", "--json"]).stdout)
    assert listed == [
        {
            "id": token.id,
            "name": "Ночная",
            "login": "operator",
            "rights": ["upload"],
            "campaigns": [campaign],
            "ends_on": (today() + timedelta(90)).isoformat(),
            "used_on": None,
            "revoked": False,
        }
    ]
    assert "Ночная" in runner.invoke(args=["tokens", "list"]).stdout
    assert runner.invoke(args=["tokens", "revoke", str(token.id)]).exit_code == 0
    assert runner.invoke(args=["tokens", "revoke", "99"]).exit_code == 2
    assert "отозван" in runner.invoke(args=["tokens", "list"]).stdout
    as_json = ["tokens", "make", "operator", "--name", "Ещё", "--campaign", str(campaign), "--json"]
    assert json.loads(runner.invoke(args=as_json).stdout)["token"].startswith("nok_")
    refused = runner.invoke(args=["tokens", "make", "nobody", "--name", "x", "--campaign", str(campaign)])
    assert refused.exit_code == 2 and "nobody" in refused.stderr
