"""The inspection by check-list: kept as a draft, finished, confirmed by somebody else, and seen in the figures."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from build import CONTENT, TOKEN, a_campaign, a_user, an_organization, heard_about, signed_in
from flask.testing import FlaskClient
from sqlalchemy import select

import nok
from accounts.models import AuditEvent, Duty, Role, User
from operator_app.inspections import listing, visiting
from operator_app.inspections.payload import VisitRefused
from surveys import inspected, results
from surveys.checklists import EDITION_BLOCKS, INSPECTION, MYSTERY, Checklist, checklist
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Inspection, Stage
from surveys.refusals import PinnedChanged, Refusal, Stale
from surveys.results import Standing
from surveys.visits import Visit

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HIDDEN = re.compile(
    r'<input type="hidden" name="(client_key|version|checklist_sha256|seen|versions)" value="([^"]*)"'
)
ORDER = nok.edition("344n-2024")
NO = "Такой услуги организация не оказывает"
WAITED = {"waiting_unit": "days", "waiting_points": "60"}


class Sheet:
    """One organisation's inspection in the hands of whoever is signed in."""

    def __init__(self, client: FlaskClient, code: str, campaign_id: int, sector: str = "health") -> None:
        self.client, self.code, self.campaign_id = client, code, campaign_id
        self.here = f"/operator/campaigns/{campaign_id}/inspections"
        self.address = f"{self.here}/{code}/visit"
        self.list: Checklist = checklist(INSPECTION, sector, ORDER)

    def shown(self) -> str:
        return html.unescape(self.client.get(self.address).text)

    def answers(self, **changed: str) -> dict[str, str]:
        """Every item there, but for what is told by code («stand_hours» for «stand.hours»)."""
        told: dict[str, str] = {}
        for code, item in self.list.by_code.items():
            told[f"value:{code}"] = changed.pop(code.replace(".", "_"), "yes")
            if item.tried:
                told |= {f"how:{code}": item.tried, f"on:{code}": today().isoformat()}
        assert not changed
        return told

    def sent(self, told: dict[str, Any] | None = None, *, finish: bool = True, **fields: Any) -> Any:
        """The page as it stands, filled in and sent."""
        text = self.client.get(self.address).text
        hidden = dict(HIDDEN.findall(text))
        data = {"visited_on": today().isoformat(), "stand": "list", "site": "list", **WAITED, **hidden}
        data |= {**(self.answers() if told is None else told), **fields, "csrf_token": token_of(text)}
        return self.client.post(self.address, data={**data, "act": "finish" if finish else "save"})

    def visit(self) -> Visit:
        db.session.rollback()
        return db.session.scalars(select(Visit).order_by(Visit.id.desc()).limit(1)).one()

    def confirmed(self, by: str = "verifier") -> Any:
        """The last visit confirmed on its own page."""
        signed_in(self.client, by)
        address = f"{self.here}/visits/{self.visit().id}"
        page = self.client.get(address).text
        return self.client.post(
            f"{address}/confirm", data={**dict(_pairs(page)), "csrf_token": token_of(page)}
        )

    def stored(self) -> Inspection:
        db.session.rollback()
        return db.session.scalars(select(Inspection)).one()

    def standing(self) -> Standing:
        db.session.rollback()
        campaign = db.session.get_one(Campaign, self.campaign_id)
        return results.of_campaign(db.session(), campaign).by_code[self.code]


def token_of(page: str) -> str:
    """The token of a page's forms."""
    found = TOKEN.search(page)
    assert found is not None
    return found[1]


def _pairs(page: str) -> list[tuple[str, str]]:
    return re.findall(r'name="(seen|version)" value="(-?\d+)"', page)


@pytest.fixture
def team(page, session) -> FlaskClient:
    """A head, a verifier and two inspectors; the first inspector is signed in."""
    a_user(Role.OPERATOR)
    a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER)
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)
    a_user(Role.OPERATOR, login="sidorov", duty=Duty.INSPECTOR)
    return signed_in(page, "petrov")


@pytest.fixture
def sheet(team) -> Sheet:
    code = an_organization(recipients_per_year=200)
    return Sheet(team, code, a_campaign())


