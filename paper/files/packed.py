"""What lies in a ZIP, one file at a time: never unpacked onto the disk, never more than was allowed."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, NamedTuple

from paper.files.limits import MOST_BYTES, MOST_DIRECTORY, MOST_ENTRIES, MOST_UNPACKED
from paper.reasons import Reason

END, END_LENGTH, LONGEST_COMMENT = b"PK\x05\x06", 22, 2**16
LARGE = b"PK\x06\x07"
LARGE_LENGTH = 20
PIECE = 2**20
LONGEST_NAME = 200
CLOSED = 0x1
UNDERSTOOD = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
NOISE = (".ds_store", "thumbs.db", "desktop.ini")
BROKEN = (zipfile.BadZipFile, OSError, ValueError, EOFError, zlib.error, lzma.LZMAError, NotImplementedError)


class Inner(NamedTuple):
    """A file out of a ZIP, or why there is none."""

    name: str
    content: BytesIO | None
    reason: Reason | None = None


def unpacked(source: IO[bytes]) -> Iterator[Inner]:
    """Each file in the order of its name; the whole archive refused under an empty name."""
    wrong = _suspicious(source)
    if wrong:
        yield Inner("", None, wrong)
        return
    try:
        archive = zipfile.ZipFile(source)
    except BROKEN:
        yield Inner("", None, Reason.DAMAGED)
        return
    with archive:
        left = MOST_UNPACKED
        for entry in sorted(filter(_worth, archive.infolist()), key=_in_order):
            inner = _inner(archive, entry, left)
            left -= len(inner.content.getbuffer()) if inner.content else 0
            yield inner
            if inner.reason is Reason.BOMB:
                return


def count(source: IO[bytes]) -> int:
    """How many files lie in it, as far as it tells."""
    if _suspicious(source):
        return 1
    try:
        with zipfile.ZipFile(source) as archive:
            return max(1, sum(map(_worth, archive.infolist())))
    except BROKEN:
        return 1


def _suspicious(source: IO[bytes]) -> Reason | None:
    """Is the list of names larger than the names of a batch? It would be read whole."""
    size = source.seek(0, 2)
    source.seek(max(0, size - LONGEST_COMMENT - END_LENGTH - LARGE_LENGTH))
    tail = source.read()
    source.seek(0)
    place = tail.rfind(END)
    if place < 0 or len(tail) < place + END_LENGTH:
        return Reason.DAMAGED
    entries = int.from_bytes(tail[place + 10 : place + 12], "little")
    length = int.from_bytes(tail[place + 12 : place + 16], "little")
    large = tail[max(0, place - LARGE_LENGTH) : place].startswith(LARGE)
    if large or entries > MOST_ENTRIES or length > MOST_DIRECTORY:
        return Reason.TOO_MANY
    return None


def _worth(entry: zipfile.ZipInfo) -> bool:
    """Neither a folder nor what a Mac or Windows puts beside pictures."""
    parts = entry.filename.replace("\\", "/").split("/")
    hidden = parts[-1].startswith(".") or "__MACOSX" in parts
    return not entry.is_dir() and not hidden and parts[-1].lower() not in NOISE


def _in_order(entry: zipfile.ZipInfo) -> list[tuple[int, int, str]]:
    """«2.jpg» before «10.jpg»."""
    words: list[tuple[int, int, str]] = []
    digits = ""
    for sign in f"{entry.filename.lower()}\0":
        if sign.isascii() and sign.isdigit() and len(digits) < 18:
            digits += sign
            continue
        if digits:
            words.append((0, int(digits), ""))
        digits = ""
        words.append((1, 0, sign))
    return words


def _inner(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> Inner:
    name = _plain(entry.filename)
    if entry.flag_bits & CLOSED:
        return Inner(name, None, Reason.ENCRYPTED)
    if entry.compress_type not in UNDERSTOOD:
        return Inner(name, None, Reason.DAMAGED)
    content, most = BytesIO(), min(MOST_BYTES, left)
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                content.write(piece)
                if content.tell() > most:
                    return Inner(name, None, Reason.BOMB if left <= MOST_BYTES else Reason.FILE_TOO_LARGE)
    except (*BROKEN, RuntimeError):
        return Inner(name, None, Reason.DAMAGED)
    content.seek(0)
    return Inner(name, content)


def _plain(name: str) -> str:
    """The last part of a path as a line of text."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign if sign.isprintable() else " " for sign in bare)[-LONGEST_NAME:]
