"""A page of a PDF as a picture, by PDFium, and a drawing (SVG), by resvg: for screens, and to read back."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from threading import Lock
from typing import NamedTuple

import pypdfium2
import resvg_py
from PIL import Image

PDFIUM = Lock()
"""It serves one thread at a time."""


class Square(NamedTuple):
    """A part of a page: left and lower edge and side in points, and how many pixels wide it is to be."""

    left: float
    low: float
    side: float
    pixels: float


def picture(pdf: bytes, *, dpi: float = 0, width: int = 0, page: int = 0) -> Image.Image:
    """One page, at so many dots an inch or so many pixels wide."""
    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        sheet = document[page]
        scale = dpi / 72 if dpi else width / sheet.get_width()
        drawn: Image.Image = sheet.render(scale=scale).to_pil().convert("RGB")
        sheet.close()
    return drawn


def grey_squares(pdf: bytes, pages: Sequence[Sequence[Square]]) -> list[list[Image.Image]]:
    """Of every page these squares, grey: quick, as nothing else is drawn and fonts are opened once for all."""
    found = []
    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        for sheet, squares in zip(document, pages, strict=True):
            wide, high = sheet.get_size()
            pictures = []
            for left, low, side, pixels in squares:
                beside = (left, low, wide - left - side, high - low - side)
                crop = tuple(max(0.0, edge) for edge in beside)
                pictures.append(sheet.render(scale=pixels / side, crop=crop, grayscale=True).to_pil())
            found.append(pictures)
            sheet.close()
    return found


def drawing(svg: bytes, width: int) -> Image.Image:
    """An SVG file as it stands, so many pixels wide; it needs no font."""
    png = resvg_py.svg_to_bytes(
        svg_string=svg.decode(), width=width, skip_system_fonts=True, background="white"
    )
    return Image.open(BytesIO(png))
