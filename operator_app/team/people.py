"""The people of a campaign's team: what each has to do, has done, and when he was last at work."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.keying.tables import Sheet
from operator_app.phone.dispositions import RELEASES
from operator_app.phone.tables import CallAttempt
from operator_app.team import trail, work
from operator_app.team.tasks import members, with_former
from operator_app.team.work import Load
from paper.tables import Doubt, ScannedSheet
from surveys.batches import Batch, Kind, State
from surveys.clock import today
from surveys.models import Assessment, Campaign
from surveys.visits import Visit, VisitState

COMPLETE = "1."  # AAPOR: a whole or a sufficient interview


@dataclass(frozen=True, slots=True)
class Did:
    """What one of the team has done in the campaign."""

    visits: int = 0
    calls: int = 0
    interviews: int = 0
    sheets: int = 0
    files: int = 0
    scans: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """One of the team."""

    user: User
    load: Load
    did: Did
    last_at: datetime | None = None
    left: bool = False


def people(session: Session, campaign: Campaign) -> list[Person]:
    """Everybody of the team, by name, and whoever has left it with work in his hands."""
    loads = work.loads(work.items(session, campaign.id), today())
    present = members(session, campaign)
    team = with_former(session, present, loads)
    last = trail.last_days(session, campaign.id)
    called = _calls(session, campaign.id)
    visits, sheets = _visits(session, campaign.id), _sheets(session, campaign.id)
    files, scans = _files(session, campaign.id), _scans(session, campaign.id)
    found = []
    for user in team:
        calls, interviews, rang_at = called.get(user.id, (0, 0, None))
        did = Did(
            visits=visits.get(user.login, 0),
            calls=calls,
            interviews=interviews,
            sheets=sheets.get(user.id, 0),
            files=files.get(user.login, 0),
            scans=scans.get(user.id, 0),
        )
        moments = [at for at in (last.get(user.login), rang_at) if at is not None]
        found.append(
            Person(user, loads.get(user.id, Load()), did, max(moments, default=None), user not in present)
        )
    return found


def _visits(session: Session, campaign_id: int) -> dict[str, int]:
    rows = session.execute(
        select(Visit.inspector, func.count())
        .join(Assessment, Assessment.id == Visit.assessment_id)
        .where(Assessment.campaign_id == campaign_id, Visit.state != VisitState.DRAFT)
        .group_by(Visit.inspector)
    )
    return {login: count for login, count in rows}


def _calls(session: Session, campaign_id: int) -> dict[int, tuple[int, int, datetime]]:
    """User → calls, of them interviews, and the last one's beginning."""
    complete = func.count().filter(CallAttempt.outcome.startswith(COMPLETE))
    rows = session.execute(
        select(CallAttempt.user_id, func.count(), complete, func.max(CallAttempt.began_at))
        .where(CallAttempt.campaign_id == campaign_id, CallAttempt.outcome.not_in(RELEASES))
        .group_by(CallAttempt.user_id)
    )
    return {user_id: (calls, interviews, last) for user_id, calls, interviews, last in rows}


def _sheets(session: Session, campaign_id: int) -> dict[int, int]:
    """User → sheets that he keyed first, second or settled as the third."""
    found: dict[int, int] = {}
    for column in (Sheet.first_by, Sheet.second_by, Sheet.third_by):
        rows = session.execute(
            select(column, func.count())
            .select_from(Sheet)
            .join(Batch, Batch.id == Sheet.batch_id)
            .where(Batch.campaign_id == campaign_id, column.is_not(None))
            .group_by(column)
        )
        for user_id, count in rows:
            if user_id is not None:
                found[user_id] = found.get(user_id, 0) + count
    return found


def _scans(session: Session, campaign_id: int) -> Counter[int]:
    """User → marks looked at first or as the second, words typed and sheets decided about."""
    found: Counter[int] = Counter()
    for column, table in (
        (Doubt.decided_by, Doubt),
        (Doubt.final_by, Doubt),
        (ScannedSheet.decided_by, ScannedSheet),
    ):
        rows = session.execute(
            select(column, func.count())
            .select_from(table)
            .join(Batch, Batch.id == table.batch_id)
            .where(Batch.campaign_id == campaign_id, column.is_not(None))
            .group_by(column)
        )
        found.update({user_id: count for user_id, count in rows if user_id is not None})
    return found


def _files(session: Session, campaign_id: int) -> dict[str, int]:
    rows = session.execute(
        select(Batch.made_by, func.count())
        .where(
            Batch.campaign_id == campaign_id,
            Batch.kind != Kind.KEYING,
            Batch.state == State.COUNTED,
        )
        .group_by(Batch.made_by)
    )
    return {login: count for login, count in rows}
