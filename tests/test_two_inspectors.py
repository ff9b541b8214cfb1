"""Two inspectors at one organisation, the proofs they bring, and the mystery client who changes no figure."""

import html
import io
import os
import re
import stat
from fractions import Fraction
from typing import Any

import pytest
from build import CONTENT, TOKEN, a_campaign, a_user, a_visit, an_organization, heard_about, signed_in
from flask import Flask
from flask.testing import FlaskClient
from manners import MannerlyClient
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

import nok
from accounts.models import AuditEvent, Duty, Role
from operator_app.inspections import evidence, listing, mystery
from operator_app.inspections.comparing import agreement, compared, waiting
from surveys import checklists, proofs, results
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Inspection, Organization
from surveys.refusals import Refusal
from surveys.visits import Evidence, Visit

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HIDDEN = re.compile(r'name="(seen|versions)" value="([^"]*)"')
NO, NA = {"value": "no"}, {"value": "na", "reason": "ремонт"}


@pytest.fixture
def code(session) -> str:
    a_user(Role.OPERATOR)
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INSPECTOR)
    a_user(Role.OPERATOR, login="sidorov", duty=Duty.INSPECTOR)
    return an_organization()


@pytest.fixture
def campaign_id(code) -> int:
    return a_campaign()


def visited(
    campaign_id: int, code: str, login: str, changed: dict[str, Any] | None = None, **given: Any
) -> int:
    """A finished visit, everything there but for what is told by code; its number."""
    with writing() as session:
        visit = a_visit(session, campaign_id, code, inspector=login, **given)
        visit.items = {**visit.items, **(changed or {})}
        session.flush()
        return visit.id


def visit(number: int) -> Visit:
    db.session.rollback()
    return db.session.get_one(Visit, number)


# Agreement.


def test_kappa_is_the_textbooks() -> None:
    # Cohen 1960 by way of every textbook: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no → p = 0.7, e = 0.5, κ = 0.4.
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = agreement(pairs)
    assert (found.share, found.kappa) == (Fraction(7, 10), Fraction(2, 5))


@pytest.mark.parametrize(
    ("pairs", "share", "kappa"),
    [
        ([], None, None),
        ([("yes", "yes")] * 5, Fraction(1), None),
        ([("yes", "yes"), ("no", "no")], Fraction(1), Fraction(1)),
        ([("yes", "no"), ("no", "yes")], Fraction(0), Fraction(-1)),
        ([("yes", "na")] * 3, Fraction(0), Fraction(0)),
    ],
)
def test_kappa_at_its_ends(pairs, share, kappa) -> None:
    found = agreement(pairs)
    assert (found.share, found.kappa) == (share, kappa)


def test_one_inspector_twice_is_not_two(campaign_id, code) -> None:
    visited(campaign_id, code, "petrov")
    visited(campaign_id, code, "petrov", {"stand.hours": NO})
    visited(campaign_id, code, "sidorov", kind="mystery")
    assert waiting(listing.visits_of(db.session(), visit(1).assessment_id)) == []


def test_differences_are_found_by_item_and_by_what_is_counted(campaign_id, code) -> None:
    own = {"stand": "own", "own_list": "форма 1а", "stand_present": 3, "stand_required": 4, "site": "list"}
    one = visit(visited(campaign_id, code, "petrov", {"comfort.navigation": NO, "site.hours": NA}))
    other = visit(visited(campaign_id, code, "sidorov", {"site.hours": {**NA, "reason": "иная"}}, counts=own))
    checklist = checklists.checklist("inspection", "health", nok.edition())
    found = compared(one, other, checklist)
    assert found.differ == ["stand", "comfort.navigation"]
    assert not any(code.startswith("stand.") for code in found.agree)
    assert (found.agreement.items, found.agreement.same) == (53, 52)


# The decision.


class Table:
    """The page where two visits are compared, in the head's hands."""

    def __init__(self, client: FlaskClient, campaign_id: int, code: str) -> None:
        self.client = signed_in(client, "operator")
        self.here = f"/operator/campaigns/{campaign_id}/inspections"
        self.address = f"{self.here}/{code}/compare"

    def shown(self) -> str:
        return html.unescape(self.client.get(self.address).text)

    def sent(self, page: str | None = None, **told: str) -> Any:
        page = page or self.client.get(self.address).text
        token = TOKEN.search(page)
        assert token is not None
        hidden = HIDDEN.findall(page)
        data = {
            "seen": dict(hidden)["seen"],
            "versions": [value for name, value in hidden if name == "versions"],
        }
        return self.client.post(self.address, data={**data, **told, "csrf_token": token[1]})


