"""Pages that were read → sheets. Every function stands inside writing(); begun again, it goes on with what is left."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from paper import counting, fingerprints
from paper.gathering import Picture, Sheet, alike, gathered
from paper.known import Form, Forms
from paper.marks import PageSeen, Trouble
from paper.serials import PageCode
from paper.tables import Doubt, DoubtKind, PrintRun, ScanBatch, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys.batches import Batch
from surveys.refusals import NotFound, Refusal

WITHOUT_SHEET = (Reason.BLANK, Reason.COVER)
_NO_SHEET = {Trouble.BLANK: Reason.BLANK, Trouble.COVER: Reason.COVER}
_OPEN = (Reason.MISSING_SIDE, Reason.NO_PLACES)

Group = list[int]


def groups(session: Session, batch_id: int) -> list[Group]:
    """The pages of a batch that belong to nothing yet, those of one number together, in the order of the files."""
    rows = session.execute(
        select(ScannedPage.id, ScannedPage.seen)
        .where(_unassigned(batch_id))
        .order_by(ScannedPage.file, ScannedPage.number)
        .execution_options(yield_per=200)
    )
    found: defaultdict[object, Group] = defaultdict(list)
    for page_id, seen in rows:
        code = seen.get("code") if seen.get("trouble") in (None, Trouble.NO_PLACES) else None
        found[(code["campaign"], code["serial"]) if code else page_id].append(page_id)
    return list(found.values())


def _unassigned(batch_id: int) -> ColumnElement[bool]:
    return (
        (ScannedPage.batch_id == batch_id)
        & ScannedPage.sheet_id.is_(None)
        & ScannedPage.reason.not_in(WITHOUT_SHEET)
    )


def join(session: Session, batch: Batch, some: Iterable[Group], *, counts: bool = True) -> None:
    """Make sheets of these groups; `counting.at_work` comes before. Without `counts` they wait: it is too late."""
    forms = Forms(session)
    for group in some:
        pages = session.scalars(
            select(ScannedPage)
            .where(ScannedPage.id.in_(group), _unassigned(batch.id))
            .order_by(ScannedPage.file, ScannedPage.number)
        ).all()
        if pages:
            _join(session, batch, forms, pages, counts=counts)
            session.flush()


def unsettled(session: Session, batch_id: int) -> None:
    """Sheets that came too late are pages again: the campaign collects once more."""
    late = select(ScannedSheet).where(ScannedSheet.batch_id == batch_id, ScannedSheet.reason == Reason.CLOSED)
    for sheet in session.scalars(late.where(ScannedSheet.state == SheetState.WAITING)).all():
        for page in counting.pages_of(session, sheet):
            page.sheet_id = None
        session.flush()
        session.delete(sheet)
    session.flush()


def _join(
    session: Session, batch: Batch, forms: Forms, pages: Sequence[ScannedPage], *, counts: bool
) -> None:
    first = pages[0]
    seen = PageSeen.from_dict(first.seen) if first.seen else PageSeen()
    if first.reason:  # it could not be had out of its file
        _spoiled(session, batch, pages, Reason(first.reason))
    elif seen.trouble in _NO_SHEET:
        for page in pages:
            page.reason = _NO_SHEET[seen.trouble]
    elif not counts:
        _numberless(session, batch, pages, SheetState.WAITING, Reason.CLOSED)
    elif seen.trouble is Trouble.TWO_SHEETS:
        _waits(session, batch, pages, Reason.TWO_SHEETS)
    elif seen.trouble is Trouble.NO_NUMBER or (seen.code is None and seen.trouble is Trouble.NO_PLACES):
        _waits(session, batch, pages, Reason.NO_NUMBER)
    elif seen.code is None:
        _spoiled(session, batch, pages, Reason.FOREIGN)
    else:
        _numbered(session, batch, forms, pages, seen.code)


def _numbered(
    session: Session, batch: Batch, forms: Forms, pages: Sequence[ScannedPage], code: PageCode
) -> None:
    told = [(page, PageSeen.from_dict(page.seen)) for page in pages]
    form = forms.of(code)
    ours = form is not None and form.campaign_id == batch.campaign_id
    if form is None or not ours:
        reason = Reason.OTHER_CAMPAIGN if form is not None else Reason.UNKNOWN_NUMBER
        if code.campaign != batch.campaign_id and form is None and _printed(session, code):
            reason = Reason.OTHER_CAMPAIGN
        for sheet_pages in _by_sides(told):
            _spoiled(session, batch, sheet_pages, reason, together=True)
        return
    pictures = []
    for page, seen in told:
        if seen.code is None or not form.printed(seen.code):
            _spoiled(session, batch, [page], Reason.UNKNOWN_NUMBER)
            continue
        page.side = seen.code.side
        hand = fingerprints.of(session, page)
        pictures.append(Picture(page.id, page.file, page.number, page.side, hand, seen.trouble is None))
    by_id = {page.id: page for page in pages}
    for sheet in gathered(pictures, len(form.geometry.sides)):
        place(session, batch, form, code.serial, sheet, [by_id[one.page_id] for one in sheet.pictures])


def _by_sides(told: Sequence[tuple[ScannedPage, PageSeen]]) -> list[list[ScannedPage]]:
    """Pages of one number as sheets: different sides are one sheet, a side that comes again begins another."""
    sheets: list[dict[int, ScannedPage]] = []
    for page, seen in told:
        side = seen.code.side if seen.code else 0
        lacking = next((sheet for sheet in sheets if side not in sheet), None)
        if lacking is None:
            sheets.append({side: page})
        else:
            lacking[side] = page
    return [list(sheet.values()) for sheet in sheets]


def _printed(session: Session, code: PageCode) -> bool:
    asked = select(PrintRun.id).where(PrintRun.campaign_id == code.campaign).limit(1)
    return session.scalar(asked) is not None


def place(
    session: Session, batch: Batch, form: Form, serial: int, new: Sheet, pages: Sequence[ScannedPage]
) -> None:
    """A sheet among those of the same number: a new one, the other side of one, a repeat, or a photocopy."""
    sheet = ScannedSheet(
        batch_id=batch.id, run_id=form.run_id, serial=serial, copy=0, state=SheetState.WAITING, reason=""
    )
    place_again(session, form, sheet, new, pages)


def place_again(
    session: Session, form: Form, sheet: ScannedSheet, new: Sheet, pages: Sequence[ScannedPage]
) -> None:
    """The same for a sheet whose row is there already, its number just learned."""
    known = [
        (one, hands) for one, hands in _known(session, form.run_id, sheet.serial or 0) if one is not sheet
    ]
    same = next((one for one, hands in known if alike(new.hands, hands)), None)
    more = same is not None and bool(new.hands.keys() - _hands(session, same).keys())
    if same is not None and more and same.state == SheetState.COUNTED:
        _put(session, sheet, pages, SheetState.WAITING, Reason.MORE, same)
        return
    if same is not None and not (more and same.state == SheetState.WAITING):
        _put(session, sheet, pages, SheetState.REPEATED, "", same)
        return
    live = [(one, hands) for one, hands in known if one.state != SheetState.SPOILED]
    lacking = [
        one
        for one, hands in live
        if alike(new.hands, hands) is None and one.state == SheetState.WAITING and one.reason in _OPEN
    ]
    if same is not None or (len(lacking) == 1 and new.certain):
        _attach(session, sheet, same or lacking[0], pages)
        return
    first = live[0][0] if live else None
    reason = Reason.COPY if first is not None or not new.certain else ""
    half = [
        one for one, hands in live if one.state == SheetState.COUNTED and not new.hands.keys() & hands.keys()
    ]
    if len(live) == len(half) == 1 and new.certain and new.hands:
        reason = Reason.MORE
    _put(session, sheet, pages, SheetState.WAITING, reason, first)
    settled(session, sheet)


def settled(session: Session, sheet: ScannedSheet) -> None:
    """`settle_sheet` where no person stands by: a sheet that cannot be read again waits, and the others go on."""
    try:
        counting.settle_sheet(session, sheet)
    except Refusal as error:
        gone = isinstance(error, NotFound)
        sheet.state, sheet.reason = SheetState.WAITING, Reason.DESTROYED if gone else Reason.UNREAD_AGAIN
    blinded(session, sheet)


def blinded(session: Session, sheet: ScannedSheet) -> None:
    """It would wait for a look at a picture that was destroyed: it says so instead."""
    if sheet.state == SheetState.WAITING and sheet.reason == Reason.DOUBTS and _unseen(session, sheet):
        sheet.reason = Reason.DESTROYED
        counting.forget_doubts(session, sheet)


def _unseen(session: Session, sheet: ScannedSheet) -> bool:
    """Would a person be asked about a picture that was destroyed?"""
    asked = (
        select(Doubt.id)
        .join(ScannedPage, ScannedPage.id == Doubt.page_id)
        .join(ScanBatch, ScanBatch.batch_id == ScannedPage.batch_id)
        .where(Doubt.sheet_id == sheet.id, Doubt.kind == DoubtKind.DOUBT, Doubt.decided_by.is_(None))
        .where(ScannedPage.kept_as == "", ScanBatch.destroyed_at.is_not(None))
    )
    return session.scalar(asked.limit(1)) is not None


def _known(session: Session, run_id: int, serial: int) -> Iterable[tuple[ScannedSheet, dict[int, str]]]:
    """Sheets of this number with what is marked on them, the oldest first; repeats and undone batches left aside."""
    sheets = session.scalars(
        select(ScannedSheet)
        .join(Batch, Batch.id == ScannedSheet.batch_id)
        .where(
            ScannedSheet.run_id == run_id,
            ScannedSheet.serial == serial,
            ScannedSheet.state != SheetState.REPEATED,
            Batch.state.not_in(counting.GONE),
        )
        .order_by(ScannedSheet.id)
    ).all()
    for sheet in sheets:
        yield sheet, _hands(session, sheet)


def _hands(session: Session, sheet: ScannedSheet) -> dict[int, str]:
    sides = counting.readable(counting.pages_of(session, sheet))
    return {side: fingerprints.of(session, page) for side, page in sides.items()}


def _attach(session: Session, sheet: ScannedSheet, to: ScannedSheet, pages: Sequence[ScannedPage]) -> None:
    """The pictures are of another sheet, which lacked them; a row that was theirs goes."""
    for page in pages:
        page.sheet_id, page.reason = to.id, ""
    session.flush()
    if sheet.id is not None:
        counting.carry_doubts(session, sheet, to)
    settled(session, to)
    if sheet.id is not None:
        session.execute(delete(ScannedSheet).where(ScannedSheet.id == sheet.id))
        session.expunge(sheet)
    sheet.state, sheet.reason = to.state, to.reason  # told to whoever decided; it is written nowhere


def _put(
    session: Session,
    sheet: ScannedSheet,
    pages: Sequence[ScannedPage],
    state: SheetState,
    reason: str,
    of: ScannedSheet | None,
) -> None:
    sheet.state, sheet.reason, sheet.of_id = state, reason, of.id if of else None
    session.add(sheet)
    session.flush()
    for page in pages:
        page.sheet_id, page.reason = sheet.id, ""
    session.flush()
    if state == SheetState.REPEATED:
        counting.forget_boxes(pages)


def _waits(session: Session, batch: Batch, pages: Sequence[ScannedPage], reason: Reason) -> None:
    """Nobody knows its number: a person looks."""
    for page in pages:
        _numberless(session, batch, [page], SheetState.WAITING, reason)


def _spoiled(
    session: Session, batch: Batch, pages: Sequence[ScannedPage], reason: Reason, *, together: bool = False
) -> None:
    for some in [pages] if together else [[page] for page in pages]:
        _numberless(session, batch, some, SheetState.SPOILED, reason)
    counting.forget_boxes(pages)


def _numberless(
    session: Session, batch: Batch, pages: Sequence[ScannedPage], state: SheetState, reason: Reason
) -> None:
    """One sheet whose number leads nowhere."""
    sheet = ScannedSheet(batch_id=batch.id, copy=0, state=state, reason=reason)
    session.add(sheet)
    session.flush()
    for page in pages:
        page.sheet_id, page.reason = sheet.id, ""


def batch_at_work(session: Session, batch_id: int) -> Batch:
    """The batch, its row locked, its campaign open. Raises Refusal."""
    batch = session.get_one(Batch, batch_id)
    counting.at_work(session, batch.campaign_id)
    locked = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
    if locked.state in counting.GONE:
        raise Refusal("Этот пакет отменён.")
    return locked
