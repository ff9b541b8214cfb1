"""Beginning in the browser: a list of organisations, a campaign over it, what may still be changed."""

import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from build import REGION, a_campaign, a_user, an_organization, signed_in
from openpyxl import load_workbook
from sqlalchemy import func, select

from accounts.models import AuditEvent, Duty, Role, User
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Organization, Region, Stage

LIST = """name;sector;region;recipients_per_year;inn
Поликлиника № 1;здравоохранение;г. Москва;1000;
Поликлиника № 2;health;г. Москва;;
Школа № 7;образование;г. Москва;800;
Поликлиника № 3;здравоохранение;г. Москва;1000;7799990018
"""


@pytest.fixture
def head(page, session):
    """The head of an operator's team, signed in."""
    a_user(Role.OPERATOR)
    return signed_in(page, "operator")


def posted(client, path: str, data: dict[str, Any], **how):
    """A form of this page, sent with what it hides: its token, and what it saw."""
    hidden = re.findall(r'name="(csrf_token|seen)"[^>]* value="([^"]+)"', client.get(path).text)
    return client.post(path, data={**dict(hidden), **data}, **how)


def sent(client, button: str, content: bytes, name: str = "список.csv"):
    """The list's form with a file, one of its two buttons pressed."""
    data = {"file": (io.BytesIO(content), name), button: "1"}
    return posted(client, "/operator/organizations", data, content_type="multipart/form-data")


def organizations() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Organization)) or 0


def test_an_empty_service_says_what_to_do_first(head) -> None:
    text = head.get("/operator/").text
    assert "С чего начать" in text
    assert "/operator/organizations" in text
    assert "/operator/campaigns/new" in text
    assert "Сначала нужны организации" in head.get("/operator/campaigns/new").text


