"""Everything that is given out in a campaign, and which of it is done: the team's page and everybody's own list."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.keying.tables import Stack
from operator_app.phone.tables import Contact
from operator_app.team.tables import Assignment
from operator_app.team.tasks import Task
from surveys import counts, queries
from surveys.batches import Batch, State
from surveys.models import Assessment, Inspection, Municipality, Organization
from surveys.visits import Visit, VisitState


@dataclass(frozen=True, slots=True)
class Item:
    """One organisation that one of the team has for one task. `missing`: answers it still lacks, None if unknown."""

    assessment_id: int
    code: str
    name: str
    municipality: str
    task: Task
    user_id: int
    due_on: date | None
    missing: int | None
    done: bool

    def late(self, today: date) -> bool:
        """Not done, and its day has passed."""
        return not self.done and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class _Done:
    """What says that a task is done."""

    heard: Mapping[int, int]
    inspected: frozenset[int]
    visited: frozenset[tuple[int, str, str]]
    callable: Mapping[int, int]
    stacks: Mapping[int, Sequence[bool]]

    def of(self, number: int, task: Task, login: str, missing: int | None) -> bool:
        if task in (Task.INSPECTION, Task.MYSTERY):
            went = (number, task.value, login) in self.visited
            return went or (task is Task.INSPECTION and number in self.inspected)
        if task is Task.KEYING:
            return bool(self.stacks.get(number)) and all(self.stacks[number])
        if missing == 0:
            return True
        return task is Task.PHONE and number in self.callable and not self.callable[number]


def items(session: Session, campaign_id: int, user_id: int | None = None) -> list[Item]:
    """What is given out (to this user): the undone first, by its day, then by how much is lacking."""
    rows = _rows(session, campaign_id, user_id)
    done = _done(session, campaign_id) if rows else None
    found = []
    for number, code, name, town, target, task, whose, login, due_on in rows:
        assert done is not None  # noqa: S101  rows are there
        missing = None if target is None else max(0, target - done.heard.get(number, 0))
        kind = Task(task)
        ready = done.of(number, kind, login, missing)
        found.append(Item(number, code, name, town, kind, whose, due_on, missing, ready))
    return sorted(found, key=_urgency)


def _urgency(item: Item) -> tuple[bool, date, int, str, str, str]:
    return (item.done, item.due_on or date.max, -(item.missing or 0), item.municipality, item.name, item.task)


def _rows(session: Session, campaign_id: int, user_id: int | None) -> Sequence[Any]:
    mine = [] if user_id is None else [Assignment.user_id == user_id]
    return session.execute(
        select(
            Assessment.id,
            Organization.code,
            queries.DISPLAY_NAME,
            func.coalesce(Municipality.name, ""),
            Assessment.target,
            Assignment.task,
            Assignment.user_id,
            User.login,
            Assignment.due_on,
        )
        .select_from(Assignment)
        .join(Assessment, Assessment.id == Assignment.assessment_id)
        .join(Organization, Organization.id == Assessment.organization_id)
        .outerjoin(Municipality, Municipality.id == Organization.municipality_id)
        .join(User, User.id == Assignment.user_id)
        .where(Assessment.campaign_id == campaign_id, *mine)
    ).all()


def _done(session: Session, campaign_id: int) -> _Done:
    this = Assessment.campaign_id == campaign_id
    inspected = session.scalars(
        select(Inspection.assessment_id)
        .join(Assessment, Assessment.id == Inspection.assessment_id)
        .where(this)
    )
    visited = session.execute(
        select(Visit.assessment_id, Visit.kind, Visit.inspector)
        .join(Assessment, Assessment.id == Visit.assessment_id)
        .where(this, Visit.state != VisitState.DRAFT)
    )
    left: Counter[int] = Counter()
    for number, finished, count in session.execute(
        select(Contact.assessment_id, Contact.finished, func.count())
        .where(Contact.campaign_id == campaign_id)
        .group_by(Contact.assessment_id, Contact.finished)
    ):
        left[number] += 0 if finished else count
    stacks: dict[int, list[bool]] = defaultdict(list)
    for number, closed in session.execute(
        select(Stack.assessment_id, Stack.closed)
        .join(Batch, Batch.id == Stack.batch_id)
        .where(Batch.campaign_id == campaign_id, Batch.state != State.UNDONE)
    ):
        stacks[number].append(closed)
    heard = {number: one.responses for number, one in counts.heard(session, campaign_id).items()}
    return _Done(
        heard,
        frozenset(inspected),
        frozenset((number, kind, login) for number, kind, login in visited),
        left,
        stacks,
    )


@dataclass(frozen=True, slots=True)
class Load:
    """One of the team: how many he has, how many done, how many late; `task`: what most of them are."""

    given: int = 0
    done: int = 0
    late: int = 0
    task: Task | None = None


def loads(found: Iterable[Item], today: date) -> dict[int, Load]:
    """User → his load."""
    given: defaultdict[int, Counter[Task]] = defaultdict(Counter)
    done, late = Counter[int](), Counter[int]()
    for item in found:
        given[item.user_id][item.task] += 1
        done[item.user_id] += item.done
        late[item.user_id] += item.late(today)
    return {
        user_id: Load(own.total(), done[user_id], late[user_id], own.most_common(1)[0][0])
        for user_id, own in given.items()
    }
