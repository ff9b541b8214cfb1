"""Files as operators have them: upload, columns, report, commit or none, undo by batch."""

import io
from typing import Any

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access, audit
from accounts.models import Duty, Role
from operator_app.files import batches, blanks, mapping, pages, storage
from operator_app.files.forms import UploadForm
from operator_app.files.kinds import reader
from operator_app.files.pages import WAITING
from operator_app.stages import collecting
from surveys.batches import Batch, State
from surveys.channels import BY_NUMBER, CHANNELS
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.refusals import NotFound, Refusal, Stale

bp = Blueprint("files", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/files")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))

ENVELOPE = 2**20  # what a form weighs around its file
BATCH = "/<int(max=2147483647):batch_id>"


@bp.get("")
def index(campaign_id: int) -> ResponseReturnValue:
    """What was brought to this campaign, and the door for one more."""
    return pages.listed(access.campaign_seen(db.session(), campaign_id), UploadForm())


@bp.post("")
@access.takes(2 * storage.MOST_BYTES)  # one a little too large is told so beside its field
def upload(campaign_id: int) -> ResponseReturnValue:
    """Take a file down and begin to read it."""
    campaign, form = collecting(campaign_id), UploadForm()
    if not form.validate():
        return pages.listed(campaign, form)
    try:
        kept = storage.keep(form.file.data.stream)
    except Refusal as refusal:
        form.file.errors = [*form.file.errors, str(refusal)]
        return pages.listed(campaign, form)
    return redirect(_here("batch", campaign_id, _brought(campaign_id, form, kept)), 303)


def _brought(campaign_id: int, form: UploadForm, kept: storage.Kept) -> int:
    """The new batch, and the asking to read it, in one transaction."""
    with writing() as session:
        return batches.bring(
            session,
            kept,
            storage.plain_name(form.file.data.filename),
            "files.look",
            lambda batch_id: _here("batch", campaign_id, batch_id),
            campaign_id=campaign_id,
            kind=form.kind.data,
            channel=CHANNELS.get(form.channel.data),
            by=access.the_user().login,
        ).id


@bp.get("/template/<questionnaire>.xlsx")
def blank(campaign_id: int, questionnaire: str) -> ResponseReturnValue:
    """Our own table to fill in."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    return blanks.answer(db.session(), campaign, questionnaire)


@bp.get(BATCH)
def batch(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """One file, as far as it is."""
    return pages.of(*_batch(campaign_id, batch_id))


@bp.get(f"{BATCH}/columns")
def columns(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """The columns again, while the file is not counted."""
    answer: ResponseReturnValue = pages.columns(*_batch(campaign_id, batch_id))
    return answer


@bp.post(f"{BATCH}/columns")
@access.takes(ENVELOPE, parts=5000)
def map_columns(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """Columns as confirmed: understood anew, or the whole file checked by them."""
    collecting(campaign_id)
    campaign, found = _batch(campaign_id, batch_id)
    seen = pages.look(found)
    if seen is None:
        return redirect(_here("batch", campaign_id, batch_id), 303)
    told = mapping.options(request.form, seen, BY_NUMBER[found.channel].id if found.channel else "import")
    if "check" not in request.form or not told.columns:
        return _begin(found, "files.look", WAITING, leads="columns", mapping=told.as_dict())
    if twice := mapping.doubled(told.columns, seen):
        words = _("Один и тот же вопрос выбран у двух столбцов: %(names)s.", names="; ".join(twice))
        answer: ResponseReturnValue = pages.columns(campaign, found, told.as_dict(), words)
        return answer
    with writing() as session:
        reader(found).remember(session, seen, dict(told.columns))
    return _begin(found, "files.check", WAITING, mapping=told.as_dict())


@bp.post(f"{BATCH}/count")
def count(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """Count what was checked."""
    collecting(campaign_id)
    return _begin(_batch(campaign_id, batch_id)[1], "files.count", (State.CHECKED,))


@bp.post(f"{BATCH}/drop")
def drop(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """Let a file go: nothing of it is counted."""
    collecting(campaign_id)
    kept_as, login = _batch(campaign_id, batch_id)[1].kept_as, access.the_user().login
    with writing() as session:
        done = batches.changed(session, batch_id, WAITING, state=State.DROPPED, kept_as="")
        if done:
            audit.record(session, login, "file-dropped", f"{campaign_id}/{batch_id}")
    if not done:
        flash(_("Пока вы смотрели, с этим файлом уже поработали. Ниже — как есть сейчас."))
        return redirect(_here("batch", campaign_id, batch_id), 303)
    storage.forget(kept_as)
    flash(_("Ничего не загружено, файл удалён."))
    return redirect(url_for("files.index", campaign_id=campaign_id), 303)


@bp.get(f"{BATCH}/undo")
def undoing(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """What would disappear."""
    return pages.undoing(*_batch(campaign_id, batch_id))


@bp.post(f"{BATCH}/undo")
def undo(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """Take a counted file back."""
    collecting(campaign_id)
    return _begin(_batch(campaign_id, batch_id)[1], "files.undo", (State.COUNTED,))


@bp.post(f"{BATCH}/reviewed")
def reviewed(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """Somebody has read what the report warns of."""
    collecting(campaign_id)
    _batch(campaign_id, batch_id)
    login, unread = access.the_user().login, Batch.reviewed_by.is_(None)
    with writing() as session:
        if batches.changed(session, batch_id, (State.COUNTED,), unread, reviewed_by=login):
            audit.record(session, login, "file-reviewed", f"{campaign_id}/{batch_id}")
    return redirect(_here("batch", campaign_id, batch_id), 303)


@bp.get(f"{BATCH}/refused.csv")
def refused(campaign_id: int, batch_id: int) -> ResponseReturnValue:
    """Every refused row, while the list is kept."""
    found = _batch(campaign_id, batch_id)[1]
    place = storage.place_of(found.kept_as, storage.REFUSED)
    if not found.kept_as or not place.exists():
        raise NotFound(str(batch_id))
    name = f"не принято - {found.file_name.rpartition('.')[0] or found.file_name}.csv"
    told = io.BytesIO(place.read_bytes())
    return send_file(told, mimetype="text/csv", as_attachment=True, download_name=name, max_age=0)


def _begin(
    found: Batch, name: str, states: tuple[State, ...], leads: str = "batch", **changes: Any
) -> ResponseReturnValue:
    """Ask for work and show how it goes; of two who press, the second is told and sees what the first began."""
    campaign_id, batch_id, seen = found.campaign_id, found.id, request.form.get("seen", "")
    goes_on, login = _here(leads, campaign_id, batch_id), access.the_user().login
    try:
        batches.begin(found, seen, states, name, login, goes_on, **changes)
    except Stale as refusal:
        flash(str(refusal))
    return redirect(_here("batch", campaign_id, batch_id), 303)


def _here(endpoint: str, campaign_id: int, batch_id: int) -> str:
    return url_for(f"files.{endpoint}", campaign_id=campaign_id, batch_id=batch_id)


def _batch(campaign_id: int, batch_id: int) -> tuple[Campaign, Batch]:
    campaign = access.campaign_seen(db.session(), campaign_id)
    return campaign, batches.one(db.session(), campaign_id, batch_id)
