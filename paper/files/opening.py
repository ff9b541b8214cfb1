"""Inside the process that opens files: what a file is → its pages, one at a time.

What a file is, is told by its first bytes and not by its name.
"""

from collections.abc import Callable, Iterator
from typing import IO, Protocol

from paper.files import packed, pictures
from paper.files.page import Aside, Page
from paper.reasons import Reason

HEAD = 1024
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


class Asker(Protocol):
    """Who wants pages, and is told what is about to be opened."""

    def wanted(self, number: int) -> bool:
        """Shall this page be opened? It is the next thing that is done."""

    def worth_opening(self, number: int, inner: str) -> bool:
        """Shall the file in a ZIP that begins with this page be opened?"""


class _Asked:
    """Which pages are wanted, and how far somebody asked: so it is known how many there are, wanted or not."""

    def __init__(self, wanted: Callable[[int], bool], most: int, before: int = 0) -> None:
        self.wanted, self.most, self.before, self.last = wanted, most, before, 0

    def __call__(self, number: int) -> bool:
        self.last = max(self.last, number)
        return self.before + number <= self.most and self.wanted(self.before + number)


def found(stream: IO[bytes], asker: Asker, most: int) -> Iterator[Page | Aside]:
    """Every wanted page or why it cannot be had; after `most` pages one `Aside` says that there are more."""
    asked = _Asked(asker.wanted, most)
    kind = kind_of(stream)
    for one in _of_zip(stream, asked, asker) if kind == "zip" else _pages(stream, kind, asked):
        if one.number <= most:
            yield one
    if asked.last > most:
        yield Aside(most + 1, Reason.TOO_MANY)


def _pages(stream: IO[bytes], kind: str, wanted: _Asked) -> Iterator[Page | Aside]:
    if kind == "pdf":
        from paper.files import pdf  # PDFium comes with the extra that reads scans

        yield from pdf.drawn(stream, wanted)
    elif kind == "tiff":
        yield from pictures.several(stream, wanted, wanted.most)
    elif kind in ("JPEG", "PNG", "WEBP"):
        yield from pictures.one(stream, kind, wanted)
    else:
        yield Aside(0, {"heic": Reason.HEIC, "empty": Reason.EMPTY_FILE}.get(kind, Reason.NOT_A_PICTURE))


def _of_zip(stream: IO[bytes], wanted: _Asked, asker: Asker) -> Iterator[Page | Aside]:
    """Pages of all its files, numbered through; the same numbers when it is gone through again."""
    before = 0
    for inner in packed.unpacked(stream):
        if not inner.name:
            yield Aside(0, inner.reason or Reason.DAMAGED)
            return
        asked = _Asked(wanted.wanted, wanted.most, before)
        if not asker.worth_opening(before + 1, inner.name):
            before += 1
            continue
        for one in _of_inner(inner, asked):
            number = max(one.number, 1)
            asked.last = max(asked.last, number)
            if isinstance(one, Page):
                yield Page(before + number, one.picture, inner.name)
            elif wanted(before + number):
                yield Aside(before + number, one.reason, inner.name)
        before += asked.last
        if before > wanted.most:
            wanted.last = before
            return


def _of_inner(inner: packed.Inner, wanted: _Asked) -> Iterator[Page | Aside]:
    if inner.content is None:
        return iter((Aside(1, inner.reason or Reason.DAMAGED),))
    kind = kind_of(inner.content)
    if kind == "zip":
        return iter((Aside(1, Reason.NESTED),))
    return _pages(inner.content, kind, wanted)


def kind_of(stream: IO[bytes]) -> str:
    """What its first bytes say."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    if not head:
        return "empty"
    for start, kind in (
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
        (b"II+\0", "tiff"),
        (b"MM\0+", "tiff"),
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
    ):
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "heic"
    return "pdf" if b"%PDF-" in head else ""
