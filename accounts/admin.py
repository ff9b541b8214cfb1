"""The administrator's door: accounts of the staff, campaigns, the last acts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from accounts import access, audit, people
from accounts.models import DUTY_TITLES, ROLE_TITLES, SEAT_TITLES, AuditEvent, Role, User
from surveys import overview, queries, queue
from surveys.db import db, writing
from surveys.models import Region
from surveys.refusals import NotFound, Refusal

bp = Blueprint("admin", __name__, url_prefix="/admin")
access.only(bp, Role.ADMIN)

LAST_ACTS = 20


class PersonForm(FlaskForm):
    """An account; the password is made by the service and shown once."""

    login = StringField(
        _l("Логин"),
        [DataRequired(_l("Введите логин.")), Length(max=60, message=_l("Логин: от одного до 60 знаков."))],
        description=_l("Латинскими буквами, например petrov."),
        render_kw={"autocapitalize": "none", "autocomplete": "off"},
    )
    name = StringField(
        _l("Имя, каким его видят другие"), [Optional(), Length(max=200, message=_l("Имя — до 200 знаков."))]
    )
    role = SelectField(_l("Роль"), choices=[SelectChoice(r.value, t) for r, t in ROLE_TITLES.items()])
    duty = SelectField(
        _l("Обязанность в команде оператора"),
        choices=[
            SelectChoice("", _l("— выберите —")),
            *(SelectChoice(d.value, t) for d, t in DUTY_TITLES.items()),
        ],
        description=_l("Только для роли «Оператор». Руководителю открыто всё."),
    )
    seat = SelectField(
        _l("Место в совете"),
        choices=[
            SelectChoice("", _l("— выберите —")),
            *(SelectChoice(s.value, t) for s, t in SEAT_TITLES.items()),
        ],
        description=_l(
            "Только для роли «Общественный совет»: утверждает председатель, протокол ведёт секретарь."
        ),
    )
    region = SelectField(_l("Видит регион"), choices=[])
    organization = StringField(
        _l("Код организации"),
        [Optional(), Length(max=8, message=_l("Код организации — до восьми знаков."))],
        description=_l("Только для роли «Организация»."),
    )


@bp.get("/")
def index() -> ResponseReturnValue:
    """Users, campaigns, what broke, the last acts."""
    session = db.session()
    return render_template(
        "admin/index.html",
        users=session.scalars(select(User).order_by(User.login)).all(),
        campaigns=overview.lines(session, queries.campaigns(session), lambda c: ""),
        failures=queue.failures(session),
        events=session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(LAST_ACTS)).all(),
    )


@bp.route("/people/new", methods=["GET", "POST"])
def new_person() -> ResponseReturnValue:
    """A new account: its password is shown once, on the answer to this very request."""
    form = _form()
    if form.validate_on_submit():
        password = people.fresh_password()
        try:
            with writing() as session:
                user = people.make(session, form.login.data, password, **_told(form))
                audit.record(session, access.the_user().login, "user-added", user.login, role=user.role)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return render_template("admin/password.html", user=user, password=password)
    status = 422 if form.is_submitted() else 200
    return render_template("admin/person.html", form=form, user=None), status


@bp.route("/people/<int(max=2147483647):user_id>", methods=["GET", "POST"])
def person(user_id: int) -> ResponseReturnValue:
    """One account: what may be changed, a new password, closing."""
    user = _found(user_id)
    form = _form(user)
    del form.login
    if form.validate_on_submit():
        try:
            with writing() as session:
                user = session.get_one(User, user_id)
                _stays_an_administrator(user, role=form.role.data)
                changed = people.change(session, user, **_told(form))
                what = ", ".join(changed)
                audit.record(session, access.the_user().login, "user-changed", user.login, what=what)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("Сохранено."))
            return redirect(url_for(".index"))
    status = 422 if form.is_submitted() else 200
    return render_template("admin/person.html", form=form, user=_found(user_id)), status


@bp.post("/people/<int(max=2147483647):user_id>/password")
def renew(user_id: int) -> ResponseReturnValue:
    """A new password, shown once; open sessions end."""
    password = people.fresh_password()
    _found(user_id)
    with writing() as session:
        user = session.get_one(User, user_id)
        people.renew_password(user, password)
        audit.record(session, access.the_user().login, "password-changed", user.login)
    return render_template("admin/password.html", user=_found(user_id), password=password)


@bp.post("/people/<int(max=2147483647):user_id>/entry")
def entry(user_id: int) -> ResponseReturnValue:
    """Close the account or open it again."""
    active = request.form.get("open") == "1"
    _found(user_id)
    with writing() as session:
        user = session.get_one(User, user_id)
        if not active:
            _stays_an_administrator(user, role=None)
        people.let_in(user, active)
        audit.record(session, access.the_user().login, "user-opened" if active else "user-closed", user.login)
    flash(_("Вход открыт.") if active else _("Вход закрыт."))
    return redirect(url_for(".index"))


def _stays_an_administrator(user: User, role: str | None) -> None:
    """Nobody shuts himself out by mistake. Raises Refusal."""
    if user.id == access.the_user().id and role != Role.ADMIN:
        raise Refusal(
            _("Это ваша собственная запись: закрыть её или сменить ей роль может другой администратор.")
        )


def _found(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound(str(user_id))
    return user


def _form(user: User | None = None) -> PersonForm:
    told: dict[str, Any] = {}
    if user is not None:
        told = {
            "name": user.name,
            "role": user.role,
            "duty": user.duty or "",
            "seat": user.seat or "",
            "region": user.region.name if user.region else "",
            "organization": user.organization.code if user.organization else "",
        }
    form = PersonForm(data=told)
    regions = db.session.scalars(select(Region.name).order_by(Region.name))
    form.region.choices = [
        SelectChoice("", _("все регионы")),
        *(SelectChoice(name, name) for name in regions),
    ]
    return form


def _told(form: PersonForm) -> dict[str, str | None]:
    names = ("name", "role", "duty", "seat", "region", "organization")
    told = {name: (form[name].data or "").strip() for name in names}
    if told["role"] != Role.OPERATOR:
        told["duty"] = ""
    if told["role"] != Role.COUNCIL:
        told["seat"] = ""
    if told["role"] != Role.ORGANIZATION:
        told["organization"] = ""
    return told
