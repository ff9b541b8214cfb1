"""What became of scanned files, in numbers that add up (docs/contracts of `nok scans import --json`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask_babel import gettext as _

from paper.words import UNTAKEN, Reason, said


def refused(reason: str) -> str:
    """Why a whole file is not taken: the same words as of a page, but of a file."""
    return str(_("Файл повреждён и не открывается")) if reason == Reason.DAMAGED else said(reason)


class Spoiled(NamedTuple):
    """A sheet that does not count. `page` is its first page in the file, 0 when the whole file was refused."""

    file: str
    page: int
    reason: str  # a word of paper.words

    def as_dict(self) -> dict[str, Any]:
        """As contracts §2 wants it."""
        return {
            "file": self.file,
            "page": self.page,
            "reason": self.why,
        }

    @property
    def why(self) -> str:
        """In Russian."""
        return said(self.reason) if self.page else refused(self.reason)

    @property
    def untaken(self) -> bool:
        """A file or a page that could not even be opened: nobody knows what is on it."""
        return self.reason in UNTAKEN

    @property
    def ours(self) -> bool:
        """A sheet of our form, whatever is wrong with it."""
        return not self.untaken and self.reason != Reason.FOREIGN


@dataclass
class ScanReport:
    """sheets = counted + review + repeated + spoiled; pages = of_sheets + blank + covers.

    `same_files`: name → the batch in which the very same file came before; its sheets are among the repeated.
    """

    batch: int | None = None
    dry_run: bool = False
    counted: int = 0
    review: int = 0
    repeated: int = 0
    spoiled: list[Spoiled] = field(default_factory=list)
    pages: int = 0
    of_sheets: int = 0
    blank: int = 0
    covers: int = 0
    doubts: int = 0
    waiting: dict[str, int] = field(default_factory=dict)  # reason → sheets
    same_files: dict[str, int] = field(default_factory=dict)
    finished: bool = True

    @property
    def sheets(self) -> int:
        """Physical sheets; each is in exactly one of the four."""
        return self.counted + self.review + self.repeated + len(self.spoiled)

    @property
    def forms(self) -> int:
        """Sheets of our form: what people call questionnaires."""
        return self.counted + self.review + self.repeated + self.spoiled_forms

    @property
    def spoiled_forms(self) -> int:
        """Sheets of our form that do not count."""
        return sum(one.ours for one in self.spoiled)

    @property
    def untaken(self) -> int:
        """Files and pages that could not be opened."""
        return sum(one.untaken for one in self.spoiled)

    @property
    def foreign(self) -> int:
        """Pages that are no questionnaires of ours."""
        return len(self.spoiled) - self.spoiled_forms - self.untaken

    def as_dict(self) -> dict[str, Any]:
        """What `nok scans import --json` prints and what `Batch.report` keeps."""
        return {
            "sheets": self.sheets,
            "counted": self.counted,
            "review": self.review,
            "repeated": self.repeated,
            "spoiled": [one.as_dict() for one in self.spoiled],
            "pages": self.pages,
            "of_sheets": self.of_sheets,
            "blank": self.blank,
            "covers": self.covers,
            "doubts": self.doubts,
            "waiting": dict(self.waiting),
            "same_files": dict(self.same_files),
            "dry_run": self.dry_run,
            "batch": self.batch,
        }

    @property
    def adds_up(self) -> bool:
        """Nothing vanished."""
        return self.pages == self.of_sheets + self.blank + self.covers and self.review == sum(
            self.waiting.values()
        )


Told = Mapping[str, Any]
