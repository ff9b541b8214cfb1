"""What two files hold is lost with neither: before the first is undone, what the second repeated becomes the second's.

After that the second stands in the chain of versions where the first stood, and undoing need know nothing of it.
"""

from sqlalchemy import Connection, delete, func, select, text
from sqlalchemy.orm import Session

from surveys.batches import Repeated
from surveys.models import Response

_HEIRS = """
    (SELECT key, max(batch_id) AS heir FROM batch_repeat WHERE of_batch_id = :batch GROUP BY key) AS heirs
"""
_OVER = tuple(
    text(f"UPDATE {table} SET {column} = heirs.heir FROM {_HEIRS} WHERE {table}.{column} = :batch "  # noqa: S608
         f"AND {table}.key = heirs.key")
    for table, column in (("response", "batch_id"), ("replaced", "batch_id"), ("replaced", "from_batch_id"))
)  # fmt: skip
_OTHERS = text(
    f"UPDATE batch_repeat SET of_batch_id = heirs.heir FROM {_HEIRS} "  # noqa: S608
    "WHERE batch_repeat.of_batch_id = :batch AND batch_repeat.key = heirs.key"
)
_OWN = text("DELETE FROM batch_repeat WHERE of_batch_id = batch_id")


def hand_over(connection: Connection, batch_id: int) -> int:
    """Give what others repeated of this batch to the newest of them; returns how many counted responses that were.

    Only counted batches repeat: one that is undone forgets what it repeated.
    """
    connection.execute(delete(Repeated).where(Repeated.batch_id == batch_id))
    given = [connection.execute(statement, {"batch": batch_id}).rowcount for statement in _OVER]
    connection.execute(_OTHERS, {"batch": batch_id})
    connection.execute(_OWN)
    return given[0]


def to_hand_over(session: Session, batch_id: int) -> int:
    """How many responses of this batch stay when it is undone, because another counted file has them too."""
    held = select(Repeated.key).where(Repeated.of_batch_id == batch_id)
    mine = select(func.count()).where(Response.batch_id == batch_id, Response.key.in_(held))
    return session.scalar(mine) or 0
