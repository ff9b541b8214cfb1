"""Giving work out. Every act says what becomes so and not what to change, so two heads at once lose nothing:

to give what is given changes nothing, to move what is no longer there moves nothing, and organisations that
somebody has are left to him when the rest is shared out.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from operator_app.team.tables import Assignment
from surveys.models import Assessment, Campaign, Municipality, Organization

_GIVE = text(
    "INSERT INTO assignment (assessment_id, task, user_id, due_on, given_by) "
    "VALUES (:assessment_id, :task, :user_id, :due_on, :given_by) "
    "ON CONFLICT (assessment_id, task, user_id) DO UPDATE SET due_on = excluded.due_on, given_by = excluded.given_by"
)


class Given(NamedTuple):
    """One organisation to one user, until this day if there is one."""

    assessment_id: int
    user_id: int
    due_on: date | None


def of_campaign(session: Session, campaign_id: int, ids: Iterable[int]) -> list[int]:
    """Those of these assessments that are this campaign's, neighbours side by side: by municipality, then by name."""
    return list(
        session.scalars(
            select(Assessment.id)
            .join(Organization, Organization.id == Assessment.organization_id)
            .outerjoin(Municipality, Municipality.id == Organization.municipality_id)
            .where(Assessment.campaign_id == campaign_id, Assessment.id.in_(list(ids)))
            .order_by(Municipality.name.is_(None), Municipality.name, Organization.name, Assessment.id)
        )
    )


def give(session: Session, by: str, task: str, given: Collection[Given]) -> int:
    """These organisations to these users; what they have already gets the new day. Returns how many."""
    if given:
        told = [
            {
                "assessment_id": one.assessment_id,
                "task": task,
                "user_id": one.user_id,
                "due_on": _stored(one.due_on),
                "given_by": by,
            }
            for one in sorted(given)
        ]
        session.execute(_GIVE, told)
        session.expire_all()
    return len(given)


def share(
    session: Session, campaign_id: int, by: str, task: str, ids: Sequence[int], users: Sequence[int],
    due_on: date | None,
) -> Counter[int]:  # fmt: skip
    """What nobody has yet, evenly among these users, neighbours to one: user → how many."""
    _in_line(session, campaign_id)
    having = set(
        session.scalars(
            select(Assignment.assessment_id).where(Assignment.task == task, Assignment.assessment_id.in_(ids))
        )
    )
    free = [number for number in ids if number not in having]
    given = [
        Given(number, users[place * len(users) // len(free)], due_on) for place, number in enumerate(free)
    ]
    give(session, by, task, given)
    return Counter(one.user_id for one in given)


def move(
    session: Session, campaign_id: int, by: str, task: str, ids: Sequence[int], whose: int, to: int
) -> int:
    """What this user still has of these, to another, with its day; what he no longer has stays where it is."""
    _in_line(session, campaign_id)
    rows = session.execute(
        delete(Assignment)
        .where(Assignment.task == task, Assignment.user_id == whose, Assignment.assessment_id.in_(ids))
        .returning(Assignment.assessment_id, Assignment.due_on),
        execution_options={"synchronize_session": False},
    ).all()
    return give(session, by, task, [Given(number, to, due_on) for number, due_on in rows])


def take_away(session: Session, task: str, ids: Sequence[int], users: Sequence[int]) -> int:
    """These organisations from these users. Returns how many they still had."""
    gone = session.execute(
        delete(Assignment)
        .where(Assignment.task == task, Assignment.assessment_id.in_(ids), Assignment.user_id.in_(users))
        .returning(Assignment.assessment_id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all())


def set_day(session: Session, task: str, ids: Sequence[int], due_on: date | None) -> int:
    """A day for whoever has these organisations. Returns how many assignments."""
    rows = session.execute(
        select(Assignment.assessment_id, Assignment.user_id).where(
            Assignment.task == task, Assignment.assessment_id.in_(ids)
        )
    ).all()
    for number, user_id in rows:
        session.get_one(Assignment, (number, task, user_id)).due_on = due_on
    session.flush()
    return len(rows)


def _in_line(session: Session, campaign_id: int) -> None:
    """Heads who share out the same campaign do so one after another (SQLite's writers queue anyway)."""
    session.execute(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update())


def _stored(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
