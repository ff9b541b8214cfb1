"""Signatures under a document: the council's own, those made elsewhere, and every way in which they are wrong."""

import asyncio
import base64
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from certificates import AT, PASSWORD, a_pair, a_store, apart, of_gost
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask
from flask_babel import Babel

from documents.bound.binder import About, Binder
from documents.signing import detached, pades
from documents.signing.told import Checked
from surveys.refusals import Refusal


@pytest.fixture(autouse=True, scope="module")
def speaking():
    app = Flask("desk")
    app.config.update(BABEL_DEFAULT_LOCALE="ru")
    Babel(app)
    with app.test_request_context("/"):
        yield


@pytest.fixture(scope="module")
def pair():
    return a_pair()


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A document as the binder writes it, of one empty page."""
    part = tmp_path_factory.mktemp("part") / "part.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].obj.StructParents = 0
        tree = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        element = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Document))
        element.P, element.K, tree.K = tree, pikepdf.Array(), pikepdf.Array([element])
        tree.ParentTree = pdf.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array([0, pikepdf.Array()])))
        pdf.Root.StructTreeRoot, pdf.Root.Metadata = tree, pdf.make_stream(b"<x/>")
        pdf.docinfo["/Title"] = "x"
        pdf.save(part)
    out = io.BytesIO()
    binder = Binder(out)
    binder.add(Path(part))
    binder.finish(About("ru"))
    return out.getvalue()


def signed(document: bytes, pair) -> bytes:
    content, _told = pades.signed(document, a_store(pair), PASSWORD, reason="Выпуск № 1", at=AT)
    return content


def test_a_signed_document_holds_the_old_bytes_and_a_signature_that_agrees(document, pair, caplog) -> None:
    content, told = pades.signed(document, a_store(pair), PASSWORD, reason="Выпуск № 1", at=AT)
    assert content.startswith(document) and len(content) > len(document)
    assert told.signer == "Иванова Мария Петровна, Общественный совет"
    assert told.valid_until == "2027-09-16" and told.checked is Checked.WHOLE
    assert pades.checked(content) == told
    assert b"ETSI.CAdES.detached" in content
    assert caplog.text == ""  # the signer's name is no matter of a log
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1


def test_a_thread_that_is_in_a_loop_of_events_signs_and_checks_as_well(document, pair) -> None:
    async def looped() -> tuple[Checked, Checked]:
        content = signed(document, pair)
        return pades.checked(content).checked, detached.read(
            apart(document, pair, Encoding.DER), document
        ).checked

    # a browser's test before this one may have left a loop running in the suite's own thread
    with ThreadPoolExecutor(max_workers=1) as own:
        assert own.submit(lambda: asyncio.run(looped())).result() == (Checked.WHOLE, Checked.WHOLE)


def test_a_signed_document_that_was_changed_is_found_out(document, pair) -> None:
    content = signed(document, pair)
    at = content.index(b"/Lang (ru)") if b"/Lang (ru)" in content else 20
    with pytest.raises(Refusal, match="изменён после подписания|повреждён"):
        pades.checked(content[:at] + b"#" + content[at + 1 :])
    with pytest.raises(Refusal, match="что-то добавили"):
        pades.checked(appended(content))
    with pytest.raises(Refusal, match="нет подписи"):
        pades.checked(document)


def appended(content: bytes) -> bytes:
    from pyhanko.pdf_utils.generic import NameObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root[NameObject("/PageLayout")] = NameObject("/SinglePage")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("store", "password", "said"),
    [
        ("good", "не тот", "пароль не подошёл"),
        ("good", "", "пароль не подошёл"),
        ("nonsense", PASSWORD, "не файл PKCS#12"),
        ("old", PASSWORD, "Срок действия сертификата истёк: он действовал до 19 ноября 2026"),
        ("early", PASSWORD, "Сертификат ещё не действует"),
    ],
)
def test_what_cannot_sign_says_why(document, pair, store: str, password: str, said: str) -> None:
    stores = {
        "good": lambda: a_store(pair),
        "nonsense": lambda: b"0\x82 nothing",
        "old": lambda: a_store(a_pair(until=AT - timedelta(days=1))),
        "early": lambda: a_store(a_pair(until=AT + timedelta(days=400))),
    }
    with pytest.raises(Refusal, match=said):
        pades.signed(document, stores[store](), password, reason="", at=AT)


@pytest.mark.parametrize("spelling", ["der", "pem", "letters"])
def test_a_signature_made_elsewhere_is_known_in_any_spelling(document, pair, spelling: str) -> None:
    made = apart(document, pair, Encoding.PEM if spelling == "pem" else Encoding.DER)
    told = detached.read(base64.encodebytes(made) if spelling == "letters" else made, document)
    assert told.signer.startswith("Иванова") and told.checked is Checked.WHOLE and told.algorithm == "SHA-256"


def test_a_signature_of_another_file_is_refused(document, pair) -> None:
    with pytest.raises(Refusal, match="подпись другого файла"):
        detached.read(apart(document + b" ", pair), document)


def test_an_unknown_digest_is_kept_and_said_to_be_unchecked(document, pair) -> None:
    told = detached.read(of_gost(apart(document, pair)), document)
    assert told.checked is Checked.NOTHING and "ГОСТ Р 34.11-2012" in told.algorithm
    assert told.signer.startswith("Иванова")


@pytest.mark.parametrize(
    "wrong", [b"", b"0", b"\x30\x03\x02\x01\x05", b"%PDF-1.7", b"0\x80" * 5_000, "слова".encode()]
)
def test_what_is_no_signature_is_said_to_be_none(document, wrong: bytes) -> None:
    with pytest.raises(Refusal, match="не файл подписи"):
        detached.read(wrong, document)


def test_a_signature_with_the_document_inside_is_another_kind(document, pair) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import pkcs7

    builder = pkcs7.PKCS7SignatureBuilder().set_data(document).add_signer(pair[1], pair[0], hashes.SHA256())
    whole = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    with pytest.raises(Refusal, match="нужна отсоединённая"):
        detached.read(whole, document)
