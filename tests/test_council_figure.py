"""One figure to the bottom: its formula, whose answers it counts, what was seen on the spot, remarks on it."""

import re
from io import BytesIO
from typing import Any

import pytest
from build import CONTENT, a_release, a_user, a_visit, heard_about, within
from flask import Flask
from handing import Hands, a_ready_campaign, teams
from PIL import Image
from scanning import scanned
from sqlalchemy.orm import Session

from accounts.models import Role, User
from documents import folder
from operator_app.inspections import confirming, evidence
from surveys import proofs, queries
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Inspection, Region
from surveys.visits import VisitState

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ITEM = "comfort.navigation"


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents themselves are another file's matter, and take seconds."""
    monkeypatch.setattr(folder, "report_pdf", lambda *_given: b"%PDF-")
    monkeypatch.setattr(folder, "report_docx", lambda *_given: b"PK")


class Room:
    """A campaign that is ready, and those around its table."""

    def __init__(self, app: Flask) -> None:
        self.id, self.codes = a_ready_campaign()
        self.head, _verifier, self.council = teams(app, self.id)
        a_user(Role.CURATOR)
        self.curator = Hands(app, "curator", self.id)
        self.code = self.codes[0]
        self.table = f"/council/campaigns/{self.id}/table"

    def submitted(self) -> None:
        """The package goes to the council."""
        self.head.explained("official_share")
        assert self.head.submitted().status_code == 302

    def cell(self, key: str, hands: Hands | None = None) -> str:
        """A figure's page, as the council reads it unless told."""
        answer = (hands or self.council).page.get(f"{self.table}/{self.code}/{key}")
        assert answer.status_code == 200, answer.text
        return flat(answer.text)

    def proven(self, state: str = VisitState.CONFIRMED, *, in_force: bool = True, **given: Any) -> int:
        """A visit with a picture at an item, and another item that is not there; the picture's number."""
        drawn = BytesIO()
        Image.new("RGB", (30, 20), "white").save(drawn, "JPEG")
        with writing() as session:
            visit = a_visit(session, self.id, self.code, **given)
            visit.items = {
                **visit.items,
                "comfort.drinking_water": {"value": "no", "note": "Кулер пуст."},
            }
            file = proofs.kept(proofs.cleaned(drawn.getvalue()))
            day = visit.visited_on
            proof = evidence.add_kept(session, visit, visit.inspector, ITEM, file, day=day)
            evidence.add_link(session, visit, visit.inspector, ITEM, "https://example.org/plan", day=day)
            if in_force:
                inspection = session.get_one(Inspection, visit.assessment_id)
                listed, edition = confirming.current_list(
                    session.get_one(Assessment, visit.assessment_id), visit
                )
                for name, value in confirming.columns(visit, listed, edition).items():
                    setattr(inspection, name, value)
                inspection.visit_id, inspection.waiting_points = visit.id, "60/1"
            visit.state = VisitState(state)
            return proof.id

    def picture(self, number: int, hands: Hands | None = None) -> Any:
        """The answer to whoever asks for it."""
        return (hands or self.council).page.get(f"/council/campaigns/{self.id}/evidence/{number}")


@pytest.fixture
def room(app: Flask, session: Session) -> Room:
    return Room(app)


def flat(html: str) -> str:
    return re.sub(r"\s+", " ", html.replace("\u00a0", " ").replace("\u202f", " "))


def words(html: str) -> str:
    return flat(re.sub(r"<[^>]+>", " ", html))


@ON_SQLITE
def test_every_figure_has_a_page_and_nothing_else_has(room: Room) -> None:
    edition = db.session.get_one(Campaign, room.id).edition.name
    assert edition == "344n-2024"
    db.session.rollback()
    numbers = [f"{k}.{n}" for k in range(1, 6) for n in range(1, 4)]
    for key in ("total", *(f"K{n}" for n in range(1, 6)), *numbers):
        room.cell(key)
    for path in (f"{room.code}/6.1", f"{room.code}/K6", f"{room.code}/responses", "AAAAAAAA/1.1", "%00/1.1"):
        assert room.council.page.get(f"{room.table}/{path}").status_code == 404


