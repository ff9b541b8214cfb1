"""Anonymity where a pass is shown: no code, link, cookie, subject or name of whoever signed in, in any table or log."""

import pytest
from build import CONTENT, a_campaign, an_organization, within
from flask.testing import FlaskClient
from provider import CLIENT_SECRET
from sqlalchemy import select
from test_passes import asked, brings, enters, issued
from test_privacy import TELLING, as_somebody, everything_logged, everything_stored
from test_sign_in_elsewhere import provider, signs_in

from surveys import admitting
from surveys.db import Base, db
from surveys.entry import tickets
from surveys.models import Response
from surveys.passes import Entry

__all__ = ["everything_logged", "provider"]

KEY = r'name="key" value="([^"]+)"'
PASSES = ("admission", "pass", "pass_batch", "signed_in", "sign_in_secret")


def held(client: FlaskClient, here: str) -> list[str]:
    """What the device holds for a form and for a sign-in under way."""
    places = (("nok_pass", here), ("nok_sign_in", "/q/signed-in"))
    return [found.value for name, path in places if (found := client.get_cookie(name, path=path))]


def test_a_code_is_in_no_table_and_no_log(app, session, everything_logged, capfd) -> None:
    here = f"/q/{an_organization()}"
    a_campaign()
    asked(Entry.CODE)
    code, other, _left = issued(app)
    link = tickets.link(app.config["SECRET_KEY"], other)
    client = as_somebody(app.test_client())
    form = enters(client, here, admitting.spaced(code))
    telling = [*TELLING.values(), *held(client, here), code, admitting.spaced(code), other, link]
    telling += [within(KEY, form), admitting.mark_of(app.config["SECRET_KEY"], 1, code)]
    assert len(telling) == len(TELLING) + 7
    assert brings(client, here, form).status_code == 303
    assert client.get(f"{here}/one/{link}").status_code == 200
    assert client.post(f"{here}/enter", data={"code": code, "key": "x"}).status_code == 422
    told, stored = everything_logged.text + "".join(capfd.readouterr()), everything_stored()
    assert "INSERT INTO response" in told and "DELETE FROM pass" in told, "the search itself works"
    assert not [value for value in telling if value in stored]
    assert not [value for value in telling[:-1] if value in told]
    assert admitting.mark_of(app.config["SECRET_KEY"], 1, other) in stored, "an unused one is a hash"


def test_whoever_signed_in_is_in_no_table_and_no_log(
    app, session, provider, everything_logged, capfd
) -> None:
    here = f"/q/{an_organization()}"
    a_campaign()
    asked(Entry.SIGN_IN)
    person = {"name": "Аглая Ведерникова", "email": "aglaya@example.org", "phone_number": "+79270000000"}
    provider.lie = person
    client = as_somebody(app.test_client())
    begun = client.get(f"{here}/sign-in")
    under_way = held(client, here)
    assert client.get(provider.signs_in(begun.location)).location == here
    telling = [
        *under_way,
        *TELLING.values(),
        *person.values(),
        *held(client, here),
        provider.subject,
        CLIENT_SECRET,
    ]
    form = client.get(here).text
    assert client.post(here, data={**CONTENT, "key": within(KEY, form)}).status_code == 303
    assert signs_in(client, provider, here).status_code == 409
    told, stored = everything_logged.text + "".join(capfd.readouterr()), everything_stored()
    assert "/token" in told and "INSERT INTO signed_in" in told, "the search itself works"
    assert len(telling) == len(TELLING) + 7
    for value in telling:
        assert value not in stored
        assert value not in told
        assert value.encode().hex() not in stored


@pytest.mark.parametrize("table", PASSES)
def test_a_pass_and_an_answer_have_nothing_in_common(table) -> None:
    targets = {key.target_fullname for key in Base.metadata.tables[table].foreign_keys}
    assert targets <= {"assessment.id", "campaign.id", "pass_batch.id"}
    led = [
        name
        for name, other in Base.metadata.tables.items()
        for key in other.foreign_keys
        if key.target_fullname.startswith(f"{table}.") and name not in PASSES
    ]
    assert led == []


def test_no_moment_is_kept_beside_a_pass(app, session) -> None:
    moments = ("hour", "time", "_at", "created", "used")
    columns = [name for table in PASSES for name in Base.metadata.tables[table].columns.keys()]
    assert not [name for name in columns if any(moment in name for moment in moments)]
    assert db.session.scalars(select(Response)).all() == []
