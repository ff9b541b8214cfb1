"""Pages become sheets, sheets are counted or wait; every function here stands inside writing()."""

from sqlalchemy.orm import Session

from accounts.models import User
from paper.report import ScanReport
from paper.tables import ScannedSheet


def at_work(session: Session, campaign_id: int) -> None:
    """First thing in a transaction that decides something: the campaign stays open, others wait. Raises Refusal."""
    raise NotImplementedError


def settle(session: Session, batch_id: int) -> None:
    """Make sheets of all pages of the batch that belong to none yet; idempotent."""
    raise NotImplementedError


def settle_sheet(session: Session, sheet: ScannedSheet) -> None:
    """After a person decided (its last doubt, its number, …): count the sheet if nothing holds it any more."""
    raise NotImplementedError


def correct(session: Session, sheet: ScannedSheet, question: str, value: str) -> None:
    """The machine was surely wrong about one question of a counted sheet: it counts anew, under the same key."""
    raise NotImplementedError


def waiting(session: Session, campaign_id: int) -> int:
    """Sheets of a campaign that wait for a person or for their other side: they count nowhere yet."""
    raise NotImplementedError


def unfinished(session: Session, campaign_id: int) -> list[int]:
    """Batches whose files are not read to the end: their sheets are not even known."""
    raise NotImplementedError


def report(session: Session, batch_id: int) -> ScanReport:
    """The sums of a batch as they are now, from its rows."""
    raise NotImplementedError


def undo(session: Session, batch_id: int, by: str) -> int:
    """Take the whole batch out of every figure; how many sheets were counted. Raises Refusal."""
    raise NotImplementedError


def give_number(session: Session, sheet: ScannedSheet, digits: str, user: User) -> None:
    """A person read the number under the code: fifteen digits with spaces or without. Raises Refusal."""
    raise NotImplementedError


def count_as_is(session: Session, sheet: ScannedSheet, user: User) -> None:
    """A missing side stays missing: its questions have no answer. Raises Refusal."""
    raise NotImplementedError


def another_person(session: Session, sheet: ScannedSheet, user: User) -> None:
    """The number came twice because the form was photocopied: another person's answers. Raises Refusal."""
    raise NotImplementedError


def repeat(session: Session, sheet: ScannedSheet, user: User) -> None:
    """The number came twice because the sheet did. Raises Refusal."""
    raise NotImplementedError


def spoil(session: Session, sheet: ScannedSheet, reason: str, user: User) -> None:
    """Not to be counted; `reason` is «empty», «foreign», «unreadable» or «by_hand». Raises Refusal."""
    raise NotImplementedError
