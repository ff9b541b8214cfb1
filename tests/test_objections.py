"""An organisation before publication: its own figures, objections within the days given, the council's answers."""

from datetime import timedelta
from typing import Any

import pytest
from build import TOKEN, a_user, signed_in
from handing import Hands, a_ready_campaign, teams, the_package
from manners import MannerlyClient

from accounts.models import Role
from council.approval import objections
from documents import folder
from surveys import frozen
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WHY = "Стенд висел, фотография от 3 марта приложена к письму."


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents themselves are another file's matter, and take seconds."""
    monkeypatch.setattr(folder, "report_pdf", lambda *_given: b"%PDF-")
    monkeypatch.setattr(folder, "report_docx", lambda *_given: b"PK")


class Clinic:
    """The browser of an organisation's own user."""

    def __init__(self, app: Any, code: str, campaign_id: int, login: str) -> None:
        self.page = MannerlyClient(app, app.response_class)
        signed_in(self.page, a_user(Role.ORGANIZATION, code=code, login=login))
        self.address = f"/organization/review/{campaign_id}"

    def opened(self) -> Any:
        """Its figures."""
        return self.page.get(self.address)

    def objected(self, text: str = WHY, figure: str = "1.1") -> Any:
        """An objection with the token of the page."""
        found = TOKEN.search(self.page.get("/organization/").text)
        assert found is not None
        return self.page.post(self.address, data={"csrf_token": found[1], "figure": figure, "text": text})


@pytest.fixture
def here(app, session) -> tuple[int, list[str], Hands, Hands, Clinic]:
    """A submitted package; the head, the chair, the first organisation."""
    campaign_id, codes = a_ready_campaign()
    head, _verifier, chair = teams(app, campaign_id)
    head.explained("official_share")
    assert head.submitted().status_code == 302
    return campaign_id, codes, head, chair, Clinic(app, codes[0], campaign_id, "clinic")


def opened(chair: Hands, days: int = 10) -> Any:
    """The council shows organisations their figures."""
    until = (today() + timedelta(days=days)).isoformat()
    return chair.sent(f"{chair.approval}/1/objections", until=until)


def answered(chair: Hands, number: int, upheld: str = "no", text: str = "Фотография от другого дня.") -> Any:
    """The council's answer."""
    return chair.sent(
        f"{chair.approval}/objections/{number}", **{f"o{number}-upheld": upheld, f"o{number}-text": text}
    )


def first(campaign_id: int) -> int:
    """The number of the first objection."""
    db.session.rollback()
    return objections.of(db.session(), campaign_id)[0].id


def refused(answer: Any, status: int, words: str) -> None:
    assert (answer.status_code, words in answer.text.replace("\u00a0", " ")) == (status, True), answer.text


def test_until_the_council_opens_them_figures_are_not_there(here) -> None:
    _id, _codes, _head, chair, clinic = here
    assert clinic.opened().status_code == 404
    assert "показал вам" not in clinic.page.get("/organization/").text
    assert opened(chair).status_code == 302
    assert "показал вам" in clinic.page.get("/organization/").text
    text = clinic.opened().text.replace("\u00a0", " ")
    assert "Поликлиника № 1" in text and "Поликлиника № 2" not in text
    assert "не утверждены" in text and "Другие организации их не видят" in text


@ON_SQLITE
def test_what_is_shown_is_the_packages_and_of_nobody_else(app, here, monkeypatch) -> None:
    campaign_id, codes, _head, chair, _clinic = here
    opened(chair)
    read: list[list[str]] = []
    of_data = frozen.of_data

    def seen(data: Any, *more: Any) -> Any:
        read.append([one["code"] for one in data["organizations"]])
        return of_data(data, *more)

    monkeypatch.setattr("surveys.frozen.of_data", seen)
    other = Clinic(app, codes[1], campaign_id, "other")
    assert "Поликлиника № 2" in other.opened().text.replace("\u00a0", " ")
    assert read == [[codes[1]]]


def test_an_objection_is_answered_before_anything_is_approved(here) -> None:
    campaign_id, _codes, _head, chair, clinic = here
    opened(chair, 0)
    assert clinic.objected().status_code == 302
    text = chair.decision().replace("\u00a0", " ")
    assert WHY in text and "Возражений организаций без ответа совета: 1" in text
    assert "могут возражать до" in text
    number = first(campaign_id)
    assert answered(chair, number, text="").status_code == 422
    assert answered(chair, number).status_code == 302
    refused(answered(chair, number, text="Иначе."), 409, "уже ответили: «Фотография от другого дня.»")
    shown = clinic.opened().text
    assert "не обосновано" in shown and "Фотография от другого дня." in shown
    chair.carried()
    chair.met()
    refused(chair.approved(), 422, "могут возражать до")


