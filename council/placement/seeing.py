"""A photograph of a wall: read, judged, and written down as a poster that was seen."""

from io import BytesIO
from threading import Semaphore

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from limits import parse
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from council.placement.meaning import Found
from surveys import proofs, qr
from surveys.clock import today
from surveys.models import Organization
from surveys.placement import PosterSeen, Watcher
from surveys.refusals import NotFound, Refusal

PATIENCE_SECONDS = 10
#: Photographs of visitors, of one organisation and of all: nobody's address is kept to count by.
OF_ONE, OF_ALL = parse("10 per minute"), parse("60 per minute")
CROWD = _l("Слишком много снимков сразу. Подождите минуту и пришлите ещё раз.")
_eyes = Semaphore(
    2
)  # a photograph takes a fifth of a second of a processor; the survey must not wait for a crowd of them


def read(sent: bytes) -> tuple[bytes, list[str]]:
    """The photograph drawn anew without metadata, and the codes seen in it. Raises Refusal."""
    if not _eyes.acquire(timeout=PATIENCE_SECONDS):
        raise Refusal(CROWD)
    try:
        drawn = proofs.cleaned(sent)
        with Image.open(BytesIO(drawn)) as picture:
            return drawn, qr.decode(picture)
    finally:
        _eyes.release()


def admit(code: str) -> None:
    """May one more photograph of a visitor be looked at now? Raises Refusal."""
    limiter = current_app.extensions["nok_attempts"]
    if not (limiter.hit(OF_ONE, "photo", code) and limiter.hit(OF_ALL, "photos")):
        raise Refusal(CROWD)


def by_visitor(session: Session, organization: Organization, place: int) -> None:
    """A visitor saw a poster: the day, and nothing else; inside writing()."""
    _row(session, organization, place, Watcher.VISITOR).seen_on = today()


def by_official(
    session: Session, organization: Organization, place: int, drawn: bytes, login: str
) -> PosterSeen:
    """An official saw a poster: the photograph proves it, and takes the place of the one before; inside writing()."""
    row = _row(session, organization, place, Watcher.OFFICIAL)
    before, row.file = row.file, proofs.kept(drawn)
    row.seen_on, row.seen_by = today(), login
    session.flush()
    if before != row.file:
        proofs.let_go(session, before)
    audit.record(session, login, "poster-seen", organization.code, place=place)
    return row


def one(session: Session, seen_id: int) -> tuple[PosterSeen, Organization]:
    """A poster that an official saw, with its organisation. Raises NotFound."""
    found = session.get(PosterSeen, seen_id)
    if found is None or not found.file:
        raise NotFound(str(seen_id))
    return found, session.get_one(Organization, found.organization_id)


def take_back(session: Session, seen: PosterSeen, organization: Organization, login: str) -> None:
    """A photograph that should not be there, with what it proved; inside writing()."""
    name = seen.file
    session.delete(seen)
    session.flush()
    proofs.let_go(session, name)
    audit.record(session, login, "poster-taken-back", organization.code, place=seen.place)


def said(found: Found) -> str:
    """In words, why a photograph was not taken."""
    whose = found.organization.display_name if found.organization else ""
    words: dict[str, str] = {
        "another": _("Это код другой организации: %(name)s.", name=whose),
        "stale": _("Код устарел: такого адреса больше нет. Организации нужен новый плакат."),
        "foreign": _("Код прочитан, но он ведёт не на опрос и не на страницу оценки bus.gov.ru."),
        "nothing": _(
            "Кода на снимке не видно. Подойдите ближе, чтобы он занял треть кадра, и снимите прямо, без бликов."
        ),
    }
    return words[found.verdict.value]


def _row(session: Session, organization: Organization, place: int, watcher: Watcher) -> PosterSeen:
    session.execute(select(Organization.id).where(Organization.id == organization.id).with_for_update())
    known = select(PosterSeen).where(
        PosterSeen.organization_id == organization.id,
        PosterSeen.place == place,
        PosterSeen.year == today().year,
        PosterSeen.watcher == watcher,
    )
    found = session.scalar(known)
    if found is None:
        found = PosterSeen(
            organization_id=organization.id,
            place=place,
            year=today().year,
            watcher=watcher,
            seen_on=today(),
        )
        session.add(found)
    return found
