"""People's own words that a reviewer let through, before the council, the authority, the curator and the organisation.

The organisation reads them when nothing is collected any more: by then nobody's words lead to yesterday's visit.
"""

from collections.abc import Iterator
from typing import NamedTuple

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts import access
from accounts.models import Role
from council import documents
from council.shelf import read_inside, shelf
from documents import exports
from surveys import frozen, queries, spoken
from surveys.db import db
from surveys.models import Assessment, Campaign, Organization, Stage
from surveys.refusals import NotFound
from surveys.spoken import Audience, Spoken

bp = Blueprint("spoken", __name__, url_prefix="/council/campaigns/<int(max=2147483647):campaign_id>")
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR, Role.OPERATOR)
own = Blueprint("own_words", __name__, url_prefix="/organization/words")
access.only(own, Role.ORGANIZATION)


class Heard(NamedTuple):
    """What people said in one campaign."""

    campaign: Campaign
    said: Spoken


@bp.get("/organizations/<code>/words")
def show(campaign_id: int, code: str) -> ResponseReturnValue:
    """What people said of one organisation."""
    campaign, organization, assessment = _about(campaign_id, code)
    return render_template(
        "council/words.html",
        campaign=campaign,
        organization=organization,
        heard=spoken.of(db.session(), assessment.id),
        audience=spoken.AUDIENCES[spoken.audience(campaign)],
        headings=spoken.HEADINGS,
        reasons=spoken.REASONS,
        back=url_for("council.organization", campaign_id=campaign_id, code=code),
        dossier=url_for(".dossier", campaign_id=campaign_id, code=code),
    )


@bp.get("/organizations/<code>/words.pdf")
def dossier(campaign_id: int, code: str) -> ResponseReturnValue:
    """The organisation's dossier with these words as its last annex."""
    campaign, _organization, assessment = _about(campaign_id, code)
    found = read_inside(campaign)
    if code not in found.by_code:
        raise NotFound(code)
    standing, heard = found.by_code[code], spoken.of(db.session(), assessment.id)
    means = {key: figure.ratio if figure else None for key, figure in found.means.items()}
    address = f"{current_app.config['BASE_URL']}/o/{code}"
    told = [[form, [one.text for one in said]] for form, said in heard.forms.items()]
    content = shelf().document(
        f"{address}#words",
        {**exports.organization_json(standing, found.facts), "means": means, "words": told},
        lambda: documents.organization_pdf(
            standing, found.facts, url=address, means=found.means, words=heard
        ),
    )
    name = f'inline; filename="nok-{found.facts.year}-{code}-slova.pdf"'
    return Response(content, headers={"Content-Disposition": name}, mimetype="application/pdf")


@own.get("")
def mine() -> ResponseReturnValue:
    """What people said of the organisation whose user this is, campaign by campaign."""
    organization = access.the_user().organization
    if organization is None:
        raise NotFound("organization")
    return render_template(
        "organization/words.html",
        organization=organization,
        found=list(_heard(organization)),
        headings=spoken.HEADINGS,
        reasons=spoken.REASONS,
    )


def for_everybody(organization_code: str, campaign_id: int) -> Spoken | None:
    """The same for a public page; None unless the campaign is published and says that everybody reads them."""
    session = db.session()
    campaign, organization = (
        queries.campaign(session, campaign_id),
        queries.organization(session, organization_code),
    )
    if campaign is None or organization is None or spoken.audience(campaign) is not Audience.EVERYBODY:
        return None
    if frozen.in_force(session, campaign_id) is None:
        return None
    found = queries.assessment(session, campaign_id, organization.id)
    heard = spoken.of(session, found.id) if found else None
    return heard if heard and heard.count else None


def _heard(organization: Organization) -> Iterator[Heard]:
    session = db.session()
    for assessment in queries.assessments_of(session, organization.id):
        if assessment.campaign.stage != Stage.COLLECTING:
            said = spoken.of(session, assessment.id)
            if said:
                yield Heard(assessment.campaign, said)


def _about(campaign_id: int, code: str) -> tuple[Campaign, Organization, Assessment]:
    session = db.session()
    campaign, organization = access.campaign_seen(session, campaign_id), queries.organization(session, code)
    found = queries.assessment(session, campaign_id, organization.id) if organization else None
    if organization is None or found is None:
        raise NotFound(code)
    return campaign, organization, found
