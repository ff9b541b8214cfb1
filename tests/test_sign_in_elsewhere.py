"""Signing in by OpenID Connect: one person, one answer, and nobody's name, number or subject anywhere."""

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from build import CONTENT, a_campaign, an_organization, within
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from provider import CLIENT_ID, CLIENT_SECRET, Provider, answering
from sqlalchemy import func, select

from config import Config, ConfigRefused
from surveys import admitting, campaigns, library
from surveys.admitting import PERSON, Ticket
from surveys.clock import today
from surveys.db import db, writing
from surveys.entry import oidc
from surveys.intake import Finished
from surveys.models import Assessment, Campaign, Pinned, Response, Stage
from surveys.passes import Entry, SignedIn, SignInSecret
from surveys.questionnaire import packed

KEY = r'name="key" value="([^"]+)"'
BACK = "/q/signed-in"


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    """A provider, and a service that was told of it."""
    oidc._metadata.cache_clear()  # another test's provider may have had this very port
    with answering() as made:
        app.config.update(
            OIDC_ISSUER=made.issuer,
            OIDC_CLIENT_ID=CLIENT_ID,
            OIDC_CLIENT_SECRET=CLIENT_SECRET,
            OIDC_NAME="Госвход",
        )
        yield made


@pytest.fixture
def here(session) -> str:
    code = an_organization()
    a_campaign()
    asked(Entry.SIGN_IN)
    return f"/q/{code}"


def asked(entry: Entry) -> None:
    with writing() as session:
        admitting.ask(session, session.scalars(select(Assessment.id)).all(), entry)


def signs_in(client: FlaskClient, provider: Provider, here: str) -> Any:
    """From the form's page to the provider and back; what the service says then."""
    sent = client.get(f"{here}/sign-in")
    assert sent.status_code == 303, sent.text
    return client.get(provider.signs_in(sent.location))


def answers(client: FlaskClient, here: str, **given: str) -> Any:
    form = client.get(here).text
    return client.post(here, data={**CONTENT, **given, "key": within(KEY, form)})


def counted() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Response)) or 0


def test_a_person_answers_once_however_many_devices_they_have(app, page, provider, here) -> None:
    assert "Войти через Госвход" in page.get(here).text
    first, second = app.test_client(), app.test_client()
    assert signs_in(first, provider, here).location == here
    assert signs_in(second, provider, here).location == here, "whoever only signs in has answered nothing"
    forms = [client.get(here).text for client in (first, second)]
    sent = [
        client.post(here, data={**CONTENT, "key": within(KEY, form)})
        for client, form in zip((first, second), forms, strict=True)
    ]
    assert [answer.status_code for answer in sent] == [303, 409]
    assert "Вы уже отвечали" in sent[1].text and "не сохранены" in sent[1].text
    assert signs_in(app.test_client(), provider, here).status_code == 409
    provider.subject = "somebody-else"
    other = app.test_client()
    assert signs_in(other, provider, here).location == here
    assert answers(other, here).status_code == 303
    assert counted() == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("known", "prompt"),
    [(None, "select_account"), (["login"], "login"), (["login", "select_account"], "select_account")],
)
def test_another_person_of_the_family_may_sign_in_on_the_same_telephone(
    app, page, provider, here, known, prompt
) -> None:
    provider.prompts = known
    client = app.test_client()
    assert "prompt=" not in client.get(f"{here}/sign-in").location
    signs_in(client, provider, here)
    assert client.get_cookie("nok_sign_in", path=BACK) is None, "it has done its work"
    answers(client, here)
    told = signs_in(client, provider, here)
    assert "в этом опросе уже ответили" in told.text
    asked_ = within(r'class="button" href="([^"]+)"', told.text)
    assert asked_ == f"{here}/sign-in?again=1"
    assert "Пусть войдёт под своим именем" in page.get(f"{here}?again=1").text
    sent = client.get(asked_).location
    assert f"prompt={prompt}" in sent
    provider.subject = "her-husband"
    assert client.get(provider.signs_in(sent)).location == f"{here}?again=1"
    assert answers(client, f"{here}?again=1").status_code == 303
    assert counted() == 2


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"nonce": "of-another-sign-in"},
        {"exp": 1},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=lambda lie: next(iter(lie)),
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_token_that_lies_admits_nobody(app, provider, here, lie) -> None:
    provider.lie = lie
    client = app.test_client()
    told = signs_in(client, provider, here)
    assert told.status_code == 422
    assert "Войти не получилось" in told.text
    assert "Нужно войти" in client.get(here).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_token_signed_by_somebody_else_admits_nobody(app, provider, here) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "first"})
    assert signs_in(app.test_client(), provider, here).status_code == 422


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_answer_to_another_sign_in_admits_nobody(app, page, provider, here) -> None:
    client = app.test_client()
    address = provider.signs_in(client.get(f"{here}/sign-in").location)
    assert "Вход прервался" in page.get(address).text, "begun on another device"
    assert client.get(f"{BACK}?code=x&state=y").status_code == 422
    assert client.get(f"{BACK}?error=access_denied").status_code == 422
    assert client.get(address).status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_provider_that_is_down_is_said_and_nothing_is_lost(app, page, provider, here) -> None:
    provider.down = True
    told = page.get(f"{here}/sign-in")
    assert told.status_code == 502
    assert "Войти не получилось" in told.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "says",
    [
        lambda told: {name: told[name] for name in told if name != "authorization_endpoint"},
        lambda told: {name: told[name] for name in told if name != "token_endpoint"},
        lambda told: told | {"jwks_uri": None},
        lambda told: told | {"authorization_endpoint": "http://["},
        lambda told: [told],
        lambda told: None,
    ],
    ids=["no-authorization", "no-token", "no-keys", "no-address", "a-list", "nothing"],
)
def test_a_provider_that_does_not_tell_where_to_go_is_believed_in_nothing(page, provider, here, says) -> None:
    truth, provider.says = provider.says, says
    told = page.get(f"{here}/sign-in")
    assert told.status_code == 502
    assert "Войти не получилось" in told.text
    provider.says = truth
    assert page.get(f"{here}/sign-in").status_code == 303, "once it is mended, at once"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "proofs",
    [
        ["client_secret_post"],
        ["private_key_jwt", "client_secret_post"],
        ["client_secret_post", "client_secret_basic"],
    ],
    ids=["post", "post-or-keys", "post-or-basic"],
)
def test_the_secret_is_shown_as_the_provider_takes_it(app, provider, here, proofs) -> None:
    provider.proofs = proofs
    assert signs_in(app.test_client(), provider, here).location == here


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_provider_that_takes_no_secret_is_for_those_who_have_none(app, page, provider, here) -> None:
    provider.proofs = ["private_key_jwt"]
    told = page.get(f"{here}/sign-in")
    assert told.status_code == 502
    assert "Войти не получилось" in told.text
    app.config["OIDC_CLIENT_SECRET"] = ""
    assert page.get(f"{here}/sign-in").status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_a_provider_nobody_is_sent_anywhere(page, here) -> None:
    assert "Вход сейчас не работает" in page.get(here).text
    assert page.get(f"{here}/sign-in").location == here


