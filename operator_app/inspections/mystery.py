"""What the mystery client met: for the report and the page of the organisation; no figure of the Order knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import checklists
from surveys.campaigns import rules
from surveys.checklists import MYSTERY
from surveys.models import Assessment, Campaign
from surveys.visits import Visit, VisitState


@dataclass(frozen=True)
class Place:
    """One part of the way: how many things were as they should be, of those that applied."""

    title: str
    good: int
    asked: int


@dataclass(frozen=True)
class Met:
    """One mystery visit; `bad` names what was not as it should be, with the visitor's own words."""

    code: str
    name: str
    visit_id: int
    visited_on: date
    good: int
    asked: int
    places: Sequence[Place]
    bad: Sequence[tuple[str, str]]
    note: str


def summary(session: Session, campaign_id: int) -> list[Met]:
    """Every finished mystery visit of a campaign, by organisation's name and day."""
    campaign = session.get_one(Campaign, campaign_id)
    edition, _practice = rules(campaign)
    rows = session.execute(
        select(Visit, Assessment)
        .join(Assessment, Assessment.id == Visit.assessment_id)
        .where(Assessment.campaign_id == campaign_id, Visit.kind == MYSTERY, Visit.state != VisitState.DRAFT)
    ).all()
    checklist = checklists.checklist(MYSTERY, campaign.sector, edition)
    found = [met(visit, assessment, checklist) for visit, assessment in rows]
    return sorted(found, key=lambda one: (one.name, one.visited_on, one.visit_id))


def met(visit: Visit, assessment: Assessment, checklist: checklists.Checklist) -> Met:
    """One finished mystery visit in figures and words."""
    said = {code: answer.get("value") for code, answer in visit.items.items()}
    places = [
        Place(
            block.title,
            sum(said.get(item.code) == "yes" for item in block.items),
            sum(said.get(item.code) in ("yes", "no") for item in block.items),
        )
        for block in checklist.blocks
    ]
    return Met(
        code=assessment.organization.code,
        name=assessment.organization.display_name,
        visit_id=visit.id,
        visited_on=visit.visited_on,
        good=sum(place.good for place in places),
        asked=sum(place.asked for place in places),
        places=places,
        bad=[
            (item.title, str(visit.items[item.code].get("note") or ""))
            for item in checklist.by_code.values()
            if said.get(item.code) == "no"
        ],
        note=visit.note,
    )
