"""Contacts under lock: a random key for each campaign, itself sealed with a key drawn from the service's secret.

What is sealed is bound to its row: moved to another, it does not open. A mark is a keyed hash of a number, so that
a number is found again without being read (docs/decisions/0013).
"""

import hmac
import json
from base64 import urlsafe_b64encode
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import text
from sqlalchemy.orm import Session

from operator_app.phone.tables import ContactKey
from surveys import sealing
from surveys.refusals import Refusal, Stale

_FIRST = text(
    "INSERT INTO contact_key (campaign_id, sealed) VALUES (:campaign_id, :sealed) "
    "ON CONFLICT (campaign_id) DO NOTHING"
)
CALL_SECONDS = 12 * 60 * 60  # as long as a session of the staff


class Person(NamedTuple):
    """What is sealed: whom one calls, how to address them, what to know beforehand."""

    number: str
    name: str = ""
    note: str = ""


class Call(NamedTuple):
    """What a page of a call speaks of: the contact, and how many attempts there were before this one."""

    key: int
    attempt: int


class Locked(Refusal):
    """The contacts do not open: they were sealed under another secret, or damaged."""


class Keys(NamedTuple):
    """A campaign's own keys, open: one to seal with, one for marks."""

    sealing: bytes
    marking: bytes

    def sealed(self, person: Person, row: str) -> bytes:
        """The person as noise; `row` says which row of the database this is for."""
        return sealing.sealed(self.sealing, json.dumps(person, ensure_ascii=False).encode(), row)

    def opened(self, sealed: bytes, row: str) -> Person:
        """The person again. Raises Locked."""
        return Person(*json.loads(_opened(self.sealing, sealed, row)))

    def mark(self, number: str) -> str:
        """The keyed hash of a normalised number."""
        return hmac.digest(self.marking, number.encode(), "sha256").hex()


def row_name(campaign_id: int, assessment_id: int, key: int) -> str:
    """The row that a sealed person belongs to."""
    return f"contact/{campaign_id}/{assessment_id}/{key}"


def keys_of(session: Session, secret: str, campaign_id: int) -> Keys | None:
    """The campaign's keys; None when it has none, or none any more. Raises Locked."""
    stored = session.get(ContactKey, campaign_id)
    if stored is None:
        return None
    return _divided(_opened(_master(secret), stored.sealed, f"campaign/{campaign_id}"))


def keys_for(session: Session, secret: str, campaign_id: int) -> Keys:
    """The campaign's keys, made now if it has none; inside writing()."""
    found = keys_of(session, secret, campaign_id)
    if found is not None:
        return found
    # Two lists may come first at once: one key stands, and the other list waits for it.
    sealed = sealing.sealed(_master(secret), sealing.fresh_key(), f"campaign/{campaign_id}")
    session.execute(_FIRST, {"campaign_id": campaign_id, "sealed": sealed})
    session.expire_all()
    stands = keys_of(session, secret, campaign_id)
    if stands is None:
        raise RuntimeError("a key was made and is not there")
    return stands


def call_token(secret: str, call: Call) -> str:
    """Which call a page speaks of, in a form that says nothing to whoever reads the page."""
    return _calls(secret).encrypt(f"{call.key}/{call.attempt}".encode()).decode()


def called(secret: str, token: str) -> Call:
    """The call that a page speaks of. Raises Stale for a page of yesterday, or one that is not ours."""
    try:
        key, attempt = _calls(secret).decrypt(token.encode(), ttl=CALL_SECONDS).split(b"/")
        return Call(int(key), int(attempt))
    except (InvalidToken, ValueError) as error:
        raise Stale("Страница звонка устарела. Откройте раздел «Телефон» заново.") from error


def call_name(secret: str, key: int, attempts: int) -> str:
    """The name of one call for the browser's own memory: the same each time its page is drawn, and tells nothing."""
    told = f"{key}/{attempts}".encode()
    return hmac.digest(sealing.drawn(secret.encode(), b"call names"), told, "sha256").hex()[:16]


def _calls(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sealing.drawn(secret.encode(), b"calls")))


def _master(secret: str) -> bytes:
    return sealing.drawn(secret.encode(), b"contact keys")


def _divided(key: bytes) -> Keys:
    return Keys(sealing.drawn(key, b"sealing"), sealing.drawn(key, b"marking"))


def _opened(key: bytes, sealed: bytes, row: str) -> bytes:
    try:
        return sealing.opened(key, sealed, row)
    except sealing.Locked as error:
        raise Locked(
            "Контакты не открываются: они запечатаны под другим ключом службы (NOK_SECRET_KEY). "
            "Верните прежний ключ или сотрите контакты и загрузите список снова."
        ) from error
