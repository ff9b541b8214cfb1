"""Plans of measures: proposed, filled, sent, approved, carried out, changed; nothing lost on the way."""

import io
from datetime import timedelta
from html import unescape
from textwrap import shorten

import pytest
from build import a_user, an_organization
from handing import a_ready_campaign
from PIL import Image
from planning import (
    APPROVER,
    PERSON,
    SOON,
    Desk,
    a_photo,
    a_published_campaign,
    acts,
    lines,
    people,
    plan,
)

from accounts.models import Role
from surveys import mended, proofs, queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.plans import Measure, MeasureProof, PlanState

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def published(session) -> tuple[int, str]:
    campaign_id, codes = a_published_campaign()
    db.session.rollback()
    return campaign_id, codes[0]


@pytest.fixture
def both(app, published) -> tuple[Desk, Desk]:
    """The organisation and the authority, each at a desk."""
    return people(app, *published)


@pytest.fixture
def approved(both: tuple[Desk, Desk]) -> tuple[Desk, Desk]:
    """The same with an approved plan between them."""
    both[0].planned()
    assert both[1].approved().status_code == 302
    return both


@pytest.fixture
def address(published) -> str:
    """Where anybody reads the plan."""
    return f"/o/{published[1]}/plan/{db.session.get_one(Campaign, published[0]).year}"


def made_late(days: int = 3) -> None:
    """The first line's day has passed."""
    with writing() as session:
        row = session.get_one(Measure, lines(session)[0].id)
        row.due_on = row.agreed_due_on = today() - timedelta(days=days)


def test_a_plan_goes_from_proposals_to_what_was_done(both, published, address) -> None:
    own, authority = both
    assert "Составить план" in own.opened(own.own)
    own.opened(address, 404)
    assert own.sent(f"{own.own}/begin").status_code == 302
    assert own.sent(f"{own.own}/begin").status_code == 302, "pressed twice, begun once"
    sources = [row.source for row in lines()]
    assert "share:overall" in sources
    assert len(sources) == len(set(sources))
    for row in lines():
        assert own.filled(row).status_code == 302
    assert own.submitted().status_code == 302
    assert "Пока уполномоченный орган решает" in own.opened(own.own)
    own.opened(address, 404)
    assert "Утвердить план" in authority.opened(authority.council)
    assert authority.approved().status_code == 302
    shown = own.opened(address)
    assert APPROVER in shown
    assert PERSON in shown
    assert "ещё не начато" in shown
    row = lines()[0]
    assert own.done(row, photos=a_photo(), link="https://example.ru/news", note="Стенд").status_code == 302
    shown = own.opened(address)
    assert "выполнено" in shown
    assert "подтверждено снимком" in shown
    assert "/proofs/" not in shown, "pictures are for those who work with the plan"
    assert 'href="https://example.ru/news"' in shown
    assert acts() == [
        "plan-begun",
        *["measure-changed"] * len(lines()),
        "plan-sent",
        "plan-approved",
        "measure-done",
        "proof-added",
        "proof-added",
    ]


def test_a_plan_waits_for_publication(app, session) -> None:
    campaign_id, codes = a_ready_campaign(1)
    own, authority = people(app, campaign_id, codes[0])
    own.opened(own.own, 404)
    assert own.sent(f"{own.own}/begin").status_code == 404
    authority.opened(authority.council, 404)
    assert "Планов пока нет" in authority.opened("/council/plans")


def test_a_line_is_left_out_with_a_reason_and_taken_back(both) -> None:
    own, _authority = both
    own.sent(f"{own.own}/begin")
    row, *_rest = lines()
    at = f"{own.own}/measures/{row.id}"
    assert own.sent(f"{at}/drop", version=row.version, reason=" ").status_code == 422
    assert own.sent(f"{at}/drop", version=row.version, reason="Уже устранено.").status_code == 302
    shown = own.opened(own.own)
    assert "Не включено в план" in shown
    assert "Уже устранено." in shown
    answer = own.sent(f"{at}/drop", version=row.version, reason="Другая причина.")
    assert answer.status_code == 409
    assert "Другая причина." in answer.text
    assert own.sent(f"{own.own}/propose").status_code == 302
    assert len(lines()) == len(_rest) + 1, "what was left out is not proposed again"
    assert own.sent(f"{at}/restore", version=lines()[0].version).status_code == 302
    assert lines()[0].dropped == ""


