"""Files as they come from a scanner or a telephone → pages, one at a time; a bad one never holds up the rest.

What a file is, is told by its first bytes and not by its name. Nothing is kept in memory but the page at hand (and of a
TIFF or a ZIP's inner file its packed bytes).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from paper.files import packed, pictures
from paper.files.limits import MOST_PAGES
from paper.files.page import Aside, Page
from paper.words import Reason

HEAD = 1024
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def pages(
    source: Path | IO[bytes], wanted: Callable[[int], bool] = lambda number: True, most: int = MOST_PAGES
) -> Iterator[Page | Aside]:
    """Every page of a file that is `wanted`, in its order; what cannot be had comes as `Aside`, and the rest follows.

    After `most` pages one `Aside` says that there are more.
    """
    asked = _Asked(wanted, most)
    with _stream(source) as stream:
        for found in _pages(stream, _kind(stream), asked):
            if found.number <= most:
                yield found
    if asked.last > most:
        yield Aside(most + 1, Reason.TOO_MANY)


class _Asked:
    """Which pages are wanted, and how far somebody asked: so it is known how many there are, wanted or not."""

    def __init__(self, wanted: Callable[[int], bool], most: int, before: int = 0) -> None:
        self.wanted, self.most, self.before, self.last = wanted, most, before, 0

    def __call__(self, number: int) -> bool:
        self.last = max(self.last, number)
        return self.before + number <= self.most and self.wanted(self.before + number)


def expected(source: Path | IO[bytes]) -> int:
    """About how many pages there will be, for whoever waits."""
    with _stream(source) as stream:
        kind = _kind(stream)
        if kind == "pdf" and find_spec("pypdfium2"):
            from paper.files import pdf

            return min(pdf.count(stream), MOST_PAGES)
        if kind == "tiff":
            return min(pictures.frames(stream), MOST_PAGES)
        return packed.count(stream) if kind == "zip" else 1


def _pages(stream: IO[bytes], kind: str, wanted: _Asked) -> Iterator[Page | Aside]:
    if kind == "pdf":
        from paper.files import pdf  # PDFium comes with the extra that reads scans

        yield from pdf.drawn(stream, wanted)
    elif kind == "tiff":
        yield from pictures.several(stream, wanted)
    elif kind == "zip":
        yield from _of_zip(stream, wanted)
    elif kind in ("JPEG", "PNG", "WEBP"):
        yield from pictures.one(stream, kind, wanted)
    else:
        yield Aside(0, {"heic": Reason.HEIC, "empty": Reason.EMPTY_FILE}.get(kind, Reason.NOT_A_PICTURE))


def _of_zip(stream: IO[bytes], wanted: _Asked) -> Iterator[Page | Aside]:
    """Pages of all its files, numbered through; the same numbers when it is gone through again."""
    before = 0
    for inner in packed.unpacked(stream):
        if not inner.name:
            yield Aside(0, inner.reason or Reason.DAMAGED)
            return
        asked = _Asked(wanted, wanted.most, before)
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
    kind = _kind(inner.content)
    if kind == "zip":
        return iter((Aside(1, Reason.NESTED),))
    return _pages(inner.content, kind, wanted)


def _kind(stream: IO[bytes]) -> str:
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


@contextmanager
def _stream(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as opened:
            yield opened
    else:
        source.seek(0)
        yield source


__all__ = ["Aside", "Page", "expected", "pages"]
