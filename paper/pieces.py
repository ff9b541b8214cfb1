"""A file that is had a piece at a time, read and sought in as if it were whole."""

import io
from collections import OrderedDict

MOST_OPEN = 8


class Pieces(io.RawIOBase):
    """`size` bytes in pieces of `piece`. A PDF is read here and there: the pieces looked at last stay in memory."""

    def __init__(self, size: int, piece: int) -> None:
        self._size, self._length, self._at = size, piece, 0
        self._pieces: OrderedDict[int, bytes] = OrderedDict()

    def fetched(self, number: int, length: int) -> bytes:
        """The piece of this number, so many bytes long."""
        raise NotImplementedError

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte is read from."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to another place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """What there is until the end of a piece."""
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, self._length)
        part = self._remembered(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _remembered(self, number: int) -> bytes:
        if number not in self._pieces:
            left = self._size - number * self._length
            self._pieces[number] = self.fetched(number, min(self._length, left))
            if len(self._pieces) > MOST_OPEN:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(number)
        return self._pieces[number]

    def close(self) -> None:
        """Let go of what was read."""
        self._pieces.clear()
        super().close()