def test_a_list_is_tried_without_writing_and_then_taken(head) -> None:
    tried = sent(head, "try", LIST.encode())
    assert tried.status_code == 200
    assert "Проверено, ничего не записано" in tried.text
    assert "Контрольная цифра ИНН не сходится" in tried.text
    assert organizations() == 0
    taken = sent(head, "take", LIST.encode())
    assert "Загружено" in taken.text
    assert organizations() == 3
    assert "Без изменений" in sent(head, "take", LIST.encode()).text
    assert organizations() == 3
    acts = db.session.scalars(select(AuditEvent.action)).all()
    assert acts == ["organizations-imported"] * 2


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "Файл пуст"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLS"),
        (b"PK\x03\x04 and nothing more", "повреждён"),
        ("столбец;другой\n1;2\n".encode(), "нет столбцов"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(head, content, word) -> None:
    answer = sent(head, "take", content)
    assert answer.status_code == 422
    assert word in answer.text
    assert organizations() == 0


def test_the_blank_list_is_filled_in_in_russian_and_read(head) -> None:
    book = load_workbook(io.BytesIO(head.get("/operator/organizations/template.xlsx").data))
    assert book.active is not None
    headings = [cell.value for cell in book.active[1]]
    told = {"Наименование": "Поликлиника № 9", "Сфера": "Здравоохранение", "Регион": REGION}
    book.active.append([{**told, "Получателей за год": 900}.get(str(heading), "") for heading in headings])
    filled = io.BytesIO()
    book.save(filled)
    taken = sent(head, "take", filled.getvalue(), "список.xlsx")
    assert "Создать кампанию" in taken.text
    db.session.rollback()
    organization = db.session.scalars(select(Organization)).one()
    assert (organization.sector, organization.recipients_per_year) == ("health", 900)


def test_nothing_chosen_is_said(head) -> None:
    answer = posted(head, "/operator/organizations", data={"take": "1"})
    assert answer.status_code == 422
    assert "Выберите файл" in answer.text


def test_whoever_sees_one_region_loads_no_other(head) -> None:
    with writing() as session:
        own = Region(name="Пензенская область")
        session.add(own)
        session.flush()
        session.scalars(select(User)).one().region_id = own.id
    answer = sent(head, "take", LIST.encode())
    assert answer.status_code == 422
    assert "Строка 2: регион «г. Москва»" in answer.text
    assert organizations() == 0


def a_plan(**given: str) -> dict[str, str]:
    """The new campaign's form as a browser sends it."""
    year = str(today().year)
    plan = {
        "title": "Поликлиники Москвы", "sector": "health", "region": REGION, "year": year,
        "starts_on": f"{year}-01-01", "ends_on": f"31.12.{year}", "edition": "344n-2024",
        "practice_undefined": "renormalise", "practice_one_sided_openness": "use_the_other",
        "practice_rounding": "end", "practice_places": "2", "practice_performing_arts": "k1_k3_only",
        "practice_branches": "pool", "practice_ties": "dense",
        **{f"asks_{c}": "" for c in ("poster", "site", "kiosk", "phone", "interview", "paper", "import", "official")},
    }  # fmt: skip
    return {**plan, **given}


def test_a_campaign_is_made_of_the_organisations_of_its_sphere_and_region(head) -> None:
    sent(head, "take", LIST.encode())
    made = posted(
        head, "/operator/campaigns/new", data=a_plan(practice_ties="competition", asks_paper="675n-full")
    )
    assert made.status_code == 302
    db.session.rollback()
    campaign = db.session.scalars(select(Campaign)).one()
    assert made.location == f"/operator/campaigns/{campaign.id}"
    assert campaign.practice["ties"] == "competition"
    assert campaign.ends_on == date(today().year, 12, 31)
    targets = db.session.scalars(select(Assessment.target).order_by(Assessment.id)).all()
    assert targets == [400, None]
    page = head.get(made.location).text
    assert "Настройки" in page


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"title": " "}, "Назовите кампанию"),
        ({"ends_on": "2020-01-01"}, "Последний день раньше первого"),
        ({"ends_on": "завтра"}, "Укажите день цифрами"),
        ({"year": "двадцать"}, "Год — четыре цифры"),
        ({"asks_paper": "675n-culture-education"}, "не предназначена для этой сферы"),
        ({"region": "Атлантида"}, "Кампания не создана"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_kept_in_the_form(head, given, word) -> None:
    sent(head, "take", LIST.encode())
    answer = posted(head, "/operator/campaigns/new", data=a_plan(**given))
    assert answer.status_code == 422
    assert word in answer.text
    assert db.session.scalars(select(Campaign)).all() == []


def test_the_summary_says_a_sentence_that_leads_to_its_field(head) -> None:
    sent(head, "take", LIST.encode())
    told = a_plan(title="", starts_on="завтра", ends_on="потом")
    text = unescape(posted(head, "/operator/campaigns/new", data=told).text)
    assert '<li><a href="#title">Назовите кампанию.</a></li>' in text
    days = "Укажите день цифрами, например 21.11.2026."
    assert f'<a href="#starts_on">{days} Поле «Первый день сбора».</a>' in text, "two fields, one sentence"
    assert f'<a href="#ends_on">{days} Поле «Последний день сбора».</a>' in text


def test_two_campaigns_do_not_overlap(head) -> None:
    sent(head, "take", LIST.encode())
    posted(head, "/operator/campaigns/new", data=a_plan())
    again = posted(head, "/operator/campaigns/new", data=a_plan())
    assert again.status_code == 422
    assert "уже идёт кампания" in again.text


def test_newcomers_are_enlisted_and_the_last_day_moved(head) -> None:
    an_organization()
    number = a_campaign()
    an_organization("Поликлиника № 13", address="Мира, 13")
    address = f"/operator/campaigns/{number}/settings"
    assert "ещё не внесены" in head.get(address).text
    told = {"title": "Новое имя", "ends_on": f"{today().year}-12-20", "enlist": "y"}
    assert posted(head, address, data=told).status_code == 302
    db.session.rollback()
    campaign = db.session.get_one(Campaign, number)
    assert (campaign.title, campaign.ends_on) == ("Новое имя", date(today().year, 12, 20))
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 2
    early = posted(head, address, data={**told, "ends_on": "2001-01-01"})
    assert early.status_code == 422
    assert "раньше, чем началась" in early.text


def test_two_heads_do_not_write_over_each_other(head) -> None:
    an_organization()
    number = a_campaign()
    address = f"/operator/campaigns/{number}/settings"
    seen = re.search(r'name="seen"[^>]* value="([^"]+)"', head.get(address).text)
    assert seen is not None
    told = {"title": "Имя первого", "ends_on": f"{today().year}-12-20"}
    assert posted(head, address, data=told).status_code == 302
    late = posted(head, address, data={**told, "title": "Имя второго", "seen": seen[1]})
    assert late.status_code == 422
    assert "изменил другой" in late.text
    assert "Имя первого" in late.text
    assert 'value="Имя второго"' in late.text
    db.session.rollback()
    assert db.session.get_one(Campaign, number).title == "Имя первого"


def test_what_is_published_is_not_changed(head) -> None:
    an_organization()
    number = a_campaign(stage=Stage.PUBLISHED)
    address = f"/operator/campaigns/{number}/settings"
    assert "больше не меняют" in head.get(address).text
    answer = posted(head, address, data={"title": "Иначе", "ends_on": f"{today().year}-12-31"})
    assert answer.status_code == 422
    db.session.rollback()
    assert db.session.get_one(Campaign, number).title == "Поликлиники Москвы"


@pytest.mark.parametrize("duty", [Duty.VERIFIER, Duty.INTERVIEWER, Duty.INSPECTOR])
def test_only_the_head_begins(page, session, duty) -> None:
    a_user(Role.OPERATOR, duty=duty)
    signed_in(page, "operator")
    assert page.get("/operator/campaigns/new").status_code == 403
    assert "Новая кампания" not in page.get("/operator/").text


def test_a_long_list_is_taken_from_those_who_may_bring_it_and_from_nobody_else(head, app) -> None:
    row = "Школа № {};образование;г. Москва;800;\n"
    long = LIST + "".join(row.format(number) for number in range(2_000))
    assert len(long.encode()) > app.config["MAX_CONTENT_LENGTH"]
    assert "Проверено, ничего не записано" in sent(head, "try", long.encode()).text
    stranger = app.test_client()
    data = {"file": (io.BytesIO(long.encode()), "a.csv"), "try": "1"}
    answer = stranger.post("/operator/organizations", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
