"""A region's posters, codes and scans, added up over its campaigns of a year."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from accounts import access
from council.placement import figures
from council.placement.views import READERS
from surveys.db import db
from surveys.models import Assessment, Campaign
from surveys.placement import CodeScan
from surveys.refusals import NotFound

WEEKS = 8

bp = Blueprint("placement_regions", __name__, url_prefix="/council/placement/regions")
access.only(bp, *READERS)


class Week(NamedTuple):
    """Scans of a region in a week that is over, and of how many organisations.

    Places with few scans are left out of the sum: else it would tell what their own lines do not.
    """

    monday: date
    scans: int
    organizations: int


@bp.get("/<int(max=2147483647):region_id>")
def region(region_id: int) -> ResponseReturnValue:
    """One region in one year: its shares, its campaigns, its scans by the week."""
    session = db.session()
    of_it = [one for one in access.campaigns_seen(session) if one.region_id == region_id]
    years = sorted({one.year for one in of_it}, reverse=True)
    year = request.args.get("year", years[0] if years else 0, type=int)
    campaigns = _chosen(of_it, year)
    if not campaigns:
        raise NotFound(str(region_id))
    return render_template(
        "placement/region.html",
        region=campaigns[0].region,
        year=year,
        years=years,
        campaigns=campaigns,
        whole=figures.of_regions(session, campaigns)[region_id],
        shares=figures.shares(session, campaigns),
        weeks=scans(session, campaigns, year),
        few=current_app.config["SMALLEST_GROUP"],
    )


def _chosen(of_region: Sequence[Campaign], year: int) -> list[Campaign]:
    """Those of a year; a demonstration is not added to what is real."""
    found = [one for one in of_region if one.year == year]
    return [one for one in found if not one.demo] or found


def scans(session: Session, campaigns: Collection[Campaign], year: int) -> list[Week]:
    """The last weeks of the year that are over and had scans, the latest first."""
    assessed = select(Assessment.organization_id).where(
        Assessment.campaign_id.in_([one.id for one in campaigns])
    )
    told = case((CodeScan.scans >= current_app.config["SMALLEST_GROUP"], CodeScan.scans), else_=0)
    found = (
        select(CodeScan.week, func.sum(told), func.count(distinct(CodeScan.organization_id)))
        .where(CodeScan.organization_id.in_(assessed), figures.over(year))
        .group_by(CodeScan.week)
        .order_by(CodeScan.week.desc())
        .limit(WEEKS)
    )
    return [Week(week, int(count), organizations) for week, count, organizations in session.execute(found)]