def test_an_empty_sheet_has_every_item_of_the_sphere_and_nothing_chosen(sheet) -> None:
    text = sheet.shown()
    for item in sheet.list.by_code.values():
        assert item.title.replace("№ ", "№\u00a0") in text
        assert item.how in text
    assert not re.search(r'name="value:[^>]* checked', text)
    assert f"0 из {len(sheet.list.by_code)}" in text
    assert "сверьте с приказом" in text
    assert db.session.scalar(select(Visit)) is None


def test_what_is_saved_is_a_draft_and_is_shown_again(sheet) -> None:
    told = {
        "value:stand.hours": "no",
        "note:stand.hours": "листок 2019 года",
        "value:site.paid_prices": "na",
        "reason:site.paid_prices": NO,
        "value:comfort.navigation": "yes",
        "note:comfort.booking": "проверить в понедельник",
    }
    assert sheet.sent(told, finish=False, note="вход со двора").location == sheet.address
    visit = sheet.visit()
    assert (visit.state, visit.inspector, visit.version) == ("draft", "petrov", 1)
    assert visit.items["site.paid_prices"] == {"value": "na", "reason": NO}
    assert visit.items["comfort.booking"] == {"note": "проверить в понедельник"}
    text = sheet.shown()
    assert re.search(r'value="no" id="no-stand.hours" checked', text)
    assert f"<option selected>{NO}</option>" in text
    assert "листок 2019 года" in text
    assert "вход со двора" in text
    assert "3 из " in text
    assert db.session.scalar(select(Inspection)) is None
    assert not sheet.standing().inspected


def test_what_is_unfinished_stays_a_draft_and_says_what_is_left(sheet) -> None:
    told = sheet.answers(stand_hours="na") | {"how:remote_ways.email": ""}
    del told["value:comfort.transport"]
    answer = sheet.sent(told)
    assert answer.location == f"{sheet.address}?left=1#left"
    assert sheet.visit().state == "draft"
    text = html.unescape(sheet.client.get(answer.location).text)
    assert "До завершения осталось: 3" in text
    assert "Назовите причину" in text
    assert "способ должен работать" in text
    signed_in(sheet.client, "verifier")
    assert "Подтвердить</button>" not in sheet.client.get(f"{sheet.here}/visits/{sheet.visit().id}").text


def test_a_finished_visit_waits_and_then_becomes_the_inspection(sheet) -> None:
    absent = {
        "stand_hours": "no",
        "stand_insurers": "na",
        "comfort_navigation": "no",
        "remote_ways_faq": "no",
    }
    told = sheet.answers(**absent) | {"own:stand.insurers": "работает без ОМС"}
    assert sheet.sent(told).location == f"{sheet.here}/{sheet.code}"
    assert not sheet.standing().inspected
    assert sheet.confirmed().location == f"{sheet.here}/{sheet.code}"
    stored = sheet.stored()
    size = len(sheet.list.block("stand").items)
    assert (stored.stand_present, stored.stand_required) == (size - 2, size - 1)
    assert (stored.site_present, stored.site_required) == (30, 30)
    assert stored.missing == {"stand": ["Режим и график работы"]}
    assert stored.not_applicable == {"stand": {"insurers": "работает без ОМС"}}
    assert stored.remote_ways == ["telephone", "email", "electronic_services", "opinion_form"]
    assert (stored.waiting_points, stored.version, stored.visit_id) == ("60/1", 1, sheet.visit().id)
    assert sheet.visit().state == "confirmed"
    standing = sheet.standing()
    assert standing.inspected
    assert standing.deficiencies["stand"] == ["Режим и график работы"]
    assert standing.deficiencies["comfort"] == ["Наличие и понятность навигации внутри организации"]
    page = sheet.client.get(f"/council/campaigns/{sheet.campaign_id}/organizations/{sheet.code}").text
    assert "<li>Режим и график работы</li>" in page
    trail = [(event.actor, event.action) for event in db.session.scalars(select(AuditEvent))]
    assert trail == [("petrov", "visit"), ("verifier", "inspection")]


def test_whoever_reads_a_visit_sees_first_what_was_not_found(sheet) -> None:
    sheet.sent(sheet.answers(remote_ways_opinion_form="no"))
    signed_in(sheet.client, "verifier")
    page = sheet.client.get(f"{sheet.here}/visits/{sheet.visit().id}").text
    block = sheet.list.block("remote_ways").items
    assert page.index(block[-1].title) < page.index(block[0].title)


