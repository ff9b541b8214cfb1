"""Submission: the checks are asked once more, the report is frozen, the campaign goes to the council."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents import folder
from operator_app.handover import report
from operator_app.handover.checks import in_the_way
from operator_app.handover.desk import appointments, of_campaign
from operator_app.handover.finding import Finding
from operator_app.phone.tables import Contact
from surveys import campaigns, handover
from surveys.handover import Difference
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal, Stale
from surveys.submissions import Package


class Ahead(NamedTuple):
    """What a submission would do: `collecting` ends, `numbers` and the calls `promised` go; `stopping` forbid it."""

    open: bool
    package: int
    collecting: bool
    numbers: int
    promised: int
    stopping: Sequence[Finding]


def ahead(session: Session, campaign: Campaign) -> Ahead:
    """Asked before the button, since only the council can undo what it does."""
    last = handover.latest(session, campaign.id)
    explained = report.explanations(report.written(session, campaign.id))
    numbers = select(func.count()).where(Contact.campaign_id == campaign.id, Contact.sealed.is_not(None))
    return Ahead(
        open=handover.open_to_submission(campaign, last),
        package=last.number + 1 if last else 1,
        collecting=campaign.stage == Stage.COLLECTING,
        numbers=int(session.scalar(numbers) or 0),
        promised=appointments(session, campaign.id),
        stopping=in_the_way(report.found(session, campaign), explained),
    )


def submit(session: Session, campaign_id: int, actor: str, leads_to: str) -> Package:
    """Everything in one transaction, inside writing(). Raises Stale, Refusal."""
    campaign = handover.locked(session, campaign_id)
    last = handover.latest(session, campaign_id)
    if not handover.open_to_submission(campaign, last):
        raise Stale(_("Пакет уже отправлен совету. Откройте страницу отчёта заново."))
    held = report.written(session, campaign_id)
    desk = of_campaign(session, campaign)
    if desk.results is None:
        raise Refusal(desk.changed)
    m = report.material(session, desk, held)
    _let_through(m.findings, m.explained)
    made = report.report(m, held)
    made["data"]["campaign"]["stage"] = Stage.REVIEW.value
    if last is not None:
        made["changes"] = changes(last.report, made, last.number)
    if campaign.stage == Stage.COLLECTING:  # after the report: what closing wipes is counted in it
        campaigns.move(session, campaign, Stage.REVIEW)
    package = handover.submit(session, campaign, actor, frozen(m.findings, m.explained), made)
    folder.ask(session, package.report, folder.package_stamp(package), actor, leads_to)
    return package


def _let_through(found: Sequence[Finding], explained: Mapping[str, str]) -> None:
    stopping = in_the_way(found, explained)
    if stopping:
        told = "; ".join(finding.title[0].lower() + finding.title[1:] for finding in stopping)
        raise Refusal(_("Отправить пока нельзя: %(told)s.", told=told))


def frozen(found: Sequence[Finding], explained: Mapping[str, str]) -> list[dict[str, Any]]:
    """Findings with their explanations, as the package keeps them."""
    return [{**finding.as_dict(), "explanation": explained.get(finding.key, "")} for finding in found]


def changes(before: Mapping[str, Any], after: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What differs from the package before: figures and words."""
    return {
        "since": number,
        "figures": [list(_told(one)) for one in handover.differences(before, after)],
        "sections": handover.rewritten(before, after),
    }


def _told(one: Difference) -> tuple[str, str, str, str | None, str | None]:
    return one.code, one.name, one.figure, one.was, one.now
