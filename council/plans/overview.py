"""Every organisation's plan in a region: who has none, who waits, what is overdue; filters, counts, pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from council.plans.reading import state
from surveys import paging, queries
from surveys.display import day
from surveys.models import Assessment, Campaign, Organization, Stage
from surveys.plans import Measure, Plan, PlanState

PAGE_SIZE = 100
NONE, DRAFT, SENT, APPROVED, OVERDUE = "none", "draft", "sent", "approved", "overdue"
#: What the list may be narrowed to.
STATES = {
    NONE: _l("план не составлен"),
    DRAFT: _l("план составляют или дорабатывают"),
    SENT: _l("ждёт утверждения"),
    APPROVED: _l("план утверждён"),
    OVERDUE: _l("есть просроченные мероприятия"),
}


class Filter(NamedTuple):
    """What the address asks for; all of it may be empty."""

    campaign_id: int | None = None
    state: str = ""
    words: str = ""


@dataclass(frozen=True)
class Entry:
    """One organisation after one campaign: its plan and how many of its measures stand how."""

    assessment: Assessment
    campaign: Campaign
    plan: Plan | None
    measures: int
    done: int
    overdue: int
    oldest: date | None

    @property
    def said(self) -> str:
        """Where the plan stands, in words."""
        return state(self.plan)


class Counts(NamedTuple):
    """Over everything that the campaign and the words leave, whatever state is asked for."""

    organizations: int
    none: int
    draft: int
    sent: int
    approved: int
    measures: int
    done: int
    overdue: int


def campaigns(session: Session, seen: Sequence[Campaign]) -> list[Campaign]:
    """Of those that somebody may see, the ones that are published or have plans from a time when they were."""
    begun = set(
        session.scalars(
            select(Assessment.campaign_id).join(Plan, Plan.assessment_id == Assessment.id).distinct()
        )
    )
    return [one for one in seen if one.stage == Stage.PUBLISHED or one.id in begun]


def counts(session: Session, seen: Sequence[Campaign], wanted: Filter, today: date) -> Counts:
    """How many organisations and measures stand how."""
    plans = _plans(today).subquery()

    def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = session.execute(
        _listed(
            select(
                func.count(Assessment.id),
                how_many(Plan.assessment_id.is_(None)),
                how_many(Plan.state == PlanState.DRAFT),
                how_many(Plan.state == PlanState.SENT),
                how_many(Plan.state == PlanState.APPROVED),
                *(func.coalesce(func.sum(plans.c[name]), 0) for name in ("measures", "done", "overdue")),
            ).select_from(Assessment),
            plans,
            seen,
            wanted,
        )
    ).one()
    return Counts(*(int(one) for one in row))


def page(
    session: Session, seen: Sequence[Campaign], wanted: Filter, today: date, number: int
) -> tuple[int, list[Entry]]:
    """How many match, and one page of them: the overdue first, then by name. A page past the last is the last."""
    plans = _plans(today).subquery()
    asked = _narrowed(wanted, plans)
    total = session.scalar(
        _listed(select(func.count(Assessment.id)).select_from(Assessment), plans, seen, wanted).where(*asked)
    )
    return total or 0, list(_entries(session, plans, seen, wanted, asked, number, total or 0))


def everything(session: Session, seen: Sequence[Campaign], wanted: Filter, today: date) -> Iterator[Entry]:
    """Every entry that matches, for a table."""
    plans = _plans(today).subquery()
    yield from _entries(session, plans, seen, wanted, _narrowed(wanted, plans))


def _entries(
    session: Session, plans: Any, seen: Sequence[Campaign], wanted: Filter, asked: list[ColumnElement[bool]],
    number: int = 0, total: int = 0,
) -> Iterator[Entry]:  # fmt: skip
    overdue = func.coalesce(plans.c.overdue, 0)
    figures = [func.coalesce(plans.c[name], 0) for name in ("measures", "done")]
    statement = _listed(
        select(Assessment, Campaign, Plan, *figures, overdue, plans.c.oldest).select_from(Assessment),
        plans,
        seen,
        wanted,
    ).where(*asked)
    ordered = statement.order_by(overdue.desc(), Organization.name, Assessment.id)
    if number:
        at = min(number, paging.count(total, PAGE_SIZE)) - 1
        ordered = ordered.limit(PAGE_SIZE).offset(max(at, 0) * PAGE_SIZE)
    for row in session.execute(ordered):
        yield Entry(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5]), _date(row[6]))


def _plans(today: date) -> Select[*tuple[Any, ...]]:
    """Counts of what is in force, by plan; a day is compared as it is stored."""
    open_ = Measure.done_on.is_(None)
    late = and_(open_, Measure.agreed_due_on < today)
    return (
        select(
            Measure.assessment_id.label("of"),
            func.count().label("measures"),
            func.sum(case((open_, 0), else_=1)).label("done"),
            func.sum(case((late, 1), else_=0)).label("overdue"),
            func.min(case((late, Measure.agreed_due_on))).label("oldest"),
        )
        .where(Measure.agreed_due_on.is_not(None))
        .group_by(Measure.assessment_id)
    )


def _listed(statement: Select[Any], plans: Any, seen: Sequence[Campaign], wanted: Filter) -> Select[Any]:
    ids = [one.id for one in seen if wanted.campaign_id in (None, one.id)]
    told = paging.words_of(wanted.words)
    return (
        statement.join(Organization, Organization.id == Assessment.organization_id)
        .join(Campaign, Campaign.id == Assessment.campaign_id)
        .outerjoin(Plan, Plan.assessment_id == Assessment.id)
        .outerjoin(plans, plans.c.of == Assessment.id)
        .where(Assessment.campaign_id.in_(ids), *([queries.named(wanted.words)] if told else []))
    )


def _narrowed(wanted: Filter, plans: Any) -> list[ColumnElement[bool]]:
    conditions: dict[str, ColumnElement[bool]] = {
        NONE: Plan.assessment_id.is_(None),
        DRAFT: Plan.state == PlanState.DRAFT,
        SENT: Plan.state == PlanState.SENT,
        APPROVED: or_(Plan.state == PlanState.APPROVED, Plan.approved_at.is_not(None)),
        OVERDUE: plans.c.overdue > 0,
    }
    found = conditions.get(wanted.state)
    return [] if found is None else [found]


def _date(value: object) -> date | None:
    """A day out of a sum: the database gives it back as its ordinal."""
    if isinstance(value, date):
        return value
    return date.fromordinal(int(str(value))) if value else None


def table(entries: Iterator[Entry]) -> Iterator[list[str]]:
    """The list for a spreadsheet."""
    yield [
        _("Код"),
        _("Организация"),
        _("ИНН"),
        _("Муниципалитет"),
        _("Кампания"),
        _("Год"),
        _("План"),
        _("Мероприятий"),
        _("Выполнено"),
        _("Просрочено"),
        _("Самый давний просроченный срок"),
    ]
    for one in entries:
        organization = one.assessment.organization
        yield [
            organization.code,
            organization.name,
            organization.inn,
            organization.municipality.name if organization.municipality else "",
            one.campaign.title,
            str(one.campaign.year),
            one.said,
            str(one.measures),
            str(one.done),
            str(one.overdue),
            day(one.oldest) if one.oldest else "",
        ]
