"""An organisation before publication: its own figures, its objections, the council's answers."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from accounts import access
from accounts.models import Role
from council.approval import objections
from council.approval.forms import Words
from council.opinions import door as opinions
from surveys import frozen, queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment
from surveys.refusals import NotFound
from surveys.results import CampaignResults, Standing
from surveys.submissions import Package

bp = Blueprint("own_results", __name__, url_prefix="/organization/review")
access.only(bp, Role.ORGANIZATION)


class ObjectionForm(FlaskForm):
    """Which figure is wrong, and why."""

    figure = SelectField(_l("С чем вы не согласны"), [Optional()])
    text = Words(
        _l("Почему"),
        [
            InputRequired(_l("Напишите, почему вы не согласны.")),
            Length(10, 4_000, _l("От 10 до 4 000 знаков: совету нужны доводы.")),
        ],
        description=_l("Что не так и как это проверить: документ, дата, адрес страницы сайта."),
    )


@bp.get("/<int(max=2147483647):campaign_id>")
def show(campaign_id: int) -> ResponseReturnValue:
    """This organisation's figures as the council reads them, and what it objected."""
    return _shown(*_own(campaign_id))


@bp.post("/<int(max=2147483647):campaign_id>")
def raise_objection(campaign_id: int) -> ResponseReturnValue:
    """Object."""
    assessment, package = _own(campaign_id)
    form = _form(_results(assessment, package)[1])
    if not form.validate_on_submit():
        return _shown(assessment, package, form), 422
    with writing() as session:
        made = objections.raised(
            session,
            session.get_one(Package, package.id),
            session.get_one(Assessment, assessment.id),
            access.the_user().login,
            form.figure.data or "",
            form.text.data or "",
            today(),
        )
        number = made.id
    flash(_("Возражение отправлено совету."))
    return redirect(url_for(".show", campaign_id=campaign_id, _anchor=f"objection-{number}"))


def _own(campaign_id: int) -> tuple[Assessment, Package]:
    """This organisation in the campaign, and the package that the council opened to it. Raises NotFound."""
    organization = access.the_user().organization
    session = db.session()
    assessment = queries.assessment(session, campaign_id, organization.id) if organization else None
    package = objections.shown(session, campaign_id)
    if assessment is None or package is None:
        raise NotFound(str(campaign_id))
    if assessment.organization.code not in _codes(package):
        raise NotFound(str(campaign_id))
    return assessment, package


def _codes(package: Package) -> set[str]:
    return {one["code"] for one in package.report["data"]["organizations"]}


def _results(assessment: Assessment, package: Package) -> tuple[CampaignResults, Standing]:
    """Out of the package alone, and of it this organisation alone."""
    data = package.report["data"]
    code = assessment.organization.code
    only = {**data, "organizations": [one for one in data["organizations"] if one["code"] == code]}
    found = frozen.of_data(only, frozen.edition_of(assessment.campaign))
    return found, found.by_code[code]


def _form(standing: Standing, *, fresh: bool = False) -> ObjectionForm:
    form = ObjectionForm(formdata=None) if fresh else ObjectionForm()
    figures = ["total", *standing.result.criteria, *standing.result.indicators]
    named = [SelectChoice(key, _("Итог") if key == "total" else key) for key in figures]
    form.figure.choices = [SelectChoice("", _("Вся оценка")), *named]
    return form


def _shown(assessment: Assessment, package: Package, form: ObjectionForm | None = None) -> str:
    found, standing = _results(assessment, package)
    code, year = assessment.organization.code, assessment.campaign.year
    published = objections.in_force(db.session(), package)
    approved_at = objections.approved_at(package)
    return render_template(
        "organization/review.html",
        standing=standing,
        facts=found.facts,
        edition=found.facts.norm,
        links={},
        heard=opinions.beside(standing.code, found.facts.id),
        back=(url_for("organization.index"), _("Моя организация")),
        package=package,
        may_object=objections.taken(package, today()),
        settled=approved_at is not None,
        approved_at=approved_at,
        published_url=url_for("public.year", code=code, year=year) if published else "",
        objections=objections.of_organization(db.session(), assessment.id),
        form=form or _form(standing, fresh=True),
    )
