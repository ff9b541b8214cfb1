"""One-time codes and links: each admits one answer, says plainly when it does not, and is kept by nobody."""

import html
import re
from datetime import timedelta

import pytest
from build import CONTENT, a_campaign, an_organization, within
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from surveys import admitting, campaigns
from surveys.clock import today
from surveys.db import db, writing
from surveys.entry import tickets
from surveys.models import Assessment, Campaign, Response, Stage
from surveys.passes import Admission, Entry, Pass, PassBatch

pytestmark = pytest.mark.usefixtures("session")
KEY = r'name="key" value="([^"]+)"'
ORDINARY = "application/x-www-form-urlencoded"


@pytest.fixture
def here(session) -> str:
    """A clinic whose form is opened by codes."""
    code = an_organization()
    a_campaign()
    asked(Entry.CODE)
    return f"/q/{code}"


def asked(entry: Entry) -> None:
    with writing() as session:
        admitting.ask(session, session.scalars(select(Assessment.id)).all(), entry)


def issued(app: Flask, count: int = 3, days: int = 1) -> list[str]:
    with writing() as session:
        place = session.scalars(select(Assessment.id)).first()
        assert place is not None
        ends_on = today() + timedelta(days)
        return admitting.issue(session, app.config["SECRET_KEY"], place, count, ends_on, today(), "operator")


def shown(client: FlaskClient, here: str, code: str, query: str = ""):
    """A code, shown at the page that asks for it."""
    key = within(KEY, client.get(f"{here}{query}").text)
    return client.post(f"{here}/enter{query}", data={"code": code, "key": key})


def enters(client: FlaskClient, here: str, code: str) -> str:
    """The form behind a code."""
    sent = shown(client, here, code)
    assert (sent.status_code, sent.location) == (303, here)
    return client.get(here).text


def answers(client: FlaskClient, here: str, form: str, **given: str):
    return client.post(here, data={**CONTENT, **given, "key": within(KEY, form)}, content_type=ORDINARY)


def held_in(form: str) -> str:
    """The pass that a form brings along."""
    return within(r'name="pass" value="([^"]+)"', form)


def brings(client: FlaskClient, here: str, form: str, **given: str):
    """The form as a browser sends it: its pass stands in it."""
    return answers(client, here, form, **{"pass": held_in(form), **given})


def counted() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Response)) or 0


def unused() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Pass)) or 0


def test_a_code_opens_the_form_once(app, page, here) -> None:
    one, other, _ = issued(app)
    assert "Нужен код с листка" in page.get(here).text
    client = app.test_client()
    form = enters(client, here, f" {one[:5].lower()}-{one[5:]} ")
    assert unused() == 3, "whoever only opens the form has spent nothing"
    sent = answers(client, here, form)
    assert sent.location == f"{here}/thanks"
    assert sent.headers.getlist("Set-Cookie")[-1].startswith("nok_pass=;")
    assert (counted(), unused()) == (1, 2)
    again = shown(app.test_client(), here, one)
    assert again.status_code == 409
    assert "Этот код уже не действует" in again.text
    assert answers(app.test_client(), here, form).status_code == 422
    assert enters(app.test_client(), here, other)


def test_two_devices_with_one_code_are_one_answer_and_the_second_is_told(app, here) -> None:
    [one] = issued(app, 1)
    clients = [app.test_client(), app.test_client()]
    forms = [enters(client, here, one) for client in clients]
    sent = [answers(client, here, form) for client, form in zip(clients, forms, strict=True)]
    assert [answer.status_code for answer in sent] == [303, 409]
    assert "не сохранены" in sent[1].text
    assert counted() == 1


def test_a_repeat_after_a_lost_reply_is_thanked(app, here) -> None:
    [one] = issued(app, 1)
    client = app.test_client()
    form = enters(client, here, one)
    assert [answers(client, here, form).location for _ in range(2)] == [f"{here}/thanks"] * 2
    assert counted() == 1


