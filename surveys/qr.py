"""QR codes: an address as dark modules on white, level Q, quiet zone of four modules, and back again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from math import isqrt
from typing import Any

import zxingcpp
from PIL import Image

QUIET = 4
"""Width of the empty border in modules: ISO/IEC 18004 asks for four."""

LEVEL = "Q"
"""A quarter of the words of a code may be lost, to a scratch or a sticker."""

_DARK = re.compile(b"\x01+")
_AS_LIGHT = bytes([255, 0]) + bytes(254)
_AS_DARK = bytes([1]) + bytes(255)
_FORMAT = zxingcpp.BarcodeFormat.QRCode
_FORMATS = zxingcpp.BarcodeFormats(_FORMAT)


class UnreadableCode(Exception):
    """A drawn code did not read back as the text it was drawn from."""


def matrix(text: str) -> list[list[bool]]:
    """The modules of the smallest level Q code, True is dark, without the quiet zone."""
    return [[module == 1 for module in row] for row in _modules(text)]


def side(text: str, level: str = LEVEL) -> int:
    """Modules along one edge of the printed code, both quiet zones included."""
    return len(_modules(text, level)) + 2 * QUIET


def svg(text: str, *, title: str, css_class: str = "qr") -> str:
    """A stand-alone SVG, one unit a module; white ground is part of it, so a dark page cannot invert it."""
    edge = side(text)
    name = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{escape(css_class)}" viewBox="0 0 {edge} {edge}"'
        f' role="img" aria-label="{name}" shape-rendering="crispEdges"><title>{name}</title>'
        f'<rect width="{edge}" height="{edge}" fill="#fff"/><path d="{_path(_modules(text))}"/></svg>'
    )


def image(text: str, *, module_pixels: int) -> Image.Image:
    """A 1-bit picture with the quiet zone, a whole number of pixels to a module."""
    if module_pixels < 1:
        raise ValueError("module_pixels must be at least 1")
    rows = _modules(text)
    small = Image.frombytes("L", (len(rows),) * 2, b"".join(rows).translate(_AS_LIGHT)).convert("1")
    edge = side(text) * module_pixels
    picture = Image.new("1", (edge, edge), 1)
    code = small.resize((len(rows) * module_pixels,) * 2, Image.Resampling.NEAREST)
    picture.paste(code, (QUIET * module_pixels,) * 2)
    return picture


def png(text: str, *, module_pixels: int) -> bytes:
    """The 1-bit picture as a PNG file; the same text always gives the same bytes."""
    file = BytesIO()
    image(text, module_pixels=module_pixels).save(file, "PNG", optimize=True)
    return file.getvalue()


def decode(picture: Image.Image, *, upright: bool = False) -> list[str]:
    """The text of every QR code seen in a picture, in no order that matters; empty when none is seen."""
    lying = not upright  # what we drew stands upright, dark on white: nothing else need be tried
    found = zxingcpp.read_barcodes(
        picture.convert("L"), formats=_FORMATS, try_rotate=lying, try_downscale=lying, try_invert=lying
    )
    return [code.text for code in found]


def checked(text: str) -> str:
    """The same text, once the modules drawn for it have been read back; UnreadableCode if they differ."""
    if (read := decode(image(text, module_pixels=4), upright=True)) != [text]:
        raise UnreadableCode(f"drawn {text!r}, read {read!r}")
    return text


def rectangles(text: str, level: str = LEVEL) -> str:
    """Its dark stretches in the words of a PDF, one unit a module, from the upper left without the quiet zone."""
    rows = _modules(text, level)
    at = _corners(len(rows))
    whole = map(re.Match.span, _DARK.finditer(b"\0".join(rows)))
    return "\n".join([f"{at[start]} {end - start} 1 re" for start, end in whole])


@cache
def _corners(edge: int) -> tuple[str, ...]:
    """«x y» of every module, row by row, with one place between rows."""
    return tuple(f"{place % (edge + 1)} {place // (edge + 1)}" for place in range(edge * (edge + 1)))


@lru_cache(maxsize=256)  # two of each poster that a bundle reads back together, and more
def _modules(text: str, level: str = LEVEL) -> tuple[bytes, ...]:
    """Row by row, 1 is dark."""
    # The writer (Zint) splits K7M4PX2D off as alphanumeric where that saves a version: every module is larger then.
    drawn: Any = zxingcpp.create_barcode(text, _FORMAT, ec_level=level)
    pixels = bytes(memoryview(drawn.to_image(scale=1, add_quiet_zones=False)))
    whole, wide = pixels.translate(_AS_DARK), isqrt(len(pixels))
    return tuple(whole[start : start + wide] for start in range(0, len(whole), wide))


def _path(rows: tuple[bytes, ...]) -> str:
    """Each run of dark modules is one rectangle; all are one path, so that no seam shows between rows."""
    return "".join(
        f"M{QUIET + start} {QUIET + y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in runs(row)
    )


def runs(row: bytes | Sequence[bool]) -> list[tuple[int, int]]:
    """Dark stretches of a row: where each starts and how long it is."""
    return [(found.start(), found.end() - found.start()) for found in _DARK.finditer(bytes(row))]
