"""Photos, screenshots and links that came with a visit: each proves its item, and a wrong one spoils nothing."""

from collections.abc import Sequence
from hashlib import sha256

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from accounts import access
from operator_app.inspections import evidence
from surveys import proofs
from surveys.checklists import Checklist
from surveys.clock import today
from surveys.refusals import Refusal
from surveys.visits import Visit


def pictures(made: Checklist) -> tuple[list[tuple[str, bytes]], set[str]]:
    """(item, picture drawn anew) of every one that was sent, and what is wrong with the others."""
    drawn, spoiled = [], set()
    for item in made.by_code.values():
        for sent in request.files.getlist(f"photo:{item.code}"):
            if not sent.filename:
                continue
            try:
                drawn.append((item.code, proofs.cleaned(_bytes(sent))))
            except Refusal as refused:
                spoiled.add(f"«{item.title}»: {refused}")
    return drawn, spoiled


def _bytes(sent: FileStorage) -> bytes:
    with sent.stream as stream:
        return stream.read(proofs.MOST_BYTES + 1)


def prove(session: Session, kept: Visit, pictures: Sequence[tuple[str, bytes]], made: Checklist) -> set[str]:
    """Put down what proves the items; the texts say which links were not taken."""
    login, spoiled = access.the_user().login, set()
    for code, picture in pictures:
        about, file = request.form.get(f"about:{code}", ""), proofs.kept(picture)
        key = _once(kept, code, file)
        evidence.add_kept(session, kept, login, code, file, day=today(), note=about, client_key=key)
    for item in made.by_code.values():
        link = request.form.get(f"link:{item.code}", "").strip()
        try:
            if link:
                about = request.form.get(f"about:{item.code}", "")
                key = _once(kept, item.code, link)
                evidence.add_link(
                    session, kept, login, item.code, link, day=today(), note=about, client_key=key
                )
        except Refusal as refused:
            spoiled.add(f"«{item.title}»: {refused}")
    return spoiled


def _once(kept: Visit, code: str, what: str) -> str:
    """The same picture or link at the same item is one, however often the button was pressed."""
    return sha256(f"{kept.client_key} {code} {what}".encode("utf-8", "replace")).hexdigest()[:40]
