"""The operator's page of passes: who may answer, codes handed out at once as slips and as a table, withdrawn."""

import csv
import io
import re

import pytest
from build import CONTENT, TOKEN, a_campaign, a_user, an_organization, signed_in, within
from flask import Flask
from flask.testing import FlaskClient
from manners import MannerlyClient
from PIL import Image
from pypdf import PdfReader
from pypdfium2 import PdfDocument
from sqlalchemy import func, select

from accounts.models import AuditEvent, Role
from surveys import qr
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Response, Stage
from surveys.passes import Admission, Entry, Pass

KEY = r'name="key" value="([^"]+)"'
CODE = re.compile(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b")


class Head:
    """The head of the operator's team at the page of passes."""

    def __init__(self, app: Flask, campaign_id: int, code: str) -> None:
        self.page, self.code = MannerlyClient(app, app.response_class), code
        signed_in(self.page, a_user(Role.OPERATOR))
        self.here = f"/operator/campaigns/{campaign_id}/codes/"

    def sends(self, end: str, **given: str):
        token = within(TOKEN, self.page.get(self.here).text)
        return self.page.post(f"{self.here}{end}", data={"csrf_token": token, **given})

    def asks(self, entry: Entry, whom: str = ""):
        names = {"entry-organization": whom, "entry-entry": entry.value}
        return self.sends("entry", **names)

    def makes(self, variant: str, count: object = 10, **given: str):
        last = db.session.scalars(select(Campaign.ends_on)).first()
        names = {"codes-organization": self.code, "codes-count": str(count), "codes-ends_on": f"{last}"}
        return self.sends(variant, **{**names, **given})


@pytest.fixture
def head(app, session) -> Head:
    code = an_organization(short_name="Поликлиника № 12")
    an_organization("Городская поликлиника № 13", address="Мира, 1")
    return Head(app, a_campaign(), code)


def entries() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Admission.entry)))


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def answered_by(client: FlaskClient, here: str, code: str) -> int:
    """What the service answers to a whole form sent with this code."""
    key = within(KEY, client.get(here).text)
    client.post(f"{here}/enter", data={"code": code, "key": key})
    return client.post(here, data={**CONTENT, "key": within(KEY, client.get(here).text)}).status_code


def test_codes_are_asked_of_one_organisation_or_of_all_and_no_more(head) -> None:
    assert head.asks(Entry.CODE, "№ 13").status_code == 302
    assert entries() == ["code"]
    assert "Только по одноразовым кодам: 1 организация" in head.page.get(head.here).text
    head.asks(Entry.CODE)
    assert entries() == ["code", "code"]
    head.asks(Entry.OPEN)
    assert entries() == []
    assert acts().count("entry-changed") == 3


def test_what_is_not_understood_changes_nothing(head) -> None:
    refused = [
        head.asks(Entry.CODE, "такой нет"),
        head.asks(Entry.SIGN_IN),  # the service was told of no provider
        head.makes("csv", 9),
        head.makes("pdf", "много"),
        head.makes("pdf", **{"codes-ends_on": "2001-01-01"}),
        head.makes("pdf", **{"codes-organization": ""}),
    ]
    assert [answer.status_code for answer in refused] == [422] * len(refused)
    assert entries() == [] and acts() == []


def test_a_table_of_links_admits_one_answer_each(app, head) -> None:
    head.asks(Entry.CODE)
    told = head.makes("csv")
    rows = list(csv.reader(io.StringIO(told.data.decode("utf-8-sig")), delimiter=";"))
    assert told.headers["Content-Disposition"] == f'attachment; filename="codes-{head.code}.csv"'
    assert len(rows) == 11
    here = f"/q/{head.code}"
    assert answered_by(app.test_client(), here, rows[1][0]) == 303
    assert answered_by(app.test_client(), here, rows[1][0]) != 303
    client, link = app.test_client(), rows[2][1].removeprefix("http://127.0.0.1:8000")
    brought = within(r'name="code" value="([^"]+)"', client.get(link).text)
    assert answered_by(client, here, brought) == 303
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Response)) == 2
    shown = head.page.get(head.here).text
    assert re.search(r'data-label="Не использовано"[^>]*>\s*8', shown)
    assert not CODE.search(shown), "codes are shown nowhere after they were made"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_slips_are_read_by_a_camera_and_by_eye(head) -> None:
    told = head.makes("pdf", 12)
    assert (told.mimetype, told.headers["Cache-Control"]) == ("application/pdf", "no-store")
    document = PdfReader(io.BytesIO(told.data))
    printed = [code for page in document.pages for code in CODE.findall(page.extract_text())]
    assert (len(document.pages), len(set(printed))) == (2, 12)
    assert "/MarkInfo" in document.root_object, "tagged"
    first: Image.Image = PdfDocument(told.data)[0].render(scale=200 / 72).to_pil()
    seen = {link.rsplit("/", 1)[1] for link in qr.decode(first)}
    assert seen == {code.replace("-", "") for code in printed[:10]}


def test_a_withdrawn_batch_opens_nothing(app, head) -> None:
    head.asks(Entry.CODE)
    rows = list(csv.reader(io.StringIO(head.makes("csv").data.decode("utf-8-sig")), delimiter=";"))
    batch = within(r"/codes/(\d+)/withdraw", head.page.get(head.here).text)
    assert head.sends(f"{batch}/withdraw").status_code == 302
    assert "отозваны" in head.page.get(head.here).text
    assert answered_by(app.test_client(), f"/q/{head.code}", rows[1][0]) != 303
    assert head.sends("999/withdraw").status_code == 404
    assert acts()[-2:] == ["codes-issued", "codes-withdrawn"]


def test_when_collecting_has_ended_nothing_is_made(head) -> None:
    made = head.makes("csv")
    assert made.status_code == 200
    with writing() as session:
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    token = {"csrf_token": "", "codes-organization": head.code}
    assert "Сбор закончен" in head.page.get(head.here).text
    assert head.page.post(f"{head.here}csv", data=token).status_code == 400
    assert db.session.scalar(select(func.count()).select_from(Pass)) == 10
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 2
