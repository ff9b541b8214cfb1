"""Signatures under a document: made with the council's own certificate, checked, or made elsewhere and kept beside.

pyHanko is fetched when somebody signs: it would be a tenth of every start, of the service and of each command.
"""

import logging
from datetime import datetime

from documents.signing.told import Told

MOST_BYTES = 256 * 1024  # of a signature made elsewhere

# A chain of certificates that leads nowhere is what we expect, and the names of people are no matter of a log.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def sign(pdf: bytes, store: bytes, password: str, *, reason: str, at: datetime) -> tuple[bytes, Told]:
    """The document signed with the certificate of a PKCS#12 store, and what is said of it. Raises Refusal."""
    from documents.signing import pades

    return pades.signed(pdf, store, password, reason=reason, at=at)


def read(signature: bytes, document: bytes) -> Told:
    """What a signature made elsewhere says of the document. Raises Refusal."""
    from documents.signing import detached

    return detached.read(signature, document)
