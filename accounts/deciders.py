"""Who of the operator's team could decide where two readings differ: heads and verifiers, nobody of those who read."""

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Duty, Role, User


def others(session: Session, region_id: int, besides: Collection[int]) -> int:
    """How many they are in this region, these users left aside."""
    found = session.scalar(
        select(func.count())
        .select_from(User)
        .where(
            User.active,
            User.role == Role.OPERATOR,
            User.duty.in_((Duty.HEAD, Duty.VERIFIER)),
            or_(User.region_id.is_(None), User.region_id == region_id),
            User.id.not_in(list(besides)),
        )
    )
    return int(found or 0)
