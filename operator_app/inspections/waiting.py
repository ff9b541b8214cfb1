"""The wait given alone: a table of check-lists seldom has it, and nobody should fill a whole visit for one number."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import access, audit
from accounts.models import Duty, User
from operator_app.inspections.confirming import waited
from operator_app.inspections.payload import Asked, wait_alone
from operator_app.inspections.views import bp, seen
from operator_app.inspections.visiting import collecting
from surveys.campaigns import rules
from surveys.db import writing
from surveys.models import Assessment, Inspection
from surveys.refusals import Refusal, Stale


@bp.post("/<code>/waiting")
@access.entrusted(Duty.VERIFIER)
def wait(campaign_id: int, code: str) -> ResponseReturnValue:
    """The mean wait and the term, or the points, of an inspection that came without a visit."""
    assessment_id = seen(campaign_id, code).id
    with writing() as session:
        assessment = session.get_one(Assessment, assessment_id)
        given = request.form.get("seen", "")
        version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
        give(session, access.the_user(), assessment, request.form, version)
    flash(_("Время ожидания сохранено и вошло в показатели."))
    return redirect(url_for(".organization", campaign_id=campaign_id, code=code))


def give(
    session: Session, user: User, assessment: Assessment, told: Mapping[str, str], version: int
) -> Inspection:
    """Put the wait into the inspection in force, the next version of it. Raises Refusal, VisitRefused, Stale."""
    collecting(assessment.campaign)
    edition, _practice = rules(assessment.campaign)
    if not Asked.of(edition, assessment.organization).waiting:
        raise Refusal(_("В этой сфере время ожидания не считают."))
    inspection = session.get(Inspection, assessment.id, with_for_update=True)
    if inspection is None or inspection.visit_id is not None:
        raise Refusal(
            _("Время ожидания вписывают в саму проверку: верните её на доработку или начните новую.")
        )
    if inspection.version != version:
        raise Stale(_("Пока вы смотрели, проверку изменили. Откройте страницу заново."))
    for name, value in waited(wait_alone(told), edition).items():
        setattr(inspection, name, value)
    inspection.version += 1
    subject = f"{assessment.campaign_id}/{assessment.organization.code}"
    audit.record(session, user.login, "inspection-waiting", subject, version=inspection.version)
    return inspection
