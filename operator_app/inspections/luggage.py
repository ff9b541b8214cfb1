"""What an inspector takes along to a place without a network: whom to visit, by which list, what was begun already."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload

import nok
from accounts import access
from accounts.models import User
from operator_app.inspections.payload import Asked
from operator_app.team.tables import Assignment
from surveys import checklists
from surveys.campaigns import rules
from surveys.checklists import KINDS, Checklist
from surveys.clock import today
from surveys.models import Assessment, Campaign, Organization, Stage
from surveys.queries import named
from surveys.visits import Evidence, Visit

MOST_FOUND = 30
MOST_CHOSEN = 300

Errand = tuple[Assessment, str, str | None]


def packed(session: Session, user: User, chosen: Collection[int]) -> dict[str, Any]:
    """The whole bag: places, the lists they are inspected by (each once, by its hash), one's own visits to them."""
    errands = list(_errands(session, user, chosen))
    editions: dict[int, nok.Edition] = {}
    lists: dict[str, Checklist] = {}
    places = [_place(*errand, editions, lists) for errand in errands]
    return {
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "today": today().isoformat(),
        "places": places,
        "lists": {sha256: _list(made) for sha256, made in lists.items()},
        "visits": [_visit(*row) for row in _visits(session, user, {place["assessment"] for place in places})],
    }


def found(session: Session, words: str) -> list[dict[str, Any]]:
    """Organisations of collecting campaigns that the one signed in may see, by a part of the name or a number."""
    query = (
        select(Assessment)
        .join(Organization, Assessment.organization_id == Organization.id)
        .join(Campaign, Assessment.campaign_id == Campaign.id)
        .where(Assessment.campaign_id.in_(_open_campaigns(session)), named(words))
        .options(joinedload(Assessment.campaign))
        .order_by(Organization.name, Assessment.id)
        .limit(MOST_FOUND)
    )
    return [_named(assessment) for assessment in session.scalars(query)]


def of_client(session: Session, user: User, key: str) -> Visit | None:
    """One's own visit by the name that the phone gave it."""
    return session.scalar(select(Visit).where(Visit.client_key == key, Visit.inspector == user.login))


def as_kept(visit: Visit) -> dict[str, Any]:
    """A visit as the server holds it, in the shape in which the phone holds its own."""
    return {
        "key": visit.client_key,
        "assessment": visit.assessment_id,
        "kind": visit.kind,
        "version": visit.version,
        "state": visit.state,
        "checklist": visit.checklist,
        "checklist_sha256": visit.checklist_sha256,
        "visited_on": visit.visited_on.isoformat(),
        "items": visit.items,
        "counts": visit.counts,
        "note": visit.note,
    }


def _open_campaigns(session: Session) -> list[int]:
    return [campaign.id for campaign in access.campaigns_seen(session) if campaign.stage == Stage.COLLECTING]


def _errands(session: Session, user: User, chosen: Collection[int]) -> Iterator[Errand]:
    """(assessment, kind, due day): what one was assigned to, then what one chose oneself."""
    mine = Assignment.__table__.c
    query = (
        select(Assessment, mine.task, mine.due_on)
        .join_from(Assessment, Assignment, Assessment.id == mine.assessment_id)
        .where(
            mine.user_id == user.id,
            mine.task.in_(KINDS),
            Assessment.campaign_id.in_(_open_campaigns(session)),
        )
        .options(joinedload(Assessment.campaign))
        .order_by(mine.due_on.is_(None), mine.due_on, Assessment.id, mine.task)
    )
    seen = set()
    for assessment, task, due_on in session.execute(query):
        seen.add((assessment.id, task))
        yield assessment, task, due_on.isoformat() if due_on else None
    for assessment in _chosen(session, chosen):
        if (assessment.id, checklists.INSPECTION) not in seen:
            yield assessment, checklists.INSPECTION, None


def _chosen(session: Session, chosen: Collection[int]) -> Iterable[Assessment]:
    return session.scalars(
        select(Assessment)
        .where(
            Assessment.id.in_(sorted(chosen)[:MOST_CHOSEN]),
            Assessment.campaign_id.in_(_open_campaigns(session)),
        )
        .options(joinedload(Assessment.campaign))
        .order_by(Assessment.id)
    )


def _named(assessment: Assessment) -> dict[str, Any]:
    organization = assessment.organization
    return {
        "assessment": assessment.id,
        "campaign": assessment.campaign_id,
        "campaign_title": assessment.campaign.title,
        "code": organization.code,
        "name": organization.display_name,
        "address": organization.address or "",
    }


def _place(
    assessment: Assessment,
    kind: str,
    due: str | None,
    editions: dict[int, nok.Edition],
    lists: dict[str, Checklist],
) -> dict[str, Any]:
    campaign, organization = assessment.campaign, assessment.organization
    if campaign.id not in editions:
        editions[campaign.id] = rules(campaign)[0]
    edition = editions[campaign.id]
    made = checklists.checklist(kind, organization.sector, edition)
    lists[made.content_hash] = made
    asked = Asked.of(edition, organization)
    return {
        **_named(assessment),
        "kind": kind,
        "due": due,
        "list": made.content_hash,
        "waiting": asked.waiting,
        "common_norm": asked.common_norm,
    }


def _list(made: Checklist) -> Mapping[str, Any]:
    return {
        "id": made.id,
        "sha256": made.content_hash,
        "title": made.title,
        "kind": made.kind,
        "unverified": bool(made.unverified),
        "reasons": list(made.reasons),
        "blocks": [
            {
                "code": block.code,
                "title": block.title,
                "items": [
                    {"code": item.code, "title": item.title, "how": item.how, "tried": item.tried}
                    for item in block.items
                ],
            }
            for block in made.blocks
        ],
    }


def _visits(session: Session, user: User, assessments: Collection[int]) -> Iterable[Row[Visit, int]]:
    """One's own visits to these places that the phone can name, with how many pieces of evidence each has."""
    pieces = select(func.count()).where(Evidence.visit_id == Visit.id).scalar_subquery()
    return session.execute(
        select(Visit, pieces)
        .where(
            Visit.inspector == user.login,
            Visit.assessment_id.in_(sorted(assessments)),
            Visit.client_key.is_not(None),
        )
        .order_by(Visit.id)
    )


def _visit(visit: Visit, pieces: int) -> dict[str, Any]:
    return {**as_kept(visit), "photos": pieces}
