"""Open to everybody: an organisation, its results by year, the ratings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from council import bound, documents, files, listing, regional, spoken
from council.opinions import door as opinions
from council.portal import caching, slices
from council.portal.catalogue import catalogue
from council.portal.datasets import id_of
from council.portal.pages import Crumb, ways
from council.shelf import is_open, kept, live, shelf, shows_itself
from documents import exports
from documents.keeping import MIME
from documents.presentation import with_year
from surveys import codes, frozen, paging, posters, queries, territories
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Organization, searchable
from surveys.paper.words import how_long
from surveys.refusals import NotFound, UnknownCode
from surveys.results import CampaignFacts, CampaignResults, Standing
from surveys.spoken import HEADINGS, REASONS, Spoken
from surveys.territories import Totals

bp = Blueprint("public", __name__)

PAGE_SIZE = 100


@bp.get("/o/<code>")
def organization(code: str) -> ResponseReturnValue:
    """One organisation: rate it, and its results by year."""
    if not codes.possible(code) and codes.possible(codes.typed(code)):
        return redirect(url_for(".organization", code=codes.typed(code)))
    found = _organization(code)
    collecting = queries.open_assessment(db.session(), found.id, today())
    known = catalogue(db.session())
    lines = known.by_code.get(code, ())
    return caching.drawn(
        render_template(
            "public/organization.html",
            organization=found,
            survey_url=f"/q/{code}" if collecting else None,
            asked=posters.asked(collecting.campaign) if collecting else None,
            how_long=how_long,
            lines=lines,
            titles={one.campaign_id: known.by_id[one.campaign_id].title for one in lines},
            campaigns=[one for one in _growing(found.id) if one.id not in known.by_id],
            crumbs=ways(lines[0], known) if lines else [],
        )
    )


@bp.get("/o/<code>/results/<int:year>")
def year(code: str, year: int) -> ResponseReturnValue:
    """One organisation's result of one year."""
    found, standing = _result(code, year)
    known, base = catalogue(db.session()), f"/o/{code}/results/{year}"
    lines = [one for one in known.by_code.get(code, ()) if one.campaign_id == found.facts.id]
    crumbs = [
        *(ways(lines[0], known) if lines else []),
        _rating_crumb(found.facts),
        (_("Об организации"), f"/o/{code}"),
    ]
    words = spoken.for_everybody(code, found.facts.id)
    return caching.drawn(organization_page(found, standing, base=base, back=None, crumbs=crumbs, words=words))


@bp.get("/o/<code>/results/<int:year>.<any(pdf, json):kind>")
def year_file(code: str, year: int, kind: str) -> ResponseReturnValue:
    """The same as a document or data."""
    found, standing = _result(code, year)
    return _file_of(found.facts, lambda: organization_file(found, standing, kind))


@bp.get("/ratings")
def ratings() -> ResponseReturnValue:
    """Every campaign whose results are open."""
    session = db.session()
    known = catalogue(session)
    found = [one for one in queries.campaigns(session) if one.id in known.by_id or shows_itself(one)]

    def totals(campaign: Campaign) -> Totals:
        published = known.by_id.get(campaign.id)
        return slices.totals_of(published) if published else territories.totals(live(campaign))

    page = render_template(
        "public/ratings.html",
        campaigns=listing.lines(session, found, lambda c: url_for(".rating", campaign_id=c.id), known),
        years=regional.by_year(found, totals),
        known=known,
    )
    return caching.drawn(page)


@bp.get("/ratings/<int(max=2147483647):campaign_id>")
def rating(campaign_id: int) -> ResponseReturnValue:
    """One campaign's rating."""
    campaign, base = opened(campaign_id), f"/ratings/{campaign_id}"
    known = catalogue(db.session())
    published = known.by_id.get(campaign_id)
    if published is None:
        return caching.drawn(campaign_page(kept(campaign), base=base, organization_base="/o"))
    return caching.page(
        published.sha256,
        published.published_at,
        lambda: campaign_page(
            kept(campaign),
            base=base,
            organization_base="/o",
            crumbs=ways(published, known),
            dataset=url_for("opendata.page", dataset=id_of(published)),
        ),
    )


@bp.get('/ratings/<int(max=2147483647):campaign_id>.<any(pdf, "a2u.pdf", json, csv, xlsx):kind>')
def rating_file(campaign_id: int, kind: str) -> ResponseReturnValue:
    """The same as a document or data."""
    found = kept(opened(campaign_id))
    return _file_of(found.facts, lambda: campaign_file(found, kind))