@ON_SQLITE
def test_after_the_last_day_nobody_objects_and_the_council_approves(here, monkeypatch) -> None:
    campaign_id, _codes, _head, chair, clinic = here
    opened(chair, 0)
    clinic.objected(figure="")
    number = first(campaign_id)
    answered(chair, number)
    chair.carried()
    chair.met()
    later = today() + timedelta(days=1)
    for place in ("council.approval.own.today", "council.approval.views.today"):
        monkeypatch.setattr(place, lambda: later)
    refused(clinic.objected(), 409, "Срок возражений закончился")
    assert "Срок возражений закончился" in clinic.opened().text
    assert chair.approved().status_code == 302
    text = clinic.opened().text
    assert "Фотография от другого дня." in text, "the answer stays readable"
    assert "совет утвердил эти результаты" in text and "ещё не опубликованы" in text
    assert "не утверждены" not in text and "Срок возражений" not in text
    assert "Совет утвердил результаты" in clinic.page.get("/organization/").text


def test_after_publication_an_organization_is_led_to_the_results(here, monkeypatch) -> None:
    campaign_id, codes, _head, chair, clinic = here
    opened(chair, 0)
    assert "возразите" in clinic.page.get("/organization/").text
    later = today() + timedelta(days=1)
    for place in ("council.approval.views.today", "council.organization.today"):
        monkeypatch.setattr(place, lambda: later)
    text = clinic.page.get("/organization/").text
    assert "Срок возражений закончился" in text and "возразите" not in text
    assert chair.decided().status_code == 302
    assert chair.published().status_code == 302
    results = f'href="/o/{codes[0]}/results/{db.session.get_one(Campaign, campaign_id).year}"'
    for address in ("/organization/", clinic.address):
        text = clinic.page.get(address).text
        assert results in text
        assert "рассматрива" not in text and "возразите" not in text and "не утверждены" not in text


def test_an_upheld_objection_sends_the_package_back(here, monkeypatch) -> None:
    campaign_id, _codes, head, chair, clinic = here
    opened(chair, 0)
    clinic.objected()
    answered(chair, first(campaign_id), "yes", "Стенд действительно был.")
    chair.carried()
    chair.met()
    later = today() + timedelta(days=1)
    monkeypatch.setattr("council.approval.views.today", lambda: later)
    refused(chair.approved(), 422, "Совет согласился с возражениями к этому пакету: 1")
    chair.remarked("Исправьте стенд.")
    assert chair.returned().status_code == 302
    assert clinic.opened().status_code == 404, "the operator corrects it now"
    refused(clinic.objected(), 404, "")
    remark = the_package(campaign_id).remarks[0].id
    address = f"{head.report}/packages/1/remarks/{remark}"
    assert head.sent(address, text="Исправили: стенд проверен ещё раз.", seen="").status_code == 302
    assert head.submitted().status_code == 302
    refused(chair.decided(2), 422, "Не закрыто замечаний: 1")
    assert chair.sent(f"{chair.packages}/1/remarks/{remark}/close").status_code == 302
    assert chair.approved(2).status_code == 302


@ON_SQLITE
@pytest.mark.parametrize(
    ("figure", "text"), [("1.1", ""), ("1.1", "нет"), ("9.9", WHY), ("1.1", "я" * 4_001)]
)
def test_an_objection_without_reasons_is_refused_and_stays_on_the_page(here, figure, text) -> None:
    _id, _codes, _head, chair, clinic = here
    opened(chair)
    answer = clinic.objected(text, figure)
    assert answer.status_code == 422
    assert text.strip() in answer.text
    db.session.rollback()
    assert objections.of(db.session(), here[0]) == []


@ON_SQLITE
def test_the_days_are_only_ever_made_longer(here) -> None:
    chair = here[3]
    refused(opened(chair, -1), 422, "уже прошёл")
    assert opened(chair, 5).status_code == 302
    refused(opened(chair, 4), 422, "только продлить")
    assert opened(chair, 6).status_code == 302
    assert the_package(here[0]).objections_until == today() + timedelta(days=6)
