"""The team's pages: people, everybody's own list, giving out as two heads do it, who did what."""

import csv
import html
import io
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from build import REGION, TOKEN, a_campaign, a_user, an_inspection, an_organization, signed_in
from manners import MannerlyClient
from sqlalchemy import select

from accounts import audit
from accounts.models import AuditEvent, Duty, Role, User
from operator_app.phone.tables import CallAttempt
from operator_app.team import trail
from operator_app.team.tables import Assignment
from surveys.clock import local, today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Municipality, Organization, Region, Stage
from surveys.visits import Visit

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DAY = date(2026, 12, 1)


class Team:
    """The team's pages in somebody's hands."""

    def __init__(self, client: MannerlyClient, campaign_id: int) -> None:
        self.client, self.campaign_id = client, campaign_id
        self.base = f"/operator/campaigns/{campaign_id}/team/"

    def shown(self, path: str = "", status: int = 200) -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == status
        return html.unescape(answer.text).replace("\u202f", " ").replace("\xa0", " ")

    def sent(self, **data: Any) -> Any:
        token = TOKEN.search(self.client.get("/operator/").text)
        assert token is not None
        return self.client.post(
            self.base + "give", data={"task": "inspection", **data, "csrf_token": token[1]}
        )

    def said(self, **data: Any) -> str:
        answer = self.sent(**data)
        assert answer.status_code == 302
        return html.unescape(self.client.get(answer.location).text)


@pytest.fixture
def team(page) -> Team:
    """Six clinics, half of them in Химки; a head who is signed in, two inspectors and an interviewer."""
    for number in range(6):
        an_organization(f"Поликлиника № {number}", recipients_per_year=100)
    with writing() as session:
        region = session.scalars(select(Region).where(Region.name == REGION)).one()
        town = Municipality(name="Химки", region_id=region.id)
        session.add(town)
        session.flush()
        for one in session.scalars(select(Organization)):
            if int(one.name[-1]) % 2 == 0:
                one.municipality_id = town.id
    campaign_id = a_campaign()
    for login, duty in {"ivan": Duty.INSPECTOR, "maria": Duty.INSPECTOR, "petr": Duty.INTERVIEWER}.items():
        a_user(Role.OPERATOR, login=login, duty=duty)
    signed_in(page, a_user(Role.OPERATOR, login="head"))
    return Team(page, campaign_id)


def who(login: str) -> int:
    db.session.rollback()
    return db.session.scalars(select(User.id).where(User.login == login)).one()


def ids(*numbers: int) -> list[int]:
    db.session.rollback()
    found = {one.organization.name[-1]: one.id for one in db.session.scalars(select(Assessment))}
    return [found[str(number)] for number in numbers]


def stored() -> dict[str, set[str]]:
    """Login → last digits of the clinics he has."""
    db.session.rollback()
    found: dict[str, set[str]] = {}
    for one in db.session.scalars(select(Assignment)):
        login = db.session.get_one(User, one.user_id).login
        found.setdefault(login, set()).add(
            db.session.get_one(Assessment, one.assessment_id).organization.name[-1]
        )
    return found


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_all_found_are_shared_evenly_and_it_is_recorded(team) -> None:
    said = team.said(act="share", scope="all", person=[who("ivan"), who("maria")], due=DAY.isoformat())
    assert "Поделено 6 организаций" in said
    assert {login: len(have) for login, have in stored().items()} == {"ivan": 3, "maria": 3}
    assert stored()["ivan"] in ({"0", "2", "4"}, {"1", "3", "5"})
    assert acts() == ["tasks-shared"]
    assert "Уже были у кого-то и остались как есть: 6" in team.said(
        act="share", scope="all", person=[who("ivan")]
    )
    assert acts() == ["tasks-shared"]


def test_by_municipality_and_by_words_and_by_whose(team) -> None:
    team.sent(act="give", scope="all", town="Химки", person=[who("ivan")])
    assert stored() == {"ivan": {"0", "2", "4"}}
    team.sent(act="give", scope="all", whose="nobody", person=[who("maria")])
    assert stored() == {"ivan": {"0", "2", "4"}, "maria": {"1", "3", "5"}}
    team.sent(act="take", scope="all", q="поликлиника 3", person=[who("maria")])
    assert stored()["maria"] == {"1", "5"}
    text = team.shown(f"give?whose={who('maria')}")
    assert "Поликлиника № 1" in text
    assert "Поликлиника № 0" not in text


