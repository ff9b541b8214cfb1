"""An operator's whole campaign on pages alone: an empty service, twenty real organisations, an accepted package."""

import csv
import io
import random
import re
from pathlib import Path
from typing import Any

import pytest
from build import REGION, TOKEN, a_user, signed_in
from filing import Desk, batch
from flask import Flask
from handing import Hands
from manners import MannerlyClient
from openpyxl import Workbook
from sqlalchemy import func, select

import nok
from accounts.models import Role
from surveys import library, results
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Inspection, Organization, Response, Stage

LIST = Path(__file__).resolve().parent.parent / "demo" / "organizations.csv"
FORM = library.questionnaire("675n-culture-education")
ORDER = nok.edition("344n-2024")
HOW_MANY = 20
PEOPLE = 12  # of each: the sample of thirty recipients


def twenty() -> list[dict[str, str]]:
    """Twenty real institutions of culture, each with thirty recipients a year."""
    with LIST.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["sector"] == "culture"]
    names: dict[str, dict[str, str]] = {row["name"]: row for row in rows}
    return [{**row, "recipients_per_year": "30"} for row in list(names.values())[:HOW_MANY]]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("cp1251", "replace")


def as_xlsx(rows: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def an_export(organizations: list[dict[str, str]]) -> bytes:
    """What Google Forms gives: stamps and wordings, columns in an order of its own."""
    chance = random.Random(20)  # noqa: S311  the same people every time
    questions = [question for question in FORM.questions if question.kind == "yes_no"]
    chance.shuffle(questions)
    rows: list[list[Any]] = [
        ["Отметка времени", *(q.wording for q in questions), "Укажите организацию"],
    ]
    for number in range(HOW_MANY * PEOPLE):
        said = {q.id: chance.choice(["Да", "да", "Да ", "Нет"]) for q in questions}
        for question in FORM.questions:
            if any(
                said[k].strip().lower() != {"yes": "да", "no": "нет"}[v] for k, v in question.when.items()
            ):
                said[question.id] = ""
        if said["disability"].lower().startswith("нет") and number % 3 == 0:
            said["disability"], said["accessibility"] = "Да", "Да"
        stamp = f"{today():%d.%m.%Y} {9 + number // 60:02}:{number % 60:02}:05"
        rows.append([stamp, *(said[q.id] for q in questions), organizations[number // PEOPLE]["name"]])
    return as_xlsx(rows)


def a_checklist(organizations: list[dict[str, str]]) -> bytes:
    """The operator's own table: «На СТЕНДЕ…», «На САЙТЕ…», ones, noughts and blanks."""
    blocks = {
        "remote_ways": "Наличие и функционирование на официальном сайте",
        "comfort": "Обеспечение в организации комфортных условий",
        "equipment": "Оборудование территории",
        "accessibility": "Обеспечение в организации условий доступности",
    }
    items = [f"{title} [{i.title}]" for block, title in blocks.items() for i in ORDER.items(block, "culture")]
    stand = [f"На СТЕНДЕ [{n}]" for n in ("Наименование", "Адрес", "Режим работы", "Цены")]
    site = [f"На САЙТЕ [{n}]" for n in ("Наименование", "Адрес", "Режим работы", "Афиша", "Отчёты")]
    rows: list[list[Any]] = [["Наименование организации", *stand, *site, *items]]
    for number, organization in enumerate(organizations):
        marks = [1 if (number + place) % 5 else 0 for place in range(len(stand + site + items))]
        rows.append([organization["name"], *marks[:2], "", *marks[3:]])
    return as_xlsx(rows)


def posted(client: MannerlyClient, path: str, data: dict[str, Any]) -> Any:
    """A form of this page, sent with its token."""
    found = TOKEN.search(client.get(path).text)
    assert found is not None
    kind = "multipart/form-data" if any(isinstance(value, tuple) for value in data.values()) else None
    return client.post(path, data={"csrf_token": found[1], **data}, content_type=kind)


def chosen(shown: str) -> dict[str, str]:
    """The columns as the page proposes them."""
    lists = re.findall(r'<select name="(col-\d+)"(.*?)</select>', shown, re.S)
    marked = {name: re.search(r'<option value="([^"]*)" selected>', body) for name, body in lists}
    return {name: found[1] if found else "" for name, found in marked.items()}


def counted(desk: Desk, content: bytes, name: str, **given: str) -> None:
    """A file brought, its columns confirmed as proposed, counted."""
    assert desk.brought(content, name, **given).status_code == 303
    desk.sent("columns", check="1", **chosen(desk.shown("/columns")))
    desk.sent("count")
    assert batch().state == "counted", batch().report


@pytest.fixture
def head(page: MannerlyClient, session: Any) -> MannerlyClient:
    return signed_in(page, a_user(Role.OPERATOR, login="head"))  # type: ignore[return-value]


def test_twenty_real_organisations_go_from_a_list_to_an_accepted_package(
    app: Flask, head: MannerlyClient
) -> None:
    organizations = twenty()
    posted(
        head, "/operator/organizations", {"file": (io.BytesIO(as_csv(organizations)), "a.csv"), "take": "1"}
    )
    form = dict(
        re.findall(
            r'<select[^>]* name="(\w+)"[^>]*><option[^>]* value="([^"]*)"',
            head.get("/operator/campaigns/new").text,
        )
    )
    days = {
        "starts_on": f"{today().year}-01-01",
        "ends_on": f"{today().year}-12-31",
        "year": str(today().year),
    }
    plan = {
        **form,
        **days,
        "title": "Культура Москвы",
        "sector": "culture",
        "region": REGION,
        "edition": ORDER.id,
    }
    made = posted(head, "/operator/campaigns/new", {**plan, "operator": "ООО «Опрос»", "council": "Совет"})
    assert made.status_code == 302, made.text
    campaign_id = int(made.location.rpartition("/")[2])
    desk = Desk(head, campaign_id)
    counted(desk, an_export(organizations), "Ответы на форму.xlsx", channel="import")
    counted(desk, a_checklist(organizations), "Чек-листы.xlsx", kind="checklists")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Organization)) == HOW_MANY
    assert db.session.scalar(select(func.count()).select_from(Response)) == HOW_MANY * PEOPLE
    assert db.session.scalar(select(func.count()).select_from(Inspection)) == HOW_MANY
    hands = Hands(app, "head", campaign_id)
    shown = hands.opened()
    for finding in sorted(set(re.findall(r"/explanations/(\w+)", shown))):
        assert hands.explained(finding).status_code == 302, finding
    sent = hands.submitted()
    assert sent.status_code == 302, sent.text
    a_user(Role.COUNCIL, login="council")
    council = Hands(app, "council", campaign_id)
    assert "Культура Москвы" in council.package()
    assert council.decided().status_code == 302
    db.session.rollback()
    campaign = db.session.get_one(Campaign, campaign_id)
    assert campaign.stage == Stage.REVIEW
    found = results.of_campaign(db.session(), campaign)
    assert len(found.standings) == HOW_MANY
    assert all(standing.result.total is not None and standing.place for standing in found.standings)
    assert {standing.responses for standing in found.standings} == {PEOPLE}
