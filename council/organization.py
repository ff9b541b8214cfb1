"""The organisation's own door: its poster, how many answered, its results once they are open."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

import nok
from accounts import access
from accounts.models import Role
from council.approval import objections
from council.shelf import is_open, kept
from surveys import hosts, paper, posters, queries
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Organization
from surveys.refusals import NotFound

bp = Blueprint("organization", __name__, url_prefix="/organization")
access.only(bp, Role.ORGANIZATION)


class Year(NamedTuple):
    """One year's result in a list."""

    year: int
    title: str
    total: nok.Figure | None
    url: str


class Review(NamedTuple):
    """A package that the council has opened; `approved`: the day; `url`: of what became of it, once it is in force."""

    campaign: Campaign
    may_object: bool
    approved: datetime | None
    url: str


@bp.get("/")
def index() -> ResponseReturnValue:
    """This organisation's page."""
    session, organization = db.session(), _own()
    collecting = queries.open_assessment(session, organization.id, today())
    assessments = queries.assessments_of(session, organization.id)
    return render_template(
        "organization/index.html",
        organization=organization,
        campaign=collecting.campaign if collecting else None,
        responses=queries.responses_of(session, collecting.id) if collecting else 0,
        target=collecting.target if collecting else None,
        survey_url=(survey := f"{current_app.config['BASE_URL']}/q/{organization.code}"),
        survey_shown=hosts.shown(survey),
        poster_url=url_for(".poster"),
        reviews=_reviews(organization, [a.campaign for a in assessments]),
        results=[_year(organization, a.campaign) for a in assessments if is_open(a.campaign)],
    )


@bp.get("/poster.pdf")
def poster() -> ResponseReturnValue:
    """This organisation's A4 poster."""
    organization = _own()
    made = posters.of(db.session(), organization, current_app.config["BASE_URL"])
    headers = {"Content-Disposition": f'inline; filename="plakat-{organization.code}.pdf"'}
    return Response(paper.poster_pdf(made), headers=headers, mimetype="application/pdf")


def _own() -> Organization:
    organization = access.the_user().organization
    if organization is None:
        raise NotFound("organization")
    return organization


def _reviews(organization: Organization, campaigns: Sequence[Campaign]) -> list[Review]:
    session = db.session()
    return [
        Review(
            campaign,
            objections.taken(found, today()),
            objections.approved_at(found),
            url_for("public.year", code=organization.code, year=campaign.year)
            if objections.in_force(session, found)
            else "",
        )
        for campaign in campaigns
        if (found := objections.shown(session, campaign.id))
    ]


def _year(organization: Organization, campaign: Campaign) -> Year:
    found = kept(campaign)
    standing = found.by_code.get(organization.code)
    address = url_for("public.year", code=organization.code, year=campaign.year)
    total = standing.result.total if standing else None
    return Year(found.facts.year, found.facts.title, total, address)
