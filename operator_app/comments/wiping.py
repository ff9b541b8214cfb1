"""Originals go: by themselves when results are published and three months have passed, or by the head's word."""

import logging
import sqlite3
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from accounts import audit
from operator_app.phone.forgetting import empty_journal
from surveys import hidden
from surveys.clock import today
from surveys.comments import CommentKey
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.queue import every_night

log = logging.getLogger("nok.comments")

MONTHS = 3
"""So many whole months after the month in which words came, their originals of a published campaign are destroyed."""


def due(month: date) -> date:
    """The first day on which originals of this month may go."""
    months = month.year * 12 + month.month - 1 + MONTHS + 1
    return date(months // 12, months % 12 + 1, 1)


def months(session: Session, campaign_id: int) -> list[date]:
    """The months whose originals are still under lock."""
    asked = select(CommentKey.month).where(CommentKey.campaign_id == campaign_id).order_by(CommentKey.month)
    return list(session.scalars(asked))


def wipe(session: Session, campaign_id: int, actor: str, which: list[date]) -> int:
    """Destroy the keys and the originals of these months; how many comments nobody had looked at. Inside writing()."""
    left = sum(hidden.wipe(session, campaign_id, month) for month in which)
    audit.record(session, actor, "comments-wiped", str(campaign_id), months=len(which), unseen=left)
    return left


@every_night
def nightly() -> None:
    """Destroy what is due."""
    asked = (
        select(CommentKey.campaign_id, CommentKey.month)
        .join(Campaign, Campaign.id == CommentKey.campaign_id)
        .where(Campaign.stage == Stage.PUBLISHED)
    )
    over: dict[int, list[date]] = {}
    for campaign_id, month in db.session.execute(asked).all():
        if due(month) <= today():
            over.setdefault(campaign_id, []).append(month)
    db.session.rollback()
    for campaign_id, which in over.items():
        with writing() as session:
            wipe(session, campaign_id, "service", which)
    if over:
        emptied()


def emptied() -> None:
    """Have SQLite's journal forget the keys too; after the commit."""
    try:
        empty_journal()
    except (SQLAlchemyError, sqlite3.Error) as error:  # the wipe itself is done and stays so
        log.warning("the journal is not emptied: %s", type(error).__name__)