def test_a_share_tells_whose_answers_it_counts_and_why_not_the_others(room: Room) -> None:
    said = {**CONTENT, "overall": "unsure"}
    for number in range(3):
        assert heard_about(room.code, room.id, said, key=f"unsure {number}").value == "counted"
    page = words(room.cell("5.3"))
    assert re.search(r"«Да» 9 «Нет» 3 Доля считается от них 12", page)
    assert re.search(r"затруднились в долю не входят 3", page)
    page = words(room.cell("3.3"))  # the three had no disability: the question was not put to them
    assert re.search(
        r"Доля считается от них 12 Не имеют инвалидности: вопрос не к ним в долю не входят 3", page
    )
    assert "Удост/Чинв" in page and "Что подняло бы балл" in page and "на один процентный пункт" in page


@ON_SQLITE
def test_a_criterion_leads_to_its_indicators_and_the_total_to_its_criteria(room: Room) -> None:
    text = room.cell("K3")
    assert all(f'/{room.code}/3.{n}"' in text for n in (1, 2, 3)) and "Ещё одно условие доступности" in text
    assert "Сайт: ещё один" not in text and "Сайт: ещё один" in room.cell("total")
    assert "Из чего складывается" in room.cell("total") and "Из чего складывается" not in room.cell("3.1")


@ON_SQLITE
def test_items_and_their_proofs_are_shown_once_the_operator_hands_them_over(room: Room) -> None:
    number = room.proven()
    page = room.cell("2.1")
    assert "Кулер пуст." in page and "нет" in words(page)
    assert "Снимки и ссылки совет увидит, когда оператор отправит пакет" in page
    assert f"/evidence/{number}" not in page and "example.org" not in page
    assert room.picture(number).status_code == 404
    room.submitted()
    page = room.cell("2.1")
    assert f"/evidence/{number}" in page and "https://example.org/plan" in page
    answer = room.picture(number)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    with Image.open(BytesIO(answer.data)) as shown:
        assert shown.size == (30, 20) and not shown.getexif()
    assert room.picture(number, room.curator).status_code == 200
    link = within(rf'href="([^"]*/evidence/{number})"', page)
    assert room.council.page.get(link.replace(f"campaigns/{room.id}", "campaigns/99")).status_code == 404


@ON_SQLITE
def test_nobody_shows_a_draft_another_visit_or_a_mystery_client(room: Room) -> None:
    hidden = [
        room.proven(VisitState.DONE, in_force=False, kind="mystery"),
        room.proven(VisitState.CONFIRMED, in_force=False),
    ]
    shown = room.proven()
    room.submitted()
    hidden += [room.proven(state, in_force=False) for state in (VisitState.DONE, VisitState.DRAFT)]
    assert [room.picture(number).status_code for number in (*hidden, shown)] == [*[404] * 4, 200]


def _assessment(session: Session, room: Room) -> Assessment:
    organization = queries.organization(session, room.code)
    assert organization is not None
    found = queries.assessment(session, room.id, organization.id)
    assert found is not None
    return found


@ON_SQLITE
def test_items_are_not_shown_when_they_are_not_those_the_approved_figure_was_counted_from(room: Room) -> None:
    room.proven()
    a_release(room.id)
    assert "Кулер пуст." in room.cell("2.1")
    with writing() as session:
        session.get_one(Inspection, _assessment(session, room).id).comfort = []
    page = room.cell("2.1")
    assert "Кулер пуст." not in page and "проверку изменили: пункты не показаны" in page
    assert "Кулер пуст." not in room.cell("3.1") and "не показаны" not in room.cell("3.1")


@ON_SQLITE
def test_an_inspection_out_of_a_table_tells_its_items_all_the_same(room: Room) -> None:
    with writing() as session:
        inspection = session.get_one(Inspection, _assessment(session, room).id)
        inspection.comfort, inspection.missing = ["navigation"], {"stand": ["Лицензия"]}
    page = words(room.cell("2.1"))
    assert "Проверка взята из таблицы" in page and re.search(r"навигац\S+.{0,60} есть", page)
    assert "Лицензия нет" in words(room.cell("1.1")) and "Есть 14 из 17" in words(room.cell("1.1"))


