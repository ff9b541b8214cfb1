"""What proves an item: photos and screenshots drawn anew without metadata, links, each with its day.

A picture is decoded and encoded again, so nothing of the file that was sent remains: no place, no camera, no comment.
It lies in DATA_DIR/evidence under the SHA-256 of what lies there, for the service's own user only.
"""

import os
import tempfile
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from PIL import Image, ImageOps
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operator_app.inspections.payload import said
from surveys.pictures import JPEG, UNREADABLE, over_and_over
from surveys.refusals import Refusal
from surveys.visits import Evidence, Visit, VisitState

LONGEST_SIDE = 2000
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_OF_A_JPEG = 85_000_000  # it is read at a quarter of its size at once; a progressive one is not
MOST_OF_A_VISIT = 300
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")  # several frames of a telephone come as JPEG, the first is taken
PICTURES = ("photo", "screenshot")


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


def add_kept(
    session: Session, visit: Visit, login: str, item: str, file: str, *, day: date, kind: str = "photo",
    note: str = "", client_key: str | None = None,
) -> Evidence:  # fmt: skip
    """A picture that is in the store already (`kept(cleaned(sent))`) at an item of one's own visit. Raises Refusal."""
    if kind not in PICTURES:
        raise Refusal(_("Запрос не понят: откройте проверку заново."))
    return _added(
        session, visit, login, client_key, item=item, kind=kind, file=file, note=said(note), day=day
    )


def add_link(
    session: Session, visit: Visit, login: str, item: str, link: str, *, day: date, note: str = "",
    client_key: str | None = None,
) -> Evidence:  # fmt: skip
    """A page that proves an item; https only. Raises Refusal."""
    address = said(link, 500)
    if not proper(address):
        raise Refusal(_("Ссылка должна начинаться с https:// и вести на страницу."))
    return _added(
        session, visit, login, client_key, item=item, kind="link", link=address, note=said(note), day=day
    )


def proper(link: str) -> bool:
    """Is this an https address of a page?"""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not set(link) & set("<>\"' \t\r\n")


def _added(session: Session, visit: Visit, login: str, client_key: str | None, **given: object) -> Evidence:
    if visit.inspector != login or visit.state == VisitState.CONFIRMED:
        raise Refusal(_("Доказательства добавляет тот, кто проверяет, и до подтверждения."))
    if client_key is not None:
        found = session.scalar(select(Evidence).where(Evidence.client_key == client_key))
        if found is not None:
            return found
    if of_visit_count(session, visit.id) >= MOST_OF_A_VISIT:
        raise Refusal(_("У одной проверки не бывает больше 300 доказательств."))
    made = Evidence(visit_id=visit.id, added_by=login, client_key=client_key, **given)
    session.add(made)
    session.flush()
    return made


def of_visit(session: Session, visit_id: int) -> list[Evidence]:
    """All that proves a visit, in the order it came."""
    return list(session.scalars(select(Evidence).where(Evidence.visit_id == visit_id).order_by(Evidence.id)))


def of_visit_count(session: Session, visit_id: int) -> int:
    """How many proofs a visit has."""
    return session.scalar(select(func.count()).where(Evidence.visit_id == visit_id)) or 0


def remove(session: Session, evidence: Evidence) -> None:
    """Take a proof away, and its picture when nothing else shows it."""
    name = evidence.file
    session.delete(evidence)
    session.flush()
    if name and not session.scalar(select(func.count()).where(Evidence.file == name)):
        path(name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"], "evidence")
