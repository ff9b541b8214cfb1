"""One sheet that waits: its picture, what is wrong with it, what a person decides."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import User
from operator_app.scans import batches, pages, pictures, sheets, words
from operator_app.scans.blueprint import BATCH, PAGE, SHEET, bp
from operator_app.stages import collecting
from operator_app.team import holds
from paper import counting, settling, vault
from paper.sums import where
from paper.tables import ScanBatch, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason, said
from surveys.batches import State
from surveys.db import db, writing
from surveys.models import Stage
from surveys.refusals import Held, NotFound, Refusal, Stale

Decision = Callable[[Session, ScannedSheet, User], None]
DECISIONS: dict[str, Decision] = {
    "as_is": settling.count_as_is,
    "another": settling.another_person,
    "same": settling.repeat,
}


@bp.get(f"{BATCH}/sheets/next")
def next_sheet(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """On to a sheet that waits; back to the batch when none does."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = batches.one(db.session(), campaign.id, scans_id)
    after = request.args.get("after", 0, type=int)
    coming = sheets.next_waiting(db.session(), found, after, access.the_user().id)
    return redirect(_way(campaign_id, scans_id, coming))


@bp.get(SHEET)
def sheet(campaign_id: int, scans_id: int, sheet_id: int) -> ResponseReturnValue:
    """The sheet, held from now on if it waits and nobody else has it in hand."""
    return _shown(campaign_id, scans_id, sheet_id)


@bp.post(f"{SHEET}/number")
def number(campaign_id: int, scans_id: int, sheet_id: int) -> ResponseReturnValue:
    """The number that a person reads on the sheet: first told whose it is, then taken."""
    typed = request.form.get("near") or request.form.get("digits", "")
    try:
        named = sheets.named(db.session(), campaign_id, typed)
    except Refusal as refusal:
        return _shown(campaign_id, scans_id, sheet_id, typed=typed, wrong=str(refusal)), 422
    if request.form.get("confirmed") != named.digits:
        return _shown(campaign_id, scans_id, sheet_id, typed=typed, named=named)

    def give(session: Session, sheet: ScannedSheet, user: User) -> None:
        settling.give_number(session, sheet, named.digits, user)

    return _decided(campaign_id, scans_id, sheet_id, give)


@bp.post(f"{SHEET}/decide")
def decide(campaign_id: int, scans_id: int, sheet_id: int) -> ResponseReturnValue:
    """What a person decides of a sheet that waits."""
    decision = DECISIONS.get(request.form.get("act", ""))
    if decision is None:
        raise Refusal(_("Выберите, что сделать с листом."))
    return _decided(campaign_id, scans_id, sheet_id, decision)


@bp.post(f"{SHEET}/spoil")
def spoil(campaign_id: int, scans_id: int, sheet_id: int) -> ResponseReturnValue:
    """Set a sheet aside, with a reason."""
    reason = request.form.get("reason", "")
    if reason not in words.SPOILED:
        return _shown(campaign_id, scans_id, sheet_id, unsaid=_("Выберите причину.")), 422

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
    turn = request.args.get("turn", 0, type=int)
    drawn = pictures.drawn(kept, turn, whole="whole" in request.args)
    return Response(drawn, mimetype="image/jpeg", headers={"Cache-Control": "no-store"})


def _decided(campaign_id: int, scans_id: int, sheet_id: int, decision: Decision) -> ResponseReturnValue:
    """Do it if the sheet still waits and nobody else holds it; on to the next one."""
    collecting(campaign_id)
    user = access.the_user()
    try:
        told, stays = _done(campaign_id, scans_id, sheet_id, user, decision)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(str(refusal))
        return redirect(_way(campaign_id, scans_id, sheet_id), 303)
    flash(told)
    if stays:
        return redirect(_way(campaign_id, scans_id, sheet_id), 303)
    found = batches.one(db.session(), campaign_id, scans_id)
    coming = sheets.next_waiting(db.session(), found, sheet_id, user.id)
    return redirect(_way(campaign_id, scans_id, coming), 303)


