"""The operator's inspection: saved and shown again, refused with all that was typed, and seen in the figures."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from build import CONTENT, a_campaign, a_user, an_organization, heard_about, signed_in
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import AuditEvent, Role
from nok import edition
from surveys import results
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Inspection
from surveys.results import ITEM_BLOCKS, Standing

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
ORDER = edition("344n-2024")
FOUND: dict[str, Any] = {
    "inspected_on": today().isoformat(),
    "stand_present": "14",
    "stand_required": "17",
    "site_present": "18",
    "site_required": "19",
    "remote_ways": ["telephone", "email", "faq"],
    "comfort": ["waiting_area", "navigation", "transport", "booking"],
    "equipment": ["ramps", "parking", "wheelchairs"],
    "accessibility": ["braille", "sign_language", "assistance", "remote_or_home"],
    "waiting_unit": "days",
    "waiting_points": "60",
}


class Sheet:
    """The form of one organisation in an operator's hands."""

    def __init__(self, client: FlaskClient, code: str, campaign_id: int) -> None:
        self.client, self.code, self.campaign_id = client, code, campaign_id
        self.address = f"/operator/campaigns/{campaign_id}/organizations/{code}/inspection"

    def shown(self) -> str:
        return self.client.get(self.address).text

    def sent(self, **changed: object) -> Any:
        """The form filled in with FOUND but for what is given."""
        token = TOKEN.search(self.shown())
        assert token is not None
        return self.client.post(self.address, data={**FOUND, **changed, "csrf_token": token[1]})

    def stored(self) -> Inspection:
        db.session.rollback()
        return db.session.scalars(select(Inspection)).one()

    def standing(self) -> Standing:
        db.session.rollback()
        campaign = db.session.get_one(Campaign, self.campaign_id)
        return results.of_campaign(db.session(), campaign).by_code[self.code]


def value_of(text: str, name: str) -> str:
    """What a text field of a page holds, or which option of a list is chosen."""
    chosen = re.search(rf"<select[^>]* name=\"{name}\".*?<option selected value=\"([^\"]*)\"", text, re.S)
    if chosen:
        return chosen[1]
    field = re.search(rf"<input[^>]* name=\"{name}\"[^>]*>", text)
    assert field is not None, name
    return html.unescape("".join(re.findall(r' value="([^"]*)"', field[0])))


def ticked(text: str, name: str) -> set[str]:
    boxes = re.findall(rf"<input[^>]* name=\"{name}\"[^>]*>", text)
    return {re.findall(r' value="([^"]*)"', box)[0] for box in boxes if " checked" in box}


@pytest.fixture
def sheet(page, session) -> Sheet:
    code = an_organization(recipients_per_year=200)
    campaign_id = a_campaign()
    signed_in(page, a_user(Role.OPERATOR))
    return Sheet(page, code, campaign_id)


def test_an_empty_sheet_has_nothing_ticked_and_every_item_of_the_sphere(sheet) -> None:
    text = sheet.shown()
    for block in ITEM_BLOCKS:
        items = ORDER.items(block, "health")
        assert items
        assert ticked(text, block) == set()
        assert all(item.title in html.unescape(text) for item in items)
    assert value_of(text, "stand_present") == ""


def test_what_was_found_is_saved_recorded_and_shown_again(sheet) -> None:
    answer = sheet.sent()
    assert (answer.status_code, answer.location) == (302, f"/operator/campaigns/{sheet.campaign_id}")
    back = sheet.client.get(answer.location).text
    assert "Проверка сохранена" in back
    assert "✓ проведена" in back
    stored = sheet.stored()
    assert (stored.stand_present, stored.site_required, stored.waiting_points) == (14, 19, "60/1")
    assert stored.remote_ways == FOUND["remote_ways"]
    text = sheet.shown()
    for name, value in FOUND.items():
        assert (
            (ticked(text, name) == set(value)) if isinstance(value, list) else (value_of(text, name) == value)
        )
    [event] = db.session.scalars(select(AuditEvent))
    assert (event.actor, event.action, event.subject) == (
        "operator",
        "inspection",
        f"{sheet.campaign_id}/{sheet.code}",
    )


