"""The last touch to a finished PDF: files enclosed. Tags are kept."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

import pikepdf
from pikepdf import AttachedFileSpec, Pdf
from pikepdf.models.metadata import encode_pdf_date


def sealed(pdf: bytes, files: Mapping[str, tuple[str, bytes]], made: datetime) -> bytes:
    """Enclose JSON files, name → (what it is, bytes), dated `made` in UTC."""
    with Pdf.open(BytesIO(pdf)) as whole:
        for name, (about, content) in files.items():
            whole.attachments[name] = _file(whole, name, about, content, encode_pdf_date(made))
        out = BytesIO()
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


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
