"""A stack taken back whole: what was counted, what waited, and the words that came with it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from operator_app.keying.stacks import Pile
from operator_app.keying.tables import Sheet
from surveys import said
from surveys.batches import State
from surveys.intake import withdraw
from surveys.models import Response


def undo(session: Session, pile: Pile, user: User) -> int:
    """Take the stack back, inside writing(), the stack locked (`stacks.working`); how many sheets were counted."""
    keys = session.scalars(select(Response.key).where(Response.batch_id == pile.number)).all()
    taken = withdraw(session, keys)
    said.forget(session, pile.number)
    for sheet in session.scalars(select(Sheet).where(Sheet.batch_id == pile.number)):
        sheet.first = sheet.second = sheet.words = None
    pile.batch.state, pile.stack.closed, pile.stack.handed = State.UNDONE, True, {}
    audit.record(session, user.login, "stack undone", f"{pile.campaign.id}/{pile.number}", counted=taken)
    return taken
