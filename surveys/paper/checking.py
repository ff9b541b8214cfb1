"""Nothing is handed over whose code does not read: the finished page is looked at as a telephone would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from PIL import Image

from surveys import qr
from surveys.paper.formats import Format
from surveys.paper.poster import Poster
from surveys.press import raster
from surveys.press.canvas import Drawn

GLANCE = 3
"""Pixels a module: a little more than a telephone sees from the distance that the code is drawn for."""


def read_back(picture: Image.Image, poster: Poster, form: Format) -> None:
    """Every code of the page on each face of it, and no other. Raises qr.UnreadableCode."""
    _matched(qr.decode(picture), poster, form)


def read_whole(pdf: bytes, poster: Poster, form: Format) -> None:
    """The same of a file of one page. Raises qr.UnreadableCode."""
    read_back(raster.picture(pdf, width=max(900, round(form.size[0] * 7))), poster, form)


def glanced(pdf: bytes, posters: Sequence[Poster], pages: Sequence[Drawn], form: Format) -> list[bool]:
    """Was every code of each page read where it stands? One that was not may still be read by a look at the whole."""
    squares = [
        [raster.Square(seat.left, seat.low, seat.side, GLANCE * seat.modules) for seat in page.codes]
        for page in pages
    ]
    return [
        _seen(pictures, poster, form)
        for pictures, poster in zip(raster.grey_squares(pdf, squares), posters, strict=True)
    ]


def _seen(pictures: Sequence[Image.Image], poster: Poster, form: Format) -> bool:
    try:
        _matched([text for one in pictures for text in qr.decode(one, upright=form.faces == 1)], poster, form)
    except qr.UnreadableCode:
        return False
    return True


def _matched(found: Iterable[str], poster: Poster, form: Format) -> None:
    wanted = {poster.link}
    if poster.agency_url and form.official:
        wanted.add(poster.agency_url)
    read = Counter(found)
    if read.keys() != wanted or min(read.values()) < form.faces:
        raise qr.UnreadableCode(f"drawn {sorted(wanted)!r}, read {dict(read)!r}")