@pytest.fixture
def table(page, campaign_id, code) -> Table:
    visited(campaign_id, code, "petrov", {"stand.hours": NO, "comfort.navigation": NO})
    visited(campaign_id, code, "sidorov", {"stand.hours": NO, "site.staff": NA})
    return Table(page, campaign_id, code)


def test_every_difference_is_decided_with_a_reason(table) -> None:
    text = table.shown()
    assert text.index("Где разошлись") < text.index("Где совпали")
    half = table.sent(**{"choice:comfort.navigation": "a"})
    assert half.status_code == 422
    assert "Решены не все расхождения" in half.text
    assert re.search(r'value="a" id="a-comfort.navigation" checked', half.text)
    assert db.session.scalar(select(Inspection)) is None
    told = {
        "choice:comfort.navigation": "b",
        "reason:comfort.navigation": "указатели сняли на ремонт, есть фото",
    }
    told |= {"choice:site.staff": "a", "reason:site.staff": "список врачей на сайте есть"}
    assert table.sent(**told).status_code == 302
    db.session.rollback()
    inspection = db.session.scalars(select(Inspection)).one()
    assert "navigation" in inspection.comfort
    assert (inspection.stand_required, inspection.stand_present) == (28, 27)
    assert (inspection.site_present, inspection.site_required) == (30, 30)
    decided = visit(inspection.visit_id or 0)
    assert (decided.inspector, decided.counts["compared"]) == ("operator", [1, 2])
    assert decided.items["comfort.navigation"]["decided"].startswith("указатели")
    assert [visit(number).state for number in (1, 2)] == ["confirmed", "confirmed"]
    assert visit(1).items["comfort.navigation"] == NO, "both visits stay as they were found"
    actions = [event.action for event in db.session.scalars(select(AuditEvent))]
    assert actions == ["inspection", "visits-compared"]
    assert "список врачей на сайте есть" in table.client.get(f"{table.here}/visits/{decided.id}").text


def test_whoever_decides_on_what_has_changed_is_told(table) -> None:
    page = table.client.get(table.address).text
    with writing() as session:
        session.get_one(Visit, 1).version += 1
    told = {"choice:comfort.navigation": "a", "reason:comfort.navigation": "да"}
    told |= {"choice:site.staff": "a", "reason:site.staff": "да"}
    assert table.sent(page, **told).status_code == 409
    assert db.session.scalar(select(Inspection)) is None


def test_of_two_who_decide_one_waits_for_the_other(table, app) -> None:
    page = table.client.get(table.address).text
    a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER)
    other = signed_in(MannerlyClient(app, app.response_class), "verifier")
    refused = other.get(table.address)
    assert refused.status_code == 409
    assert "работает operator" in refused.text
    told = {"choice:comfort.navigation": "a", "reason:comfort.navigation": "да"}
    told |= {"choice:site.staff": "a", "reason:site.staff": "да"}
    assert table.sent(page, **told).status_code == 302
    assert "Сравнивать пока нечего" in other.get(table.address).text
    assert table.sent(page, **told).status_code == 409, "decided once"


@ON_SQLITE
def test_whoever_brought_one_of_two_does_not_decide_between_them(table) -> None:
    a_user(Role.OPERATOR, login="another")
    page = table.shown()
    with writing() as session:
        session.get_one(Visit, 1).brought_by = "operator"
    assert "Принять решение" not in table.shown()
    answer = table.sent(page, **{"choice:stand.hours": "one", "reason:stand.hours": "видно на снимке"})
    assert answer.status_code == 400
    assert "подтверждает другой" in answer.text


def test_one_of_two_is_not_confirmed_alone(table) -> None:
    page = table.client.get(f"{table.here}/visits/1").text
    assert "подтверждают после сравнения" in page
    data = {"seen": "0", "version": "1", "csrf_token": TOKEN.search(page)[1]}  # type: ignore[index]
    answer = table.client.post(f"{table.here}/visits/1/confirm", data=data)
    assert answer.status_code == 400
    assert "Сравните проверки" in answer.text


