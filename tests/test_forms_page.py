"""«Бланки» on the desk: sheets for one organisation, for all of them, and the same ones once more."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pypdfium2 as pdfium
import pytest
from build import TOKEN, a_campaign, a_user, an_organization, signed_in
from sqlalchemy import select

from accounts.models import Duty, Role
from paper import archive
from paper.tables import PrintRun
from surveys import queue
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Campaign, Stage

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def campaign(session: Any, page: Any) -> int:
    """A campaign of two clinics, and its verifier before the screen."""
    an_organization("Поликлиника № 1")
    an_organization("Поликлиника № 2")
    made = a_campaign()
    a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER)
    signed_in(page, "verifier")
    return made


def asked(page: Any, campaign: int, **given: object) -> Any:
    url = f"/operator/campaigns/{campaign}/scans/forms"
    token = TOKEN.search(page.get(url).text)
    assert token
    told = {"whom": "one", "count": 2, "print": "usual", "csrf_token": token[1], **given}
    answer = page.post(url, data=told)
    db.session.rollback()  # what was read before is not what is there now
    return answer


def test_sheets_of_one_organisation_are_there_at_once(page: Any, campaign: int) -> None:
    answer = asked(page, campaign, organization="Поликлиника № 2")
    assert answer.status_code == 303
    run = db.session.scalars(select(PrintRun)).one()
    assert (run.first, run.count, run.made_by) == (1, 2, "verifier")
    shown = page.get(answer.location).text
    assert "000001–000002" in shown
    link = re.search(r'href="([^"]+\.pdf)"', shown)
    assert link
    first, again = page.get(link[1]), page.get(link[1])
    assert first.mimetype == "application/pdf"
    assert len(pdfium.PdfDocument(first.data)) == 2 + 2 * 2
    assert len(again.data) == len(first.data)
    assert db.session.scalars(select(PrintRun.id)).all() == [run.id]


def test_sheets_of_all_are_one_archive(page: Any, campaign: int) -> None:
    answer = asked(page, campaign, whom="all", organization="")
    job = db.session.scalars(select(Job)).one()
    assert answer.location.endswith(job.id)
    queue.perform(job.id)
    db.session.expire_all()
    assert db.session.get_one(Job, job.id).state == JobState.DONE
    shown = page.get(f"/operator/campaigns/{campaign}/scans/forms").text
    assert "Скачать архив" in shown
    with page.get(f"/operator/campaigns/{campaign}/scans/forms/all.zip") as got:
        packed = ZipFile(BytesIO(got.data))
    assert [name.partition("-")[2] for name in packed.namelist()] == ["000001.pdf", "000003.pdf"]
    assert all(len(pdfium.PdfDocument(packed.read(name))) == 6 for name in packed.namelist())


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"organization": "Школа"}, "Такой организации в кампании нет"),
        ({"organization": " "}, "Выберите организацию."),
        ({"organization": "Поликлиника"}, "Таких организаций несколько"),
        ({"organization": "№ 1", "count": 0}, "от 1 до 2000"),
        ({"organization": "№ 1", "count": 2001}, "от 1 до 2000"),
        ({"organization": "№ 1", "count": "много"}, "Сколько анкет"),
        ({"organization": "№ 1", "print": "huge"}, "Шрифт"),
    ],
)
def test_what_cannot_be_printed_is_said_at_its_field(
    page: Any, campaign: int, given: dict[str, object], said: str
) -> None:
    answer = asked(page, campaign, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalars(select(PrintRun)).all() == []


@ON_SQLITE
def test_too_much_paper_for_all_is_refused_whole(
    page: Any, campaign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST", 3)
    answer = asked(page, campaign, whom="all")
    assert "не больше 1 на каждую" in answer.text
    assert db.session.scalars(select(PrintRun)).all() == []
    assert db.session.scalars(select(Job)).all() == []


@ON_SQLITE
def test_an_ended_campaign_shows_its_runs_and_prints_no_more(page: Any, campaign: int) -> None:
    asked(page, campaign, organization="№ 1")
    with writing() as session:
        session.get_one(Campaign, campaign).stage = Stage.REVIEW
    url = f"/operator/campaigns/{campaign}/scans/forms"
    shown = page.get(url)
    assert "больше не собирает" in shown.text
    assert "Скачать PDF" in shown.text
    assert 'name="count"' not in shown.text


@ON_SQLITE
def test_a_run_of_another_campaign_is_not_here(page: Any, campaign: int) -> None:
    asked(page, campaign, organization="№ 1")
    other = a_campaign(sector="education")
    assert page.get(f"/operator/campaigns/{other}/scans/forms/1.pdf").status_code == 404


@ON_SQLITE
def test_an_archive_is_swept_after_a_fortnight(
    page: Any, campaign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(page, campaign, whom="all")
    queue.perform(db.session.scalars(select(Job.id)).one())
    archive.sweep()
    assert archive.of(campaign)
    monkeypatch.setattr(archive, "KEPT_SECONDS", -1)
    archive.sweep()
    assert archive.of(campaign) is None
    gone = page.get(f"/operator/campaigns/{campaign}/scans/forms/all.zip", follow_redirects=True)
    assert "Архива уже нет" in gone.text
