"""A plan as it is read: lines by section, the state of each in words; as it is being written, or as it was approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import voices
from surveys.display import day
from surveys.models import Assessment
from surveys.plans import Measure, MeasureProof, Plan, PlanState

#: What of a measure is approved and frozen; the day is kept beside it, for the database to compare.
WORDS = ("deficiency", "text", "responsible")
FROZEN = (*WORDS, "dropped")


class Progress(StrEnum):
    """Where a measure stands on a day."""

    DONE = "done"
    LATE = "late"
    OVERDUE = "overdue"
    GOING = "going"
    PLANNED = "planned"


@dataclass(frozen=True)
class Line:
    """One measure: its words, what was done, where it stands. `lacks` names the columns that are still empty.

    `reviews`: what citizens say of it, form 4 (verdict → how many).
    """

    id: int
    section: int
    source: str
    deficiency: str
    text: str
    due_on: date | None
    responsible: str
    done: str
    done_on: date | None
    dropped: str
    version: int
    in_force: bool
    changed: bool
    progress: Progress
    said: str
    proofs: Sequence[MeasureProof]
    lacks: Sequence[str]
    reviews: Mapping[str, int]


@dataclass(frozen=True)
class Sheet:
    """A plan to be read or printed; `agreed` when the lines are those in force, else those being written."""

    plan: Plan
    agreed: bool
    lines: Sequence[Line]

    def section(self, number: int) -> list[Line]:
        """What stands in a section of the form."""
        return [line for line in self.lines if line.section == number and not line.dropped]

    @property
    def kept(self) -> list[Line]:
        """Every line that is not left out."""
        return [line for line in self.lines if not line.dropped]

    @property
    def left_out(self) -> list[Line]:
        """What the organisation left out, with its reasons."""
        return [line for line in self.lines if line.dropped]

    def left_out_of(self, number: int) -> list[Line]:
        """What of a section was left out."""
        return [line for line in self.left_out if line.section == number]

    def count(self, *progress: str) -> int:
        """How many lines stand so."""
        return sum(line.progress in progress for line in self.kept)


def approved_once(plan: Plan) -> bool:
    """Is something in force? A plan that is being changed keeps what was approved before."""
    return plan.approved_at is not None


def working(session: Session, plan: Plan, today: date) -> Sheet:
    """The plan as the organisation writes it."""
    return _sheet(session, plan, today, agreed=False)


def in_force(session: Session, plan: Plan, today: date) -> Sheet:
    """The plan as it was approved, with what has been done since."""
    return _sheet(session, plan, today, agreed=True)


def _sheet(session: Session, plan: Plan, today: date, *, agreed: bool) -> Sheet:
    where = [Measure.assessment_id == plan.assessment_id, *([Measure.agreed.is_not(None)] if agreed else [])]
    rows = session.scalars(select(Measure).where(*where).order_by(Measure.section, Measure.position)).all()
    proofs: dict[int, list[MeasureProof]] = {row.id: [] for row in rows}
    of_these = select(MeasureProof).where(MeasureProof.measure_id.in_(select(Measure.id).where(*where)))
    for proof in session.scalars(of_these.order_by(MeasureProof.id)):
        proofs[proof.measure_id].append(proof)
    said = voices.reviews(session, plan.assessment_id)
    lines = [line(row, today, proofs[row.id], said.get(row.id, {}), agreed=agreed) for row in rows]
    return Sheet(plan, agreed, lines)


def in_plan(row: Measure) -> bool:
    """Is this line in force? What was approved as left out has no day that was agreed upon."""
    return row.agreed_due_on is not None


def line(
    row: Measure,
    today: date,
    proofs: Sequence[MeasureProof] = (),
    reviews: Mapping[str, int] = MappingProxyType({}),
    *,
    agreed: bool,
) -> Line:
    """One measure in the words being written, or in those approved."""
    frozen: Mapping[str, str] = row.agreed or {}
    now = {name: getattr(row, name) for name in FROZEN}
    words = frozen if agreed else now
    due = row.agreed_due_on if agreed else row.due_on
    same = {name: frozen.get(name, "") for name in FROZEN} == now
    changed = bool(row.agreed) and not (same and (row.dropped or row.due_on == row.agreed_due_on))
    progress = stands(row.done, row.done_on, due, today)
    return Line(
        id=row.id,
        section=row.section,
        source=row.source,
        deficiency=words["deficiency"],
        text=words["text"],
        due_on=due,
        responsible=words["responsible"],
        done=row.done,
        done_on=row.done_on,
        dropped=words.get("dropped", ""),
        version=row.version,
        in_force=in_plan(row),
        changed=changed,
        progress=progress,
        said=said(progress, row.done_on, due, today),
        proofs=proofs,
        lacks=_lacks(row),
        reviews=reviews,
    )


def stands(done: str, done_on: date | None, due_on: date | None, today: date) -> Progress:
    """Where a measure stands: a day of completion ends it, a day that has passed without one is overdue."""
    if done_on is not None:
        return Progress.LATE if due_on is not None and done_on > due_on else Progress.DONE
    if due_on is not None and due_on < today:
        return Progress.OVERDUE
    return Progress.GOING if done else Progress.PLANNED


def said(progress: Progress, done_on: date | None, due_on: date | None, today: date) -> str:
    """The state in words that need no colour: «просрочено на 3 дня, срок был 19 ноября 2026»."""
    if progress == Progress.DONE and done_on:
        return str(_("выполнено %(day)s", day=day(done_on)))
    if progress == Progress.LATE and done_on and due_on:
        return str(_("выполнено %(day)s, позже срока (%(due)s)", day=day(done_on), due=day(due_on)))
    if progress == Progress.OVERDUE and due_on:
        days = (today - due_on).days
        late = ngettext("просрочено на %(count)s день", "просрочено на %(count)s дней", days, count=days)
        return str(_("%(late)s, срок был %(due)s", late=late, due=day(due_on)))
    if due_on is None:
        return str(_("срок не назван"))
    if progress == Progress.GOING:
        return str(_("выполняется, срок %(due)s", due=day(due_on)))
    return str(_("ещё не начато, срок %(due)s", due=day(due_on)))


def _lacks(row: Measure) -> list[str]:
    if row.dropped:
        return []
    columns = (
        (row.text, _("мероприятие")),
        (row.due_on, _("плановый срок")),
        (row.responsible, _("ответственный")),
    )
    return [name for value, name in columns if not value]


def state(plan: Plan | None) -> str:
    """Where a plan stands, in words for a list."""
    if plan is None:
        return str(_("не составлен"))
    if plan.state == PlanState.APPROVED:
        return str(_("утверждён"))
    if plan.state == PlanState.SENT:
        return str(_("на утверждении"))
    if approved_once(plan):
        return str(_("утверждён, готовят изменения"))
    return str(_("возвращён на доработку") if plan.note else _("составляется"))


def years(sheet: Sheet) -> str:
    """The years of a plan's days: «2027» or «2026–2027»; without any, the year of its approval."""
    named = sorted({one.due_on.year for one in sheet.kept if one.due_on})
    if not named:
        moment = sheet.plan.approved_at or sheet.plan.sent_at
        return str(moment.year) if moment else ""
    return str(named[0]) if named[0] == named[-1] else f"{named[0]}–{named[-1]}"


def of_assessment(session: Session, assessment: Assessment) -> Plan | None:
    """The plan that follows this assessment, if it was begun."""
    return session.get(Plan, assessment.id)