@ON_SQLITE
def test_the_list_says_that_two_differ(table, campaign_id) -> None:
    campaign = db.session.get_one(Campaign, campaign_id)
    assert [line.state for line in listing.lines(db.session(), campaign, "")] == ["differ"]
    assert "двое разошлись" in table.client.get(f"{table.here}/").text


@ON_SQLITE
def test_with_nothing_to_compare_the_page_says_so(page, campaign_id, code) -> None:
    table = Table(page, campaign_id, code)
    assert "Сравнивать пока нечего" in table.shown()
    visited(campaign_id, code, "petrov")
    assert "Сравнивать пока нечего" in table.shown()


@ON_SQLITE
def test_two_that_agree_in_all_are_taken_without_a_word(page, campaign_id, code) -> None:
    visited(campaign_id, code, "petrov")
    visited(campaign_id, code, "sidorov")
    table = Table(page, campaign_id, code)
    assert "не определена" in table.shown()
    assert table.sent().status_code == 302
    db.session.rollback()
    assert db.session.scalars(select(Inspection)).one().stand_present == 28


# Proofs.


def test_an_inspector_does_not_know_what_the_other_found_until_it_is_confirmed(
    page, campaign_id, code
) -> None:
    number = visited(campaign_id, code, "petrov", {"stand.hours": NO})
    secret = visited(campaign_id, code, "petrov", {"talk.polite": NO}, kind="mystery", note="ждали час")
    with writing() as session:
        file = proofs.kept(proofs.cleaned(a_photo()))
        found = session.get_one(Visit, number)
        proof = evidence.add_kept(session, found, "petrov", "stand.hours", file, day=today()).id
    here = f"/operator/campaigns/{campaign_id}/inspections"
    addresses = [f"{here}/visits/{number}", f"{here}/visits/{secret}", f"{here}/evidence/{proof}"]

    def opened(login: str) -> list[int]:
        signed_in(page, login)
        return [page.get(address).status_code for address in addresses]

    assert opened("sidorov") == [400, 400, 400]
    text = page.get(f"{here}/{code}").text
    assert "Другой инспектор уже был: petrov" in text
    for trace in (*addresses, "ждали час", "Здесь ещё никто не был"):
        assert trace not in text
    assert opened("petrov") == opened("operator") == [200, 200, 200]
    assert "Другой инспектор уже был" not in page.get(f"{here}/{code}").text
    with writing() as session:
        session.get_one(Visit, number).state = "confirmed"
    assert opened("sidorov") == [200, 400, 200]
    assert f"{here}/visits/{number}" in page.get(f"{here}/{code}").text


def a_photo(size: tuple[int, int] = (60, 40), form: str = "JPEG", **saved: Any) -> bytes:
    drawn = io.BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    picture.save(drawn, form, **saved)
    return drawn.getvalue()


def with_metadata() -> bytes:
    """Taken on the side, with a place, a camera and a comment."""
    told = Image.Exif()
    told[0x0112], told[0x010F] = 6, "Camera of Petrov"
    told.get_ifd(0x8825)[1] = "N"
    return a_photo(exif=told, comment="ул. Мира, 1")


@ON_SQLITE
def test_nothing_of_the_file_is_left_but_the_picture() -> None:
    sent = with_metadata()
    assert b"Petrov" in sent
    picture = proofs.cleaned(sent)
    for trace in (b"Petrov", "Мира".encode(), b"Exif", b"GPS"):
        assert trace not in picture
    with Image.open(io.BytesIO(picture)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (40, 60)), "turned upright"
        assert not seen.getexif()


@ON_SQLITE
@pytest.mark.parametrize(
    ("sent", "size"),
    [
        (a_photo((4000, 1000)), (2000, 500)),
        (a_photo((300, 5000), "PNG"), (120, 2000)),
        (a_photo((10, 10), "WEBP"), (10, 10)),
    ],
)
def test_a_picture_is_at_most_two_thousand_across(sent, size) -> None:
    with Image.open(io.BytesIO(proofs.cleaned(sent))) as seen:
        assert seen.size == size


BOMB = io.BytesIO()
Image.new("1", (20_000, 20_000)).save(BOMB, "PNG")


