"""`python -m paper.files.child`: opens one file that may be hostile, in a process that may die of it.

It never has the file, its name or a key: bytes come through the pipe as they are asked for, pixels go back.
"""

import io
import os
import resource
import signal
from contextlib import suppress
from typing import IO

from paper.files import opening, talking
from paper.files.limits import PIECE
from paper.files.page import Page
from paper.pieces import Pieces


class _Line:
    """The pipe to whoever asked."""

    def __init__(self, into: IO[bytes], out: IO[bytes]) -> None:
        self._into, self._out = into, out
        self.seconds = 0
        """Of the processor's time, for whatever leads to a page."""

    def say(self, *head: object, pixels: bytes = b"") -> None:
        self._out.write(talking.packed(list(head)))
        self._out.write(pixels)
        self._out.flush()

    def bytes_(self, count: int) -> bytes:
        found = self._into.read(count)
        if len(found) < count:
            os._exit(0)  # whoever asked is gone
        return found

    def wanted(self, number: int) -> bool:
        self.say("wanted", number)
        _more_time(self.seconds)
        return self.bytes_(1) == b"\1"

    def worth_opening(self, number: int, inner: str) -> bool:
        self.say("open", number, inner)
        _more_time(self.seconds)
        return self.bytes_(1) == b"\1"


class _Far(Pieces):
    """The file, as far as it was asked for."""

    def __init__(self, line: _Line, size: int) -> None:
        super().__init__(size, PIECE)
        self._line = line

    def fetched(self, number: int, length: int) -> bytes:
        self._line.say("read", number)
        return self._line.bytes_(length)


def _more_time(seconds: int) -> None:
    """From here on so many seconds of the processor's time, then the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _at_most(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds)


def _at_most(which: int, most: int) -> None:
    hardest = resource.getrlimit(which)[1]
    with suppress(ValueError, OSError):  # a system that knows no such limit
        resource.setrlimit(
            which, (most if hardest == resource.RLIM_INFINITY else min(most, hardest), hardest)
        )


def _alone() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes, out of reach of what a decoder prints; stopping the service is not this process's business."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    into, out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as first:
        first.write("1000")  # when the machine's memory ends, this process goes and not the service
    _at_most(resource.RLIMIT_CORE, 0)
    return os.fdopen(into, "rb"), os.fdopen(out, "wb")


def main() -> None:
    """Say which pages there are, or how many."""
    line = _Line(*_alone())
    what, most, size, memory, line.seconds = talking.head(line.bytes_)
    stream = io.BufferedReader(_Far(line, size), PIECE)
    kind = opening.kind_of(stream)
    try:
        if kind in ("pdf", "zip"):  # before memory is bounded
            from paper.files import pdf
    except ImportError as error:
        if kind == "pdf":
            line.say("missing", str(error.name))
            return
    line.say("ready")
    _at_most(resource.RLIMIT_AS, memory)
    _more_time(line.seconds)
    if what == "count":
        line.say("count", pdf.count(stream))
        return
    for one in opening.found(stream, line, most):
        if isinstance(one, Page):
            pixels = one.picture.tobytes()
            line.say("page", one.number, one.inner, one.picture.mode, *one.picture.size, pixels=pixels)
        else:
            line.say("aside", one.number, one.inner, str(one.reason))
    line.say("end")


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
    os._exit(0)
