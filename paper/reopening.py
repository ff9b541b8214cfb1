"""What a person takes back of a sheet that is not counted: its number, its being set aside. Inside writing()."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from paper import byhand, counting, joining
from paper.known import Form, form_of
from paper.marks import How, PageSeen, Trouble
from paper.tables import Doubt, DoubtKind, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys.batches import Batch
from surveys.refusals import Refusal, Stale


def by_hand(pages: Sequence[ScannedPage]) -> list[ScannedPage]:
    """Pictures whose number a person typed."""
    return [
        page for page in pages if page.seen and page.seen.get("how") == How.HAND and page.seen.get("code")
    ]


def take_number(session: Session, sheet: ScannedSheet, user: User) -> None:
    """The number was typed wrong: each picture that bears it waits as a sheet without one. Raises Refusal."""
    batch = _begun(session, sheet)
    if sheet.state == SheetState.COUNTED:
        raise Stale(_("Лист уже учтён: снять номер можно, только отменив пакет."))
    pages = counting.pages_of(session, sheet)
    typed = by_hand(pages)
    if not typed or sheet.run_id is None or sheet.serial is None:
        raise Refusal(_("Номер этого листа прочла служба, а не ввёл человек."))
    form, serial, number = form_of(session, sheet.run_id), sheet.serial, sheet.id
    asked = delete(Doubt).where(Doubt.sheet_id == sheet.id, Doubt.page_id.in_([page.id for page in typed]))
    session.execute(asked.execution_options(synchronize_session="fetch"))
    stays = [page for page in pages if page not in typed]
    own = next((page for page in typed if page.batch_id == sheet.batch_id), typed[0])
    for page in typed:
        page.side = None
        page.seen = _nameless(page).as_dict()
        if stays or page is not own:
            _alone(session, page)
    session.flush()
    byhand.signed(sheet, user)
    if stays:
        _again(session, sheet, form, serial)
    else:
        sheet.run_id, sheet.serial, sheet.copy, sheet.of_id = None, None, 0, None
        sheet.state, sheet.reason, sheet.answers = SheetState.WAITING, Reason.NO_NUMBER, None
        session.flush()
        for other in _followers(session, number):
            _again(session, other, form, serial)
    _told(session, batch, number, user, "scan-number-taken", serial=serial)


def _nameless(page: ScannedPage) -> PageSeen:
    seen = PageSeen.from_dict(page.seen)
    return replace(seen, trouble=Trouble.NO_NUMBER, code=None, how=How.NOT, boxes=(), words={}, hand="")


def _alone(session: Session, page: ScannedPage) -> None:
    """A sheet without a number, of the batch in which the picture came."""
    sheet = ScannedSheet(batch_id=page.batch_id, copy=0, state=SheetState.WAITING, reason=Reason.NO_NUMBER)
    session.add(sheet)
    session.flush()
    page.sheet_id, page.reason = sheet.id, ""


def _followers(session: Session, sheet_id: int) -> Sequence[ScannedSheet]:
    """Repeats and photocopies of a sheet whose number was never its own: they stand for themselves now."""
    return session.scalars(
        select(ScannedSheet)
        .join(Batch, Batch.id == ScannedSheet.batch_id)
        .where(
            ScannedSheet.of_id == sheet_id,
            ScannedSheet.state.in_((SheetState.REPEATED, SheetState.WAITING)),
            Batch.state.not_in(counting.GONE),
        )
        .order_by(ScannedSheet.id)
    ).all()


def _again(session: Session, sheet: ScannedSheet, form: Form, serial: int) -> None:
    """The sheet finds its place anew among those of its number."""
    sheet.state, sheet.reason, sheet.of_id = SheetState.WAITING, "", None
    session.flush()
    byhand.moved(session, sheet, form, serial, counting.pages_of(session, sheet))
    if sheet.state == SheetState.REPEATED:
        counting.forget_doubts(session, sheet)


def may_return(sheet: ScannedSheet) -> bool:
    """Did a person set it aside?"""
    return (
        sheet.state == SheetState.SPOILED and sheet.decided_by is not None and sheet.reason in byhand.SPOILING
    )


def bring_back(session: Session, sheet: ScannedSheet, user: User) -> None:
    """A sheet that a person set aside waits again. Raises Refusal."""
    batch = _begun(session, sheet)
    if not may_return(sheet):
        raise Stale(_("Этот лист не отложен человеком. Откройте страницу заново."))
    pages, number = _kept(session, sheet), sheet.id
    byhand.signed(sheet, user)
    if sheet.run_id is not None and sheet.serial is not None:
        _again(session, sheet, form_of(session, sheet.run_id), sheet.serial)
    else:
        two = any(page.seen and page.seen.get("trouble") == Trouble.TWO_SHEETS for page in pages)
        sheet.state, sheet.reason = SheetState.WAITING, Reason.TWO_SHEETS if two else Reason.NO_NUMBER
    _told(session, batch, number, user, "scan-returned")


def is_empty(session: Session, sheet: ScannedSheet) -> bool:
    """Is it spoiled as empty, its sides known, so that a person can be asked about each question?"""
    spoiled = sheet.state == SheetState.SPOILED and sheet.reason == Reason.EMPTY and sheet.run_id is not None
    return spoiled and bool(counting.readable(counting.pages_of(session, sheet)))


def has_marks(session: Session, sheet: ScannedSheet, user: User) -> None:
    """The service saw no answer, a person sees marks: people read every question of it. Raises Refusal."""
    batch = _begun(session, sheet)
    if not is_empty(session, sheet) or sheet.run_id is None or sheet.serial is None:
        raise Stale(_("Этот лист не признан пустым. Откройте страницу заново."))
    sides = counting.readable(_kept(session, sheet))
    form, number = form_of(session, sheet.run_id), sheet.id
    known = {one.question: one for one in session.scalars(select(Doubt).where(Doubt.sheet_id == sheet.id))}
    for side, page in sides.items():
        for question in dict.fromkeys(box.question for box in form.geometry.sides[side - 1].boxes):
            if question not in known:
                told = {"batch_id": sheet.batch_id, "sheet_id": sheet.id, "page_id": page.id}
                session.add(Doubt(**told, question=question, kind=DoubtKind.DOUBT, why="unclear", read=""))
    for one in known.values():
        if one.kind == DoubtKind.DOUBT:  # said of a sheet that was thought empty: asked once more
            one.decided = one.decided_by = one.decided_at = one.final = one.final_by = one.final_at = None
            one.held_by = one.held_until = None
    byhand.signed(sheet, user)
    session.flush()
    _again(session, sheet, form, sheet.serial)
    _told(session, batch, number, user, "scan-marked")


def _kept(session: Session, sheet: ScannedSheet) -> Sequence[ScannedPage]:
    pages = counting.pages_of(session, sheet)
    if not any(page.kept_as for page in pages):
        raise Refusal(_("Снимков этого листа больше нет: разобрать его нельзя."))
    return pages


def _begun(session: Session, sheet: ScannedSheet) -> Batch:
    batch = joining.batch_at_work(session, sheet.batch_id)
    session.refresh(sheet)
    return batch


def _told(
    session: Session, batch: Batch, sheet_id: int, user: User, act: str, **detail: str | int | None
) -> None:
    audit.record(session, user.login, act, f"{batch.campaign_id}/{batch.id}/{sheet_id}", **detail)
