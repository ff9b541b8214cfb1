"""What a campaign's organisations are marked with in the table: remarks that are open, findings, sheets that wait."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from paper.counting import GONE
from paper.tables import PrintRun, ScannedSheet, SheetState
from surveys.batches import Batch
from surveys.models import Assessment, Organization
from surveys.submissions import Package, PackageState, Remark


@dataclass(frozen=True)
class Marks:
    """What is marked, by an organisation's code.

    `remarks`: figures with an open remark, "" being the whole organisation; `findings`: what the package's checks say;
    `waiting`: how many scanned sheets wait for a person.
    """

    remarks: Mapping[str, frozenset[str]]
    findings: Mapping[str, tuple[str, ...]]
    waiting: Mapping[str, int]


def of(session: Session, campaign_id: int, newest: Package | None, *, all_remarks: bool = True) -> Marks:
    """Everything that is marked in a campaign, in two queries whatever its size; `newest` is its package.

    Without `all_remarks` those are left out that the operator is not to read yet.
    """
    hidden = () if all_remarks else (PackageState.SUBMITTED,)
    return Marks(
        _remarks(session, campaign_id, hidden),
        _findings(newest) if newest else {},
        _waiting(session, campaign_id),
    )


def _remarks(session: Session, campaign_id: int, hidden: Sequence[str]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    asked = (
        select(Remark.code, Remark.figure)
        .join(Package, Package.id == Remark.package_id)
        .where(Package.campaign_id == campaign_id, Remark.closed_at.is_(None), Remark.code != "")
        .where(Package.state.not_in(hidden))
    )
    for code, figure in session.execute(asked):
        found[code].add(figure)
    return {code: frozenset(figures) for code, figures in found.items()}


def _findings(package: Package) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for check in package.checks:
        for code in dict.fromkeys(place[0] for place in check["places"]):
            if code:
                found[code].append(check["title"])
    return {code: tuple(titles) for code, titles in found.items()}


def _waiting(session: Session, campaign_id: int) -> dict[str, int]:
    rows = session.execute(
        select(Organization.code, func.count())
        .select_from(ScannedSheet)
        .join(Batch, Batch.id == ScannedSheet.batch_id)
        .join(PrintRun, PrintRun.id == ScannedSheet.run_id)
        .join(Assessment, Assessment.id == PrintRun.assessment_id)
        .join(Organization, Organization.id == Assessment.organization_id)
        .where(
            PrintRun.campaign_id == campaign_id,
            ScannedSheet.state == SheetState.WAITING,
            Batch.state.not_in(GONE),
        )
        .group_by(Organization.code)
    )
    return {code: int(count) for code, count in rows}
