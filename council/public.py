"""Open to everybody: an organisation, its results by year, the ratings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from council import documents, files, listing, regional
from council.shelf import is_open, kept, release_bytes, shelf
from documents import exports
from documents.keeping import MIME
from surveys import codes, frozen, paging, queries
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Organization, searchable
from surveys.refusals import NotFound, UnknownCode
from surveys.releases import Release
from surveys.results import CampaignFacts, CampaignResults, Standing

bp = Blueprint("public", __name__)

PAGE_SIZE = 100


@bp.get("/o/<code>")
def organization(code: str) -> ResponseReturnValue:
    """One organisation: rate it, and its results by year."""
    if not codes.possible(code) and codes.possible(codes.typed(code)):
        return redirect(url_for(".organization", code=codes.typed(code)))
    found = _organization(code)
    collecting = queries.open_assessment(db.session(), found.id, today())
    return render_template(
        "public/organization.html",
        organization=found,
        survey_url=f"/q/{code}?via=site" if collecting else None,
        campaigns=list(_years(code, found.id)),
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
    open_ones = [campaign for campaign in queries.campaigns(session) if is_open(campaign)]
    return render_template(
        "public/ratings.html",
        campaigns=listing.lines(session, open_ones, lambda c: url_for(".rating", campaign_id=c.id)),
        years=regional.by_year(open_ones, kept),
    )


@bp.get("/ratings/<int(max=2147483647):campaign_id>")
def rating(campaign_id: int) -> ResponseReturnValue:
    """One campaign's rating."""
    found = kept(_open(campaign_id))
    return campaign_page(found, base=f"/ratings/{campaign_id}", organization_base="/o")


@bp.get("/ratings/<int(max=2147483647):campaign_id>.<any(pdf, json, csv, xlsx):kind>")
def rating_file(campaign_id: int, kind: str) -> ResponseReturnValue:
    """The same as a document or data."""
    return campaign_file(kept(_open(campaign_id)), kind)


@bp.get("/ratings/<int(max=2147483647):campaign_id>/versions")
def versions(campaign_id: int) -> ResponseReturnValue:
    """Every published release of a campaign, the one in force first."""
    found = kept(_open(campaign_id))
    published = [one for one in frozen.releases(db.session(), campaign_id) if one.published_at]
    return render_template("public/versions.html", facts=found.facts, releases=published)


@bp.get("/ratings/<int(max=2147483647):campaign_id>/versions/<int(max=32767):version>")
def version(campaign_id: int, version: int) -> ResponseReturnValue:
    """A release as it was published, though another is in force now."""
    release = _published(campaign_id, version)
    found = shelf().released(release)
    base = url_for(".version", campaign_id=campaign_id, version=version)
    links = {"json": f"{base}.json"}
    newest = frozen.in_force(db.session(), campaign_id)
    newer = None if newest is None or newest.version == version else newest.version
    back = (url_for(".versions", campaign_id=campaign_id), _("Все выпуски"))
    return campaign_page(found, base=base, links=links, organization_base="", back=back, newer=newer)


@bp.get("/ratings/<int(max=2147483647):campaign_id>/versions/<int(max=32767):version>.json")
def version_file(campaign_id: int, version: int) -> ResponseReturnValue:
    """The very bytes whose SHA-256 is printed."""
    release = _published(campaign_id, version)
    name = f"nok-release-{campaign_id}-{version}-{release.short}.json"
    return _file(release.content.encode(), "application/json; charset=utf-8", name)


@bp.get("/ratings/<int(max=2147483647):campaign_id>/versions/<int(max=32767):version>/changes")
def version_changes(campaign_id: int, version: int) -> ResponseReturnValue:
    """Figures of a release that are not those of the one published before it."""
    release = _published(campaign_id, version)
    older = (
        one
        for one in frozen.releases(db.session(), campaign_id)
        if one.published_at and one.version < version
    )
    before = next(older, None)
    return render_template(
        "public/changes.html",
        facts=shelf().released(release).facts,
        release=release,
        before=before,
        changes=frozen.changes(before, release) if before else [],
    )


def organization_page(found: CampaignResults, standing: Standing, *, base: str, back: str) -> str:
    """An organisation's result as a page; `base` is its own address, `back` that of its campaign."""
    return render_template(
        "results/organization.html",
        standing=standing,
        facts=found.facts,
        edition=found.facts.norm,
        links={"pdf": f"{base}.pdf", "json": f"{base}.json"},
        back=(back, found.facts.title),
    )


def organization_file(found: CampaignResults, standing: Standing, kind: str) -> Response:
    """An organisation's result as a document (pdf) or data (json)."""
    if kind == "json":
        return exports.as_json(exports.organization_json(standing, found.facts))
    address = f"{current_app.config['BASE_URL']}/o/{standing.code}"
    means = {key: figure.ratio if figure else None for key, figure in found.means.items()}
    content = shelf().document(
        address,
        {**exports.organization_json(standing, found.facts), "means": means},
        lambda: documents.organization_pdf(standing, found.facts, url=address, means=found.means),
    )
    return _file(content, "application/pdf", f"nok-{found.facts.year}-{standing.code}.pdf")


def campaign_page(
    found: CampaignResults,
    *,
    base: str,
    organization_base: str,
    back: tuple[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    newer: int | None = None,
) -> str:
    """A campaign's results as a page; `links` to its files, unless they lie beside it; `newer`: what replaced it."""
    return render_template(
        "results/campaign.html",
        results=found,
        facts=found.facts,
        edition=found.facts.norm,
        links=links or {kind: f"{base}.{kind}" for kind in ("pdf", "json", "csv", "xlsx")},
        organization_base=organization_base,
        back=back,
        newer=newer,
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
    """A campaign's results as a document (pdf), a workbook with formulas (xlsx) or data (json, csv)."""
    name = f"nok-{found.facts.year}-{found.facts.sector}-{found.facts.id}.{kind}"
    if kind == "json":
        return exports.as_json(exports.campaign_json(found))
    if kind == "csv":
        return _file(exports.campaign_csv(found), "text/csv; charset=utf-8", name)
    if kind == "xlsx":
        return _file(files.file_of(found, kind, "public", inside=False), MIME[kind], name)
    address = f"{current_app.config['BASE_URL']}/ratings/{found.facts.id}"
    content = shelf().document(
        address,
        exports.campaign_json(found),
        lambda: documents.campaign_pdf(found, url=address, release=release_bytes(found.facts)),
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
        if assessment.campaign.year == year and is_open(assessment.campaign):
            found = kept(assessment.campaign)
            if code in found.by_code:
                return found, found.by_code[code]
    raise NotFound(f"{code}: {year}")


def _open(campaign_id: int) -> Campaign:
    campaign = queries.campaign(db.session(), campaign_id)
    if campaign is None or not is_open(campaign):
        raise NotFound(str(campaign_id))
    return campaign


def _published(campaign_id: int, version: int) -> Release:
    found = frozen.release(db.session(), campaign_id, version)
    if found is None or found.published_at is None:
        raise NotFound(f"{campaign_id}/{version}")
    return found


def _years(code: str, organization_id: int) -> Iterator[CampaignFacts | Campaign]:
    """Open results of an organisation, the newest first; what is published is named as it was approved."""
    for assessment in queries.assessments_of(db.session(), organization_id):
        if not is_open(assessment.campaign):
            continue
        if frozen.in_force(db.session(), assessment.campaign_id) is None:
            yield assessment.campaign
        elif code in (found := kept(assessment.campaign)).by_code:
            yield found.facts


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, content_type=mimetype)
