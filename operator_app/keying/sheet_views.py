"""The keying screen: the first reading of a sheet and the second, for people and for the page's script."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from accounts import access
from operator_app.fields import row_number
from operator_app.keying import checking, screen, sheets, stacks
from operator_app.keying.blueprint import SHEET, STACK, bp
from operator_app.keying.sheets import SPOILED, Kept
from operator_app.keying.stacks import Pile
from operator_app.keying.tables import Pace, Sheet
from surveys.db import db, writing
from surveys.refusals import Refusal

NO_STORE = {"Cache-Control": "no-store"}


@bp.get(f"{STACK}/key")
def key(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """An empty form with the next number, or (`?sheet=`) one's own sheet to put right."""
    found, numbers = _with_numbers(campaign_id, stack_id)
    again = request.args.get("sheet", type=row_number)
    own = _own(db.session(), found, again) if again else None
    if request.args.get("sheet") and own is None:
        raise Refusal(_("Исправить лист может тот, кто его ввёл, и пока его не прочёл второй человек."))
    return _screen(found, numbers, **({"own": own} if own else {}))


@bp.post(f"{STACK}/key")
def save(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """One sheet keyed for the first time, or put right; the script is answered in JSON."""
    try:
        kept, number, numbers, found = _saved(campaign_id, stack_id)
    except Refusal as refusal:
        if not _for_script():
            raise
        db.session.rollback()
        return jsonify(outcome="refused", text=str(refusal)), 422
    told = _told(kept, number)
    if _for_script():
        counts = stacks.counts_of(db.session(), [stack_id], access.the_user())[stack_id]
        return jsonify(
            outcome=kept.value,
            text=told,
            numbers=numbers,
            keyed=counts.keyed,
            mine=counts.mine,
            may_replace=kept is Kept.TAKEN and _own(db.session(), found, number) is not None,
        )
    if kept is Kept.TAKEN:
        return _screen(found, numbers, taken=number, given=request.form, told=told), 409
    flash(told)
    return redirect(url_for(".key", campaign_id=campaign_id, stack_id=stack_id))


@bp.get(f"{STACK}/state")
def state(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """For the script: numbers to go on with and a fresh token, after an outage or a new sign-in."""
    found, numbers = _with_numbers(campaign_id, stack_id)
    counts = stacks.counts_of(db.session(), [stack_id], access.the_user())[stack_id]
    told = {"numbers": numbers, "keyed": counts.keyed, "mine": counts.mine, "token": generate_csrf()}
    return jsonify(**told, user=access.the_user().id, collects=found.collects), 200, NO_STORE


@bp.get(f"{STACK}/second")
def second(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """The next sheet that waits for a second keying by this user, held from now on; nothing of the first is shown."""
    user = access.the_user()
    found = stacks.pile(db.session(), access.campaign_seen(db.session(), campaign_id), stack_id)
    number = None
    if found.collects:
        with writing() as session:
            found = stacks.pile(session, access.campaign_seen(session, campaign_id), stack_id, locked=True)
            number = checking.next_for(session, found, user)
    return _screen(found, [number] if number else [], second=True)


@bp.post(f"{SHEET}/second")
def save_second(campaign_id: int, stack_id: int, sheet_number: int) -> ResponseReturnValue:
    """A sheet keyed for the second time; on to the next, and not a word of what the first had read."""
    user = access.the_user()
    try:
        with writing() as session:
            found = stacks.working(session, access.campaign_seen(session, campaign_id), stack_id)
            reading = screen.reading_of(found.questionnaire, request.form)
            checking.key_second(session, found, user, sheet_number, reading)
            coming = checking.next_for(session, found, user) if _for_script() else None
    except Refusal as refusal:
        if not _for_script():
            raise
        return jsonify(outcome="refused", text=str(refusal)), 422
    told = _("Лист № %(number)s введён второй раз.", number=sheet_number)
    if _for_script():
        address = (
            url_for(".save_second", campaign_id=campaign_id, stack_id=stack_id, sheet_number=coming)
            if coming
            else None
        )
        return jsonify(
            outcome=Kept.SAVED.value,
            text=told,
            next=coming,
            address=address,
            subject=sheets.subject(found, coming) if coming else None,
            mine=stacks.counts_of(db.session(), [stack_id], user)[stack_id].mine,
        )
    flash(told)
    return redirect(url_for(".second", campaign_id=campaign_id, stack_id=stack_id))


@bp.post(f"{STACK}/leave")
def leave(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """Let go of the sheet held for a second keying."""
    with writing() as session:
        found = stacks.working(session, access.campaign_seen(session, campaign_id), stack_id)
        checking.let_go(session, found, access.the_user())
    return redirect(url_for(".index", campaign_id=campaign_id))


def _saved(campaign_id: int, stack_id: int) -> tuple[Kept, int, list[int], Pile]:
    """In one transaction: the sheet, and the numbers to go on with."""
    user = access.the_user()
    with writing() as session:
        found = stacks.working(session, access.campaign_seen(session, campaign_id), stack_id)
        number = screen.number_of(request.form)
        reading = screen.reading_of(found.questionnaire, request.form)
        instead = request.form.get("choice") == "instead"
        kept = sheets.key_first(session, found, user, number, reading, instead=instead)
        return kept, number, stacks.numbers_for(session, found, user), found


def _with_numbers(campaign_id: int, stack_id: int) -> tuple[Pile, list[int]]:
    session: Session = db.session()
    found = stacks.pile(session, access.campaign_seen(session, campaign_id), stack_id)
    if not found.collects or found.stack.closed:
        return found, []
    with writing() as session:
        found = stacks.pile(session, access.campaign_seen(session, campaign_id), stack_id, locked=True)
        numbers = stacks.numbers_for(session, found, access.the_user())
    return found, numbers


def _own(session: Session, found: Pile, number: int) -> Sheet | None:
    """This user's sheet, if it may still be put right."""
    sheet = session.get(Sheet, (found.number, number)) if number <= stacks.HIGHEST else None
    mine = sheet is not None and sheets.may_put_right(session, found, sheet, access.the_user())
    return sheet if mine else None


def _told(kept: Kept, number: int) -> str:
    if kept is Kept.TAKEN:
        return str(_("Под № %(number)s в этой пачке уже лежит лист с другими ответами.", number=number))
    if kept is Kept.REPEATED:
        return str(
            _("Лист № %(number)s с этими же ответами уже внесён: второй раз он не считается.", number=number)
        )
    return str(_("Лист № %(number)s сохранён.", number=number))


def _screen(found: Pile, numbers: list[int], **more: Any) -> str:
    """The screen of either reading; `own`: a sheet to put right, `given`: a form that could not be kept."""
    user = access.the_user()
    session: Session = db.session()
    own, given = more.pop("own", None), more.pop("given", None)
    pace = session.get(Pace, (found.number, user.id))
    held = {"taken": None, "told": "", "second": False, **more}
    return render_template(
        "operator/keying/form.html",
        here=found.campaign,
        pile=found,
        numbers=[own.number] if own else numbers,
        own=own,
        rows=screen.rows(found.questionnaire, sheets.answers_of(session, found, own) if own else None),
        given={name: value for name, value in (given or {}).items()},
        worded=[] if held["second"] or own else screen.worded(found.questionnaire),
        counts=stacks.counts_of(session, [found.number], user)[found.number],
        spoiled=SPOILED,
        last=pace.last_number if pace else None,
        subject=sheets.subject(found, numbers[0]) if held["second"] and numbers else None,
        **held,
    )


def _for_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
