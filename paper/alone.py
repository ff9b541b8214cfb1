"""One reader of a batch at a time, whatever the process; a killed one holds up nobody."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Wait until nobody else is inside with this file; it goes with the last one."""
    held = _held(place)
    try:
        yield
    finally:
        place.unlink(missing_ok=True)
        os.close(held)


def _held(place: Path) -> int:
    """The locked file: the very one that lies there, as whoever left may have taken the other away."""
    for folder in (place.parent.parent, place.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        file = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(file), place.stat()):
                return file
        except FileNotFoundError:
            pass
        os.close(file)
