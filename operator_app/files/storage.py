"""The bytes of uploaded files: in the folder of data, under random names, for the service's own user only.

A file lives until it is counted or let go, two weeks at most: it holds what respondents said, row by row.
"""

import hashlib
import json
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _

from surveys.refusals import Refusal

MOST_BYTES = 50 * 2**20
KEPT_DAYS = 14
CHUNK = 2**20
LONGEST_NAME = 255
LOOK, REFUSED = ".look.json", ".refused.csv"


class TooLarge(Refusal):
    """The file is larger than any that is taken."""


class Kept(NamedTuple):
    """A file that was taken down: under which name, its fingerprint, its size."""

    name: str
    sha256: str
    size: int


def keep(stream: IO[bytes]) -> Kept:
    """Write an upload down. Raises Refusal: too large, empty, no room."""
    name, digest, size = secrets.token_hex(16), hashlib.sha256(), 0
    try:
        with _created(place_of(name)) as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise TooLarge(_("Файл больше 50 МБ: разделите его на части и загрузите по одной."))
                digest.update(chunk)
                file.write(chunk)
        if not size:
            raise Refusal(_("Файл пуст: в нём нет ни одного знака."))
    except OSError as error:
        forget(name)
        raise Refusal(_("Файл не сохранился: на сервере нет места. Скажите администратору.")) from error
    except Refusal:
        forget(name)
        raise
    return Kept(name, digest.hexdigest(), size)


def _created(place: Path) -> IO[bytes]:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def folder() -> Path:
    """Where uploads lie."""
    return Path(current_app.config["DATA_DIR"], "uploads")


def place_of(name: str, kind: str = "") -> Path:
    """Where the file lies, or what was written beside it."""
    return folder() / f"{name}{kind}"


def forget(name: str, *, refused_too: bool = True) -> None:
    """Delete a file and what was understood of it; the list of refused rows may stay for whoever corrects them."""
    if not name:
        return
    for kind in ("", LOOK, *((REFUSED,) if refused_too else ())):
        place_of(name, kind).unlink(missing_ok=True)


def write_look(name: str, look: dict[str, Any]) -> None:
    """Keep how a file was understood, beside it: the preview quotes it."""
    fresh = place_of(name, f"{LOOK}.{secrets.token_hex(4)}")
    with _created(fresh) as file:
        file.write(json.dumps(look, ensure_ascii=False).encode("utf-8", "replace"))
    fresh.replace(place_of(name, LOOK))


def read_look(name: str) -> dict[str, Any] | None:
    """How a file was understood; None when it is not kept any more."""
    try:
        found: dict[str, Any] = json.loads(place_of(name, LOOK).read_bytes())
    except (OSError, ValueError):
        return None
    return found


def sweep(alive: set[str]) -> None:
    """Delete what no batch needs: files of nobody after a day, lists of refused rows after two weeks."""
    with suppress(FileNotFoundError):
        for file in folder().iterdir():
            days = (time.time() - file.stat().st_mtime) / 86_400
            if file.name.partition(".")[0] not in alive and days > (
                KEPT_DAYS if file.suffix == ".csv" else 1
            ):
                file.unlink(missing_ok=True)


def plain_name(given: str | None) -> str:
    """A file's name as a line of text: no folders, nothing unprintable, not too long."""
    bare = (given or "").replace("\\", "/").rpartition("/")[2]
    printable = "".join(sign if sign.isprintable() else " " for sign in bare)
    return " ".join(printable.split())[:LONGEST_NAME] or "файл"
