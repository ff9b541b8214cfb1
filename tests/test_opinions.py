"""What people say beside the survey: asked, kept, counted once, shown apart."""

import gzip
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from build import CONTENT, a_campaign, a_release, an_inspection, an_organization, heard_about
from docx import Document
from planning import Desk, a_plan, lines, people
from spoken import original
from sqlalchemy import func, insert, select

from council.opinions import door
from documents import exports
from surveys import frozen, queries, results, voices
from surveys.clock import today
from surveys.comments import Comment
from surveys.db import db, writing
from surveys.intake import Outcome
from surveys.models import Assessment, Campaign, Stage
from surveys.opinions import CRITERIA, Form, Opinion, OpinionTally, items
from surveys.plans import Measure
from surveys.releases import Release

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

    @property
    def result(self) -> str:
        """The result as anybody reads it."""
        return f"/o/{self.code}/results/{db.session.get_one(Campaign, self.campaign_id).year}"


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
    assert "1 отзыв: частично\u00a0—\u00a01" in shown and "отзывов пока нет" in shown
    assert "1 отзыв: частично\u00a0—\u00a01" in page.get(f"/q/{planned.code}/measures").text


def test_words_lie_apart_and_are_shown_to_nobody(client, page, planned, address) -> None:
    sent(client, f"{address}?via=site", verdict="not", words=WORDS)
    db.session.rollback()
    kept = db.session.scalars(select(Comment)).one()
    assert (original(kept), kept.month.day) == (WORDS, 1)
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
        assert "again" in path or "1 отзыв: не исправлено\u00a0—\u00a01" in text, path


@ON_SQLITE
def test_the_printed_plan_tells_reviews_in_a_note(client, planned, address) -> None:
    before = planned.own.page.get(f"{planned.public}.docx").data
    sent(client, address, verdict="done")
    for kind in ("pdf", "docx"):
        answer = client.get(f"{planned.public}.{kind}")
        assert answer.status_code == 200
    text = "\n".join(one.text for one in Document(BytesIO(answer.data)).paragraphs)
    assert "Отзывы граждан" in text and "1 отзыв: исправлено\u00a0—\u00a01" in text
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
    assert told_ in answer.text and "Ответы ещё не сохранены" in answer.text
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


def test_a_yes_and_a_no_are_counted_for_the_release_that_was_read(client, page, planned) -> None:
    address = f"/q/{planned.code}/agree"
    text = page.get(address).text
    assert "Согласны с оценкой?" in text and "из 100" in text
    assert sent(client, address, agreed="yes", criteria=["K1"], words=WORDS).location == f"{address}/thanks"
    no = {"agreed": "no", "criteria": ["K3", "K1", "K9"], "words": WORDS}
    assert sent(client, f"{address}?again=1", **no).location == f"{address}/thanks"
    assert list(told(Form.AGREEMENT).values()) == [{"yes": 1, "no": 1, "K1": 1, "K3": 1}]
    kept = db.session.scalars(select(Comment)).all()
    assert [(one.form, original(one), one.measure_id) for one in kept] == [(1, WORDS, None)], (
        "a yes has no reason"
    )
    result = page.get(planned.result).text
    assert "согласны&nbsp;—&nbsp;1, не согласны&nbsp;—&nbsp;1" in result and WORDS not in result
    assert "Открытость и доступность\u00a0—\u00a01, Доступность для инвалидов\u00a0—\u00a01" in result


def test_a_corrected_release_is_judged_anew(client, page, planned) -> None:
    address = f"/q/{planned.code}/agree"
    key = key_of(client.get(address).text)
    a_release(planned.campaign_id, note="Исправлено.")
    answer = page.post(address, data={"key": key, "agreed": "no"})
    assert answer.status_code == 422 and "что-то изменилось" in answer.text and stored() == 0
    again = client.post(address, data={"key": key_of(answer.text), "agreed": "no"})
    assert again.location == f"{address}/thanks"
    first, second = frozen.releases(db.session(), planned.campaign_id)[::-1]
    assert told(Form.AGREEMENT) == {second.id: {"no": 1}} and first.id != second.id


