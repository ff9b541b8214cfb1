"""A hall with a kiosk in it: devices, their tokens, answers sealed as a browser seals them."""

import base64
import json
import os
from secrets import token_hex
from typing import Any

from build import CONTENT
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient

from kiosk import devices, pairing, settings
from kiosk.tables import Kiosk
from surveys.clock import today
from surveys.db import db, writing


def a_kiosk(code: str, **given: Any) -> int:
    """A device of this organisation that nobody has paired yet; its number."""
    with writing() as session:
        return devices.make(session, code, devices.Wanted(**{"name": "Терминал", **given}), "admin").id


def a_token(kiosk_id: int) -> str:
    """Pairs the device as a screen does; its token."""
    claim = token_hex(16)
    code = pairing.asked(claim)
    with writing() as session:
        pairing.paired(session, devices.one(session, kiosk_id), code, "cli")
    return pairing.claimed(claim)


def told(kiosk_id: int) -> dict[str, Any]:
    """What the device is told of itself."""
    found = settings.of(db.session(), db.session.get_one(Kiosk, kiosk_id))
    db.session.rollback()
    return found


def an_envelope(kiosk_id: int, key: str, answers: dict[str, str] | None = None, **other: Any) -> str:
    """An answer of this device, sealed under this key; `other` stands in place of what would be true."""
    known = told(kiosk_id)
    letter = {
        "kiosk": kiosk_id,
        "proof": known["proof"],
        "campaign": known["campaign"],
        "form": known["form"]["sha256"],
        "place": known["stands"],
        "day": today().isoformat(),
        "answers": CONTENT if answers is None else answers,
        **other,
    }
    return sealed(known["key"], key, letter)


def sealed(public: str, key: str, letter: dict[str, Any]) -> str:
    """What static/js/kiosk/sealing.js does, in Python."""
    point = base64.b64decode(public)
    mine = generate_private_key(SECP256R1())
    own = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    agreed = mine.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point))
    once = HKDF(SHA256(), 32, salt=None, info=b"nok kiosk answer 1" + own + point).derive(agreed)
    nonce = os.urandom(12)
    body = AESGCM(once).encrypt(nonce, json.dumps(letter).encode(), key.encode())
    return base64.b64encode(b"\x01" + own + nonce + body).decode()


def posted(client: FlaskClient, way: str, token: str = "", **body: Any) -> Any:
    """One word of a device to the service."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(f"/kiosk/{way}", json=body, headers=headers)


def sent(client: FlaskClient, token: str, *answers: tuple[str, str]) -> Any:
    """A batch of (key, envelope)."""
    return posted(client, "answers", token, answers=[{"key": k, "sealed": s} for k, s in answers])