def test_a_form_brings_its_own_pass_whoever_showed_theirs_on_the_device_since(app, here) -> None:
    one, other, _ = issued(app)
    client = app.test_client()
    first = enters(client, here, one)
    key = within(KEY, client.get(f"{here}/one/{other}").text)
    assert client.post(f"{here}/enter", data={"code": other, "key": key}).status_code == 303
    second = client.get(here).text
    missing = brings(client, here, first, overall="")
    assert missing.status_code == 422 and held_in(missing.text) == held_in(first), "also after a mistake"
    sent = brings(client, here, first)
    assert sent.location == f"{here}/thanks"
    assert not [mark for mark in sent.headers.getlist("Set-Cookie") if mark.startswith("nok_pass")]
    assert shown(app.test_client(), here, one).status_code == 409
    assert brings(client, f"{here}?again=1", second).location == f"{here}/thanks"
    assert (counted(), unused()) == (2, 1)


def test_a_slip_of_the_finger_is_no_used_code(app, page, here) -> None:
    [one] = issued(app, 1)
    wrong = one[:-1] + ("A" if one[-1] != "A" else "C")
    assert "Страница устарела" in page.post(f"{here}/enter", data={"code": one, "key": "x"}).text
    for typed, said in ((wrong, "В коде ошибка"), ("", "Введите код"), ("<b>", "В коде ошибка")):
        answer = shown(page, here, typed)
        assert answer.status_code == 422
        assert said in answer.text


def switches(text: str) -> list[str]:
    """Where the links of language and size on top of a page lead."""
    top = text.partition("<header")[2].partition("</header>")[0]
    return [html.unescape(one) for one in re.findall(r'href="(/q/[^"]+)"', top)]


@pytest.mark.parametrize("query", ["", "?p=3&via=site&again=1"])
def test_languages_and_sizes_of_what_is_drawn_after_sending_lead_to_a_page(app, page, here, query) -> None:
    one, other, _ = issued(app)
    form = enters(app.test_client(), here, one)
    whole = {**CONTENT, "key": within(KEY, form)}
    spent = app.test_client()
    enters(spent, here, other)
    clients = [app.test_client() for _ in "ab"]
    forms = [enters(client, here, other) for client in clients]
    answers(clients[0], here, forms[0])
    drawn = {
        "a slip": shown(page, here, one[:-1], query),
        "a stale page": page.post(f"{here}/enter{query}", data={"code": one, "key": "x"}),
        "no pass": page.post(f"{here}{query}", data=whole),
        "a used code": shown(page, here, other, query),
        "a code used meanwhile": clients[1].post(f"{here}?again=1", data=whole),
        "an unknown place": page.post(f"/q/K7M4PX2D/enter{query}", data={}),
    }
    for what, answer in drawn.items():
        assert answer.status_code in (404, 409, 422), what
        found = switches(answer.text)
        assert len(found) == 5, what
        for link in found:
            known = page.get(link)
            assert known.status_code == (404 if "K7M4PX2D" in link else 200), (what, link)
            assert ("again=1" in link) == ("again" in query or what == "a code used meanwhile"), (what, link)


def test_large_type_and_language_go_along_to_the_organisation(app, page, here) -> None:
    [one] = issued(app, 1)
    looks = "?lang=en&size=large"
    answers(client := app.test_client(), here, enters(client, here, one))
    for answer in (page.get(f"{here}{looks}"), shown(app.test_client(), here, one, looks)):
        organization = here.replace("/q/", "/o/")
        assert f'href="{organization}?lang=en&amp;size=large"' in answer.text


def test_a_code_of_another_organisation_of_yesterday_or_withdrawn_opens_nothing(app, page, here) -> None:
    [late] = issued(app, 1, days=-1)
    [taken_back] = issued(app, 1)
    with writing() as session:
        batch = session.scalars(select(PassBatch).order_by(PassBatch.id.desc())).first()
        assert batch is not None and admitting.withdraw(session, batch) == 1
    stranger = admitting._fresh(app.config["SECRET_KEY"])
    for code in (late, taken_back, stranger):
        assert shown(page, here, code).status_code == 409


