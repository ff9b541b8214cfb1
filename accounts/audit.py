"""The audit trail: what the staff did, in a chain in which no link can be changed or dropped unseen.

Nothing about respondents is ever recorded here.
"""

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from surveys.clock import to_the_second
from surveys.happenings import happened

BEGINNING = "0" * 64


def record(session: Session, actor: str, action: str, subject: str, **detail: str | int | None) -> None:
    """Add a link to the chain, inside the transaction of the act itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE audit_event IN EXCLUSIVE MODE"))
    last = session.scalar(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))
    event = AuditEvent(
        id=last.id + 1 if last else 1,
        at=to_the_second(),
        actor=actor,
        action=action,
        subject=subject,
        detail=detail,
        previous=last.sha256 if last else BEGINNING,
    )
    event.sha256 = fingerprint(event)
    session.add(event)
    session.flush()


@happened.connect
def _recorded(
    session: Session, actor: str, action: str, subject: str, detail: dict[str, str | int | None]
) -> None:
    record(session, actor, action, subject, **detail)


def fingerprint(event: AuditEvent) -> str:
    """SHA-256 over the link's own words and its predecessor's fingerprint."""
    words = [
        event.id,
        event.at.isoformat(),
        event.actor,
        event.action,
        event.subject,
        event.detail,
        event.previous,
    ]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def broken(session: Session) -> Iterator[tuple[int, str]]:
    """Every link that does not hold: its number and what is wrong, in Russian."""
    previous, expected = BEGINNING, 1
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)).yield_per(1000):
        if event.id != expected:
            yield expected, f"нет записей с № {expected} по № {event.id - 1}"
        elif event.previous != previous:
            yield event.id, "не продолжает предыдущую запись"
        if event.sha256 != fingerprint(event):
            yield event.id, "содержание изменено после записи"
        previous, expected = event.sha256, event.id + 1
