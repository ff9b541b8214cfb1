"""The staff's door: sign in, sign out."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from accounts import access, audit
from accounts.models import Role
from surveys.db import db, writing

bp = Blueprint("accounts", __name__)

YEAR = 365 * 24 * 60 * 60
OFFLINE_PAGES = "/operator/field/"


class SignIn(FlaskForm):
    """Login and password."""

    login = StringField(
        lazy_gettext("Логин"),
        [
            InputRequired(lazy_gettext("Введите логин.")),
            Length(max=60, message=lazy_gettext("Логин — до 60 знаков: проверьте его.")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        lazy_gettext("Пароль"),
        [
            InputRequired(lazy_gettext("Введите пароль.")),
            Length(max=200, message=lazy_gettext("Пароль — до 200 знаков: проверьте его.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Recognise one of the staff and lead to the role's own door."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_next() or _home())
    form = SignIn()
    if form.validate_on_submit():
        if not access.may_try(form.login.data):
            abort(429)
        user = access.recognised(db.session(), form.login.data, form.password.data)
        if user is not None:
            with writing() as session:
                audit.record(session, user.login, "sign-in", user.login)
            access.sign_in(user)
            return redirect(_next() or _home())
        form.form_errors.append(_("Логин или пароль не подходит. Проверьте раскладку и попробуйте ещё раз."))
    return render_template("accounts/sign_in.html", form=form), 422 if form.is_submitted() else 200


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session, and leave word of it for the inspector's page, which may be opened without a network."""
    access.sign_out()
    flash(_("Вы вышли."))
    answer = redirect(url_for("survey.home"))
    answer.set_cookie("left", "1", max_age=YEAR, path=OFFLINE_PAGES, samesite="Lax")
    return answer


def _home() -> str:
    return url_for(access.HOMES[Role(access.the_user().role)])


def _next() -> str | None:
    """Where the visitor was going, if that is a path of ours."""
    wanted = request.args.get("next", "")
    address = urlsplit(wanted)
    ours = (
        not address.scheme
        and not address.netloc
        and wanted.startswith("/")
        and "\\" not in wanted
        and wanted.isprintable()
    )
    return wanted if ours and not wanted.startswith("//") else None
