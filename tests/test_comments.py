"""People's own words: sealed, read masked by a reviewer, let through or withheld, their originals destroyed."""

from datetime import date

import pytest
from build import (
    CONTENT,
    TOKEN,
    a_campaign,
    a_release,
    a_user,
    an_organization,
    heard_about,
    signed_in,
)
from flask import Flask
from manners import MannerlyClient
from spoken import comments, original
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import AuditEvent, Duty, Role
from council import documents
from documents import sealing
from operator_app.comments import wiping
from surveys import hidden, spoken
from surveys.clock import today
from surveys.comments import Comment, CommentKey, CommentState
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Organization, Stage
from surveys.sealing import Locked

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NAMED = "Врач Иванова нагрубила, звоните 8 926 123-45-67"
CLEAN = "Поставьте скамейку у входа"
RUDE = "Говно ваша столовая"


@pytest.fixture
def heard(session: Session) -> int:
    """A campaign about one organisation of which three people said something; its number."""
    an_organization(short_name="Школа № 7")
    campaign_id = a_campaign()
    a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER)
    a_user(Role.OPERATOR, login="head", duty=Duty.HEAD)
    for key, words in enumerate((NAMED, CLEAN, RUDE), 1):
        say(words, key)
    return campaign_id


def say(words: str, key: int | None = None, day: date | None = None, form: int = 3) -> None:
    """Somebody's words about the only organisation."""
    with writing() as session:
        about = session.scalars(select(Assessment.id)).one()
        hidden.put(session, form, about, day or today(), words, key=key)


def at(campaign_id: int, rest: str = "") -> str:
    return f"/operator/campaigns/{campaign_id}/comments{rest}"


def post(page: MannerlyClient, path: str, data: dict[str, object]) -> TestResponse:
    """A form of the room, sent as a browser does."""
    found = TOKEN.search(page.get("/sign-in", follow_redirects=True).text)
    assert found is not None
    return page.post(path, data={"csrf_token": found[1], **data})


def row(key: int) -> Comment:
    db.session.rollback()
    return db.session.get_one(Comment, key)


def through(page: MannerlyClient, campaign_id: int, key: int, **given: object) -> TestResponse:
    data = {"act": "through", "version": row(key).version, **given}
    return post(page, at(campaign_id, f"/{key}"), data)


# At rest


def test_words_are_noise_in_the_database_and_open_in_their_own_row_alone(heard) -> None:
    stored = str(db.session.execute(text("SELECT * FROM comment")).all())
    assert "Иванова" not in stored and "скамейку" not in stored
    one, two = comments()[:2]
    assert original(one) == NAMED
    with pytest.raises(Locked):
        one.sealed = two.sealed
        original(one)
    db.session.rollback()


def test_two_first_words_of_a_month_share_one_key(heard) -> None:
    with writing() as session:
        lock = hidden.lock_for(session, heard, date(2026, 1, 1))
        assert hidden.lock_for(session, heard, date(2026, 1, 1)) == lock
        assert hidden.lock_of(session, heard, date(2026, 2, 1)) is None
    assert hidden.lock_of(db.session(), heard, today().replace(day=1)) != lock


# Before a reviewer


@ON_SQLITE
def test_the_list_shows_masks_and_no_original(page, heard) -> None:
    signed_in(page, "verifier")
    shown = page.get(at(heard)).text
    assert "Иванова" not in shown and "123-45-67" not in shown
    assert "Врач <mark>[имя]</mark> нагрубила" in shown and "<mark>[телефон]</mark>" in shown
    assert CLEAN in shown and '<span class="rude">Говно</span>' in shown


@ON_SQLITE
def test_the_original_is_a_tap_away_and_the_tap_is_recorded_without_a_word(page, heard) -> None:
    signed_in(page, "verifier")
    path = at(heard, "/1")
    assert "Иванова" not in page.get(path).text
    post(page, f"{path}/open", {})
    assert "Иванова" in page.get(path).text
    db.session.rollback()
    trail = [(e.actor, e.action, e.subject, e.detail) for e in db.session.scalars(select(AuditEvent))]
    assert ("verifier", "comment-opened", f"{heard}/1", {}) in trail
    signed_in(page, "head")
    assert "Иванова" not in page.get(path).text, "who has not opened it does not see it"


