"""Old reports in the database: a table as it was read, what was decided about it, and its figures for comparison."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.refusals import NotFound
from surveys.releases import OldReport

FIGURES = "figures"
Figures = Mapping[str, Fraction | None]


def reported(session: Session, codes: Collection[str], year: int) -> dict[str, Figures]:
    """What other operators' reports of this year said: organisation's code → figure → points as they printed them.

    Figures are "1.1"…"5.3", "K1"…"K5", "total"; None is one that the report leaves empty. Never ours: whoever shows
    them says «по отчёту прошлого оператора». Of two reports about one organisation the newer is given.
    """
    rows = session.execute(
        select(OldReport.content[FIGURES]).where(OldReport.year == year).order_by(OldReport.id)
    )
    wanted, found = set(codes), dict[str, Figures]()
    for (told,) in rows:
        for code in wanted & (told or {}).keys():
            found[code] = {
                at: None if points is None else Fraction(points) for at, points in told[code].items()
            }
    return found


def years(session: Session, campaign_id: int) -> list[int]:
    """Years of the old reports that were taken into this campaign, the newest first."""
    rows = session.execute(
        select(OldReport.year, OldReport.content["taken"]).where(OldReport.campaign_id == campaign_id)
    )
    return sorted({year for year, taken in rows if taken}, reverse=True)


def one(session: Session, campaign_id: int, report_id: int) -> OldReport:
    """An old report of this campaign. Raises NotFound."""
    found = session.get(OldReport, report_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound(str(report_id))
    return found


def of_campaign(session: Session, campaign_id: int) -> Sequence[OldReport]:
    """Old reports of a campaign, the newest first."""
    mine = select(OldReport).where(OldReport.campaign_id == campaign_id)
    return session.scalars(mine.order_by(OldReport.id.desc())).all()


def twin(session: Session, campaign_id: int, year: int, sha256: str) -> OldReport | None:
    """The very same file, brought for the same year already."""
    return session.scalar(
        select(OldReport).where(
            OldReport.campaign_id == campaign_id, OldReport.year == year, OldReport.file_sha256 == sha256
        )
    )


def about(content: Mapping[str, Any]) -> bool:
    """Was the table taken for comparison, or does it still wait for its columns and organisations?"""
    return bool(content.get("taken"))
