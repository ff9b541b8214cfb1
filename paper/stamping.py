"""Many sheets out of one blank form: the form is drawn once, and each page adds its code and its digits to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

import zxingcpp
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf

from paper import frame, numerals
from paper.layout import Form
from paper.serials import PageCode
from surveys import qr

_PT = 72 / 25.4
_PAGE = (round(frame.WIDTH * _PT, 3), round(frame.HEIGHT * _PT, 3))
SIGNS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SIZE = frame.DIGIT_HEIGHT * _PT


def grouped(code: PageCode) -> str:
    """The digits as they are printed and told over the telephone: «000012 000123 1 45»."""
    told = code.digits
    return f"{told[:6]} {told[6:12]} {told[12]} {told[13:]}"


def stamped(
    form: Form,
    sheets: Iterable[PageCode],
    salt: bytes,
    *,
    head: bytes = b"",
    cover: bytes = b"",
    tick: Callable[[], None] = lambda: None,
) -> bytes:
    """A PDF of these sheets, each with all the sides of the form; `tick` is called after each.

    `head`: a page laid over each first side, that says whose sheet it is; `cover`: pages before all of them.
    """
    with Pdf.new() as whole:
        blanks = _drawings(whole, form.blank)
        heads = _drawings(whole, head) if head else []
        if cover:
            with Pdf.open(BytesIO(cover)) as first:
                whole.pages.extend(first.pages)
        digits = _digits(whole)
        for sheet in sheets:
            for number, blank in enumerate(blanks, start=1):
                over = [blank, *heads] if number == 1 else [blank]
                _add(whole, over, digits, replace(sheet, side=number).checked(salt))
            if len(blanks) > 1 and len(blanks) % 2:
                whole.add_blank_page(page_size=_PAGE)  # or the next sheet would begin on the back of this one
            tick()
        file = BytesIO()
        whole.save(file, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return file.getvalue()


def _drawings(whole: Pdf, pdf: bytes) -> list[Object]:
    """Each page as a drawing that other pages may show."""
    with Pdf.open(BytesIO(pdf)) as source:
        return [whole.copy_foreign(page.as_form_xobject()) for page in source.pages]


def _add(whole: Pdf, drawings: list[Object], digits: Object, code: PageCode) -> None:
    shown = "".join(f"/D{place} Do " for place in range(len(drawings)))
    content = f"{shown}\n{_code(code.text)}\n{_line(grouped(code))}"
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, *_PAGE]),
        Resources=Dictionary(
            XObject=Dictionary({f"/D{place}": drawing for place, drawing in enumerate(drawings)}),
            Font=Dictionary(N=digits),
        ),
        Contents=whole.make_stream(content.encode("ascii")),
    )
    whole.pages.append(Page(page))


def modules(text: str) -> list[list[bool]]:
    """The code as `surveys.qr` draws it, level Q, fifty times as fast: a run has thousands of them."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    picture: Any = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
    rows: Any = memoryview(picture).tolist()
    return [[sign == 0 for sign in row] for row in rows]


def _code(text: str) -> str:
    """The modules as one black path, so that no seam shows between them."""
    rows = modules(text)
    edge = len(rows)
    module = frame.CODE.width * _PT / edge
    left, top = frame.CODE.x * _PT, (frame.HEIGHT - frame.CODE.y) * _PT
    told = [
        f"{start} {edge - 1 - y} {length} 1 re"
        for y, row in enumerate(rows)
        for start, length in qr.runs(row)
    ]
    return (
        f"q {module:.4f} 0 0 {module:.4f} {left:.3f} {top - module * edge:.3f} cm 0 g\n{' '.join(told)} f Q"
    )


def _line(text: str) -> str:
    base = (frame.HEIGHT - frame.DIGITS.y - (frame.DIGITS.height + frame.DIGIT_HEIGHT) / 2) * _PT
    return f"BT 0 g /N {SIZE:.3f} Tf {frame.DIGITS.x * _PT:.3f} {base:.3f} Td ({text}) Tj ET"


def _digits(whole: Pdf) -> Object:
    """A font of ten digits, each as wide as a cell, with the outlines that the reader compares by."""
    cell = round(1000 * frame.CELL / frame.DIGIT_HEIGHT, 3)
    drawn = {
        f"/{SIGNS[int(digit)]}": whole.make_stream(_glyph(contours, cell))
        for digit, contours in numerals.outlines().items()
    }
    drawn["/space"] = whole.make_stream(f"{cell} 0 0 0 0 0 d1".encode())
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, cell, 1000]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(drawn),
        Encoding=Dictionary(
            Type=Name.Encoding,
            Differences=Array([32, Name.space, 48, *(Name(f"/{sign}") for sign in SIGNS)]),
        ),
        FirstChar=32,
        LastChar=57,
        Widths=Array([cell if sign == 32 or sign >= 48 else 0 for sign in range(32, 58)]),
        Resources=Dictionary(),
        ToUnicode=whole.make_stream(_TO_UNICODE),
    )
    return whole.make_indirect(font)


def _glyph(contours: tuple[numerals.Contour, ...], cell: float) -> bytes:
    told = [f"{cell} 0 0 0 {cell} 1000 d1"]
    for contour in contours:
        points = [f"{x * 1000 + cell / 2:.0f} {y * 1000:.0f}" for x, y in contour]
        told.append(f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " h")
    return ("\n".join(told) + "\nf").encode("ascii")


_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Digits def /CMapType 2 def
1 begincodespacerange <20> <39> endcodespacerange
2 beginbfrange <20> <20> <0020> <30> <39> <0030> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""
