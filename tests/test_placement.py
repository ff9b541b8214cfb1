"""Photographs of posters: whose code it is, what is written down of whom, and what is said when it is none."""

import logging
import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from build import CONTENT, TOKEN, a_campaign, a_user, an_organization, heard_about, signed_in, within
from PIL import Image
from sqlalchemy import select
from test_privacy import TELLING, as_somebody, everything_stored

from accounts.models import AuditEvent, Duty, Role, User
from council.placement import meaning
from council.placement.meaning import OFFICIAL, OURS, Meaning
from surveys import posters, proofs, qr, queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Region, Response
from surveys.placement import PosterSeen, Watcher

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
BASE = "http://127.0.0.1:8000"
KEY = re.compile(r'name="key" value="([^"]+)"')
GPS = 0x8825


def a_photo(*texts: str) -> bytes:
    """A wall with these codes on it, a little askew, with the place in its metadata."""
    wall = Image.new("RGB", (1200, 900), (170, 160, 150))
    for number, text in enumerate(texts):
        code = (
            qr.image(text, module_pixels=6).convert("RGB").rotate(4, expand=True, fillcolor=(255, 255, 255))
        )
        wall.paste(code, (80 + 520 * number, 250))
    drawn = BytesIO()
    told = Image.Exif()
    told[GPS] = {1: "N", 2: (55.0, 45.0, 0.0)}
    told[0x010F] = "Telltale"
    wall.save(drawn, "JPEG", quality=70, exif=told)
    return drawn.getvalue()


@pytest.fixture
def clinic(session) -> str:
    """A clinic in a campaign, with a numbered place; its code."""
    code = an_organization(agency_id="231927", short_name="Поликлиника № 12")
    a_campaign()
    with writing() as write:
        organization = queries.organization(write, code)
        assert organization is not None
        posters.number_place(write, organization, "регистратура")
    return code


def sent(client, code: str, photo: bytes):
    """A visitor's photograph, by the page's own form."""
    address = f"/o/{code}/poster"
    key = within(KEY, client.get(address).text)
    data = {"key": key, "photo": (BytesIO(photo), "wall.jpg")}
    return client.post(address, data=data, content_type="multipart/form-data")


def seen() -> list[PosterSeen]:
    db.session.rollback()
    return list(db.session.scalars(select(PosterSeen).order_by(PosterSeen.id)))


