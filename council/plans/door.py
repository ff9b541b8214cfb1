"""What pages of others show of plans: the organisation's own page, its public page, its results."""

from typing import NamedTuple

from flask import url_for

from accounts import access
from council.plans import reading
from council.plans.open import approved_of_year
from surveys import mended, queries
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Organization, Stage
from surveys.plans import Plan


class Way(NamedTuple):
    """One campaign's plan on the organisation's own page."""

    campaign: Campaign
    plan: Plan | None
    said: str
    overdue: int
    url: str


def plans_of(organization: Organization) -> list[Way]:
    """Every campaign after which this organisation plans, the newest first."""
    session, found = db.session(), []
    for assessment in queries.assessments_of(session, organization.id):
        plan = reading.of_assessment(session, assessment)
        if plan is None and assessment.campaign.stage != Stage.PUBLISHED:
            continue
        sheet = reading.in_force(session, plan, today()) if plan and reading.approved_once(plan) else None
        overdue = sheet.count(reading.Progress.OVERDUE) if sheet else 0
        url = url_for("plans.index", campaign_id=assessment.campaign_id)
        found.append(Way(assessment.campaign, plan, reading.state(plan), overdue, url))
    return found


def plan_url(code: str, year: int) -> str | None:
    """Where the approved plan of a year is, if there is one: result pages lead to it."""
    return url_for("plans_open.plan", code=code, year=year) if approved_of_year(code, year) else None


def public_plans(organization: Organization) -> list[tuple[int, str, int]]:
    """(year, address, overdue measures) of every approved plan of an organisation, the newest first."""
    session, found = db.session(), []
    for year in dict.fromkeys(one.campaign.year for one in queries.assessments_of(session, organization.id)):
        approved = approved_of_year(organization.code, year)
        if approved:
            sheet = reading.in_force(session, approved[1], today())
            url = url_for("plans_open.plan", code=organization.code, year=year)
            found.append((year, url, sheet.count(reading.Progress.OVERDUE)))
    return found


def changed(organization: Organization) -> list[mended.Mended]:
    """What this organisation has put right."""
    return mended.carried_out(db.session(), organization.id)


def plans_list() -> str | None:
    """Where the list of a region's plans is, for those whom it lets in."""
    return url_for("plans_desk.index") if access.may_open("plans_desk.index") else None