def test_an_own_line_is_added_and_goes_without_a_trace(both) -> None:
    own, _authority = both
    own.sent(f"{own.own}/begin")
    before = len(lines())
    words = {"deficiency": "Скользкие ступени.", "text": "", "due_on": "", "responsible": ""}
    assert own.sent(f"{own.own}/sections/2/new", **words).status_code == 302
    row = next(one for one in lines() if not one.source)
    assert (row.section, row.deficiency) == (2, "Скользкие ступени.")
    own.sent(f"{own.own}/measures/{row.id}/drop", version=row.version, reason="Передумали.")
    assert len(lines()) == before
    own.opened(f"{own.own}/sections/6/new", 404)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"deficiency": "   "}, "Напишите, что не так."),
        ({"due_on": "когда-нибудь"}, "Не понял день. Напишите так: 15.03.2027."),
        ({"due_on": "01.01.2999"}, "проверьте год"),
        ({"text": "а" * 2001}, "до 2 000 знаков"),
        ({"responsible": "б" * 301}, "до 300 знаков"),
    ],
    ids=["blank", "day", "far", "long", "person"],
)
@ON_SQLITE
def test_bad_input_is_explained_and_nothing_is_lost(both, given, said) -> None:
    own, _authority = both
    own.sent(f"{own.own}/begin")
    row = lines()[0]
    answer = own.filled(row, **{"text": "Сделать пандус.", **given})
    assert answer.status_code == 422
    assert said in answer.text
    assert PERSON in answer.text or "responsible" in given
    assert lines()[0].version == 1


def test_a_plan_with_holes_is_not_sent_and_says_where(both) -> None:
    own, _authority = both
    own.sent(f"{own.own}/begin")
    first, *rest = lines()
    for row in rest:
        own.filled(row)
    own.filled(first, responsible="")
    answer = own.submitted()
    assert answer.status_code == 422
    assert f'href="#measure-{first.id}"' in answer.text
    named = shorten(first.deficiency, 90, placeholder="…")
    assert f"{named}: заполните: ответственный" in unescape(answer.text).replace("\u00a0", " ")
    own.filled(lines()[0], due_on=(today() - timedelta(days=1)).isoformat())
    assert "плановый срок уже прошёл" in own.submitted().text
    assert plan().state == PlanState.DRAFT


def test_who_writes_over_another_sees_both(both) -> None:
    own, _authority = both
    own.sent(f"{own.own}/begin")
    row = lines()[0]
    own.filled(row, text="Первое.")
    answer = own.filled(row, text="Второе.")
    assert answer.status_code == 409
    assert "Первое." in answer.text
    assert "Второе." in answer.text
    assert lines()[0].text == "Первое."
    assert own.filled(lines()[0], text="Второе.").status_code == 302


def test_the_authority_sends_back_with_words(both) -> None:
    own, authority = both
    own.planned()
    assert authority.returned(" ").status_code == 422
    assert authority.returned("Назовите день, а не год.").status_code == 302
    shown = own.opened(own.own)
    assert "Назовите день, а не год." in shown
    assert "Отправить на утверждение" in shown
    assert own.submitted().status_code == 302
    assert plan().note == ""
    assert authority.approved(approver="").status_code == 422
    answer = authority.approved(version=1)
    assert answer.status_code == 409
    assert APPROVER in answer.text
    assert plan().state == PlanState.SENT


def test_what_was_approved_is_frozen_until_the_next_approval(approved, address) -> None:
    own, authority = approved
    first, second, *_rest = lines()
    assert own.filled(first, text="Другое.").status_code == 409
    assert own.sent(f"{own.own}/reopen").status_code == 302
    own.filled(first, text="Другое мероприятие.", due_on="31.12.2030")
    own.sent(f"{own.own}/measures/{second.id}/drop", version=second.version, reason="Лишнее.")
    words = {"deficiency": "Новое.", "text": "Новое дело.", "due_on": SOON.isoformat(), "responsible": PERSON}
    own.sent(f"{own.own}/sections/5/new", **words)
    before = own.opened(address)
    assert "Другое мероприятие." not in before
    assert "Новое дело." not in before
    assert f'id="measure-{second.id}"' in before
    assert own.done(lines()[0]).status_code == 302, "work goes on while the change is written"
    own.submitted()
    assert "изменено" in authority.opened(authority.council)
    authority.approved()
    after = own.opened(address)
    assert "Другое мероприятие." in after
    assert "Новое дело." in after
    assert "Повесили." in after
    assert f'id="measure-{second.id}"' not in after
    assert "Лишнее." in after, "what was left out is told with its reason"


