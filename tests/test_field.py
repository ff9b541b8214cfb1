"""The inspector's page and its addresses, without a browser: who is told what, what comes in once, what is refused."""

import base64
import io
import json
import secrets
from typing import Any

import pytest
from build import a_campaign, a_user, an_organization, signed_in
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from accounts.models import AuditEvent, Duty, Role, User
from operator_app.inspections import wording
from operator_app.team.tables import Assignment
from surveys import proofs
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Region, Stage
from surveys.visits import Evidence, Visit

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HERE = "/operator/field"


def assigned(login: str, code: str, task: str = "inspection") -> int:
    """Somebody of the team is to go there; the assessment's number."""
    with writing() as session:
        assessment = session.scalars(select(Assessment).where(Assessment.organization.has(code=code))).one()
        user = session.scalars(select(User).where(User.login == login)).one()
        session.add(Assignment(assessment_id=assessment.id, task=task, user_id=user.id, given_by="operator"))
        return assessment.id


def a_picture(side: int = 64) -> bytes:
    """A photograph that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Завод камер"
    drawn = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


def told(answer: TestResponse) -> dict[str, Any]:
    """What an answer says as JSON."""
    said: dict[str, Any] = json.loads(answer.text)
    return said


class Phone:
    """The page of one inspector, as the addresses behind it see it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def token(self) -> str:
        return str(told(self.client.get(f"{HERE}/state"))["token"])

    def bag(self, *also: int) -> dict[str, Any]:
        return told(self.client.get(f"{HERE}/work", query_string=[("also", one) for one in also]))

    def a_visit(self, place: dict[str, Any], **changed: Any) -> dict[str, Any]:
        return {
            "assessment": place["assessment"],
            "client_key": secrets.token_hex(16),
            "kind": place["kind"],
            "checklist": "health",
            "checklist_sha256": place["list"],
            "visited_on": today().isoformat(),
            "version": 0,
            "items": {},
            "counts": {"stand": "list", "site": "list"},
            "note": "",
            "done": False,
            **changed,
        }

    def sent(self, visit: Any) -> Any:
        return self.client.post(f"{HERE}/visit", json=visit, headers={"X-CSRFToken": self.token()})

    def snapped(self, taken: dict[str, Any], item: str, **changed: Any) -> Any:
        told = {"key": secrets.token_hex(16), "visit": taken["client_key"], "item": item, "day": "2026-01-02"}
        file = (io.BytesIO(changed.pop("picture", None) or a_picture()), "photo.jpg")
        return self.client.post(
            f"{HERE}/photo", data={**told, **changed, "file": file}, headers={"X-CSRFToken": self.token()}
        )

    def brought(self, text: bytes) -> Any:
        data = {"file": (io.BytesIO(text), "proverki.jsonl"), "csrf_token": self.token()}
        return self.client.post(f"{HERE}/file", data=data)


@pytest.fixture
def code() -> str:
    made = an_organization(address="ул. Мира, 1")
    a_campaign()
    return made


@pytest.fixture
def phone(page, code) -> Phone:
    signed_in(page, a_user(Role.OPERATOR, login="ivanova", duty=Duty.INSPECTOR))
    assigned("ivanova", code)
    return Phone(page)


@pytest.fixture
def place(phone) -> dict[str, Any]:
    [assigned_to] = phone.bag()["places"]
    return dict(assigned_to)


def visits() -> list[Visit]:
    db.session.rollback()
    return list(db.session.scalars(select(Visit).order_by(Visit.id)))


def test_the_bag_holds_what_one_was_assigned_to_with_its_list(phone, code) -> None:
    bag = phone.bag()
    [place] = bag["places"]
    assert (place["code"], place["kind"], place["address"]) == (code, "inspection", "ул. Мира, 1")
    blocks = bag["lists"][place["list"]]["blocks"]
    assert [block["code"] for block in blocks][:3] == ["stand", "site", "remote_ways"]
    assert all(item["how"] for block in blocks for item in block["items"])
    assert place["waiting"] is True
    assert bag["who"] == "ivanova"


def test_a_mystery_visit_is_an_errand_of_its_own(phone, code) -> None:
    assigned("ivanova", code, "mystery")
    bag = phone.bag()
    assert [place["kind"] for place in bag["places"]] == ["inspection", "mystery"]
    assert len(bag["lists"]) == 2


