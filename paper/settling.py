"""Pages become sheets, sheets are counted or wait: the one front of it. Whatever writes stands inside writing().

`counting` is one sheet, `joining` pages into sheets, `byhand` what people decide, `reopening` what they take back,
`undoing` a batch taken back, `sums` what is told of it all.
"""

from sqlalchemy.orm import Session

from paper import joining
from paper.byhand import another_person, count_as_is, count_whole, give_number, repeat, spoil
from paper.counting import at_work, correct, settle_sheet
from paper.reopening import bring_back, has_marks, take_number
from paper.sums import report, unfinished, waiting
from paper.undoing import undo


def settle(session: Session, batch_id: int) -> None:
    """Make sheets of all pages of the batch that belong to none yet; idempotent."""
    batch = joining.batch_at_work(session, batch_id)
    joining.join(session, batch, joining.groups(session, batch_id))


__all__ = [
    "another_person",
    "at_work",
    "bring_back",
    "correct",
    "count_as_is",
    "count_whole",
    "give_number",
    "has_marks",
    "repeat",
    "report",
    "settle",
    "settle_sheet",
    "spoil",
    "take_number",
    "undo",
    "unfinished",
    "waiting",
]
