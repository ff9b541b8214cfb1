"""A page of a PDF as a picture, by PDFium: for screens, and to read back what was written."""

from __future__ import annotations

from threading import Lock

import pypdfium2
from PIL import Image

PDFIUM = Lock()
"""It serves one thread at a time."""


def picture(pdf: bytes, *, dpi: float = 0, width: int = 0, page: int = 0) -> Image.Image:
    """One page, at so many dots an inch or so many pixels wide."""
    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        sheet = document[page]
        scale = dpi / 72 if dpi else width / sheet.get_width()
        drawn: Image.Image = sheet.render(scale=scale).to_pil().convert("RGB")
        sheet.close()
    return drawn


def grey_pages(pdf: bytes, width: int) -> list[Image.Image]:
    """Every page, small and grey: enough to read a code, and quick, as fonts are opened once for all."""
    pictures = []
    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        for sheet in document:
            pictures.append(sheet.render(scale=width / sheet.get_width(), grayscale=True).to_pil())
            sheet.close()
    return pictures
