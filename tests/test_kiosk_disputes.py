"""Two answers under one name: the counted one stands until a person has decided, and what was decided stays decided."""

import json
from typing import Any

import pytest
from build import CONTENT, TOKEN, a_campaign, a_user, an_organization, signed_in, within
from halls import a_kiosk, a_token, an_envelope, posted, sent
from sqlalchemy import select

from accounts.models import AuditEvent, Duty, Role
from kiosk.tables import Dispute
from surveys.db import db, writing
from surveys.models import Campaign, Response, Stage, Tally

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
KEY = "0123456789abcdef" * 2
UNHAPPY = {**CONTENT, "overall": "no"}
ADDRESS = "/operator/kiosks/disputes"


class Desk:
    """A device that sends, and the verifier who decides."""

    def __init__(self, client: Any, kiosk_id: int) -> None:
        self.client, self.kiosk_id, self.token = client, kiosk_id, a_token(kiosk_id)

    def brings(self, answers: dict[str, str] = CONTENT, key: str = KEY) -> str:
        envelope = an_envelope(self.kiosk_id, key, answers)
        outcome: str = sent(self.client, self.token, (key, envelope)).json["told"][key]["outcome"]
        return outcome

    def disputes(self) -> list[Dispute]:
        db.session.rollback()
        return list(db.session.scalars(select(Dispute).order_by(Dispute.id)))

    def decides(self, verdict: str, reason: str = "") -> Any:
        page = f"{ADDRESS}/{self.disputes()[-1].id}"
        token = within(TOKEN, self.client.get(page).text)
        return self.client.post(page, data={"csrf_token": token, "verdict": verdict, "reason": reason})

    def counted(self) -> tuple[int, int]:
        """Responses, and how many of them are content overall, as the tallies know it."""
        db.session.rollback()
        columns = Tally.__table__.c
        rows = db.session.execute(select(columns.responses, columns.overall_yes)).all()
        return sum(row[0] for row in rows), sum(row[1] for row in rows)


@pytest.fixture
def desk(session, client) -> Desk:
    """A verifier is signed in; the device's own requests carry no cookie that counts."""
    code = an_organization(short_name="Поликлиника № 12")
    a_campaign()
    signed_in(client, a_user(Role.OPERATOR, duty=Duty.VERIFIER))
    return Desk(client, a_kiosk(code, place="регистратура"))


def test_the_first_stands_and_the_other_waits_once(desk) -> None:
    assert [desk.brings(), desk.brings(UNHAPPY), desk.brings(UNHAPPY)] == ["counted", "differs", "differs"]
    [dispute] = desk.disputes()
    assert (dispute.verdict, dispute.place) == ("waiting", 1)
    assert desk.counted() == (1, 1)
    text = desk.client.get(f"{ADDRESS}/{dispute.id}").text
    assert text.count("Прежний:") == 1, "only where they differ"
    assert "ждёт решения" in desk.client.get(ADDRESS).text


@pytest.mark.parametrize(
    ("verdict", "left", "again"),
    [
        ("first", (1, 1), ["repeated", "differs"]),
        ("second", (1, 0), ["differs", "repeated"]),
        ("neither", (0, 0), ["differs", "differs"]),
    ],
)
def test_what_was_decided_stays_decided(desk, verdict, left, again) -> None:
    desk.brings()
    desk.brings(UNHAPPY)
    assert desk.decides(verdict, "Терминал вскрывали 3 ноября").status_code == 303
    assert desk.counted() == left
    assert [desk.brings(), desk.brings(UNHAPPY)] == again
    assert desk.counted() == left
    [dispute] = desk.disputes()
    assert (dispute.verdict, dispute.reason) == (verdict, "Терминал вскрывали 3 ноября")
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "kiosk-answer-decided"))
    assert (event.actor, event.detail["verdict"]) == ("operator", verdict)
    assert "overall" not in json.dumps(event.detail)
    assert desk.decides("first").status_code == 422


@ON_SQLITE
def test_a_change_wants_a_reason_and_a_campaign_that_collects(desk) -> None:
    desk.brings()
    desk.brings(UNHAPPY)
    refused = desk.decides("second")
    assert (refused.status_code, "Напишите причину" in refused.text) == (422, True)
    with writing() as session:
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    refused = desk.decides("neither", "Испорчен")
    assert (refused.status_code, "Сбор ответов закончен" in refused.text) == (422, True)
    assert desk.decides("first").status_code == 303
    assert desk.counted() == (1, 1)


@ON_SQLITE
def test_both_under_one_name_in_one_batch_are_told_apart(desk) -> None:
    both = [
        {"key": KEY, "sealed": an_envelope(desk.kiosk_id, KEY, answers)} for answers in (CONTENT, UNHAPPY)
    ]
    answer = posted(desk.client, "answers", desk.token, answers=both)
    assert (answer.status_code, answer.json["told"][KEY]["outcome"]) == (409, "differs")
    assert (desk.counted(), len(desk.disputes())) == ((1, 1), 1)


@ON_SQLITE
def test_an_interviewer_sees_none(desk, page) -> None:
    desk.brings()
    desk.brings(UNHAPPY)
    [dispute] = desk.disputes()
    signed_in(page, a_user(Role.OPERATOR, login="calling", duty=Duty.INTERVIEWER))
    assert page.get(ADDRESS).status_code == 403


def test_tallies_and_responses_agree(desk) -> None:
    """What is withdrawn and counted anew leaves no rest behind."""
    desk.brings()
    desk.brings(UNHAPPY, "f" * 32)
    desk.brings(UNHAPPY)
    desk.decides("second", "Так сказал посетитель")
    assert desk.counted() == (2, 0)
    assert len(db.session.scalars(select(Response)).all()) == 2