def test_a_visitors_photograph_leaves_a_day_and_a_place_and_nothing_else(app, clinic, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    client = as_somebody(app.test_client())
    for _again in range(2):
        answer = sent(client, clinic, a_photo(f"{BASE}/q/{clinic}?p=1"))
        assert (answer.status_code, answer.location) == (303, f"/o/{clinic}/poster/thanks?p=1")
    [row] = seen()
    assert (row.place, row.watcher, row.seen_on) == (1, Watcher.VISITOR, today())
    assert (row.seen_by, row.file) == ("", "")
    assert not list(proofs.path("x").parent.glob("*")), "no photograph of a visitor is kept"
    assert db.session.scalars(select(AuditEvent)).all() == []
    assert "Set-Cookie" not in answer.headers
    told = caplog.text + everything_stored()
    assert not [name for name, value in TELLING.items() if value in told]
    assert "плакат «регистратура» висит" in client.get(answer.location).text


@ON_SQLITE
def test_what_is_not_the_poster_is_said_in_words(app, page, clinic) -> None:
    other = an_organization("Школа № 5", address="Мира, 5")
    unknown = next(code for code in ("AAAAAAAA", "CCCCCCCC") if code not in (clinic, other))
    cases = {
        (f"{BASE}/q/{other}",): "Это код другой организации: Школа № 5.",
        (f"{BASE}/q/{unknown}",): "Код устарел",
        (f"https://old.example.ru/q/{clinic}",): "Код устарел",
        ("https://example.ru/",): "ведёт не на опрос",
        ("https://bus.gov.ru/qrcode/rate/999",): "ведёт не на опрос",
        (): "Кода на снимке не видно",
    }
    for texts, words in cases.items():
        answer = sent(page, clinic, a_photo(*texts))
        assert answer.status_code == 422, texts
        assert words in answer.text, texts
    assert f"/o/{other}/poster" in sent(page, clinic, a_photo(f"{BASE}/q/{other}")).text
    assert "подойдут JPEG" in sent(page, clinic, b"not a picture").text
    address = f"/o/{clinic}/poster"
    assert "Выберите снимок" in page.post(address, data={"key": within(KEY, page.get(address).text)}).text
    stale = {"key": "x" * 32, "photo": (BytesIO(a_photo(f"{BASE}/q/{clinic}")), "wall.jpg")}
    assert "Страница устарела" in page.post(address, data=stale, content_type="multipart/form-data").text
    assert seen() == []


@ON_SQLITE
def test_too_many_photographs_wait(app, page, clinic) -> None:
    for _one in range(10):
        assert sent(page, clinic, b"x").status_code == 422
    assert "Слишком много снимков" in sent(page, clinic, a_photo(f"{BASE}/q/{clinic}")).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{BASE}/q/K7M4PX2D", Meaning(OURS, "K7M4PX2D")),
        (f"{BASE}/q/k7m4px2d?p=12&via=site", Meaning(OURS, "K7M4PX2D", 12)),
        (f"{BASE}/o/K7M4PX2D", Meaning(OURS, "K7M4PX2D")),
        (f"{BASE}/o/K7M4PX2D/widget-wide-light.svg", Meaning(OURS, "K7M4PX2D")),
        ("https://127.0.0.1:8000/q/K7M4PX2D", Meaning(OURS, "K7M4PX2D")),
        ("https://elsewhere.ru/q/K7M4PX2D", Meaning(OURS, "K7M4PX2D", elsewhere=True)),
        (f"{BASE}/q/O0O0O0O0", None),
        (f"{BASE}/ratings", None),
        ("https://bus.gov.ru/qrcode/rate/351942", Meaning(OFFICIAL, numbers=frozenset({"351942"}))),
        (
            "https://bus.gov.ru/qrcode/rate/231927?agencyId=232834",
            Meaning(OFFICIAL, numbers=frozenset({"231927", "232834"})),
        ),
        (
            "https://bus.gov.ru/pub/info-card/457295?activeTab=3",
            Meaning(OFFICIAL, numbers=frozenset({"457295"})),
        ),
        ("https://bus.gov.ru/", None),
        ("https://bus.gov.ru.evil.example/qrcode/rate/1", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("Поликлиника", None),
    ],
)
def test_an_address_means_ours_the_official_one_or_nothing(text, expected) -> None:
    assert meaning.meant(text, BASE) == expected


@pytest.mark.parametrize("base", ["https://нок.рф", "https://xn--j1afd.xn--p1ai"])
@pytest.mark.parametrize("host", ["НОК.рф", "нок.рф", "xn--j1afd.xn--p1ai"])
def test_a_cyrillic_host_is_one_in_both_writings(base, host) -> None:
    assert meaning.meant(f"https://{host}/q/K7M4PX2D", base) == Meaning(OURS, "K7M4PX2D")
    assert meaning.meant(f"https://нок..рф/q/K7M4PX2D?{host}", base) is None


@ON_SQLITE
def test_the_official_code_is_matched_by_either_number_and_ours_says_the_place(app, clinic) -> None:
    official = "https://bus.gov.ru/qrcode/rate/1?agencyId=231927"
    assert sent(app.test_client(), clinic, a_photo(official)).status_code == 303
    assert sent(app.test_client(), clinic, a_photo(official, f"{BASE}/q/{clinic}?p=1")).status_code == 303
    assert [one.place for one in seen()] == [0, 1]


def photographed(client, photo: bytes):
    """An official's photograph."""
    token = within(TOKEN, client.get("/council/placement/photo").text)
    data = {"csrf_token": token, "photo": (BytesIO(photo), "wall.jpg")}
    return client.post("/council/placement/photo", data=data, content_type="multipart/form-data")


def test_an_officials_photograph_is_kept_without_its_metadata_the_last_of_a_place(app, clinic) -> None:
    a_user(Role.OPERATOR, login="inspector", duty=Duty.INSPECTOR)
    client = signed_in(app.test_client(), "inspector")
    for _again in range(2):
        wall = a_photo(f"{BASE}/q/{clinic}?p=1", *(["x"] if _again else []))
        assert photographed(client, wall).location == "/council/placement/photo"
    assert "Поликлиника № 12, плакат «регистратура»" in client.get("/council/placement/photo").text
    [row] = seen()
    assert (row.watcher, row.seen_by, row.seen_on) == (Watcher.OFFICIAL, "inspector", today())
    [file] = proofs.path("x").parent.glob("*")
    kept = client.get(f"/council/placement/photos/{row.id}.jpg").data
    assert "Удалить снимок" in client.get(f"/council/placement/photos/{row.id}").text
    assert file.read_bytes() == kept
    with Image.open(BytesIO(kept)) as picture:
        assert not picture.getexif() and b"Telltale" not in kept
    assert [one.action for one in db.session.scalars(select(AuditEvent))] == ["poster-seen"] * 2