def test_what_is_not_applicable_is_no_deficiency(sheet) -> None:
    told = sheet.answers(equipment_parking="na") | {"own:equipment.parking": "пешеходная улица"}
    sheet.sent(told)
    sheet.confirmed()
    assert "equipment" not in sheet.standing().deficiencies
    assert sheet.standing().observations.as_dict()["inspection"]["equipment"] == 4


def test_a_correction_is_the_next_version_and_the_figures_follow(sheet) -> None:
    heard_about(sheet.code, sheet.campaign_id, CONTENT, key=1)
    sheet.sent(sheet.answers(**{f"comfort_{item.name}": "no" for item in sheet.list.block("comfort").items}))
    sheet.confirmed()
    assert sheet.standing().result.indicators["2.1"].printed == "0.00"
    visit_id = sheet.visit().id
    page = sheet.client.get(f"{sheet.here}/visits/{visit_id}").text
    data = {**dict(_pairs(page)), "csrf_token": token_of(page)}
    assert sheet.client.post(f"{sheet.here}/visits/{visit_id}/return", data=data).status_code == 302
    assert sheet.standing().inspected, "the inspection stays until the next is confirmed"
    signed_in(sheet.client, "petrov")
    sheet.sent()
    sheet.confirmed()
    assert (sheet.visit().id, sheet.stored().version) == (visit_id, 2)
    assert sheet.standing().result.indicators["2.1"].printed == "100.00"


def test_ones_own_visit_is_confirmed_by_somebody_else_if_there_is_anybody(sheet) -> None:
    signed_in(sheet.client, "verifier")
    sheet.sent()
    answer = sheet.confirmed("verifier")
    assert answer.status_code == 400
    assert "подтверждает другой" in answer.text
    with writing() as session:
        for user in session.scalars(select(User).where(User.login == "operator")):
            user.active = False
    assert sheet.confirmed("verifier").status_code == 302


@ON_SQLITE
def test_an_inspector_confirms_nothing(sheet) -> None:
    sheet.sent()
    assert "Подтвердить</button>" not in sheet.client.get(f"{sheet.here}/visits/{sheet.visit().id}").text
    text = sheet.client.get(sheet.here + "/").text
    token = token_of(text)
    answer = sheet.client.post(f"{sheet.here}/visits/{sheet.visit().id}/confirm", data={"csrf_token": token})
    assert answer.status_code == 403


def test_confirming_what_changed_meanwhile_is_refused(sheet) -> None:
    sheet.sent()
    signed_in(sheet.client, "verifier")
    address = f"{sheet.here}/visits/{sheet.visit().id}"
    page = sheet.client.get(address).text
    data = {**dict(_pairs(page)), "csrf_token": token_of(page)}
    with writing() as session:
        session.get_one(Visit, sheet.visit().id).version += 1
    assert sheet.client.post(f"{address}/confirm", data=data).status_code == 409
    assert not sheet.standing().inspected


@ON_SQLITE
def test_confirming_twice_is_once(sheet) -> None:
    sheet.sent()
    signed_in(sheet.client, "verifier")
    address = f"{sheet.here}/visits/{sheet.visit().id}"
    page = sheet.client.get(address).text
    data = {**dict(_pairs(page)), "csrf_token": token_of(page)}
    assert [sheet.client.post(f"{address}/confirm", data=data).status_code for _ in range(2)] == [302, 302]
    assert sheet.stored().version == 1


def test_no_stand_and_ones_own_list_for_the_site(sheet) -> None:
    own = {"site": "own", "own_list_site": "форма 1а", "site_present": "18", "site_required": "19"}
    sheet.sent(stand="none", **own)
    sheet.confirmed()
    stored = sheet.stored()
    assert (stored.stand_present, stored.stand_required) == (None, None)
    assert (stored.site_present, stored.site_required) == (18, 19)
    assert "форма 1а" in stored.missing["site"][0]
    observed = sheet.standing().observations.as_dict()["inspection"]
    assert (observed["stand"], observed["site"]) == (None, {"present": 18, "required": 19})


@ON_SQLITE
def test_ones_own_list_without_counts_or_name_is_unfinished(sheet) -> None:
    answer = sheet.sent(stand="own")
    text = html.unescape(sheet.client.get(answer.location).text)
    assert "Назовите перечень" in text
    assert "сколько требуется" in text


