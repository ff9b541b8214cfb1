"""What a person decides of a sheet that waits. Every function stands inside writing(); every act is in the trail."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from paper import counting, fingerprints, joining, reading, vault
from paper.gathering import Picture, Sheet
from paper.known import Form, Forms
from paper.marks import How, PageSeen, Trouble
from paper.serials import PageCode, of_digits
from paper.tables import Doubt, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys.batches import Batch
from surveys.clock import now
from surveys.intake import withdraw
from surveys.refusals import Refusal, Stale

SPOILING = (Reason.EMPTY, Reason.FOREIGN, Reason.UNREADABLE, Reason.BY_HAND)


class WrongSide(Refusal):
    """The typed number is of a side that the picture is not; `right`: the same number of those that it may be."""

    def __init__(self, code: PageCode, even: bool, sides: int) -> None:
        found = [side for side in range(1, sides + 1) if (side % 2 == 0) == even]
        self.right = [replace(code, side=side) for side in found]
        told = {"typed": code.side, "seen": _(" или ").join(map(str, found)) or "?"}
        super().__init__(_("Вы ввели номер стороны %(typed)s, а на снимке сторона %(seen)s.", **told))


def check_side(session: Session, pages: Sequence[ScannedPage], code: PageCode, form: Form) -> None:
    """The corner marks say whether a side is even: with another side's places every answer would be false."""
    for page in pages:
        even = is_even(session, form.campaign_id, page)
        if even is not None and even != (code.side % 2 == 0):
            raise WrongSide(code, even, len(form.geometry.sides))


def is_even(session: Session, campaign_id: int, page: ScannedPage) -> bool | None:
    """What the corner marks of a page say of its side; looked at once more where nobody wrote it down."""
    seen = PageSeen.from_dict(page.seen) if page.seen else PageSeen()
    if seen.even is None and len(seen.places) == 9 and page.kept_as:
        return _side_again(vault.open_(session, campaign_id, page.kept_as))
    return seen.even


def _side_again(kept: bytes) -> bool | None:
    if not reading.available() or reading.broken():
        return None
    with Image.open(BytesIO(kept), formats=("JPEG", "PNG")) as opened:
        picture: Any = opened.convert("RGB" if opened.mode == "RGB" else "L")
    return reading.read_page(picture, lambda _code: None).even


def give_number(session: Session, sheet: ScannedSheet, digits: str, user: User) -> None:
    """A person read the number under the code: fifteen digits with spaces or without. Raises Refusal."""
    batch = _begun(session, sheet)
    if sheet.serial is not None:
        raise Refusal(_("Номер этого листа уже известен."))
    code = of_digits(digits)
    if code is None:
        raise Refusal(_("В номере ошибка: проверьте цифры. Их пятнадцать, и последние две — контрольные."))
    form = Forms(session).of(code)
    if code.campaign != batch.campaign_id or form is None:
        raise Refusal(_("Листа с таким номером в этой кампании не печатали."))
    pages = counting.pages_of(session, sheet)
    check_side(session, pages, code, form)
    for page in pages:
        _read_as(session, page, form, code.side)
        page.seen = {**page.seen, "code": vars_of(code)}
    number = sheet.id
    signed(sheet, user)
    moved(session, sheet, form, code.serial, pages)
    _told(session, batch, number, user, "scan-number", serial=code.serial)


def vars_of(code: object) -> dict[str, object]:
    """A code as `PageSeen.as_dict` tells it."""
    return {name: getattr(code, name) for name in ("campaign", "serial", "side", "organization", "check")}


def _read_as(session: Session, page: ScannedPage, form: Form, side: int) -> None:
    """Its boxes, now that the side is known; without corner marks the page stays unread."""
    seen = PageSeen.from_dict(page.seen)
    page.side = side
    if len(seen.places) == 9 and page.kept_as:
        kept = vault.open_(session, form.campaign_id, page.kept_as)
        seen = replace(counting.look_again(kept, seen.places, form, side), how=How.HAND, even=seen.even)
        page.seen = seen.as_dict()
        fingerprints.seal(vault.key_of(session, form.campaign_id), form.campaign_id, page)
    else:
        page.seen = replace(seen, trouble=Trouble.NO_PLACES, how=How.HAND).as_dict()


def moved(
    session: Session, sheet: ScannedSheet, form: Form, serial: int, pages: Sequence[ScannedPage]
) -> None:
    """The same physical sheet finds its place among those of its number; its row stays the same where it can."""
    pictures = [_picture(session, page) for page in pages]
    sheet.run_id, sheet.serial, sheet.reason = form.run_id, serial, ""
    session.flush()
    joining.place_again(session, form, sheet, Sheet(pictures, certain=True), pages)


def _picture(session: Session, page: ScannedPage) -> Picture:
    hand, readable = fingerprints.of(session, page), not page.seen.get("trouble")
    return Picture(page.id, page.file, page.number, page.side or 0, hand, readable)