def test_a_link_is_signed_and_looking_at_it_spends_nothing(app, page, here) -> None:
    [one] = issued(app, 1)
    told = tickets.link(app.config["SECRET_KEY"], one)
    for end in (told, one, told):
        assert "Начать" in page.get(f"{here}/one/{end}").text
    assert unused() == 1
    client = app.test_client()
    code = within(r'name="code" value="([^"]+)"', client.get(f"{here}/one/{told}").text)
    assert answers(client, here, enters(client, here, code)).status_code == 303
    assert page.get(f"{here}/one/{told}").status_code == 409
    damaged = page.get(f"{here}/one/{told[:-2]}")
    assert damaged.status_code == 422
    assert "повреждена" in damaged.text


def test_answers_without_a_pass_are_not_kept_by_either_road(app, page, here) -> None:
    form = enters(app.test_client(), here, issued(app, 1)[0])
    for kind in (ORDINARY, f"{ORDINARY}; charset=utf-8"):
        sent = page.post(here, data={**CONTENT, "key": within(KEY, form)}, content_type=kind)
        assert sent.status_code == 422
        assert "Ответы не сохранены" in sent.text
    client = app.test_client()
    client.set_cookie("nok_pass", "A" * 80)
    assert answers(client, here, form).status_code == 422
    assert counted() == 0


def test_a_pass_of_one_form_does_not_open_another(app, page, session) -> None:
    codes = [an_organization(), an_organization("Городская поликлиника № 13")]
    a_campaign()
    asked(Entry.CODE)
    client = app.test_client()
    enters(client, f"/q/{codes[0]}", issued(app, 1)[0])
    held = client.get_cookie("nok_pass", path=f"/q/{codes[0]}")
    assert held is not None
    client.set_cookie("nok_pass", held.value, path=f"/q/{codes[1]}")
    assert "Нужен код" in client.get(f"/q/{codes[1]}").text


def test_an_open_form_asks_for_nothing_and_a_code_leads_to_it(app, page, here) -> None:
    [one] = issued(app, 1)
    asked(Entry.OPEN)
    db.session.rollback()
    assert db.session.scalars(select(Admission)).all() == []
    assert page.post(f"{here}/enter", data={"code": one}).location == here
    assert page.get(f"{here}/one/{one}").location == here
    assert within(KEY, page.get(here).text)


def test_nothing_of_a_code_is_stored_and_nothing_of_passes_outlives_the_collecting(app, here) -> None:
    made = issued(app, 12)
    db.session.rollback()
    kept = "".join(map(str, db.session.execute(select(Pass.mark, Pass.batch_id)).all()))
    assert len(set(made)) == 12
    assert not [code for code in made if code in kept or code[:5] in kept]
    with writing() as session:
        campaigns.move(session, session.scalars(select(Campaign)).one(), Stage.REVIEW)
    assert unused() == 0
    batch = db.session.scalars(select(PassBatch)).one()
    assert batch.issued == 12, "how many were made is all that is left"


def test_another_person_of_the_family_needs_a_code_of_their_own(app, here) -> None:
    one, other, _ = issued(app)
    client = app.test_client()
    answers(client, here, enters(client, here, one))
    assert "уже отвечали" in client.get(here).text
    clean = f"{here}?again=1"
    assert f'action="{here}/enter?again=1"' in client.get(clean).text
    assert shown(client, here, other, "?again=1").location == clean
    sent = answers(client, clean, client.get(clean).text)
    assert sent.location == f"{here}/thanks"
    assert counted() == 2


def test_a_closed_campaign_spends_no_code(app, here) -> None:
    [one] = issued(app, 1)
    client = app.test_client()
    form = enters(client, here, one)
    with writing() as session:  # not by the ordinary way, which takes the codes back
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    sent = answers(client, here, form)
    assert sent.status_code == 410
    assert (counted(), unused()) == (0, 1)
    with writing() as session:
        session.execute(delete(Pass))
