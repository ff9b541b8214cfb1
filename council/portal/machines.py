"""What search engines read: which pages there are, and which are none of their business."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

import nok
from council.portal import caching
from council.portal.catalogue import Catalogue, catalogue
from council.portal.datasets import id_of
from surveys.db import db
from surveys.refusals import NotFound

bp = Blueprint("machines", __name__)

MOST_ADDRESSES = 40_000
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
CLOSED = (
    "/q/",
    "/ratings/find",
    "/operator/",
    "/council/",
    "/organization/",
    "/admin/",
    "/kiosk/",
    "/sign-in",
)


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Everything that is public may be read, a search or a questionnaire is nothing to index."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        "",
        f"Sitemap: {_base()}/sitemap.xml",
        "",
    ]
    return Response(
        "\n".join(lines), mimetype="text/plain", headers={"Cache-Control": "public, max-age=86400"}
    )


@bp.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    """The parts of the map."""
    known = catalogue(db.session())
    parts = -(-sum(1 for _address in _addresses(known)) // MOST_ADDRESSES)
    found = (
        f"<sitemap><loc>{_base()}/sitemap-{number}.xml</loc></sitemap>" for number in range(1, parts + 1)
    )
    return _map(known, "sitemapindex", found)


@bp.get("/sitemap-<int(max=9999):number>.xml")
def sitemap_part(number: int) -> ResponseReturnValue:
    """One part: at most as many addresses as a map may have."""
    known = catalogue(db.session())
    first = (number - 1) * MOST_ADDRESSES
    wanted = list(_addresses(known))[first : first + MOST_ADDRESSES] if number else []
    if not wanted:
        raise NotFound(str(number))
    return _map(known, "urlset", (f"<url><loc>{escape(_base() + path)}</loc></url>" for path in wanted))


def _map(known: Catalogue, tag: str, lines: Iterator[str]) -> ResponseReturnValue:
    def draw() -> Response:
        text = "\n".join(
            ['<?xml version="1.0" encoding="UTF-8"?>', f'<{tag} xmlns="{SCHEMA}">', *lines, f"</{tag}>", ""]
        )
        return Response(text, content_type="application/xml; charset=utf-8")

    return caching.file(known.key, known.changed_at, draw)


def _addresses(known: Catalogue) -> Iterator[str]:
    yield from (
        "/",
        url_for("public.ratings"),
        url_for("portal.participation"),
        url_for("opendata.index"),
        url_for("verify.index"),
    )
    for year in sorted({one.year for one in known.campaigns}):
        yield url_for("portal.year", year=year)
    for sector in nok.SECTORS:
        if any(one.sector == sector for one in known.campaigns):
            yield url_for("portal.sector", sector=sector)
    for part, region in known.regions.items():
        yield url_for("portal.region", region=part)
        for own in known.municipalities.get(region, {}):
            yield url_for("portal.municipality", region=part, municipality=own)
    for campaign in known.campaigns:
        yield url_for("public.rating", campaign_id=campaign.id)
        yield url_for("opendata.page", dataset=id_of(campaign))
    for code in known.codes:
        yield f"/o/{code}"
    for line in known.lines():
        yield f"/o/{line.code}/results/{line.year}"


def _base() -> str:
    return str(current_app.config["BASE_URL"])