def test_nobody_takes_along_what_is_closed_or_anothers(phone, code) -> None:
    other = an_organization("Поликлиника № 13")
    a_campaign(title="Другая", year=today().year - 1)
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)
    assert [place["code"] for place in phone.bag()["places"]] == [code]
    found = phone.client.get(f"{HERE}/find?q=13").json["found"]
    assert {one["code"] for one in found} == {other}
    with writing() as session:
        for campaign in session.scalars(select(Campaign)):
            campaign.stage = Stage.REVIEW
    assert phone.bag()["places"] == []
    assert phone.bag(found[0]["assessment"])["places"] == []
    assert phone.client.get(f"{HERE}/find?q=13").json["found"] == []


def test_one_chooses_when_nothing_was_assigned(phone) -> None:
    an_organization("Поликлиника № 13")
    a_campaign(title="Другая", year=today().year - 1)
    found = phone.client.get(f"{HERE}/find?q=13").json["found"][0]
    assert found["assessment"] in {place["assessment"] for place in phone.bag(found["assessment"])["places"]}


@ON_SQLITE
@pytest.mark.parametrize("told", ["also=x", "also=-1", "also=" + "9" * 40, "also=%00", "also=99"])
def test_a_strange_choice_is_no_choice(phone, told) -> None:
    answer = phone.client.get(f"{HERE}/work?{told}")
    assert (answer.status_code, len(answer.json["places"])) == (200, 1)


@ON_SQLITE
@pytest.mark.parametrize("q", ["", "%00", "%25", "a" * 3000, "%D9%A3"])
def test_a_search_takes_whatever_is_typed(phone, q) -> None:
    assert phone.client.get(f"{HERE}/find?q={q}").status_code == 200


def test_a_visit_is_kept_once_however_often_it_is_sent(phone, place) -> None:
    visit = phone.a_visit(place, items={"stand.hours": {"value": "yes", "note": "у входа"}})
    answers = [phone.sent(visit) for _ in range(3)]
    assert [(a.status_code, a.json["outcome"]) for a in answers] == [
        (200, "sent"),
        (200, "repeated"),
        (200, "repeated"),
    ]
    assert answers[0].json["key"] == visit["client_key"]
    [kept] = visits()
    assert kept.items == {"stand.hours": {"value": "yes", "note": "у входа"}}
    assert (kept.inspector, kept.state, kept.version) == ("ivanova", "draft", 1)


def test_another_content_under_the_same_name_is_a_conflict_and_nothing_is_written_over(phone, place) -> None:
    visit = phone.a_visit(place, items={"stand.hours": {"value": "yes"}})
    phone.sent(visit)
    changed = {**visit, "items": {"stand.hours": {"value": "no"}}}
    answer = phone.sent(changed)
    assert (answer.status_code, answer.json["outcome"]) == (409, "conflict")
    assert answer.json["theirs"]["items"] == {"stand.hours": {"value": "yes"}}
    assert visits()[0].items == {"stand.hours": {"value": "yes"}}
    seen = phone.sent({**changed, "version": answer.json["theirs"]["version"]})
    assert (seen.json["outcome"], seen.json["version"]) == ("sent", 2)
    assert visits()[0].items == {"stand.hours": {"value": "no"}}


def test_what_the_server_holds_comes_back_with_the_bag(phone, place) -> None:
    visit = phone.a_visit(place, items={"stand.hours": {"value": "yes"}})
    phone.sent(visit)
    [held] = phone.bag()["visits"]
    assert (held["key"], held["version"], held["items"]) == (visit["client_key"], 1, visit["items"])


def test_a_visit_to_a_closed_campaign_is_refused_in_plain_words(phone, place, code) -> None:
    with writing() as session:
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    answer = phone.sent(phone.a_visit(place))
    assert (answer.status_code, answer.json["outcome"]) == (422, "refused")
    assert "Сбор в этой кампании закончен" in answer.json["reasons"][0]
    assert visits() == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"assessment": 99}, "больше нет"),
        ({"assessment": "1"}, "больше нет"),
        ({"assessment": True}, "больше нет"),
        ({"assessment": 2**70}, "больше нет"),
        ({"client_key": "x"}, "не понят"),
        ({"kind": "spying"}, "не понят"),
        ({"checklist_sha256": "0" * 64}, "Перечень обновился"),
        ({"visited_on": "2999-01-01"}, "ещё не наступил"),
        ({"items": {"stand.hours": {"value": "maybe"}}}, "Выберите"),
        ({"items": {"nowhere": {"value": "yes"}}}, "нет такого пункта"),
        ({"counts": {"stand": "own", "stand_present": "5", "stand_required": "4"}}, "больше, чем требуется"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_name(phone, place, changed, reason) -> None:
    answer = phone.sent(phone.a_visit(place, **changed))
    assert (answer.status_code, answer.json["outcome"]) == (422, "refused")
    assert reason in " ".join(answer.json["reasons"])
    assert visits() == []


@ON_SQLITE
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b'"\xff"', b"1" * 100, b"[" * 5000])
def test_what_is_no_visit_at_all_is_refused(phone, body) -> None:
    headers = {"X-CSRFToken": phone.token(), "Content-Type": "application/json"}
    answer = phone.client.post(f"{HERE}/visit", data=body, headers=headers)
    assert (answer.status_code, answer.json["outcome"]) == (422, "refused")


