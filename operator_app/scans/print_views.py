"""«Бланки»: sheets printed for one organisation or for all of the campaign, and printed again."""

from threading import Semaphore
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from accounts import access
from accounts.models import Duty
from operator_app import choosing
from operator_app.fields import WholeField
from operator_app.scans import printed
from operator_app.scans.blueprint import bp
from operator_app.stages import collecting
from paper import archive, printing
from surveys import paging, queries
from surveys.channels import CHANNELS
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Stage
from surveys.refusals import Busy

PAGE_SIZE = 30
MOST_NAMES = 1_000
USUAL = 50
ONE, ALL = "one", "all"
WAIT_SECONDS = 60
RUN = "/forms/<int(max=2147483647):print_id>.pdf"

_drawing = Semaphore(2)  # two thousand sheets take a hundred megabytes for a few seconds


class PrintForm(FlaskForm):
    """What is to be printed."""

    whom = RadioField(_l("Для кого"), default=ONE)
    organization = StringField(
        _l("Организация"),
        [Length(max=400, message=_l("Название организации — до 400 знаков."))],
        description=_l("Название, ИНН или код с плаката."),
    )
    count = WholeField(
        _l("Сколько анкет"),
        [
            InputRequired(_l("Введите, сколько анкет напечатать.")),
            NumberRange(
                1,
                printing.MOST,
                _l("Анкет за раз печатают от 1 до %(most)s: введите целое число.", most=printing.MOST),
            ),
        ],
        description=_l("На каждую организацию. Лучше с запасом: лишние останутся чистыми."),
    )
    print = RadioField(_l("Шрифт"), default="usual")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.whom.choices = [
            SelectChoice(ONE, _("Для одной организации")),
            SelectChoice(ALL, _("Для каждой организации кампании, одним архивом")),
        ]
        self.print.choices = [SelectChoice(value, str(words)) for value, words in printed.EDITIONS.items()]


@bp.get("/forms")
@access.entrusted(Duty.VERIFIER)
def forms(campaign_id: int) -> ResponseReturnValue:
    """What was printed, and the form for more."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    given = {"organization": request.args.get("organization", "")[:400], "count": USUAL}
    return _page(campaign, PrintForm(data=given))


@bp.post("/forms")
@access.entrusted(Duty.VERIFIER)
def print_forms(campaign_id: int) -> ResponseReturnValue:
    """Give out serials; one organisation's sheets are there at once, those of all are drawn in the background."""
    campaign, form = collecting(campaign_id), PrintForm()
    if not form.validate():
        return _page(campaign, form)
    printing.form_of(
        campaign.questionnaire_of(CHANNELS["paper"].number), form.print.data
    )  # nobody waits for it
    if form.whom.data == ALL:
        return _all(campaign_id, form)
    if not (form.organization.data or "").strip():
        form.organization.errors = [_("Выберите организацию.")]
        return _page(campaign, form)
    assessment = choosing.meant(db.session(), campaign, form.organization)
    if assessment is None:
        return _page(campaign, form)
    about, name = assessment.id, assessment.organization.display_name
    db.session.rollback()
    with writing() as session:
        run = printing.print_run(
            session,
            session.get_one(Campaign, campaign_id),
            session.get_one(Assessment, about),
            form.count.data or 0,
            print=form.print.data,
            by=access.the_user().login,
        )
        number = run.id
    flash(_("Анкеты для «%(name)s» готовы: скачайте и напечатайте.", name=name))
    return redirect(url_for(".forms", campaign_id=campaign_id, _anchor=f"run-{number}"), 303)


def _all(campaign_id: int, form: PrintForm) -> ResponseReturnValue:
    db.session.rollback()
    with writing() as session:
        job = archive.print_all(
            session,
            session.get_one(Campaign, campaign_id),
            form.count.data or 0,
            print=form.print.data,
            by=access.the_user().login,
            leads_to=url_for(".forms", campaign_id=campaign_id, _anchor="archive"),
        )
        number = job.id
    return redirect(url_for("jobs.show", job_id=number), 303)


@bp.get(RUN)
@access.entrusted(Duty.VERIFIER)
def forms_pdf(campaign_id: int, print_id: int) -> ResponseReturnValue:
    """The sheets of a run, the same each time."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    run = printed.one(db.session(), campaign.id, print_id)
    if not _drawing.acquire(timeout=WAIT_SECONDS):
        raise Busy(_("Бланки сейчас готовят другим. Попробуйте через минуту."))
    try:
        content = printing.pdf(db.session(), run)
    finally:
        _drawing.release()
    name = _("бланки %(first)s–%(last)s", first=f"{run.first:06}", last=f"{run.first + run.count - 1:06}")
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return answer


@bp.get("/forms/all.zip")
@access.entrusted(Duty.VERIFIER)
def forms_archive(campaign_id: int) -> ResponseReturnValue:
    """The last archive for all organisations."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = archive.of(campaign.id)
    if found is None:
        flash(_("Архива уже нет: его хранят две недели. Скачайте анкеты каждой организации из списка."))
        return redirect(url_for(".forms", campaign_id=campaign_id))
    return send_file(
        found.file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=_("бланки всех организаций") + ".zip",
    )


def _page(campaign: Campaign, form: PrintForm) -> ResponseReturnValue:
    session = db.session()
    page = paging.asked(request.args)
    total, runs = printed.of_campaign(session, campaign.id, page, PAGE_SIZE)

    return render_template(
        "operator/scans/forms.html",
        campaign=campaign,
        collects=campaign.stage == Stage.COLLECTING,
        form=form,
        names=queries.progress(session, campaign.id, "", 1, MOST_NAMES)[1],
        runs=runs,
        pages=paging.pages(
            page, total, PAGE_SIZE, lambda n: url_for(".forms", campaign_id=campaign.id, page=n)
        ),
        archive=archive.of(campaign.id),
    ), 422 if form.errors else 200