def organization_page(
    found: CampaignResults,
    standing: Standing,
    *,
    base: str,
    back: str | None,
    crumbs: Sequence[Crumb] = (),
    words: Spoken | None = None,
    words_url: str = "",
) -> str:
    """An organisation's result as a page; `base` is its own address, `back` that of its campaign, or `crumbs` to it.

    `words`: what people said, where everybody reads it; `words_url`: where the one who is signed in does.
    """
    return render_template(
        "results/organization.html",
        standing=standing,
        facts=found.facts,
        edition=found.facts.norm,
        links={"pdf": f"{base}.pdf", "json": f"{base}.json"},
        back=(back, found.facts.title) if back else None,
        crumbs=crumbs,
        heard=opinions.beside(standing.code, found.facts.id),
        words=words,
        words_url=words_url,
        words_headings=HEADINGS,
        words_reasons=REASONS,
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
    return sent(content, "application/pdf", f"nok-{found.facts.year}-{standing.code}.pdf")


def campaign_page(
    found: CampaignResults,
    *,
    base: str,
    organization_base: str,
    back: tuple[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    newer: int | None = None,
    crumbs: Sequence[Crumb] = (),
    dataset: str = "",
) -> str:
    """A campaign's results as a page; `links` to its files, unless they lie beside it; `newer`: what replaced it.

    `crumbs` lead to it from everything published, `dataset` is the address of its open data.
    """
    return render_template(
        "results/campaign.html",
        results=found,
        facts=found.facts,
        edition=found.facts.norm,
        links=links or {kind: f"{base}.{kind}" for kind in ("pdf", "json", "csv", "xlsx")},
        organization_base=organization_base,
        back=back,
        newer=newer,
        crumbs=crumbs,
        dataset=dataset,
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


def campaign_file(found: CampaignResults, kind: str, by: str = "public", *, inside: bool = False) -> Response:
    """A campaign's results as a document (pdf, a2u.pdf), a workbook with formulas (xlsx) or data (json, csv)."""
    name = f"nok-{found.facts.year}-{found.facts.sector}-{found.facts.id}.{kind}"
    if kind == "json":
        return exports.as_json(exports.campaign_json(found))
    if kind == "csv":
        return sent(exports.campaign_csv(found), "text/csv; charset=utf-8", name)
    if kind == "xlsx":
        return sent(files.file_of(found, kind, "public", inside=False), MIME[kind], name)
    content = bound.pdf_of(found, kind, by, inside=inside)
    return sent(content, "application/pdf", name)


def _organization(code: str) -> Organization:
    found = queries.organization(db.session(), code)
    if found is None:
        raise UnknownCode(code)
    return found


def _result(code: str, year: int) -> tuple[CampaignResults, Standing]:
    organization = _organization(code)
    of_year = [
        one.campaign
        for one in queries.assessments_of(db.session(), organization.id)
        if one.campaign.year == year and is_open(one.campaign)
    ]
    growing = {one.id for one in of_year if frozen.in_force(db.session(), one.id) is None}
    for campaign in sorted(of_year, key=lambda one: one.id in growing):  # what is published comes first
        found = kept(campaign)
        if code in found.by_code:
            return found, found.by_code[code]
    raise NotFound(f"{code}: {year}")


def opened(campaign_id: int) -> Campaign:
    """The campaign, if its results are open. Raises NotFound."""
    campaign = queries.campaign(db.session(), campaign_id)
    if campaign is None or not is_open(campaign):
        raise NotFound(str(campaign_id))
    return campaign


def _growing(organization_id: int) -> Iterator[Campaign]:
    """Campaigns of an organisation that show themselves while they grow, the newest first."""
    for assessment in queries.assessments_of(db.session(), organization_id):
        if shows_itself(assessment.campaign):
            yield assessment.campaign


def _rating_crumb(facts: CampaignFacts) -> Crumb:
    return with_year(facts.title, facts.year), url_for(".rating", campaign_id=facts.id)


def _file_of(facts: CampaignFacts, draw: Callable[[], Response]) -> ResponseReturnValue:
    """A file of a release may be kept by whoever likes; a document is dated, so it is another every day."""
    if facts.issue is None:
        return draw()
    published = catalogue(db.session()).by_id[facts.id].published_at
    return caching.file(f"{facts.issue.sha256}{today()}", published, draw)


def sent(content: bytes, mimetype: str, name: str) -> Response:
    """A file under a name."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, content_type=mimetype)
