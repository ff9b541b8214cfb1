"""What is printed on a side of a form, as a coarse picture of how dark it is: ink that is not print is told by it.

Taken from the blank PDF when the form is laid out, and kept with its geometry. Where something else comes to be printed
or written (the code, the digits, whose sheet it is, an answer in words) it is black: nothing there is ever strange.
"""

import io
from base64 import b64decode, b64encode
from collections.abc import Iterable

import pypdfium2
from PIL import Image, ImageDraw

from paper.geometry import Spot
from surveys.press import raster

DOTS = 2
"""Points a millimetre."""
FINER = 2
SHADES = 15


def drawn(blank: bytes, black: Iterable[Iterable[Spot]]) -> list[str]:
    """Each page of the blank PDF as `Side.printed` holds it; `black`: what of it may hold anything."""
    scale = FINER * DOTS * 25.4 / 72
    with raster.PDFIUM, pypdfium2.PdfDocument(blank) as document:
        pages = [page.render(scale=scale, grayscale=True).to_pil().convert("L") for page in document]
    return [_told(page.reduce(FINER), spots) for page, spots in zip(pages, black, strict=True)]


def _told(picture: Image.Image, black: Iterable[Spot]) -> str:
    pen = ImageDraw.Draw(picture)
    for spot in black:
        left, top = spot.x * DOTS, spot.y * DOTS
        pen.rectangle((left, top, left + spot.width * DOTS, top + spot.height * DOTS), fill=0)
    file = io.BytesIO()
    picture.point([round((255 - grey) * SHADES / 255) for grey in range(256)]).save(
        file, "PNG", optimize=True
    )
    return b64encode(file.getvalue()).decode("ascii")


def shades(told: str) -> Image.Image:
    """The picture again: 0 white … `SHADES` black."""
    with Image.open(io.BytesIO(b64decode(told))) as opened:
        opened.load()
        return opened.convert("L")
