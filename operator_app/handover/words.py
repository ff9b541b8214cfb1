"""Words of the operator's own: a section written over, a check explained. Of two who write one thing nobody loses."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from operator_app.team import holds
from surveys import handover
from surveys.clock import to_the_second
from surveys.refusals import Refusal, Stale
from surveys.submissions import ReportSection

LONGEST = 40_000


def subject(campaign_id: int, key: str) -> str:
    """What is held while somebody writes this."""
    return f"{campaign_id}/report/{key}"


def save(
    session: Session, user: User, campaign_id: int, key: str, *, text: str, basis: str, version: int
) -> None:
    """Keep the words inside writing(); `version` is the one they were written over, 0 for the drafted text.

    Raises Held, Stale (somebody saved meanwhile), Refusal (the package is with the council).
    """
    held = _writable(session, user, campaign_id, key, version)
    if held is None:
        held = ReportSection(campaign_id=campaign_id, key=key, version=0)
        session.add(held)
    held.text, held.basis = text, basis
    held.version += 1
    held.edited_by, held.edited_at = user.login, to_the_second()
    session.flush()
    action = "check-explained" if key.startswith("check.") else "report-words"
    audit.record(session, user.login, action, f"{campaign_id}/{key}", version=held.version)
    holds.release(session, subject(campaign_id, key), user)


def restore(session: Session, user: User, campaign_id: int, key: str, version: int) -> None:
    """Back to what the service drafts. Raises as `save` does."""
    held = _writable(session, user, campaign_id, key, version)
    if held is not None:
        session.delete(held)
        audit.record(session, user.login, "report-drafted-again", f"{campaign_id}/{key}", version=version)
    holds.release(session, subject(campaign_id, key), user)


def _writable(session: Session, user: User, campaign_id: int, key: str, version: int) -> ReportSection | None:
    campaign = handover.locked(session, campaign_id)
    if not handover.open_to_submission(campaign, handover.latest(session, campaign_id)):
        raise Refusal(closed())
    holds.take(session, subject(campaign_id, key), user)
    held = session.get(ReportSection, (campaign_id, key), populate_existing=True)
    if (held.version if held else 0) != version:
        raise Stale(_("Пока вы писали, этот текст сохранил другой. Ниже оба: ваш и сохранённый."))
    return held


def closed() -> str:
    """Why nothing is written now."""
    words: str = _("Отчёт сейчас у совета или уже принят: править его нельзя.")
    return words
