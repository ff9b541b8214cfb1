"""The operator's desk: campaigns, organisations with their progress, posters."""

from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import access
from accounts.models import Role
from surveys import overview, paging, paper, posters, queries
from surveys.db import db
from surveys.models import Assessment, Campaign, Stage
from surveys.paging import Pages
from surveys.refusals import NotFound

bp = Blueprint("operator", __name__, url_prefix="/operator")
access.only(bp, Role.OPERATOR)

PAGE_SIZE = 50
INSPECTION = "inspections.organization"
POSTERS = "studio.sheet"


class Row(NamedTuple):
    """One organisation of a campaign and how far it is."""

    name: str
    code: str
    responses: int
    target: int | None
    inspected: bool
    poster_url: str
    result_url: str
    inspection_url: str | None


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every campaign this operator may see."""
    session = db.session()
    seen = access.campaigns_seen(session)
    return render_template(
        "operator/index.html",
        campaigns=overview.lines(session, seen, lambda c: url_for(".campaign", campaign_id=c.id)),
        may_begin=access.may_open("setup.new_campaign"),
        may_inspect=access.may_open("field.index"),
        organizations_known=queries.organizations_known(session),
    )


@bp.get("/campaigns/<int(max=2147483647):campaign_id>")
def campaign(campaign_id: int) -> ResponseReturnValue:
    """One campaign: how far each organisation is."""
    found, words = (
        access.campaign_seen(db.session(), campaign_id),
        request.args.get("q", "").replace("\0", ""),
    )
    page = paging.asked(request.args)
    total, rows = queries.progress(db.session(), campaign_id, words, page, PAGE_SIZE)
    here = url_for(".campaign", campaign_id=campaign_id)
    line = overview.lines(db.session(), [found], lambda c: here)[0]
    return render_template(
        "operator/campaign.html",
        campaign=line,
        rows=[_row(campaign_id, *row) for row in rows],
        q=words,
        pages=_pages(campaign_id, words, page, total),
        links={"results": f"/council/campaigns/{campaign_id}", **_ways(found)},
    )


@bp.get("/campaigns/<int(max=2147483647):campaign_id>/organizations/<code>/poster.pdf")
def poster(campaign_id: int, code: str) -> ResponseReturnValue:
    """The organisation's A4 poster."""
    assessment = _assessment(campaign_id, code)
    made = posters.of(db.session(), assessment.organization, current_app.config["BASE_URL"])
    headers = {"Content-Disposition": f'inline; filename="plakat-{code}.pdf"', "Cache-Control": "no-store"}
    return Response(paper.poster_pdf(made), headers=headers, mimetype="application/pdf")


@bp.get("/campaigns/<int(max=2147483647):campaign_id>/organizations/<code>/inspection")
def inspection(campaign_id: int, code: str) -> ResponseReturnValue:
    """Where the inspection used to be: bookmarks and printed instructions lead here."""
    _assessment(campaign_id, code)
    return redirect(url_for("inspections.organization", campaign_id=campaign_id, code=code), 308)


def _ways(campaign: Campaign) -> dict[str, str]:
    """Where the campaign's page leads the one who is signed in."""
    ways = {"settings": "setup.settings", "old_reports": "old_reports.index", "posters": "studio.run"}
    if campaign.stage == Stage.COLLECTING:
        ways["answers"] = "files.index"
    return {
        name: url_for(endpoint, campaign_id=campaign.id)
        for name, endpoint in ways.items()
        if endpoint in current_app.view_functions and access.may_open(endpoint)
    }


def _assessment(campaign_id: int, code: str) -> Assessment:
    organization = queries.organization(db.session(), code)
    found = (
        queries.assessment(db.session(), access.campaign_seen(db.session(), campaign_id).id, organization.id)
        if organization
        else None
    )
    if found is None:
        raise NotFound(f"{campaign_id}/{code}")
    return found


def _row(campaign_id: int, assessment: Assessment, inspected: bool, responses: int) -> Row:
    organization = assessment.organization
    here: dict[str, Any] = {"campaign_id": campaign_id, "code": organization.code}
    return Row(
        name=organization.display_name,
        code=organization.code,
        responses=responses,
        target=assessment.target,
        inspected=inspected,
        poster_url=url_for(POSTERS, **here),
        result_url=f"/council/campaigns/{campaign_id}/organizations/{organization.code}",
        inspection_url=url_for(INSPECTION, **here) if access.may_open(INSPECTION) else None,
    )


def _pages(campaign_id: int, words: str, page: int, total: int) -> Pages:
    def address(number: int) -> str:
        return url_for(".campaign", campaign_id=campaign_id, q=words or None, page=number)

    return paging.pages(page, total, PAGE_SIZE, address)
