"""Uploaded files on their way: sealed piece by piece, read without ever lying plain on the disk."""

import hashlib
import io
import os
import secrets
from typing import IO, NamedTuple

from flask_babel import gettext as _

from paper import vault
from paper.files.limits import MOST_BYTES
from paper.pieces import Pieces
from paper.words import Reason, said
from surveys import sealing
from surveys.refusals import NotFound, Refusal

CHUNK = 2**20


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


class Sealed(Pieces):
    """A file of `take_down` to read from and to seek in, opened piece by piece; plain bytes are in memory alone."""

    def __init__(self, key: bytes, campaign_id: int, raw: Raw) -> None:
        super().__init__(raw.size, CHUNK)
        self._key, self._campaign, self._raw = key, campaign_id, raw
        self._file = vault.path(campaign_id, raw.name).open("rb", buffering=0)

    def fetched(self, number: int, length: int) -> bytes:
        """A piece, opened. Raises Locked."""
        self._file.seek(number * (CHUNK + sealing.ADDED))
        sealed = self._file.read(length + sealing.ADDED)
        end = number * CHUNK + length
        return sealing.opened(self._key, sealed, _piece_name(self._campaign, self._raw.name, end))

    def close(self) -> None:
        """Let go of the file and of what was read."""
        self._file.close()
        super().close()


def opened_raw(key: bytes, campaign_id: int, raw: Raw) -> io.BufferedReader:
    """An uploaded file to be read. Raises NotFound when it is not there any more."""
    try:
        return io.BufferedReader(Sealed(key, campaign_id, raw), CHUNK)
    except FileNotFoundError as error:
        raise NotFound(_("Загруженный файл уничтожен.")) from error
