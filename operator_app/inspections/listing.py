"""Who inspected what: every organisation of a campaign with its visits, and what still waits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Duty, User
from operator_app.inspections import comparing
from operator_app.team.tables import Assignment
from surveys import queries
from surveys.campaigns import rules
from surveys.checklists import INSPECTION, MYSTERY, checklist
from surveys.models import Assessment, Campaign, Inspection
from surveys.visits import Visit, VisitState


class State(StrEnum):
    """How far the inspection of one organisation is."""

    NONE = "none"
    DRAFT = "draft"
    DIFFER = "differ"
    WAITING = "waiting"
    TABLE = "table"
    CONFIRMED = "confirmed"


STATE_TITLES = {
    State.NONE: _l("ещё нет"),
    State.DRAFT: _l("черновик"),
    State.DIFFER: _l("двое разошлись"),
    State.WAITING: _l("ждёт подтверждения"),
    State.TABLE: _l("из таблицы"),
    State.CONFIRMED: _l("подтверждена"),
}
STATE_KINDS = {
    State.NONE: "plain",
    State.DRAFT: "plain",
    State.DIFFER: "bad",
    State.WAITING: "warn",
    State.TABLE: "ok",
    State.CONFIRMED: "ok",
}


@dataclass(frozen=True)
class Line:
    """One organisation of the list; `due_on` is the nearest term given to anybody, `mine`: given to the reader."""

    code: str
    name: str
    search: str
    state: State
    who: Sequence[str]
    day: date | None
    mystery: int
    assigned: Sequence[str]
    due_on: date | None
    mine: bool

    @property
    def title(self) -> str:
        """The state in Russian."""
        return str(STATE_TITLES[self.state])

    @property
    def kind(self) -> str:
        """The colour of its badge."""
        return STATE_KINDS[self.state]


def lines(session: Session, campaign: Campaign, login: str) -> list[Line]:
    """Every organisation of a campaign: those given to this one of the staff first, then by name."""
    visits = _visits(session, campaign.id)
    differing = _differing(session, campaign, visits)
    tasks, names = _tasks(session, campaign.id), staff_names(session)
    found = [
        _line(assessment, inspection, visits[assessment.id], differing, tasks[assessment.id], names, login)
        for assessment, inspection in queries.assessed(session, campaign.id)
    ]
    return sorted(found, key=lambda line: (not line.mine, line.name))


def unconfirmed(session: Session, campaign: Campaign) -> list[Line]:
    """Organisations not ready to be handed over: nothing found, a draft, a visit that waits, two that differ."""
    return [line for line in lines(session, campaign, "") if line.state not in (State.CONFIRMED, State.TABLE)]


def staff_names(session: Session) -> Mapping[str, str]:
    """Login → name of everybody of the staff."""
    return {login: name or login for login, name in session.execute(select(User.login, User.name))}


def visits_of(session: Session, assessment_id: int) -> list[Visit]:
    """Every visit at one organisation, the newest first."""
    return list(
        session.scalars(select(Visit).where(Visit.assessment_id == assessment_id).order_by(Visit.id.desc()))
    )


def hidden(user: User, visit: Visit) -> bool:
    """Another's visit before it is confirmed: an inspector answers without knowing what the other one answered."""
    if user.duty != Duty.INSPECTOR:
        return False
    return visit.inspector != user.login and visit.state != VisitState.CONFIRMED


@dataclass(frozen=True)
class _Seen:
    """As much of a visit as a list needs."""

    id: int
    kind: str
    state: str
    inspector: str
    day: date


def _visits(session: Session, campaign_id: int) -> defaultdict[int, list[_Seen]]:
    rows = session.execute(
        select(Visit.assessment_id, Visit.id, Visit.kind, Visit.state, Visit.inspector, Visit.visited_on)
        .join(Assessment, Assessment.id == Visit.assessment_id)
        .where(Assessment.campaign_id == campaign_id)
        .order_by(Visit.id)
    )
    found: defaultdict[int, list[_Seen]] = defaultdict(list)
    for assessment_id, id, kind, state, inspector, day in rows:
        found[assessment_id].append(_Seen(id, kind, state, inspector, day))
    return found


def _differing(session: Session, campaign: Campaign, visits: Mapping[int, Sequence[_Seen]]) -> set[int]:
    """Assessments where two finished visits do not say the same."""
    doubtful = [
        assessment_id
        for assessment_id, seen in visits.items()
        if len({one.inspector for one in seen if one.kind == INSPECTION and one.state == VisitState.DONE}) > 1
    ]
    if not doubtful:
        return set()
    edition, _practice = rules(campaign)
    found = checklist(INSPECTION, campaign.sector, edition)
    differ = set()
    for assessment_id in doubtful:
        one, other = comparing.waiting(visits_of(session, assessment_id))
        if comparing.compared(one, other, found).differ:
            differ.add(assessment_id)
    return differ


def _tasks(session: Session, campaign_id: int) -> defaultdict[int, list[tuple[str, date | None]]]:
    """Assessment → (login, due) of those who are to inspect it."""
    rows = session.execute(
        select(Assignment.assessment_id, User.login, Assignment.due_on)
        .join(User, User.id == Assignment.user_id)
        .join(Assessment, Assessment.id == Assignment.assessment_id)
        .where(Assessment.campaign_id == campaign_id, Assignment.task == INSPECTION)
    )
    found: defaultdict[int, list[tuple[str, date | None]]] = defaultdict(list)
    for assessment_id, login, due_on in rows:
        found[assessment_id].append((login, due_on))
    return found


def _line(
    assessment: Assessment,
    inspection: Inspection | None,
    visits: Sequence[_Seen],
    differing: set[int],
    tasks: Sequence[tuple[str, date | None]],
    names: Mapping[str, str],
    login: str,
) -> Line:
    own = [visit for visit in visits if visit.kind == INSPECTION]
    last = own[-1].day if own else inspection.inspected_on if inspection else None
    return Line(
        code=assessment.organization.code,
        name=assessment.organization.display_name,
        search=assessment.organization.search,
        state=_state(inspection, own, assessment.id in differing),
        who=list(dict.fromkeys(names.get(visit.inspector, visit.inspector) for visit in own)),
        day=last,
        mystery=sum(visit.kind == MYSTERY and visit.state != VisitState.DRAFT for visit in visits),
        assigned=[names[given] for given, _due in tasks],
        due_on=min((due for _given, due in tasks if due is not None), default=None),
        mine=any(given == login for given, _due in tasks),
    )


def _state(inspection: Inspection | None, own: Sequence[_Seen], differ: bool) -> State:
    if differ:
        return State.DIFFER
    if any(visit.state == VisitState.DONE for visit in own):
        return State.WAITING
    if inspection is not None:
        return State.CONFIRMED if inspection.visit_id is not None else State.TABLE
    return State.DRAFT if own else State.NONE
