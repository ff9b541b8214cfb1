"""Pages for whoever looks for an organisation or wonders who was asked: search, years, spheres, places, taking part."""

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import nok
from council.portal import caching, searching, slices
from council.portal.catalogue import Catalogue, Line, Published, catalogue
from council.portal.taking_part import taking_part
from surveys import paging
from surveys.db import db
from surveys.display import sector as sector_title
from surveys.refusals import NotFound

bp = Blueprint("portal", __name__, url_prefix="/ratings")

FOUND_SIZE = 50
#: A municipality that nobody named.
UNNAMED = "-"
Crumb = tuple[str, str]


@bp.get("/find")
def find() -> ResponseReturnValue:
    """An organisation by name, number, address, INN or the code of its poster."""
    q = request.args.get("q", "")
    answer = searching.search(catalogue(db.session()), q)
    pages = paging.pages(
        paging.asked(request.args),
        len(answer.lines),
        FOUND_SIZE,
        lambda number: url_for(".find", q=q, page=number),
    )
    shown = paging.cut(answer.lines, pages, FOUND_SIZE)
    page = render_template(
        "portal/find.html", q=q[: 2 * searching.LONGEST_QUERY], answer=answer, shown=shown, pages=pages
    )
    # What somebody looks for is theirs: no cache keeps it.
    return page, {"Cache-Control": "no-store"}


@bp.get("/years/<int(max=9999):year>")
def year(year: int) -> ResponseReturnValue:
    """Everything of a year."""
    return _slice(
        catalogue(db.session()),
        _("Результаты за %(year)s год", year=year),
        [],
        lambda one: one.year == year,
    )


@bp.get("/sectors/<sector>")
def sector(sector: str) -> ResponseReturnValue:
    """Everything of a sphere."""
    if sector not in nok.SECTORS:
        raise NotFound(sector)
    return _slice(catalogue(db.session()), sector_title(sector), [], lambda one: one.sector == sector)


@bp.get("/regions/<region>")
def region(region: str) -> ResponseReturnValue:
    """A region: its means, its municipalities, its organisations."""
    known = catalogue(db.session())
    name = known.regions.get(region)
    if name is None:
        raise NotFound(region)
    inside = [
        (own, url_for(".municipality", region=region, municipality=part))
        for part, own in known.municipalities.get(name, {}).items()
    ]
    if inside and any(not line.municipality for line in known.lines() if line.region == name):
        inside.append(
            (_("Муниципалитет не указан"), url_for(".municipality", region=region, municipality=UNNAMED))
        )
    return _slice(known, name, [], lambda one: one.region == name, inside=inside)


@bp.get("/regions/<region>/<municipality>")
def municipality(region: str, municipality: str) -> ResponseReturnValue:
    """A municipality: its means and its organisations."""
    known = catalogue(db.session())
    name = known.regions.get(region)
    own = "" if municipality == UNNAMED else known.municipalities.get(name or "", {}).get(municipality)
    if name is None or own is None:
        raise NotFound(f"{region}/{municipality}")
    crumbs = [(name, url_for(".region", region=region))]
    title = own or _("Муниципалитет не указан")

    def here(line: Line) -> bool:
        return line.municipality == own

    return _slice(known, title, crumbs, lambda one: one.region == name, here)


@bp.get("/participation")
def participation() -> ResponseReturnValue:
    """Who took part, of everything or of a year, a sphere, a region."""
    known = catalogue(db.session())
    asked = {name: request.args.get(name, "") for name in ("year", "sector", "region")}
    chosen = [
        one
        for one in known.campaigns
        if asked["year"] in ("", str(one.year))
        and asked["sector"] in ("", one.sector)
        and asked["region"] in ("", one.region)
    ]

    def draw() -> str:
        return render_template(
            "portal/participation.html",
            told=taking_part(chosen),
            asked=asked,
            years=sorted({str(one.year) for one in known.campaigns}, reverse=True),
            sectors=[name for name in nok.SECTORS if any(one.sector == name for one in known.campaigns)],
            regions=list(known.regions.values()),
            demo=any(one.demo for one in chosen),
        )

    return caching.page(known.key, known.changed_at, draw)


def ways(line: Line | Published, known: Catalogue) -> list[Crumb]:
    """From everything down to where an organisation or a campaign belongs."""
    part = next((part for part, name in known.regions.items() if name == line.region), None)
    found = [(line.region, url_for("portal.region", region=part))] if part else []
    inside = known.municipalities.get(line.region, {})
    for own, name in inside.items():
        if part and isinstance(line, Line) and name == line.municipality:
            found.append((name, url_for("portal.municipality", region=part, municipality=own)))
    return found


def _slice(
    known: Catalogue,
    title: str,
    crumbs: Sequence[Crumb],
    wanted: Callable[[Published], bool],
    of: Callable[[Line], bool] | None = None,
    inside: Sequence[Crumb] = (),
) -> ResponseReturnValue:
    def draw() -> str:
        found = slices.part(known, wanted, of)
        if found is None:
            raise NotFound(title)
        return render_template(
            "portal/slice.html",
            title=title,
            crumbs=crumbs,
            part=found,
            inside=inside,
            demo=found.demo,
            regions=known.regions,
        )

    return caching.page(known.key, known.changed_at, draw)
