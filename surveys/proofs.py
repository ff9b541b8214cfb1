"""The store of what proves something: photographs drawn anew without metadata, addresses of pages.

A picture is decoded and encoded again, so nothing of the file that was sent remains: no place, no camera, no comment.
It lies in DATA_DIR/evidence under the SHA-256 of what lies there, for the service's own user only. Inspectors and
organisations share the store: the same picture is one file, and it goes when the last that shows it goes.
"""

import os
import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from PIL import Image, ImageOps
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys.pictures import JPEG, UNREADABLE, over_and_over
from surveys.placement import PosterSeen
from surveys.plans import MeasureProof
from surveys.refusals import NotFound, Refusal
from surveys.visits import Evidence

LONGEST_SIDE = 2000
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_OF_A_JPEG = 85_000_000  # it is read at a quarter of its size at once; a progressive one is not
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")  # several frames of a telephone come as JPEG, the first is taken


def cleaned(sent: bytes) -> bytes:
    """The picture as a JPEG of at most 2000 pixels, upright and without metadata. Raises Refusal."""
    if len(sent) > MOST_BYTES:
        raise Refusal(_("Файл больше 15 МБ. Снимите ещё раз с меньшим размером."))
    if sent.startswith(JPEG) and over_and_over(sent):
        raise Refusal(_("Снимок записан необычно, служба его не откроет. Сохраните его заново и пришлите."))
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as opened:
            whole = opened.format not in ("JPEG", "MPO") or opened.info.get("progressive")
            if opened.width * opened.height > (MOST_PIXELS if whole else MOST_OF_A_JPEG):
                raise Refusal(_("Снимок слишком велик. Уменьшите его до 40 мегапикселей."))
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _drawn_anew(opened)
    except UNREADABLE as error:
        raise Refusal(_("Это не снимок: подойдут JPEG, PNG и WebP.")) from error


def _drawn_anew(opened: Image.Image) -> bytes:
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(opened)
    layered = upright.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    drawn = BytesIO()
    paper.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    return drawn.getvalue()


def kept(picture: bytes) -> str:
    """Put a cleaned picture into the store; its name. The same picture twice is one file."""
    name = f"{sha256(picture).hexdigest()}.jpg"
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / name).exists():
        descriptor, draft = tempfile.mkstemp(dir=folder)  # mode 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(picture)
        os.replace(draft, folder / name)
    return name


def path(name: str) -> Path:
    """Where a picture of the store lies."""
    return _folder() / name


def picture(name: str) -> bytes:
    """What lies in the store under this name. Raises NotFound."""
    found = path(name)
    if not name or not found.exists():
        raise NotFound(name)
    return found.read_bytes()


def let_go(session: Session, name: str) -> None:
    """Delete a picture that nothing shows any more; what no longer shows it has been flushed."""
    tables = (Evidence, MeasureProof, PosterSeen)
    if name and not any(session.scalar(select(func.count()).where(table.file == name)) for table in tables):
        path(name).unlink(missing_ok=True)


def proper(link: str) -> bool:
    """Is this an https address of a page?"""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not set(link) & set("<>\"' \t\r\n")


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"], "evidence")
