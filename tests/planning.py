"""A published campaign and those who plan after it: what the tests of plans share."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

from build import (
    CONTENT,
    TOKEN,
    a_campaign,
    a_release,
    a_user,
    an_inspection,
    an_organization,
    heard_about,
    signed_in,
)
from flask import Flask
from handing import a_ready_campaign
from manners import MannerlyClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import AuditEvent, Role
from surveys import queries
from surveys.clock import now, today
from surveys.db import db, writing
from surveys.intake import Outcome
from surveys.plans import Measure, Plan, PlanState

APPROVER = "Заместитель министра И. И. Петров"
PERSON = "Сидорова Анна Павловна, завхоз"
SOON = today() + timedelta(days=40)


def a_clinic_with_a_past() -> str:
    """A clinic that is asked about now, with a published score of last year and a plan; its code."""
    code = an_organization(short_name="Поликлиника № 12", recipients_per_year=200)
    campaign_id = a_campaign(year=today().year - 1)
    an_inspection(campaign_id, code)
    assert heard_about(code, campaign_id, CONTENT, key="last year") is Outcome.COUNTED
    a_release(campaign_id)
    a_plan(campaign_id, code)
    a_campaign()
    db.session.rollback()
    return code


class Desk:
    """Somebody's browser on the plan of one organisation."""

    def __init__(self, app: Flask, login: str, campaign_id: int, code: str) -> None:
        self.page = MannerlyClient(app, app.response_class)
        signed_in(self.page, login)
        self.own = f"/organization/plans/{campaign_id}"
        self.council = f"/council/campaigns/{campaign_id}/plans/{code}"

    def opened(self, address: str, status: int = 200) -> str:
        """A page."""
        answer = self.page.get(address)
        assert answer.status_code == status, answer.status_code
        return answer.text

    def sent(self, address: str, **data: Any) -> TestResponse:
        """A form with its token."""
        found = TOKEN.search(self.page.get("/organization/").text + self.page.get("/council/plans").text)
        assert found is not None
        return self.page.post(address, data={"csrf_token": found[1], **data})

    def filled(self, row: Measure, **given: Any) -> TestResponse:
        """A line written whole, but for what is given."""
        words = {
            "version": row.version,
            "deficiency": row.deficiency,
            "text": "Повесить и обновлять.",
            "due_on": SOON.isoformat(),
            "responsible": PERSON,
            **given,
        }
        return self.sent(f"{self.own}/measures/{row.id}", **words)

    def planned(self) -> None:
        """Begun, every line filled, sent."""
        self.sent(f"{self.own}/begin")
        for row in lines():
            self.filled(row)
        assert self.submitted().status_code == 302

    def submitted(self) -> TestResponse:
        """The button of sending."""
        return self.sent(f"{self.own}/send", version=plan().version)

    def done(self, row: Measure, **given: Any) -> TestResponse:
        """What was done about a line."""
        words = {"version": row.version, "done": "Повесили.", "done_on": today().isoformat(), **given}
        return self.sent(f"{self.own}/measures/{row.id}/progress", **words)

    def approved(self, **given: Any) -> TestResponse:
        """The authority's yes."""
        words = {"version": plan().version, "approver": APPROVER, **given}
        return self.sent(f"{self.council}/approve", **words)

    def returned(self, note: str = "Назовите срок точнее.") -> TestResponse:
        """The authority's no, with words."""
        return self.sent(f"{self.council}/return", version=plan().version, note=note)


def a_published_campaign(organizations: int = 1) -> tuple[int, list[str]]:
    """Assessed, approved, published."""
    campaign_id, codes = a_ready_campaign(organizations)
    a_release(campaign_id)
    return campaign_id, codes


def a_plan(campaign_id: int, code: str, measures: int = 2) -> None:
    """An approved plan of so many measures, made without a journey."""
    with writing() as session:
        organization = queries.organization(session, code)
        assert organization is not None
        assessment = queries.assessment(session, campaign_id, organization.id)
        assert assessment is not None
        state = {
            "state": PlanState.APPROVED,
            "approver": APPROVER,
            "approved_by": "authority",
            "sent_by": "own",
        }
        session.add(Plan(assessment_id=assessment.id, sent_at=now(), approved_at=now(), **state))
        session.flush()
        for number in range(measures):
            words = {"deficiency": f"Нет указателя {number + 1}", "text": "Повесить.", "responsible": PERSON}
            session.add(
                Measure(
                    assessment_id=assessment.id,
                    section=2,
                    position=number,
                    due_on=SOON,
                    agreed={**words, "dropped": ""},
                    agreed_due_on=SOON,
                    edited_by="own",
                    edited_at=now(),
                    **words,
                )
            )


def people(app: Flask, campaign_id: int, code: str) -> tuple[Desk, Desk]:
    """The organisation and the authority."""
    own, authority = (
        a_user(Role.ORGANIZATION, login="own", code=code),
        a_user(Role.AUTHORITY, login="authority"),
    )
    return Desk(app, own, campaign_id, code), Desk(app, authority, campaign_id, code)


def plan() -> Plan:
    """The first organisation's plan, as it is stored now."""
    db.session.rollback()
    return db.session.scalars(select(Plan).order_by(Plan.assessment_id)).first() or Plan()


def lines(session: Session | None = None) -> list[Measure]:
    """Its lines in order; `session`: to change them."""
    session = session or db.session()
    session.rollback()
    first = select(func.min(Plan.assessment_id)).scalar_subquery()
    where = Measure.assessment_id == first
    return list(session.scalars(select(Measure).where(where).order_by(Measure.section, Measure.position)))


def acts() -> list[str]:
    """What the trail says was done about plans, in order."""
    db.session.rollback()
    named = re.compile(r"plan-|measure-|proof-")
    return [
        one
        for one in db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id))
        if named.match(one)
    ]


def a_photo(color: str = "red") -> tuple[BytesIO, str]:
    """A small picture that says where it was taken."""
    drawn = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Ульяновск, ул. Мира, 1"
    Image.new("RGB", (60, 40), color).save(drawn, "JPEG", exif=exif)
    return BytesIO(drawn.getvalue()), "photo.jpg"
