"""One sheet that waits: its picture, what is wrong with it, what a person decides."""

from collections.abc import Callable

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import User
from operator_app.scans import batches, pictures, sheets, words
from operator_app.scans.blueprint import BATCH, PAGE, SHEET, bp
from operator_app.scans.sheet_pages import shown, way
from operator_app.stages import collecting
from operator_app.team import holds
from paper import byhand, crops, frame, settling, vault
from paper.marks import PageSeen
from paper.tables import ScannedPage, ScannedSheet, SheetState
from paper.words import Reason, said
from surveys.batches import State
from surveys.db import db, writing
from surveys.refusals import NotFound, Refusal, Stale

Decision = Callable[[Session, ScannedSheet, User], None]
DECISIONS: dict[str, Decision] = {
    "as_is": settling.count_as_is,
    "whole": settling.count_whole,
    "another": settling.another_person,
    "same": settling.repeat,
}
TAKEN_BACK: dict[str, Decision] = {
    "take_number": settling.take_number,
    "bring_back": settling.bring_back,
    "has_marks": settling.has_marks,
}
PARTS = {"digits": frame.DIGITS, "code": frame.CODE}


@bp.get(f"{BATCH}/sheets/next")
def next_sheet(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """On to a sheet that waits; back to the batch when none does."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = batches.one(db.session(), campaign.id, scans_id)
    after = request.args.get("after", 0, type=int)
    coming = sheets.next_waiting(db.session(), found, after, access.the_user().id)
    return redirect(way(campaign_id, scans_id, coming))


@bp.get(SHEET)
def sheet(campaign_id: int, scans_id: int, sheet_id: int) -> ResponseReturnValue:
    """The sheet, held from now on if it waits and nobody else has it in hand."""
    return shown(campaign_id, scans_id, sheet_id)


@bp.post(f"{SHEET}/number")
def number(campaign_id: int, scans_id: int, sheet_id: int) -> ResponseReturnValue:
    """The number that a person reads on the sheet: first told whose it is, then taken."""
    typed = request.form.get("near") or request.form.get("digits", "")
    session, partner = db.session(), None
    try:
        named = sheets.named(session, campaign_id, typed)
        lone = sheets.one(session, batches.one(session, campaign_id, scans_id), sheet_id)
        sheets.check_side(session, lone, named)
        partner = sheets.partner(session, lone)
    except NotFound:
        raise
    except byhand.WrongSide as refusal:
        right = [sheets.named(session, campaign_id, code.digits) for code in refusal.right]
        return shown(campaign_id, scans_id, sheet_id, typed=typed, wrong=str(refusal), right=right), 422
    except Refusal as refusal:
        return shown(campaign_id, scans_id, sheet_id, typed=typed, wrong=str(refusal)), 422
    both = request.form.get("both", "")
    if named.digits not in (request.form.get("confirmed"), both):
        return shown(campaign_id, scans_id, sheet_id, typed=typed, named=named)
    other_id = partner.id if partner and both == named.digits else None

    def give(session: Session, sheet: ScannedSheet, user: User) -> None:
        settling.give_number(session, sheet, named.digits, user)
        if other_id is not None:
            other = session.get_one(ScannedSheet, other_id)
            held = f"{campaign_id}/scan/{other_id}"
            holds.take(session, held, user)
            settling.give_number(session, other, sheets.of_partner(named, campaign_id), user)
            holds.release(session, held, user)

    return _decided(campaign_id, scans_id, sheet_id, give)


@bp.post(f"{SHEET}/decide")
def decide(campaign_id: int, scans_id: int, sheet_id: int) -> ResponseReturnValue:
    """What a person decides of a sheet that waits."""
    act = request.form.get("act", "")
    if act in TAKEN_BACK:
        return _decided(campaign_id, scans_id, sheet_id, TAKEN_BACK[act], back=True)
    decision = DECISIONS.get(act)
    if decision is None:
        raise Refusal(_("Выберите, что сделать с листом."))
    return _decided(campaign_id, scans_id, sheet_id, decision)


@bp.post(f"{SHEET}/spoil")
def spoil(campaign_id: int, scans_id: int, sheet_id: int) -> ResponseReturnValue:
    """Set a sheet aside, with a reason."""
    reason = request.form.get("reason", "")
    if reason not in words.SPOILED:
        return shown(campaign_id, scans_id, sheet_id, unsaid=_("Выберите причину.")), 422

    def aside(session: Session, sheet: ScannedSheet, user: User) -> None:
        settling.spoil(session, sheet, reason, user)

    return _decided(campaign_id, scans_id, sheet_id, aside)


@bp.get(f"{PAGE}.jpg")
def picture(campaign_id: int, scans_id: int, page_id: int) -> Response:
    """A kept page, for those who may see the campaign; drawn anew, kept nowhere on the way."""
    access.campaign_seen(db.session(), campaign_id)
    found = batches.one(db.session(), campaign_id, scans_id)
    page = db.session.get(ScannedPage, page_id)
    if page is None or page.batch_id != found.batch.id:
        raise NotFound(str(page_id))
    kept = vault.open_page(db.session(), page)
    db.session.rollback()
    part = PARTS.get(request.args.get("part", ""))
    if part is not None:
        told = crops.crop(kept, PageSeen.from_dict(page.seen), part)
        return Response(told, mimetype="image/jpeg", headers={"Cache-Control": "no-store"})
    turn = request.args.get("turn", 0, type=int)
    drawn = pictures.drawn(kept, turn, whole="whole" in request.args)
    return Response(drawn, mimetype="image/jpeg", headers={"Cache-Control": "no-store"})


def _decided(
    campaign_id: int, scans_id: int, sheet_id: int, decision: Decision, *, back: bool = False
) -> ResponseReturnValue:
    """Do it if the sheet still waits and nobody else holds it; on to the next one. `back`: something is taken back."""
    collecting(campaign_id)
    user = access.the_user()
    try:
        told, stays = _done(campaign_id, scans_id, sheet_id, user, decision, back=back)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(str(refusal))
        return redirect(way(campaign_id, scans_id, sheet_id), 303)
    flash(told)
    if stays:
        return redirect(way(campaign_id, scans_id, sheet_id), 303)
    found = batches.one(db.session(), campaign_id, scans_id)
    coming = sheets.next_waiting(db.session(), found, sheet_id, user.id)
    return redirect(way(campaign_id, scans_id, coming), 303)


def _done(
    campaign_id: int, scans_id: int, sheet_id: int, user: User, decision: Decision, *, back: bool
) -> tuple[str, bool]:
    """What became of the sheet, and whether it still waits for the same reader. Raises Refusal."""
    with writing() as session:
        settling.at_work(session, campaign_id)
        found = batches.one(session, campaign_id, scans_id)
        sheet = sheets.one(session, found, sheet_id)
        if (sheet.state != SheetState.WAITING and not back) or found.batch.state == State.UNDONE:
            raise Stale(_("Пока вы смотрели, с этим листом уже разобрались."))
        holds.take(session, sheets.subject(found, sheet_id), user)
        decision(session, sheet, user)
        told = _told(sheet)
        there = session.get(
            ScannedSheet, sheet_id
        )  # a side that was joined to its sheet has no row of its own
        waits = there is not None and there.state == SheetState.WAITING
        stays = (waits and (back or sheet.reason != Reason.DOUBTS)) or (back and there is not None)
        if not stays:
            holds.release(session, sheets.subject(found, sheet_id), user)
        return told, stays


def _told(sheet: ScannedSheet) -> str:
    """What became of the sheet, in words."""
    if sheet.state == SheetState.COUNTED:
        return str(_("Лист учтён."))
    if sheet.state == SheetState.REPEATED:
        return str(_("Лист отмечен как повтор: второй раз не считается."))
    if sheet.state == SheetState.SPOILED:
        return str(_("Лист не учитывается: %(reason)s.", reason=words.why_not(sheet.reason).lower()))
    return str(_("Записано. Лист ещё ждёт: %(reason)s.", reason=said(sheet.reason).lower()))
