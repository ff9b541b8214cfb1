"""Files of answers: looked at, taken in whole or not at all, undone by batch (contracts §5, docs/decisions/0012).

`look` says how a file is understood and writes nothing. `take` reads it again by confirmed `Options`, answers with a
`Report` and, unless it is a dry run, counts. `undo` takes one batch back. The web and the command stand on these alone.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from surveys.answers import blank, looking, taking, undoing
from surveys.answers.shapes import (
    ORGANIZATION,
    ROW_KEY,
    SHOWN,
    SKIP,
    TIME,
    UNKNOWN,
    Column,
    FileUntakable,
    Fit,
    Found,
    Look,
    Options,
    Report,
    Target,
    Understood,
    Undone,
)
from surveys.models import Campaign, Organization
from surveys.questionnaire import Questionnaire

__all__ = [
    "ORGANIZATION", "ROW_KEY", "SHOWN", "SKIP", "TIME", "UNKNOWN", "Column", "FileUntakable", "Fit", "Found", "Look",
    "Options", "Report", "Target", "Understood", "Undone", "look", "remember", "take", "template", "undo",
]  # fmt: skip


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
    """How a file is understood; `columns` previews another mapping. Raises FileUntakable, FileRefused."""
    return looking.look(
        session, path, campaign, channel, questionnaire=questionnaire, sheet=sheet, columns=columns
    )


def remember(session: Session, seen: Look, columns: dict[int, Target]) -> None:
    """Keep a confirmed mapping for the next file with these headings; inside the caller's writing()."""
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
    """Parse, validate, count, in a transaction of its own. Raises FileUntakable, FileRefused, Refusal.

    Without `batch_id` a batch is made (none on a dry run); with it that batch becomes CHECKED on a dry run, COUNTED
    otherwise, its report and mapping are kept, the audit trail is told. `refused_to` is written with the refused rows.
    """
    return taking.take(
        path,
        options,
        campaign_id=campaign_id,
        by=by,
        batch_id=batch_id,
        dry_run=dry_run,
        file_name=file_name,
        refused_to=refused_to,
        progress=progress,
    )


def undo(session: Session, batch_id: int, by: str) -> Undone:
    """Take a counted batch back; inside the caller's writing(). Raises Refusal: not counted, or not collecting."""
    return undoing.undo(session, batch_id, by)


def template(questionnaire: Questionnaire, organizations: Iterable[Organization]) -> bytes:
    """An XLSX to fill in: headings, codes below them, drop-downs, the organisations' codes, how to fill it in."""
    return blank.template(questionnaire, organizations)
