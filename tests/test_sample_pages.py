"""The sample's pages: figures, the table by its address, a target with its reason, the plan and what comes of it."""

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from build import CONTENT, TOKEN, a_campaign, a_user, an_organization, heard_about, signed_in
from manners import MannerlyClient
from sqlalchemy import select
from test_cockpit import brought, collecting

from accounts.models import AuditEvent, Duty, Role, User
from operator_app.sample import plan_views, settings
from operator_app.team.tables import Assignment
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Organization, Stage

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Desk:
    """The sample's pages in a head's hands."""

    def __init__(self, client: MannerlyClient, campaign_id: int) -> None:
        self.client, self.campaign_id = client, campaign_id
        self.base = f"/operator/campaigns/{campaign_id}/sample/"

    def shown(self, path: str = "", status: int = 200) -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == status
        return html.unescape(answer.text).replace("\u202f", " ").replace("\xa0", " ")

    def sent(self, path: str, data: dict[str, Any], seen: str | None = None) -> Any:
        token = TOKEN.search(self.client.get(self.base + path).text if seen is None else seen)
        assert token is not None
        return self.client.post(self.base + path, data={**data, "csrf_token": token[1]})

    def table(self, query: str = "") -> list[dict[str, str]]:
        answer = self.client.get(f"{self.base}table.csv{query}")
        assert answer.mimetype == "text/csv"
        return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def desk(page) -> Desk:
    """Three schools a month into a campaign with ten days to go: one lags, one has enough, one has no target."""
    an_organization("Школа № 1", recipients_per_year=1000)
    an_organization("Школа № 2", recipients_per_year=20)
    an_organization("Школа № 3")
    campaign_id = collecting(30, 10)
    brought(campaign_id, "Школа № 1", 1, 28)
    brought(campaign_id, "Школа № 1", 10, 14, "poster")
    brought(campaign_id, "Школа № 2", 10, 9, "paper")
    signed_in(page, a_user(Role.OPERATOR, login="head"))
    return Desk(page, campaign_id)


def code(name: str) -> str:
    db.session.rollback()
    return db.session.scalars(select(Organization.code).where(Organization.name == name)).one()


def stored(name: str) -> tuple[int | None, int | None]:
    db.session.rollback()
    one = db.session.scalars(select(Assessment).where(Assessment.organization.has(name=name))).one()
    return one.organization.recipients_per_year, one.target


def acts() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.action, one.subject) for one in db.session.scalars(select(AuditEvent))]


def test_the_figures_and_the_words(desk) -> None:
    text = desk.shown()
    assert "остался 10 дней" not in text
    assert "осталось 10 дней" in text
    assert "не успеем: не хватит 316" in text
    assert "нет нормы: неизвестно число получателей" in text
    assert "набрано" in text
    assert "Не успеют: 1" in text
    assert "При нынешнем числе анкет нужно ещё 13 ответов" in text
    assert "должно прийти оттуда ещё 82" in text


def test_the_table_is_narrowed_found_and_ordered_by_its_address(desk) -> None:
    assert [row["Организация"] for row in desk.table()] == ["Школа № 1", "Школа № 2", "Школа № 3"]
    assert [row["Организация"] for row in desk.table("?order=done")][0] == "Школа № 3"
    assert [row["Организация"] for row in desk.table("?state=enough")] == ["Школа № 2"]
    assert [row["Организация"] for row in desk.table("?q=школа 3")] == ["Школа № 3"]
    assert desk.table("?q=%00&state=nothing&order=%3Cscript%3E") != []
    text = desk.shown("?state=unknown&order=name")
    assert "Школа № 3" in text
    assert "Школа № 2" not in text
    assert "Таких организаций нет" in desk.shown("?q=ясли")


def test_the_table_as_a_file_says_what_the_page_says(desk) -> None:
    [first, second, third] = desk.table()
    assert (first["Норма"], first["Набрано"], first["Не хватает"], first["Не хватит"]) == (
        "400",
        "42",
        "358",
        "316",
    )
    assert (first["В день"], first["Личный опрос"], first["Плакат с QR-кодом"]) == ("4,20", "28", "14")
    assert second["Состояние"] == "набрано"
    assert (third["Норма"], third["Не хватает"]) == ("", "")


@ON_SQLITE
def test_a_name_in_the_file_is_no_formula(desk) -> None:
    with writing() as session:
        session.scalars(select(Organization).where(Organization.name == "Школа № 3")).one().name = "=1+1"
    assert "'=1+1" in [row["Организация"] for row in desk.table()]


