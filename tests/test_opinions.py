"""What people say beside the survey: asked, kept, counted once, shown apart."""

import re
from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from build import CONTENT, a_campaign, a_release, an_inspection, an_organization, heard_about
from docx import Document
from planning import Desk, a_plan, lines, people
from sqlalchemy import func, select

from surveys import voices
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.opinions import Form, Opinion, OpinionTally, OpinionWords, items
from surveys.plans import Measure

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
KEY = re.compile(r'name="key" value="([^"]+)"')
WORDS = "Пандус поставили, но он крутой."


class Planned(NamedTuple):
    """A published campaign, an organisation's approved plan, and those who read it at their desks."""

    campaign_id: int
    code: str
    own: Desk
    authority: Desk

    @property
    def public(self) -> str:
        """The plan as anybody reads it."""
        return f"/o/{self.code}/plan/{db.session.get_one(Campaign, self.campaign_id).year}"


@pytest.fixture
def planned(app, session) -> Planned:
    code = an_organization(recipients_per_year=200)
    campaign_id = a_campaign()
    an_inspection(campaign_id, code)
    for number in range(3):
        heard_about(code, campaign_id, CONTENT, key=number)
    a_release(campaign_id)
    a_plan(campaign_id, code)
    own, authority = people(app, campaign_id, code)
    return Planned(campaign_id, code, own, authority)


@pytest.fixture
def address(planned) -> str:
    """The form about the plan's first measure."""
    return f"/q/{planned.code}/measures/{lines()[0].id}"


def key_of(text: str) -> str:
    found = KEY.search(text)
    assert found is not None
    return found[1]


def sent(client, address: str, **given: Any):
    """A form opened and sent."""
    opened = client.get(address)
    assert opened.status_code == 200, opened.status_code
    return client.post(address, data={"key": key_of(opened.text), **given})


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Opinion)) or 0


def told(form: Form) -> Mapping[int, Mapping[str, int]]:
    """Everything counted in one form."""
    db.session.rollback()
    rows = db.session.scalars(select(OpinionTally.assessment_id).distinct()).all()
    return voices.summed(voices.counts(db.session(), rows), form)


def test_a_review_is_kept_counted_and_shown_beside_its_measure(page, client, planned, address) -> None:
    number = lines()[0].id
    answer = sent(client, f"{address}?p=3", verdict="partly", words=WORDS)
    assert (answer.status_code, answer.location) == (303, f"{address}/thanks?p=3")
    assert "Ваш ответ учтён" in page.get(answer.location).text
    assert told(Form.REVIEW) == {number: {"partly": 1}}
    row = db.session.scalars(select(Opinion)).one()
    assert (row.channel, row.place, row.day, row.measure_id) == (1, 3, today(), number)
    shown = page.get(planned.public).text
    assert "1 отзыв: частично — 1" in shown and "отзывов пока нет" in shown
    assert "1 отзыв: частично — 1" in page.get(f"/q/{planned.code}/measures").text


def test_words_lie_apart_and_are_shown_to_nobody(client, page, planned, address) -> None:
    sent(client, f"{address}?via=site", verdict="not", words=WORDS)
    db.session.rollback()
    kept = db.session.scalars(select(OpinionWords)).one()
    assert (kept.text, kept.month.day) == (WORDS, 1)
    row = db.session.scalars(select(Opinion)).one()
    assert kept.key != row.key and row.channel == 2
    for reader, path in (
        (page, planned.public),
        (page, f"{address}?again=1"),
        (planned.own.page, planned.own.own),
        (planned.authority.page, planned.authority.council),
    ):
        text = reader.get(path).text
        assert WORDS not in text, path
        assert "again" in path or "1 отзыв: не исправлено — 1" in text, path


@ON_SQLITE
def test_the_printed_plan_tells_reviews_in_a_note(client, planned, address) -> None:
    before = planned.own.page.get(f"{planned.public}.docx").data
    sent(client, address, verdict="done")
    for kind in ("pdf", "docx"):
        answer = client.get(f"{planned.public}.{kind}")
        assert answer.status_code == 200
    text = "\n".join(one.text for one in Document(BytesIO(answer.data)).paragraphs)
    assert "Отзывы граждан" in text and "1 отзыв: исправлено — 1" in text
    assert "Отзывы граждан" not in "\n".join(one.text for one in Document(BytesIO(before)).paragraphs)


def test_sent_twice_it_counts_once_and_the_page_says_what_stands(client, page, address) -> None:
    key = key_of(client.get(address).text)
    ends = [client.post(address, data={"key": key, "verdict": "done"}).location for _ in range(2)]
    assert ends == [f"{address}/thanks"] * 2
    other = client.post(address, data={"key": key, "verdict": "not"})
    assert other.location == f"{address}/kept"
    assert "Учтён ваш первый ответ" in page.get(other.location).text
    assert list(told(Form.REVIEW).values()) == [{"done": 1}]


