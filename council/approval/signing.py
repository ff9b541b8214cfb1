"""Signing a release's document: with the council's certificate here, or with a file of a signature made elsewhere."""

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from accounts import access
from accounts.models import Role, Seat
from council import bound, signatures
from council.approval.report import AT, found, page
from council.approval.signing_forms import BringForm, OwnForm, SignForm, forms, own_store
from council.shelf import shelf
from documents.signing import MOST_BYTES
from surveys.db import db, writing
from surveys.refusals import NotFound, Refusal
from surveys.releases import Release

MOST_STORE = 128 * 1024
ENVELOPE = 16 * 1024
bp = Blueprint("signing", __name__, url_prefix=AT)
access.only(bp, Role.COUNCIL)


@bp.post("/sign")
@access.seated(Seat.CHAIR, Seat.SECRETARY)
@access.takes(MOST_STORE + ENVELOPE)
def sign(campaign_id: int, version: int) -> ResponseReturnValue:
    """Sign with the council's certificate."""
    _campaign, release = found(campaign_id, version)
    form = OwnForm() if own_store() else SignForm()
    if not form.validate_on_submit():
        return page(campaign_id, version, forms={**forms(), "sign": form}), 422
    try:
        store, password = _store(form)
        document = _document(release)
        with writing() as session:
            kept = signatures.sign(session, release, document, store, password, access.the_user().login)
    except Refusal as refusal:
        form.form_errors.append(str(refusal))
        return page(campaign_id, version, forms={**forms(), "sign": form}), 422
    flash(_("Отчёт подписан: %(name)s.", name=kept.told.signer))
    return _back(campaign_id, version)


@bp.post("/signature")
@access.seated(Seat.CHAIR, Seat.SECRETARY)
@access.takes(2 * MOST_BYTES + ENVELOPE)  # one a little too large is told so beside its field
def bring(campaign_id: int, version: int) -> ResponseReturnValue:
    """Bring a signature made elsewhere."""
    _campaign, release = found(campaign_id, version)
    form = BringForm()
    if not form.validate_on_submit():
        return page(campaign_id, version, forms={**forms(), "bring": form}), 422
    try:
        signature, document = form.signature.data.read(), _document(release)
        with writing() as session:
            kept = signatures.bring(session, release, document, signature, access.the_user().login)
    except Refusal as refusal:
        form.form_errors.append(str(refusal))
        return page(campaign_id, version, forms={**forms(), "bring": form}), 422
    flash(_("Подпись принята. %(words)s", words=kept.words))
    return _back(campaign_id, version)


def _store(form: FlaskForm) -> tuple[bytes, str]:
    file = own_store()
    if file is None:
        return form.store.data.read(), form.password.data or ""
    try:
        return file.read_bytes(), current_app.config.get("SIGNING_PASSWORD", "")
    except OSError as error:
        raise Refusal(_("Ключ совета не читается. Скажите об этом администратору службы.")) from error


def _document(release: Release) -> bytes:
    """The document that is signed: the usual one, with the data. Raises NotFound while there is none."""
    results = shelf().released(release)
    if not bound.of(db.session(), results).ready:
        raise NotFound(release.short)
    return bound.place(results.facts, "pdf").read_bytes()


def _back(campaign_id: int, version: int) -> Response:
    return redirect(url_for("report.show", campaign_id=campaign_id, version=version, _anchor="signatures"))
