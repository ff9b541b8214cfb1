"""The file of a phone that found no network: read line by line, each entry kept as if the phone had sent it itself.

The first line says whose it is and how many lines follow; each line is an entry of the phone's outbox. The same file
twice adds nothing. One's own file anybody of the team may bring, another's the head and the verifiers. Anybody can
write such a file by hand, so the trail and the visit name whoever brought another's, and he does not confirm it.
"""

import base64
import binascii
from dataclasses import dataclass, field
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import Duty, Role, User
from operator_app.inspections import arriving
from surveys import outbox
from surveys.db import db, writing
from surveys.outbox import Entry

MOST_TROUBLES = 200
TRUSTED = (Duty.HEAD, Duty.VERIFIER)
INSPECTS = (Duty.HEAD, Duty.VERIFIER, Duty.INSPECTOR)
KINDS = ("visit", "photo")


@dataclass
class Report:
    """What became of a file: how many entries of each outcome, and why some were not taken."""

    visits: int = 0
    photos: int = 0
    repeated: int = 0
    troubles: list[tuple[str, str]] = field(default_factory=list)
    refusal: str = ""

    def add(self, entry: Entry, told: arriving.Told) -> None:
        """One entry's outcome."""
        if told["outcome"] == arriving.REPEATED:
            self.repeated += 1
        elif told["outcome"] == arriving.SENT:
            name = f"{entry['kind']}s"
            setattr(self, name, getattr(self, name) + 1)
        elif len(self.troubles) < MOST_TROUBLES:
            different = _(
                "На сервере под этим именем другая запись. Пусть инспектор выберет на своём телефоне."
            )
            self.troubles.append((_titled(entry), "; ".join(told.get("reasons") or [different])))


class BadFile(Exception):
    """Not a file of a phone, or not the whole of it; the text says what."""


def taken(user: User, stream: IO[bytes]) -> Report:
    """Keep all that may be kept of the file and say what was not; a file that is not whole is not begun."""
    report = Report()
    try:
        whose = _owner(db.session(), user, stream)
        for kind in KINDS:  # a photograph needs its visit
            for entry in outbox.entries(stream):
                if entry.get("kind") == kind:
                    report.add(entry, _kept(whose, entry, user if user.id != whose.id else None))
    except BadFile as error:
        report.refusal = str(error)
        return report
    with writing() as session:
        told = {"visits": report.visits, "photos": report.photos, "refused": len(report.troubles)}
        audit.record(session, user.login, "phone-file", whose.login, **told)
    return report


def _owner(session: Session, user: User, stream: IO[bytes]) -> User:
    """Whose file it is, after the whole of it was looked through. Raises BadFile."""
    try:
        header = outbox.header(stream)
    except outbox.NotOurs as error:
        raise BadFile(_("Это не выгрузка с телефона или она повреждена.")) from error
    except outbox.CutShort as error:
        raise BadFile(_("Файл обрывается: сохраните выгрузку на телефоне ещё раз.")) from error
    except outbox.TooLong as error:
        raise BadFile(_("В файле больше 20 000 записей: телефон столько не пишет.")) from error
    if header.get("owner") == user.login:
        return user
    owner: User | None = session.scalar(select(User).where(User.login == str(header.get("owner"))[:60]))
    if owner is None or owner.role != Role.OPERATOR or not owner.active or owner.duty not in INSPECTS:
        raise BadFile(_("Такого сотрудника, который проверял бы организации, в команде нет."))
    if user.duty not in TRUSTED:
        raise BadFile(_("Это выгрузка другого сотрудника. Её загрузит он сам, верификатор или руководитель."))
    return owner


def _kept(whose: User, entry: Entry, by: User | None) -> arriving.Told:
    body = entry.get("body")
    parts = body if isinstance(body, dict) else {}
    key = str(entry.get("key") or "")
    if entry["kind"] == "visit":
        return arriving.visit(whose, {**parts, "client_key": key, "version": entry.get("base")}, by)
    brief = entry.get("brief")
    item = str(brief.get("item") or "") if isinstance(brief, dict) else ""
    told = {
        "key": key,
        "visit": str(entry.get("after") or ""),
        "item": item,
        "day": str(parts.get("day") or ""),
    }
    return arriving.photo(whose, told, _bytes(parts), by)


def _bytes(parts: Entry) -> bytes:
    told = parts.get("bytes")
    try:
        return base64.b64decode(told["base64"], validate=True) if isinstance(told, dict) else b""
    except (KeyError, TypeError, ValueError, binascii.Error):
        return b""


def _titled(entry: Entry) -> str:
    brief = entry.get("brief")
    name = str(brief.get("name") or "")[:200] if isinstance(brief, dict) else ""
    return name or (_("Снимок") if entry["kind"] == "photo" else _("Визит"))
