"""Files enclosed in a PDF. The document may come from anybody: what it holds is bounded and never run."""

import zlib
from io import BytesIO

import pikepdf
from pikepdf import Pdf

from nok.enclosed import MOST_BYTES
from nok.refusal import Refused, shown

PARTS = ("release.json", "result.json", "input.json")
TOO_LARGE = "вложенный файл слишком велик: это не документ этой службы"


def opened(content: bytes) -> Pdf:
    """The document. Raises Refused."""
    try:
        return Pdf.open(BytesIO(content))
    except pikepdf.PasswordError:
        raise Refused("", "документ закрыт паролем: снимите пароль или скачайте документ заново") from None
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        raise Refused("", "документ повреждён или скачан не до конца: PDF не открывается") from error


def parts(pdf: Pdf) -> dict[str, bytes]:
    """Our own files out of it, by name. Raises Refused."""
    try:
        names = [name for name in PARTS if name in pdf.attachments]
    except (pikepdf.PdfError, ValueError, TypeError, KeyError) as error:
        raise Refused("", "список вложений документа повреждён") from error
    return {name: _bytes(pdf, name) for name in names}


def _bytes(pdf: Pdf, name: str) -> bytes:
    try:
        stream = pdf.attachments[name].get_file().obj
        raw, packed = stream.read_raw_bytes(), stream.get("/Filter")
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(name, "вложение повреждено") from error
    kinds = (
        []
        if packed is None
        else [str(f) for f in (packed if isinstance(packed, pikepdf.Array) else [packed])]
    )
    if not kinds:
        return _bounded(raw, name)
    if kinds != ["/FlateDecode"] or stream.get("/DecodeParms") is not None:
        raise Refused(name, f"вложение сжато незнакомым способом ({shown(' '.join(kinds))})")
    opening = zlib.decompressobj()
    try:
        found = opening.decompress(raw, MOST_BYTES + 1)
    except zlib.error as error:
        raise Refused(name, "вложение повреждено: сжатые данные не читаются") from error
    if not opening.eof and len(found) <= MOST_BYTES:
        raise Refused(name, "вложение обрывается")
    return _bounded(found, name)


def _bounded(content: bytes, name: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise Refused(name, TOO_LARGE)
    return content
