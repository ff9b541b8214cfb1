"""Who reads which kind of file: each reader looks, takes and undoes in the same words; the screens know no other."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from surveys import answers, checklist_tables
from surveys.answers import Column, Fit, Look, Options, Report, Target, Understood
from surveys.batches import Batch, Kind
from surveys.models import Campaign


class Reader(Protocol):
    """What surveys.answers offers; a reader of another kind of file offers the same."""

    def look(
        self,
        session: Session,
        path: Path,
        campaign: Campaign,
        channel: str,
        *,
        questionnaire: str | None = None,
        sheet: str = "",
        columns: dict[int, Target] | None = None,
    ) -> Look:
        """How a file is understood."""

    def remember(self, session: Session, seen: Look, columns: dict[int, Target]) -> None:
        """Keep a confirmed mapping."""

    def take(
        self,
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
        """Check a file, or count it."""

    def undo(self, session: Session, batch_id: int, by: str) -> object:
        """Take a counted batch back."""


READERS: Mapping[str, Reader] = {
    Kind.ANSWERS: answers,
    Kind.COUNTERS: answers,
    Kind.CHECKLISTS: checklist_tables,
}


def reader(batch: Batch) -> Reader:
    """Who reads this batch's file."""
    return READERS[batch.kind]


def told(seen: Look) -> dict[str, Any]:
    """A look as JSON."""
    return dataclasses.asdict(seen)


def look_of(told: Mapping[str, Any]) -> Look:
    """A look out of its JSON."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    given["columns"] = tuple(_column(one) for one in told["columns"])
    given["fits"] = tuple(Fit(**one) for one in told["fits"])
    given["choices"] = tuple((target, title) for target, title in told["choices"])
    given["preview"] = tuple(
        Understood(**{**one, "problems": tuple(one["problems"])}) for one in told["preview"]
    )
    return Look(**given)


def _column(one: Mapping[str, Any]) -> Column:
    alternatives = tuple((target, likeness) for target, likeness in one["alternatives"])
    return Column(**{**one, "alternatives": alternatives, "samples": tuple(one["samples"])})
