"""Every decision about scans as a table: what the reader thought, what people said, who and when."""

from collections.abc import Iterator
from datetime import datetime

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session, aliased

from accounts import access
from accounts.models import Duty, User
from operator_app.export import csv_file
from operator_app.scans.blueprint import bp
from operator_app.scans.review_second import said
from paper import reviewing, whys
from paper.settled import disputed
from paper.tables import Doubt, DoubtKind, PrintRun, ScannedSheet
from surveys import library
from surveys.batches import Batch
from surveys.clock import local
from surveys.db import db
from surveys.models import Assessment, Organization, Pinned


@bp.get("/review/decisions.csv")
@access.entrusted(Duty.VERIFIER)
def review_log(campaign_id: int) -> ResponseReturnValue:
    """The log of decisions; words typed are not in it. A sample is, once nobody has to judge between two words of it.

    It would tell the first person, whose word may still be changed, and the second, what to say.
    """
    session: Session = db.session()
    access.campaign_seen(session, campaign_id)
    headings = (
        _("Пакет"),
        _("Номер листа"),
        _("Код организации"),
        _("Организация"),
        _("Вопрос"),
        _("Зачем смотрели"),
        _("Служба прочла"),
        _("Первое решение"),
        _("Кто решил первым"),
        _("Когда первым"),
        _("Второе решение"),
        _("Кто решил вторым"),
        _("Когда вторым"),
    )
    return csv_file(_("решения по сканам") + ".csv", headings, _rows(session, campaign_id))


def _rows(session: Session, campaign_id: int) -> Iterator[tuple[object, ...]]:
    """With its sheet's number while the pictures are kept: afterwards nothing says of which sheet a decision was."""
    first, second = aliased(User), aliased(User)
    found = session.execute(
        reviewing.looked_at(campaign_id)
        .where((Doubt.kind != DoubtKind.SAMPLE) | ~disputed())
        .join(Pinned, Pinned.id == Batch.questionnaire_id)
        .join(first, first.id == Doubt.decided_by)
        .outerjoin(second, second.id == Doubt.final_by)
        .outerjoin(PrintRun, PrintRun.id == ScannedSheet.run_id)
        .outerjoin(Assessment, Assessment.id == PrintRun.assessment_id)
        .outerjoin(Organization, Organization.id == Assessment.organization_id)
        .order_by(Doubt.decided_at, Doubt.id)
        .with_only_columns(Doubt, Pinned, ScannedSheet.serial, Organization, first, second)
    )
    for doubt, pinned, serial, organization, one, other in found:
        question = library.pinned(pinned.name, pinned.sha256).question(doubt.question)
        asked = question.wording or question.caption
        yield (
            doubt.batch_id,
            serial,
            organization.code if organization else "",
            organization.display_name if organization else "",
            f"{question.number}. {asked}" if question.number else asked,
            whys.title(doubt.why) if doubt.kind == DoubtKind.DOUBT else _("слепая проверка"),
            "" if doubt.read is None else said(question, doubt.read),
            said(question, doubt.decided or ""),
            one.name or one.login,
            _at(doubt.decided_at),
            "" if doubt.final is None else said(question, doubt.final),
            (other.name or other.login) if other else "",
            _at(doubt.final_at),
        )


def _at(moment: datetime | None) -> str:
    """By the clock of the service's own place."""
    return "" if moment is None else local(moment).strftime("%d.%m.%Y %H:%M:%S")
