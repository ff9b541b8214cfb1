"""The council's room: campaigns, the table of results on the way to approval, documents.

The operator and the curator read here too. Nothing in this module writes.
"""

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import Role
from council import bound, listing, public
from council.approval import publishing
from council.shelf import read_inside
from surveys import handover, old_reports
from surveys.db import db
from surveys.display import sector
from surveys.models import Campaign, Stage
from surveys.refusals import NotFound
from surveys.releases import Release
from surveys.results import CampaignResults, Standing
from surveys.submissions import Package, PackageState

bp = Blueprint("council", __name__, url_prefix="/council")
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR, Role.OPERATOR)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every campaign this user may see."""
    session = db.session()
    seen = access.campaigns_seen(session)
    may_read, may_decide = access.may_open("report.show"), access.may_open("approval.show")
    return render_template(
        "council/index.html",
        waiting=_waiting(session, seen) if may_decide else [],
        not_drawn=bound.not_drawn(session, [one.id for one in seen]) if may_read else [],
        titles={one.id: one.title for one in seen},
        may_draw=access.may_open("report_drawing.draw"),
        campaigns=listing.lines(session, seen, lambda c: url_for(".campaign", campaign_id=c.id), inside=True),
        years=sorted({one.year for one in seen}, reverse=True),
    )


@bp.get("/campaigns/<int(max=2147483647):campaign_id>")
def campaign(campaign_id: int) -> ResponseReturnValue:
    """One campaign's results: the rating with K1–K5."""
    base, found = url_for(".campaign", campaign_id=campaign_id), _results(campaign_id)
    return render_template(
        "council/campaign.html",
        results=found,
        **public.listed(found),
        sector_title=sector(found.facts.sector),
        links={
            **{kind: f"{base}.{kind}" for kind in ("pdf", "json", "csv", "xlsx", "docx")},
            "page": f"{base}/results",
            "table": f"{base}/table",
            "packages": f"{base}/packages" if handover.latest(db.session(), campaign_id) else None,
            "approval": f"{base}/approval" if access.may_open("approval.show") else None,
            "old_reports": f"{base}/old-reports" if _old_reports(campaign_id) else None,
            "organizations": {code: f"{base}/organizations/{code}" for code in found.by_code},
        },
    )


@bp.get("/campaigns/<int(max=2147483647):campaign_id>/results")
def campaign_results(campaign_id: int) -> ResponseReturnValue:
    """One campaign's results in full: means, criteria, every organisation."""
    base = url_for(".campaign", campaign_id=campaign_id)
    found = _results(campaign_id)
    back = (base, found.facts.title)
    return public.campaign_page(found, base=base, organization_base=f"{base}/organizations", back=back)


@bp.get('/campaigns/<int(max=2147483647):campaign_id>.<any(pdf, "a2u.pdf", json, csv):kind>')
def campaign_file(campaign_id: int, kind: str) -> ResponseReturnValue:
    """The same as a document or data."""
    return public.campaign_file(_results(campaign_id), kind, access.the_user().login, inside=True)


@bp.get("/campaigns/<int(max=2147483647):campaign_id>/organizations/<code>")
def organization(campaign_id: int, code: str) -> ResponseReturnValue:
    """One organisation's figures with their trace."""
    found = _results(campaign_id)
    base = url_for(".organization", campaign_id=campaign_id, code=code)
    back = url_for(".campaign", campaign_id=campaign_id)
    words = url_for("spoken.show", campaign_id=campaign_id, code=code)
    words_url = words if access.may_open("spoken.show") else ""
    return public.organization_page(found, _standing(found, code), base=base, back=back, words_url=words_url)


@bp.get("/campaigns/<int(max=2147483647):campaign_id>/organizations/<code>.<any(pdf, json):kind>")
def organization_file(campaign_id: int, code: str, kind: str) -> ResponseReturnValue:
    """The same as a document or data."""
    found = _results(campaign_id)
    return public.organization_file(found, _standing(found, code), kind)


def _waiting(session: Session, seen: Sequence[Campaign]) -> list[tuple[Campaign, Package | Release]]:
    """Packages that nobody has decided upon, releases that nobody has published."""
    found: list[tuple[Campaign, Package | Release]] = []
    for one in (campaign for campaign in seen if campaign.stage == Stage.REVIEW):
        package, release = handover.latest(session, one.id), publishing.waiting(session, one.id)
        if package is not None and package.state == PackageState.SUBMITTED:
            found.append((one, package))
        elif release is not None:
            found.append((one, release))
    return found


def _old_reports(campaign_id: int) -> bool:
    """Are there reports of earlier years that the one who is signed in may read here?"""
    return access.may_open("council_old_reports.index") and bool(old_reports.years(db.session(), campaign_id))


def _results(campaign_id: int) -> CampaignResults:
    return read_inside(access.campaign_seen(db.session(), campaign_id))


def _standing(found: CampaignResults, code: str) -> Standing:
    if code not in found.by_code:
        raise NotFound(code)
    return found.by_code[code]
