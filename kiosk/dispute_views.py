"""Answers that came under the name of another one: the operator's verifier lays them side by side and decides."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from accounts import access
from accounts.models import Duty, Role
from kiosk import disputes
from kiosk.tables import Dispute, Verdict
from surveys import queries
from surveys.db import db, writing
from surveys.refusals import Refusal

bp = Blueprint("kiosk_disputes", __name__, url_prefix="/operator/kiosks/disputes")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))

DECIDED = {
    Verdict.WAITING: _l("ждёт решения"),
    Verdict.FIRST: _l("оставлен прежний"),
    Verdict.SECOND: _l("учтён этот"),
    Verdict.NEITHER: _l("не учтён ни один"),
}


class VerdictForm(FlaskForm):
    """Which of the two is counted, and why."""

    verdict = RadioField(
        _l("Что учесть"),
        [InputRequired(_l("Выберите, что учесть."))],
        choices=[
            SelectChoice(Verdict.FIRST.value, _l("Оставить прежний: он уже учтён")),
            SelectChoice(Verdict.SECOND.value, _l("Учесть этот вместо прежнего")),
            SelectChoice(Verdict.NEITHER.value, _l("Испорчены оба: не учитывать ни один")),
        ],
    )
    reason = TextAreaField(
        _l("Причина"),
        [Length(max=disputes.LONGEST_REASON, message=_l("Не больше 500 знаков."))],
        description=_l("Чтобы оставить прежний, можно не писать. Решение и причина останутся в журнале."),
    )


@bp.get("")
def index() -> ResponseReturnValue:
    """Those that wait, then those that were decided."""
    session = db.session()
    lines = [
        (one, queries.place_name(session, one.kiosk.organization_id, one.place))
        for one in disputes.seen(session)
    ]
    return render_template("kiosk/disputes.html", lines=lines, decided=DECIDED)


@bp.route("/<int(max=2147483647):dispute_id>", methods=["GET", "POST"])
def dispute(dispute_id: int) -> ResponseReturnValue:
    """Two answers side by side, only where they differ; the decision."""
    form, login = VerdictForm(), access.the_user().login
    found = disputes.one(db.session(), dispute_id)
    if form.validate_on_submit():
        try:
            with writing() as session:
                locked = disputes.one(session, dispute_id, locked=True)
                disputes.decide(session, locked, Verdict(form.verdict.data), form.reason.data or "", login)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("Решение записано."))
            return redirect(url_for(".index"), 303)
    return _page(disputes.one(db.session(), found.id), form), 422 if form.is_submitted() else 200


def _page(found: Dispute, form: VerdictForm) -> str:
    session = db.session()
    differing, same = disputes.apart(session, found)
    return render_template(
        "kiosk/dispute.html",
        dispute=found,
        organization=found.assessment.organization,
        place=queries.place_name(session, found.kiosk.organization_id, found.place),
        differing=differing,
        same=same,
        collects=disputes.collects(found),
        waits=found.verdict == Verdict.WAITING,
        decided=DECIDED[Verdict(found.verdict)],
        form=form,
    )
