"""An approved plan as anybody sees it: each measure with its state in words, the official form as a file."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from council.plans import papers, reading
from council.plans.form import ROMAN, the_form
from surveys import queries
from surveys.clock import today
from surveys.db import db
from surveys.models import Assessment
from surveys.plans import Plan
from surveys.refusals import NotFound, UnknownCode

bp = Blueprint("plans_open", __name__)


@bp.get("/o/<code>/plan/<int(max=9999):year>")
def plan(code: str, year: int) -> ResponseReturnValue:
    """What an organisation mends after the assessment of a year, and how far it is."""
    assessment, found = _approved(code, year)
    return render_template(
        "public/plan.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        plan=found,
        form=the_form(),
        sections=range(1, len(ROMAN) + 1),
        sheet=reading.in_force(db.session(), found, today()),
    )


@bp.get("/o/<code>/plan/<int(max=9999):year>.<any(pdf, docx, csv):paper>")
def document(code: str, year: int, paper: str) -> ResponseReturnValue:
    """The plan on paper."""
    assessment, found = _approved(code, year)
    return papers.file(assessment, reading.in_force(db.session(), found, today()), paper)


def _approved(code: str, year: int) -> tuple[Assessment, Plan]:
    if queries.organization(db.session(), code) is None:
        raise UnknownCode(code)
    found = approved_of_year(code, year)
    if found is None:
        raise NotFound(f"{code}: {year}")
    return found


def approved_of_year(code: str, year: int) -> tuple[Assessment, Plan] | None:
    """The plan in force after the assessment of a year, the newest campaign's first."""
    organization = queries.organization(db.session(), code)
    for assessment in queries.assessments_of(db.session(), organization.id) if organization else ():
        if assessment.campaign.year == year:
            plan = reading.of_assessment(db.session(), assessment)
            if plan is not None and reading.approved_once(plan):
                return assessment, plan
    return None