@ON_SQLITE
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        a_photo()[:200],  # before the picture itself; half a picture is shown as far as it goes
        a_photo(form="GIF"),
        a_photo(form="TIFF"),
        BOMB.getvalue(),
        b"\0" * (proofs.MOST_BYTES + 1),
    ],
    ids=["empty", "text", "svg", "pdf", "torn", "gif", "tiff", "bomb", "too long"],
)
def test_what_is_no_photo_is_refused_in_words(sent) -> None:
    with pytest.raises(Refusal, match="снимок|Снимок|Файл больше"):
        proofs.cleaned(sent)


def scanned_again(picture: bytes, times: int) -> bytes:
    """A JPEG whose last scan is written over and over: a few bytes that cost a whole picture each."""
    last = picture[picture.rindex(b"\xff\xda") : -2]
    return picture[:-2] + last * times + picture[-2:]


@ON_SQLITE
@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (a_photo((9200, 9200), progressive=True), "40 мегапикселей"),
        (scanned_again(a_photo((600, 400), progressive=True), 300), "записан необычно"),
        (scanned_again(a_photo((600, 400)), 300), "записан необычно"),
        (a_photo()[:2] + b"\xff\xfe\x00\x02" * 3_000_000 + a_photo()[2:], "записан необычно"),
    ],
    ids=["large", "progressive", "plain", "segments"],
)
def test_a_picture_that_would_hold_up_the_server_is_not_decoded(sent, reason, monkeypatch) -> None:
    monkeypatch.setattr(proofs, "_drawn_anew", lambda _opened: pytest.fail("it was decoded"))
    with pytest.raises(Refusal, match=reason):
        proofs.cleaned(sent)


@ON_SQLITE
def test_a_progressive_photo_comes_through_and_what_follows_a_picture_is_not_counted() -> None:
    film = b"\xff\xda\x00\x02" * 5000  # telephones put a film behind the picture
    for picture in (a_photo((3000, 1000), progressive=True), a_photo((3000, 1000)), with_metadata()):
        for sent in (picture, scanned_again(picture, 1), picture + film):
            assert proofs.cleaned(sent)


@ON_SQLITE
def test_the_store_is_for_the_service_alone(app: Flask) -> None:
    name = proofs.kept(proofs.cleaned(a_photo()))
    assert proofs.kept(proofs.cleaned(a_photo())) == name
    file = proofs.path(name)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(file.parent).st_mode) == 0o700
    assert [one.name for one in file.parent.iterdir()] == [name]


@pytest.mark.parametrize(
    "link",
    [
        "http://site.ru",
        "javascript:alert(1)",
        "https://",
        "site.ru",
        "https://a b",
        'https://a"',
        "https://[",
        "",
    ],
)
@ON_SQLITE
def test_a_link_is_https_or_refused(campaign_id, code, link) -> None:
    number = visited(campaign_id, code, "petrov")
    with pytest.raises(Refusal), writing() as session:
        evidence.add_link(session, session.get_one(Visit, number), "petrov", "site.hours", link, day=today())


