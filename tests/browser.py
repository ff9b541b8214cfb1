"""A real Chromium on the application's own pages; a page that complains or looks outside fails its test."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)
from werkzeug.serving import WSGIRequestHandler, make_server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 30_000  # a busy machine is no defect

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


class Watch:
    """Hears what a page complains of and sees whom it asks; `home` is the only host it may ask."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home = urlsplit(home).netloc
        self.complaints: list[str] = []
        self.visited: set[str] = set()
        context.on("request", self._asked)
        context.on("console", self._heard)
        context.on("weberror", self._failed)

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self.visited.add(request.url)
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != self.home:
            self.complaints.append(f"asked another host: {request.url}")

    def _heard(self, message: ConsoleMessage) -> None:
        # The status of the page itself is what a test of refusals came for.
        refused = (
            message.text.startswith("Failed to load resource") and message.location["url"] in self.visited
        )
        if message.type == "error" and not refused:
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _failed(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")


class Quiet(WSGIRequestHandler):
    """Errors are told, requests are not."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[socket.socket]:
    """A free loopback port, held from the moment its address is known."""
    with socket.socket() as held:
        # a test may stop the service and start it again
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held


@pytest.fixture
def address(port: socket.socket) -> str:
    """Where `live_server` answers: known before the application is made, for its BASE_URL."""
    return f"http://127.0.0.1:{port.getsockname()[1]}"


@contextmanager
def serving(app: Flask, host: str, number: int, fd: int | None = None) -> Iterator[None]:
    """The application answers at this port, and afterwards nobody does."""

    def whole(environ: Any, start_response: Any) -> list[bytes]:
        """Read and closed before it is sent: this server forgets to close a file when its reader is killed."""
        answer = app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            getattr(answer, "close", bool)()

    server = make_server(host, number, whole, threaded=True, request_handler=Quiet, fd=fd)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def live_server(app: Flask, port: socket.socket, address: str) -> Iterator[str]:
    """The application behind a real socket; gives its address without a slash at the end."""
    host, number = port.getsockname()
    with serving(app, host, number, fd=port.fileno()):
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium a session; a machine without it fails the tests, it does not skip them."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("no Chromium here: `make test` installs it, or apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def opened(browser: Browser, home: str, **device: Any) -> Iterator[Page]:
    """A fresh page on such a device; afterwards it must have had nothing to complain of."""
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(base_url=home, locale="ru-RU", **device)
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(context, home)
    try:
        yield context.new_page()
    finally:
        context.close()
    if watch.complaints:
        pytest.fail("\n".join(["the page complains:", *watch.complaints]), pytrace=False)


@pytest.fixture
def phone(browser: Browser, live_server: str) -> Iterator[Page]:
    """A small phone: 360 × 640, touch."""
    with opened(browser, live_server, **PHONE) as page:
        yield page


@pytest.fixture
def plain_phone(browser: Browser, live_server: str) -> Iterator[Page]:
    """The same phone with JavaScript switched off."""
    with opened(browser, live_server, java_script_enabled=False, **PHONE) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, live_server: str) -> Iterator[Page]:
    """A desk: 1280 × 800."""
    with opened(browser, live_server, **DESK) as page:
        yield page


def axe(page: Page, *, every: bool = False) -> None:
    """Fail on every serious or critical violation axe finds on the page as it stands; or on every one."""
    page.wait_for_load_state()  # a click returns when the next page begins
    violations = Axe().run(page).response["violations"]
    grave = [v for v in violations if every or v["impact"] in ("serious", "critical")]
    told = [f"{v['id']} ({v['impact']}): {v['help']}\n  {node['html']}" for v in grave for node in v["nodes"]]
    if told:
        pytest.fail("\n".join([f"axe on {page.url}:", *told]), pytrace=False)


def fits(page: Page, *, every: bool = False) -> None:
    """Nothing is wider than the screen, nobody is shut out."""
    axe(page, every=every)
    # innerWidth would not do: a telephone widens it to whatever does not fit.
    assert page.evaluate("(all => all.scrollWidth <= all.clientWidth)(document.documentElement)"), page.url