@ON_SQLITE
def test_what_nobody_opened_loses_no_mask_and_may_get_more(page, heard) -> None:
    signed_in(page, "verifier")
    start = NAMED.index("нагрубила")
    through(page, heard, 1, hide=f"{start}-{start + 9}")
    assert (row(1).state, row(1).text) == ("through", "Врач [имя] [скрыто], звоните [телефон]")
    assert row(1).decided_by == "verifier"


@ON_SQLITE
def test_who_opened_the_original_may_take_a_mask_away(page, heard) -> None:
    signed_in(page, "verifier")
    post(page, at(heard, "/1/open"), {})
    phone = NAMED.index("8 926")
    through(page, heard, 1, hide=f"{phone}-{len(NAMED)}")
    assert row(1).text == "Врач Иванова нагрубила, звоните [телефон]"


@ON_SQLITE
@pytest.mark.parametrize("place", ["5-3", "0-9999", "-1-4", "a-b", "٣-٤", "", "1"])
def test_a_forged_place_hides_nothing_and_breaks_nothing(page, heard, place) -> None:
    signed_in(page, "verifier")
    through(page, heard, 2, hide=place)
    assert row(2).text == CLEAN


@ON_SQLITE
def test_rude_words_stay_and_are_told_of(page, heard) -> None:
    signed_in(page, "verifier")
    through(page, heard, 3)
    assert (row(3).text, row(3).rude) == (RUDE, [[0, 5]])


@ON_SQLITE
def test_words_withheld_have_a_reason_and_no_text(page, heard) -> None:
    signed_in(page, "verifier")
    through(page, heard, 2)
    for reason, status in (("", 422), ("late", 422), ("nothing", 302)):
        data = {"act": "withhold", "version": row(2).version, "reason": reason}
        assert post(page, at(heard, "/2"), data).status_code in (status, 303)
    assert (row(2).state, row(2).reason, row(2).text, row(2).rude) == ("withheld", "nothing", None, [])


def test_a_page_of_before_somebody_decided_changes_nothing(page, heard) -> None:
    signed_in(page, "verifier")
    through(page, heard, 2)
    answer = post(page, at(heard, "/2"), {"act": "withhold", "version": 1, "reason": "nothing"})
    assert answer.status_code == 422 and "уже решил другой" in answer.text
    assert row(2).state == "through"


def test_only_what_is_clean_and_read_goes_through_in_bulk(page, heard) -> None:
    signed_in(page, "verifier")
    all_three = ["1.1", "2.1", "3.1", "99.1", "x.1", "2"]
    assert post(page, at(heard, "/through"), {"clean": all_three}).status_code == 400
    post(page, at(heard, "/through"), {"clean": all_three, "seen": "1"})
    db.session.rollback()
    assert [(one.key, one.state) for one in comments()] == [(1, "waiting"), (2, "through"), (3, "waiting")]


@ON_SQLITE
def test_one_after_another_until_none_waits(page, heard) -> None:
    signed_in(page, "verifier")
    for key in (2, 3):
        assert through(page, heard, key).location.endswith(f"/comments/{key % 3 + 1}")
    assert through(page, heard, 1).location.endswith("/comments")


@ON_SQLITE
def test_a_comment_of_another_campaign_is_not_there(page, heard) -> None:
    signed_in(page, "verifier")
    other = a_campaign(title="Другая", year=today().year + 1, starts_on=date(today().year + 1, 1, 1))
    assert page.get(at(other, "/1")).status_code == 404


@ON_SQLITE
def test_the_head_alone_says_who_reads_and_when_originals_end(page, heard) -> None:
    signed_in(page, "verifier")
    assert post(page, at(heard, "/audience"), {"audience": "everybody"}).status_code == 403
    signed_in(page, "head")
    post(page, at(heard, "/audience"), {"audience": "everybody"})
    db.session.rollback()
    assert spoken.audience(db.session.get_one(Campaign, heard)) is spoken.Audience.EVERYBODY


# The end of originals


def test_a_wipe_leaves_what_was_let_through_and_nothing_else(page, heard) -> None:
    signed_in(page, "verifier")
    through(page, heard, 1)
    post(page, at(heard, "/2"), {"act": "withhold", "version": 1, "reason": "elsewhere"})
    signed_in(page, "head")
    post(page, at(heard, "/wipe"), {"sure": "1"})
    db.session.rollback()
    assert db.session.scalars(select(CommentKey)).all() == []
    assert [(one.state, one.reason, one.sealed, one.same) for one in comments()] == [
        ("through", None, None, None),
        ("withheld", "elsewhere", None, None),
        ("withheld", "late", None, None),
    ]
    assert row(1).text == "Врач [имя] нагрубила, звоните [телефон]"
    assert page.get(at(heard, "/3")).status_code == 200
    assert through(page, heard, 3).status_code == 422
    assert page.get(at(heard, "?state=withheld")).status_code == 200