def test_of_two_heads_who_move_the_same_the_second_moves_nothing(team) -> None:
    team.sent(act="give", organization=ids(1, 2), person=[who("ivan")], due=DAY.isoformat())
    moved = {"act": "move", "organization": ids(1, 2), "from": who("ivan")}
    assert "Передано: 2" in team.said(**moved, person=[who("maria")])
    assert "Передавать нечего" in team.said(**moved, person=[who("head")])
    assert stored() == {"maria": {"1", "2"}}
    db.session.rollback()
    assert set(db.session.scalars(select(Assignment.due_on))) == {DAY}


def test_what_somebody_had_who_left_is_seen_and_handed_on(team) -> None:
    team.sent(act="give", organization=ids(1), person=[who("ivan")])
    with writing() as session:
        session.scalars(select(User).where(User.login == "ivan")).one().active = False
    assert "уже не в команде" in team.shown()
    text = team.shown("give")
    assert f'<option value="{who("ivan")}">ivan</option>' in text
    assert f'id="person-{who("ivan")}"' not in text
    moved = {"act": "move", "organization": ids(1), "from": who("ivan")}
    assert "Передано: 1" in team.said(**moved, person=[who("maria")])
    assert "уже не в команде" not in team.shown()


def test_a_day_is_set_and_taken_off(team) -> None:
    team.sent(act="give", organization=ids(1), person=[who("ivan")])
    assert "Срок записан у назначений: 1" in team.said(act="day", organization=ids(1), due=DAY.isoformat())
    assert "до 01.12.2026" in team.shown("give")
    team.sent(act="day", organization=ids(1), due="")
    assert "до 01.12.2026" not in team.shown("give")
    assert acts() == ["tasks-given", "tasks-dated", "tasks-dated"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"act": "share", "scope": "all"}, "Отметьте, кому"),
        ({"act": "share", "scope": "ticked"}, "Отметьте хотя бы одну организацию"),
        ({"act": "share", "organization": ["999"], "person": ["1"]}, "Отметьте хотя бы одну организацию"),
        ({"act": "share", "organization": ["x", "9" * 40]}, "Отметьте хотя бы одну организацию"),
        ({"act": "move", "scope": "all"}, "Отметьте, кому"),
        ({"act": "take", "scope": "all", "from": "9" * 23}, "Такого человека в команде нет"),
        ({"act": "take", "scope": "all", "from": "-" + "9" * 23}, "Такого человека в команде нет"),
        ({"act": "move", "scope": "all", "from": "9" * 23, "person": ["1"]}, "Такого человека в команде нет"),
        ({"act": "take", "organization": ["-" + "9" * 20]}, "Отметьте хотя бы одну организацию"),
        ({"act": "day", "scope": "all", "due": "завтра"}, "Укажите срок цифрами"),
        ({"act": "explode", "scope": "all"}, "Выберите, что сделать"),
        ({"scope": "all"}, "Выберите, что сделать"),
    ],
)
def test_what_is_not_said_whole_is_refused_with_a_word(team, data, said) -> None:
    answer = team.sent(**data)
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert stored() == {}


def test_a_refusal_keeps_what_was_ticked_and_typed(team) -> None:
    answer = team.sent(act="give", organization=ids(2), due="2026-12-01", q="поликлиника")
    assert answer.status_code == 422
    assert "Ничего не изменилось" in answer.text and "хотя бы одного человека" in answer.text
    [number] = ids(2)
    assert f'value="{number}" id="o-{number}" checked' in answer.text
    assert 'value="2026-12-01"' in answer.text and acts() == []
    answer = team.sent(act="give", person=[who("ivan")], due="скоро", organization=ids(1))
    assert answer.status_code == 422 and f'id="person-{who("ivan")}" checked' in answer.text


