"""Pages of the third person: two readings side by side where they differ, and the decision."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import Duty
from operator_app.keying import checking, screen, stacks
from operator_app.keying.blueprint import SHEET, bp
from operator_app.keying.sheets import SPOILED, subject
from operator_app.keying.tables import Sheet
from operator_app.team import holds
from surveys.db import db, writing
from surveys.refusals import NotFound, Refusal


@bp.get(SHEET)
@access.entrusted(Duty.VERIFIER)
def sheet(campaign_id: int, stack_id: int, sheet_number: int) -> ResponseReturnValue:
    """What two people read differently on one sheet; held for whoever opened it."""
    user = access.the_user()
    session: Session = db.session()
    found = stacks.pile(session, access.campaign_seen(session, campaign_id), stack_id)
    stored = session.get(Sheet, (stack_id, sheet_number))
    if stored is None:
        raise NotFound(f"{stack_id}/{sheet_number}")
    open_ = found.collects and stored.state == "third"
    mine = checking.may_decide(session, found, stored, user)
    if open_ and mine:
        with writing() as session:
            holds.take(session, subject(found, sheet_number), user)
    shown = bool(open_ and mine and stored.second)
    return render_template(
        "operator/keying/dispute.html",
        campaign=found.campaign,
        pile=found,
        number=sheet_number,
        open=open_,
        mine=mine,
        alone=user.id in (stored.first_by, stored.second_by),
        sheet=stored,
        disputes=checking.disputes(found.questionnaire, stored.first or "", stored.second or "")
        if shown
        else [],
        none=checking.NO_ANSWER,
        prefix=screen.PREFIX,
        spoiled=SPOILED,
        form=FlaskForm(),
        subject=subject(found, sheet_number) if open_ and mine else None,
    )


@bp.post(SHEET)
@access.entrusted(Duty.VERIFIER)
def decide(campaign_id: int, stack_id: int, sheet_number: int) -> ResponseReturnValue:
    """The third person's decision: the true answers, a spoiled sheet, or another reading."""
    user = access.the_user()
    with writing() as session:
        found = stacks.working(session, access.campaign_seen(session, campaign_id), stack_id)
        if request.form.get("act") == "again":
            checking.read_again(session, found, user, sheet_number)
            told = _("Лист № %(number)s снова ждёт второго ввода.", number=sheet_number)
        elif reason := request.form.get("spoiled", ""):
            if reason not in SPOILED:
                raise Refusal(_("Выберите из списка, почему лист испорчен."))
            checking.spoil(session, found, user, sheet_number, reason)
            told = _("Лист № %(number)s испорчен и не учитывается.", number=sheet_number)
        else:
            said = {name.removeprefix(screen.PREFIX): value for name, value in request.form.items()}
            checking.decide(session, found, user, sheet_number, said)
            told = _("Лист № %(number)s разобран и учтён.", number=sheet_number)
    flash(told)
    return redirect(url_for(".index", campaign_id=campaign_id))