def test_originals_go_by_themselves_three_months_after_publication(app: Flask, heard, monkeypatch) -> None:
    say("Давно", 7, date(2020, 1, 31))
    wiping.nightly()
    assert len(wiping.months(db.session(), heard)) == 2, "not while the campaign goes on"
    with writing() as session:
        session.get_one(Campaign, heard).stage = Stage.PUBLISHED
    wiping.nightly()
    assert wiping.months(db.session(), heard) == [today().replace(day=1)]
    assert (row(7).state, row(7).reason) == (CommentState.WITHHELD, "late")
    assert wiping.due(date(2020, 1, 1)) == date(2020, 5, 1)
    assert wiping.due(date(2020, 10, 1)) == date(2021, 2, 1)


# Those who read


@pytest.fixture
def published(heard: int, page: MannerlyClient) -> int:
    """The same campaign published, with one let through, one rude let through and one withheld."""
    signed_in(page, "verifier")
    through(page, heard, 1)
    through(page, heard, 3)
    post(page, at(heard, "/2"), {"act": "withhold", "version": 1, "reason": "elsewhere"})
    say("Всё не так", 8, form=1)
    code = db.session.scalars(select(Organization.code)).one()
    heard_about(code, heard, CONTENT, key=1)
    a_release(heard)
    a_user(Role.COUNCIL)
    a_user(Role.CURATOR)
    a_user(Role.ORGANIZATION, code=code)
    db.session.rollback()
    return heard


def test_the_council_and_the_organisation_read_what_was_let_through(page, published) -> None:
    code = db.session.scalars(select(Organization.code)).one()
    for role, path in (
        ("council", f"/council/campaigns/{published}/organizations/{code}/words"),
        ("curator", f"/council/campaigns/{published}/organizations/{code}/words"),
        ("organization", "/organization/words"),
    ):
        signed_in(page, role)
        shown = page.get(path).text
        assert "Врач [имя] нагрубила, звоните [телефон]" in shown
        assert '<span class="rude">Говно</span> ваша столовая' in shown
        assert CLEAN not in shown and "Всё не так" not in shown
        assert "не об этой организации&nbsp;—&nbsp;1" in shown and "Ещё не просмотрены: 1" in shown
    signed_in(page, "council")
    assert (
        "organizations/" + code + "/words"
        in page.get(f"/council/campaigns/{published}/organizations/{code}").text
    )


@ON_SQLITE
def test_the_organisation_reads_nothing_while_answers_are_collected(page, published) -> None:
    with writing() as session:
        session.get_one(Campaign, published).stage = Stage.COLLECTING
    signed_in(page, "organization")
    assert "Пока показать нечего" in page.get("/organization/words").text


def test_everybody_reads_them_only_where_the_campaign_says_so_and_rude_words_after_a_tap(
    page, published
) -> None:
    code, year = db.session.scalars(select(Organization.code)).one(), today().year
    assert "нагрубила" not in page.get(f"/o/{code}/results/{year}").text
    signed_in(page, "head")
    post(page, at(published, "/audience"), {"audience": "everybody"})
    shown = page.get(f"/o/{code}/results/{year}").text
    assert "Врач [имя] нагрубила, звоните [телефон]" in shown
    assert '<details class="rude"><summary>грубое слово</summary>Говно</details> ваша столовая' in shown
    assert CLEAN not in shown


@ON_SQLITE
def test_the_dossier_takes_them_as_an_annex(app: Flask, page, published, monkeypatch) -> None:
    code = db.session.scalars(select(Organization.code)).one()
    told: list[str] = []

    def drawn(template: str, _url: str, **context: object) -> bytes:
        macros = app.jinja_env.get_template("components/spoken.html").module
        assert template == "print/result_organization.html"
        told.append(vars(macros)["said"](context["words"], context["headings"]))
        return b"%PDF"

    monkeypatch.setattr(documents, "drawn", drawn)
    monkeypatch.setattr(sealing, "sealed", lambda pdf, *_files: pdf)
    for role in ("council", "curator"):
        signed_in(page, role)
        assert page.get(f"/council/campaigns/{published}/organizations/{code}/words.pdf").data == b"%PDF"
    assert "Врач [имя] нагрубила" in told[0] and "Иванова" not in told[0] and CLEAN not in told[0]
