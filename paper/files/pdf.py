"""Pages of a PDF, drawn one at a time as finely as the picture in them, and no finer than is read.

PDFium knows no threads: one at a time talks to it.
"""

import ctypes
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from paper.files.limits import (
    FULL_DPI,
    KEPT_PIXELS,
    LEAST_DPI,
    MOST_PIXELS,
    PAGE_SECONDS,
    PLAIN_DPI,
)
from paper.files.page import Aside, Page
from paper.reasons import Reason
from surveys.press import raster

POINTS = 72
DEEPEST = 3
MOST_OBJECTS = 20_000
GREY_BITS = (1, 8)
_one_at_a_time = raster.PDFIUM


class _TooLarge(Exception):
    """A picture in the page has more pixels than may be decoded."""


def drawn(source: IO[bytes], wanted: Callable[[int], bool]) -> Iterator[Page | Aside]:
    """Every wanted page, or why it cannot be had."""
    with _one_at_a_time:
        document = _opened(source)
    if isinstance(document, Aside):
        yield document
        return
    try:
        with _one_at_a_time:
            count = len(document)
        if not count:
            yield Aside(0, Reason.DAMAGED)
        for number in range(1, count + 1):
            if wanted(number):
                with _one_at_a_time:
                    found = _page(document, number)
                yield found
    finally:
        with _one_at_a_time:
            document.close()


def count(source: IO[bytes]) -> int:
    """How many pages it has, as far as it tells."""
    with _one_at_a_time:
        document = _opened(source)
        if isinstance(document, Aside):
            return 1
        pages = len(document)
        document.close()
    return pages


def _opened(source: IO[bytes]) -> PdfDocument | Aside:
    try:
        return PdfDocument(source)
    except PdfiumError as error:
        closed = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        return Aside(0, Reason.ENCRYPTED if closed else Reason.DAMAGED)


def _page(document: PdfDocument, number: int) -> Page | Aside:
    try:
        page = document[number - 1]
    except PdfiumError:
        return Aside(number, Reason.DAMAGED)
    try:
        picture = _rendered(page, *_scale(page))
        if _flat(picture) and _hides_something(page):
            return Aside(number, Reason.DAMAGED)
    except _TooLarge:
        return Aside(number, Reason.TOO_LARGE)
    except (PdfiumError, ValueError, MemoryError, ctypes.ArgumentError):
        return Aside(number, Reason.DAMAGED)
    except TimeoutError:
        return Aside(number, Reason.BOMB)
    finally:
        page.close()
    return Page(number, picture)


def _flat(picture: Image.Image) -> bool:
    return len(set(picture.convert("L").getextrema())) == 1


def _hides_something(page: PdfPage) -> bool:
    """PDFium leaves out a picture for which memory does not suffice: a sheet would pass for a blank back."""
    for found in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=DEEPEST):
        bitmap = found.get_bitmap()
        try:
            if not _flat(bitmap.to_pil().convert("L")):
                return True
        finally:
            bitmap.close()
    return False


def _scale(page: PdfPage) -> tuple[float, bool]:
    """Pixels per point, and whether grey is enough. Raises _TooLarge."""
    finest, pixels, grey, pictures = 0.0, 0, True, 0
    for seen, found in enumerate(page.get_objects(max_depth=DEEPEST)):
        if seen > MOST_OBJECTS:
            raise TimeoutError
        if found.type != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        width, height = found.get_px_size()
        pixels += width * height
        if pixels > MOST_PIXELS:
            raise _TooLarge
        left, bottom, right, top = found.get_bounds()
        across, up = max(right - left, 1.0), max(top - bottom, 1.0)
        if across * up > 0.25 * page.get_width() * page.get_height():
            finest = max(finest, (width * height / (across * up)) ** 0.5 * POINTS)
        grey &= found.get_metadata().bits_per_pixel in GREY_BITS
        pictures += 1
    dpi = min(max(finest, LEAST_DPI), FULL_DPI) if finest else PLAIN_DPI
    area = max(page.get_width() * page.get_height(), 1.0)
    return min(dpi / POINTS, (KEPT_PIXELS / area) ** 0.5), grey and pictures > 0


def _rendered(page: PdfPage, scale: float, grey: bool) -> Image.Image:
    """Raises TimeoutError when it takes too long: a page can be made of a million strokes."""
    width, height = (max(1, round(side * scale)) for side in page.get_size())
    kind = pdfium.FPDFBitmap_Gray if grey else pdfium.FPDFBitmap_BGR
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, kind, rev_byteorder=not grey)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_RENDER_LIMITEDIMAGECACHE
        flags |= pdfium.FPDF_GRAYSCALE if grey else pdfium.FPDF_REVERSE_BYTE_ORDER
        _draw(bitmap, page, width, height, flags)
        mode = "L" if grey else "RGB"
        size = (width, height)
        return Image.frombuffer(mode, size, bitmap.buffer, "raw", mode, bitmap.stride, 1).copy()
    finally:
        bitmap.close()


def _draw(bitmap: Any, page: PdfPage, width: int, height: int, flags: int) -> None:
    until = time.monotonic() + PAGE_SECONDS
    pause = pdfium.IFSDK_PAUSE(version=1)
    asked = type(pause.NeedToPauseNow)(lambda _pause: time.monotonic() > until)
    pause.NeedToPauseNow = asked
    state = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, width, height, 0, flags, pause)
    with suppress(Exception):
        pdfium.FPDF_RenderPage_Close(page)
    if state == pdfium.FPDF_RENDER_TOBECONTINUED:
        raise TimeoutError
    if state != pdfium.FPDF_RENDER_DONE:
        raise ValueError(state)
