"""Scans of posters' codes: counted in memory by organisation, place and week, written down now and then.

Whoever opens the form waits for no database, and of a visitor nothing is kept, not even a day. A process that crashes
takes with it what it has not written yet, a minute of scans at most: a scan is a sign that a poster hangs, no answer.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date
from multiprocessing.util import Finalize
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveys.clock import monday, today
from surveys.db import writing
from surveys.doors import Way
from surveys.models import Organization, Place
from surveys.placement import PATROL

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger("nok.scans")

WRITTEN_EVERY = 60.0  # seconds
PATIENCE = 10.0  # that a server which was told to stop waits for the last writing
MOST = 20_000  # codes × places × weeks between two writings: more is no crowd before posters
CHUNK = 500
BEFOREHAND = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
OURSELVES = frozenset({"same-origin", "same-site"})
ADDED = text(
    "INSERT INTO code_scan (organization_id, place, week, scans) VALUES (:organization, :place, :week, :scans) "
    "ON CONFLICT (organization_id, place, week) DO UPDATE SET scans = code_scan.scans + excluded.scans"
)


class Scan(NamedTuple):
    """What is known of a scan: whose code, at which place, the Monday of its week."""

    code: str
    place: int
    week: date


def is_scan(environ: "WSGIEnvironment", way: Way) -> bool:
    """Does a person come from a poster? Not by the site's link, nor by a link of our own, nor a page fetched ahead.

    A kiosk's page stands on our own origin, and the patrol says who it is. What a browser does not say is believed.
    """
    told = environ.get
    return not (
        environ["REQUEST_METHOD"] != "GET"
        or way.by_site
        or way.again
        or told("HTTP_SEC_FETCH_SITE") in OURSELVES
        or told("HTTP_SEC_FETCH_DEST", "document") != "document"
        or any(told(name) for name in BEFOREHAND)
        or PATROL in told("HTTP_USER_AGENT", "")
    )


class Scans:
    """The tally of this process, written by a thread and when the process ends; in tests, when they say so."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._tally: Counter[Scan] = Counter()
        self._lock = Lock()
        self._goes = bool(app.config["TESTING"])

    def seen(self, environ: "WSGIEnvironment", way: Way) -> None:
        """Somebody opens the page of this way: count it, if that is a scan."""
        if not is_scan(environ, way):
            return
        scan = Scan(way.code, way.place, monday(today()))
        with self._lock:
            if scan in self._tally or len(self._tally) < MOST:
                self._tally[scan] += 1
            if self._goes:
                return
            self._goes = True
        ended = Event()
        thread = Thread(target=self._go, args=(ended,), name="scans", daemon=True)
        Finalize(None, self._end, args=(ended, thread), exitpriority=10)  # a forked server hears no atexit
        thread.start()

    def _go(self, ended: Event) -> None:
        while not ended.wait(WRITTEN_EVERY):
            self.write()
        self.write()

    @staticmethod
    def _end(ended: Event, thread: Thread) -> None:
        ended.set()
        thread.join(PATIENCE)

    def write(self) -> None:
        """Write down what was counted since the last time; a database that does not answer is asked again later."""
        with self._lock:
            tally, self._tally = self._tally, Counter()
        if not tally:
            return
        try:
            with self._app.app_context(), writing() as session:
                _added(session, tally)
        except Exception as error:  # whatever it is, the thread goes on and the next writing tries again
            log.error("scans are not written: %s", type(error).__name__)
            with self._lock:
                self._tally.update(tally)


def _added(session: Session, tally: Mapping[Scan, int]) -> None:
    codes = sorted({scan.code for scan in tally})
    numbers: dict[str, int] = {}
    for start in range(0, len(codes), CHUNK):
        found = select(Organization.code, Organization.id).where(
            Organization.code.in_(codes[start : start + CHUNK])
        )
        numbers.update((code, number) for code, number in session.execute(found))
    places = _places(session, sorted(numbers.values()))
    rows: Counter[tuple[int, int, date]] = Counter()
    for scan, count in tally.items():
        if (number := numbers.get(scan.code)) is not None:
            known = (
                scan.place if (number, scan.place) in places else 0
            )  # a number that nobody gave out is no place
            rows[number, known, scan.week] += count
    # in one order: two processes never wait for each other in a ring
    values = [
        {"organization": number, "place": place, "week": week.toordinal(), "scans": count}
        for (number, place, week), count in sorted(rows.items())
    ]
    if values:
        session.execute(ADDED, values)


def _places(session: Session, organizations: list[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for start in range(0, len(organizations), CHUNK):
        chunk = organizations[start : start + CHUNK]
        asked = select(Place.organization_id, Place.number).where(Place.organization_id.in_(chunk))
        found.update((number, place) for number, place in session.execute(asked))
    return found
