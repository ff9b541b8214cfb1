"""The meeting that decides upon a package: kept by the secretary or the chair, nobody's words written over unseen."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from surveys.clock import to_the_second
from surveys.happenings import tell
from surveys.refusals import Stale
from surveys.releases import Meeting
from surveys.submissions import Package, PackageState


@dataclass(frozen=True)
class Told:
    """What is typed about a meeting."""

    number: str = ""
    held_on: date | None = None
    place: str = ""
    chair: str = ""
    secretary: str = ""
    present: tuple[str, ...] = ()
    text: str = ""


def of(session: Session, package_id: int) -> Meeting | None:
    """The meeting of a package, once somebody has begun it."""
    return session.get(Meeting, package_id)


def keep(session: Session, found: Package, login: str, told: Told, seen: int) -> Meeting:
    """Write the meeting down over the version that was seen (0: none yet). Raises Stale."""
    session.refresh(found, ["state"], with_for_update=True)
    if found.state != PackageState.SUBMITTED:
        raise Stale(_("По этому пакету решение уже принято: данные заседания больше не меняют."))
    kept = session.get(Meeting, found.id, with_for_update=True, populate_existing=True)
    if (kept.version if kept else 0) != seen:
        raise Stale(
            _("Данные заседания тем временем изменил другой. Ваше не записано: откройте страницу заново.")
        )
    made = kept or Meeting(package_id=found.id, version=0)
    for name, value in vars(told).items():
        setattr(made, name, list(value) if name == "present" else value)
    made.version, made.edited_by, made.edited_at = seen + 1, login, to_the_second()
    session.add(made)
    session.flush()
    tell(session, login, "meeting", f"{found.campaign_id}/{found.number}", number=told.number)
    return made
