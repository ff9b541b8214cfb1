"""One organisation's plan on its way: most of it ahead, some done, one measure late, one left out with a reason."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from council.plans import doing, proposing, reading, working
from council.plans.form import the_form
from surveys import results
from surveys.clock import to_the_second, today
from surveys.models import Assessment, Campaign
from surveys.plans import Measure

ORGANIZATION, AUTHORITY = "organization", "authority"
APPROVER = "Руководитель уполномоченного органа (демонстрация)"
PEOPLE = (
    "Иванова Мария Петровна, заместитель главного врача (демонстрация)",
    "Кузнецов Олег Сергеевич, заведующий хозяйством (демонстрация)",
)
MEASURES = (
    "Разместить недостающие сведения и назначить ответственного за их обновление",
    "Оборудовать место и обозначить его указателями",
    "Заключить договор и закупить оборудование",
    "Провести обучение работников и разобрать обращения граждан",
    "Обсудить результаты с коллективом и опросить посетителей через полгода",
)
REASON = "Устранено до получения результатов, акт от начала года приложен к отчёту (демонстрация)."
DONE = "Сведения размещены, ответственный назначен приказом (демонстрация)."
DAYS_AHEAD, STEP, LATE, AGO = 20, 15, 6, 60


def show(session: Session, campaign: Campaign) -> None:
    """Begin, fill, approve and partly carry out the plan of the campaign's first organisation; once."""
    assessment = session.scalars(
        select(Assessment)
        .where(Assessment.campaign_id == campaign.id)
        .order_by(Assessment.organization_id)
        .limit(1)
    ).one()
    if reading.of_assessment(session, assessment) is not None:
        return
    standing = results.of_campaign(session, campaign).by_code[assessment.organization.code]
    plan = working.begin(session, assessment, proposing.gaps(standing, the_form()), ORGANIZATION)
    _fill(session, assessment)
    working.send(session, assessment, plan.version, ORGANIZATION)
    working.approve(session, assessment, plan.version, APPROVER, AUTHORITY)
    plan.sent_at = plan.approved_at = to_the_second() - timedelta(days=AGO)
    _carry_out(session, assessment)


def _rows(session: Session, assessment: Assessment) -> list[Measure]:
    where = Measure.assessment_id == assessment.id
    return list(session.scalars(select(Measure).where(where).order_by(Measure.position)))


def _fill(session: Session, assessment: Assessment) -> None:
    rows = _rows(session, assessment)
    for number, row in enumerate(rows):
        words = {
            "deficiency": row.deficiency,
            "text": MEASURES[row.section - 1],
            "due_on": today() + timedelta(days=DAYS_AHEAD + STEP * number),
            "responsible": PEOPLE[number % len(PEOPLE)],
        }
        working.change(session, assessment, row.id, row.version, words, ORGANIZATION)
    if len(rows) > len(PEOPLE) + 1:
        working.drop(session, assessment, rows[-1].id, rows[-1].version, REASON, ORGANIZATION)


def _carry_out(session: Session, assessment: Assessment) -> None:
    rows = [row for row in _rows(session, assessment) if row.agreed_due_on is not None]
    for row in rows[:1]:
        day = today() - timedelta(days=LATE)
        doing.done(session, assessment, row.id, row.version, DONE, day, [], ORGANIZATION)
    for row in rows[1:2]:  # promised for a day that has passed
        row.due_on = row.agreed_due_on = today() - timedelta(days=LATE)