@ON_SQLITE
def test_a_photograph_is_taken_back_with_what_it_proved(app, clinic) -> None:
    for login, duty in (("one", Duty.INSPECTOR), ("other", Duty.INSPECTOR), ("head", Duty.HEAD)):
        a_user(Role.OPERATOR, login=login, duty=duty)
    photographed(signed_in(app.test_client(), "one"), a_photo(f"{BASE}/q/{clinic}"))
    [row] = seen()
    for login, status in (("other", 404), ("head", 302)):
        client = signed_in(app.test_client(), login)
        token = within(TOKEN, client.get("/council/placement/photo").text)
        address = f"/council/placement/photos/{row.id}/delete"
        answer = client.post(address, data={"csrf_token": token})
        assert answer.status_code in (status, status + 1), login
    assert seen() == [] and not list(proofs.path("x").parent.glob("*"))


@ON_SQLITE
def test_an_official_of_another_region_writes_and_reads_nothing_here(app, clinic) -> None:
    with writing() as write:
        write.add(Region(id=77, name="Тверская область"))
    for login in ("here", "there"):
        a_user(Role.AUTHORITY, login=login)
    with writing() as write:
        write.scalars(select(User).where(User.login == "there")).one().region_id = 77
    wall = a_photo(f"{BASE}/q/{clinic}")
    refused = photographed(signed_in(app.test_client(), "there"), wall)
    assert refused.status_code == 422 and "из другого региона" in refused.text
    photographed(signed_in(app.test_client(), "here"), wall)
    [row] = seen()
    assert (
        signed_in(app.test_client(), "there").get(f"/council/placement/photos/{row.id}.jpg").status_code
        == 404
    )


def listed(client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).text)


def test_the_page_and_the_table_tell_posters_places_and_weeks(app, page, clinic) -> None:
    silent = an_organization("=HYPERLINK(1)", address="Мира, 5")
    with writing() as write:
        campaign_id = write.scalars(select(Campaign.id)).one()
        added = queries.organization(write, silent)
        assert added is not None
        write.add(Assessment(campaign_id=campaign_id, organization_id=added.id))
    a_user(Role.AUTHORITY)
    monday = date(today().year, 1, 6) - timedelta(days=date(today().year, 1, 6).weekday())
    heard_about(clinic, campaign_id, CONTENT, key=1, place=1)
    with writing() as write:
        write.scalars(select(Response)).one().day = monday + timedelta(days=3)
    sent(app.test_client(), clinic, a_photo(f"{BASE}/q/{clinic}?p=1"))
    signed_in(page, Role.AUTHORITY.value)
    here = f"/council/campaigns/{campaign_id}/placement"
    text = listed(page, here)
    assert "1 из 2, проверяющие: 0" in text
    assert "<b>регистратура</b>: посетитель" in text
    assert f"неделя с {monday.day} " in text
    lacking = listed(page, f"{here}?without=no_poster")
    assert silent in lacking and clinic not in lacking
    rows = page.get(f"{here}.csv").data.decode("utf-8-sig").splitlines()
    assert [row.split(";")[0] for row in rows[1:]] == [silent, clinic]
    assert "'=HYPERLINK(1)" in rows[1]
    assert f";регистратура;;{monday.isoformat()};" in rows[2]
    assert "50" in listed(page, "/council/placement")


@ON_SQLITE
def test_last_years_poster_is_not_this_years(app, page, clinic) -> None:
    sent(app.test_client(), clinic, a_photo(f"{BASE}/q/{clinic}"))
    with writing() as write:
        write.scalars(select(PosterSeen)).one().year -= 1
    campaign_id = db.session.scalars(select(Campaign.id)).one()
    a_user(Role.CURATOR)
    signed_in(page, Role.CURATOR.value)
    assert "0 из 1, проверяющие: 0" in listed(page, f"/council/campaigns/{campaign_id}/placement")


@ON_SQLITE
def test_an_organisation_sees_its_own(app, page, clinic) -> None:
    a_user(Role.ORGANIZATION, code=clinic)
    sent(app.test_client(), clinic, a_photo(f"{BASE}/q/{clinic}?p=1"))
    signed_in(page, Role.ORGANIZATION.value)
    text = listed(page, "/organization/placement")
    assert "регистратура" in text and "никто не видел" in text and "посетитель" in text
    assert "не проверяли" in text
