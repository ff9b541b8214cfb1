"""What is said about a file of answers: how it was understood, what is asked of it, what became of its rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from surveys.refusals import Refusal

Kind = Literal["answers", "counters", "checklists"]
OffPath = Literal["drop", "refuse"]

Target = str
"""What a column means: a question's id, one of those below, or of a counter table a count («stand_yes»)."""

ORGANIZATION: Target = "@organization"  # code, INN, OGRN or exact name; several columns may say it together
ROW_KEY: Target = "@row_key"  # a questionnaire's own number: a row that comes again under it is a correction
TIME: Target = "@time"  # when it was answered: a machine's stamp, or a day
SKIP: Target = "@skip"  # not read, on purpose
UNKNOWN: Target = ""  # not understood: asks to be confirmed when `Column.sure` is false

SHOWN = 1_000
"""Refusals and warnings of a report that is kept; the file of refused rows holds them all."""


class FileUntakable(Refusal):
    """The file as a whole cannot be taken as answers; the text says in Russian why and what to do."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table and what it was taken for.

    `sure` columns need no confirmation (a column that is surely of no use is SKIP and sure); `alternatives` are other
    meanings, best first, with their likeness 0…1; `why` says in Russian what speaks against, if anything does.
    """

    index: int
    letter: str
    heading: str
    target: Target
    likeness: float
    sure: bool
    alternatives: tuple[tuple[Target, float], ...] = ()
    samples: tuple[str, ...] = ()
    why: str = ""

    @property
    def name(self) -> str:
        """«F: Удовлетворены ли Вы…», as a report names it."""
        return f"{self.letter}: {self.heading}" if self.heading else self.letter


@dataclass(frozen=True, slots=True)
class Understood:
    """One row of the preview: its number in the file, the organisation, answers in words, what is wrong with it."""

    row: int
    organization: str
    answers: Mapping[Target, str]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a questionnaire fits the headings: questions that found their column, of all that are asked."""

    questionnaire: str
    title: str
    found: int
    asked: int


@dataclass(frozen=True, slots=True)
class Look:
    """How a file was understood before anything is counted.

    `questionnaire` is "" for counters. `missing` names the questions that found no column; `choices` every meaning a
    column may be given, with its title, in the order of the questionnaire; `remembered` says that somebody confirmed
    these headings before. `rows` counts filled rows below the headings.
    """

    kind: Kind
    sheet: str
    sheets: tuple[str, ...]
    header_rows: tuple[int, ...]
    headings: tuple[str, ...]
    headings_sha256: str
    columns: tuple[Column, ...]
    questionnaire: str
    fits: tuple[Fit, ...]
    choices: tuple[tuple[Target, str], ...]
    missing: tuple[Target, ...]
    preview: tuple[Understood, ...]
    rows: int
    remembered: bool = False
    notes: tuple[str, ...] = ()

    @property
    def mapping(self) -> dict[int, Target]:
        """Column → meaning as proposed: what `Options.columns` takes once it is confirmed."""
        return {column.index: column.target for column in self.columns}

    @property
    def unsure(self) -> tuple[Column, ...]:
        """Columns that a person must confirm."""
        return tuple(column for column in self.columns if not column.sure)


@dataclass(frozen=True)
class Options:
    """How a file is to be taken. Empty `columns`, `kind`, `sheet` mean «as `look` proposes, if it is sure».

    `questionnaire` is a library id, by default the channel's own. `organization` is the code of the one the whole
    file is about. `infer_filters` names filter questions («stand_seen», «site_seen») which, having no column, are taken
    for «да» where the question behind them is answered. `separate`: rows without a number are other people even if
    their answers are the same as those counted from another file.
    """

    channel: str = "import"
    questionnaire: str = ""
    columns: Mapping[int, Target] = field(default_factory=dict)
    kind: Kind | None = None
    sheet: str = ""
    organization: str = ""
    off_path: OffPath = "drop"
    infer_filters: frozenset[str] = frozenset()
    only_if_clean: bool = False
    separate: bool = False
    known_headings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For `Batch.mapping`; `from_dict` reads it back."""
        return {
            "channel": self.channel,
            "questionnaire": self.questionnaire,
            "columns": {str(index): target for index, target in self.columns.items()},
            "kind": self.kind,
            "sheet": self.sheet,
            "organization": self.organization,
            "off_path": self.off_path,
            "infer_filters": sorted(self.infer_filters),
            "only_if_clean": self.only_if_clean,
            "separate": self.separate,
            "known_headings": list(self.known_headings),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Options":
        """What `as_dict` wrote."""
        given = dict(told)
        columns = {int(index): target for index, target in given.pop("columns", {}).items()}
        inferred = frozenset(given.pop("infer_filters", ()))
        headings = tuple(given.pop("known_headings", ()))
        return cls(columns=columns, infer_filters=inferred, known_headings=headings, **given)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing wrong in one row: the column with its letter, the cell as it is, why, and what to do."""

    row: int
    column: str
    value: str
    reason: str
    advice: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As every import prints it (contracts §2)."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
            "advice": self.advice,
        }


@dataclass
class Report:
    """What became of a file's rows; `refused` is a row each, its first fault; `warnings` are of rows that count.

    `by_reason` counts refused rows by reason. `stopped` says that nothing was counted because of refused rows
    (`only_if_clean`).
    """

    kind: Kind = "answers"
    rows: int = 0
    accepted: int = 0
    updated: int = 0
    repeated: int = 0
    words: int = 0
    refused: list[Found] = field(default_factory=list)
    warnings: list[Found] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False
    stopped: bool = False
    batch: int | None = None
    channel: str = ""
    questionnaire: str = ""

    @property
    def by_reason(self) -> dict[str, int]:
        """Refused rows by reason, most frequent first."""
        return dict(Counter(one.reason for one in self.refused).most_common())

    def as_dict(self, shown: int | None = SHOWN) -> dict[str, Any]:
        """As every import prints it (contracts §2); at most so many refusals and warnings, None for all."""
        return {
            "accepted": self.accepted,
            "updated": self.updated,
            "repeated": self.repeated,
            "refused": [one.as_dict() for one in self.refused[:shown]],
            "refused_rows": len({one.row for one in self.refused}),
            "warnings": [one.as_dict() for one in self.warnings[:shown]],
            "warned_rows": len({one.row for one in self.warnings}),
            "notes": list(self.notes),
            "by_reason": self.by_reason,
            "dry_run": self.dry_run,
            "stopped": self.stopped,
            "batch": self.batch,
            "kind": self.kind,
            "rows": self.rows,
            "words": self.words,
            "channel": self.channel,
            "questionnaire": self.questionnaire,
        }


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: responses removed, older ones put back in their place, proposals, counts declared.

    `kept`: responses that stay counted, because another counted file holds them too.
    """

    removed: int
    restored: int
    words: int
    declared: int
    kept: int = 0