@ON_SQLITE
def test_without_a_published_score_there_is_nothing_to_agree_with(page, session) -> None:
    code = an_organization()
    a_campaign(shows_interim=True)
    assert page.get(f"/q/{code}/agree").status_code == 404
    assert f"/q/{code}/agree" not in page.get(f"/q/{code}").text


def test_five_criteria_are_given_their_steps(client, page, planned) -> None:
    year = today().year + 1
    collecting = a_campaign(title="Идёт", year=year, starts_on=today(), ends_on=today() + timedelta(days=9))
    address = f"/q/{planned.code}/scores"
    given = dict(zip(CRITERIA, "54310", strict=True))
    assert sent(client, f"{address}?p=2", **given).location == f"{address}/thanks?p=2"
    counted = told(Form.SCORES)[0]
    assert counted == {"all": 1, "K1:5": 1, "K2:4": 1, "K3:3": 1, "K4:1": 1, "K5:0": 1}
    db.session.rollback()
    found = door.beside(planned.code, collecting)
    assert found is not None and found.scored[0] == door.Scored(
        "Открытость и доступность", "отлично\u00a0—\u00a01", 1, None
    )
    assert (
        page.get(address).text.count('type="radio"') == 5 * 6
        or "ответ уже приняли" in client.get(address).text
    )
    for number in range(door.FEWEST):
        said = voices.Said(
            Form.SCORES, number, the_assessment(collecting), 1, 0, today(), "44444", 0, "", collecting
        )
        assert voices.accept(said) is Outcome.COUNTED
    found = door.beside(planned.code, collecting)
    assert found is not None and found.scored[0].mean is not None
    assert found.scored[0].mean.printed == "4.1"  # (5 + 10 × 4) / 11
    recounted()


@ON_SQLITE
def test_a_criterion_left_out_is_named(page, session) -> None:
    code = an_organization()
    a_campaign()
    key = key_of(page.get(f"/q/{code}/scores").text)
    given = {"key": key, "K1": "5", "K2": "6", "K3": "0", "K4": "1"}
    answer = page.post(f"/q/{code}/scores", data=given)
    assert answer.status_code == 422 and stored() == 0
    assert (
        "Удобно ли здесь" in answer.text and 'href="#f-K2"' in answer.text and 'href="#f-K5"' in answer.text
    )
    assert 'href="#f-K1"' not in answer.text and answer.text.count(" checked") == 3


def test_steps_that_come_again_after_the_closing_are_known_as_counted(client, page, planned) -> None:
    collecting = a_campaign(title="Идёт", year=today().year + 1, starts_on=today())
    address = f"/q/{planned.code}/scores"
    given = {"key": key_of(client.get(address).text), **dict.fromkeys(CRITERIA, "5")}
    assert client.post(address, data=given).location == f"{address}/thanks"
    with writing() as session:
        session.get_one(Campaign, collecting).stage = Stage.REVIEW
    for again, end in ((given, "thanks"), ({**given, "K1": "1"}, "kept")):
        answer = client.post(address, data=again)
        assert (answer.status_code, answer.location) == (303, f"{address}/{end}")
        assert "чистую страницу" not in page.get(answer.location).text
    assert page.get(address).status_code == 410 and stored() == 1


def test_a_review_that_comes_again_when_its_measure_is_out_of_the_plan_is_counted(
    client, page, address
) -> None:
    given = {"key": key_of(client.get(address).text), "verdict": "done"}
    assert client.post(address, data=given).location == f"{address}/thanks"
    with writing() as session:
        session.get_one(Measure, lines()[0].id).agreed_due_on = None
    assert client.post(address, data=given).location == f"{address}/thanks"
    assert "Ваш ответ учтён" in page.get(f"{address}/thanks").text
    assert page.get(address).status_code == 404 and stored() == 1


