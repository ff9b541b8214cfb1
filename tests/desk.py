"""A campaign's desk with one of each thing on it: what the addresses of the operator's pages are filled with."""

from io import BytesIO
from typing import Any

from build import a_user, a_visit
from PIL import Image
from sqlalchemy import select

from accounts.models import Duty, Role, User
from operator_app.inspections import evidence
from operator_app.keying.tables import Sheet, Stack
from surveys import queries
from surveys.batches import Batch, Kind
from surveys.batches import State as BatchState
from surveys.channels import CHANNELS
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Campaign
from surveys.queue import now


def furnished(campaign_id: int, code: str) -> dict[str, Any]:
    """URL parameter → its value, after putting the thing on the desk of this campaign and organisation."""
    return {
        "user_id": _somebody(),
        "job_id": _a_job(),
        **_a_visit(campaign_id, code),
        **_a_stack(campaign_id, code),
    }


def _somebody() -> int:
    login = a_user(Role.AUTHORITY, login="somebody")
    return db.session.scalars(select(User.id).where(User.login == login)).one()


def _a_job() -> str:
    """Long work of the operator's, half done."""
    with writing() as session:
        session.add(
            Job(
                id="j" * 32,
                name="files.check",
                arguments={},
                state=JobState.RUNNING,
                done=12_000,
                total=98_400,
                asked_by=Role.OPERATOR.value,
                asked_at=now(),
                heard_at=now(),
            )
        )
    return "j" * 32


def _a_visit(campaign_id: int, code: str) -> dict[str, Any]:
    """A finished inspection with a picture, waiting to be confirmed."""
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "JPEG")
    with writing() as session:
        visit = a_visit(session, campaign_id, code)
        file = evidence.kept(evidence.cleaned(drawn.getvalue()))
        login = visit.inspector
        proof = evidence.add_kept(session, visit, login, "comfort.navigation", file, day=visit.visited_on)
        return {"visit_id": visit.id, "evidence_id": proof.id}


def _a_stack(campaign_id: int, code: str) -> dict[str, Any]:
    """Paper of which one sheet was read differently by two people."""
    keyers = [a_user(Role.OPERATOR, login=name, duty=Duty.INTERVIEWER) for name in ("keyer-1", "keyer-2")]
    with writing() as session:
        one, other = (session.scalars(select(User).where(User.login == login)).one() for login in keyers)
        campaign, organization = session.get_one(Campaign, campaign_id), queries.organization(session, code)
        assert organization is not None
        assessment = queries.assessment(session, campaign_id, organization.id)
        assert assessment is not None
        batch = Batch(
            campaign_id=campaign_id,
            kind=Kind.KEYING,
            state=BatchState.COUNTED,
            made_by="keyer-1",
            made_at=now(),
        )
        session.add(batch)
        session.flush()
        pinned = campaign.questionnaire_of(CHANNELS["paper"].number)
        stack = Stack(
            batch_id=batch.id,
            assessment_id=assessment.id,
            questionnaire_id=pinned.id,
            channel=CHANNELS["paper"].number,
            filled_on=campaign.starts_on,
            second_share=10,
        )
        session.add(stack)
        session.flush()
        readings = {"first": "1" * 17, "second": "2-" + "1" * 15}
        session.add(
            Sheet(
                batch_id=batch.id,
                number=7,
                state="third",
                doubled=True,
                first_by=one.id,
                second_by=other.id,
                **readings,
            )
        )
        return {"stack_id": batch.id, "sheet_number": 7}
