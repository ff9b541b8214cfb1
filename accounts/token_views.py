"""Tokens on a page: the administrator's for anybody of the operators' teams, a head's own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from accounts import access, tokens
from accounts.models import RIGHT_TITLES, ApiToken, Right, Role, User
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.refusals import Refusal

bp = Blueprint("tokens", __name__, url_prefix="/tokens")
access.only(bp, Role.ADMIN, Role.OPERATOR, duties=())

TERMS = {30: _l("месяц"), 90: _l("три месяца"), 180: _l("полгода"), 365: _l("год")}


class TokenForm(FlaskForm):
    """A token; the secret is made by the service and shown once."""

    name = StringField(
        _l("Название"),
        [
            DataRequired(_l("Назовите ключ: для чего он.")),
            Length(max=tokens.LONGEST_NAME, message=_l("Название — до ста знаков.")),
        ],
        description=_l("Какая программа им пользуется, например «Выгрузка из нашей CRM»."),
        render_kw={"autocomplete": "off"},
    )
    owner = SelectField(
        _l("За кого действует"),
        description=_l("Руководитель оператора или верификатор: ключ может не больше, чем он сам."),
    )
    campaigns = SelectMultipleField(_l("В каких кампаниях"), coerce=int)
    rights = SelectMultipleField(
        _l("Что можно"), choices=[SelectChoice(right.value, title) for right, title in RIGHT_TITLES.items()]
    )
    term = SelectField(
        _l("Сколько действует"),
        coerce=int,
        choices=[SelectChoice(days, title) for days, title in TERMS.items()],
        default=tokens.USUAL_DAYS,
    )


@bp.get("")
def index() -> ResponseReturnValue:
    """What tokens there are: all for the administrator, one's own for a head."""
    listed = tokens.known(db.session(), _whose())
    return render_template("accounts/tokens.html", lines=[_line(one) for one in listed], home=_home())


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new token; its secret stands on the answer to this very request and nowhere else."""
    me = access.the_user()
    session = db.session()
    owners = tokens.owners(session) if me.role == Role.ADMIN else [me]
    form = _form(owners)
    if form.validate_on_submit():
        try:
            return _made(form, owners, me.login)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/token_new.html", form=form, home=_home()), status


def _made(form: TokenForm, owners: Sequence[User], login: str) -> Response:
    """Raises Refusal."""
    owner_id = next(one.id for one in owners if one.login == (form.owner.data if "owner" in form else login))
    ends_on = today() + timedelta(days=form.term.data)
    with writing() as session:
        token, secret = tokens.make(
            session,
            session.get_one(User, owner_id),
            form.name.data,
            rights=form.rights.data,
            campaigns=form.campaigns.data,
            ends_on=ends_on,
            by=login,
        )
        token_id = token.id
    made = tokens.one(db.session(), token_id)
    page = render_template("accounts/token.html", token=made, secret=secret, home=_home())
    return Response(page, mimetype="text/html")


@bp.post("/<int(max=2147483647):token_id>/revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    """End a token for good."""
    login, whose = access.the_user().login, _whose()
    tokens.one(db.session(), token_id, whose)
    with writing() as session:
        tokens.revoke(session, tokens.one(session, token_id, whose), login)
    flash(_("Ключ отозван: программа с ним больше ничего не сделает."))
    return redirect(url_for(".index"), 303)


def _form(owners: Sequence[User]) -> TokenForm:
    form = TokenForm(data={"rights": [right.value for right in Right]})
    seen: dict[int, Campaign] = {
        campaign.id: campaign for owner in owners for campaign in tokens.open_to(db.session(), owner)
    }
    form.campaigns.choices = [
        SelectChoice(one.id, _("№ %(id)s · %(title)s", id=one.id, title=one.title)) for one in seen.values()
    ]
    if access.the_user().role == Role.ADMIN:
        form.owner.choices = [SelectChoice(one.login, one.name or one.login) for one in owners]
    else:
        del form.owner
    return form


def _whose() -> int | None:
    """Whose tokens the one who is signed in looks after: None for everybody's."""
    me = access.the_user()
    return None if me.role == Role.ADMIN else me.id


def _home() -> tuple[str, str]:
    """Where the bar of the page leads."""
    if access.the_user().role == Role.ADMIN:
        return url_for("admin.index"), _("Администратор")
    return url_for(access.HOMES[Role.OPERATOR]), _("Оператор")


def _line(token: ApiToken) -> dict[str, Any]:
    why = tokens.ended(token)
    return {"token": token, "why": why, "works": not why}
