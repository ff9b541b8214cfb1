"""Builders in the words of the domain: a test names only what matters to it."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from secrets import token_hex
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from accounts import access
from accounts.models import Duty, Role, Seat, User
from documents import exports
from surveys import campaigns, checklists, codes, frozen, library, queries, results
from surveys.channels import CHANNELS
from surveys.clock import now, today
from surveys.db import db, writing
from surveys.intake import Finished, Outcome, accept, response_key
from surveys.models import Assessment, Campaign, Inspection, Organization, Region, Stage, searchable
from surveys.questionnaire import packed
from surveys.visits import Visit

REGION = "г. Москва"
#: The token of a page's forms.
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
PASSWORD = "a-long-password"  # noqa: S105  the tests' own

#: What forms ask everybody, by somebody content who needs no conditions of access and used nothing remote.
PLEASED = {
    "on_time": "yes",
    "comfort": "yes",
    "disability": "no",
    "first_contact": "yes",
    "service_staff": "yes",
    "remote_used": "no",
    "recommend": "yes",
    "schedule": "yes",
    "overall": "yes",
}

#: A whole bus-gov-13 by somebody content who used neither the site nor remote ways.
CONTENT = {"stand": "yes", "site": "not_used", **PLEASED}


def an_organization(name: str = "Городская поликлиника № 12", *, sector: str = "health", **given: Any) -> str:
    """An organisation in the region; its code."""
    with writing() as session:
        region = session.scalar(select(Region).where(Region.name == REGION)) or Region(name=REGION)
        session.add(region)
        session.flush()
        organization = Organization(
            code=codes.fresh(),
            key=f"{name} {given.get('address', '')}"[:64],
            name=name,
            sector=sector,
            region_id=region.id,
            search=searchable(name),
            **given,
        )
        session.add(organization)
        session.flush()
        return organization.code


def a_campaign(*, sector: str = "health", stage: Stage = Stage.COLLECTING, **given: Any) -> int:
    """A campaign over the organisations there are, all its year long, usually this one; its number."""
    year = given.get("year", today().year)
    plan = {
        "title": "Поликлиники Москвы",
        "year": year,
        "sector": sector,
        "region": REGION,
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
        **given,
    }
    with writing() as session:
        campaign = campaigns.create(session, campaigns.Plan(**plan))
        campaign.stage = stage
        return campaign.id


def an_inspection(campaign_id: int, code: str, **given: Any) -> None:
    """The inspection of the published vector (norms §1.5), but for what is given."""
    found = {
        "stand_present": 14,
        "stand_required": 17,
        "site_present": 18,
        "site_required": 19,
        "remote_ways": ["phone", "email", "service"],
        "comfort": ["a", "b", "c", "d"],
        "equipment": ["a", "b", "c"],
        "accessibility": ["a", "b", "c", "d"],
        "waiting_points": "60/1",
        **given,
    }
    with writing() as session:
        assessment = _assessment(campaign_id, code)
        session.merge(Inspection(assessment_id=assessment.id, inspected_on=today(), **found))


def a_visit(session: Session, campaign_id: int, code: str, **given: Any) -> Visit:
    """A finished inspection by the list of the sphere, everything there, but for what is given."""
    assessment = _assessment(campaign_id, code)
    edition = nok.edition(assessment.campaign.edition.name)
    kind = given.get("kind", "inspection")
    found = checklists.checklist(kind, assessment.organization.sector, edition)
    answer = {"value": "yes", "tried": {"how": "called", "on": today().isoformat()}}
    told = {
        "kind": kind,
        "state": "done",
        "checklist": found.id,
        "checklist_sha256": found.content_hash,
        "inspector": "inspector",
        "visited_on": today(),
        "items": {code: answer if item.tried else {"value": "yes"} for code, item in found.by_code.items()},
        "counts": {"stand": "list", "site": "list"} if kind == "inspection" else {},
        "client_key": token_hex(16),
        **given,
    }
    visit = Visit(assessment_id=assessment.id, **told)
    session.add(visit)
    session.flush()
    return visit


def a_release(campaign_id: int, *, published: bool = True, note: str = "", **meeting: Any) -> int:
    """What is counted now, approved and published without a package; its version."""
    with writing() as session:
        campaign = session.get_one(Campaign, campaign_id)
        version = len(frozen.releases(session, campaign_id)) + 1
        told = frozen.content(
            exports.campaign_json(results.of_campaign(session, campaign)),
            campaign,
            version=version,
            note=note,
            meeting={**frozen.NO_MEETING, **meeting},
        )
        made = frozen.made(session, campaign_id, told, "council", now(), None)
        if published:
            made.published_by, made.published_at, campaign.stage = "authority", now(), Stage.PUBLISHED
        return version


def heard_about(
    code: str,
    campaign_id: int,
    answers: Mapping[str, str],
    *,
    key: object,
    channel: str = "poster",
    **given: Any,
) -> Outcome:
    """One finished questionnaire through the one door."""
    assessment = _assessment(campaign_id, code)
    pinned = db.session.get_one(Campaign, campaign_id).questionnaire_of(CHANNELS[channel].number)
    questionnaire = library.questionnaire(pinned.name)
    finished = Finished(
        key=response_key("test", key),
        campaign_id=campaign_id,
        assessment_id=assessment.id,
        questionnaire=questionnaire,
        questionnaire_id=pinned.id,
        channel=CHANNELS[channel].number,
        day=today(),
        answers=packed(questionnaire, answers),
        **given,
    )
    db.session.rollback()
    return accept(finished)


def a_user(
    role: Role,
    *,
    login: str = "",
    code: str | None = None,
    duty: Duty | None = None,
    seat: Seat | None = Seat.CHAIR,
) -> str:
    """A user of this role with PASSWORD, an operator being the head, a council's the chair unless told; the login."""
    with writing() as session:
        organization = queries.organization(session, code) if code else None
        user = User(
            login=login or role.value,
            name=login or role.value,
            role=role,
            duty=(duty or Duty.HEAD) if role is Role.OPERATOR else None,
            seat=seat if role is Role.COUNCIL else None,
            password_hash=_password_hash(),
            organization_id=organization.id if organization else None,
        )
        session.add(user)
        session.flush()
        return user.login


@cache
def _password_hash() -> str:
    """Once a session: argon2 takes its time on purpose."""
    return access.hashed(PASSWORD)


def signed_in(client: FlaskClient, login: str) -> FlaskClient:
    """The client with this user's session."""
    user = db.session.scalar(select(User).where(User.login == login))
    assert user is not None
    with client.session_transaction() as held:
        held["_user_id"] = user.get_id()
        held["_fresh"] = True
    return client


def within(pattern: re.Pattern[str] | str, page: str) -> str:
    """What the pattern's first group is on this page; it has to be there."""
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]


def _assessment(campaign_id: int, code: str) -> Assessment:
    organization = queries.organization(db.session(), code)
    assert organization is not None
    found = queries.assessment(db.session(), campaign_id, organization.id)
    assert found is not None
    return found
