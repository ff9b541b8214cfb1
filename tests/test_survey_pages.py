"""The recipient's way: a code, thirteen questions, thanks; and every wrong turn on it."""

import gzip
import html
import re
from datetime import date, timedelta
from fractions import Fraction
from urllib.parse import urlencode

import pytest
from build import CONTENT, a_campaign, an_inspection, an_organization, within
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import nok
from surveys import counts, desk, library, results
from surveys.db import db, writing
from surveys.hall import Lane
from surveys.models import Campaign, Place, Response, Stage

pytestmark = pytest.mark.usefixtures("session")
CHOSEN = re.compile(r"<input[^>]* checked")
EXPIRES = re.compile(r"Expires=[^;]+")
KEY = re.compile(r'name="key" value="([^"]+)"')
ORDINARY = "application/x-www-form-urlencoded"


@pytest.fixture
def here(session: object) -> tuple[str, int]:
    code = an_organization(short_name="Поликлиника № 12")
    return code, a_campaign()


def key_of(text: str) -> str:
    found = KEY.search(text)
    assert found is not None
    return found[1]


def fresh() -> Session:
    """A session that sees what a request has just written."""
    db.session.rollback()
    return db.session()


def counted() -> int:
    fresh()
    return db.session.scalar(select(func.count()).select_from(Response)) or 0


def test_the_page_greets_by_name_and_asks_thirteen_questions(page, here):
    text = page.get(f"/q/{here[0]}").text
    assert "Поликлиника № 12".replace("№ ", "№\u00a0") in text.replace("№ ", "№\u00a0")
    assert "13 из 13" in text
    questions = library.questionnaire("bus-gov-13").numbered
    assert len(questions) == 13
    assert all(question.wording in html.unescape(text) for question in questions)


def test_every_form_has_a_key_of_its_own(page, here):
    assert key_of(page.get(f"/q/{here[0]}").text) != key_of(page.get(f"/q/{here[0]}").text)


def test_nothing_is_chosen_beforehand(page, here):
    assert not CHOSEN.search(page.get(f"/q/{here[0]}").text)


def test_answers_are_taken_and_thanked_for(client, page, here):
    key = key_of(page.get(f"/q/{here[0]}").text)
    answer = client.post(f"/q/{here[0]}", data={**CONTENT, "key": key})
    assert answer.status_code == 303
    assert "Ваши ответы учтены" in page.get(answer.location).text
    assert counted() == 1


def test_a_double_click_is_thanked_twice_and_counted_once(client, page, here):
    key = key_of(page.get(f"/q/{here[0]}").text)
    answers = [client.post(f"/q/{here[0]}", data={**CONTENT, "key": key}) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, f"/q/{here[0]}/thanks")] * 2
    assert counted() == 1


def test_going_back_and_changing_an_answer_keeps_the_first_and_says_so(client, page, here):
    key = key_of(page.get(f"/q/{here[0]}").text)
    client.post(f"/q/{here[0]}", data={**CONTENT, "key": key})
    answer = client.post(f"/q/{here[0]}", data={**CONTENT, "overall": "no", "key": key})
    assert answer.location == f"/q/{here[0]}/kept"
    assert "первы" in page.get(answer.location).text
    heard = next(iter(counts.heard(fresh(), here[1]).values()))
    assert heard.answers()["overall"] == (1, 1)


def test_what_is_missing_is_named_and_what_was_said_stays(client, here):
    key = key_of(client.get(f"/q/{here[0]}").text)
    given = {name: value for name, value in CONTENT.items() if name != "overall"}
    answer = client.post(f"/q/{here[0]}", data={**given, "key": key})
    assert answer.status_code == 422
    assert 'href="#q-overall"' in answer.text
    assert len(CHOSEN.findall(answer.text)) == len(given)
    assert key_of(answer.text) == key
    assert counted() == 0


def test_a_skipped_question_is_not_missed(client, page, here):
    assert {"accessibility", "remote_staff"} & CONTENT.keys() == set()
    key = key_of(page.get(f"/q/{here[0]}").text)
    assert client.post(f"/q/{here[0]}", data={**CONTENT, "key": key}).status_code == 303


