"""How this service puts a thing under lock: AES-GCM under a key drawn for one purpose, bound to the place it is for.

Whoever has things to seal keeps a random key of a campaign, itself sealed under the service's secret: destroy that key,
and nothing of the campaign opens again.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from surveys.refusals import Refusal

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
ADDED = NONCE_BYTES + TAG_BYTES
"""By so many bytes a sealed thing is longer than the thing itself."""


class Locked(Refusal):
    """It does not open: it was sealed under another secret, for another place, or is damaged."""


def fresh_key() -> bytes:
    """A key of nobody yet."""
    return secrets.token_bytes(KEY_BYTES)


def drawn(secret: bytes, purpose: bytes) -> bytes:
    """A key for one purpose out of a secret for many."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"nok " + purpose).derive(secret)


def sealed(key: bytes, content: bytes, place: str) -> bytes:
    """The content as noise; moved to another place it does not open."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def opened(key: bytes, content: bytes, place: str) -> bytes:
    """The content again. Raises Locked."""
    try:
        return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise Locked(
            "Запечатанное не открывается: другой ключ службы (NOK_SECRET_KEY) или файл повреждён."
        ) from error
