"""A kiosk a month without a network: 10,000 sealed answers in a real Chromium, killed as it writes and as it sends."""

import os
import shutil
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from benchmarks import load, world
from kiosk import devices, pairing
from surveys.clock import today
from surveys.db import db, writing

ANSWERS = int(os.environ.get("HALL_ANSWERS", "10000"))
DAYS = 30
DEATHS = 2  # while it writes, and as many while it sends
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 600.0
FILL = """([count, answers]) => {
  kiosk.kept = 0;
  kiosk.filling = (async () => {
    for (; kiosk.kept < count; kiosk.kept += 1) await kiosk.device.answer(kiosk.device.settings, answers);
  })();
}"""


def measure() -> dict[str, Any]:
    """Seconds and bytes of a month of answers, and whether each arrived once."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data_dir, memory = Path(folder), Path(folder, "memory")
        app, _campaign, codes = world.made(data_dir, 1)
        kiosk_id = _kiosk(app, codes[0])
        environment = {"NOK_SECRET_KEY": world.SECRET, "NOK_DATA_DIR": str(data_dir)}
        with load.served("app:create_app", environment) as address:
            device = _Device(playwright.chromium.launch_persistent_context, memory, address)
            _paired(app, kiosk_id, device)
            told = _filled(device)
            told |= _sent(device, data_dir / "nok.sqlite3")
        return told | _stored(data_dir / "nok.sqlite3")


class _Device:
    """A Chromium that remembers in a folder, and may be killed like a box whose plug is pulled."""

    def __init__(self, launch: Callable[..., BrowserContext], memory: Path, address: str) -> None:
        self.launch, self.memory, self.address = launch, memory, address
        self.day = today() - timedelta(days=DAYS)

    @contextmanager
    def on(self, *, offline: bool) -> Iterator[Page]:
        program = next(filter(None, map(shutil.which, NAMES)))
        context = self.launch(self.memory, executable_path=program, args=FLAGS, offline=offline)
        context.set_default_timeout(PATIENCE * 1000)
        try:
            page = context.pages[0]
            page.clock.install(time=self.noon)
            page.goto(f"{self.address}/kiosk/")
            yield page
        finally:
            with suppress(Error):  # a killed one has nothing to close
                context.close()

    @property
    def noon(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)

    def tomorrow(self, page: Page) -> None:
        """The clock goes a day on."""
        self.day += timedelta(days=1)
        page.clock.set_system_time(self.noon)

    def dies(self) -> None:
        """SIGKILL to the browser: nothing is closed, nothing is written any more."""
        own = f"--user-data-dir={self.memory}".encode()
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                told = entry.read_bytes()
            except OSError:
                continue
            if own in told and b"--type=" not in told:
                os.kill(int(entry.parent.name), signal.SIGKILL)


def _kiosk(app: Flask, code: str) -> int:
    with app.app_context(), writing() as session:
        kiosk = devices.make(session, code, devices.Wanted("Измерение", place="зал"), "cli")
        kiosk.made_on = today() - timedelta(days=DAYS + 1)
        return kiosk.id


def _paired(app: Flask, kiosk_id: int, device: _Device) -> None:
    with device.on(offline=False) as page:
        code = page.locator("#code").inner_text()
        with app.app_context():
            with writing() as session:
                pairing.paired(session, devices.one(session, kiosk_id), code, "cli")
            db.engine.dispose()
        page.locator("#start").wait_for()
        _until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
        # As if the service had last been heard a month ago: a device goes back behind no day that was named to it.
        page.evaluate("(day) => kiosk.device.keep({today: day})", device.day.isoformat())


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the device does not get on")
        time.sleep(0.05)


def _lying(page: Page) -> int:
    counts: dict[str, int] = page.evaluate("kiosk.store.counts('kiosk')")
    return sum(counts.values())


def _filled(device: _Device) -> dict[str, Any]:
    """A month of days; in the middle of two of them the plug is pulled."""
    answers = dict(parse_qsl(world.ANSWERS))
    a_day, lying, seconds, lost, opened = ANSWERS // DAYS, 0, 0.0, 0, 0.0
    deaths = {DAYS * (number + 1) // (DEATHS + 1) for number in range(DEATHS)}
    nights = iter(range(1, DAYS + 1))
    ended = False
    while not ended:
        with device.on(offline=True) as page:
            begun = time.monotonic()
            page.locator("#start").wait_for()
            opened = time.monotonic() - begun
            lost += max(0, lying - (found := _lying(page)))
            lying = found
            for night in nights:
                wanted = ANSWERS - lying if night == DAYS else a_day
                begun = time.monotonic()
                page.evaluate(FILL, [wanted, answers])
                if night in deaths:
                    _until(lambda: page.evaluate("kiosk.kept") > a_day // 3)
                    lying += page.evaluate("kiosk.kept")  # what was promised at least
                    device.dies()
                    device.day += timedelta(days=1)
                    break
                page.evaluate("kiosk.filling")
                seconds, lying = seconds + time.monotonic() - begun, lying + wanted
                device.tomorrow(page)
            else:
                ended = True
                used = page.evaluate("navigator.storage.estimate().then((told) => told.usage)")
                on_disk = sum(
                    file.stat().st_size for file in device.memory.rglob("*IndexedDB/**/*") if file.is_file()
                )
    return {
        "answers": ANSWERS,
        "promised_and_lost": lost,
        "kept_mib": used / 2**20,
        "on_disk_mib": on_disk / 2**20,
        "an_answer_ms": 1000 * seconds / ANSWERS,
        "opens_with_all_s": opened,
    }


def _sent(device: _Device, file: Path) -> dict[str, Any]:
    """The network is back; the plug is pulled while the answers go."""
    seconds = 0.0
    for number in range(DEATHS + 1):
        with device.on(offline=False) as page:
            begun = time.monotonic()
            if number < DEATHS:
                _until(lambda share=(number + 1) / (DEATHS + 1): _rows(file) >= ANSWERS * share)  # type: ignore[misc]
                device.dies()
            else:
                _until(lambda: _rows(file) >= ANSWERS and _lying(page) == 0)
            seconds += time.monotonic() - begun
    return {"sent_seconds": seconds, "deaths": 2 * DEATHS}


def _rows(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        return int(connection.execute("SELECT count(*) FROM response").fetchone()[0])


def _stored(file: Path) -> dict[str, Any]:
    with sqlite3.connect(file) as connection:
        rows, days, first = connection.execute(
            "SELECT count(*), count(DISTINCT day), min(day) FROM response"
        ).fetchone()
        told = connection.execute("SELECT sum(responses) FROM tally").fetchone()[0]
        disputes = connection.execute("SELECT count(*) FROM kiosk_dispute").fetchone()[0]
    since = (today() - date.fromordinal(first)).days
    return {
        "stored": rows,
        "tallied": told,
        "each_once": float(rows == told == ANSWERS),
        "days": days,
        "oldest_days": since,
        "disputes": disputes,
    }
