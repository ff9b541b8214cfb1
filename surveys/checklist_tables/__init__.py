"""Operators' tables of check-lists («На СТЕНДЕ…», «На САЙТЕ…»): a row an organisation, a batch of kind «checklists».

A reader like surveys.answers, in the same words (operator_app.files.kinds): `look` says how the columns are understood,
`take` reads it again by confirmed `Options` and makes inspections of its rows, `undo` puts the former ones back.
A cell is 1 or 0 (да, нет, +, −); an empty one is not applicable and leaves the norm. A column of «Укажите количество…»
holds a count. The channel means nothing here.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from surveys.answers.shapes import Look, Options, Report, Target, Undone
from surveys.checklist_tables import looking, taking
from surveys.models import Campaign

__all__ = ["look", "remember", "take", "undo"]


def look(
    session: Session,
    path: Path,
    campaign: Campaign,
    channel: str,
    *,
    questionnaire: str | None = None,
    sheet: str = "",
    columns: dict[int, Target] | None = None,
) -> Look:
    """How a table is understood; `columns` previews another mapping. Raises FileUntakable, FileRefused."""
    return looking.look(session, path, campaign, sheet=sheet, columns=columns)


def remember(session: Session, seen: Look, columns: dict[int, Target]) -> None:
    """Keep a confirmed mapping for the next table with these headings; inside the caller's writing()."""
    looking.remember(session, seen, columns)


def take(
    path: Path,
    options: Options,
    *,
    campaign_id: int,
    by: str,
    batch_id: int | None = None,
    dry_run: bool = False,
    file_name: str = "",
    refused_to: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Rows into inspections, in a transaction of its own. Raises FileUntakable, FileRefused, Refusal.

    Without `batch_id` a batch is made (none on a dry run); with it that batch becomes CHECKED on a dry run, COUNTED
    otherwise. `refused_to` is written with the refused rows.
    """
    return taking.take(
        path,
        options,
        campaign_id=campaign_id,
        by=by,
        batch_id=batch_id,
        dry_run=dry_run,
        file_name=file_name or path.name,
        refused_to=refused_to,
        progress=progress,
    )


def undo(session: Session, batch_id: int, by: str) -> Undone:
    """Put back what stood before; what was confirmed since stays. Inside the caller's writing(). Raises Refusal."""
    return taking.undo(session, batch_id, by)
