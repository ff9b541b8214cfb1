"""Every decision about scans as a table: what the reader thought, what people said, who and when."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session, aliased

from accounts import access
from accounts.models import Duty, User
from operator_app.export import csv_file
from operator_app.scans.blueprint import bp
from operator_app.scans.review_second import said
from paper import reviewing, whys
from paper.known import Forms
from paper.tables import Doubt, DoubtKind, ScannedSheet
from surveys.db import db


@bp.get("/review/decisions.csv")
@access.entrusted(Duty.VERIFIER)
def review_log(campaign_id: int) -> ResponseReturnValue:
    """The log of decisions; words typed are not in it, as nothing leads from them to a sheet."""
    session: Session = db.session()
    access.campaign_seen(session, campaign_id)
    headings = (
        _("Пакет"),
        _("Вопрос"),
        _("Зачем смотрели"),
        _("Служба прочла"),
        _("Первый решил"),
        _("Кто"),
        _("Когда"),
        _("Второй решил"),
        _("Кто"),
        _("Когда"),
    )
    return csv_file(f"decisions-{campaign_id}.csv", headings, _rows(session, campaign_id))


def _rows(session: Session, campaign_id: int) -> Iterator[tuple[object, ...]]:
    first, second = aliased(User), aliased(User)
    forms = Forms(session)
    found = session.execute(
        reviewing.of_campaign(campaign_id)
        .where(Doubt.decided.is_not(None), Doubt.kind != DoubtKind.WORDS)
        .join(first, first.id == Doubt.decided_by)
        .outerjoin(second, second.id == Doubt.final_by)
        .order_by(Doubt.decided_at, Doubt.id)
        .with_only_columns(Doubt, ScannedSheet.run_id, first.login, second.login)
    )
    for doubt, run_id, one, other in found:
        if run_id is None:
            continue
        question = forms.by_run(run_id).questionnaire.question(doubt.question)
        yield (
            doubt.batch_id,
            f"{question.number or ''} {question.caption}".strip(),
            whys.title(doubt.why) if doubt.kind == DoubtKind.DOUBT else _("слепая проверка"),
            "" if doubt.read is None else said(question, doubt.read),
            said(question, doubt.decided or ""),
            one,
            _at(doubt.decided_at),
            "" if doubt.final is None else said(question, doubt.final),
            other,
            _at(doubt.final_at),
        )


def _at(moment: datetime | None) -> str:
    """By the clock of the service's own place."""
    local = moment.replace(tzinfo=UTC).astimezone() if moment else None
    return local.strftime("%d.%m.%Y %H:%M:%S") if local else ""