def test_a_second_visit_replaces_the_first(sheet) -> None:
    sheet.sent()
    yesterday = today() - timedelta(days=1)
    sheet.sent(
        stand_present="17",
        comfort=["drinking_water"],
        waiting_points="",
        equipment=[],
        inspected_on=yesterday.isoformat(),
    )
    stored = sheet.stored()
    assert stored.inspected_on == yesterday
    assert (stored.stand_present, stored.comfort, stored.waiting_points) == (17, ["drinking_water"], None)
    assert stored.equipment == []
    assert value_of(sheet.shown(), "waiting_points") == ""


def test_no_stand_and_no_site_are_left_empty(sheet) -> None:
    sheet.sent()
    assert (
        sheet.sent(stand_present="", stand_required=" ", site_present="", site_required="").status_code == 302
    )
    assert sheet.stored().stand_required is None
    observed = sheet.standing().observations.as_dict()["inspection"]
    assert (observed["stand"], observed["site"]) == (None, None)


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"stand_present": "18"}, "Здесь больше, чем требуется"),
    ({"site_present": "20"}, "Здесь больше, чем требуется"),
    ({"stand_present": "много"}, "целое число"),
    ({"stand_present": "14,5"}, "целое число"),
    ({"stand_present": "-1"}, "от 0 до 999"),
    ({"stand_required": "1000"}, "от 0 до 999"),
    ({"stand_required": "9" * 30}, "от 0 до 999"),
    ({"stand_present": ""}, "Заполните оба числа"),
    ({"site_required": ""}, "Заполните оба числа"),
    ({"stand_present": "0", "stand_required": "0"}, "оставьте оба числа пустыми"),
    ({"inspected_on": ""}, "день"),
    ({"inspected_on": "вчера"}, "день"),
    ({"inspected_on": (today() + timedelta(days=1)).isoformat()}, "ещё не наступил"),
    ({"waiting_points": "101"}, "от 0 до 100"),
    ({"waiting_points": "-1"}, "от 0 до 100"),
    ({"waiting_points": "100,01"}, "от 0 до 100"),
    ({"waiting_points": "долго"}, "от 0 до 100"),
    ({"waiting_points": "60 минут"}, "от 0 до 100"),
    ({"waiting_points": "1/0"}, "от 0 до 100"),
    ({"waiting_points": "nan"}, "от 0 до 100"),
    ({"waiting_points": "1e-999999999"}, "от 0 до 100"),
    ({"waiting_points": "1/" + "3" * 40}, "от 0 до 100"),
    ({"waiting_points": "0," + "1" * 400}, "от 0 до 100"),
]


@ON_SQLITE
@pytest.mark.parametrize(("changed", "said"), REFUSED)
def test_what_cannot_be_is_refused_and_all_that_was_typed_stays(sheet, changed, said) -> None:
    sheet.sent(comfort=["drinking_water"])
    answer = sheet.sent(**changed)
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert "Проверка не сохранена" in text
    assert said in text
    assert not re.search("Not a valid|Invalid|must be", text)
    for name, value in {**FOUND, **changed}.items():
        kept = ticked(text, name) == set(value) if isinstance(value, list) else value_of(text, name) == value
        assert kept, name
    stored = sheet.stored()
    assert (stored.comfort, stored.stand_present) == (["drinking_water"], 14)
    assert [event.action for event in db.session.scalars(select(AuditEvent))] == ["inspection"]


@ON_SQLITE
def test_an_item_of_another_list_is_refused(sheet) -> None:
    answer = sheet.sent(comfort=["navigation", "nothing"])
    assert answer.status_code == 422
    assert not re.search("Invalid|not a valid", answer.text)
    assert not sheet.standing().inspected


@pytest.mark.parametrize(
    ("typed", "kept", "again"),
    [
        ("0", "0/1", "0"),
        ("100", "100/1", "100"),
        (" 62,5 ", "125/2", "62,5"),
        ("62.50", "125/2", "62,5"),
        ("200/3", "200/3", "200/3"),
        ("33.33", "3333/100", "33,33"),
    ],
)
@ON_SQLITE
def test_points_are_kept_exactly_however_they_are_written(sheet, typed, kept, again) -> None:
    assert sheet.sent(waiting_points=typed).status_code == 302
    assert sheet.stored().waiting_points == kept
    assert value_of(sheet.shown(), "waiting_points") == again