@ON_SQLITE
def test_a_stale_token_is_named_so_that_the_page_asks_for_another(phone, place) -> None:
    answer = phone.client.post(f"{HERE}/visit", json=phone.a_visit(place), headers={"X-CSRFToken": "old"})
    assert (answer.status_code, answer.json) == (400, {"outcome": "token"})


def test_a_photograph_is_kept_once_and_without_its_metadata(phone, place, app) -> None:
    visit = phone.a_visit(place)
    phone.sent(visit)
    key = secrets.token_hex(16)
    answers = [phone.snapped(visit, "stand.hours", key=key) for _ in range(2)]
    assert [(a.status_code, a.json["outcome"]) for a in answers] == [(200, "sent"), (200, "repeated")]
    db.session.rollback()
    [proof] = db.session.scalars(select(Evidence))
    assert (proof.item, proof.added_by, proof.day.isoformat()) == ("stand.hours", "ivanova", "2026-01-02")
    with Image.open(proofs.path(proof.file)) as kept:
        assert not kept.getexif()


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"visit": "f" * 32}, "Отправьте сначала визит"),
        ({"item": "nowhere"}, "нет такого пункта"),
        ({"picture": b"%PDF-1.7"}, "не снимок"),
        ({"key": "x"}, "не понят"),
    ],
)
def test_a_photograph_that_cannot_be_kept_is_refused(phone, place, changed, reason) -> None:
    visit = phone.a_visit(place)
    phone.sent(visit)
    answer = phone.snapped(visit, changed.pop("item", "stand.hours"), **changed)
    assert (answer.status_code, answer.json["outcome"]) == (422, "refused")
    assert reason in answer.json["reasons"][0]


@ON_SQLITE
def test_a_photograph_of_the_day_that_has_not_come_is_todays(phone, place) -> None:
    visit = phone.a_visit(place)
    phone.sent(visit)
    for day in ("2999-01-01", "никогда"):
        phone.snapped(visit, "stand.hours", day=day)
    db.session.rollback()
    assert {proof.day for proof in db.session.scalars(select(Evidence))} == {today()}


@ON_SQLITE
def test_too_large_a_photograph_is_told_so(phone, place) -> None:
    answer = phone.client.post(
        f"{HERE}/photo",
        data=b"x" * (10 * 1024 * 1024 + 1),
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": phone.token()},
    )
    assert (answer.status_code, answer.json["outcome"]) == (413, "refused")
    assert "не больше 10 МБ" in answer.json["reasons"][0]


def test_nobody_touches_anothers_visit(phone, place, app) -> None:
    visit = phone.a_visit(place, items={"stand.hours": {"value": "yes"}})
    phone.sent(visit)
    other = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)))
    assert "другой человек" in other.sent({**visit, "note": "чужое"}).json["reasons"][0]
    assert other.snapped(visit, "stand.hours").status_code == 422
    assert other.bag(place["assessment"])["visits"] == []


@ON_SQLITE
def test_the_page_is_the_same_for_everybody_and_holds_no_name_and_no_token(app, phone) -> None:
    other = signed_in(app.test_client(), a_user(Role.OPERATOR))
    texts = {client.get(f"{HERE}/").text for client in (phone.client, other)}
    assert len(texts) == 1
    assert "csrf_token" not in texts.pop()


@ON_SQLITE
def test_the_page_says_what_it_needs_and_where_else_to_go(phone) -> None:
    text = phone.client.get(f"{HERE}/").text
    assert "в браузере выключен JavaScript" in text
    assert 'href="/operator/"' in text


def there(phone: Phone, address: str) -> bool:
    """Is this file there?"""
    with phone.client.get(address, buffered=True) as answer:
        return answer.status_code == 200


