"""What proves an item of a visit: photos and screenshots of the store of proofs, links, each with its day."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operator_app.inspections.payload import said
from surveys.proofs import let_go, proper
from surveys.refusals import Refusal
from surveys.visits import Evidence, Visit, VisitState

MOST_OF_A_VISIT = 300
PICTURES = ("photo", "screenshot")


def add_kept(
    session: Session, visit: Visit, login: str, item: str, file: str, *, day: date, kind: str = "photo",
    note: str = "", client_key: str | None = None,
) -> Evidence:  # fmt: skip
    """A picture that is in the store already (`kept(cleaned(sent))`) at an item of one's own visit. Raises Refusal."""
    if kind not in PICTURES:
        raise Refusal(_("Запрос не понят: откройте проверку заново."))
    return _added(
        session, visit, login, client_key, item=item, kind=kind, file=file, note=said(note), day=day
    )


def add_link(
    session: Session, visit: Visit, login: str, item: str, link: str, *, day: date, note: str = "",
    client_key: str | None = None,
) -> Evidence:  # fmt: skip
    """A page that proves an item; https only. Raises Refusal."""
    address = said(link, 500)
    if not proper(address):
        raise Refusal(_("Ссылка должна начинаться с https:// и вести на страницу."))
    return _added(
        session, visit, login, client_key, item=item, kind="link", link=address, note=said(note), day=day
    )


def _added(session: Session, visit: Visit, login: str, client_key: str | None, **given: object) -> Evidence:
    if visit.inspector != login or visit.state == VisitState.CONFIRMED:
        raise Refusal(_("Доказательства добавляет тот, кто проверяет, и до подтверждения."))
    if client_key is not None:
        found = session.scalar(select(Evidence).where(Evidence.client_key == client_key))
        if found is not None:
            return found
    if of_visit_count(session, visit.id) >= MOST_OF_A_VISIT:
        raise Refusal(_("У одной проверки не бывает больше 300 доказательств."))
    made = Evidence(visit_id=visit.id, added_by=login, client_key=client_key, **given)
    session.add(made)
    session.flush()
    return made


def of_visit(session: Session, visit_id: int) -> list[Evidence]:
    """All that proves a visit, in the order it came."""
    return list(session.scalars(select(Evidence).where(Evidence.visit_id == visit_id).order_by(Evidence.id)))


def of_visit_count(session: Session, visit_id: int) -> int:
    """How many proofs a visit has."""
    return session.scalar(select(func.count()).where(Evidence.visit_id == visit_id)) or 0


def remove(session: Session, evidence: Evidence) -> None:
    """Take a proof away, and its picture when nothing else shows it."""
    name = evidence.file
    session.delete(evidence)
    session.flush()
    let_go(session, name)
