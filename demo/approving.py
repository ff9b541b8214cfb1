"""Last year's made-up campaigns go the real road: the operator's package, votes, a meeting, a release, publication.

One of them stops half-way: its package waits for the council.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from council.approval import deciding, meetings, publishing, votes
from operator_app.handover import report, submitting
from operator_app.handover.desk import of_campaign
from surveys import frozen, handover
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.releases import Choice
from surveys.submissions import Package, PackageState

WHY = "Демонстрация: данные придуманы, поэтому и объяснение придумано."
MEETING = meetings.Told(
    number="7",
    place="Москва (демонстрация)",
    chair="Председатель совета (демонстрация)",
    secretary="Секретарь совета (демонстрация)",
    present=("Председатель (демонстрация)", "Секретарь (демонстрация)", "Член совета (демонстрация)"),
    text="Рассмотрели отчёт оператора и предложения. Решили утвердить результаты (демонстрация).",
)
VOTES = {
    "council": (Choice.FOR, ""),
    "secretary": (Choice.FOR, ""),
    "member": (Choice.AGAINST, "Анкет собрали мало: стоило продлить сбор (демонстрация)."),
}


WAITING = {
    "secretary": (Choice.FOR, ""),
    "member": (Choice.AGAINST, "Сначала пусть оператор ответит на замечание (демонстрация)."),
}
DOUBT = "Откуда эта цифра? Прошу показать, что проверяли на стенде и на сайте (демонстрация)."


def published(campaign_id: int) -> None:
    """The campaign with a release in force; what was done already is not done twice."""
    if frozen.in_force(db.session(), campaign_id) is not None:
        return
    if handover.latest(db.session(), campaign_id) is None:
        with writing() as session:
            _submitted(session, handover.locked(session, campaign_id))
    with writing() as session:
        package = handover.latest(session, campaign_id)
        if package is not None and package.state == PackageState.SUBMITTED:
            _approved(session, package, today())
    with writing() as session:
        if publishing.waiting(session, campaign_id) is not None:
            publishing.publish(session, campaign_id, "authority")


def waiting(campaign_id: int) -> None:
    """The campaign with a package, votes and a remark, undecided; once."""
    if handover.latest(db.session(), campaign_id) is not None:
        return
    with writing() as session:
        _submitted(session, handover.locked(session, campaign_id))
        package = handover.latest(session, campaign_id)
        if package is None:
            return
        first = package.report["data"]["organizations"][0]
        place = f"{(first['short_name'] or first['name'])[:80]} ({first['code']}) · 1.1"
        handover.remark(session, package, "member", place, DOUBT, first["code"], "1.1")
        _voted(session, package, WAITING)


def _submitted(session: Session, campaign: Campaign) -> None:
    campaign.stage = Stage.REVIEW
    material = report.material(session, of_campaign(session, campaign), {})
    explained = {finding.key: WHY for finding in material.findings}
    made = report.report(material, {})
    handover.submit(session, campaign, "operator", submitting.frozen(material.findings, explained), made)


def _voted(session: Session, package: Package, told: Mapping[str, tuple[Choice, str]]) -> None:
    for login, (choice, opinion) in told.items():
        votes.cast(session, package, login, choice, opinion)


def _approved(session: Session, package: Package, on: date) -> None:
    _voted(session, package, VOTES)
    if meetings.of(session, package.id) is None:
        told = meetings.Told(**{**vars(MEETING), "held_on": on})
        meetings.keep(session, package, "secretary", told, 0)
    deciding.approve(session, package, "council", "", on)
