"""A device that is given to another organisation: the screen goes on, and what was answered on it before does not move.

An answer under way names the device that it was given on, and is counted for that device's organisation. So the screen
becomes a new device with the token of the old one, and the old one stays as long as anything of it may still come.
"""

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts import audit
from kiosk import devices
from kiosk.tables import Kiosk, KioskCode
from surveys.clock import to_the_second
from surveys.refusals import Refusal


def move(session: Session, kiosk: Kiosk, code: str, place: str, by: str) -> Kiosk:
    """The device as it is from now on, at a place of the organisation with this code; inside writing().

    Raises Refusal.
    """
    if kiosk.moved_to is not None:
        raise Refusal(_("Этот терминал уже перенесён."))
    wanted = devices.Wanted(
        kiosk.name, place, kiosk.form, kiosk.opens, kiosk.closes, kiosk.idle_seconds, kiosk.aloud,
        tuple(kiosk.languages), kiosk.inches,
    )  # fmt: skip
    found = devices.make(session, code, wanted, by)
    if found.organization_id == kiosk.organization_id:
        raise Refusal(_("Терминал и так у этой организации. Место меняют в его настройках."))
    known = kiosk.token_sha256, kiosk.next_sha256
    kiosk.moved_to, kiosk.token_sha256, kiosk.next_sha256 = found.id, None, None
    kiosk.revoked_at, found.revoked_at = to_the_second(), kiosk.revoked_at
    session.flush()  # a token belongs to one device at a time
    found.token_sha256, found.next_sha256 = known
    for name in ("paired_on", "rotated_on", "seen_at", "release"):
        setattr(found, name, getattr(kiosk, name))
    session.execute(update(KioskCode).where(KioskCode.kiosk_id == kiosk.id).values(kiosk_id=found.id))
    before = kiosk.organization.code
    audit.record(session, by, "kiosk-moved", found.organization.code, device=found.name, before=before)
    return found
