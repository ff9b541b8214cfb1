"""People's words written anew in an order of chance, so that when and where a row was written leads to no answer.

PostgreSQL stamps each row with the transaction that wrote it, and words are written with their answer: until they are
laid anew, the stamp joins the two (docs/decisions/0038). SQLite stamps nothing and keeps rows by their random keys.
"""

import logging
from secrets import SystemRandom
from typing import cast

from sqlalchemy import Table, delete, func, insert, not_, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from surveys.comments import Comment, CommentState
from surveys.db import writing
from surveys.queue import now_and_then

log = logging.getLogger("nok.comments")

AT_ONCE = 2_000
"""So many in a transaction: an answer with words waits for it, a tenth of a second at most."""
PATIENCE = "200ms"
"""So long we wait for those who write; whoever comes with words meanwhile waits as long."""
MOST_TURNS = 50

_WORDS = cast(Table, Comment.__table__)
_WAITS = _WORDS.c.state == CommentState.WAITING
_FRESH = not_(_WORDS.c.laid)


def lay(session: Session) -> bool:
    """Lay fresh words anew, as many as go in one transaction, among waiting ones of before; were there any?

    Inside writing(). Nobody writes words meanwhile, or a reviewer's decision would find its row gone.
    """
    connection = session.connection()
    fresh = select(_WORDS.c.key).where(_WAITS, _FRESH).limit(1)
    if connection.dialect.name != "postgresql" or connection.scalar(fresh) is None:
        return False
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    connection.execute(text("LOCK TABLE comment IN SHARE ROW EXCLUSIVE MODE"))
    some = select(_WORDS.c.key).where(_WAITS).order_by(_WORDS.c.laid, func.random()).limit(AT_ONCE)
    rows = connection.execute(select(_WORDS).where(_WORDS.c.key.in_(some))).mappings().all()
    anew = [{**row, "laid": True} for row in rows]
    SystemRandom().shuffle(anew)
    connection.execute(delete(_WORDS).where(_WORDS.c.key.in_([row["key"] for row in anew])))
    if anew:
        connection.execute(insert(_WORDS), anew)
    return True


@now_and_then
def lay_all() -> None:
    """Lay anew whatever came since the last time; does nothing when nothing did."""
    for _turn in range(MOST_TURNS):
        try:
            with writing() as session:
                if not lay(session):
                    return
        except OperationalError as error:  # a long file is being counted: next time
            log.info("words are not laid anew now: %s", type(error.orig).__name__)
            return