def test_what_was_found_changes_the_figures_at_once(sheet) -> None:
    heard_about(sheet.code, sheet.campaign_id, CONTENT, key=1)
    assert sheet.standing().result.indicators["1.1"] is None
    assert not sheet.standing().inspected
    sheet.sent()
    before = sheet.standing()
    assert before.inspected
    printed = {at: figure.printed for at, figure in before.result.indicators.items() if figure}
    # The published vector of the norm: half of 14/17 and 18/19, three remote ways of four and so on.
    assert (printed["1.1"], printed["1.2"], printed["2.1"], printed["3.1"]) == (
        "88.54",
        "90.00",
        "80.00",
        "60.00",
    )
    sheet.sent(stand_present="17", site_present="19", comfort=["navigation"], waiting_points="100")
    after = sheet.standing().result.indicators
    assert (after["1.1"].printed, after["2.1"].printed) == ("100.00", "20.00")
    assert after["2.2"].exact > before.result.indicators["2.2"].exact


def test_what_is_missing_is_named_as_a_deficiency(sheet) -> None:
    sheet.sent(comfort=["navigation", "booking"])
    titles = [
        item.title for item in ORDER.items("comfort", "health") if item.code not in ("navigation", "booking")
    ]
    assert sheet.standing().deficiencies["comfort"] == titles
    page = sheet.client.get(f"/council/campaigns/{sheet.campaign_id}/organizations/{sheet.code}").text
    assert all(title in html.unescape(page) for title in titles)


@ON_SQLITE
def test_a_sphere_without_waiting_has_no_field_for_it(page, session) -> None:
    code = an_organization("Библиотека № 5", sector="culture")
    campaign_id = a_campaign(sector="culture")
    signed_in(page, a_user(Role.OPERATOR))
    sheet = Sheet(page, code, campaign_id)
    assert "waiting_points" not in sheet.shown()
    assert sheet.sent(waiting_points="60").status_code == 302
    assert sheet.stored().waiting_points is None


@ON_SQLITE
def test_one_norm_for_stand_and_site_is_asked_for_where_the_edition_divides_by_it(page, session) -> None:
    code = an_organization()
    sheet = Sheet(page, code, a_campaign(edition="344n-2018"))
    signed_in(page, a_user(Role.OPERATOR))
    refused = sheet.sent(information_required="много")
    assert refused.status_code == 422
    assert value_of(refused.text, "information_required") == "много"
    assert sheet.sent(information_required="20").status_code == 302
    assert sheet.stored().information_required == 20
    assert value_of(sheet.shown(), "information_required") == "20"


@ON_SQLITE
def test_an_organisation_outside_the_campaign_has_no_sheet(sheet) -> None:
    other = an_organization("Школа № 1", sector="education")
    address = sheet.address.replace(sheet.code, other)
    assert sheet.client.get(address).status_code == 404
    assert sheet.client.get(sheet.address.replace(sheet.code, "AAAAAAAA")).status_code == 404


@pytest.mark.parametrize(
    ("mean", "term", "unit", "points"),
    [
        ("14", "14", "days", "10"),
        ("13", "14", "days", "20"),
        ("2,5", "24", "hours", "100"),
        ("15", "14", "days", "0"),
    ],
)
def test_points_for_waiting_are_worked_out_of_wait_and_term(sheet: Sheet, mean, term, unit, points) -> None:
    told = {"waiting_mean": mean, "waiting_term": term, "waiting_unit": unit, "waiting_points": "55"}
    assert sheet.sent(**told).status_code == 302
    assert value_of(sheet.shown(), "waiting_points") == points
    assert value_of(sheet.shown(), "waiting_mean") == mean


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"waiting_mean": "5", "waiting_term": ""}, "Нужны и ожидание, и срок"),
        ({"waiting_mean": "", "waiting_term": "5"}, "Нужны и ожидание, и срок"),
        ({"waiting_mean": "5", "waiting_term": "0"}, "не бывает нулевым"),
        ({"waiting_mean": "долго", "waiting_term": "5"}, "Введите число"),
        ({"waiting_mean": "1e9", "waiting_term": "5"}, "Введите число"),
    ],
)
def test_half_a_wait_is_no_wait(sheet: Sheet, told, said) -> None:
    answer = sheet.sent(**told)
    assert answer.status_code == 422
    assert said in answer.text
