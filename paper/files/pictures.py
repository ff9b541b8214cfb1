"""JPEG, PNG, WebP and TIFF of many pages, each looked at before it is decoded."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import IO

from PIL import Image, ImageFile

from paper.files.limits import KEPT_PIXELS, MOST_PIXELS
from paper.files.page import Aside, Page, plain
from paper.words import Reason
from surveys.pictures import UNREADABLE, over_and_over

Wanted = Callable[[int], bool]
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def one(source: IO[bytes], format: str, wanted: Wanted) -> Iterator[Page | Aside]:
    """The only picture of a JPEG, PNG or WebP; of a telephone's several frames the first."""
    if not wanted(1):
        return
    sent = source.read()
    if format == "JPEG" and over_and_over(sent):
        yield Aside(1, Reason.BOMB)
        return
    try:
        with Image.open(BytesIO(sent), formats=(format, "MPO") if format == "JPEG" else (format,)) as opened:
            yield _page(opened, 1)
    except _TOO_LARGE:
        yield Aside(1, Reason.TOO_LARGE)
    except UNREADABLE:
        yield Aside(1, Reason.DAMAGED)


def several(source: IO[bytes], wanted: Wanted) -> Iterator[Page | Aside]:
    """Every page of a TIFF that opens. A page cut off is set aside; what was to come after it nobody can know."""
    content = BytesIO(source.read())  # its decoder wants it whole, again for every page
    try:
        opened = Image.open(content, formats=("TIFF",))
    except _TOO_LARGE:
        yield Aside(1, Reason.TOO_LARGE)
        return
    except UNREADABLE:
        yield Aside(0, Reason.DAMAGED)
        return
    with opened:
        number = 0
        while True:
            number += 1
            try:
                opened.seek(number - 1)
            except EOFError:
                return
            except _TOO_LARGE:
                yield Aside(number, Reason.TOO_LARGE)
                continue
            except (*UNREADABLE, UserWarning):  # Pillow warns of tags that break off; warnings may be errors
                yield Aside(number, Reason.DAMAGED)
                return
            if wanted(number):
                yield _tried(opened, number)


def frames(source: IO[bytes]) -> int:
    """How many pages a TIFF has, as far as it tells."""
    try:
        with Image.open(source, formats=("TIFF",)) as opened:
            return int(getattr(opened, "n_frames", 1))
    except (*_TOO_LARGE, *UNREADABLE, UserWarning):
        return 1


def _tried(opened: Image.Image, number: int) -> Page | Aside:
    try:
        return _page(opened, number)
    except _TOO_LARGE:
        return Aside(number, Reason.TOO_LARGE)
    except UNREADABLE:
        return Aside(number, Reason.DAMAGED)


def _page(opened: Image.Image, number: int) -> Page | Aside:
    # WeasyPrint, once loaded, lets every picture that breaks off pass.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    if opened.width * opened.height > MOST_PIXELS:
        return Aside(number, Reason.TOO_LARGE)
    if opened.format in ("JPEG", "MPO"):
        _drafted(opened)
    return Page(number, plain(opened))


def _drafted(opened: Image.Image) -> None:
    """Have a large photograph decoded at half its size or a quarter, if enough of it is left."""
    share = (KEPT_PIXELS / (opened.width * opened.height)) ** 0.5
    if share < 0.5:
        wanted = (int(opened.width * share), int(opened.height * share))
        opened.draft("L" if opened.mode == "L" else "RGB", wanted)
