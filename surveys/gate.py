"""The gate of a campaign on PostgreSQL: whoever brings an answer holds it open, whoever closes it waits for them.

Without it an answer could pass the question «does it collect?» before the campaign closes, and be counted after the
package was frozen. On SQLite writers queue anyway.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

SPACE = 344
FILES = 345
_HOLD = text("SELECT pg_advisory_xact_lock_shared(:space, :campaign)")
_SHUT = text("SELECT pg_advisory_xact_lock(:space, :campaign)")


def hold_open(connection: Connection, campaigns: Iterable[int]) -> None:
    """Until this transaction ends, these campaigns do not close; asked before the question whether they collect."""
    if connection.dialect.name == "postgresql":
        for campaign in sorted(campaigns):  # in one order, so that no two wait for each other
            connection.execute(_HOLD, {"space": SPACE, "campaign": campaign})


def shut(connection: Connection, campaign: int) -> None:
    """Wait for all who are inside; those who come later see what this transaction leaves."""
    if connection.dialect.name == "postgresql":
        connection.execute(_SHUT, {"space": SPACE, "campaign": campaign})


def one_by_one(connection: Connection, campaign: int) -> None:
    """Files of one campaign are counted and undone one after another, so that each sees what the last one brought.

    Asked after `hold_open`, never before: whoever closes the campaign waits for us and asks nothing of this line.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_SHUT, {"space": FILES, "campaign": campaign})
