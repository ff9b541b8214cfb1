"""Reports of earlier years: read, matched with organisations, recomputed, explained, kept beside our own figures."""

from fractions import Fraction
from typing import Any

from build import a_campaign, an_organization
from sqlalchemy.orm import Session

from surveys import old_reports
from surveys.clock import now
from surveys.db import db, writing
from surveys.releases import OldReport


def an_old_report(campaign_id: int, year: int, **content: Any) -> int:
    """A table of an earlier year, as it lies in the database."""
    with writing() as session:
        report = OldReport(
            campaign_id=campaign_id,
            year=year,
            file_name="отчёт.xlsx",
            file_sha256="0" * 64,
            content=content,
            made_by="operator",
            made_at=now(),
        )
        session.add(report)
        session.flush()
        return report.id


def test_the_figures_of_a_year_are_given_by_code(session: Session) -> None:
    code, other = an_organization(), an_organization("Другая")
    campaign_id = a_campaign()
    an_old_report(campaign_id, 2023, taken=True, figures={code: {"1.1": "167/2", "3.3": None}})
    an_old_report(campaign_id, 2023, rows=[["ещё не разобран"]])
    an_old_report(campaign_id, 2022, taken=True, figures={code: {"1.1": "50"}, other: {"total": "90"}})
    found = old_reports.reported(db.session(), [code, other], 2023)
    assert found == {code: {"1.1": Fraction(167, 2), "3.3": None}}
    assert old_reports.years(db.session(), campaign_id) == [2023, 2022]


def test_of_two_reports_the_newer_is_given(session: Session) -> None:
    code = an_organization()
    campaign_id = a_campaign()
    an_old_report(campaign_id, 2023, taken=True, figures={code: {"total": "80"}})
    an_old_report(campaign_id, 2023, taken=True, figures={code: {"total": "81"}})
    assert old_reports.reported(db.session(), [code], 2023) == {code: {"total": Fraction(81)}}