def _done(campaign_id: int, scans_id: int, sheet_id: int, user: User, decision: Decision) -> tuple[str, bool]:
    """What became of the sheet, and whether it still waits for the same reader. Raises Refusal."""
    with writing() as session:
        settling.at_work(session, campaign_id)
        found = batches.one(session, campaign_id, scans_id)
        sheet = sheets.one(session, found, sheet_id)
        if sheet.state != SheetState.WAITING or found.batch.state == State.UNDONE:
            raise Stale(_("Пока вы смотрели, с этим листом уже разобрались."))
        holds.take(session, sheets.subject(found, sheet_id), user)
        decision(session, sheet, user)
        told = _told(sheet)
        there = session.get(
            ScannedSheet, sheet_id
        )  # a side that was joined to its sheet has no row of its own
        stays = there is not None and there.state == SheetState.WAITING and there.reason != Reason.DOUBTS
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
        return str(_("Лист отложен: %(reason)s.", reason=said(sheet.reason).lower()))
    return str(_("Записано. Лист ещё ждёт: %(reason)s.", reason=said(sheet.reason).lower()))


def _shown(
    campaign_id: int,
    scans_id: int,
    sheet_id: int,
    *,
    typed: str = "",
    wrong: str = "",
    named: sheets.Named | None = None,
    unsaid: str = "",
) -> str:
    session, user = db.session(), access.the_user()
    campaign = access.campaign_seen(session, campaign_id)
    found = batches.one(session, campaign_id, scans_id)
    sheet = sheets.one(session, found, sheet_id)
    works = (
        sheet.state == SheetState.WAITING
        and campaign.stage == Stage.COLLECTING
        and found.batch.state != State.UNDONE
    )
    busy = _held(found, sheet_id, user) if works else ""
    sheet = sheets.one(session, found, sheet_id)
    earlier, own = sheets.first(session, sheet), sheets.pages(session, sheet)
    sides = {page.side for page in own}
    before = (
        sorted(sheets.pages(session, earlier), key=lambda page: page.side not in sides) if earlier else []
    )
    return render_template(
        "operator/scans/sheet.html",
        campaign=campaign,
        here={"campaign_id": campaign_id, "scans_id": scans_id},
        line=pages.lines([found])[0],
        sheet=sheet,
        state=words.SHEETS[SheetState(sheet.state)],
        reason=said(sheet.reason) if sheet.reason else "",
        advice=words.ADVICE.get(sheet.reason, "") if works else "",
        works=works and not busy,
        busy=busy,
        subject=sheets.subject(found, sheet_id),
        views=[_view(campaign_id, page, found) for page in own],
        earlier=[_view(campaign_id, page, found) for page in before],
        earlier_state=words.SHEETS[SheetState(earlier.state)] if earlier else "",
        earlier_url=_way(campaign_id, earlier.batch_id, earlier.id) if earlier else "",
        organization=sheets.organization(session, sheet),
        number=sheets.number(sheet, campaign_id),
        typed=typed,
        wrong=wrong,
        named=named,
        near=sheets.neighbours(session, sheet, campaign_id) if works and not named else [],
        unsaid=unsaid,
        reasons=words.SPOILED,
        left=sheets.left(session, found),
        review=pages.ways(campaign_id).get("review", ""),
        waits_for=Reason,
        readable=bool(counting.readable(counting.pages_of(session, sheet))),
    )


def _view(campaign_id: int, page: ScannedPage, found: batches.Found) -> dict[str, object]:
    """One picture: how it is turned now, and the addresses of the other turns."""
    turned = request.args.get(f"turn{page.id}", pictures.upright(page), type=int) % 360
    own = page.batch_id == found.batch.id
    at: dict[str, Any] = {"campaign_id": campaign_id, "scans_id": page.batch_id, "page_id": page.id}
    scans = found.scans if own else batches.one(db.session(), campaign_id, page.batch_id).scans
    return {
        "id": page.id,
        "kept": bool(page.kept_as),
        "side": page.side,
        "where": _("%(file)s, стр. %(page)s", **_lies(scans, page)),
        "gone": scans.destroyed_at is not None,
        "url": url_for(".picture", **at, turn=turned),
        "whole_url": url_for(".picture", **at, turn=turned, whole=1),
        "turn": (turned + 90) % 360,
    }


def _lies(scans: ScanBatch, page: ScannedPage) -> dict[str, object]:
    file, number = where(scans, page.file, page.number)
    return {"file": file, "page": number}


def _held(found: batches.Found, sheet_id: int, user: User) -> str:
    """Take the sheet in hand; empty, or who has it."""
    subject = sheets.subject(found, sheet_id)
    try:
        with writing() as session:
            holds.take(session, subject, user)
    except Held as refusal:
        return str(refusal)
    return ""


def _way(campaign_id: int, scans_id: int, sheet_id: int | None) -> str:
    if sheet_id is None:
        return url_for(".batch", campaign_id=campaign_id, scans_id=scans_id)
    return url_for(".sheet", campaign_id=campaign_id, scans_id=scans_id, sheet_id=sheet_id)