@pytest.mark.parametrize("became", ["gone", "corrected"])
def test_a_yes_that_comes_again_when_its_score_is_gone_or_corrected_is_known_as_counted(
    client, page, planned, became
) -> None:
    address = f"/q/{planned.code}/agree"
    given, late = ({"key": key_of(client.get(address).text), "agreed": "yes"} for _ in range(2))
    assert client.post(address, data=given).location == f"{address}/thanks"
    if became == "corrected":
        a_release(planned.campaign_id, note="Исправлено.")
    else:
        with writing() as session:
            session.scalars(select(Release)).one().published_at = None
    other = {**given, "agreed": "no"}
    for again, end, said in ((given, "thanks", "Ваш ответ учтён"), (other, "kept", "Учтён ваш первый ответ")):
        answer = client.post(address, data=again)
        assert (answer.status_code, answer.location) == (303, f"{address}/{end}")
        assert said in page.get(answer.location).text
    if became == "gone":
        told_ = page.post(address, data=late)
        assert told_.status_code == 404 and "Ваши ответы не сохранились" in told_.text
        assert "Об этом сейчас не спрашивают" in told_.text and f'href="/o/{planned.code}"' in told_.text
        assert "Открыть чистую страницу" not in page.get(f"{address}/kept").text
    assert stored() == 1


@ON_SQLITE
def test_nobody_is_asked_to_agree_with_a_score_that_there_is_not(page, session) -> None:
    code = an_organization()
    a_release(a_campaign())
    assert page.get(f"/q/{code}/agree").status_code == 404
    assert f"/q/{code}/agree" not in page.get(f"/q/{code}").text
    assert f"/o/{code}/results/" in page.get(f"/q/{code}").text, "its result is there, only no total"


def test_closed_means_closed_for_the_steps_and_open_for_the_rest(client, page, planned) -> None:
    collecting = a_campaign(title="Идёт", year=today().year + 1, starts_on=today())
    address = f"/q/{planned.code}/scores"
    key = key_of(client.get(address).text)
    with writing() as session:
        session.get_one(Campaign, collecting).stage = Stage.REVIEW
    given = dict.fromkeys(CRITERIA, "5")
    answer = page.post(address, data={"key": key, **given})
    assert answer.status_code == 410 and "Ваши ответы не сохранились" in answer.text
    assert page.get(f"{address}/thanks").status_code == 200, "another may have been counted before"
    said = voices.Said(Form.SCORES, 1, the_assessment(collecting), 1, 0, today(), "55555", 0, "", collecting)
    assert voices.accept(said) is Outcome.CLOSED and stored() == 0
    landing = page.get(f"/q/{planned.code}?p=4")
    assert landing.status_code == 410 and "Что можно сказать сейчас" in landing.text
    for form in ("agree", "measures"):
        assert f'href="/q/{planned.code}/{form}?p=4"' in landing.text
        assert page.get(f"/q/{planned.code}/{form}").status_code == 200
    assert address not in landing.text


def test_the_landing_is_the_survey_and_the_rest_are_quiet_links(page, planned) -> None:
    a_campaign(title="Идёт", year=today().year + 1, starts_on=today())
    text = page.get(f"/q/{planned.code}?p=3&via=site").text
    assert text.index('<form id="survey"') < text.index("Другие способы высказаться")
    for form in ("scores", "agree", "measures"):
        assert f'href="/q/{planned.code}/{form}?p=3&amp;via=site"' in text


def test_no_figure_moves_by_one_digit_whatever_thousands_say(client, planned) -> None:
    collecting = a_campaign(title="Идёт", year=today().year + 1, starts_on=today(), shows_interim=True)
    heard_about(planned.code, collecting, CONTENT, key="one")
    before = figures(client, planned, collecting)
    release, assessment = (
        frozen.in_force(db.session(), planned.campaign_id),
        the_assessment(planned.campaign_id),
    )
    now_, measure = the_assessment(collecting), lines()[0].id
    assert release is not None
    told_: tuple[dict[str, Any], ...] = (
        {"form": 1, "assessment_id": assessment, "release_id": release.id, "answers": "no12345"},
        {"form": 2, "assessment_id": now_, "answers": "11111"},
        {"form": 4, "assessment_id": assessment, "measure_id": measure, "answers": "not"},
    )
    how = {"release_id": None, "measure_id": None, "channel": 1, "place": 0, "day": today()}
    with writing() as session:
        for at, one in enumerate(told_):
            rows = [{**how, **one, "key": 3 * number + at} for number in range(1000)]
            session.execute(insert(Opinion), rows)
            about = one.get("release_id") or one.get("measure_id") or 0
            key = {name: one[name] for name in ("form", "assessment_id")}
            for item in items(one["form"], one["answers"]):
                session.add(OpinionTally(**key, about=about, channel=1, item=item, count=1000))
    assert figures(client, planned, collecting) == before
    assert stored() == 3000
    recounted()


