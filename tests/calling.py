"""A campaign with a list to call: what the tests of the telephone stand on."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from build import PLEASED, a_campaign, a_user, an_organization, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Duty, Role, User
from operator_app.phone import lists
from operator_app.phone.tables import Contact
from surveys import clock
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign

SECRET = "tests-only-" + "0" * 32
HIDDEN = re.compile(r'name="(csrf_token|call|key|state|at)" value="([^"]*)"')
NUMBERS = ("+79161234501", "+79161234502", "+79161234503", "+79161234504", "+79161234505", "+79161234506")

#: A whole 675n-full by somebody content who saw neither stand nor site and rang nobody.
CONTENT_675 = {
    "stand_seen": "no",
    "site_seen": "no",
    **PLEASED,
    "proposals": "",
    "sex": "female",
    "age": "",
}


def noon() -> datetime:
    """Today at noon in Moscow, as tables keep it."""
    return datetime.combine(today(), datetime.min.time()) + timedelta(hours=9)


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Let the telephone believe that it is this moment (UTC)."""
    monkeypatch.setattr(clock, "now", lambda: moment)


def a_list(campaign_id: int, code: str, numbers: tuple[str, ...] = NUMBERS[:3], **given: str) -> None:
    """These numbers on the campaign's list, about this organisation; `name`, `note` and `zone` are everybody's."""
    rows = [
        ["Телефон", "Код", "Имя", "Часовой пояс", "Примечание"],
        *(
            [number, code, given.get("name", "Аглая Петровна"), given.get("zone", ""), given.get("note", "")]
            for number in numbers
        ),
    ]
    text = "\n".join(";".join(row) for row in rows)
    with in_a_file(text) as path:
        campaign = db.session.get_one(Campaign, campaign_id)
        lines, report = lists.read_list(db.session(), campaign, path)
    assert report.refused == []
    lists.load(SECRET, campaign_id, lines, report, "head")


@contextmanager
def in_a_file(text: str, encoding: str = "utf-8") -> Iterator[Path]:
    """This text as a file for as long as it is read."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list.csv")
        path.write_bytes(text.encode(encoding))
        yield path


def a_desk(*numbers: str, **given: str) -> tuple[int, str]:
    """A collecting campaign of one clinic with these numbers to call; (campaign, code)."""
    code = an_organization(recipients_per_year=200)
    campaign_id = a_campaign()
    a_list(campaign_id, code, numbers or NUMBERS[:3], **given)
    return campaign_id, code


def an_interviewer(login: str = "vera") -> User:
    """One who calls."""
    a_user(Role.OPERATOR, login=login, duty=Duty.INTERVIEWER)
    return the(login)


def the(login: str) -> User:
    """The user with this login."""
    return db.session.scalars(select(User).where(User.login == login)).one()


def contacts() -> list[Contact]:
    """Every contact as it is stored now."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Contact).order_by(Contact.key)))


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page's form, the first of each name."""
    found: dict[str, str] = {}
    for name, value in HIDDEN.findall(text):
        found.setdefault(name, value)
    return found


class Caller:
    """An interviewer at the pages, as a browser without a script."""

    def __init__(self, client: FlaskClient, campaign_id: int, login: str = "vera") -> None:
        self.client, self.here = signed_in(client, login), f"/operator/campaigns/{campaign_id}/phone"

    def get(self, page: str = "/") -> str:
        """The text of one of the telephone's pages."""
        answer = self.client.get(self.here + page)
        assert answer.status_code == 200, (page, answer.status_code)
        return answer.text

    def post(self, page: str, data: Mapping[str, Any] | None = None, *, seen: str = "/call") -> Any:
        """A form sent from the page that one has seen."""
        return self.client.post(self.here + page, data={**hidden(self.get(seen)), **(data or {})})

    def next(self) -> str:
        """The next contact's page."""
        answer = self.post("/next", seen="/")
        return self.client.get(answer.location).text

    def ends(self, outcome: str, **more: str) -> Any:
        """The call in hand ended so."""
        return self.post("/call/outcome", {"outcome": outcome, **more})

    def sends(self, fields: Mapping[str, str]) -> Any:
        """The interview's form as it stands."""
        return self.client.post(f"{self.here}/interview", data=dict(fields))

    def interviewed(self, answers: Mapping[str, str] = CONTENT_675, **more: str) -> Any:
        """A whole interview in one form, as the script sends it."""
        self.post("/call/start")
        fields = hidden(self.get("/interview"))
        given = {f"answer-{name}": value for name, value in answers.items()}
        return self.sends({**fields, **given, "go": "finish", **more})


def a_file(text: str, name: str = "list.csv") -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(text.encode()), name


def another_client(app: Flask) -> FlaskClient:
    """One more browser."""
    return app.test_client()
