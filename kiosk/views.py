"""Devices on a page: the administrator makes, pairs and shuts them out, an organisation watches its own."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from accounts import access
from accounts.models import Role
from kiosk import devices, disputes, moving, pairing, tongues, watching
from kiosk.tables import Kiosk
from surveys import library, queries
from surveys.db import db, writing
from surveys.languages import RUSSIAN, languages
from surveys.refusals import NotFound, Refusal

bp = Blueprint("kiosks", __name__, url_prefix="/admin/kiosks")
access.only(bp, Role.ADMIN)

own = Blueprint("own_kiosks", __name__, url_prefix="/organization/kiosks")
access.only(own, Role.ORGANIZATION)

_HOUR = [Optional(), Regexp(devices.HOUR, message=_l("Час и минуты через двоеточие, например 08:00."))]


def _code(label: Any) -> StringField:
    return StringField(
        label,
        [DataRequired(_l("Введите код организации: он есть на её плакате.")), Length(max=20)],
        description=_l("Восемь знаков с плаката."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


class KioskForm(FlaskForm):
    """A device: where it stands and how it behaves."""

    code = _code(_l("Код организации"))
    name = StringField(
        _l("Название терминала"),
        [
            DataRequired(_l("Назовите терминал.")),
            Length(max=devices.LONGEST_NAME, message=_l("Название — до ста знаков.")),
        ],
        description=_l("Каким его узнают люди, например «Терминал у регистратуры»."),
    )
    place = StringField(
        _l("Место"),
        [Optional(), Length(max=devices.LONGEST_NAME, message=_l("Место — до ста знаков."))],
        description=_l("Как на плакате этого места: «регистратура», «2 этаж». Можно не заполнять."),
    )
    form = SelectField(
        _l("Анкета"), description=_l("Если кампания задаёт её. Иначе — её анкета для терминалов.")
    )
    opens = StringField(_l("Работает с"), _HOUR, description=_l("Например 08:00. Пусто — круглые сутки."))
    closes = StringField(_l("Работает до"), _HOUR, description=_l("Например 20:00."))
    idle_seconds = IntegerField(
        _l("Сколько секунд ждать молчащего человека"),
        [
            InputRequired(_l("Введите число секунд.")),
            NumberRange(devices.SHORTEST_IDLE, devices.LONGEST_IDLE, _l("Можно от 15 до 600 секунд.")),
        ],
        default=45,
        description=_l("Потом терминал 20 секунд спрашивает «Вы ещё здесь?» и стирает начатое."),
    )
    aloud = BooleanField(
        _l("Предлагать чтение вслух, если у устройства есть голос для языка экрана"), default=True
    )
    first_language = SelectField(
        _l("Первый язык"),
        default=RUSSIAN,
        description=_l("На нём терминал встречает каждого, к нему возвращается после каждого."),
    )
    languages = SelectMultipleField(
        _l("Ещё предлагать языки"),
        description=_l("Их названия стоят на первом экране кнопками. Ответы от языка не зависят."),
    )


class MoveForm(FlaskForm):
    """Another organisation and a place of it."""

    moved_code = _code(_l("Код другой организации"))
    moved_place = StringField(
        _l("Место там"),
        [Optional(), Length(max=devices.LONGEST_NAME, message=_l("Место — до ста знаков."))],
        description=_l("Можно не заполнять."),
    )


class CodeForm(FlaskForm):
    """Six digits from a screen."""

    digits = StringField(
        _l("Код с экрана терминала"),
        [DataRequired(_l("Введите шесть цифр, которые показывает терминал.")), Length(max=20)],
        description=_l("Шесть цифр. Терминал показывает их, когда на нём открыта страница /kiosk/."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class ScannedForm(CodeForm):
    """The digits that a phone has read off a screen, and the device that the screen is to be."""

    kiosk_id = SelectField(
        _l("Какой это терминал"), coerce=int, description=_l("Сначала те, которые ещё не подключены.")
    )


@bp.get("")
def index() -> ResponseReturnValue:
    """Every device, those in trouble first."""
    return render_template("kiosk/list.html", lines=watching.lines(db.session()))


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new device; then comes its pairing."""
    form = _form()
    if form.validate_on_submit():
        try:
            with writing() as session:
                kiosk_id = devices.make(session, form.code.data, _wanted(form), access.the_user().login).id
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return redirect(url_for(".kiosk", kiosk_id=kiosk_id), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("kiosk/new.html", form=form), status


@bp.route("/<int(max=2147483647):kiosk_id>", methods=["GET", "POST"])
def kiosk(kiosk_id: int) -> ResponseReturnValue:
    """One device: how it is, how it should be."""
    form = _form(devices.one(db.session(), kiosk_id))
    del form.code
    if form.validate_on_submit():
        try:
            with writing() as session:
                found = devices.one(session, kiosk_id)
                devices.change(session, found, _wanted(form), access.the_user().login)
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
    return _page(kiosk_id, _blank(kiosk_id), codes, refused=True)


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
    return _page(kiosk_id, _blank(kiosk_id), CodeForm(formdata=None), form, refused=True)


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
    line = watching.line(session, devices.one(session, kiosk_id))
    return Response(
        render_template(
            "kiosk/one.html",
            line=line,
            kiosk=line.kiosk,
            disputes=disputes.waiting(session, kiosk_id),
            form=form,
            codes=codes,
            elsewhere=elsewhere or MoveForm(formdata=None),
        ),
        422 if refused else 200,
        mimetype="text/html",
    )


def _blank(kiosk_id: int) -> KioskForm:
    form = _form(devices.one(db.session(), kiosk_id), formdata=None)
    del form.code
    return form


def _form(kiosk: Kiosk | None = None, **told: None) -> KioskForm:
    data = {}
    if kiosk is not None:
        names = ("name", "form", "opens", "closes", "idle_seconds", "aloud")
        data = {name: getattr(kiosk, name) for name in names}
        data["first_language"], *data["languages"] = (one.code for one in tongues.offered(kiosk.languages))
        data["place"] = queries.place_name(db.session(), kiosk.organization_id, kiosk.place)
    form = KioskForm(data=data or None, **told)
    titles = [(name, library.questionnaire(name).title) for name in devices.forms()]
    form.form.choices = [
        SelectChoice("", _("Анкета кампании для терминалов")),
        *(SelectChoice(name, title) for name, title in titles),
    ]
    form.first_language.choices = form.languages.choices = [
        SelectChoice(code, one.name) for code, one in languages().items()
    ]
    return form


def _wanted(form: KioskForm) -> devices.Wanted:
    return devices.Wanted(
        name=form.name.data,
        place=form.place.data or "",
        form=form.form.data,
        opens=form.opens.data or "",
        closes=form.closes.data or "",
        idle_seconds=form.idle_seconds.data,
        aloud=form.aloud.data,
        languages=(form.first_language.data, *form.languages.data),
    )