def test_an_answer_off_the_path_is_not_kept(client, page, here):
    key = key_of(page.get(f"/q/{here[0]}").text)
    client.post(f"/q/{here[0]}", data={**CONTENT, "accessibility": "no", "key": key})
    heard = next(iter(counts.heard(fresh(), here[1]).values()))
    assert heard.answers()["accessibility"] is None


@pytest.mark.parametrize("key", ["", "x", "A" * 32, "А" * 32])
def test_a_tampered_key_loses_nothing_and_counts_nothing(client, here, key):
    answer = client.post(f"/q/{here[0]}", data={**CONTENT, "key": key})
    assert answer.status_code == 422
    assert len(CHOSEN.findall(answer.text)) == len(CONTENT)
    assert counted() == 0
    again = client.post(f"/q/{here[0]}", data={**CONTENT, "key": key_of(answer.text)})
    assert again.status_code == 303
    assert counted() == 1


def test_a_key_of_another_organisation_is_refused(client, page, here):
    with writing() as session:
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    other = an_organization("Городская поликлиника № 13")
    a_campaign()
    key = key_of(page.get(f"/q/{other}").text)
    assert client.post(f"/q/{here[0]}", data={**CONTENT, "key": key}).status_code == 422


def test_an_unknown_code_is_said_plainly(page):
    answer = page.get("/q/K7M4PX2D")
    assert answer.status_code == 404
    assert "Такого кода нет" in answer.text


def test_a_code_typed_in_another_layout_finds_its_way(client, here):
    assert client.get(f"/q/{here[0][:4]}-{here[0][4:].lower()}").location == f"/q/{here[0]}"
    assert client.get("/q/К7М4РХ2D").location == "/q/K7M4PX2D"
    assert client.get("/q/", query_string={"code": f" {here[0].lower()} "}).location == f"/q/{here[0]}"


@pytest.mark.parametrize("stage", [Stage.REVIEW, Stage.PUBLISHED])
def test_a_closed_campaign_takes_nothing_and_says_so(client, page, here, stage):
    key = key_of(page.get(f"/q/{here[0]}").text)
    with writing() as session:
        session.get_one(Campaign, here[1]).stage = stage
    answer = client.post(f"/q/{here[0]}", data={**CONTENT, "key": key})
    assert answer.status_code == 410
    assert "не сохранились" in answer.text and "файл" not in answer.text
    assert page.get(f"/q/{here[0]}").status_code == 410
    assert counted() == 0


@pytest.mark.parametrize("kind", [ORDINARY, f"{ORDINARY}; charset=utf-8"], ids=["lane", "application"])
def test_what_comes_again_after_the_closing_is_known_as_counted(client, page, here, kind):
    address = f"/q/{here[0]}"
    key, other = (key_of(page.get(address).text) for _ in range(2))
    whole = {**CONTENT, "key": key}
    assert client.post(address, data=urlencode(whole).encode(), content_type=kind).status_code == 303
    with writing() as session:
        session.get_one(Campaign, here[1]).stage = Stage.REVIEW
    ends = ((whole, "thanks"), ({**whole, "overall": "no"}, "kept"), ({"key": key}, "kept"))
    for given, end in ends:
        sent = client.post(f"{address}?p=3&lang=en", data=urlencode(given).encode(), content_type=kind)
        assert (sent.status_code, sent.location) == (303, f"{address}/{end}?p=3&lang=en")
        assert client.get(sent.location).status_code == 200
    for unknown in (other, "x" * 32, ""):
        sent = page.post(address, data={**CONTENT, "key": unknown})
        assert sent.status_code == 410
        assert "не сохранились" in sent.text
    assert counted() == 1


def test_a_pause_says_nothing_of_answers_that_may_be_counted(client, page, here, monkeypatch):
    def silent(*_given: object) -> None:
        raise OperationalError("SELECT 1", {}, RuntimeError("gone"))

    given = {**CONTENT, "key": key_of(page.get(f"/q/{here[0]}").text)}
    monkeypatch.setattr(desk, "accept", silent)
    sent = page.post(f"/q/{here[0]}", data=given)
    assert sent.status_code == 503
    assert "Дважды она не посчитается" in sent.text
    assert "не сохранились" not in sent.text
    assert "Дважды" not in page.get("/q/K7M4PX2D").text


