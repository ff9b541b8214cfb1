"""Certificates made for a test, and what is signed with them."""

from datetime import UTC, datetime, timedelta

from asn1crypto import cms, core  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs7, pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "пароль от ключа"
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
Pair = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def a_pair(name: str = "Иванова Мария Петровна", until: datetime = AT + timedelta(days=300)) -> Pair:
    """A key and a certificate that nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Общественный совет"),
        ]
    )
    made = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(until - timedelta(days=365)).not_valid_after(until)
    return key, made.sign(key, hashes.SHA256())


def a_store(pair: Pair, password: str = PASSWORD) -> bytes:
    """The pair as PKCS#12."""
    key, certificate = pair
    encryption = BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"council", key, certificate, None, encryption)


def apart(document: bytes, pair: Pair, encoding: Encoding = Encoding.DER) -> bytes:
    """A detached signature as a program of its own makes it."""
    key, certificate = pair
    builder = pkcs7.PKCS7SignatureBuilder().set_data(document).add_signer(certificate, key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(encoding, options)


def of_gost(signature: bytes) -> bytes:
    """The same, said to be of a digest that the service does not know."""
    info = cms.ContentInfo.load(signature)
    one = info["content"]["signer_infos"][0]
    one["digest_algorithm"] = cms.DigestAlgorithm({"algorithm": "1.2.643.7.1.1.2.2"})
    info["content"]["digest_algorithms"] = [cms.DigestAlgorithm({"algorithm": "1.2.643.7.1.1.2.2"})]
    content: bytes = cms.ContentInfo.load(info.dump(force=True)).dump()
    assert isinstance(content, bytes) and core.Sequence.load(content)
    return content
