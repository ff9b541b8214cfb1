"""Devices on a page: the administrator makes, pairs and shuts them out, an organisation watches its own."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from accounts import access
from accounts.models import Role
from kiosk import devices, disputes, forms, moving, pairing, usage, watching
from kiosk.forms import CodeForm, KioskForm, MoveForm, ScannedForm
from surveys.db import db, writing
from surveys.refusals import NotFound, Refusal

bp = Blueprint("kiosks", __name__, url_prefix="/admin/kiosks")
access.only(bp, Role.ADMIN)

own = Blueprint("own_kiosks", __name__, url_prefix="/organization/kiosks")
access.only(own, Role.ORGANIZATION)


@bp.get("")
def index() -> ResponseReturnValue:
    """Every device, those in trouble first."""
    return render_template("kiosk/list.html", lines=watching.lines(db.session()))


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new device; then comes its pairing."""
    form = forms.of()
    if form.validate_on_submit():
        try:
            with writing() as session:
                kiosk_id = devices.make(
                    session, form.code.data, forms.wanted(form), access.the_user().login
                ).id
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return redirect(url_for(".kiosk", kiosk_id=kiosk_id), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("kiosk/new.html", form=form), status


@bp.route("/<int(max=2147483647):kiosk_id>", methods=["GET", "POST"])
def kiosk(kiosk_id: int) -> ResponseReturnValue:
    """One device: how it is, how it should be."""
    form = forms.of(devices.one(db.session(), kiosk_id))
    del form.code
    if form.validate_on_submit():
        try:
            with writing() as session:
                found = devices.one(session, kiosk_id)
                devices.change(session, found, forms.wanted(form), access.the_user().login)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("Сохранено. Терминал узнает об этом, когда в следующий раз выйдет на связь."))
            return redirect(url_for(".kiosk", kiosk_id=kiosk_id), 303)
    return _page(kiosk_id, form, CodeForm(formdata=None), refused=form.is_submitted())


@bp.post("/<int(max=2147483647):kiosk_id>/pair")
def pair(kiosk_id: int) -> ResponseReturnValue:
    """The digits on the screen → the screen is this device."""
    codes, login = CodeForm(), access.the_user().login
    devices.one(db.session(), kiosk_id)
    if codes.validate_on_submit():
        try:
            with writing() as session:
                pairing.paired(session, devices.one(session, kiosk_id), codes.digits.data, login)
        except Refusal as refusal:
            codes.digits.errors = [str(refusal)]
        else:
            flash(_("Терминал подключён: через несколько секунд на экране появится приглашение."))
            return redirect(url_for(".kiosk", kiosk_id=kiosk_id), 303)
    return _page(kiosk_id, forms.blank(kiosk_id), codes, refused=True)


@bp.route("/pair", methods=["GET", "POST"])
def scanned() -> ResponseReturnValue:
    """The screen's QR code leads here: a person who is signed in looks at the digits and says which device it is."""
    form = ScannedForm(digits=request.args.get("code", "")[:20] if request.method == "GET" else None)
    lines = sorted(watching.lines(db.session()), key=lambda line: line.kiosk.token_sha256 is not None)
    form.kiosk_id.choices = [SelectChoice(line.kiosk.id, _titled(line)) for line in lines]
    if form.validate_on_submit():
        try:
            with writing() as session:
                kiosk = devices.one(session, form.kiosk_id.data)
                pairing.paired(session, kiosk, form.digits.data, access.the_user().login)
        except Refusal as refusal:
            form.digits.errors = [str(refusal)]
        else:
            flash(_("Терминал подключён: через несколько секунд на экране появится приглашение."))
            return redirect(url_for(".kiosk", kiosk_id=form.kiosk_id.data), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("kiosk/scanned.html", form=form, lines=lines), status


def _titled(line: watching.Line) -> str:
    parts = (line.kiosk.name, line.kiosk.organization.display_name, line.place, line.word)
    return " · ".join(filter(None, parts))


@bp.post("/<int(max=2147483647):kiosk_id>/revoke")
def revoke(kiosk_id: int) -> ResponseReturnValue:
    """Shut a device out."""
    login = access.the_user().login
    devices.one(db.session(), kiosk_id)
    with writing() as session:
        pairing.revoke(session, devices.one(session, kiosk_id), login)
    flash(_("Терминал отключён. Ответы, которые на нём остались, ждут и уйдут, если его подключить снова."))
    return redirect(url_for(".kiosk", kiosk_id=kiosk_id), 303)


@bp.post("/<int(max=2147483647):kiosk_id>/move")
def move(kiosk_id: int) -> ResponseReturnValue:
    """Give the screen to another organisation; what was answered on it before stays the former one's."""
    form, login = MoveForm(), access.the_user().login
    devices.one(db.session(), kiosk_id)
    if form.validate_on_submit():
        code, place = form.moved_code.data, form.moved_place.data or ""
        try:
            with writing() as session:
                moved_to = moving.move(session, devices.one(session, kiosk_id), code, place, login).id
        except Refusal as refusal:
            form.moved_code.errors = [str(refusal)]
        else:
            flash(_("Терминал перенесён. Экран узнает об этом, когда выйдет на связь."))
            return redirect(url_for(".kiosk", kiosk_id=moved_to), 303)
    return _page(kiosk_id, forms.blank(kiosk_id), CodeForm(formdata=None), form, refused=True)


@own.get("")
def mine() -> ResponseReturnValue:
    """The devices of one's own organisation."""
    organization = access.the_user().organization
    if organization is None:
        raise NotFound("organization")
    lines = watching.lines(db.session(), organization.id)
    return render_template("kiosk/own.html", organization=organization, lines=lines)


def _page(
    kiosk_id: int, form: KioskForm, codes: CodeForm, elsewhere: MoveForm | None = None, *, refused: bool
) -> ResponseReturnValue:
    session = db.session()
    line, few = watching.line(session, devices.one(session, kiosk_id)), current_app.config["SMALLEST_GROUP"]
    return Response(
        render_template(
            "kiosk/one.html",
            line=line,
            kiosk=line.kiosk,
            disputes=disputes.waiting(session, kiosk_id),
            usage=usage.of(session, kiosk_id, line.kiosk.made_on, few),
            few=few,
            form=form,
            codes=codes,
            elsewhere=elsewhere or MoveForm(formdata=None),
        ),
        422 if refused else 200,
        mimetype="text/html",
    )