@ON_SQLITE
def test_the_worker_lives_beside_the_page_and_names_files_that_are_there(phone) -> None:
    answer = phone.client.get(f"{HERE}/worker.js")
    assert answer.mimetype == "text/javascript"
    told = json.loads(answer.text.partition("\n")[0].removeprefix("const RELEASE = ").removesuffix(";"))
    assert told["page"] == f"{HERE}/"
    assert all(there(phone, file) for file in told["files"])
    assert told["name"] == phone.client.get(f"{HERE}/state").json["release"]
    text = phone.client.get(f"{HERE}/").text
    for address in ("/static/css/field.css", "/static/js/field/main.js"):
        assert address in told["files"]
        assert address in text


@ON_SQLITE
def test_the_manifest_makes_it_an_application(phone) -> None:
    told = phone.client.get(f"{HERE}/manifest.webmanifest").get_json(force=True)
    assert (told["start_url"], told["scope"], told["display"]) == (f"{HERE}/", f"{HERE}/", "standalone")
    assert all(there(phone, icon["src"]) for icon in told["icons"])


@ON_SQLITE
def test_every_text_that_the_page_asks_for_is_there(app) -> None:
    import re
    from pathlib import Path

    folder = Path(app.root_path, "static/js/field")
    said = "".join(path.read_text("utf-8") for path in folder.glob("*.js"))
    asked = set(re.findall(r"say\('([\w-]+)'", said)) | set(re.findall(r"'(left_\w+)'", said))
    with app.test_request_context():
        known = wording.words()
    assert asked <= known.keys()


def a_file(owner: str, *entries: dict[str, Any], **header: Any) -> bytes:
    lines = [{"format": 1, "owner": owner, "entries": len(entries), **header}, *entries]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def as_entry(visit: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": visit["client_key"],
        "kind": "visit",
        "base": 0,
        "brief": {"name": "Поликлиника"},
        "body": visit,
    }


def a_snapshot(visit: dict[str, Any]) -> dict[str, Any]:
    body = {"bytes": {"base64": base64.b64encode(a_picture()).decode()}, "day": today().isoformat()}
    brief = {"item": "stand.hours"}
    return {
        "key": secrets.token_hex(16),
        "kind": "photo",
        "after": visit["client_key"],
        "brief": brief,
        "body": body,
    }


def test_a_file_from_a_phone_brings_all_and_twice_adds_nothing(phone, place) -> None:
    visit = phone.a_visit(place, items={"stand.hours": {"value": "yes"}})
    file = a_file("ivanova", a_snapshot(visit), as_entry(visit))
    answer = phone.brought(file)
    assert answer.status_code == 302
    assert "Всё из файла принято" in phone.client.get(answer.location).text
    assert phone.brought(file).status_code == 302
    assert len(visits()) == 1
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1
    [first, second] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "phone-file"))
    assert (first.detail["visits"], first.detail["photos"], second.detail["visits"]) == (1, 1, 0)


def test_a_file_tells_what_was_not_taken_and_takes_the_rest(phone, place) -> None:
    good, bad = phone.a_visit(place), phone.a_visit(place, visited_on="2999-01-01")
    answer = phone.brought(a_file("ivanova", as_entry(bad), as_entry(good)))
    assert answer.status_code == 200
    assert "Этот день ещё не наступил" in answer.text
    assert [visit.client_key for visit in visits()] == [good["client_key"]]


def test_a_colleagues_file_is_brought_by_who_is_trusted_and_stays_the_colleagues(phone, place, app) -> None:
    file = a_file("ivanova", as_entry(phone.a_visit(place)))
    petrov = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)))
    assert "верификатор или руководитель" in petrov.brought(file).text
    assert visits() == []
    verifier = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="orlova", duty=Duty.VERIFIER)))
    assert verifier.brought(file).status_code == 302
    assert visits()[0].inspector == "ivanova"
    assert visits()[0].brought_by == "orlova"
    [kept, brought] = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action.in_(("visit", "phone-file"))).order_by(AuditEvent.id)
    )
    assert (kept.actor, kept.detail["inspector"]) == ("orlova", "ivanova")
    assert (brought.actor, brought.subject) == ("orlova", "ivanova")


def answered(phone: Phone, place: dict[str, Any]) -> dict[str, Any]:
    """A visit with everything there, finished."""
    items = {
        item["code"]: {"value": "yes", **({"tried": {"how": "called"}} if item["tried"] else {})}
        for block in phone.bag()["lists"][place["list"]]["blocks"]
        for item in block["items"]
    }
    return phone.a_visit(place, items=items, done=True)