@ON_SQLITE
@pytest.mark.parametrize("page_number", ["2", "99", "0", "-1", "много", "9" * 30])
def test_a_long_table_comes_by_pages(page, page_number) -> None:
    for number in range(60):
        an_organization(f"Школа № {number:02}", recipients_per_year=100)
    desk = Desk(page, a_campaign())
    signed_in(page, a_user(Role.OPERATOR))
    text = desk.shown(f"?order=name&page={page_number}")
    assert ("Школа № 59" in text) is (page_number in ("2", "99", "9" * 30))
    assert "из 2" in text


def test_recipients_make_the_target(desk) -> None:
    address = f"organizations/{code('Школа № 3')}"
    answer = desk.sent(address, {"recipients": "101", "seen": seen(desk, address)})
    assert answer.status_code == 302
    assert stored("Школа № 3") == (101, 41)
    assert ("target-changed", f"{desk.campaign_id}/{code('Школа № 3')}") in acts()


def seen(desk: Desk, address: str) -> str:
    found = re.search(r'name="seen"[^>]* value="([^"]+)"', desk.client.get(desk.base + address).text)
    assert found is not None
    return found[1]


def test_a_contract_sets_another_target_and_says_why_and_the_norm_comes_back(desk) -> None:
    address = f"organizations/{code('Школа № 1')}"
    sent = {"recipients": "1000", "contract": "250", "reason": "контракт № 12", "seen": seen(desk, address)}
    assert desk.sent(address, sent).status_code == 302
    assert stored("Школа № 1") == (1000, 250)
    assert "норма: контракт № 12" in desk.shown()
    assert "По общему правилу было бы 400" in desk.shown(address)
    back = {"recipients": "1000", "contract": "", "reason": "", "seen": seen(desk, address)}
    assert desk.sent(address, back).status_code == 302
    assert stored("Школа № 1") == (1000, 400)
    db.session.rollback()
    assert settings.of(db.session.get_one(Campaign, desk.campaign_id)).contract == {}


def test_of_two_who_change_one_target_the_second_is_told(desk) -> None:
    address = f"organizations/{code('Школа № 1')}"
    early = seen(desk, address)
    assert desk.sent(address, {"recipients": "500", "seen": early}).status_code == 302
    late = desk.sent(address, {"recipients": "700", "seen": early})
    assert late.status_code == 409
    assert "уже изменили" in late.text
    assert stored("Школа № 1") == (500, 200)


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"recipients": "много"}, "целое число"),
        ({"recipients": "-1"}, "целое число"),
        ({"recipients": "9" * 40}, "целое число"),
        ({"contract": "100"}, "Напишите, откуда это число"),
        ({"reason": "так надо"}, "Впишите норму по договору или уберите причину"),
        ({"contract": "0", "reason": "так надо"}, "не бывает нулевой"),
        ({"contract": "100", "reason": "ж" * 201}, "не больше 200 знаков"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(desk, changed, said) -> None:
    address = f"organizations/{code('Школа № 1')}"
    answer = desk.sent(address, {"recipients": "1000", "seen": seen(desk, address), **changed})
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert stored("Школа № 1") == (1000, 400)


@ON_SQLITE
def test_the_floor_is_settled_and_a_wrong_one_is_not(desk) -> None:
    shown = desk.client.get(desk.base).text
    assert desk.sent("floor", {"floor": "3"}, shown).status_code == 302
    assert "у 3 организаций: меньше 3, а если" in desk.shown()
    for wrong in ("", "много", "-1", "601"):
        desk.sent("floor", {"floor": wrong}, shown)
        text = desk.shown()
        assert "от 0 до 600" in text or "целое число" in text
    db.session.rollback()
    assert settings.of(db.session.get_one(Campaign, desk.campaign_id)).disability_floor == 3


@pytest.mark.parametrize("stage", [Stage.REVIEW, Stage.PUBLISHED])
def test_what_no_longer_collects_is_read_and_not_changed(desk, stage) -> None:
    shown = desk.client.get(desk.base).text
    address = f"organizations/{code('Школа № 1')}"
    with writing() as session:
        session.get_one(Campaign, desk.campaign_id).stage = stage
    assert "больше не собирает" in desk.shown()
    assert "Планировать нечего" in desk.shown("tomorrow")
    for path in ("floor", address, "tomorrow"):
        answer = desk.sent(path, {"floor": "3", "recipients": "1"}, shown)
        assert answer.status_code == 400
        assert "больше не собирает ответы" in answer.text


@pytest.fixture
def petrov(desk) -> int:
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INTERVIEWER)
    db.session.rollback()
    return db.session.scalars(select(User.id).where(User.login == "petrov")).one()


