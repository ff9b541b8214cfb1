"""A signature made elsewhere, a .sig or .p7s file: is it one, is it under this very file, how far that is known."""

import asyncio
import base64
import binascii
import hashlib
from typing import Any

from asn1crypto import cms, pem, x509  # type: ignore[import-untyped]
from flask_babel import gettext as _
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from documents.signing import told
from documents.signing.aside import aside
from documents.signing.told import Checked, Told
from surveys.refusals import Refusal

#: Digests of GOST R 34.11 by their numbers: named, not computed, since no well-kept library of ours knows them.
GOST = {
    "1.2.643.7.1.1.2.2": "ГОСТ Р 34.11-2012 (256)",
    "1.2.643.7.1.1.2.3": "ГОСТ Р 34.11-2012 (512)",
    "1.2.643.2.2.9": "ГОСТ Р 34.11-94",
}
SHA2 = ("sha224", "sha256", "sha384", "sha512")
ANY_USE = KeyUsageConstraints(key_usage=set(), match_all_key_usages=False)


def read(signature: bytes, document: bytes) -> Told:
    """What a detached signature says of the document. Raises Refusal: not a signature, of another file, broken."""
    signed = _signed_data(signature)
    if len(signed["signer_infos"]) != 1:
        raise Refusal(_("В файле не одна подпись. Загрузите каждую отдельным файлом."))
    if signed["encap_content_info"]["content"].native is not None:
        raise Refusal(_("Это подпись вместе с документом, а нужна отсоединённая (файл .sig или .p7s)."))
    info: Any = signed["signer_infos"][0]
    digest = str(info["digest_algorithm"]["algorithm"].native)
    certificate = _certificate(signed)
    if digest not in SHA2:
        named = GOST.get(str(info["digest_algorithm"]["algorithm"].dotted), digest)
        return told.of(certificate, named, Checked.NOTHING)
    stated = _stated(info)
    if stated is not None and stated != hashlib.new(digest, document).digest():
        raise Refusal(_("Это подпись другого файла: её отпечаток не совпал с отпечатком отчёта."))
    if certificate is None:
        level = Checked.NOTHING if stated is None else Checked.DIGEST
        return told.of(None, digest, level)
    return told.of(certificate, digest, _mathematics(signed, document, stated is not None))


def _mathematics(signed: Any, document: bytes, stated: bool) -> Checked:
    known = ValidationContext(trust_roots=[], allow_fetching=False)
    try:
        status = aside(_looked_into, signed, document, known)
    except Exception:  # of an algorithm of the key that is not known; whatever it is, nothing was proven
        return Checked.DIGEST if stated else Checked.NOTHING
    if not (status.intact and status.valid):
        raise Refusal(_("Подпись не сходится с отчётом: она повреждена или под другим файлом."))
    return Checked.WHOLE


def _looked_into(signed: Any, document: bytes, known: ValidationContext) -> Any:
    return asyncio.run(async_validate_detached_cms(document, signed, known, key_usage_settings=ANY_USE))


def _signed_data(signature: bytes) -> Any:
    try:
        found = cms.ContentInfo.load(_der(signature), strict=True)
        if found["content_type"].native != "signed_data":
            raise ValueError(found["content_type"].native)
        signed = found["content"]
        if not signed.native["signer_infos"]:  # the whole of it is read here, or refused
            raise ValueError("nobody signed")
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise _no_signature() from error
    return signed


def _no_signature() -> Refusal:
    return Refusal(_("Это не файл подписи: ожидался CMS (.sig или .p7s), как его выдаёт программа подписи."))


def _der(signature: bytes) -> bytes:
    if pem.detect(signature):
        return bytes(pem.unarmor(signature)[2])
    if signature[:1] == b"0":
        return signature
    try:
        return base64.b64decode(
            b"".join(signature.split()), validate=True
        )  # some programs write bare letters
    except binascii.Error as error:
        raise ValueError("neither DER nor letters") from error


def _stated(info: Any) -> bytes | None:
    """The digest that the signature itself names; None: it signs the file directly."""
    for attribute in info["signed_attrs"] or ():
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native)
    return None


def _certificate(signed: Any) -> x509.Certificate | None:
    try:
        return extract_certificate_info(signed).signer_cert
    except (ValueError, KeyError, TypeError):  # the file holds no certificate: whose it is stays unsaid
        return None
