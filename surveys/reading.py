"""How a recipient reads: the language and the size of type. The address tells, a cookie on the device remembers.

Nothing of it is stored or logged. A cookie lives under /q/ alone, so pages that caches keep are told by their address.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Flask, Response, current_app, has_request_context, request
from werkzeug.http import dump_cookie

from surveys.doors import Way
from surveys.languages import RUSSIAN, Language, languages

LANGUAGE, SIZE = "nok_language", "nok_size"
SIZES = ("large", "normal")
ABODE = "/q/"
LANDING = re.compile(r"/o/[^/]+")


@dataclass(frozen=True, slots=True)
class Switch:
    """A link that shows the same page otherwise: another language, another size."""

    url: str
    language: Language
    current: bool = False


@dataclass(frozen=True, slots=True)
class Switches:
    """What stands on top of every page of a recipient."""

    languages: list[Switch]
    large: bool
    size_url: str


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
    return query.removeprefix("&")


def query() -> str:
    """The query string of this request, as `query_of` tells it; of pages that caches keep, the address alone."""
    known = request.cookies if request.path.startswith(ABODE) else {}
    return query_of(str(request.environ.get("QUERY_STRING", "")), known)


def language() -> str:
    """The language of this request: a recipient's page may have another than Russian."""
    if not has_request_context():
        return RUSSIAN
    if request.path == ABODE or not (request.path.startswith(ABODE) or LANDING.fullmatch(request.path)):
        return RUSSIAN
    return Way.of("", query()).language


def looks(way: Way | None = None, *, via_site: bool = False) -> str:
    """A query string that says how somebody reads, and whether the link stands on the site."""
    way = way or Way.of("", query())
    return Way("", by_site=via_site, large=way.large, language=way.language).query()


def switches(path: str, way: Way | None = None) -> Switches:
    """Links to this page in every language and in the other size. `way`: as the page was asked for."""
    way, path = way or Way.of("", query()), _shown(path)
    end = "&again=1" if way.again else ""
    found = [
        Switch(f"{path}{way.query(language=one.code)}{end}", one, one.code == way.language)
        for one in languages().values()
    ]
    return Switches(found, way.large, f"{path}{way.query(large=not way.large)}{end}")


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
    chosen = {LANGUAGE: said.get("lang", ""), SIZE: said.get("size", "")}
    allowed = {LANGUAGE: languages(), SIZE: SIZES}
    return [
        dump_cookie(name, value, path=ABODE, secure=secure, httponly=True, samesite="Lax")
        for name, value in chosen.items()
        if value in allowed[name] and known.get(name) != value
    ]


def _remembered(response: Response) -> Response:
    if request.method == "GET" and request.path.startswith(ABODE) and request.path != ABODE:
        asked = str(request.environ.get("QUERY_STRING", ""))
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        for one in cookies(asked, request.cookies, secure=secure):
            response.headers.add("Set-Cookie", one)
    return response
