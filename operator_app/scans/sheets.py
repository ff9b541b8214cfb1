"""One sheet out of a batch: what is known of it, whose number somebody types, which one waits next."""

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from operator_app.scans import batches
from operator_app.scans.batches import Found
from operator_app.team.tables import Hold
from paper.serials import PageCode, of_digits
from paper.tables import PrintRun, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys.models import Assessment
from surveys.queue import now
from surveys.refusals import NotFound, Refusal


class Named(NamedTuple):
    """Whose sheet a typed number names."""

    digits: str
    serial: int
    side: int
    organization: str


def one(session: Session, found: Found, sheet_id: int) -> ScannedSheet:
    """A sheet of this batch. Raises NotFound."""
    sheet = session.get(ScannedSheet, sheet_id)
    if sheet is None or sheet.batch_id != found.batch.id:
        raise NotFound(str(sheet_id))
    return sheet


def pages(session: Session, sheet: ScannedSheet) -> Sequence[ScannedPage]:
    """Its pictures, the printed sides in their order; a side may have come in another batch."""
    return session.scalars(
        select(ScannedPage)
        .where(ScannedPage.sheet_id == sheet.id)
        .order_by(ScannedPage.side.is_(None), ScannedPage.side, ScannedPage.batch_id, ScannedPage.id)
    ).all()


def organization(session: Session, sheet: ScannedSheet) -> str:
    """Whose form it is; empty while nobody knows."""
    run = session.get(PrintRun, sheet.run_id) if sheet.run_id else None
    return session.get_one(Assessment, run.assessment_id).organization.display_name if run else ""


def first(session: Session, sheet: ScannedSheet) -> ScannedSheet | None:
    """The sheet of the same number that came before, if it is known."""
    return session.get(ScannedSheet, sheet.of_id) if sheet.of_id else None


def number(sheet: ScannedSheet, campaign_id: int, side: int = 1) -> str:
    """The number as it is printed on a side of the sheet, in groups; empty while nobody knows it."""
    if sheet.serial is None:
        return ""
    digits = PageCode(campaign_id, sheet.serial, side).digits
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def named(session: Session, campaign_id: int, typed: str) -> Named:
    """Whose sheet these digits name. Raises Refusal."""
    code = of_digits(typed[:60])
    if code is None:
        raise Refusal(_("В номере ошибка: проверьте цифры. Их пятнадцать, и последние две — контрольные."))
    if code.campaign != campaign_id:
        raise Refusal(_("Это лист другой кампании (№ %(number)s).", number=code.campaign))
    run = session.scalar(
        select(PrintRun).where(
            PrintRun.campaign_id == campaign_id,
            PrintRun.first <= code.serial,
            PrintRun.first + PrintRun.count > code.serial,
        )
    )
    if run is None:
        raise Refusal(_("Листа с таким номером в этой кампании не печатали."))
    name = session.get_one(Assessment, run.assessment_id).organization.display_name
    return Named(code.digits, code.serial, code.side, name)


def neighbours(session: Session, sheet: ScannedSheet, campaign_id: int) -> list[Named]:
    """Whose missing side a sheet without a number may be: of those whose pages lie next to it in the file."""
    own, near = aliased(ScannedPage), aliased(ScannedPage)
    rows = session.execute(
        select(ScannedSheet.serial, near.side)
        .join(near, near.sheet_id == ScannedSheet.id)
        .join(own, (own.batch_id == near.batch_id) & (own.file == near.file))
        .where(
            own.sheet_id == sheet.id,
            func.abs(own.number - near.number) == 1,
            ScannedSheet.state == SheetState.WAITING,
            ScannedSheet.reason == Reason.MISSING_SIDE,
        )
        .order_by(near.number)
    ).all()
    told = [(serial, 3 - side) for serial, side in rows if serial is not None and side in (1, 2)]
    return [named(session, campaign_id, PageCode(campaign_id, *one).digits) for one in dict.fromkeys(told)]


def next_waiting(session: Session, found: Found, after: int = 0, user_id: int = 0) -> int | None:
    """The next sheet that waits for a decision about the sheet itself and is in nobody else's hands."""
    waiting = session.scalars(
        select(ScannedSheet.id)
        .where(
            ScannedSheet.batch_id == found.batch.id,
            ScannedSheet.state == SheetState.WAITING,
            ScannedSheet.reason != Reason.DOUBTS,
            ScannedSheet.id != after,
        )
        .order_by(ScannedSheet.id)
    ).all()
    taken = _in_hands(session, found, user_id)
    free = [sheet_id for sheet_id in waiting if sheet_id not in taken]
    return next((sheet_id for sheet_id in free if sheet_id > after), free[0] if free else None)


def _in_hands(session: Session, found: Found, user_id: int) -> set[int]:
    start = subject(found, 0)[:-1]
    held = session.scalars(
        select(Hold.subject).where(
            Hold.subject.startswith(start, autoescape=True), Hold.until > now(), Hold.user_id != user_id
        )
    )
    return {int(one.rpartition("/")[2]) for one in held}


def subject(found: Found, sheet_id: int) -> str:
    """What is held while somebody looks at a sheet."""
    return f"{found.batch.campaign_id}/scan/{sheet_id}"


def left(session: Session, found: Found) -> int:
    """Sheets that wait for a decision about the sheet itself."""
    by_reason = batches.waiting_by_reason(session, found.batch.id)
    return sum(count for reason, count in by_reason.items() if reason != Reason.DOUBTS)
