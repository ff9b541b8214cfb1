"""Uploaded files on their way: sealed piece by piece, read without ever lying plain on the disk."""

import hashlib
import io
import os
import secrets
from collections import OrderedDict
from typing import IO, NamedTuple

from flask_babel import gettext as _

from paper import vault
from paper.words import Reason, said
from surveys import sealing
from surveys.refusals import NotFound, Refusal

CHUNK = 2**20
MOST_BYTES = 200 * 2**20
MOST_OPEN = 8


class NotTaken(Refusal):
    """A file that is not even taken down; `reason` is a word of paper.words."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(said(reason))
        self.reason = reason


class Raw(NamedTuple):
    """An uploaded file as it lies sealed until its pages are read."""

    name: str
    sha256: str
    size: int


def take_down(key: bytes, campaign_id: int, stream: IO[bytes]) -> Raw:
    """Seal an uploaded file piece by piece. Raises Refusal: too large, empty, no room."""
    name, digest, size = f"raw.{secrets.token_hex(16)}", hashlib.sha256(), 0
    try:
        with vault.created(vault.path(campaign_id, name)) as file:
            while piece := _piece(stream):
                size += len(piece)
                if size > MOST_BYTES:
                    raise NotTaken(Reason.FILE_TOO_LARGE)
                digest.update(piece)
                file.write(sealing.sealed(key, piece, _piece_name(campaign_id, name, size)))
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise NotTaken(Reason.EMPTY_FILE)
    except OSError as error:
        vault.path(campaign_id, name).unlink(missing_ok=True)
        raise Refusal(_("Файл не сохранился: на сервере нет места. Скажите администратору.")) from error
    except Refusal:
        vault.path(campaign_id, name).unlink(missing_ok=True)
        raise
    return Raw(name, digest.hexdigest(), size)


def _piece(stream: IO[bytes]) -> bytes:
    """A whole piece, as a stream may give less than it was asked for."""
    pieces = bytearray()
    while len(pieces) < CHUNK and (more := stream.read(CHUNK - len(pieces))):
        pieces += more
    return bytes(pieces)


def _piece_name(campaign_id: int, name: str, end: int) -> str:
    return f"scan/{campaign_id}/{name}/{end}"


class Sealed(io.RawIOBase):
    """A file of `take_down` to read from and to seek in, opened piece by piece; plain bytes are in memory alone."""

    def __init__(self, key: bytes, campaign_id: int, raw: Raw) -> None:
        self._key, self._campaign, self._raw = key, campaign_id, raw
        self._file = vault.path(campaign_id, raw.name).open("rb", buffering=0)
        self._at = 0
        self._pieces: OrderedDict[int, bytes] = OrderedDict()

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
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._raw.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """What there is until the end of a piece. Raises Locked."""
        if self._at >= self._raw.size:
            return 0
        number, within = divmod(self._at, CHUNK)
        part = self._remembered(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _remembered(self, number: int) -> bytes:
        """A PDF is read here and there: the pieces looked at last stay open."""
        if number not in self._pieces:
            self._pieces[number] = self._opened(number)
            if len(self._pieces) > MOST_OPEN:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(number)
        return self._pieces[number]

    def _opened(self, number: int) -> bytes:
        self._file.seek(number * (CHUNK + sealing.ADDED))
        end = min((number + 1) * CHUNK, self._raw.size)
        sealed = self._file.read(end - number * CHUNK + sealing.ADDED)
        return sealing.opened(self._key, sealed, _piece_name(self._campaign, self._raw.name, end))

    def close(self) -> None:
        """Let go of the file and of what was read."""
        self._file.close()
        self._pieces.clear()
        super().close()


def opened_raw(key: bytes, campaign_id: int, raw: Raw) -> io.BufferedReader:
    """An uploaded file to be read. Raises NotFound when it is not there any more."""
    try:
        return io.BufferedReader(Sealed(key, campaign_id, raw), CHUNK)
    except FileNotFoundError as error:
        raise NotFound(_("Загруженный файл уничтожен.")) from error
