"""The form's key: says that this service made this form for this organisation, and nothing about the person.

It is what makes a submission idempotent, and it stands in for a CSRF token: a page of somebody else cannot mint it.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import Blueprint, Response, request

from surveys.headers import OWN
from surveys.intake import response_key
from surveys.refusals import BadKey

NONCE = 12
SEAL = 12
LENGTH = (NONCE + SEAL) * 4 // 3


def minted(secret: bytes, code: str) -> bytes:
    """A fresh key for a form about the organisation with this code: 32 characters fit for a URL."""
    nonce = secrets.token_bytes(NONCE)
    return urlsafe_b64encode(nonce + _seal(secret, code, nonce))


def opened(secret: bytes, code: str, key: str) -> int:
    """The response key that belongs to a form's key. Raises BadKey for any other text."""
    try:
        raw = urlsafe_b64decode(key.encode("ascii"))
    except (ValueError, UnicodeEncodeError) as error:
        raise BadKey("Ключ анкеты повреждён.") from error
    nonce, seal = raw[:NONCE], raw[NONCE:]
    if len(key) != LENGTH or not hmac.compare_digest(seal, _seal(secret, code, nonce)):
        raise BadKey("Ключ анкеты не подходит к этой организации.")
    return response_key("form", nonce.hex())


def _seal(secret: bytes, code: str, nonce: bytes) -> bytes:
    return hmac.digest(secret, code.encode() + nonce, "sha256")[:SEAL]


def vouched(response: Response) -> Response:
    """A refused form says that it is refused by us: else a device keeps its answers and tries again."""
    if request.method == "POST" and response.status_code >= 400:
        response.headers[OWN] = "1"
    return response


def instead_of_tokens(blueprint: Blueprint) -> None:
    """Its pages know no session: a form's own key, or a pass, does the work of a token (docs/decisions/0009)."""
    blueprint.record_once(lambda state: state.app.extensions["csrf"].exempt(blueprint))

    @blueprint.after_request
    def fresh(response: Response) -> Response:
        """A page with a key in it is nobody else's."""
        response.headers["Cache-Control"] = "no-store"
        return vouched(response)
