"""What organisations put right after an assessment, for posters and the recipients' pages: «Что изменилось»."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.models import Assessment
from surveys.plans import Measure

MOST = 3


class Mended(NamedTuple):
    """A deficiency as it was approved, what was done about it, and when."""

    deficiency: str
    done: str
    on: date


def carried_out(session: Session, organization_id: int, most: int = MOST) -> list[Mended]:
    """Measures of approved plans that this organisation has carried out, the newest first."""
    return carried_out_by(session, [organization_id], most).get(organization_id, [])


def carried_out_by(
    session: Session, organization_ids: Collection[int], most: int = MOST
) -> dict[int, list[Mended]]:
    """The same of several organisations; one that carried out none is left out."""
    rows = session.execute(
        select(Assessment.organization_id, Measure)
        .join(Assessment, Assessment.id == Measure.assessment_id)
        .where(
            Assessment.organization_id.in_(organization_ids),
            Measure.agreed_due_on.is_not(None),  # in force
            Measure.done_on.is_not(None),
        )
        .order_by(Measure.done_on.desc(), Measure.id.desc())
    )
    found: dict[int, list[Mended]] = {}
    for organization_id, row in rows:
        known = found.setdefault(organization_id, [])
        if row.done_on and len(known) < most:
            known.append(Mended((row.agreed or {})["deficiency"], row.done, row.done_on))
    return found
