"""The page of one sheet: everything that its template is told."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import User
from operator_app.scans import batches, comparing, pages, pictures, sheets, words
from operator_app.team import holds
from paper import counting, reopening
from paper.sums import where
from paper.tables import ScanBatch, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason, said
from surveys.batches import State
from surveys.db import db, writing
from surveys.models import Stage
from surveys.refusals import Held


def shown(
    campaign_id: int,
    scans_id: int,
    sheet_id: int,
    *,
    typed: str = "",
    wrong: str = "",
    right: list[sheets.Named] | None = None,
    named: sheets.Named | None = None,
    unsaid: str = "",
) -> str:
    """The page, with what was typed and what is wrong with it."""
    session, user = db.session(), access.the_user()
    campaign = access.campaign_seen(session, campaign_id)
    found = batches.one(session, campaign_id, scans_id)
    sheet = sheets.one(session, found, sheet_id)
    undone = found.batch.state == State.UNDONE
    open_ = campaign.stage == Stage.COLLECTING and not undone
    works = sheet.state == SheetState.WAITING and open_
    busy = _held(found, sheet_id, user) if works else ""
    sheet = sheets.one(session, found, sheet_id)
    earlier, own = sheets.first(session, sheet), sheets.pages(session, sheet)
    sides = {page.side for page in own}
    before = (
        sorted(sheets.pages(session, earlier), key=lambda page: page.side not in sides) if earlier else []
    )
    asks = works and sheet.serial is None and sheet.reason == Reason.NO_NUMBER
    partner = sheets.partner(session, sheet) if asks else None
    beside = sheets.pages(session, partner) if partner else []
    joined = sheets.same_number(session, sheet, named, campaign_id) if asks and named else []
    compared = works and sheet.reason == Reason.COPY and earlier is not None
    return render_template(
        "operator/scans/sheet.html",
        campaign=campaign,
        here={"campaign_id": campaign_id, "scans_id": scans_id},
        line=pages.lines([found])[0],
        sheet=sheet,
        undone=undone,
        state=_("пакет отменён") if undone else words.SHEETS[SheetState(sheet.state)],
        heading=_heading(session, sheet, earlier, undone=undone),
        advice=words.ADVICE.get(sheet.reason, "") if works else "",
        works=works and not busy,
        busy=busy,
        subject=sheets.subject(found, sheet_id),
        views=[_view(campaign_id, page, found) for page in own],
        earlier=[_view(campaign_id, page, found) for page in before],
        earlier_state=words.SHEETS[SheetState(earlier.state)] if earlier else "",
        earlier_url=way(campaign_id, earlier.batch_id, earlier.id) if earlier else "",
        compared=compared,
        differs=comparing.differences(session, sheet, earlier) if compared and earlier else None,
        partner=[_view(campaign_id, page, found) for page in beside],
        joined=[_view(campaign_id, page, found) for page in joined],
        parts=_parts(campaign_id, scans_id, own) if asks else [],
        organization=sheets.organization(session, sheet),
        number=sheets.number(sheet, campaign_id, own[0].side or 1 if own else 1),
        typed=typed,
        wrong=wrong,
        right=right or [],
        named=named,
        near=sheets.neighbours(session, sheet, campaign_id) if asks and not (named or right) else [],
        unsaid=unsaid,
        reasons=words.SPOILED,
        may={
            "take_number": open_ and sheet.state != SheetState.COUNTED and bool(reopening.by_hand(own)),
            "has_marks": open_ and reopening.is_empty(session, sheet),
            "bring_back": open_ and reopening.may_return(sheet) and not reopening.is_empty(session, sheet),
        },
        left=sheets.left(session, found),
        review=pages.ways(campaign_id).get("review", ""),
        waits_for=Reason,
        readable=bool(counting.readable(counting.pages_of(session, sheet))),
    )


def _heading(session: Session, sheet: ScannedSheet, earlier: ScannedSheet | None, *, undone: bool) -> str:
    """What is to be said of the sheet first."""
    if undone:
        return str(_("Пакет отменён: этот лист ни во что не входит"))
    if sheet.state == SheetState.REPEATED:
        if earlier is None:
            return str(_("Этот лист уже учтён раньше; второй раз не считается"))
        return _same_as(session, sheet, earlier)
    if sheet.state == SheetState.SPOILED:
        return str(_("Не учитывается: %(reason)s", reason=words.why_not(sheet.reason).lower()))
    return said(sheet.reason) if sheet.reason else str(_("Всё в порядке"))


def _same_as(session: Session, sheet: ScannedSheet, earlier: ScannedSheet) -> str:
    numbers = sorted({page.number for page in sheets.pages(session, earlier)})
    told = {"pages": "–".join(map(str, numbers)), "batch": earlier.batch_id}
    if len(numbers) > 2:
        told["pages"] = ", ".join(map(str, numbers))
    if earlier.batch_id != sheet.batch_id:
        return str(
            _("Тот же лист, что в пакете № %(batch)s на страницах %(pages)s; второй раз не считается", **told)
        )
    return str(_("Тот же лист, что на страницах %(pages)s; второй раз не считается", **told))


def _parts(campaign_id: int, scans_id: int, own: Any) -> list[dict[str, str]]:
    """The places of the number and of the code, cut out large; none while nobody knows where they are."""
    page = next((one for one in own if one.kept_as and len(one.seen.get("places") or ()) == 9), None)
    if page is None:
        return []
    at = {"campaign_id": campaign_id, "scans_id": page.batch_id, "page_id": page.id}
    return [
        {"url": url_for(".picture", **at, part="digits"), "alt": _("Номер внизу листа, крупно")},
        {"url": url_for(".picture", **at, part="code"), "alt": _("Место кода, крупно")},
    ]


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


def way(campaign_id: int, scans_id: int, sheet_id: int | None) -> str:
    """To a sheet, or to the batch when there is none."""
    if sheet_id is None:
        return url_for(".batch", campaign_id=campaign_id, scans_id=scans_id)
    return url_for(".sheet", campaign_id=campaign_id, scans_id=scans_id, sheet_id=sheet_id)
