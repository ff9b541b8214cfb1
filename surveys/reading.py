"""How a recipient reads: language, size of type, contrast. The address tells, a cookie on the device remembers.

Nothing of it is stored or logged. Cookies live under /q/ and /o/ alone; of what caches keep they change one page, that
of an organisation, which says so (Vary). Other pages there are told by their address.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Flask, Response, current_app, has_request_context, request
from werkzeug.http import dump_cookie

from surveys.doors import Way
from surveys.languages import RUSSIAN, Language, languages

LANGUAGE, SIZE, CONTRAST = "nok_language", "nok_size", "nok_contrast"
SIZES = ("large", "normal")
CONTRASTS = ("high", "normal")
ABODE, PLACES = "/q/", "/o/"
LANDING = re.compile(r"/o/[^/]+")


@dataclass(frozen=True, slots=True)
class Switch:
    """A link that shows the same page in a language."""

    url: str
    language: Language
    current: bool = False


@dataclass(frozen=True, slots=True)
class Switches:
    """What stands on top of every page of a recipient."""

    languages: list[Switch]
    large: bool
    size_url: str
    contrast: bool
    contrast_url: str


def init_app(app: Flask) -> None:
    """Give templates what they need to speak, and cookies to whoever has chosen."""
    app.jinja_env.globals.update(switches=switches, looks=looks)
    app.after_request(_remembered)


def _said(query: str) -> dict[str, str]:
    return dict(reversed(parse_qsl(query)))


def query_of(query: str, cookies: Mapping[str, str]) -> str:
    """The address's query string, with what it leaves unsaid taken from the cookies of this device."""
    said = _said(query)
    if "lang" not in said and cookies.get(LANGUAGE, RUSSIAN) in languages().keys() - {RUSSIAN}:
        query += f"&lang={cookies[LANGUAGE]}"
    if "size" not in said and cookies.get(SIZE) == SIZES[0]:
        query += f"&size={SIZES[0]}"
    if "contrast" not in said and cookies.get(CONTRAST) == CONTRASTS[0]:
        query += f"&contrast={CONTRASTS[0]}"
    return query.removeprefix("&")


def query() -> str:
    """The query string of this request, as `query_of` tells it; of pages that caches keep, the address alone."""
    known = request.cookies if _remembering() else {}
    return query_of(str(request.environ.get("QUERY_STRING", "")), known)


def _remembering() -> bool:
    """Is this a recipient's page: one that speaks as its reader has chosen?"""
    path = request.path
    return path != ABODE and (path.startswith(ABODE) or LANDING.fullmatch(path) is not None)


def language() -> str:
    """The language of this request: a recipient's page may have another than Russian."""
    if not has_request_context() or not _remembering():
        return RUSSIAN
    return Way.of("", query()).language


def looks(way: Way | None = None, *, via_site: bool = False) -> str:
    """A query string that says how somebody reads, and whether the link stands on the site."""
    way = way or Way.of("", query())
    return Way("", by_site=via_site, large=way.large, language=way.language, contrast=way.contrast).query()


def switches(path: str, way: Way | None = None) -> Switches:
    """Links to this page in every language, the other size, the other contrast. `way`: as the page was asked for."""
    way, path = way or Way.of("", query()), _shown(path)
    end = f"&again={way.again}" if way.again else ""
    found = [
        Switch(f"{path}{way.query(language=one.code)}{end}", one, one.code == way.language)
        for one in languages().values()
    ]
    return Switches(
        found,
        way.large,
        f"{path}{way.query(large=not way.large)}{end}",
        way.contrast,
        f"{path}{way.query(contrast=not way.contrast)}{end}",
    )


def _shown(path: str) -> str:
    """An address that can be looked at: this one, or the one above it when this one only takes what is sent."""
    adapter = current_app.create_url_adapter(request)
    sent = request.method == "POST" and path.startswith(ABODE)
    if not sent or adapter is None or adapter.test(path, "GET"):
        return path
    return path.rpartition("/")[0]


def cookies(query: str, known: Mapping[str, str], *, secure: bool) -> list[str]:
    """What an address has this device remember until the browser is closed: one word each, none of the person."""
    said = _said(query)
    chosen = {LANGUAGE: said.get("lang", ""), SIZE: said.get("size", ""), CONTRAST: said.get("contrast", "")}
    allowed = {LANGUAGE: languages(), SIZE: SIZES, CONTRAST: CONTRASTS}
    return [
        dump_cookie(name, value, path=path, secure=secure, httponly=True, samesite="Lax")
        for name, value in chosen.items()
        if value in allowed[name] and known.get(name) != value
        for path in (ABODE, PLACES)
    ]


def _remembered(response: Response) -> Response:
    if request.method == "GET" and _remembering():
        asked = str(request.environ.get("QUERY_STRING", ""))
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        chosen = cookies(asked, request.cookies, secure=secure)
        for one in chosen:
            response.headers.add("Set-Cookie", one)
        if request.path.startswith(PLACES):  # caches keep this page, but nobody else's choice
            response.vary.add("Cookie")
            if chosen:
                response.headers["Cache-Control"] = "private, no-cache"
    return response
