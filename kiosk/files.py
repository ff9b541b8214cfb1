"""The operator brings what a device could not send by itself."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from flask_wtf.file import FileField, FileRequired
from werkzeug.exceptions import RequestEntityTooLarge

from accounts import access
from accounts.models import Duty, Role
from kiosk import carried
from surveys.refusals import Refusal

MOST_FILE = 64 * 1024 * 1024

bp = Blueprint("kiosk_files", __name__, url_prefix="/operator/kiosks")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))


class KioskFile(FlaskForm):
    """A file that a device has written."""

    file = FileField(
        _l("Файл терминала"),
        [FileRequired(_l("Выберите файл, который сохранил терминал."))],
        render_kw={"accept": ".jsonl"},
    )


@bp.route("/file", methods=["GET", "POST"])
@access.takes(MOST_FILE)
def file() -> ResponseReturnValue:
    """Count what a device has saved to a file; the same file twice adds nothing."""
    form, report = KioskFile(), None
    if form.validate_on_submit():
        try:
            report = carried.taken(form.file.data.stream, access.the_user().login)
        except Refusal as refusal:
            form.file.errors = [str(refusal)]
    return render_template("kiosk/file.html", form=form, report=report), 422 if form.errors else 200


@bp.errorhandler(CSRFError)
def _stale(error: CSRFError) -> ResponseReturnValue:
    return _refused(_("Страница устарела. Выберите файл ещё раз."), 400)


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    return _refused(_("Файл больше 64 МБ: терминал таких не пишет."), 413)


def _refused(text: str, status: int) -> ResponseReturnValue:
    form = KioskFile(formdata=None)
    form.file.errors = [text]
    return render_template("kiosk/file.html", form=form, report=None), status
