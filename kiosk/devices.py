"""Devices as the administrator keeps them: made, changed, found."""

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import audit
from kiosk import tongues
from kiosk.tables import Kiosk
from surveys import codes, library, posters, queries
from surveys.clock import today
from surveys.languages import RUSSIAN, languages
from surveys.models import Organization
from surveys.refusals import NotFound, Refusal

LONGEST_NAME = 100
SHORTEST_IDLE, LONGEST_IDLE = 15, 600
SMALLEST_SCREEN, LARGEST_SCREEN = 7, 100
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a device should be."""

    name: str
    place: str = ""
    form: str = ""
    opens: str = ""
    closes: str = ""
    idle_seconds: int = 45
    aloud: bool = True
    languages: tuple[str, ...] = (RUSSIAN,)  # the first is spoken to whoever comes
    inches: float | None = None


def make(session: Session, code: str, wanted: Wanted, by: str) -> Kiosk:
    """A new device of the organisation with this code; inside writing(). Raises Refusal."""
    organization = queries.organization(session, codes.typed(code))
    if organization is None:
        raise Refusal(_("Организации с таким кодом нет: в коде восемь знаков, он есть на плакате."))
    kiosk = Kiosk(organization_id=organization.id, made_on=today())
    _set(session, kiosk, organization, wanted)
    session.add(kiosk)
    session.flush()
    audit.record(session, by, "kiosk-made", organization.code, device=kiosk.name)
    return kiosk


def change(session: Session, kiosk: Kiosk, wanted: Wanted, by: str) -> None:
    """Set a device anew; it hears of it at its next word with us; inside writing(). Raises Refusal."""
    _set(session, kiosk, kiosk.organization, wanted)
    audit.record(session, by, "kiosk-changed", kiosk.organization.code, device=kiosk.name)


def one(session: Session, kiosk_id: int) -> Kiosk:
    """A device by its number. Raises NotFound."""
    found = session.get(Kiosk, kiosk_id)
    if found is None:
        raise NotFound(str(kiosk_id))
    return found


def forms() -> list[str]:
    """Questionnaires that a screen without a keyboard can ask."""
    return [
        form.id
        for form in library.questionnaires()
        if form.feeds_344n and all(question.closed or not question.required for question in form.questions)
    ]


def _set(session: Session, kiosk: Kiosk, organization: Organization, wanted: Wanted) -> None:
    _check(wanted)
    name, place = wanted.name.strip(), wanted.place.strip()
    kiosk.name, kiosk.form = name, wanted.form
    kiosk.place = posters.number_place(session, organization, place).number if place else 0
    kiosk.opens, kiosk.closes = wanted.opens, wanted.closes
    kiosk.idle_seconds, kiosk.aloud = wanted.idle_seconds, wanted.aloud
    kiosk.languages = list(dict.fromkeys(wanted.languages))
    kiosk.inches = wanted.inches


def _check(wanted: Wanted) -> None:
    if not 0 < len(wanted.name.strip()) <= LONGEST_NAME or len(wanted.place.strip()) > LONGEST_NAME:
        raise Refusal(_("Назовите терминал: от одного до ста знаков; место — до ста знаков."))
    hours = (wanted.opens, wanted.closes)
    if any(hours) and not (all(map(HOUR.fullmatch, hours)) and wanted.opens < wanted.closes):
        raise Refusal(_("Часы работы — начало и конец, например 08:00 и 20:00, или оба пусты."))
    if not SHORTEST_IDLE <= wanted.idle_seconds <= LONGEST_IDLE:
        raise Refusal(_("Ждать молчащего человека можно от 15 до 600 секунд."))
    if wanted.inches is not None and not SMALLEST_SCREEN <= wanted.inches <= LARGEST_SCREEN:
        raise Refusal(_("Диагональ экрана — от 7 до 100 дюймов."))
    if wanted.form and wanted.form not in forms():
        raise Refusal(_("Такой анкеты для терминала нет."))
    if not 0 < len(set(wanted.languages)) <= tongues.MOST or not languages().keys() >= set(wanted.languages):
        raise Refusal(_("Выберите от одного до шести языков из тех, что есть."))