def test_proofs_come_with_the_visit_and_one_that_is_wrong_spoils_nothing(page, campaign_id, code) -> None:
    signed_in(page, "petrov")
    address = f"/operator/campaigns/{campaign_id}/inspections/{code}/visit"
    text = page.get(address).text
    hidden = dict(
        re.findall(r'name="(client_key|version|checklist_sha256|csrf_token)" value="([^"]*)"', text)
    )
    data: dict[str, Any] = {**hidden, "visited_on": today().isoformat(), "value:stand.hours": "no"}
    data |= {"photo:stand.hours": (io.BytesIO(with_metadata()), "IMG_1.jpg"), "about:stand.hours": "дверь"}
    data |= {"photo:site.hours": (io.BytesIO(b"rubbish"), "x.jpg"), "link:site.staff": "http://site.ru"}
    answer = page.post(address, data=data, content_type="multipart/form-data")
    assert answer.status_code == 302
    told = page.get(answer.location).text
    assert "Это не снимок" in told
    assert "должна начинаться с https" in told
    db.session.rollback()
    [proof] = db.session.scalars(select(Evidence))
    assert (proof.item, proof.kind, proof.note, proof.added_by) == ("stand.hours", "photo", "дверь", "petrov")
    shown = f"/operator/campaigns/{campaign_id}/inspections/evidence/{proof.id}"
    picture = page.get(shown)
    assert (picture.mimetype, picture.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert picture.headers["Cache-Control"] == "no-store"
    file = proofs.path(proof.file)
    signed_in(page, "sidorov")
    assert page.post(f"{shown}/remove", data={"csrf_token": hidden["csrf_token"]}).status_code == 400
    signed_in(page, "petrov")
    assert page.post(f"{shown}/remove", data={"csrf_token": hidden["csrf_token"]}).status_code == 302
    assert not file.exists()
    assert page.get(shown).status_code == 404


def test_a_photo_as_a_telephone_takes_it_comes_through(page, campaign_id, code) -> None:
    signed_in(page, "petrov")
    address = f"/operator/campaigns/{campaign_id}/inspections/{code}/visit"
    text = page.get(address).text
    hidden = dict(
        re.findall(r'name="(client_key|version|checklist_sha256|csrf_token)" value="([^"]*)"', text)
    )
    drawn = io.BytesIO()
    Image.effect_noise((3000, 2000), 90).save(drawn, "JPEG", quality=95)
    assert len(drawn.getvalue()) > 3_000_000
    data: dict[str, Any] = {**hidden, "visited_on": today().isoformat()}
    sent = [FileStorage(io.BytesIO(drawn.getvalue()), f"IMG_{n}.jpg") for n in range(2)]
    data["photo:stand.hours"] = sent
    boundary, body = encode_multipart(data)
    answer = page.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 302
    db.session.rollback()
    [one] = db.session.scalars(select(Evidence))  # the same picture twice at one item is one
    with Image.open(proofs.path(one.file)) as seen:
        assert seen.size == (2000, 1333)


@ON_SQLITE
def test_too_many_photos_at_once_are_refused_in_words(page, campaign_id, code, monkeypatch) -> None:
    view = vars(page.application.view_functions["inspections.visit"])
    monkeypatch.setitem(view, "takes", (100_000, 3000, False))
    signed_in(page, "petrov")
    address = f"/operator/campaigns/{campaign_id}/inspections/{code}/visit"
    data = {"photo:stand.hours": (io.BytesIO(b"x" * 200_000), "x.jpg")}
    answer = page.post(address, data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "столько снимков не принять" in answer.text


# The mystery client.


def test_a_mystery_visit_changes_no_figure(campaign_id, code) -> None:
    heard_about(code, campaign_id, CONTENT, key=1)

    def figures() -> Any:
        db.session.rollback()
        standing = results.of_campaign(db.session(), db.session.get_one(Campaign, campaign_id)).by_code[code]
        return standing.result, standing.observations, standing.deficiencies, standing.inspected

    before = figures()
    visited(
        campaign_id,
        code,
        "petrov",
        {"phone.answered": NO, "entrance.guard": NA},
        kind="mystery",
        note="ждали",
    )
    assert figures() == before
    [met] = mystery.summary(db.session(), campaign_id)
    assert (met.code, met.good, met.asked, met.note) == (code, 17, 18, "ждали")
    assert met.bad == [("Дозвонились с первых трёх попыток", "")]
    assert [(place.title, place.good, place.asked) for place in met.places][:2] == [
        ("По телефону", 3, 4),
        ("На входе", 2, 2),
    ]


@ON_SQLITE
def test_a_mystery_visit_is_told_on_the_page_and_is_never_confirmed(page, campaign_id, code) -> None:
    number = visited(campaign_id, code, "petrov", {"talk.polite": NO}, kind="mystery")
    signed_in(page, "operator")
    here = f"/operator/campaigns/{campaign_id}/inspections"
    text = html.unescape(page.get(f"{here}/{code}").text)
    assert "хорошо 18 из 19" in text
    assert "Были вежливы с начала до конца — нет" in text
    shown = page.get(f"{here}/visits/{number}").text
    assert "Подтвердить</button>" not in shown
    data = {"seen": "0", "version": "1", "csrf_token": TOKEN.search(shown)[1]}  # type: ignore[index]
    assert page.post(f"{here}/visits/{number}/confirm", data=data).status_code == 400
    assert db.session.scalar(select(Inspection)) is None


@ON_SQLITE
def test_a_draft_of_a_mystery_visit_is_told_to_nobody(campaign_id, code) -> None:
    visited(campaign_id, code, "petrov", kind="mystery", state="draft")
    assert mystery.summary(db.session(), campaign_id) == []
    assert db.session.scalars(select(Organization).join(Assessment)).one().code == code
