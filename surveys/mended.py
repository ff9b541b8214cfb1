"""What organisations put right after an assessment, for posters and the recipients' pages: «Что изменилось»."""

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
    rows = session.scalars(
        select(Measure)
        .join(Assessment, Assessment.id == Measure.assessment_id)
        .where(
            Assessment.organization_id == organization_id,
            Measure.agreed_due_on.is_not(None),  # in force
            Measure.done_on.is_not(None),
        )
        .order_by(Measure.done_on.desc(), Measure.id.desc())
        .limit(most)
    )
    return [Mended((row.agreed or {})["deficiency"], row.done, row.done_on) for row in rows if row.done_on]
