"""Files that an operator's programs bring: the way of the desk's own page, without a page."""

import hashlib
import json
from collections.abc import Mapping
from typing import IO, Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import ApiUpload
from api import answers, asked, batch_told, cursors
from api.contract.filing import FILES
from api.door import filing, in_reach, token
from api.problems import Problem, nothing
from api.published import CAMPAIGN
from api.told import address
from operator_app.files import batches, storage
from surveys.batches import Batch, Kind, State
from surveys.channels import CHANNELS
from surveys.db import db, writing
from surveys.models import Stage
from surveys.refusals import Refusal

BATCH = "/batches/<int(min=1, max=2147483647):batch_id>"
ENVELOPE = 2**20  # what a form weighs around its file
KEY = "Idempotency-Key"


@filing.get("/token", endpoint="token")
def leave() -> Response:
    """What this token allows."""
    asked.given()
    return answers.data(batch_told.token(token()))


@filing.post(f"{CAMPAIGN}/answers")
@access.takes(storage.MOST_BYTES + ENVELOPE, anybody=True)  # who it is has been asked before a byte is read
def upload(campaign_id: int) -> Response:
    """Take a file down and begin to read it."""
    wanted = asked.given()
    _collecting(campaign_id)
    stream, name = _file(wanted["name"])
    try:
        kept = storage.keep(stream)
    except storage.TooLarge as refusal:
        raise Problem(413, str(refusal)) from refusal
    except Refusal as refusal:
        raise Problem(400, str(refusal)) from refusal
    try:
        batch_id = _once(campaign_id, wanted, kept, storage.plain_name(name))
    except BaseException:
        storage.forget(kept.name)
        raise
    found = _batch(batch_id)
    if found.kept_as != kept.name:
        storage.forget(kept.name)  # the same upload asked again
    return answers.data(batch_told.batch(found), 202, Location=address("api_files.batch", batch_id=batch_id))


def _file(name: str | None) -> tuple[IO[bytes], str]:
    """The body's bytes and what the file is called. Raises Problem."""
    if request.mimetype == "multipart/form-data":
        if len(request.files.getlist("file")) != 1 or len(request.files) != 1:
            raise Problem(400, _("В форме нужен один файл, в поле file."))
        given = request.files["file"]
        return given.stream, name or given.filename or ""
    if request.mimetype not in FILES:
        listed = ", ".join((*FILES, "multipart/form-data"))
        raise Problem(415, _("Content-Type бывает: %(listed)s.", listed=listed))
    return request.stream, name or ""


def _once(campaign_id: int, wanted: Mapping[str, Any], kept: storage.Kept, name: str) -> int:
    """The batch of this upload; asked again by the same key, the same batch. Raises Problem."""
    key = request.headers.get(KEY)
    told = [campaign_id, kept.sha256, {key_: wanted[key_] for key_ in ("channel", "kind", "organization")}]
    fingerprint = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    named = hashlib.sha256(key.encode()).hexdigest() if key else ""
    try:
        with writing() as session:
            known = session.get(ApiUpload, (token().id, named)) if named else None
            if known is not None:
                return _the_same(known, fingerprint)
            batch_id = _bring(session, campaign_id, wanted, kept, name).id
            if named:
                session.add(
                    ApiUpload(
                        token_id=token().id, key_sha256=named, asked_sha256=fingerprint, batch_id=batch_id
                    )
                )
            return batch_id
    except IntegrityError:  # the same key at the same moment: the other was faster
        known = db.session.get(ApiUpload, (token().id, named))
        if known is None:
            raise
        return _the_same(known, fingerprint)


def _the_same(known: ApiUpload, fingerprint: str) -> int:
    if known.asked_sha256 != fingerprint:
        raise Problem(
            422, _("С этим Idempotency-Key уже загружали другой файл или с другими параметрами. Нужен новый.")
        )
    return known.batch_id


def _bring(
    session: Session, campaign_id: int, wanted: Mapping[str, Any], kept: storage.Kept, name: str
) -> Batch:
    return batches.bring(
        session,
        kept,
        name,
        "files.read",
        lambda batch_id: url_for("files.batch", campaign_id=campaign_id, batch_id=batch_id),
        campaign_id=campaign_id,
        kind=wanted["kind"] or Kind.ANSWERS,
        channel=CHANNELS[wanted["channel"]],
        by=token().user.login,
        mapping={"organization": wanted["organization"]} if wanted["organization"] else None,
        token=token().name,
    )


@filing.get(BATCH)
def batch(batch_id: int) -> Response:
    """How far a file is."""
    asked.given()
    return answers.data(batch_told.batch(_batch(batch_id)))


@filing.get(f"{BATCH}/rows")
def rows(batch_id: int) -> Response:
    """Rows that were refused or doubted, a page at a time."""
    wanted = asked.given()
    place = cursors.read(wanted["cursor"], 1)
    kind, report = wanted["kind"] or "refused", _batch(batch_id).report
    listed = report.get(kind, [])
    first = cursors.number(place[0]) if place else 0
    end = first + wanted["limit"]
    following = cursors.written(end) if end < len(listed) else None
    total = report.get("refused_rows" if kind == "refused" else "warned_rows", 0)
    items = [{"advice": "", **one} for one in listed[first:end]]
    return answers.data(cursors.page(items, following, listed=len(listed), total=total))


@filing.post(f"{BATCH}/commit")
def commit(batch_id: int) -> Response:
    """Have a checked file counted; asked twice it is counted once."""
    asked.given()
    return _begun(_batch(batch_id), "files.count", State.CHECKED, State.COUNTED)


@filing.post(f"{BATCH}/undo")
def undo(batch_id: int) -> Response:
    """Have a counted file taken back."""
    asked.given()
    return _begun(_batch(batch_id), "files.undo", State.COUNTED, State.UNDONE)


def _begun(found: Batch, job: str, now: State, then: State) -> Response:
    """Ask for work on a file, unless it is done or being done already. Raises Problem, Refusal."""
    under = batches.job_of(db.session(), found)
    if found.state == then:
        return answers.data(batch_told.batch(found))
    if under is not None and batches.under_way(under):
        if under.name == job:
            return _accepted(found.id)
        raise Problem(
            409, _("С файлом ещё идёт работа. Спросите через секунду."), headers={"Retry-After": "1"}
        )
    if found.state != now:
        raise Problem(
            409, _("Файл сейчас в состоянии %(state)s, а нужно %(now)s.", state=found.state, now=now)
        )
    _collecting(found.campaign_id)
    leads_to = url_for("files.batch", campaign_id=found.campaign_id, batch_id=found.id)
    login, named, batch_id = token().user.login, token().name, found.id
    batches.begin(found, found.job_id or "", (now,), job, login, leads_to, token=named)
    return _accepted(batch_id)


def _accepted(batch_id: int) -> Response:
    found = _batch(batch_id)
    return answers.data(batch_told.batch(found), 202, Location=address("api_files.batch", batch_id=batch_id))


def _collecting(campaign_id: int) -> None:
    """Raises Problem."""
    if in_reach(campaign_id).stage != Stage.COLLECTING:
        raise Problem(409, _("Кампания больше не собирает ответы: здесь уже ничего не меняют."))


def _batch(batch_id: int) -> Batch:
    """A file of a campaign that the token reaches. Raises Problem."""
    found = db.session.get(Batch, batch_id, populate_existing=True)
    if found is None or found.kind not in batches.FILES:
        raise nothing(_("Такого файла нет, или ключ выдан не для его кампании."))
    in_reach(found.campaign_id)
    return found
