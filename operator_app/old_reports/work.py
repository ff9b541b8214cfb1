"""The long work on an old report: every figure recomputed, every difference explained."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts import audit
from surveys import queue
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.old_reports import bringing, keeping
from surveys.queue import Progress
from surveys.refusals import Refusal
from surveys.releases import OldReport


@queue.job("old-reports.take", _l("Сверяем прошлый отчёт"))
def take(progress: Progress, *, report_id: int, by: str) -> dict[str, Any]:
    """Take a draft for comparison, once. The figures are counted outside the write transaction."""
    db.session.rollback()
    session = db.session()
    report = session.get(OldReport, report_id)
    if report is None:
        raise Refusal(_("Этот отчёт уже убрали."))
    if keeping.about(report.content):
        return {}
    campaign = session.get_one(Campaign, report.campaign_id)
    found, told = bringing.prepared(session, report, campaign, progress)
    session.rollback()
    with writing() as write:
        kept = write.get(OldReport, report_id, with_for_update=True)
        if kept is None:
            raise Refusal(_("Этот отчёт уже убрали."))
        if not keeping.about(kept.content):
            bringing.take(kept, found, told)
            subject = f"{kept.campaign_id}/{kept.id}"
            audit.record(write, by, "old-report-taken", subject, year=kept.year, file=kept.file_name[:200])
    return {}
