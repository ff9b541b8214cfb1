"""Files are opened in a process of its own, bounded in memory and time: what kills it costs one page."""

import fcntl
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from PIL import Image

from paper.files import talking
from paper.files.limits import (
    KEPT_PIXELS,
    MOST_DEATHS,
    MOST_MEMORY,
    PAGE_CPU_SECONDS,
    PAGE_WALL_SECONDS,
    PATIENCE,
    PATIENCE_PAGE,
    PIECE,
)
from paper.files.page import Aside, Page
from paper.reasons import Reason

ROOT = Path(__file__).resolve().parent.parent.parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH", "TZ")
MODES = ("1", "L", "RGB")
LONGEST_NAME = 200


class Died(Exception):
    """The process ended before its answer came, was stopped for being late, or talked nonsense."""


class _Opener:
    """One process with one file. It is ended when left."""

    def __init__(self, source: IO[bytes], what: str, most: int) -> None:
        self._source = source
        self._size = source.seek(0, 2)
        self.number: int | None = None
        """The page it works at; None between pages."""
        self.opens: tuple[int, str] = (0, "")
        """The file in a ZIP that it works at, by its first page."""
        self.opening = False
        """Has it come to no page of that file yet?"""
        self.last = 0
        self.closed: set[int] = set()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        line = [sys.executable, "-m", "paper.files.child"]
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=ROOT, env=environment, bufsize=0,
        )  # fmt: skip
        assert self._process.stdin and self._process.stdout  # noqa: S101  # for mypy
        self._into, self._out = self._process.stdin, self._process.stdout
        with suppress(OSError, AttributeError):  # a page is some megabytes
            fcntl.fcntl(self._out, fcntl.F_SETPIPE_SZ, PIECE)
        self._watch = selectors.DefaultSelector()
        self._watch.register(self._out, selectors.EVENT_READ)
        self._until = time.monotonic() + PAGE_WALL_SECONDS
        self._task = [what, most, self._size, MOST_MEMORY, PAGE_CPU_SECONDS]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watch.close()
        self._process.kill()
        self._process.wait()
        self._into.close()
        self._out.close()

    def ready(self) -> None:
        """Wait for it to begin. Raises ImportError, RuntimeError: that is not the file's fault."""
        try:
            self._write(talking.packed(self._task))
            said = self._heard()
        except Died as error:
            raise RuntimeError("the process that opens files does not start") from error
        if said[0] == "missing":
            raise ImportError(said[1])

    def count(self) -> int:
        """How many pages. Raises Died."""
        return int(self._heard()[1])

    def pages(self, wanted: Callable[[int], bool]) -> Iterator[Page | Aside]:
        """What it finds. Raises Died."""
        while True:
            said = self._heard()
            try:
                if said[0] == "end":
                    return
                if said[0] == "wanted":
                    self._asked(int(said[1]), wanted)
                elif said[0] == "open":
                    self.number, self.opens = None, (int(said[1]), str(said[2])[:LONGEST_NAME])
                    self.opening = self.opens[0] not in self.closed
                    self._answer(self.opening)
                else:
                    found = self._found(said)
                    self.number, self.opening = None, False
                    yield found
            except (LookupError, ValueError, TypeError) as error:
                raise Died from error

    def _asked(self, number: int, wanted: Callable[[int], bool]) -> None:
        self.last = max(self.last, number)
        answer = wanted(number)
        self.opening = False
        self.number = number if answer else None
        self._answer(answer)

    def _found(self, said: talking.Head) -> Page | Aside:
        number, inner = int(said[1]), str(said[2])[:LONGEST_NAME]
        if said[0] == "aside":
            return Aside(number, Reason(said[3]), inner)
        mode, width, height = str(said[3]), int(said[4]), int(said[5])
        if mode not in MODES or not 0 < width * height <= 1.01 * KEPT_PIXELS or min(width, height) < 1:
            raise ValueError(said)
        row = (width + 7) // 8 if mode == "1" else width * len(mode)
        return Page(number, Image.frombytes(mode, (width, height), self._read(row * height)), inner)

    def _heard(self) -> talking.Head:
        """The next thing it says; bytes of the file are given at once. Raises Died."""
        while True:
            try:
                said = talking.head(self._read)
                if said[0] != "read":
                    return said
                start = int(said[1]) * PIECE
                if not 0 <= start < self._size:
                    raise Died
            except (ValueError, TypeError, LookupError, RecursionError) as error:
                raise Died from error
            self._source.seek(start)
            self._write(self._source.read(min(PIECE, self._size - start)))

    def _answer(self, yes: bool) -> None:
        self._until = time.monotonic() + PAGE_WALL_SECONDS
        self._write(b"\1" if yes else b"\0")

    def _write(self, content: bytes) -> None:
        left = memoryview(content)
        try:
            while left:
                left = left[self._into.write(left) :]
        except OSError as error:
            raise Died from error

    def _read(self, count: int) -> bytes:
        found = bytearray()
        while len(found) < count:
            left = self._until - time.monotonic()
            if left <= 0 or not self._watch.select(left):
                raise Died
            piece = self._out.read(min(count - len(found), PIECE))
            if not piece:
                raise Died
            found += piece
        return bytes(found)


def count(source: IO[bytes]) -> int:
    """How many pages a PDF has, as far as it tells; 1 if that cannot be had."""
    try:
        with _Opener(source, "count", 0) as opener:
            opener.ready()
            return opener.count()
    except Died:
        return 1


def pages(source: IO[bytes], wanted: Callable[[int], bool], most: int) -> Iterator[Page | Aside]:
    """Every wanted page; one that kills the process is set aside, and another process goes on behind it."""
    done: set[int] = set()
    closed: set[int] = set()
    spent, last = 0.0, 0
    for _attempt in range(MOST_DEATHS):
        with _Opener(source, "pages", most) as opener:
            opener.ready()
            opener.closed, opener.last = closed, last
            found = opener.pages(lambda number: number not in done and wanted(number))
            while True:
                began = time.monotonic()
                try:
                    one = next(found, None)
                except Died:
                    break
                spent += time.monotonic() - began
                if one is None:
                    return
                done.add(one.number)
                yield one
                if spent > PATIENCE + PATIENCE_PAGE * len(done):
                    yield Aside(opener.last + 1, Reason.REST)
                    return
        lost = _lost(opener)
        last = max(opener.last, lost.number)
        if lost.number not in done and (lost.number == 0 or wanted(lost.number)):
            yield lost
        if lost.number == 0 or lost.reason is Reason.REST:
            return
        done.add(lost.number)
        if opener.opening:
            closed.add(lost.number)
    yield Aside(last + 1, Reason.REST)


def _lost(opener: _Opener) -> Aside:
    """At what the process died: a page, a file in a ZIP, the whole file, or on its way to the next page."""
    first, inner = opener.opens
    if opener.opening:
        return Aside(first, Reason.BOMB, inner)
    if opener.number is not None:
        return Aside(opener.number, Reason.BOMB, inner)
    return Aside(opener.last + 1, Reason.REST) if opener.last else Aside(0, Reason.BOMB)