def test_the_plan_sends_interviewers_where_answers_will_lack_and_says_why(desk, petrov) -> None:
    text = desk.shown("tomorrow")
    assert "к последнему дню не хватит 316, осталось 10 дней" in text
    assert "Всего по плану: 20 анкет" in text
    text = desk.shown(f"tomorrow?made=1&work-{petrov}=field&forms=500&calls=&extra=1")
    assert "Всего по плану: 358 анкет" in text
    assert "Без дела: Интервьюер без учётной записи № 1" in text


def test_the_plan_is_given_out_as_it_was_seen_and_twice_is_once(desk, petrov) -> None:
    shown = desk.client.get(desk.base + "tomorrow").text
    lines = re.findall(r'name="line" value="([^"]+)"', shown)
    assert len(lines) == 1
    tomorrow = today() + timedelta(days=1)
    for _ in range(2):
        answer = desk.sent("tomorrow", {"day": tomorrow.isoformat(), "line": lines}, shown)
        assert answer.status_code == 302
    db.session.rollback()
    [given] = db.session.scalars(select(Assignment)).all()
    assert (given.task, given.user_id, given.due_on, given.given_by) == (
        "interview",
        petrov,
        tomorrow,
        "head",
    )
    assert acts().count(("plan-assigned", f"{desk.campaign_id}/sample")) == 2


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        ("завтра", ["1:1:interview"]),
        ("2026-12-01", ["1:1"]),
        ("2026-12-01", ["a:b:c"]),
        ("2026-12-01", []),
        ("2026-12-01", [f"-{'9' * 20}:1:phone"]),
        ("2026-12-01", [f"1:-{'9' * 20}:interview"]),
        ("2026-12-01", [f"{2**31}:1:phone"]),
    ],
)
@ON_SQLITE
def test_a_plan_that_is_none_is_refused(desk, petrov, day, lines) -> None:
    shown = desk.client.get(desk.base + "tomorrow").text
    assert desk.sent("tomorrow", {"day": day, "line": lines}, shown).status_code == 400


def test_nothing_is_given_to_strangers_or_of_other_campaigns(desk, petrov) -> None:
    shown = desk.client.get(desk.base + "tomorrow").text
    mine = re.findall(r'name="line" value="([^"]+)"', shown)[0].split(":")[0]
    strangers = [f"{mine}:999:interview", f"999:{petrov}:interview", f"{mine}:{petrov}:inspection"]
    desk.sent("tomorrow", {"day": "2026-12-01", "line": strangers}, shown)
    db.session.rollback()
    assert db.session.scalars(select(Assignment)).all() == []


@ON_SQLITE
def test_a_verifier_sees_the_plan_and_gives_nothing_out(desk, petrov) -> None:
    shown = desk.client.get(desk.base + "tomorrow").text
    signed_in(desk.client, a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER))
    assert "Назначить по этому плану" not in desk.shown("tomorrow")
    token = TOKEN.search(desk.client.get("/operator/").text)
    assert token is not None
    answer = desk.client.post(desk.base + "tomorrow", data={"csrf_token": token[1]})
    assert answer.status_code == 403
    assert "Назначить по этому плану" in shown


@ON_SQLITE
@pytest.mark.parametrize("wrong", ["forms=много", "forms=501", "calls=-1", "extra=1000"])
def test_a_day_that_cannot_be_is_refused_with_a_word(desk, petrov, wrong) -> None:
    text = desk.shown(f"tomorrow?made=1&work-{petrov}=field&{wrong}", status=422)
    assert "План не составлен" in text
    assert '<option value="field" selected' in text


@ON_SQLITE
@pytest.mark.parametrize("name", ["forms", "calls", "extra"])
def test_a_refused_number_makes_nobody_up(desk, petrov, name, monkeypatch) -> None:
    made: list[int] = []

    def nobody(team: object, ask: object) -> list[object]:
        made.append(getattr(ask, name))
        return []

    monkeypatch.setattr(plan_views, "hands", nobody)
    desk.shown(f"tomorrow?made=1&{name}=3000000", status=422)
    assert max(made) <= 20


def test_an_empty_campaign_and_a_first_day_are_drawn_too(page) -> None:
    an_organization("Музей", sector="culture", recipients_per_year=100)
    signed_in(page, a_user(Role.OPERATOR))
    assert "Организаций пока нет" in Desk(page, a_campaign()).shown()
    first = Desk(page, collecting(0, 1, sector="culture"))
    heard_about(code("Музей"), first.campaign_id, CONTENT, key=1)
    assert "рано судить" in first.shown()
    assert "остался 1 день" in first.shown()
    assert "План на" in first.shown("tomorrow")