def test_changes_may_be_given_up(approved) -> None:
    own, _authority = approved
    first, second, *_rest = before = lines()
    kept = [(row.id, row.text, row.due_on, row.dropped) for row in before]
    own.sent(f"{own.own}/reopen")
    own.filled(first, text="Другое.")
    own.sent(f"{own.own}/measures/{second.id}/drop", version=second.version, reason="Лишнее.")
    own.sent(f"{own.own}/sections/5/new", deficiency="Новое.")
    assert own.sent(f"{own.own}/leave").status_code == 302
    assert [(row.id, row.text, row.due_on, row.dropped) for row in lines()] == kept
    assert plan().state == PlanState.APPROVED


def test_a_late_measure_is_seen_by_all(approved, published, address) -> None:
    own, authority = approved
    made_late()
    assert "просрочено на 3" in own.opened(own.own)
    assert "просрочено на 3" in own.opened(address)
    assert "просрочено" in own.opened("/organization/")
    assert "просрочено" in own.opened(f"/o/{published[1]}")
    assert "просрочено на 3" in authority.opened(authority.council)
    assert '<b class="late">1</b>' in authority.opened("/council/plans?state=overdue")
    assert own.done(lines()[0]).status_code == 302
    assert "позже срока" in own.opened(address)
    assert "Ничего не найдено" in authority.opened("/council/plans?state=overdue")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"done": ""}, "Напишите, что именно сделано."),
        ({"done_on": (today() + timedelta(days=1)).isoformat()}, "ещё не наступил"),
        ({"link": "http://example.ru"}, "https://"),
        ({"link": "ftp://example.ru/a"}, "https://"),
        ({"photos": (io.BytesIO(b"%PDF-1.7"), "photo.jpg")}, "Это не снимок"),
    ],
    ids=["words", "future", "http", "ftp", "file"],
)
@ON_SQLITE
def test_progress_that_cannot_be_taken_is_explained(approved, given, said) -> None:
    own, _authority = approved
    answer = own.done(lines()[0], note="Виден новый стенд", **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Виден новый стенд" in answer.text
    assert lines()[0].done == ""


def test_a_picture_is_kept_clean_once_and_goes_with_its_last_proof(approved) -> None:
    own, authority = approved
    first, second, *_rest = lines()
    own.done(first, photos=a_photo())
    own.done(lines()[0], photos=a_photo())
    own.done(second, photos=a_photo())
    db.session.rollback()
    one, other = db.session.scalars(db.select(MeasureProof).order_by(MeasureProof.id)).all()
    assert one.file == other.file
    file = proofs.path(one.file)
    with Image.open(file) as seen:
        assert not seen.getexif()
    answer = authority.page.get(f"{authority.council}/proofs/{one.id}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert own.sent(f"{own.own}/proofs/{one.id}/remove").status_code == 302
    assert file.exists()
    own.sent(f"{own.own}/proofs/{other.id}/remove")
    assert not file.exists()
    own.opened(f"{own.own}/proofs/{other.id}", 404)


def test_another_organisations_plan_is_not_there(app, approved, published) -> None:
    stranger = an_organization("Чужая поликлиника", address="ул. Лесная, 2")
    a_user(Role.ORGANIZATION, login="stranger", code=stranger)
    other = Desk(app, "stranger", *published)
    row = lines()[0]
    for address in ("", f"/measures/{row.id}", f"/measures/{row.id}/progress", "/plan.pdf"):
        other.opened(f"{other.own}{address}", 404)
    assert other.done(row).status_code == 404
    assert other.approved().status_code == 403


def test_what_was_mended_is_told_to_those_who_answered(approved, published, session) -> None:
    own, _authority = approved
    code = published[1]
    organization = queries.organization(db.session(), code)
    assert organization is not None
    assert mended.carried_out(db.session(), organization.id) == []
    for row in lines()[:4]:
        own.done(row, done=f"Сделано {row.position}.")
    db.session.rollback()
    found = mended.carried_out(db.session(), organization.id)
    assert [one.done for one in found] == ["Сделано 4.", "Сделано 3.", "Сделано 2."]
    assert "Что изменилось благодаря вам" in own.opened(f"/o/{code}")
    with writing() as write:
        write.get_one(Campaign, published[0]).stage = Stage.COLLECTING
    assert "Сделано 4." in own.opened(f"/q/{code}/thanks")
