"""An answer as it lies on a device: sealed in the browser for this service alone (static/js/kiosk/sealing.js).

The browser makes a key pair for each answer, agrees on a secret with the service's public key (ECDH over P-256), and
seals with AES-GCM. Whoever holds the device holds no key that opens anything. What stands inside names the device and
carries its proof, so a file made by hand of the public key alone is nobody's.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from surveys import sealing
from surveys.doors import MOST_PLACES
from surveys.refusals import Refusal

VERSION = 1
POINT = 65
NONCE = sealing.NONCE_BYTES
PURPOSE = b"nok kiosk answer 1"
LONGEST = 16 * 1024
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256's group


class Unopened(Refusal):
    """It does not open, or what is inside is no answer of a device; the text says in Russian what to do."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an envelope holds; `day` is what the device's clock said, `place` where it stood if it knew."""

    kiosk_id: int
    campaign_id: int
    form: str
    day: str
    answers: dict[str, str]
    place: int | None = None


def public_key(secret: str) -> str:
    """The service's public key as a browser imports it: the point, uncompressed, in base64."""
    return base64.b64encode(_point(_private(secret).public_key())).decode()


def proof(secret: str, kiosk_id: int) -> str:
    """What only this device and the service know; it stays the same when the device is paired again."""
    return sealing.drawn(secret.encode(), b"kiosk %d" % kiosk_id).hex()


def opened(secret: str, key: str, sealed: str) -> Letter:
    """The answer that was sealed under this key. Raises Unopened."""
    try:
        raw = base64.b64decode(sealed[:LONGEST].encode(), validate=True)
        told = json.loads(_content(_private(secret), key, raw))
    except (binascii.Error, UnicodeError, RecursionError, ValueError, InvalidTag) as error:
        raise Unopened(
            "Ответ не открывается: он запечатан для другого ключа службы (NOK_SECRET_KEY) или повреждён."
        ) from error
    return _letter(secret, told)


def _letter(secret: str, told: Any) -> Letter:
    known = {"kiosk": int, "proof": str, "campaign": int, "form": str, "day": str, "answers": dict}
    if not isinstance(told, dict) or any(type(told.get(name)) is not kind for name, kind in known.items()):
        raise Unopened("Внутри не ответ терминала.")
    if not hmac.compare_digest(told["proof"].encode(), proof(secret, told["kiosk"]).encode()):
        raise Unopened("Ответ записан не терминалом, который называет.")
    answers = {name: value for name, value in told["answers"].items() if isinstance(value, str)}
    place = told.get("place")
    place = place if type(place) is int and 0 <= place <= MOST_PLACES else None
    return Letter(told["kiosk"], told["campaign"], told["form"], told["day"], answers, place)


def _content(private: EllipticCurvePrivateKey, key: str, raw: bytes) -> bytes:
    point, nonce, body = raw[1 : 1 + POINT], raw[1 + POINT : 1 + POINT + NONCE], raw[1 + POINT + NONCE :]
    if raw[:1] != bytes([VERSION]):
        raise ValueError("another version")
    agreed = private.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point))
    told = PURPOSE + point + _point(private.public_key())
    once = HKDF(SHA256(), sealing.KEY_BYTES, salt=None, info=told).derive(agreed)
    return AESGCM(once).decrypt(nonce, body, key.encode())


@cache
def _private(secret: str) -> EllipticCurvePrivateKey:
    """Drawn from the service's secret, so there is nothing to store, to back up or to leak beside it."""
    number = int.from_bytes(sealing.drawn(secret.encode(), b"kiosk answers"))
    return derive_private_key(number % (_ORDER - 1) + 1, SECP256R1())


def _point(public: EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