def test_nobody_is_given_what_his_duty_does_not_let_him_do(team) -> None:
    refused = team.sent(act="give", scope="all", person=[who("petr")])
    assert refused.status_code == 422 and "хотя бы одного человека" in refused.text
    team.sent(act="give", scope="all", task="phone", person=[who("petr"), who("ivan")])
    assert stored() == {"petr": set("012345")}


@pytest.mark.parametrize("stage", [Stage.REVIEW, Stage.PUBLISHED])
def test_when_it_no_longer_collects_nothing_is_given_out(team, stage) -> None:
    with writing() as session:
        session.get_one(Campaign, team.campaign_id).stage = stage
    answer = team.sent(act="share", scope="all", person=[who("ivan")])
    assert answer.status_code == 400
    assert "больше не собирает ответы" in answer.text
    assert "дела уже не раздают" in team.shown("give")


@ON_SQLITE
@pytest.mark.parametrize("duty", [Duty.VERIFIER, Duty.INTERVIEWER, Duty.INSPECTOR])
def test_only_the_head_gives_out(team, duty) -> None:
    signed_in(team.client, a_user(Role.OPERATOR, login="other", duty=duty))
    assert team.sent(act="share", scope="all", person=[who("ivan")]).status_code == 403
    assert team.client.get(team.base + "give").status_code == 403
    sees = duty is Duty.VERIFIER
    assert team.client.get(team.base + "trail").status_code == (200 if sees else 403)
    assert ("Личные опросы в этой таблице не видны" in team.shown()) is sees
    assert "Раздать дела" not in team.shown()


def test_ones_own_list_has_the_undone_first_by_day_and_leads_to_the_page(team) -> None:
    team.sent(act="give", organization=ids(1), person=[who("ivan")], due="")
    team.sent(act="give", organization=ids(2), person=[who("ivan")], due="2030-01-01")
    team.sent(
        act="give", organization=ids(3), person=[who("ivan")], due=(today() - timedelta(days=1)).isoformat()
    )
    team.sent(act="give", organization=ids(4), person=[who("ivan")], due="2020-01-01")
    team.sent(act="give", organization=ids(5), person=[who("maria")], due="2020-01-01")
    db.session.rollback()
    code = {one.name[-1]: one.code for one in db.session.scalars(select(Organization))}
    an_inspection(team.campaign_id, code["4"])
    signed_in(team.client, "ivan")
    text = team.shown("mine")
    assert re.findall(r"Поликлиника № (\d)<span", text) == ["3", "2", "1", "4"]
    assert "Осталось сделать: 3. Просрочено: 1." in text
    assert f"/inspections/{code['3']}" in text
    for address in re.findall(r'class="act"[^>]*><a href="([^"]+)"', text):
        assert team.client.get(address).status_code == 200, address


def test_an_own_visit_is_done_though_the_other_inspector_has_not_gone(team) -> None:
    team.sent(act="give", organization=ids(1), person=[who("ivan"), who("maria")])
    [first] = ids(1)
    with writing() as session:
        session.add(
            Visit(
                assessment_id=first, kind="inspection", state="done", checklist="x", checklist_sha256="",
                inspector="ivan", visited_on=today(), items={}, counts={},
            )
        )  # fmt: skip
    shown = {}
    for login in ("ivan", "maria"):
        signed_in(team.client, login)
        shown[login] = "Всё сделано" in team.shown("mine")
    assert shown == {"ivan": True, "maria": False}
    signed_in(team.client, "head")
    assert "сделано 1 из 1" in team.shown()


def test_nothing_given_is_said_kindly(team) -> None:
    signed_in(team.client, "petr")
    assert "Вам пока ничего не дали" in team.shown("mine")
    assert "Вам пока ничего не дали" in team.shown()


def test_calls_and_interviews_are_counted_by_person(team) -> None:
    petr = who("petr")
    with writing() as session:
        for outcome in ("1.1", "1.2", "2.11"):
            session.add(
                CallAttempt(
                    campaign_id=team.campaign_id, user_id=petr, outcome=outcome,
                    began_at=datetime(2026, 3, 1, 9),  # noqa: DTZ001  stored without a zone
                )
            )  # fmt: skip
    row = re.search(r"petr</span></th>(.*?)</tr>", team.shown(), re.S)
    assert row is not None
    assert re.findall(r"<td[^>]*num[^>]*>([^<]+)<", row[1]) == ["—", "3", "2", "—", "—", "—"]
    assert "01.03.2026" in row[1]


