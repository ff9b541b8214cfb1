"""A PDF signed with the council's own certificate (PAdES-B-B), and the same checked by pyHanko's validator.

A time stamp and an answer of the issuer would need the network: the service asks nobody.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from flask_babel import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from documents.signing import told
from documents.signing.aside import aside
from documents.signing.told import Checked, Told
from surveys.display import day
from surveys.refusals import Refusal

FIELD = "Sovet"
ANY_USE = KeyUsageConstraints(key_usage=set(), match_all_key_usages=False)


def signed(pdf: bytes, store: bytes, password: str, *, reason: str, at: datetime) -> tuple[bytes, Told]:
    """The document with a signature added, and what is said of it. The store and the password go nowhere.

    Raises Refusal: a bad password, a file of another kind, a certificate that is not valid at this moment.
    """
    signer = _signer(store, password)
    certificate: x509.Certificate = signer.signing_cert
    _valid(certificate, at)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        name=told.name_of(certificate.subject),
    )
    out = BytesIO()
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        aside(signers.PdfSigner(about, signer=signer).sign_pdf, writer, output=out)
    except (SigningError, PdfError, ValueError) as error:
        raise Refusal(
            _("Подписать не удалось: этим ключом служба подписывать не умеет. Подпишите своей программой.")
        ) from error
    content = out.getvalue()
    return content, checked(content)


def checked(content: bytes) -> Told:
    """What the newest signature of a PDF is worth. Raises Refusal when there is none, or it does not hold."""
    try:
        found = PdfFileReader(BytesIO(content)).embedded_signatures
        if not found:
            raise Refusal(_("В этом файле нет подписи."))
        signature = found[-1]
        known = ValidationContext(trust_roots=[], allow_fetching=False)
        status: Any = aside(validate_pdf_signature, signature, known, key_usage_settings=ANY_USE)
    except (PdfError, ValueError) as error:
        raise Refusal(_("Подпись не читается: файл повреждён.")) from error
    if not (status.intact and status.valid and status.bottom_line is not None):
        raise Refusal(_("Подпись не сходится с документом: он изменён после подписания."))
    if status.coverage.name != "ENTIRE_FILE":
        raise Refusal(_("Подпись не покрывает документ целиком: к нему что-то добавили после неё."))
    return told.of(signature.signer_cert, str(status.md_algorithm), Checked.WHOLE)


def _signer(store: bytes, password: str) -> signers.SimpleSigner:
    try:
        key, own, _others = pkcs12.load_key_and_certificates(store, password.encode())
    except ValueError as error:
        raise Refusal(
            _("Контейнер не открылся: пароль не подошёл или это не файл PKCS#12 (.p12, .pfx).")
        ) from error
    except TypeError as error:
        raise Refusal(_("Этот контейнер служба открыть не умеет.")) from error
    if key is None or own is None:
        raise Refusal(_("В контейнере нет ключа с сертификатом: выгрузите его вместе с закрытым ключом."))
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Refusal(_("Служба подписывает ключами RSA и ECDSA. Другим подпишите своей программой."))
    made: signers.SimpleSigner = signers.SimpleSigner.load_pkcs12_data(store, [], password.encode())
    return made


def _valid(certificate: x509.Certificate, at: datetime) -> None:
    wrong = told.out_of_date(certificate, at if at.tzinfo else at.replace(tzinfo=UTC))
    if wrong == "late":
        ended = day(certificate.not_valid_after.date())
        raise Refusal(_("Срок действия сертификата истёк: он действовал до %(day)s.", day=ended))
    if wrong == "early":
        begins = day(certificate.not_valid_before.date())
        raise Refusal(_("Сертификат ещё не действует: он начнёт действовать %(day)s.", day=begins))