def count_as_is(session: Session, sheet: ScannedSheet, user: User) -> None:
    """A missing side stays missing: its questions have no answer. Raises Refusal."""
    batch = _begun(session, sheet)
    if sheet.reason not in (Reason.MISSING_SIDE, Reason.NO_PLACES):
        raise Refusal(_("Так считают только лист, у которого нет другой стороны."))
    if not counting.readable(counting.pages_of(session, sheet)):
        raise Refusal(_("На этом листе не читается ни одна сторона: введите анкету вручную."))
    signed(sheet, user)
    sheet.reason = Reason.DOUBTS
    counting.settle_sheet(session, sheet)
    joining.blinded(session, sheet)
    _told(session, batch, sheet.id, user, "scan-as-is")


def another_person(session: Session, sheet: ScannedSheet, user: User) -> None:
    """The number came twice because the form was photocopied: another person's answers. Raises Refusal."""
    batch = _begun(session, sheet)
    if sheet.reason not in (Reason.COPY, Reason.ORIGINAL_UNDONE, Reason.MORE):
        raise Refusal(_("Другим человеком считают только лист, номер которого уже встречался."))
    highest = session.scalar(
        select(func.max(ScannedSheet.copy)).where(
            ScannedSheet.run_id == sheet.run_id,
            ScannedSheet.serial == sheet.serial,
            ScannedSheet.id != sheet.id,
        )
    )
    sheet.copy = 0 if highest is None else highest + 1
    signed(sheet, user)
    sheet.reason = ""
    counting.settle_sheet(session, sheet)
    _told(session, batch, sheet.id, user, "scan-copy", copy=sheet.copy)


def count_whole(session: Session, sheet: ScannedSheet, user: User) -> None:
    """It was counted without a side that has come since: this one counts in its place. Raises Refusal."""
    batch = _begun(session, sheet)
    before = session.get(ScannedSheet, sheet.of_id) if sheet.of_id else None
    if sheet.reason != Reason.MORE or before is None or before.state != SheetState.COUNTED:
        raise Refusal(_("Заново считают только лист, который учли без одной стороны."))
    sides = counting.readable(counting.pages_of(session, sheet))
    for side, page in counting.readable(counting.pages_of(session, before)).items():
        if side not in sides:
            page.sheet_id = sheet.id
    withdraw(session, [counting.key_of(before)])
    told = select(Doubt).where(Doubt.sheet_id == before.id)
    for doubt in session.scalars(told).all():  # what was looked at before is not asked again, nor typed twice
        doubt.sheet_id, doubt.batch_id = sheet.id, sheet.batch_id
    sheet.copy, sheet.of_id, sheet.reason = before.copy, None, ""
    before.state, before.of_id = SheetState.REPEATED, sheet.id
    signed(sheet, user)
    session.flush()
    counting.settle_sheet(session, sheet)
    joining.blinded(session, sheet)
    _told(session, batch, sheet.id, user, "scan-whole")


def repeat(session: Session, sheet: ScannedSheet, user: User) -> None:
    """The number came twice because the sheet did. Raises Refusal."""
    batch = _begun(session, sheet)
    if sheet.of_id is None:
        raise Refusal(_("Повтор — это лист, номер которого уже встречался."))
    signed(sheet, user)
    counting.set_aside(session, sheet, SheetState.REPEATED, "")
    _told(session, batch, sheet.id, user, "scan-repeat")


def spoil(session: Session, sheet: ScannedSheet, reason: str, user: User) -> None:
    """Not to be counted; `reason` is «empty», «foreign», «unreadable» or «by_hand». Raises Refusal."""
    batch = _begun(session, sheet)
    if reason not in SPOILING:
        raise Refusal(_("Выберите причину, по которой лист не считается."))
    signed(sheet, user)
    counting.set_aside(session, sheet, SheetState.SPOILED, reason)
    _told(session, batch, sheet.id, user, "scan-spoiled", why=reason)


def _begun(session: Session, sheet: ScannedSheet) -> Batch:
    batch = joining.batch_at_work(session, sheet.batch_id)
    session.refresh(sheet)
    if sheet.state != SheetState.WAITING:
        raise Stale(_("С этим листом уже решили. Откройте страницу заново."))
    return batch


def signed(sheet: ScannedSheet, user: User) -> None:
    """Whose the last decision about the sheet is."""
    sheet.decided_by, sheet.decided_at = user.id, now()


def _told(
    session: Session, batch: Batch, sheet_id: int, user: User, act: str, **detail: str | int | None
) -> None:
    """Last of all: the trail is written by one at a time, who must wait for nobody any more."""
    audit.record(session, user.login, act, f"{batch.campaign_id}/{batch.id}/{sheet_id}", **detail)