def confirmed(phone: Phone, place: dict[str, Any]) -> TestResponse:
    """What becomes of the only visit when this one confirms it."""
    [visit] = visits()
    data = {"csrf_token": phone.token(), "seen": 0, "version": visit.version}
    here = f"/operator/campaigns/{place['campaign']}/inspections/visits/{visit.id}"
    return phone.client.post(f"{here}/confirm", data=data)


def test_whoever_brought_a_visit_does_not_confirm_it_if_anybody_else_can(phone, place, app) -> None:
    visit = answered(phone, place)
    verifier = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="orlova", duty=Duty.VERIFIER)))
    head = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="head")))
    assert verifier.brought(a_file("ivanova", as_entry(visit))).status_code == 302
    refused = confirmed(verifier, place)
    assert (refused.status_code, "подтверждает другой" in refused.text) == (400, True)
    here = f"/operator/campaigns/{place['campaign']}/inspections/visits/{visits()[0].id}"
    assert "из файла, загрузил: orlova" in head.client.get(here).text
    assert confirmed(head, place).status_code == 302


def test_whoever_brought_a_visit_confirms_it_when_nobody_else_can(phone, place, app) -> None:
    verifier = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="orlova", duty=Duty.VERIFIER)))
    assert verifier.brought(a_file("ivanova", as_entry(answered(phone, place)))).status_code == 302
    assert confirmed(verifier, place).status_code == 302


def test_whoever_brought_only_the_pictures_does_not_confirm_either(phone, place, app) -> None:
    visit = answered(phone, place)
    phone.sent(visit)
    verifier = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="orlova", duty=Duty.VERIFIER)))
    head = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="head")))
    assert verifier.brought(a_file("ivanova", a_snapshot(visit))).status_code == 302
    db.session.rollback()
    assert [proof.added_by for proof in db.session.scalars(select(Evidence))] == ["orlova"]
    assert confirmed(verifier, place).status_code == 400
    assert confirmed(head, place).status_code == 302


def test_what_the_inspector_changes_is_the_inspectors_again(phone, place, app) -> None:
    visit = phone.a_visit(place)
    verifier = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="orlova", duty=Duty.VERIFIER)))
    verifier.brought(a_file("ivanova", as_entry(visit)))
    assert phone.sent({**visit, "version": 1, "note": "сама"}).json["version"] == 2
    assert visits()[0].brought_by is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"active": False}, "в команде нет"),
        ({"duty": Duty.INTERVIEWER}, "в команде нет"),
        ({"region": "Томская область"}, "в регионе организации не работает"),
    ],
)
def test_a_file_is_taken_only_for_who_could_have_been_there(phone, place, app, changed, reason) -> None:
    file = a_file("ivanova", as_entry(phone.a_visit(place)))
    verifier = Phone(signed_in(app.test_client(), a_user(Role.OPERATOR, login="orlova", duty=Duty.VERIFIER)))
    with writing() as session:
        ivanova = session.scalars(select(User).where(User.login == "ivanova")).one()
        if "region" in changed:
            region = Region(name=changed["region"])
            session.add(region)
            session.flush()
            ivanova.region_id = region.id
        else:
            for name, value in changed.items():
                setattr(ivanova, name, value)
    assert reason in verifier.brought(file).text
    assert visits() == []


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "Файл"),
        (b"\x89PNG\r\n", "не выгрузка"),
        (b"{}\n", "не выгрузка"),
        (b"[1]\n", "не выгрузка"),
        (b"[" * 100_000, "не выгрузка"),
        (a_file("ivanova", {"kind": "visit"}, entries=2), "обрывается"),
        (a_file("ivanova") + b'{"key": "a', "не выгрузка"),
        (a_file("nobody"), "в команде нет"),
        (a_file("ivanova", format=9), "не выгрузка"),
    ],
)
def test_a_file_that_is_not_whole_is_not_begun(phone, file, reason) -> None:
    answer = phone.brought(file)
    assert answer.status_code == 422
    assert reason in answer.text
    assert visits() == []


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "visit"},
        {"kind": "visit", "body": [], "key": 7},
        {"kind": "photo", "body": {"bytes": {"base64": "не то"}}, "key": "f" * 32, "after": {}, "brief": 1},
        {"kind": "photo", "body": None, "key": None},
    ],
)
def test_a_strange_entry_is_named_and_stops_nothing(phone, place, entry) -> None:
    good = phone.a_visit(place)
    answer = phone.brought(a_file("ivanova", entry, as_entry(good)))
    assert answer.status_code == 200
    assert "Не принято" in answer.text
    assert len(visits()) == 1
