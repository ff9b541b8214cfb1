"""Proposals out of a stack: they go when it is undone, and yet no column leads from them to a sheet, nor to the stack.

A proposal's key is drawn from the installation's secret, the stack and a random slot: who has the database alone
learns nothing from it, and who has the secret too learns which stack, never which sheet.
"""

import hmac
import secrets

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from operator_app.keying.stacks import Pile
from surveys.models import Proposal

SLOTS = 16_384
AT_ONCE = 4_096


def keep(session: Session, pile: Pile, text: str) -> None:
    """The recipient's own words, apart from the answers."""
    while session.get(Proposal, key := _key(pile, secrets.randbelow(SLOTS))) is not None:
        continue
    month = pile.stack.filled_on.replace(day=1)
    session.add(Proposal(key=key, assessment_id=pile.assessment.id, month=month, text=text))
    session.flush()


def forget(session: Session, pile: Pile) -> int:
    """Take back the words that came by this stack; how many there were."""
    gone = 0
    for start in range(0, SLOTS, AT_ONCE):
        keys = [_key(pile, slot) for slot in range(start, start + AT_ONCE)]
        removed = delete(Proposal).where(Proposal.key.in_(keys)).returning(Proposal.key)
        gone += len(session.execute(removed).all())
    return gone


def _key(pile: Pile, slot: int) -> int:
    told = hmac.digest(str(current_app.secret_key).encode(), f"stack {pile.number} {slot}".encode(), "sha256")
    return int.from_bytes(told[:8]) >> 1