@pytest.fixture
def told(team: Team) -> Team:
    """A trail with acts of this campaign, of another with a longer number, and of a login like a number."""
    number = team.campaign_id
    db.session.rollback()
    code = db.session.scalars(select(Organization.code).where(Organization.name.endswith("3"))).one()
    with writing() as session:
        for actor, act, subject, more in [
            ("ivan", "inspection", f"{number}/{code}", {}),
            ("head", "target-changed", f"{number}/{code}", {"target": 250, "reason": "=контракт"}),
            ("cli", "campaign-created", str(number), {}),
            ("cli", "user-added", str(number), {}),
            ("head", "inspection", f"{number}0/{code}", {}),
        ]:
            facts: dict[str, Any] = {**more}
            audit.record(session, actor, act, subject, **facts)
    return team


def test_the_trail_is_this_campaigns_in_russian_words(told) -> None:
    text = told.shown("trail")
    assert "3 записей" in text or "3 записи" in text
    assert "проверка сохранена" in text
    assert "Поликлиника № 3" in text
    assert "норма: 250" in text
    assert "сотрудник добавлен" not in text


@pytest.mark.parametrize("subject", ["1/check.official_share", "1/conclusions", "1/K1"])
def test_the_trail_shows_no_name_of_the_machines(subject) -> None:
    assert trail.about(AuditEvent(subject=subject), {}) == ""
    assert trail.about(AuditEvent(subject="1/12/K7M4PX2D"), {"K7M4PX2D": "Школа"}) == "№ 12, Школа"


def test_the_trail_is_narrowed_by_person_act_and_day(told) -> None:
    assert "норма: 250" not in told.shown("trail?who=ivan")
    assert "норма: 250" in told.shown("trail?who=head&act=target-changed")
    assert "норма: 250" in told.shown(f"trail?day={today().isoformat()}")
    assert "Таких записей нет" in told.shown("trail?day=2020-01-01")
    assert "Укажите день цифрами" in told.shown("trail?day=вчера")
    assert "Таких записей нет" in told.shown("trail?who=%00&act=" + "x" * 500)


def test_the_trail_as_a_file_holds_no_formula(told) -> None:
    answer = told.client.get(told.base + "trail.csv?who=head")
    [row] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert (row["Логин"], row["Что"], row["С чем"]) == (
        "head",
        "норма организации изменена",
        "Поликлиника № 3",
    )
    with writing() as session:
        session.scalars(select(Organization).where(Organization.name.endswith("3"))).one().name = "=1+1"
    text = told.client.get(told.base + "trail.csv").data.decode("utf-8-sig")
    assert ";'=1+1;" in text


@ON_SQLITE
def test_a_day_is_the_servers_own(told) -> None:
    late = trail._utc(DAY + timedelta(days=1)) - timedelta(seconds=1)
    assert local(late).date() == DAY
    assert local(trail._utc(DAY)).date() == DAY
    assert late.replace(tzinfo=UTC) - trail._utc(DAY).replace(tzinfo=UTC) == timedelta(hours=24, seconds=-1)


@ON_SQLITE
def test_a_long_trail_comes_by_pages(team) -> None:
    with writing() as session:
        for number in range(130):
            audit.record(session, "head", "inspection", f"{team.campaign_id}/визит-{number}")
    first, second = team.shown("trail"), team.shown("trail?page=2")
    assert ("визит-129" in first, "визит-29" in first) == (True, False)
    assert ("визит-29" in second, "визит-0" in second) == (True, True)


def test_the_trail_is_found_by_the_campaigns_number_whatever_it_stands_beside(told) -> None:
    db.session.rollback()
    found = trail.events(db.session(), told.campaign_id, trail.Asked(), 10)
    assert Counter(event.action for event in found) == {
        "inspection": 1,
        "target-changed": 1,
        "campaign-created": 1,
    }