def figures(client, planned: Planned, collecting: int) -> list[object]:
    """Everything official: results as they are counted, releases byte by byte, what the public files say."""
    db.session.rollback()
    found = [
        exports.campaign_json(results.of_campaign(db.session(), db.session.get_one(Campaign, one)))
        for one in (planned.campaign_id, collecting)
    ]
    release = frozen.in_force(db.session(), planned.campaign_id)
    assert release is not None
    files = [client.get(f"/ratings/{one}.json").data for one in (planned.campaign_id, collecting)]
    return [*found, release.content, release.sha256, *files]


def the_assessment(campaign_id: int) -> int:
    found = db.session.scalars(select(Assessment.id).where(Assessment.campaign_id == campaign_id)).one()
    db.session.rollback()
    return found


def test_counts_are_given_for_open_data(client, planned) -> None:
    sent(client, f"/q/{planned.code}/agree?via=site", agreed="yes")
    number = lines()[0].id
    sent(client, f"/q/{planned.code}/measures/{number}", verdict="done")
    db.session.rollback()
    organization = queries.organization(db.session(), planned.code)
    assert organization is not None
    [agreed, reviewed] = voices.counted(db.session(), organization)
    year = db.session.get_one(Campaign, planned.campaign_id).year
    about = {"code": planned.code, "campaign": planned.campaign_id, "year": year, "count": 1}
    release = frozen.in_force(db.session(), planned.campaign_id)
    assert release is not None
    assert agreed == {**about, "form": 1, "about": release.id, "channel": "site", "said": "yes"}
    assert reviewed == {**about, "form": 4, "about": number, "channel": "poster", "said": "done"}


def test_after_the_survey_comes_what_is_next_and_what_changed(client, page, planned) -> None:
    a_campaign(title="Идёт", year=today().year + 1, starts_on=today(), ends_on=date(2999, 12, 31))
    with writing() as session:
        row = session.get_one(Measure, lines()[0].id)
        row.done, row.done_on = "Указатель повесили.", today()
    answer = sent(client, f"/q/{planned.code}", **CONTENT)
    text = page.get(answer.location).text
    assert "28 февраля 3000" in text
    assert planned.result in text and "Указатель повесили." in text
    assert f"/q/{planned.code}/measures" in text
    given = {"scores": dict.fromkeys(CRITERIA, "5"), "agree": {"agreed": "yes"}}
    for path, said in {**given, f"measures/{lines()[0].id}": {"verdict": "done"}}.items():
        text = page.get(sent(client, f"/q/{planned.code}/{path}", **said).location).text
        assert planned.result in text and "Указатель повесили." in text, path
        assert ("28 февраля 3000" in text) == (path == "scores"), path
        assert f"/q/{planned.code}/{path}" not in text.partition("<main")[2], "it has been answered"


@pytest.mark.parametrize(
    ("ends_on", "by"),
    [
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 10, 5), date(2027, 12, 5)),
        (date(2027, 12, 30), date(2028, 2, 29)),
    ],
)
def test_results_are_to_be_expected_two_months_after_the_last_day(ends_on, by) -> None:
    assert door.results_by(ends_on) == by


@ON_SQLITE
def test_every_form_weighs_little(client, planned) -> None:
    a_campaign(title="Идёт", year=today().year + 1, starts_on=today())
    for path in ("", "/agree", "/scores", "/measures", f"/measures/{lines()[0].id}"):
        answer = client.get(f"/q/{planned.code}{path}")
        assert answer.status_code == 200
        assert len(gzip.compress(answer.data)) < 14 * 1024, path


@ON_SQLITE
def test_every_form_may_be_filled_in_for_somebody_else(client, planned) -> None:
    a_campaign(title="Идёт", year=today().year + 1, starts_on=today())
    for path in ("", "/agree", "/scores", f"/measures/{lines()[0].id}"):
        text = client.get(f"/q/{planned.code}{path}").text
        assert text.count("Отвечаете за ребёнка или близкого?") == 1, path
        asks_who = "пол и возраст — ваши" in text
        assert asks_who == (path == ""), path


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
