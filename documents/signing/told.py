"""What is said of a signature: who, by whose word, until when, and honestly what of it was checked."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from asn1crypto import x509  # type: ignore[import-untyped]


class Checked(StrEnum):
    """How far a signature was checked; nobody's trust in an issuer is checked by the service."""

    WHOLE = "whole"  # the mathematics agree and the file is the very one
    DIGEST = "digest"  # the file's digest is the one signed; the mathematics were not done
    NOTHING = "nothing"  # an algorithm that the service does not know


class Told(NamedTuple):
    """A signature as pages show it; days are ISO dates, empty where the certificate is not in the file."""

    signer: str
    issuer: str
    valid_from: str
    valid_until: str
    algorithm: str
    checked: Checked


def of(certificate: x509.Certificate | None, algorithm: str, checked: Checked) -> Told:
    """What a certificate says of its owner."""
    algorithm = algorithm.upper().replace("SHA", "SHA-") if algorithm.startswith("sha") else algorithm
    if certificate is None:
        return Told("", "", "", "", algorithm, checked)
    days = (certificate.not_valid_before, certificate.not_valid_after)
    begins, ends = (day.date().isoformat() for day in days)
    return Told(name_of(certificate.subject), name_of(certificate.issuer), begins, ends, algorithm, checked)


def name_of(name: x509.Name) -> str:
    """A person's or an organisation's name; a council's certificate may hold several."""
    known: dict[str, Any] = name.native
    found = [known.get(key) for key in ("common_name", "organization_name") if known.get(key)]
    words = [" ".join(one) if isinstance(one, list) else str(one) for one in found]
    return ", ".join(dict.fromkeys(words))[:300]


def out_of_date(certificate: x509.Certificate, at: datetime) -> str:
    """Which way a certificate is not valid at a moment: "early", "late" or nothing."""
    moment = at.astimezone(UTC)
    if moment < certificate.not_valid_before:
        return "early"
    return "late" if moment > certificate.not_valid_after else ""