def test_marks_are_many_in_a_row_and_go_when_collecting_ends(app, provider, here) -> None:
    client = app.test_client()
    signs_in(client, provider, here)
    answers(client, here)
    db.session.rollback()
    [bag] = db.session.scalars(select(SignedIn)).all()
    assert len(bag.marks) == 16 * (admitting.DECOYS + 1), "the first is already one among many"
    with writing() as session:
        campaigns.move(session, session.scalars(select(Campaign)).one(), Stage.REVIEW)
    db.session.rollback()
    for table in (SignedIn, SignInSecret):
        assert db.session.scalars(select(table)).all() == []
    assert counted() == 1


def test_marks_of_two_campaigns_have_nothing_in_common(app, session) -> None:
    marks = {}
    for year in (today().year, today().year + 1):
        an_organization(f"Клиника {year}", sector="health" if year % 2 else "culture")
        number = a_campaign(year=year, sector="health" if year % 2 else "culture")
        with writing() as opened:
            own = [admitting.person_mark(opened, "s" * 32, number, "https://a.example", "7") for _ in "ab"]
        assert own[0] == own[1]
        marks[number] = own[0]
    assert len(set(marks.values())) == 2


def test_two_who_sign_in_first_at_one_moment_share_one_secret(app, session) -> None:
    an_organization()
    number, meeting, told = a_campaign(), Barrier(4), []

    def one() -> None:
        with app.app_context():
            meeting.wait()
            with writing() as opened:
                told.append(admitting.person_mark(opened, "s" * 32, number, "https://a.example", "7"))

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 4 and len(set(told)) == 1


def test_one_person_on_many_devices_at_one_moment_is_one_answer(app, here) -> None:
    with app.app_context():
        place, form = db.session.scalars(select(Assessment)).one(), library.questionnaire("bus-gov-13")
        asked_ = db.session.scalars(select(Pinned.id).where(Pinned.kind == "questionnaire")).first()
        assert asked_ is not None
        facts = (place.campaign_id, place.id, form, asked_, 1, today(), packed(form, CONTENT))
    meeting, told = Barrier(4), []

    def one(number: int) -> None:
        with app.app_context():
            meeting.wait()
            try:
                told.append(admitting.accept(Finished(number, *facts), Ticket(PERSON, "7f" * 16)).value)
            except admitting.Used:
                told.append("used")

    threads = [Thread(target=one, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["counted", "used", "used", "used"]
    assert counted() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"NOK_OIDC_ISSUER": "http://login.example.ru", "NOK_OIDC_CLIENT_ID": "nok"}, "NOK_OIDC_ISSUER"),
        ({"NOK_OIDC_ISSUER": "https://login.example.ru"}, "NOK_OIDC_CLIENT_ID"),
    ],
)
def test_half_a_provider_is_refused_at_the_start(tmp_path, given, said) -> None:
    with pytest.raises(ConfigRefused, match=said):
        Config.from_environment({"NOK_DATA_DIR": str(tmp_path), **given})


def test_a_provider_is_told_by_the_environment(tmp_path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    told = Config.from_environment(
        {
            "NOK_DATA_DIR": str(tmp_path),
            "NOK_OIDC_ISSUER": "https://login.example.ru/realms/a",
            "NOK_OIDC_CLIENT_ID": "nok",
            "NOK_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret"),
        }
    )
    assert (told.OIDC_NAME, told.OIDC_CLIENT_SECRET) == ("login.example.ru", "s3cret")
    assert "s3cret" not in str(told.without_secrets())
