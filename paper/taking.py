"""Scanned files → pages that were read → counted sheets; begun again after a crash, it goes on where it stopped."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import IO, NamedTuple

from paper.report import ScanReport

USUAL_SAMPLE = 10  # of a thousand sure answers


class Given(NamedTuple):
    """A file somebody brings: its name and its bytes."""

    name: str
    stream: IO[bytes]


class Begun(NamedTuple):
    """What `begin` made of the files. `batch_id` is None when there was nothing new in them.

    `same`: (name, batch in which the very same file is); `resumed`: the files belong to a batch that was interrupted.
    """

    batch_id: int | None
    job_id: str | None = None
    same: tuple[tuple[str, int], ...] = ()
    resumed: bool = False


def begin(
    campaign_id: int, files: Sequence[Given], *, filled_on: date, by: str, sample_share: int = USUAL_SAMPLE,
    destroy_on: date | None = None, background: bool = True, leads_to: str = "",
) -> Begun:  # fmt: skip
    """Take files down, sealed, in transactions of its own; never inside writing(). Raises Refusal.

    `background`: the job «scans.read» is asked for in the same transaction; otherwise call `take` yourself.
    `leads_to` may hold «{batch_id}».
    """
    raise NotImplementedError


def take(batch_id: int, progress: Callable[[int, int | None], None], *, by: str = "service") -> ScanReport:
    """Read what is not read yet, count what can be counted; in transactions of its own. Raises Refusal."""
    raise NotImplementedError