@ON_SQLITE
def test_a_stand_to_which_nothing_applies_is_no_stand(sheet) -> None:
    told = sheet.answers(**{f"stand_{item.name}": "na" for item in sheet.list.block("stand").items})
    told |= {f"reason:{item.code}": NO for item in sheet.list.block("stand").items}
    answer = sheet.sent(told)
    assert "Неприменимо всё" in sheet.client.get(answer.location).text


OWN = {"stand": "own", "own_list": "форма 1а", "stand_present": "14", "stand_required": "17"}
REFUSED: list[tuple[dict[str, str], str]] = [
    ({**OWN, "stand_present": "18"}, "Здесь больше, чем требуется"),
    ({**OWN, "stand_present": "много"}, "целое число"),
    ({**OWN, "stand_present": "14,5"}, "целое число"),
    ({**OWN, "stand_present": "-1"}, "от 0 до 999"),
    ({**OWN, "stand_required": "9" * 30}, "от 0 до 999"),
    ({**OWN, "stand_present": ""}, "Заполните оба числа"),
    ({**OWN, "stand_present": "0", "stand_required": "0"}, "нет стенда"),
    ({"stand": "maybe"}, "Выберите, как проверяли"),
    ({"visited_on": ""}, "день"),
    ({"visited_on": "вчера"}, "день"),
    ({"visited_on": (today() + timedelta(days=1)).isoformat()}, "ещё не наступил"),
    ({"waiting_points": "101"}, "от 0 до 100"),
    ({"waiting_points": "-1"}, "от 0 до 100"),
    ({"waiting_points": "долго"}, "от 0 до 100"),
    ({"waiting_points": "1/0"}, "от 0 до 100"),
    ({"waiting_points": "1e-999999999"}, "от 0 до 100"),
    ({"waiting_points": "1/" + "3" * 40}, "от 0 до 100"),
    ({"waiting_mean": "5", "waiting_term": ""}, "Нужны и ожидание, и срок"),
    ({"waiting_mean": "", "waiting_term": "5"}, "Нужны и ожидание, и срок"),
    ({"waiting_mean": "5", "waiting_term": "0"}, "не бывает нулевым"),
    ({"waiting_mean": "1e9", "waiting_term": "5"}, "Введите число"),
    ({"waiting_unit": "years", "waiting_mean": "5", "waiting_term": "6"}, "дни или часы"),
    ({"value:stand.hours": "maybe"}, "Выберите «есть», «нет» или «неприменимо»"),
    ({"how:remote_ways.email": "dreamt"}, "как вы это попробовали"),
]


@ON_SQLITE
@pytest.mark.parametrize(("changed", "said"), REFUSED)
def test_what_cannot_be_is_refused_and_all_that_was_typed_stays(sheet, changed, said) -> None:
    sheet.sent({"value:comfort.drinking_water": "no"}, finish=False)
    answer = sheet.sent(
        {"value:comfort.drinking_water": "yes", "note:site.hours": "летний", **sheet_only(changed)}, **changed
    )
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert "Проверка не сохранена" in text
    assert said in text
    assert not re.search("Not a valid|Invalid|must be", text)
    assert re.search(r'value="yes" id="yes-comfort.drinking_water" checked', text)
    assert "летний" in text
    for name in ("stand_present", "waiting_points", "waiting_mean", "visited_on"):
        if name in changed:
            assert f'value="{changed[name]}"' in text
    assert sheet.visit().items == {"comfort.drinking_water": {"value": "no"}}


def sheet_only(changed: dict[str, str]) -> dict[str, str]:
    """A try is looked at where something was answered."""
    return {"value:remote_ways.email": "yes"} if "how:remote_ways.email" in changed else {}


@ON_SQLITE
@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0", "0/1"), ("100", "100/1"), (" 62,5 ", "125/2"), ("62.50", "125/2"), ("200/3", "200/3")],
)
def test_points_are_kept_exactly_however_they_are_written(sheet, typed, kept) -> None:
    sheet.sent(waiting_points=typed)
    sheet.confirmed()
    assert sheet.stored().waiting_points == kept


