"""The hall: doors and pages of a moment ago, and a lane through it for the two requests that a poster brings.

Most of what a poster brings is a first look at the form, and a whole form that comes back. Both are answered before
the framework wakes up: the one from the page that it drew, the other by the same desk (docs/decisions/0009).
"""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from cachetools import TTLCache
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from surveys import desk, doors, keys, reading
from surveys.clock import today
from surveys.db import db
from surveys.doors import Door, DoorPage, Way
from surveys.passes import Entry
from surveys.refusals import Refusal
from surveys.scans import Scans

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

KEPT_DOORS = 20_000
KEPT_PAGES = 1_000
PREFIX = "/q/"
MOST_BYTES = 16 * 1024


class Hall:
    """Doors opened and pages drawn by this process, by code and query string, for so many seconds."""

    def __init__(self, secret: str, core_css: str, seconds: float) -> None:
        self.secret = secret.encode()
        self.core_css = core_css
        self._doors: TTLCache[tuple[str, str], Door] = TTLCache(KEPT_DOORS, seconds)
        self._pages: TTLCache[tuple[str, str], DoorPage] = TTLCache(KEPT_PAGES, seconds)
        self._lock = Lock()

    def door(self, session: Session, code: str, query: str, day: date) -> Door:
        """The door of this address, as it stood seconds ago at most. Raises UnknownCode, NothingOpen, PinnedChanged.

        A campaign that was closed meanwhile is found out by `intake`, in the answer's own transaction.
        """
        with self._lock:
            door = self._doors.get((code, query))
        if door is None or door.place.ends_on < day:
            door = doors.open_door(session, Way.of(code, query), day)
            with self._lock:
                self._doors[code, query] = door
        return door

    def forget(self, code: str, query: str) -> None:
        """Open this door anew next time."""
        with self._lock:
            self._doors.pop((code, query), None)
            self._pages.pop((code, query), None)

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
    """WSGI in front of the application: a first look at a form, and a whole form that comes back.

    Whatever is not ordinary (a cookie that says more, a form with something missing, a fault) goes on to the
    application untouched, which alone knows how to speak of it.
    """

    def __init__(self, app: Flask, hall: Hall, scans: Scans) -> None:
        self.app = app
        self.application = app.wsgi_app
        self.hall = hall
        self.scans = scans

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(PREFIX):
            code, query = environ["PATH_INFO"][len(PREFIX) :], environ.get("QUERY_STRING", "")
            if environ["REQUEST_METHOD"] == "GET":
                page = None if "HTTP_COOKIE" in environ else self.hall.kept(code, query)
                if page is not None:
                    self.scans.seen(environ, page.door.way)
                    headers, body = self.hall.answer(page, environ.get("HTTP_ACCEPT_ENCODING", ""))
                    chosen = self._chosen(query) if query else ()
                    start_response("200 OK", [*headers, *chosen, ("Content-Length", str(len(body)))])
                    return [body]
            elif environ["REQUEST_METHOD"] == "POST":
                headers_ = self._taken(environ, code, query)
                if headers_ is not None:
                    start_response("303 SEE OTHER", [*headers_, ("Content-Length", "0")])
                    return [b""]
        return self.application(environ, start_response)

    def _chosen(self, query: str) -> list[tuple[str, str]]:
        secure = self.app.config["SESSION_COOKIE_SECURE"]
        return [("Set-Cookie", one) for one in reading.cookies(query, {}, secure=secure)]

    def _taken(self, environ: "WSGIEnvironment", code: str, query: str) -> list[tuple[str, str]] | None:
        """Headers of the redirect, if a whole form for an open door came and was counted."""
        length = environ.get("CONTENT_LENGTH") or ""
        plain = environ.get("CONTENT_TYPE") == "application/x-www-form-urlencoded"
        if not plain or not length.isdigit() or int(length) > MOST_BYTES:
            return None
        if desk.ANSWERED in environ.get("HTTP_COOKIE", ""):
            return None
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(body)
        day, secure = today(), self.app.config["SESSION_COOKIE_SECURE"]
        try:
            given = dict(reversed(parse_qsl(body.decode(), keep_blank_values=True)))
            with self.app.app_context():
                door = self.hall.door(db.session(), code, query, day)
                if door.place.entry != Entry.OPEN:
                    return None
                outcome = desk.take(self.hall.secret, door, given, day).outcome
        except (ValueError, SQLAlchemyError, Refusal):  # the application meets it again, and says it in words
            return None
        return None if outcome is None else desk.farewell(door, outcome, day, secure=secure)
