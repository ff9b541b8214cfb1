"""The studio of posters: what an organisation and the operator choose is what they get, and whose it is."""

import csv
import errno
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from build import TOKEN, a_campaign, a_user, an_organization, signed_in
from flask.testing import FlaskClient, FlaskCliRunner
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent, Role
from studio import disk, work
from surveys import bell, bundles, paper, qr
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Place
from surveys.press import raster

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LOOK: dict[str, Any] = {"format": "a4", "skin": "bold", "languages": ["ru"], "place": ""}


@pytest.fixture
def code(session: Session) -> str:
    return an_organization(recipients_per_year=200, agency_id="789838")


@pytest.fixture
def campaign_id(code: str) -> int:
    return a_campaign()


@pytest.fixture
def own(client: FlaskClient, code: str, campaign_id: int) -> FlaskClient:
    a_user(Role.ORGANIZATION, code=code)
    return signed_in(client, "organization")


@pytest.fixture
def desk(client: FlaskClient, campaign_id: int) -> Iterator[FlaskClient]:
    a_user(Role.OPERATOR)
    yield signed_in(client, "operator")


def sent(page: FlaskClient, path: str, data: dict[str, Any]) -> Any:
    """A form of this address filled in and sent."""
    [token] = set(TOKEN.findall(page.get(path).text))
    return page.post(path, data={"csrf_token": token, **data})


def the_job() -> Job:
    """The one bundle that was asked for, as it is now."""
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.name == work.NAME)).one()


def seen(picture: bytes) -> set[str]:
    with Image.open(io.BytesIO(picture)) as opened:
        return set(qr.decode(opened))


@ON_SQLITE
def test_an_organisation_gets_the_sheet_it_looked_at(own: FlaskClient, code: str) -> None:
    page = own.get("/organization/posters", query_string=LOOK).text
    assert 'value="bold" id="skin-2" checked' in page
    picture = own.get("/organization/posters/preview.png", query_string=LOOK)
    assert picture.mimetype == "image/png" and picture.headers["Cache-Control"] == "no-store"
    assert f"http://127.0.0.1:8000/q/{code}" in seen(picture.data)
    file = sent(own, "/organization/posters", LOOK)
    assert file.mimetype == "application/pdf" and f"a4-{code}.pdf" in file.headers["Content-Disposition"]
    assert len(PdfReader(io.BytesIO(file.data)).pages) == 1


@ON_SQLITE
def test_a_new_place_is_numbered_when_the_file_is_made_and_not_before(own: FlaskClient, code: str) -> None:
    chosen = {**LOOK, "place": " 2  этаж "}
    own.get("/organization/posters/preview.png", query_string=chosen)
    assert db.session.query(Place).count() == 0
    db.session.rollback()
    for _again in range(2):
        pdf = sent(own, "/organization/posters", chosen).data
        assert f"http://127.0.0.1:8000/q/{code}?p=1" in qr.decode(raster.picture(pdf, dpi=100))
    assert [(one.number, one.name) for one in db.session.scalars(select(Place))] == [(1, "2 этаж")]
    db.session.rollback()
    assert '<option value="2 этаж">' in own.get("/organization/posters").text


@ON_SQLITE
@pytest.mark.parametrize(
    ("form", "kind", "mimetype"),
    [
        ("wide", "pdf", "image/png"),
        ("tall", "", "image/png"),
        ("code", "svg", "image/svg+xml"),
        ("code", "", "image/png"),
        ("sticker", "png", "image/png"),
        ("leaflet", "svg", "application/pdf"),
    ],
)
def test_each_format_comes_as_the_files_it_has(own: FlaskClient, form: str, kind: str, mimetype: str) -> None:
    file = sent(own, "/organization/posters", {**LOOK, "format": form, "kind": kind})
    assert file.mimetype == mimetype
    if pixels := paper.FORMATS[form].pixels:
        with Image.open(io.BytesIO(file.data)) as picture:
            assert picture.size == pixels


@ON_SQLITE
def test_what_cannot_be_drawn_is_refused_in_words(own: FlaskClient, monkeypatch) -> None:
    for wrong, said in (
        ({"languages": ["ru", "en", "tt"]}, "Выберите один или два языка"),
        ({"languages": []}, "Выберите один или два языка"),
        ({"place": "э" * 101}, "до ста знаков"),
    ):
        refused = sent(own, "/organization/posters", {**LOOK, **wrong})
        assert refused.status_code == 422 and said in refused.text
        [look] = re.findall(r'id="preview" src="([^"]+)"', refused.text)
        assert own.get(unescape(look)).mimetype == "image/png", "what can be drawn is still shown"
    assert own.get("/organization/posters/preview.png").mimetype == "image/png"
    strange = {**LOOK, "format": "a0"}
    assert own.get("/organization/posters", query_string=strange).status_code == 200
    refused = own.get("/organization/posters/preview.png", query_string=strange)
    assert refused.status_code >= 400 and "Такого плаката не бывает" in refused.text
    monkeypatch.setattr(qr, "decode", lambda picture, **how: [])
    refused = sent(own, "/organization/posters", LOOK)
    assert refused.status_code >= 400 and "не прочитался" in refused.text