@pytest.mark.parametrize(
    ("mean", "term", "unit", "points"),
    [
        ("14", "14", "days", "10/1"),
        ("13", "14", "days", "20/1"),
        ("2,5", "24", "hours", "100/1"),
        ("15", "14", "days", "0/1"),
    ],
)
def test_points_for_waiting_are_worked_out_of_wait_and_term(sheet, mean, term, unit, points) -> None:
    sheet.sent(waiting_mean=mean, waiting_term=term, waiting_unit=unit, waiting_points="55")
    sheet.confirmed()
    assert (sheet.stored().waiting_points, sheet.stored().waiting_unit) == (points, unit)


@ON_SQLITE
def test_a_sphere_without_waiting_has_no_field_for_it(team) -> None:
    code = an_organization("Библиотека № 5", sector="culture")
    sheet = Sheet(team, code, a_campaign(sector="culture"), "culture")
    assert "waiting_points" not in sheet.shown()
    sheet.sent()
    sheet.confirmed()
    assert sheet.stored().waiting_points is None


@ON_SQLITE
def test_one_norm_for_stand_and_site_is_asked_for_where_the_edition_divides_by_it(team) -> None:
    code = an_organization()
    sheet = Sheet(team, code, a_campaign(edition="344n-2018"))
    assert sheet.sent(information_required="много").status_code == 422
    sheet.sent(information_required="20")
    sheet.confirmed()
    assert sheet.stored().information_required == 20


@ON_SQLITE
def test_an_organisation_outside_the_campaign_has_no_sheet(sheet) -> None:
    other = an_organization("Школа № 1", sector="education")
    for code in (other, "AAAAAAAA"):
        assert sheet.client.get(sheet.address.replace(sheet.code, code)).status_code == 404
        assert sheet.client.get(f"{sheet.here}/{code}").status_code == 404


@ON_SQLITE
def test_the_old_address_leads_to_the_new_page(sheet) -> None:
    answer = sheet.client.get(
        f"/operator/campaigns/{sheet.campaign_id}/organizations/{sheet.code}/inspection"
    )
    assert (answer.status_code, answer.location) == (308, f"{sheet.here}/{sheet.code}")


@ON_SQLITE
def test_a_campaign_that_is_closed_takes_no_inspection(sheet) -> None:
    sheet.sent()
    with writing() as session:
        session.get_one(Campaign, sheet.campaign_id).stage = Stage.REVIEW
    assert "Сбор в этой кампании закончен" in sheet.shown()
    for answer in (sheet.sent(), sheet.confirmed()):
        assert answer.status_code == 400
        assert "Сбор в этой кампании закончен" in answer.text


# What a phone sends: the same door, by its own key.


def payload(sheet: Sheet, **given: Any) -> dict[str, Any]:
    """A whole visit as a phone sends it, but for what is given."""
    items: dict[str, Any] = {code: {"value": "yes"} for code in sheet.list.by_code}
    for item in sheet.list.block("remote_ways").items:
        items[item.code]["tried"] = {"how": item.tried, "on": today().isoformat()}
    return {
        "client_key": "phone-0001",
        "kind": INSPECTION,
        "checklist": sheet.list.id,
        "checklist_sha256": sheet.list.content_hash,
        "visited_on": today().isoformat(),
        "version": 0,
        "items": items,
        "counts": {},
        "note": "",
        "done": True,
        **given,
    }


def saved(sheet: Sheet, login: str = "petrov", **given: Any) -> tuple[int, int, str]:
    """A visit through the door: its number, version and state."""
    with writing() as session:
        user = session.scalars(select(User).where(User.login == login)).one()
        assessment = session.scalars(select(Assessment)).one()
        visit = visiting.save(session, user, assessment, payload(sheet, **given))
        return visit.id, visit.version, str(visit.state)


def test_a_visit_sent_twice_is_one(sheet) -> None:
    first = saved(sheet)
    assert saved(sheet) == first
    assert saved(sheet, version=7) == first, "the same words need no version"
    assert first[1:] == (1, "done")


def test_a_visit_sent_twice_at_once_is_one(app, sheet) -> None:
    together = Barrier(4)

    def send(_number: int) -> tuple[int, int, str]:
        with app.app_context():
            together.wait()
            return saved(sheet)

    with ThreadPoolExecutor(4) as pool:
        told = set(pool.map(send, range(4)))
    assert len(told) == 1
    assert len(db.session.scalars(select(Visit)).all()) == 1


