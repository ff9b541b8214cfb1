"""What a device holds between showing a pass and answering: a sealed cookie of one form for a day, naming nobody."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.http import dump_cookie

from surveys import admitting, sealing
from surveys.admitting import Ticket
from surveys.codes import typed

SHOWN = "nok_pass"
FIELD = "pass"
UNDER_WAY = "nok_sign_in"
DAY_SECONDS = 86_400
SIGN_IN_SECONDS = 900


def cookie(secret: str, code: str, assessment_id: int, ticket: Ticket, *, secure: bool) -> str:
    """The cookie of a pass that was shown at this form."""
    value = packed(secret, _place(assessment_id), list(ticket), DAY_SECONDS)
    return _cookie(SHOWN, value, f"/q/{code}", DAY_SECONDS, secure=secure)


def forgotten(code: str, *, secure: bool) -> str:
    """No pass any more."""
    return _cookie(SHOWN, "", f"/q/{code}", 0, secure=secure)


def shown(secret: str, assessment_id: int, value: str | None) -> Ticket | None:
    """The pass that this device has shown at this form."""
    told = unpacked(secret, _place(assessment_id), value)
    return Ticket(*told) if told else None


def packed(secret: str, place: str, told: Any, seconds: int) -> str:
    """Something for a device to hold that it can neither read nor change, for so long."""
    content = json.dumps([int(time.time()) + seconds, told]).encode()
    return urlsafe_b64encode(sealing.sealed(_key(secret), content, place)).decode()


def unpacked(secret: str, place: str, value: str | None) -> Any:
    """The same again, None when it is not ours, not for this place, or too old."""
    try:
        until, told = json.loads(
            sealing.opened(_key(secret), urlsafe_b64decode((value or "").encode()), place)
        )
    except (ValueError, sealing.Locked):
        return None
    return told if until >= time.time() else None


def link(secret: str, code: str) -> str:
    """A one-time code as the end of a link: a letter lost on the way is noticed before anything is asked."""
    return str(_links(secret).dumps(code))


def read(secret: str, told: str) -> str:
    """The code out of a link or as it was typed; empty when this service has not made it."""
    if "." in told:
        try:
            told = str(_links(secret).loads(told))
        except BadSignature:
            return ""
    code = typed(told)
    return code if admitting.genuine(secret, code) else ""


def _links(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="one-time link")


def _key(secret: str) -> bytes:
    return sealing.drawn(secret.encode(), b"tickets")


def _place(assessment_id: int) -> str:
    return f"ticket/{assessment_id}"


def _cookie(name: str, value: str, path: str, seconds: int, *, secure: bool) -> str:
    return dump_cookie(name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="Lax")