def test_the_day_after_the_last_is_too_late(client, page, here):
    yesterday = date.fromordinal(date.today().toordinal() - 1)  # noqa: DTZ011
    with writing() as session:
        campaign = session.get_one(Campaign, here[1])
        campaign.starts_on, campaign.ends_on = yesterday - timedelta(days=9), yesterday
    assert page.get(f"/q/{here[0]}").status_code == 410


def test_a_huge_comment_is_refused_before_it_is_read(client, page, here):
    key = key_of(page.get(f"/q/{here[0]}").text)
    answer = client.post(f"/q/{here[0]}", data={**CONTENT, "key": key, "proposals": "а" * 1_000_000})
    assert answer.status_code == 413
    assert "не сохранились" in answer.text and "файл" not in answer.text
    assert counted() == 0


def test_a_device_that_answered_is_told_and_may_pass_to_another_person(client, page, here):
    key = key_of(page.get(f"/q/{here[0]}").text)
    client.post(f"/q/{here[0]}", data={**CONTENT, "key": key})
    told = client.get(f"/q/{here[0]}").text
    assert "уже отвечали" in told
    assert KEY.search(client.get(f"/q/{here[0]}?again=1").text)


def test_the_only_cookie_says_no_more_than_that_this_device_answered(client, page, here):
    first = client.get(f"/q/{here[0]}")
    assert "Set-Cookie" not in first.headers
    sent = client.post(f"/q/{here[0]}", data={**CONTENT, "key": key_of(first.text)})
    cookies = sent.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert cookies[0].startswith(f"nok_answered={here[1]};")
    assert "HttpOnly" in cookies[0]
    assert f"Path=/q/{here[0]}" in cookies[0]


def test_the_poster_of_a_place_and_the_site_are_told_apart(client, here):
    with writing() as session:
        campaign = session.get_one(Campaign, here[1])
        session.add(Place(organization_id=1, number=3, name="Регистратура"))
        assert campaign is not None
    text = client.get(f"/q/{here[0]}?p=3").text
    assert "Регистратура" in text
    client.post(f"/q/{here[0]}?p=3", data={**CONTENT, "key": key_of(text)})
    clean = f"/q/{here[0]}?via=site&again=1"
    client.post(clean, data={**CONTENT, "key": key_of(client.get(clean).text)})
    rows = fresh().execute(select(Response.channel, Response.place).order_by(Response.channel)).all()
    assert [tuple(row) for row in rows] == [(1, 3), (2, 0)]


@pytest.mark.parametrize("query", ["p=-1", "p=99999999999999999999", "p=٣", "p=<b>", "size=huge", "via=x&p="])
def test_a_strange_address_still_opens_the_form(page, here, query):
    assert page.get(f"/q/{here[0]}?{query}").status_code == 200