def test_a_visit_changed_elsewhere_is_not_written_over(sheet) -> None:
    number, version, _state = saved(sheet)
    assert saved(sheet, version=version, note="с телефона") == (number, 2, "done")
    with pytest.raises(Stale):
        saved(sheet, version=1, note="со стола")
    assert (sheet.visit().note, sheet.visit().version) == ("с телефона", 2)


def test_errors_are_told_by_item_and_nothing_is_kept(sheet) -> None:
    items = {"stand.hours": {"value": "perhaps"}, "nowhere.x": {"value": "yes"}}
    with pytest.raises(VisitRefused) as refused:
        saved(sheet, items=items, visited_on="2999-01-01")
    assert set(refused.value.errors) == {"stand.hours", "nowhere.x", "visited_on"}
    assert db.session.scalar(select(Visit)) is None


@ON_SQLITE
@pytest.mark.parametrize(
    "given",
    [
        {"client_key": ""},
        {"client_key": "short"},
        {"client_key": "with space 1"},
        {"kind": "stroll"},
        {"kind": None},
    ],
)
def test_a_visit_without_a_key_or_of_no_kind_is_refused(sheet, given) -> None:
    with pytest.raises(Refusal):
        saved(sheet, **given)


@ON_SQLITE
@pytest.mark.parametrize(
    "given",
    [
        {"items": None},
        {"items": ["yes"]},
        {"items": {"stand.hours": "yes"}},
        {"items": {"stand.hours": {"value": "na", "reason": 7, "note": None}}},
        {"items": {"remote_ways.faq": {"value": "yes", "tried": "yes"}}},
        {"items": {"stand.hours": {"value": ""}}, "counts": "none", "note": 12},
        {"done": "yes"},
    ],
)
def test_odd_shapes_are_a_draft_at_most(sheet, given) -> None:
    assert saved(sheet, **given)[2] == "draft"


def test_words_that_no_database_takes_are_cleaned(sheet) -> None:
    items = {"stand.hours": {"value": "no", "note": "при\0вет \ud800"}}
    saved(sheet, items=items, note="a" * 9000)
    assert sheet.visit().items["stand.hours"]["note"] == "привет"
    assert len(sheet.visit().note) == 4000


def test_a_list_that_changed_is_a_refusal(sheet) -> None:
    with pytest.raises(PinnedChanged):
        saved(sheet, checklist_sha256="0" * 64)


def test_anothers_visit_is_not_ones_own(sheet) -> None:
    saved(sheet)
    with pytest.raises(Refusal, match="другой человек"):
        saved(sheet, "sidorov", note="моё")


def test_a_confirmed_visit_is_closed_but_may_be_sent_again(sheet) -> None:
    first = saved(sheet)
    sheet.confirmed()
    assert saved(sheet)[0] == first[0]
    with pytest.raises(Refusal, match="уже подтверждена"):
        saved(sheet, version=sheet.visit().version, note="ещё")


# The list of the campaign.


def states(campaign_id: int, login: str = "") -> dict[str, str]:
    db.session.rollback()
    campaign = db.session.get_one(Campaign, campaign_id)
    return {line.name: line.state.value for line in listing.lines(db.session(), campaign, login)}


def test_the_list_says_how_far_each_organisation_is(team) -> None:
    names = ("Аптека", "Больница", "Ветлечебница", "Госпиталь")
    codes = [an_organization(name) for name in names]
    campaign_id = a_campaign()
    sheets = [Sheet(team, code, campaign_id) for code in codes]
    sheets[1].sent({"value:stand.hours": "yes"}, finish=False)
    sheets[2].sent()
    sheets[3].sent()
    sheets[3].confirmed()
    assert states(campaign_id) == dict(zip(names, ("none", "draft", "waiting", "confirmed"), strict=True))
    campaign = db.session.get_one(Campaign, campaign_id)
    assert [line.name for line in listing.unconfirmed(db.session(), campaign)] == list(names[:3])
    page = sheets[0].client.get(f"{sheets[0].here}/?state=waiting").text
    assert "Ветлечебница" in page
    assert "Больница" not in page
    assert "Ничего не нашлось" in sheets[0].client.get(f"{sheets[0].here}/?q=нетакой").text


def test_the_blocks_of_the_order_are_those_of_the_inspection() -> None:
    assert tuple(EDITION_BLOCKS) == inspected.ITEM_BLOCKS
    assert MYSTERY != INSPECTION
