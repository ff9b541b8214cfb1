"""Signatures under a release's document, kept beside it as files: what was signed, the signature, what was checked.

A signature is evidence about a file and lives where the file lives; the trail keeps who brought it and its SHA-256.
A signature is never changed and never taken back: another one is laid beside it.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from council.shelf import shelf
from documents import keeping, signing
from documents.signing.told import Checked, Told
from surveys.clock import now, to_the_second
from surveys.happenings import tell
from surveys.refusals import NotFound, Refusal
from surveys.releases import Release

#: What a page says of how far a signature was checked: no more than is true.
WORDS = {
    Checked.WHOLE: _l(
        "Служба проверила: подпись верна, файл после подписания не меняли. Доверять ли тому, кто выдал"
        " сертификат, служба не судит."
    ),
    Checked.DIGEST: _l(
        "Служба проверила: подписан именно этот файл. Саму подпись проверить не умеет: проверьте её своей программой."
    ),
    Checked.NOTHING: _l(
        "Не проверено службой: она хранит файл подписи, но такие подписи проверять не умеет. Проверьте его своей"
        " программой."
    ),
}
INSIDE, APART = "pdf", "sig"
MOST = 50  # signatures under one release


class Kept(NamedTuple):
    """One signature: its number, whether it is inside a PDF or apart, of which file, by whom it was brought."""

    number: int
    kind: str
    file_sha256: str
    document_sha256: str
    told: Told
    at: str
    by: str

    @property
    def words(self) -> str:
        """What was checked."""
        return str(WORDS[Checked(self.told.checked)])

    @property
    def valid_until(self) -> date | None:
        """The certificate's last day."""
        return date.fromisoformat(self.told.valid_until) if self.told.valid_until else None

    @property
    def day(self) -> datetime:
        """When it was brought, by the clock of the database."""
        return datetime.fromisoformat(self.at)


def of(release: Release) -> Sequence[Kept]:
    """Every signature of a release's document in order."""
    found = []
    for file in sorted(_folder(release).glob("*.json")):
        told: dict[str, Any] = json.loads(file.read_bytes())
        found.append(Kept(**{**told, "told": Told(**told["told"])}))
    return found


def content(release: Release, number: int) -> tuple[Kept, bytes]:
    """A signature and its file. Raises NotFound."""
    for one in of(release):
        file = _folder(release) / f"{number:04d}.{one.kind}"
        if one.number == number and file.exists():
            return one, file.read_bytes()
    raise NotFound(str(number))


def sign(session: Session, release: Release, document: bytes, store: bytes, password: str, by: str) -> Kept:
    """Sign the document with the council's own certificate, inside writing(). Raises Refusal."""
    reason = str(_("Результаты независимой оценки, выпуск № %(n)s", n=release.version))
    signed, told = signing.sign(document, store, password, reason=reason, at=now())
    return _keep(session, release, INSIDE, signed, document, told, by)


def bring(session: Session, release: Release, document: bytes, signature: bytes, by: str) -> Kept:
    """Keep a signature made elsewhere, inside writing(). Raises Refusal."""
    if len(signature) > signing.MOST_BYTES:
        raise Refusal(_("Файл подписи больше 256 КБ: это не отсоединённая подпись."))
    told = signing.read(signature, document)
    return _keep(session, release, APART, signature, document, told, by)


def _keep(
    session: Session, release: Release, kind: str, file: bytes, document: bytes, told: Told, by: str
) -> Kept:
    earlier = of(release)
    sums = sha256(file).hexdigest(), sha256(document).hexdigest()
    if any(one.file_sha256 == sums[0] for one in earlier):
        raise Refusal(_("Эта подпись уже хранится."))
    if len(earlier) >= MOST:
        raise Refusal(_("Под этим отчётом уже %(n)s подписей: больше служба не хранит.", n=MOST))
    number = max((one.number for one in earlier), default=0) + 1
    kept = Kept(number, kind, *sums, told, to_the_second().isoformat(), by)
    folder = _folder(release)
    keeping.put(folder / f"{sums[1]}.document.pdf", document)  # the very bytes that were signed stay
    keeping.put(folder / f"{number:04d}.{kind}", file)
    keeping.put(
        folder / f"{number:04d}.json", json.dumps({**kept._asdict(), "told": told._asdict()}).encode()
    )
    subject = f"{release.campaign_id}/{release.version}"
    act = "report-signed" if kind == INSIDE else "signature-brought"
    tell(session, by, act, subject, signer=told.signer, sha256=sums[0], checked=str(told.checked))
    return kept


def _folder(release: Release) -> Path:
    return shelf().folder.parent / "releases" / f"{release.sha256}.signatures"
