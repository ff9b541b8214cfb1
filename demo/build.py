"""Building the demonstration, again and again without doubling anything."""

import hmac
from base64 import b32encode
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import access, audit
from accounts.models import Duty, Role, Seat, User
from demo import answers, approving, comments, inspections, opinions, plans
from surveys import campaigns, library, organizations, registry
from surveys.clock import today
from surveys.db import db, writing
from surveys.intake import accept_all
from surveys.models import Assessment, Campaign, Inspection, Organization

LIST = Path(__file__).with_name("organizations.csv")
OPERATOR = "ООО «Пример-Оператор» (демонстрация)"
COUNCIL = "Общественный совет по независимой оценке качества (демонстрация)"
TITLES = {
    "health": "Медицинские организации Москвы",
    "culture": "Учреждения культуры Москвы",
    "education": "Образовательные организации Москвы",
    "social": "Организации социального обслуживания Москвы",
}
DUTIES = {duty.value: duty for duty in Duty}
LOGINS = {
    "admin": (Role.ADMIN, "Администратор (демонстрация)"),
    "operator": (Role.OPERATOR, "Руководитель оператора (демонстрация)"),
    "verifier": (Role.OPERATOR, "Верификатор (демонстрация)"),
    "interviewer": (Role.OPERATOR, "Интервьюер (демонстрация)"),
    "inspector": (Role.OPERATOR, "Инспектор (демонстрация)"),
    "council": (Role.COUNCIL, "Председатель совета (демонстрация)"),
    "secretary": (Role.COUNCIL, "Секретарь совета (демонстрация)"),
    "member": (Role.COUNCIL, "Член совета (демонстрация)"),
    "authority": (Role.AUTHORITY, "Уполномоченный орган (демонстрация)"),
    "organization": (Role.ORGANIZATION, "Организация (демонстрация)"),
    "curator": (Role.CURATOR, "Куратор (демонстрация)"),
}

SEATS = {"council": Seat.CHAIR, "secretary": Seat.SECRETARY, "member": Seat.MEMBER}

Progress = Callable[[Sequence[int], str], AbstractContextManager[Iterable[int]]]


@dataclass(frozen=True)
class Account:
    """One of the demonstration's users."""

    login: str
    password: str
    title: str


def build(secret: str, count: int | None, progress: Progress) -> list[Account]:
    """Organisations, campaigns, answers and users; returns the users. `count` limits the organisations."""
    _load(count)
    accounts = _accounts(secret)
    for sector in TITLES:
        _campaign(sector, today().year, progress)
    approving.published(_campaign("health", today().year - 1, progress))
    approving.waiting(_campaign("social", today().year - 1, progress))
    _plan("health", today().year - 1)
    _opinions("health", today().year)
    return accounts


def _load(count: int | None) -> None:
    parsed = registry.parsed(LIST)
    if count is not None:
        parsed = parsed.spread(count)
    with writing() as session:
        organizations.take_in(session, parsed)
        for organization in session.scalars(
            select(Organization).where(Organization.recipients_per_year.is_(None))
        ):
            organization.recipients_per_year = answers.recipients(organization.key)


def _campaign(sector: str, year: int, progress: Progress) -> int:
    with writing() as session:
        campaign = _demonstrated(session, sector, year) or _create(session, sector, year)
    campaign_id = campaign.id
    waiting = _unanswered(db.session(), campaign_id)
    with progress(waiting, f"{TITLES[sector]}, {year}") as assessment_ids:
        for assessment_id in assessment_ids:
            with writing() as session:
                _answer(session, session.get_one(Assessment, assessment_id))
    return campaign_id


def _plan(sector: str, year: int) -> None:
    """What one organisation mends after the published year."""
    with writing() as session:
        campaign = _demonstrated(session, sector, year)
        if campaign is not None:
            plans.show(session, campaign)
            opinions.published(session, campaign)
            comments.published(session, campaign)


def _opinions(sector: str, year: int) -> None:
    """What people say beside the survey while it goes on."""
    with writing() as session:
        campaign = _demonstrated(session, sector, year)
        if campaign is not None:
            opinions.collecting(session, campaign)
            comments.collecting(session, campaign)


def _demonstrated(session: Session, sector: str, year: int) -> Campaign | None:
    return session.scalar(
        select(Campaign).where(Campaign.demo.is_(True), Campaign.sector == sector, Campaign.year == year)
    )


def _create(session: Session, sector: str, year: int) -> Campaign:
    plan = campaigns.Plan(
        title=TITLES[sector],
        year=year,
        sector=sector,
        region="г. Москва",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        operator=OPERATOR,
        council=COUNCIL,
        order="Приказ Минтруда России от 31.05.2018 № 344н",
        shows_interim=True,
        demo=True,
    )
    campaign = campaigns.create(session, plan)
    audit.record(session, "demo", "campaign-created", str(campaign.id), sector=sector, year=year)
    return campaign


def _unanswered(session: Session, campaign_id: int) -> list[int]:
    """Assessments that the demonstration has not been to: the inspection comes last, with the answers."""
    return list(
        session.scalars(
            select(Assessment.id)
            .outerjoin(Inspection, Inspection.assessment_id == Assessment.id)
            .where(Assessment.campaign_id == campaign_id, Inspection.assessment_id.is_(None))
            .order_by(Assessment.id)
        )
    )


def _answer(session: Session, assessment: Assessment) -> None:
    """One organisation's made-up answers and inspection, in one transaction."""
    campaign = assessment.campaign
    edition, _practice = campaigns.rules(campaign)
    last = min(today(), campaign.ends_on)
    asked = {
        row.questionnaire_id: library.questionnaire(row.questionnaire.name) for row in campaign.questionnaires
    }
    accept_all(session, list(answers.finished(campaign, assessment, asked, last)))
    visit, inspection = inspections.confirmed(assessment, edition, last - timedelta(days=20))
    session.add(visit)
    session.flush()
    inspection.visit_id = visit.id
    session.add(inspection)
    if campaign.year == today().year:
        session.add_all(inspections.others(assessment, edition, last - timedelta(days=2)))


def _accounts(secret: str) -> list[Account]:
    accounts = [Account(login, _password(secret, login), title) for login, (_role, title) in LOGINS.items()]
    with writing() as session:
        for account in accounts:
            _account(session, account)
    return accounts


def _account(session: Session, account: Account) -> None:
    role, _title = LOGINS[account.login]
    user = session.scalar(select(User).where(User.login == account.login))
    if user is not None:
        return
    own = session.scalar(
        select(Organization.id)
        .where(Organization.sector == "health")  # the sphere whose last year is published
        .order_by(Organization.id)
        .limit(1)
    )
    session.add(
        User(
            login=account.login,
            name=account.title,
            role=role,
            duty=DUTIES.get(account.login, Duty.HEAD) if role is Role.OPERATOR else None,
            seat=SEATS.get(account.login),
            password_hash=access.hashed(account.password),
            organization_id=own if role is Role.ORGANIZATION else None,
        )
    )
    audit.record(session, "demo", "user-added", account.login, role=role.value)


def _password(secret: str, login: str) -> str:
    """This installation's own password for a demonstration user: the same each time, nobody else's."""
    digest = hmac.digest(secret.encode(), f"demo {login}".encode(), "sha256")
    return b32encode(digest).decode().lower()[:12]
