"""The hall: pages that were drawn seconds ago, and a lane through it for those who only want to read.

Most of what a poster brings is a first look at the form. Such a request carries no cookie and changes nothing, so it
is answered before the framework wakes up, from the page that the framework drew (docs/decisions/0009).
"""

from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from cachetools import TTLCache
from sqlalchemy.orm import Session

from surveys import doors, keys
from surveys.doors import Door, DoorPage, Way
from surveys.refusals import NothingOpen

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT_DOORS = 20_000
KEPT_PAGES = 1_000
PREFIX = "/q/"


class Hall:
    """Doors opened and pages drawn by this process, by code and query string, for so many seconds."""

    def __init__(self, secret: str, core_css: str, seconds: float) -> None:
        self.secret = secret.encode()
        self.core_css = core_css
        self._doors: TTLCache[tuple[str, str], Door] = TTLCache(KEPT_DOORS, seconds)
        self._pages: TTLCache[tuple[str, str], DoorPage] = TTLCache(KEPT_PAGES, seconds)
        self._lock = Lock()

    def door(self, session: Session, code: str, query: str, way: Way, day: date) -> Door:
        """The door of this way, as it stood seconds ago at most. Raises UnknownCode, NothingOpen, PinnedChanged."""
        with self._lock:
            door = self._doors.get((code, query))
        if door is None:
            door = doors.open_door(session, way, day)
            with self._lock:
                self._doors[code, query] = door
        if door.place.ends_on < day:
            raise NothingOpen(door.place.organization_name)
        return door

    def kept(self, code: str, query: str) -> DoorPage | None:
        """The page of this very address, if it was drawn a moment ago."""
        with self._lock:
            return self._pages.get((code, query))

    def page(self, session: Session, query: str, door: Door) -> DoorPage:
        """The page of an open door, drawn now if need be."""
        page = self.kept(door.way.code, query)
        if page is None:
            page = doors.page_of(session, door, self.core_css)
            with self._lock:
                self._pages[door.way.code, query] = page
        return page

    def answer(self, page: DoorPage, accepts: str) -> tuple[list[tuple[str, str]], bytes]:
        """Headers and body of the survey page, with a fresh key in it."""
        key = keys.minted(self.secret, page.door.way.code)
        if "gzip" in accepts:
            return page.headers_gzip, page.page.gzipped(key)
        return page.headers, page.page.plain(key)


class Lane:
    """WSGI in front of the application: a first look at a form that was drawn a moment ago."""

    def __init__(self, application: "WSGIApplication", hall: Hall) -> None:
        self.application = application
        self.hall = hall

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(PREFIX) and environ["REQUEST_METHOD"] == "GET" and "HTTP_COOKIE" not in environ:
            page = self.hall.kept(path[len(PREFIX) :], environ.get("QUERY_STRING", ""))
            if page is not None:
                headers, body = self.hall.answer(page, environ.get("HTTP_ACCEPT_ENCODING", ""))
                start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
                return [body]
        return self.application(environ, start_response)