def test_the_page_with_its_styles_weighs_little(client, here):
    answer = client.get(f"/q/{here[0]}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) <= 14 * 1024
    assert "<style>" in gzip.decompress(answer.data).decode()


@pytest.fixture
def busy(app: Flask) -> Flask:
    """A service that keeps doors and pages, as it does when it is not tested."""
    hall = app.extensions["nok_hall"]
    hall._pages, hall._doors = {}, {}
    assert isinstance(app.wsgi_app, Lane)
    return app


def test_the_lane_says_the_same_as_the_application(busy, here):
    client = busy.test_client()
    drawn = client.get(f"/q/{here[0]}", headers={"Cookie": "other=1"})
    passed = client.get(f"/q/{here[0]}")
    assert busy.extensions["nok_hall"].kept(here[0], "") is not None
    assert dict(drawn.headers) == dict(passed.headers)
    assert KEY.sub("", drawn.text) == KEY.sub("", passed.text)
    assert client.head(f"/q/{here[0]}").status_code == 200


def test_the_lane_takes_answers_as_the_application_does(busy, here):
    key = key_of(busy.test_client().get(f"/q/{here[0]}").text)
    form = urlencode({**CONTENT, "key": key}).encode()
    kind = "application/x-www-form-urlencoded"
    taken = busy.test_client().post(f"/q/{here[0]}", data=form, content_type=kind)
    slow = busy.test_client().post(f"/q/{here[0]}", data=form, content_type=f"{kind}; charset=utf-8")
    first, second = (EXPIRES.sub("", str(answer.headers)) for answer in (taken, slow))
    assert first == second
    assert (taken.status, slow.status) == ("303 SEE OTHER", "303 SEE OTHER")
    assert counted() == 1


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%", b"key=&overall=maybe", b"=" * 20_000, b"a=1&" * 30_000])
def test_the_lane_lets_the_application_speak_of_what_is_wrong(busy, here, body):
    kind = "application/x-www-form-urlencoded"
    answer = busy.test_client().post(f"/q/{here[0]}", data=body, content_type=kind)
    assert answer.status_code in (413, 422)
    assert "<h1>" in answer.text
    assert counted() == 0


def test_closed_means_closed_although_the_door_was_open_a_moment_ago(busy, here):
    client = busy.test_client()
    key = key_of(client.get(f"/q/{here[0]}").text)
    with writing() as session:
        session.get_one(Campaign, here[1]).stage = Stage.REVIEW
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        answer = client.post(f"/q/{here[0]}", data={**CONTENT, "key": key}, content_type=content_type)
        assert answer.status_code == 410
        assert "не сохранились" in answer.text
    assert counted() == 0


def test_an_answer_is_seen_in_the_figures_at_once(client, page, here):
    code, campaign = here
    an_inspection(campaign, code)
    client.post(f"/q/{code}", data={**CONTENT, "key": key_of(page.get(f"/q/{code}").text)})
    found = results.of_campaign(fresh(), db.session.get_one(Campaign, campaign)).by_code[code]
    assert found.responses == 1
    assert found.result.indicators["5.3"] == nok.Figure(Fraction(100))


def test_an_organisations_page_understands_a_code_as_it_was_typed(client, page, here):
    typed = f"{here[0][:4]}-{here[0][4:].lower()}"  # a code may be of digits only: its case alone would not differ
    assert client.get(f"/o/{typed}").location == f"/o/{here[0]}"
    assert "Поликлиника" in page.get(f"/o/{here[0]}").text


@pytest.mark.parametrize("kind", [ORDINARY, f"{ORDINARY}; charset=utf-8"], ids=["lane", "application"])
def test_two_tabs_of_one_phone_are_one_answer(busy, page, here, kind):
    client, address = busy.test_client(), f"/q/{here[0]}"
    first, second = (key_of(client.get(address).text) for _ in range(2))
    forms = [{**CONTENT, "key": first}, {**CONTENT, "key": second}, {**CONTENT, "key": first}]
    sent = [client.post(address, data=urlencode(form).encode(), content_type=kind) for form in forms]
    assert [one.location for one in sent] == [f"{address}/{end}" for end in ("thanks", "kept", "thanks")]
    assert "не сохранена" in page.get(sent[1].location).text
    assert counted() == 1


def test_a_clean_form_of_a_phone_that_answered_is_another_answer(client, page, here):
    address = f"/q/{here[0]}"
    client.post(address, data={**CONTENT, "key": key_of(page.get(address).text)})
    again = client.get(f"{address}?p=3&again=1").text
    action = html.unescape(within(r'method="post" action="([^"]+)"', again))
    assert action == f"{address}?p=3&again=1"
    sent = client.post(action, data={**CONTENT, "overall": "no", "key": key_of(again)})
    assert sent.location == f"{address}/thanks?p=3"
    assert counted() == 2
    back = client.get(action).text
    assert "Ответы приняты" in back and not KEY.search(back), "«back» brings no filled form to be sent again"
    third = html.unescape(within(r'class="button" href="([^"]+)"', back))
    assert third == f"{address}?p=3&again=2"
    assert KEY.search(client.get(third).text), "and one more person has a clean form"


def test_an_answer_under_an_unknown_code_is_not_kept_and_that_is_said(page, here):
    key = key_of(page.get(f"/q/{here[0]}").text)
    sent = page.post("/q/K7M4PX2D", data={**CONTENT, "key": key})
    assert sent.status_code == 404
    assert "Такого кода нет" in sent.text
    assert "не сохранились" in sent.text
    assert counted() == 0


def test_going_back_to_the_form_after_sending_says_that_the_answers_are_kept(client, here):
    form = client.get(f"/q/{here[0]}")
    assert form.headers["Cache-Control"] == "no-store", "«back» asks again"
    client.post(f"/q/{here[0]}", data={**CONTENT, "key": key_of(form.text)})
    assert "Ответы приняты" in client.get(f"/q/{here[0]}").text
