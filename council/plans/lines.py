"""One line of the organisation's own plan: its words, and afterwards what has been done about it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from accounts import access, people
from council.plans import doing, reading, working
from council.plans.form import the_form
from council.plans.forms import Act, DropForm, MeasureForm, ProgressForm
from council.plans.own import SECTIONS, assessed, back, begun, bp, login
from surveys import proofs
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment
from surveys.plans import Measure
from surveys.refusals import NotFound, Refusal, Stale

CONFLICT = 409
MOST_PHOTOS = 5
MOST_SENT = MOST_PHOTOS * proofs.MOST_BYTES + 1024 * 1024
LINE = "/measures/<int(max=2147483647):measure_id>"


@bp.route("/sections/<int(max=9):section>/new", methods=["GET", "POST"])
def add(campaign_id: int, section: int) -> ResponseReturnValue:
    """A deficiency that the organisation found itself."""
    assessment, _plan = begun(campaign_id)
    if section not in SECTIONS:
        raise NotFound(str(section))
    form = MeasureForm()
    if not form.validate_on_submit():
        return _measure_page(assessment, form, section=section), 422 if form.is_submitted() else 200
    try:
        with writing() as session:
            own = session.get_one(Assessment, assessment.id)
            number = working.add(session, own, section, form.words(), login()).id
    except Refusal as refusal:
        form.form_errors.append(str(refusal))
        return _measure_page(assessment, form, section=section), CONFLICT
    flash(_("Строка добавлена в план."))
    return back(campaign_id, number)


@bp.route(LINE, methods=["GET", "POST"])
def measure(campaign_id: int, measure_id: int) -> ResponseReturnValue:
    """One line: what is wrong, what will be done, by when, by whom."""
    assessment, row = _line(campaign_id, measure_id)
    form = MeasureForm(**_asked(row, "deficiency", "text", "due_on", "responsible"))
    if not form.validate_on_submit():
        return _measure_page(assessment, form, row), 422 if form.is_submitted() else 200
    try:
        with writing() as session:
            own = session.get_one(Assessment, assessment.id)
            working.change(session, own, measure_id, form.version.data or 0, form.words(), login())
    except Stale as refusal:
        return _measure_page(assessment, form, _again(row), refusal), CONFLICT
    flash(_("Строка плана сохранена."))
    return back(campaign_id, measure_id)


@bp.post(f"{LINE}/drop")
def drop(campaign_id: int, measure_id: int) -> ResponseReturnValue:
    """Leave a line out, with the reason."""
    assessment, row = _line(campaign_id, measure_id)
    form = DropForm()
    if not form.validate_on_submit():
        fresh = MeasureForm(formdata=None, **_asked(row, "deficiency", "text", "due_on", "responsible"))
        return _measure_page(assessment, fresh, row, dropping=form), 422
    try:
        with writing() as session:
            own = session.get_one(Assessment, assessment.id)
            working.drop(session, own, measure_id, form.version.data or 0, form.reason.data, login())
    except Stale as refusal:
        row = _again(row)
        fresh = MeasureForm(formdata=None, **_asked(row, "deficiency", "text", "due_on", "responsible"))
        return _measure_page(assessment, fresh, row, refusal, dropping=form), CONFLICT
    flash(_("Строка не войдёт в план. Причина записана."))
    return back(campaign_id)


@bp.post(f"{LINE}/restore")
def restore(campaign_id: int, measure_id: int) -> ResponseReturnValue:
    """Take a line back in."""
    assessment, _row = _line(campaign_id, measure_id)
    form = Act()
    with writing() as session:
        own = session.get_one(Assessment, assessment.id)
        working.restore(session, own, measure_id, form.version.data or 0, login())
    flash(_("Строка снова в плане."))
    return back(campaign_id, measure_id)


@bp.route(f"{LINE}/progress", methods=["GET", "POST"])
@access.takes(MOST_SENT)
def progress(campaign_id: int, measure_id: int) -> ResponseReturnValue:
    """What has been done about an approved measure."""
    assessment, row = _line(campaign_id, measure_id)
    if not reading.in_plan(row):
        raise NotFound(str(measure_id))
    form = ProgressForm(**_asked(row, "done", "done_on"))
    if not form.validate_on_submit():
        return _progress_page(assessment, form, row), 422 if form.is_submitted() else 200
    try:
        proven = _sent_proofs(form)
        with writing() as session:
            own = session.get_one(Assessment, assessment.id)
            version, on = form.version.data or 0, form.done_on.data
            doing.done(session, own, measure_id, version, form.done.data, on, proven, login())
    except Stale as refusal:
        return _progress_page(assessment, form, _again(row), refusal), CONFLICT
    except Refusal as refusal:
        form.form_errors.append(f"{refusal} {_('Остальное осталось на месте; снимки выберите ещё раз.')}")
        return _progress_page(assessment, form, row), 422
    flash(_("Ход работы записан."))
    return back(campaign_id, measure_id)


@bp.post("/proofs/<int(max=2147483647):proof_id>/remove")
def remove(campaign_id: int, proof_id: int) -> ResponseReturnValue:
    """Take a proof away."""
    assessment = assessed(campaign_id)
    with writing() as session:
        own = session.get_one(Assessment, assessment.id)
        number = doing.take_away(session, own, proof_id, login())
    flash(_("Подтверждение убрано."))
    return redirect(url_for(".progress", campaign_id=campaign_id, measure_id=number))


def _measure_page(
    assessment: Assessment, form: MeasureForm, row: Measure | None = None, refusal: Refusal | None = None,
    *, section: int = 0, dropping: FlaskForm | None = None,
) -> str:  # fmt: skip
    if refusal is not None and row is not None:
        form.version.data, form.version.raw_data = row.version, None
    return render_template(
        "organization/plan_measure.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        plan=reading.of_assessment(db.session(), assessment),
        form=form,
        section_title=the_form().section(row.section if row else section),
        row=row,
        refusal=refusal,
        dropping=dropping or DropForm(formdata=None, version=row.version if row else 0),
        names=people.names(db.session(), [row.edited_by] if row else []),
    )


def _progress_page(
    assessment: Assessment, form: ProgressForm, row: Measure, refusal: Refusal | None = None
) -> str:
    if refusal is not None:
        form.version.data, form.version.raw_data = row.version, None
    plan = reading.of_assessment(db.session(), assessment)
    lines = reading.in_force(db.session(), plan, today()).lines if plan else []
    return render_template(
        "organization/plan_progress.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        form=form,
        section_title=the_form().section(row.section),
        line=next(line for line in lines if line.id == row.id),
        refusal=refusal,
        row=row,
        names=people.names(db.session(), [row.edited_by]),
    )


def _asked(row: Measure, *names: str) -> dict[str, Any]:
    """What a form begins with: the row as it is kept."""
    return {"version": row.version, **{name: getattr(row, name) for name in names}}


def _sent_proofs(form: ProgressForm) -> list[doing.Proof]:
    """Pictures drawn anew and put into the store, and a link. Raises Refusal."""
    sent = [file for file in request.files.getlist("photos") if file.filename]
    if len(sent) > MOST_PHOTOS:
        raise Refusal(_("За один раз можно прислать не больше пяти снимков."))
    drawn = []
    for file in sent:
        with file.stream as stream:
            drawn.append(proofs.cleaned(stream.read(proofs.MOST_BYTES + 1)))
    note = form.note.data or ""
    link = [doing.Proof(doing.LINK, form.link.data, note)] if form.link.data else []
    if link and not proofs.proper(form.link.data):
        raise Refusal(_("Ссылка должна начинаться с https:// и вести на страницу."))
    return [*(doing.Proof(doing.PHOTO, proofs.kept(one), note) for one in drawn), *link]


def _line(campaign_id: int, measure_id: int) -> tuple[Assessment, Measure]:
    assessment, plan = begun(campaign_id)
    return assessment, doing.measure(db.session(), plan, measure_id)


def _again(row: Measure) -> Measure:
    """The row as somebody else left it."""
    number = row.id
    db.session.rollback()
    found = db.session.get(Measure, number)
    if found is None:
        raise Stale(_("Этой строки в плане больше нет. Откройте план заново."))
    return found