def test_two_tabs_of_one_device_are_one_answer_and_another_person_may_answer(client, page, address) -> None:
    keys = [key_of(client.get(address).text) for _ in range(2)]
    ends = [client.post(address, data={"key": key, "verdict": "done"}).location for key in keys]
    assert ends == [f"{address}/thanks", f"{address}/kept"]
    assert stored() == 1
    text = client.get(address).text
    assert "ответ уже приняли" in text and f"{address}?again=1" in text
    assert sent(client, f"{address}?again=1", verdict="not").location == f"{address}/thanks"
    assert list(told(Form.REVIEW).values()) == [{"done": 1, "not": 1}]


@ON_SQLITE
def test_the_mark_of_a_device_says_no_more_than_what_was_judged(client, address) -> None:
    [cookie] = sent(client, address, verdict="done").headers.getlist("Set-Cookie")
    assert cookie.startswith(f"nok_reviewed={lines()[0].id}; ")
    assert f"Path={address}" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie


@ON_SQLITE
@pytest.mark.parametrize("key", ["", "x", "A" * 32, "А" * 32])
def test_a_tampered_key_keeps_what_was_said_and_counts_nothing(page, client, address, key) -> None:
    answer = page.post(address, data={"key": key, "verdict": "not", "words": WORDS})
    assert answer.status_code == 422 and stored() == 0
    assert WORDS in answer.text and 'value="not" id="f-verdict-not" class="r3" checked' in answer.text
    assert "ещё не сохранён" in answer.text
    again = client.post(address, data={"key": key_of(answer.text), "verdict": "not"})
    assert again.location == f"{address}/thanks"


@ON_SQLITE
def test_a_key_of_another_form_fits_no_measure(client, planned, address) -> None:
    key = key_of(client.get(f"/q/{planned.code}/measures/{lines()[1].id}").text)
    assert client.post(address, data={"key": key, "verdict": "done"}).status_code == 422
    assert stored() == 0


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "told_"),
    [
        ({}, "Выберите ответ"),
        ({"verdict": "maybe"}, "Выберите ответ"),
        ({"verdict": "done", "words": "я" * 1001}, "знаков 1001"),
    ],
)
def test_what_is_missing_is_named_and_the_key_stays(page, address, given, told_) -> None:
    key = key_of(page.get(address).text)
    answer = page.post(address, data={"key": key, **given})
    assert answer.status_code == 422
    assert told_ in answer.text and "ещё не сохранён" in answer.text
    assert key_of(answer.text) == key and stored() == 0


@ON_SQLITE
def test_a_megabyte_of_words_is_refused_and_said(page, address) -> None:
    key = key_of(page.get(address).text)
    answer = page.post(address, data={"key": key, "verdict": "done", "words": "я" * 500_000})
    assert answer.status_code == 413
    assert "Ваши ответы не сохранились" in answer.text and stored() == 0


@ON_SQLITE
def test_what_is_not_in_a_published_plan_is_not_reviewed(page, planned, address) -> None:
    key = key_of(page.get(address).text)
    other = an_organization("Городская поликлиника № 13")
    number = lines()[0].id
    assert page.get(f"/q/{other}/measures/{number}").status_code == 404
    assert page.get("/q/AAAAAAAA/measures").status_code == 404
    assert page.get(f"/q/{planned.code}/measures/999999").status_code == 404
    with writing() as session:
        session.get_one(Measure, number).agreed_due_on = None
    answer = page.post(address, data={"key": key, "verdict": "done"})
    assert answer.status_code == 404
    assert "Ваши ответы не сохранились" in answer.text and stored() == 0
    assert "плана у этой организации пока нет" in page.get(f"/q/{other}/measures").text


def test_tallies_are_the_sum_of_what_was_kept(client, planned) -> None:
    for number, verdict in enumerate(["done", "done", "partly", "unknown"]):
        row = lines()[number % 2]
        way = "?again=1" if number % 2 else "?again=1&via=site"
        sent(client, f"/q/{planned.code}/measures/{row.id}{way}", verdict=verdict)
    recounted()


def recounted() -> None:
    """Every tally is what the rows say."""
    db.session.rollback()
    summed: Counter[tuple[object, ...]] = Counter()
    for row in db.session.scalars(select(Opinion)):
        about = row.release_id or row.measure_id or 0
        for item in items(row.form, row.answers):
            summed[row.assessment_id, row.form, about, row.channel, item] += 1
    tallied = {
        (row.assessment_id, row.form, row.about, row.channel, row.item): row.count
        for row in db.session.scalars(select(OpinionTally))
    }
    assert tallied and tallied == summed