def test_a_remark_on_a_cell_is_written_answered_and_closed_on_its_page(room: Room) -> None:
    assert "оператор его ещё не отправил" in room.cell("1.1")
    room.submitted()
    page = room.cell("1.1")
    action = within(r'<form class="block" method="post" action="([^"]+)"', page)
    assert "<form class" not in room.cell("1.1", room.curator)
    hidden = dict(re.findall(r'name="(cell|organization|indicator)" value="([^"]+)"', page))
    answer = room.council.sent(action, text="Стенд на фото пуст.", **hidden)
    assert (answer.status_code, answer.location) == (302, f"{room.table}/{room.code}/1.1#remarks")
    page = room.cell("1.1")
    assert (
        "Стенд на фото пуст." in page
        and "оператор увидит, когда пакет вернут" in page
        and "Снять замечание" in page
    )
    assert "Стенд на фото пуст." not in room.cell("1.2")
    assert "Стенд на фото пуст." in room.cell("1.1", room.curator)
    assert "Снять замечание" not in room.cell("1.1", room.curator)
    assert 'class="beside marked">замечание' in flat(room.council.page.get(f"{room.table}?open=1").text)
    assert room.council.returned().status_code == 302
    assert "решение принято" in room.cell("1.1") and "ждёт ответа оператора" in room.cell("1.1")
    remark = int(within(r"remark-(\d+)", room.head.opened()))
    text = {"text": "Повесили заново, снимок приложен.", "seen": ""}
    assert room.head.sent(f"{room.head.report}/packages/1/remarks/{remark}", **text).status_code == 302
    page = room.cell("1.1")
    assert "Повесили заново" in page and "оператор ответил, решает совет" in page
    closing = within(r'action="([^"]+/close)"', page)
    assert room.curator.sent(closing, cell="1.1").status_code == 403
    answer = room.council.sent(closing, cell="1.1")
    assert answer.location == f"{room.table}/{room.code}/1.1#remarks"
    page = room.cell("1.1")
    assert "закрыто советом" in page and "/close" not in page
    assert "замечание не закрыто" not in within(
        r"(?s)<tbody(.*)</tbody>", room.council.page.get(room.table).text
    )


@ON_SQLITE
def test_a_remark_is_taken_back_where_it_was_written(room: Room) -> None:
    room.submitted()
    room.council.remarked("Не верю.", organization=room.code, indicator="K2")
    withdrawing = within(r'action="([^"]+/withdraw)"', room.cell("K2"))
    assert room.council.sent(withdrawing, cell="K2").location == f"{room.table}/{room.code}/K2#remarks"
    assert "Не верю." not in room.cell("K2")


@ON_SQLITE
def test_a_remark_on_the_whole_organisation_stands_at_each_of_its_figures(room: Room) -> None:
    room.submitted()
    room.council.remarked("Спросили только своих.", organization=room.code)
    for key in ("total", "4.1"):
        assert "Спросили только своих." in room.cell(key)
    room.code = room.codes[1]
    assert "Спросили только своих." not in room.cell("4.1")


@ON_SQLITE
def test_what_the_checks_of_the_package_say_of_an_organisation_stands_there(room: Room) -> None:
    with writing() as session:
        _assessment(session, room).target = 100
    room.head.explained("official_share")
    room.head.explained("thin", "Опросить больше никого не удалось.")
    assert room.head.submitted().status_code == 302
    assert "Опросить больше никого не удалось." in room.cell("5.1")
    room.code = room.codes[1]
    assert "Опросить больше никого не удалось." not in room.cell("5.1")


@ON_SQLITE
def test_the_council_of_another_region_has_no_table(room: Room, app: Flask) -> None:
    a_user(Role.COUNCIL, login="tver")
    with writing() as session:
        region = Region(name="Тверская область")
        session.add(region)
        session.flush()
        session.query(User).filter_by(login="tver").one().region_id = region.id
    page = Hands(app, "tver", room.id).page
    shown = room.proven()
    for path in (room.table, f"{room.table}.csv", f"{room.table}/{room.code}/1.1"):
        assert page.get(path).status_code == 404
    assert page.get(f"/council/campaigns/{room.id}/evidence/{shown}").status_code == 404
    year = db.session.get_one(Campaign, room.id).year
    assert page.get(f"/council/table/{year}").status_code == 404


def test_scanned_sheets_that_are_in_no_figure_are_named_with_their_reasons(room: Room) -> None:
    scanned(room.id, room.code)
    page = words(room.cell("5.1"))
    assert "Лист ждёт человека: Нет другой стороны листа: 1" in page and "Такой лист уже учтён: 1" in page
    assert "Сканы, которые не учтены" not in words(room.cell("2.1")), "nobody was asked about that"
    listed = flat(room.council.page.get(f"{room.table}?flag=waiting").text)
    assert room.code in listed and room.codes[1] not in listed and "анкеты ждут разбора" in listed
    room.code = room.codes[1]
    assert "Сканы, которые не учтены" not in words(room.cell("5.1"))
