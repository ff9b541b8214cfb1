"""Last touches to a finished PDF: page numbers over joined parts, files enclosed. Tags are kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO

import pikepdf
from pikepdf import AttachedFileSpec, Name, Pdf
from pikepdf.models.metadata import encode_pdf_date

#: Draws the feet of all pages, told of each page whether it lies on its side.
Feet = Callable[[Sequence[bool]], bytes]
#: An artifact is no part of the tagged text: nobody hears a page number in the middle of a table.
_FOOT = "Q /Artifact <</Type /Pagination /Subtype /Footer>> BDC q {name} Do Q EMC"


def sealed(
    pdf: bytes, files: Mapping[str, tuple[str, bytes]], made: datetime, feet: Feet | None = None
) -> bytes:
    """Enclose JSON files, name → (what it is, bytes), dated `made` in UTC; lay a foot over every page."""
    with Pdf.open(BytesIO(pdf)) as whole:
        if feet is not None:
            _number(whole, feet)
        for name, (about, content) in files.items():
            whole.attachments[name] = _file(whole, name, about, content, encode_pdf_date(made))
        out = BytesIO()
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _number(whole: Pdf, feet: Feet) -> None:
    sides = [page.mediabox[2] > page.mediabox[3] for page in whole.pages]
    with Pdf.open(BytesIO(feet(sides))) as drawn:
        if len(drawn.pages) != len(whole.pages):
            raise ValueError(f"подвалов {len(drawn.pages)}, страниц {len(whole.pages)}")
        for page, foot in zip(whole.pages, drawn.pages, strict=True):
            _stamp(whole, page, foot)


def _stamp(whole: Pdf, page: pikepdf.Page, foot: pikepdf.Page) -> None:
    form = whole.copy_foreign(foot.as_form_xobject())
    # Pages of one part share their resources, so every foot needs a name of its own.
    name = page.add_resource(form, Name.XObject, Name(f"/NokFoot{page.index}"))
    page.contents_add(b"q", prepend=True)
    page.contents_add(_FOOT.format(name=name).encode())


def _file(whole: Pdf, name: str, about: str, content: bytes, date: str) -> AttachedFileSpec:
    return AttachedFileSpec(
        whole,
        content,
        filename=name,
        description=about,
        mime_type="application/json",
        creation_date=date,
        mod_date=date,
    )
