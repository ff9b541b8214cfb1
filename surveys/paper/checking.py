"""Nothing is handed over whose code does not read: the finished page is looked at as a telephone would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PIL import Image

from surveys import qr
from surveys.paper.formats import Format
from surveys.paper.poster import Poster
from surveys.press import raster

GLANCE = 520
"""Pixels over the width of a page: two or so a module of our code, what a telephone sees from its distance."""


def read_back(picture: Image.Image, poster: Poster, form: Format, *, upright: bool = False) -> None:
    """Every code of the page on each face of it, and no other. Raises qr.UnreadableCode."""
    wanted = {poster.link}
    if poster.agency_url and form.official:
        wanted.add(poster.agency_url)
    read = Counter(qr.decode(picture, upright=upright))
    if read.keys() != wanted or min(read.values()) < form.faces:
        raise qr.UnreadableCode(f"drawn {sorted(wanted)!r}, read {dict(read)!r}")


def read_whole(pdf: bytes, poster: Poster, form: Format) -> None:
    """The same of a file of one page. Raises qr.UnreadableCode."""
    read_back(raster.picture(pdf, width=max(900, round(form.size[0] * 7))), poster, form)


def glanced(pdf: bytes, posters: Sequence[Poster], form: Format) -> list[bool]:
    """Was every code of each page read at a glance? One that was not may still be read by a closer look."""
    read = []
    for picture, poster in zip(raster.grey_pages(pdf, GLANCE), posters, strict=True):
        try:
            read_back(picture, poster, form, upright=form.faces == 1)
        except qr.UnreadableCode:
            read.append(False)
        else:
            read.append(True)
    return read
