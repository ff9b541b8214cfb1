"""JPEG, PNG, WebP and TIFF of many pages, each looked at before it is decoded."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import IO, Literal

from PIL import Image, ImageFile

from paper.files.limits import KEPT_PIXELS, MOST_DEEP_PIXELS, MOST_PAGES, MOST_PIXELS
from paper.files.page import Aside, Page, plain
from paper.reasons import Reason
from surveys.pictures import UNREADABLE, over_and_over

Wanted = Callable[[int], bool]
PLAIN = ("1", "L", "P", "RGB", "CMYK", "YCbCr")
MOST_TAGS = 2**16
SCAN, END = b"\xff\xda", b"\xff\xd9"
FILLER = bytes(16)  # the decoder looks some bytes ahead
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
            found = _page(opened, 1)
        yield (
            Aside(1, Reason.DAMAGED)
            if format == "JPEG" and isinstance(found, Page) and _runs_dry(sent, found)
            else found
        )
    except _TOO_LARGE:
        yield Aside(1, Reason.TOO_LARGE)
    except UNREADABLE:
        yield Aside(1, Reason.DAMAGED)


def several(source: IO[bytes], wanted: Wanted, most: int) -> Iterator[Page | Aside]:
    """Every page of a TIFF that opens. A page cut off is set aside; what was to come after it nobody can know."""
    content = BytesIO(source.read())  # its decoder wants it whole, again for every page
    try:
        opened = Image.open(content, formats=("TIFF",))
    except _TOO_LARGE:
        yield Aside(1, Reason.TOO_LARGE)
        return
    except (*UNREADABLE, UserWarning):
        yield Aside(0, Reason.DAMAGED)
        return
    with opened:
        for number in range(1, most + 2):  # never asked how many it has: a small file can have a million
            try:
                opened.seek(number - 1)
            except EOFError:
                return
            except _TOO_LARGE:
                if wanted(number):
                    yield Aside(number, Reason.TOO_LARGE)
                continue
            except (*UNREADABLE, UserWarning):  # Pillow warns of tags that break off; warnings may be errors
                if wanted(number):
                    yield Aside(number, Reason.DAMAGED)
                return
            if wanted(number):
                yield _tried(opened, number)


def frames(source: IO[bytes]) -> int:
    """How many pages a TIFF has, as far as it tells and no more than are read; no page is opened for it."""
    size = source.seek(0, 2)
    source.seek(0)
    head = source.read(16)
    order: Literal["little", "big"] = "little" if head[:1] == b"I" else "big"
    large = 43 in head[2:4]
    wide, count, entry = (8, 8, 20) if large else (4, 2, 12)
    place = int.from_bytes(head[8:16] if large else head[4:8], order)
    seen: set[int] = set()
    while 0 < place < size and place not in seen and len(seen) < MOST_PAGES:
        seen.add(place)
        source.seek(place)
        entries = int.from_bytes(source.read(count), order)
        if entries > MOST_TAGS:  # nobody has so many: it breaks off here
            break
        source.seek(place + count + entries * entry)
        place = int.from_bytes(source.read(wide), order)
    return max(1, len(seen))


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
    deep = opened.mode not in PLAIN or "transparency" in opened.info
    if opened.width * opened.height > (MOST_DEEP_PIXELS if deep else MOST_PIXELS):
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


def _runs_dry(sent: bytes, page: Page) -> bool:
    """Does a JPEG end before its last line? Its decoder fills up with one colour then: a sheet would pass for blank.

    Where one edge is of one colour it is decoded again, small, with nothing in place of its end mark: it comes to its
    last line only if that is there. With several scans it cannot be told so: a bit a block is the least it needs.
    """
    start = _data_at(sent)
    end = sent.find(END, start)
    if not start or end < 0 or not _flat_edge(page.picture):
        return False
    with Image.open(BytesIO(sent), formats=("JPEG", "MPO")) as opened:
        if opened.info.get("progressive") or 0 <= sent.find(SCAN, start) < end:
            return (end - start) * 8 * 64 < opened.width * opened.height
        opened.draft("L", (max(1, opened.width // 8), max(1, opened.height // 8)))
        decoder = Image._getdecoder(opened.mode, "jpeg", opened.tile[0][3], opened.decoderconfig)
        small = Image.new(opened.mode, opened.size)
        decoder.setimage(small.im, opened.tile[0][1])
        reached, _error = decoder.decode(sent[:end] + FILLER)
        decoder.cleanup()
    return reached >= 0


def _flat_edge(picture: Image.Image) -> bool:
    wide, high = picture.size
    for box in ((0, 0, wide, 1), (0, high - 1, wide, high), (0, 0, 1, high), (wide - 1, 0, wide, high)):
        lowest, highest = picture.crop(box).convert("L").getextrema()
        if lowest == highest:
            return True
    return False


def _data_at(sent: bytes) -> int:
    """Where the points of a JPEG begin, behind everything that is told about it; 0 if nowhere."""
    place = 2
    while sent[place : place + 1] == b"\xff" and place + 4 <= len(sent):
        if sent[place + 1] == 0xFF:
            place += 1
            continue
        after = place + 2 + int.from_bytes(sent[place + 2 : place + 4])
        if sent[place : place + 2] == SCAN:
            return after
        place = after
    return 0
