"""Print runs of a campaign as the page «Бланки» shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operator_app.files.batches import names
from paper.tables import FormEdition, PrintRun
from surveys.models import Assessment
from surveys.refusals import NotFound

EDITIONS = {"usual": _l("Обычный шрифт, от 13 пт"), "large": _l("Крупный шрифт, от 18 пт")}


class Printed(NamedTuple):
    """One run: whose, which serials, who printed it."""

    id: int
    organization: str
    code: str
    first: int
    last: int
    sheets: int
    edition: str
    sides: int
    who: str
    made_at: datetime


def of_campaign(session: Session, campaign_id: int, page: int, size: int) -> tuple[int, list[Printed]]:
    """How many runs there are, and one page of them, the newest first."""
    own = PrintRun.campaign_id == campaign_id
    total = session.scalar(select(func.count()).select_from(PrintRun).where(own)) or 0
    newest = select(PrintRun).where(own).order_by(PrintRun.id.desc())
    runs = session.scalars(newest.limit(size).offset((page - 1) * size)).all()
    return total, _told(session, runs)


def one(session: Session, campaign_id: int, print_id: int) -> PrintRun:
    """A run of this campaign. Raises NotFound."""
    found = session.get(PrintRun, print_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound(str(print_id))
    return found


def _told(session: Session, runs: Sequence[PrintRun]) -> list[Printed]:
    who = names(session, {run.made_by for run in runs})
    told = []
    for run in runs:
        organization = session.get_one(Assessment, run.assessment_id).organization
        edition = session.get_one(FormEdition, run.edition_id)
        told.append(
            Printed(
                id=run.id,
                organization=organization.display_name,
                code=organization.code,
                first=run.first,
                last=run.first + run.count - 1,
                sheets=run.count,
                edition=str(EDITIONS[edition.print]),
                sides=len(edition.geometry["sides"]),
                who=who.get(run.made_by, run.made_by),
                made_at=run.made_at,
            )
        )
    return told
