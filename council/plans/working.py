"""Writing a plan: begun from proposals, filled, sent, approved or sent back, changed by a new approval.

Every function is called inside writing() and holds the plan's row, so two who press at once come in turn.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from council.plans.proposing import Gap
from council.plans.reading import FROZEN, WORDS, approved_once, in_plan, working
from surveys.clock import to_the_second, today
from surveys.happenings import tell
from surveys.models import Assessment, Stage
from surveys.plans import Measure, MeasureProof, Plan, PlanState
from surveys.proofs import let_go
from surveys.refusals import Refusal, Stale

MOST_MEASURES = 300
MOST_OF_A_NAME = 90  # of a deficiency in a list of what is to be filled: two lines of a telephone


def subject(assessment: Assessment) -> str:
    """How the trail names a plan."""
    return f"{assessment.campaign_id}/{assessment.organization.code}"


def begin(session: Session, assessment: Assessment, proposed: Sequence[Gap], login: str) -> Plan:
    """The plan with everything that is proposed; begun twice it is one plan. Raises Refusal."""
    if assessment.campaign.stage != Stage.PUBLISHED:
        raise Refusal(_("План составляют после того, как результаты опубликованы."))
    session.refresh(assessment, with_for_update={"of": Assessment})
    found = session.get(Plan, assessment.id)
    if found is not None:
        return found
    made = Plan(assessment_id=assessment.id)
    session.add(made)
    session.flush()
    count = _put(session, made, proposed, login)
    tell(session, login, "plan-begun", subject(assessment), count=count)
    return made


def propose(session: Session, assessment: Assessment, proposed: Sequence[Gap], login: str) -> int:
    """Add what is proposed and is not in the plan yet, left out or not; how many. Raises Stale."""
    plan = _written(session, assessment)
    count = _put(session, plan, new(session, plan, proposed), login)
    if count:
        _grown(plan)
        tell(session, login, "plan-proposed", subject(assessment), count=count)
    return count


def new(session: Session, plan: Plan, proposed: Sequence[Gap]) -> list[Gap]:
    """What is proposed now and was not before: each deficiency is proposed once."""
    where = Measure.assessment_id == plan.assessment_id
    known = set(session.scalars(select(Measure.source).where(where, Measure.source != "")))
    return [gap for gap in proposed if gap.source not in known]


def _put(session: Session, plan: Plan, proposed: Sequence[Gap], login: str) -> int:
    for gap in proposed:
        row = _row(session, plan, gap.section, login)
        row.source, row.deficiency = gap.source, gap.text
        session.add(row)
        session.flush()
    return len(proposed)


def _row(session: Session, plan: Plan, section: int, login: str) -> Measure:
    where = Measure.assessment_id == plan.assessment_id
    count, last = session.execute(select(func.count(), func.max(Measure.position)).where(where)).one()
    if count >= MOST_MEASURES:
        raise Refusal(_("В плане уже 300 строк. Объедините похожие недостатки в одну строку."))
    return Measure(
        assessment_id=plan.assessment_id,
        section=section,
        position=(last or 0) + 1,
        edited_by=login,
        edited_at=to_the_second(),
    )


def add(
    session: Session, assessment: Assessment, section: int, words: Mapping[str, Any], login: str
) -> Measure:
    """A deficiency that the organisation found itself. Raises Stale, Refusal."""
    plan = _written(session, assessment)
    row = _row(session, plan, section, login)
    _write(row, words)
    session.add(row)
    session.flush()
    _grown(plan)
    tell(session, login, "measure-added", subject(assessment), measure=row.id)
    return row


def change(
    session: Session, assessment: Assessment, measure_id: int, version: int, words: Mapping[str, Any], login: str
) -> None:  # fmt: skip
    """Other words, another day. Raises Stale."""
    plan = _written(session, assessment)
    row = _held(session, assessment, measure_id, version)
    _write(row, words)
    touched(row, login)
    _grown(plan)
    tell(session, login, "measure-changed", subject(assessment), measure=row.id)


def drop(
    session: Session, assessment: Assessment, measure_id: int, version: int, reason: str, login: str
) -> None:
    """Leave a line out with a reason; one of its own that was never approved simply goes. Raises Stale."""
    plan = _written(session, assessment)
    row = _held(session, assessment, measure_id, version)
    if row.source or row.agreed is not None:
        row.dropped = reason
        touched(row, login)
    else:
        _delete(session, row)
    _grown(plan)
    tell(session, login, "measure-dropped", subject(assessment), measure=measure_id, reason=reason)


def restore(session: Session, assessment: Assessment, measure_id: int, version: int, login: str) -> None:
    """Take a line that was left out back in. Raises Stale."""
    plan = _written(session, assessment)
    row = _held(session, assessment, measure_id, version)
    row.dropped = ""
    touched(row, login)
    _grown(plan)
    tell(session, login, "measure-restored", subject(assessment), measure=row.id)


def unready(session: Session, plan: Plan) -> list[tuple[int, str]]:
    """(measure, whose deficiency and what to do) of every line that keeps the plan from being sent."""
    found = []
    for line in working(session, plan, today()).kept:
        if line.lacks:
            todo = _("заполните: %(list)s", list=", ".join(line.lacks))
        elif line.due_on and line.due_on < today() and (line.changed or not line.in_force):
            todo = _("плановый срок уже прошёл, укажите новый")
        else:
            continue
        named = shorten(line.deficiency, MOST_OF_A_NAME, placeholder="…")
        found.append((line.id, f"{named}: {todo}" if named else todo))
    return found


def send(session: Session, assessment: Assessment, version: int, login: str) -> None:
    """To the authority, whole. Raises Stale, Refusal."""
    plan = _written(session, assessment)
    if plan.version != version:
        raise Stale(_("План изменили, пока он был открыт у вас. Посмотрите его ещё раз и отправьте."))
    if unready(session, plan):
        raise Refusal(_("В плане остались незаполненные строки. Дополните их и отправьте ещё раз."))
    plan.state, plan.note = PlanState.SENT, ""
    plan.sent_by, plan.sent_at = login, to_the_second()
    _grown(plan)
    tell(session, login, "plan-sent", subject(assessment))


def approve(session: Session, assessment: Assessment, version: int, approver: str, login: str) -> None:
    """What was sent is in force; its words are frozen. Raises Stale."""
    plan = _sent(session, assessment, version)
    for row in _rows(session, plan):
        row.agreed = {name: getattr(row, name) for name in FROZEN}
        row.agreed_due_on = None if row.dropped else row.due_on
    plan.state, plan.approver, plan.note = PlanState.APPROVED, approver, ""
    plan.approved_by, plan.approved_at = login, to_the_second()
    _grown(plan)
    tell(session, login, "plan-approved", subject(assessment), approver=approver)


def send_back(session: Session, assessment: Assessment, version: int, note: str, login: str) -> None:
    """Back to the organisation with words. Raises Stale."""
    plan = _sent(session, assessment, version)
    plan.state, plan.note = PlanState.DRAFT, note
    _grown(plan)
    tell(session, login, "plan-returned", subject(assessment))


def reopen(session: Session, assessment: Assessment, login: str) -> None:
    """Begin to change an approved plan; what was approved stays in force until the next approval. Raises Stale."""
    plan = _locked(session, assessment)
    if plan.state != PlanState.APPROVED:
        raise Stale(_("План сейчас не утверждён. Откройте его заново."))
    plan.state = PlanState.DRAFT
    _grown(plan)
    tell(session, login, "plan-reopened", subject(assessment))


def leave(session: Session, assessment: Assessment, login: str) -> None:
    """Give the changes up: the plan is again as it was approved. Raises Stale."""
    plan = _written(session, assessment)
    if not approved_once(plan):
        raise Stale(_("План ещё ни разу не утверждали: возвращаться не к чему."))
    for row in _rows(session, plan):
        if row.agreed is not None:
            _write(row, {**row.agreed, "due_on": row.agreed_due_on})
            row.dropped = row.agreed.get("dropped", "")
        else:
            _delete(session, row)
    plan.state, plan.note = PlanState.APPROVED, ""
    _grown(plan)
    tell(session, login, "plan-left", subject(assessment))


def _written(session: Session, assessment: Assessment) -> Plan:
    plan = _locked(session, assessment)
    if plan.state != PlanState.DRAFT:
        raise Stale(_("План уже отправлен или утверждён: его слова сейчас не меняют. Откройте его заново."))
    return plan


def _sent(session: Session, assessment: Assessment, version: int) -> Plan:
    plan = _locked(session, assessment)
    if plan.state != PlanState.SENT or plan.version != version:
        raise Stale(_("По этому плану уже решили или его изменили. Откройте его заново и посмотрите."))
    return plan


def _locked(session: Session, assessment: Assessment) -> Plan:
    plan = session.get(Plan, assessment.id, with_for_update=True, populate_existing=True)
    if plan is None:
        raise Stale(_("Этого плана ещё нет. Откройте страницу плана заново."))
    return plan


def held(session: Session, assessment: Assessment, measure_id: int, version: int) -> Measure:
    """A line in force, for what has been done about it. Raises Stale."""
    _locked(session, assessment)
    row = _held(session, assessment, measure_id, version)
    if not in_plan(row):
        raise Stale(_("Этой строки нет в утверждённом плане. Откройте план заново."))
    return row


def _held(session: Session, assessment: Assessment, measure_id: int, version: int) -> Measure:
    row = session.get(Measure, measure_id, populate_existing=True)
    if row is None or row.assessment_id != assessment.id:
        raise Stale(_("Этой строки в плане больше нет. Откройте план заново."))
    if row.version != version:
        raise Stale(_("Пока вы писали, эту строку изменил другой."))
    return row


def _rows(session: Session, plan: Plan) -> Sequence[Measure]:
    where = Measure.assessment_id == plan.assessment_id
    return session.scalars(select(Measure).where(where).execution_options(populate_existing=True)).all()


def _write(row: Measure, words: Mapping[str, Any]) -> None:
    row.due_on = _day(words.get("due_on"))
    for name in WORDS:
        setattr(row, name, words[name])


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def touched(row: Measure, login: str) -> None:
    """A line has changed by somebody's hand."""
    row.version += 1
    row.edited_by, row.edited_at = login, to_the_second()


def _grown(plan: Plan) -> None:
    plan.version += 1


def _delete(session: Session, row: Measure) -> None:
    of_it = select(MeasureProof).where(MeasureProof.measure_id == row.id)
    for proof in session.scalars(of_it).all():
        remove(session, proof)
    session.delete(row)
    session.flush()


def remove(session: Session, proof: MeasureProof) -> None:
    """Take a proof away, and its picture when nothing else shows it."""
    name = proof.file
    session.delete(proof)
    session.flush()
    let_go(session, name)
