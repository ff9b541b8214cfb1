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
from paper.tables import Doubt, DoubtKind
from surveys import library
from surveys.batches import Batch
from surveys.clock import local
from surveys.db import db
from surveys.models import Pinned


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
    found = session.execute(
        reviewing.looked_at(campaign_id)
        .where((Doubt.kind != DoubtKind.SAMPLE) | ~disputed())
        .join(Pinned, Pinned.id == Batch.questionnaire_id)
        .join(first, first.id == Doubt.decided_by)
        .outerjoin(second, second.id == Doubt.final_by)
        .order_by(Doubt.decided_at, Doubt.id)
        .with_only_columns(Doubt, Pinned.name, Pinned.sha256, first.login, second.login)
    )
    for doubt, name, sha256, one, other in found:
        question = library.pinned(name, sha256).question(doubt.question)
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
    return "" if moment is None else local(moment).strftime("%d.%m.%Y %H:%M:%S")
