"""Open to everybody: an organisation, its results by year, the ratings."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import nok
from council import documents, regional
from council.shelf import kept, shelf
from documents import exports
from surveys import codes, overview, paging, queries
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Organization, searchable
from surveys.refusals import NotFound, UnknownCode
from surveys.results import CampaignResults, Standing

bp = Blueprint("public", __name__)

PAGE_SIZE = 100


@bp.get("/o/<code>")
def organization(code: str) -> ResponseReturnValue:
    """One organisation: rate it, and its results by year."""
    if not codes.possible(code) and codes.possible(codes.typed(code)):
        return redirect(url_for(".organization", code=codes.typed(code)))
    found = _organization(code)
    years = [a.campaign for a in queries.assessments_of(db.session(), found.id) if a.campaign.open_to_all]
    collecting = queries.open_assessment(db.session(), found.id, today())
    return render_template(
        "public/organization.html",
        organization=found,
        survey_url=f"/q/{code}?via=site" if collecting else None,
        campaigns=years,
    )


@bp.get("/o/<code>/results/<int:year>")
def year(code: str, year: int) -> ResponseReturnValue:
    """One organisation's result of one year."""
    found, standing = _result(code, year)
    back = url_for(".rating", campaign_id=found.facts.id)
    return organization_page(found, standing, base=f"/o/{code}/results/{year}", back=back)


@bp.get("/o/<code>/results/<int:year>.<any(pdf, json):kind>")
def year_file(code: str, year: int, kind: str) -> ResponseReturnValue:
    """The same as a document or data."""
    return organization_file(*_result(code, year), kind)


@bp.get("/ratings")
def ratings() -> ResponseReturnValue:
    """Every campaign whose results are open."""
    session = db.session()
    open_ones = [campaign for campaign in queries.campaigns(session) if campaign.open_to_all]
    return render_template(
        "public/ratings.html",
        campaigns=overview.lines(session, open_ones, lambda c: url_for(".rating", campaign_id=c.id)),
        years=regional.by_year(open_ones, kept),
    )


@bp.get("/ratings/<int(max=2147483647):campaign_id>")
def rating(campaign_id: int) -> ResponseReturnValue:
    """One campaign's rating."""
    found = kept(_open(campaign_id))
    return campaign_page(found, base=f"/ratings/{campaign_id}", organization_base="/o")


@bp.get("/ratings/<int(max=2147483647):campaign_id>.<any(pdf, json, csv):kind>")
def rating_file(campaign_id: int, kind: str) -> ResponseReturnValue:
    """The same as a document or data."""
    return campaign_file(kept(_open(campaign_id)), kind)


def organization_page(found: CampaignResults, standing: Standing, *, base: str, back: str) -> str:
    """An organisation's result as a page; `base` is its own address, `back` that of its campaign."""
    return render_template(
        "results/organization.html",
        standing=standing,
        facts=found.facts,
        edition=nok.edition(found.facts.edition),
        links={"pdf": f"{base}.pdf", "json": f"{base}.json"},
        back=(back, found.facts.title),
    )


def organization_file(found: CampaignResults, standing: Standing, kind: str) -> Response:
    """An organisation's result as a document (pdf) or data (json)."""
    if kind == "json":
        return exports.as_json(exports.organization_json(standing, found.facts))
    address = f"{current_app.config['BASE_URL']}/o/{standing.code}"
    content = shelf().document(
        address,
        exports.organization_json(standing, found.facts),
        lambda: documents.organization_pdf(standing, found.facts, url=address),
    )
    return _file(content, "application/pdf", f"nok-{found.facts.year}-{standing.code}.pdf")


def campaign_page(
    found: CampaignResults, *, base: str, organization_base: str, back: tuple[str, str] | None = None
) -> str:
    """A campaign's results as a page."""
    return render_template(
        "results/campaign.html",
        results=found,
        facts=found.facts,
        edition=nok.edition(found.facts.edition),
        links={kind: f"{base}.{kind}" for kind in ("pdf", "json", "csv")},
        organization_base=organization_base,
        back=back,
        **listed(found),
    )


def listed(found: CampaignResults) -> dict[str, Any]:
    """What of a long rating the address asks for: `shown` of it, `q` the words, `pages`."""
    q, page = request.args.get("q", "").strip(), request.args.get("page", 1, type=int)
    words = paging.words_of(q)
    chosen = [
        one for one in found.standings if _says(one, words) or q.upper() in (one.code, one.inn, one.ogrn)
    ]

    def address(number: int) -> str:
        return f"{request.path}?{urlencode({**({'q': q} if q else {}), 'page': number})}"

    pages = paging.pages(min(page, paging.MOST_PAGES), len(chosen), PAGE_SIZE, address)
    return {"shown": paging.cut(chosen, pages, PAGE_SIZE), "q": q, "pages": pages}


def _says(standing: Standing, words: Sequence[str]) -> bool:
    names = searchable(standing.name, standing.short_name)
    return all(word in names for word in words)


def campaign_file(found: CampaignResults, kind: str) -> Response:
    """A campaign's results as a document (pdf) or data (json, csv)."""
    name = f"nok-{found.facts.year}-{found.facts.sector}-{found.facts.id}.{kind}"
    if kind == "json":
        return exports.as_json(exports.campaign_json(found))
    if kind == "csv":
        return _file(exports.campaign_csv(found), "text/csv; charset=utf-8", name)
    address = f"{current_app.config['BASE_URL']}/ratings/{found.facts.id}"
    content = shelf().document(
        address, exports.campaign_json(found), lambda: documents.campaign_pdf(found, url=address)
    )
    return _file(content, "application/pdf", name)


def _organization(code: str) -> Organization:
    found = queries.organization(db.session(), code)
    if found is None:
        raise UnknownCode(code)
    return found


def _result(code: str, year: int) -> tuple[CampaignResults, Standing]:
    organization = _organization(code)
    for assessment in queries.assessments_of(db.session(), organization.id):
        if assessment.campaign.year == year and assessment.campaign.open_to_all:
            found = kept(assessment.campaign)
            if code in found.by_code:
                return found, found.by_code[code]
    raise NotFound(f"{code}: {year}")


def _open(campaign_id: int) -> Campaign:
    campaign = queries.campaign(db.session(), campaign_id)
    if campaign is None or not campaign.open_to_all:
        raise NotFound(str(campaign_id))
    return campaign


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, content_type=mimetype)
