"""One sheet out of a batch: what is known of it, whose number somebody types, which one waits next."""

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from operator_app.scans import batches
from operator_app.scans.batches import Found
from operator_app.team.tables import Hold
from paper import byhand
from paper.counting import GONE
from paper.known import Forms
from paper.serials import DIGITS, PageCode, of_digits
from paper.tables import PrintRun, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys.batches import Batch
from surveys.clock import now
from surveys.models import Assessment
from surveys.refusals import NotFound, Refusal

LENGTH = sum(DIGITS) + 2


class Named(NamedTuple):
    """Whose sheet a typed number names."""

    digits: str
    serial: int
    side: int
    organization: str
    grouped: str = ""


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
    """The number as it is printed on a side of the sheet; empty while nobody knows it."""
    return PageCode(campaign_id, sheet.serial, side).grouped if sheet.serial is not None else ""


def named(session: Session, campaign_id: int, typed: str) -> Named:
    """Whose sheet these digits name. Raises Refusal."""
    code = of_digits(typed[:60])
    if code is None:
        raise Refusal(_why_not(typed[:60]))
    if code.campaign != campaign_id:
        raise Refusal(_("Это лист другой кампании (№ %(number)s).", number=code.campaign))
    form = Forms(session).of(code)
    if form is None:
        raise Refusal(_("Листа с таким номером в этой кампании не печатали."))
    name = session.get_one(Assessment, form.assessment_id).organization.display_name
    return Named(code.digits, code.serial, code.side, name, code.grouped)


def _why_not(typed: str) -> str:
    bare = "".join(sign for sign in typed if sign not in " -\u00a0\u202f")
    if not bare:
        return str(_("Введите номер: пятнадцать цифр внизу листа."))
    if not (bare.isascii() and bare.isdigit()):
        return str(_("В номере только цифры: пятнадцать, пробелы не важны."))
    if len(bare) != LENGTH:
        told = {"count": len(bare), "most": LENGTH}
        return str(_("Введено цифр: %(count)s из %(most)s.", **told))
    return str(_("Контрольные цифры не сходятся: одна из пятнадцати введена неверно. Сверьте их с листом."))


def check_side(session: Session, sheet: ScannedSheet, given: Named) -> None:
    """Is the number of the side that is on the picture? Raises WrongSide."""
    code = of_digits(given.digits)
    form = Forms(session).of(code) if code else None
    if code and form:
        byhand.check_side(session, pages(session, sheet), code, form)


def neighbours(session: Session, sheet: ScannedSheet, campaign_id: int) -> list[Named]:
    """Whose missing side a sheet without a number may be: of those whose page lies right next to it in the file."""
    own, near = aliased(ScannedPage), aliased(ScannedPage)
    rows = session.execute(
        select(ScannedSheet.serial, near.side, own.seen)
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
    told = [
        (serial, _other(side))
        for serial, side, seen in rows
        if serial is not None and side and seen.get("even") in (None, _other(side) % 2 == 0)
    ]
    codes = [PageCode(campaign_id, *one) for one in dict.fromkeys(told)]
    return [named(session, campaign_id, code.digits) for code in codes if Forms(session).of(code)]


def _other(side: int) -> int:
    """The other side of the same piece of paper."""
    return side + 1 if side % 2 else side - 1


def partner(session: Session, sheet: ScannedSheet) -> ScannedSheet | None:
    """A sheet without a number that lies next to this one and is, by its corner marks, a side of the other kind."""
    own = pages(session, sheet)
    if len(own) != 1 or sheet.reason != Reason.NO_NUMBER or own[0].seen.get("even") is None:
        return None
    page, even = own[0], own[0].seen["even"]
    beside = session.execute(
        select(ScannedSheet, ScannedPage)
        .join(ScannedPage, ScannedPage.sheet_id == ScannedSheet.id)
        .where(
            ScannedPage.batch_id == page.batch_id,
            ScannedPage.file == page.file,
            ScannedPage.number == page.number + (-1 if even else 1),
            ScannedSheet.state == SheetState.WAITING,
            ScannedSheet.reason == Reason.NO_NUMBER,
        )
    ).first()
    return beside[0] if beside and beside[1].seen.get("even") == (not even) else None


def of_partner(given: Named, campaign_id: int) -> str:
    """The digits on the other side of the same piece of paper."""
    return PageCode(campaign_id, given.serial, _other(given.side)).digits


def same_number(session: Session, sheet: ScannedSheet, given: Named, campaign_id: int) -> list[ScannedPage]:
    """Pictures of a sheet that bears this number already: they are shown before anything is joined."""
    return list(
        session.scalars(
            select(ScannedPage)
            .join(ScannedSheet, ScannedSheet.id == ScannedPage.sheet_id)
            .join(PrintRun, PrintRun.id == ScannedSheet.run_id)
            .join(Batch, Batch.id == ScannedSheet.batch_id)
            .where(
                PrintRun.campaign_id == campaign_id,
                ScannedSheet.serial == given.serial,
                ScannedSheet.id != sheet.id,
                ScannedSheet.state != SheetState.REPEATED,
                Batch.state.not_in(GONE),
            )
            .order_by(ScannedPage.id)
            .limit(4)
        )
    )


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
