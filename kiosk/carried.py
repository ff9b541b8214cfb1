"""The file of a device that found no network: each answer in it goes through the same door as if it had been sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import audit
from kiosk import arriving, envelopes
from kiosk.arriving import REFUSED
from surveys import outbox
from surveys.db import writing
from surveys.intake import Outcome
from surveys.refusals import Refusal

KIND = "answer"
MOST_REASONS = 20


@dataclass
class Report:
    """What became of a file: how many answers of each outcome, and for what reasons some were not counted."""

    counted: int = 0
    repeated: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, told: arriving.Told) -> None:
        """One answer's outcome."""
        if told.outcome == Outcome.COUNTED.value:
            self.counted += 1
        elif told.outcome == Outcome.REPEATED.value:
            self.repeated += 1
        else:
            self.refused += 1
            if told.reason in self.reasons or len(self.reasons) < MOST_REASONS:
                self.reasons[told.reason] = self.reasons.get(told.reason, 0) + 1


def taken(stream: IO[bytes], by: str) -> Report:
    """Count all that may be counted of the file; one that is not whole is not begun. Raises Refusal."""
    told = _header(stream)
    report = Report()
    for batch in arriving.batches(_envelopes(outbox.entries(stream))):
        for outcome in arriving.taken(batch).values():
            report.add(outcome)
    with writing() as session:
        _recorded(session, by, str(told.get("name") or ""), report)
    return report


def _header(stream: IO[bytes]) -> outbox.Entry:
    try:
        return outbox.header(stream)
    except outbox.NotOurs as error:
        raise Refusal(_("Это не файл терминала или он повреждён.")) from error
    except outbox.CutShort as error:
        raise Refusal(_("Файл обрывается: сохраните его на терминале ещё раз.")) from error
    except outbox.TooLong as error:
        raise Refusal(_("В файле больше 20 000 записей: терминал столько не пишет.")) from error


def _envelopes(entries: Iterator[outbox.Entry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        key, body = entry.get("key"), entry.get("body")
        if entry.get("kind") == KIND and isinstance(key, str) and isinstance(body, str):
            yield key, body[: envelopes.LONGEST + 1]


def _recorded(session: Session, by: str, name: str, report: Report) -> None:
    counts = {"accepted": report.counted, "repeated": report.repeated, REFUSED: report.refused}
    audit.record(session, by, "kiosk-file", name[:100] or "—", **counts)
