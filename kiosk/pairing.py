"""How a screen in a hall becomes a device of an organisation, and stops being one.

The screen asks for six digits, the administrator types them into the device's page; the screen then fetches its token
with a secret that it made up itself. The token is signed by the service, so that one which is forged or mistyped is
refused before the database is asked; it changes by itself every few days and is kept as a hash.
"""

import hashlib
import hmac
import secrets
from datetime import date, timedelta
from typing import cast

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import Signer
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.tokens import hashed
from kiosk.tables import Kiosk, KioskCode
from surveys import sealing
from surveys.clock import now, to_the_second, today
from surveys.db import writing
from surveys.refusals import Busy, NotFound, Refusal

PREFIX = "nokk_"  # so that a token found where it should not lie is known for what it is
CODE_MINUTES = 10
MOST_CODES = 100  # on screens at one moment: a guess of six digits stays one in ten thousand
ASKING = "60 per minute"  # of all screens together: nobody's address is kept
TYPING = "10 per minute"  # of one administrator
ROTATE_DAYS = 7
# Devices that were paired before tokens were signed show an unsigned one, once: it is replaced at their first word.
# Whoever comes later shows digits again and loses no answer. To be deleted with `unsigned` below after this day.
UNSIGNED_UNTIL = date(2027, 7, 1)


def _may(limit: str, *whose: str) -> bool:
    attempts = cast(FixedWindowRateLimiter, current_app.extensions["nok_attempts"])
    return attempts.hit(parse(limit), "kiosk", *whose)


def asked(claim: str) -> str:
    """Six digits for a screen that holds this claim; the same ones while they last. Raises Busy."""
    if not _may(ASKING, "code"):
        raise Busy("kiosk codes")
    with writing() as session:
        session.execute(delete(KioskCode).where(KioskCode.ends_at <= now()))
        known = _of_claim(session, claim)
        if known:
            return known.code
        if (session.scalar(select(func.count()).select_from(KioskCode)) or 0) >= MOST_CODES:
            raise Busy("kiosk codes")
        code = _fresh(session)
        ends_at = to_the_second() + timedelta(minutes=CODE_MINUTES)
        session.add(KioskCode(code=code, claim_sha256=hashed(claim), ends_at=ends_at))
        return code


def _fresh(session: Session) -> str:
    while True:
        code = f"{secrets.randbelow(10**6):06}"
        if session.get(KioskCode, code) is None:
            return code


def _of_claim(session: Session, claim: str) -> KioskCode | None:
    return session.scalar(
        select(KioskCode).where(KioskCode.claim_sha256 == hashed(claim), KioskCode.ends_at > now())
    )


def paired(session: Session, kiosk: Kiosk, typed: str, by: str) -> None:
    """Give the screen that shows these digits to this device; inside writing(). Raises Refusal."""
    if by != "cli" and not _may(TYPING, "typed", by):
        raise Refusal(_("Слишком много попыток. Подождите минуту."))
    if kiosk.moved_to is not None:
        raise Refusal(_("Этот терминал перенесён: подключайте тот, который стоит в списке."))
    code = "".join(character for character in typed if character.isascii() and character.isdigit())
    found = session.get(KioskCode, code)
    if found is None or found.ends_at <= now() or found.kiosk_id not in (None, kiosk.id):
        raise Refusal(
            _("Такого кода на экранах сейчас нет. Код живёт десять минут: посмотрите на терминал ещё раз.")
        )
    found.kiosk_id = kiosk.id
    kiosk.paired_on, kiosk.revoked_at = today(), None
    kiosk.token_sha256 = kiosk.next_sha256 = None  # whatever screen it was before
    audit.record(session, by, "kiosk-paired", kiosk.organization.code, device=kiosk.name)


def claimed(claim: str) -> str:
    """The token of the device that this claim was given to; empty while nobody typed its digits. Raises NotFound.

    Until the token is used it may be fetched again, and each time it is another: an answer may be lost on its way.
    """
    with writing() as session:
        found = _of_claim(session, claim)
        if found is None:
            raise NotFound("kiosk code")
        kiosk = session.get(Kiosk, found.kiosk_id) if found.kiosk_id else None
        if kiosk is None:
            return ""
        secret = _secret()
        kiosk.token_sha256, kiosk.next_sha256, kiosk.rotated_on = hashed(secret), None, today()
        return secret


def bearer(session: Session, secret: str) -> Kiosk | None:
    """The device with this token; one that the service never signed is not asked about."""
    if not _is_ours(secret):
        return None
    told = hashed(secret)
    return session.scalar(select(Kiosk).where(or_(Kiosk.token_sha256 == told, Kiosk.next_sha256 == told)))


def used(session: Session, kiosk: Kiosk, secret: str) -> str:
    """The device showed its token: a new one to replace it when it is old, or empty; inside writing()."""
    session.execute(delete(KioskCode).where(KioskCode.kiosk_id == kiosk.id))
    if hashed(secret) == kiosk.next_sha256:
        kiosk.token_sha256, kiosk.next_sha256, kiosk.rotated_on = kiosk.next_sha256, None, today()
    young = kiosk.rotated_on and today() - kiosk.rotated_on < timedelta(days=ROTATE_DAYS)
    if young and _is_signed(secret):
        return ""
    fresh = _secret()
    kiosk.next_sha256 = hashed(fresh)
    return fresh


def revoke(session: Session, kiosk: Kiosk, by: str) -> None:
    """Shut a device out; what lies on it stays there, sealed, and goes when it is paired again; inside writing()."""
    if kiosk.revoked_at is None:
        kiosk.revoked_at = to_the_second()
        kiosk.token_sha256 = kiosk.next_sha256 = None
        session.execute(delete(KioskCode).where(KioskCode.kiosk_id == kiosk.id))
        audit.record(session, by, "kiosk-revoked", kiosk.organization.code, device=kiosk.name)


def _secret() -> str:
    return _signer().sign(PREFIX + secrets.token_urlsafe(32)).decode()


def _is_ours(secret: str) -> bool:
    unsigned = "." not in secret and today() <= UNSIGNED_UNTIL
    return secret.startswith(PREFIX) and (unsigned or _is_signed(secret))


def _is_signed(secret: str) -> bool:
    value, _dot, _seal = secret.rpartition(".")  # `unsign` overlooks characters that are not base64
    return hmac.compare_digest(_signer().sign(value), secret.encode())


def _signer() -> Signer:
    key = sealing.drawn(str(current_app.secret_key).encode(), b"kiosk token")
    return Signer(key, salt=b"kiosk token", digest_method=hashlib.sha256)