@ON_SQLITE
def test_the_operator_chooses_for_an_organisation_of_the_campaign_only(
    desk: FlaskClient, campaign_id: int, code: str
) -> None:
    school = an_organization("Школа № 1", sector="education")
    db.session.rollback()
    here = f"/operator/campaigns/{campaign_id}/organizations"
    assert desk.get(f"{here}/{code}/posters").status_code == 200
    assert (
        sent(desk, f"{here}/{code}/posters", {**LOOK, "languages": ["ru", "en"]}).mimetype
        == "application/pdf"
    )
    for strange in (school, "K7M4PX2D"):
        assert desk.get(f"{here}/{strange}/posters").status_code == 404


RUN: dict[str, Any] = {
    "format": "sticker", "skin": "copy", "languages": ["ru"], "kind": "zip",
    "places": "Регистратура\n2 этаж\n\nрегистратура",
}  # fmt: skip


def test_posters_of_all_are_made_behind_the_scenes(desk: FlaskClient, campaign_id: int, code: str) -> None:
    here = f"/operator/campaigns/{campaign_id}/posters"
    assert "1 организация" in desk.get(here).text.replace("\u00a0", " ")
    begun = sent(desk, here, RUN)
    assert begun.status_code == 303 and "/operator/jobs/" in begun.headers["Location"]
    job = the_job()
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    assert job.result["text"].startswith("2 плакат")
    assert db.session.scalar(select(AuditEvent.subject).where(AuditEvent.action == "posters-asked")) == str(
        campaign_id
    )
    job_id = job.id
    db.session.rollback()
    page = desk.get(here).text
    assert "Наклейка 10×10 см, Для ксерокса, архив, Регистратура, 2 этаж" in page
    with zipfile.ZipFile(io.BytesIO(desk.get(f"{here}/{job_id}/file", buffered=True).data)) as archive:
        assert archive.namelist() == [f"{code}-1.pdf", f"{code}-2.pdf", "spisok.csv"]
    listed = desk.get(f"{here}/{job_id}/list", buffered=True).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(listed), delimiter=";"))
    assert [row["Адрес в коде"] for row in rows] == [
        f"http://127.0.0.1:8000/q/{code}?p={place}" for place in (1, 2)
    ]


@ON_SQLITE
def test_a_double_press_makes_one_bundle(session: Session, campaign_id: int, monkeypatch) -> None:
    monkeypatch.setattr(bell.Bell, "ring", lambda *_given: None)
    wanted = {**RUN, "places": []}
    asked = []
    for by, more in (("one", {}), ("one", {}), ("one", {"skin": "calm"}), ("two", {})):
        with writing() as open_session:
            job = work.ask(open_session, campaign_id, "https://nok.example.ru", by, "/", {**wanted, **more})
            asked.append(job.id)
    assert asked[0] == asked[1] and len(set(asked)) == 3


@ON_SQLITE
def test_one_file_for_a_printing_house_is_paper(desk: FlaskClient, campaign_id: int) -> None:
    here = f"/operator/campaigns/{campaign_id}/posters"
    refused = sent(desk, here, {**RUN, "kind": "pdf", "format": "wide"})
    assert refused.status_code == 422 and "Для типографии выберите бумагу" in refused.text
    assert sent(desk, here, {**RUN, "places": "\n".join(map(str, range(21)))}).status_code == 422
    sent(desk, here, {**RUN, "kind": "pdf"})
    job = the_job()
    pdf = desk.get(f"{here}/{job.id}/file", buffered=True).data
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2


@ON_SQLITE
def test_a_bundle_is_not_begun_without_room_and_leaves_none_half_made(
    desk: FlaskClient, campaign_id: int, code: str, tmp_path: Path, runner: FlaskCliRunner, monkeypatch
) -> None:
    here = f"/operator/campaigns/{campaign_id}/posters"
    small = SimpleNamespace(free=disk.SPARE + 60_000)  # for one poster of the two
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _where: small)
        refused = sent(desk, here, RUN)
        assert refused.status_code == 422 and "нужно 501 МБ, свободно 500 МБ" in refused.text.replace(
            "\u00a0", " "
        )
        assert db.session.scalars(select(Job)).all() == []
        told = runner.invoke(
            args=["posters", str(tmp_path / "new" / "p.zip"), "--zip", "--place", "а", "--place", "б"]
        )
        assert told.exit_code == 1 and "На диске мало места" in told.output
    db.session.rollback()

    def full(*_given: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bundles._Archive, "add", full)
    sent(desk, here, RUN)
    job = the_job()
    assert job.state == JobState.FAILED and "кончилось место" in job.result["error"]
    assert not work.folder(job.arguments["key"]).exists()


@ON_SQLITE
def test_a_bundle_is_its_campaigns_own_and_is_forgotten_in_time(desk: FlaskClient, campaign_id: int) -> None:
    here = f"/operator/campaigns/{campaign_id}/posters"
    sent(desk, here, RUN)
    job = the_job()
    job_id, key = job.id, job.arguments["key"]
    db.session.rollback()
    other = a_campaign(title="Другая", sector="education")
    assert desk.get(f"/operator/campaigns/{other}/posters/{job_id}/file").status_code == 404
    work._forget_old()
    assert work.folder(key).exists()
    os.utime(work.folder(key), (0, 0))
    work._forget_old()
    assert not work.folder(key).exists()
    assert desk.get(f"{here}/{job_id}/file").status_code == 404
