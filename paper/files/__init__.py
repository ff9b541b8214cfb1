"""Files as they come from a scanner or a telephone → pages, one at a time; a bad one never holds up the rest.

They are opened in another process (`child`); it may run out of memory, never end or fall: that costs the page at hand.
Nothing is kept in memory but the page at hand (and of a TIFF or a ZIP's inner file its packed bytes).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from paper.files import apart, packed, pictures
from paper.files.limits import MOST_PAGES
from paper.files.opening import kind_of
from paper.files.page import Aside, Page


def pages(
    source: Path | IO[bytes], wanted: Callable[[int], bool] = lambda number: True, most: int = MOST_PAGES
) -> Iterator[Page | Aside]:
    """Every page of a file that is `wanted`, in its order; what cannot be had comes as `Aside`, and the rest follows.

    After `most` pages one `Aside` says that there are more.
    """
    with _stream(source) as stream:
        yield from apart.pages(stream, wanted, most)


def expected(source: Path | IO[bytes]) -> int:
    """About how many pages there will be, for whoever waits."""
    with _stream(source) as stream:
        kind = kind_of(stream)
        if kind == "pdf" and find_spec("pypdfium2"):
            return min(apart.count(stream), MOST_PAGES)
        if kind == "tiff":
            return pictures.frames(stream)
        return packed.count(stream) if kind == "zip" else 1


@contextmanager
def _stream(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as opened:
            yield opened
    else:
        source.seek(0)
        yield source


__all__ = ["Aside", "Page", "expected", "pages"]
